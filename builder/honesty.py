"""What a true chart may still lead its readers to believe: one short sentence for each trap."""

from collections.abc import Iterator

import builder.questions  # noqa: F401  (registers the sentences of what to beware of)
from builder.asked import ADDS_UP, is_missing, plains
from builder.choices import question
from builder.result import Result
from builder.shapes import SHAPES
from builder.spec import ChartSpec
from web.values import Problem

FEW = 30
MOST_COLORS = 7
AVERAGES = ("mean", "median")


def cautions(spec: ChartSpec, result: Result) -> tuple[Problem, ...]:
    """Return what to beware of in a chart that has an answer, the gravest first."""
    return (*_totals_on_map(spec), *_few_cases(spec, result), *_many_colors(spec, result))


def _totals_on_map(spec: ChartSpec) -> Iterator[Problem]:
    if spec.mark == "choropleth" and spec.color and spec.color.aggregate in ADDS_UP and not spec.color.view:
        yield _beware("beware_totals_on_map")


def _few_cases(spec: ChartSpec, result: Result) -> Iterator[Problem]:
    """Fewer rows than 30 for each average mean that some average rests on fewer.

    One row for each group is a value as published, not an average.
    """
    measure = question(spec).measure
    aggregate = measure.aggregate if measure else None
    groups, measured = len(result.frame), result.counted - result.missing_measure
    if aggregate in AVERAGES and groups < measured < FEW * groups:
        yield _beware("beware_few_averaged", few=FEW)
    elif aggregate == "count" and 0 < result.counted < FEW:
        yield _beware("beware_few_rows", n=result.counted)


def _many_colors(spec: ChartSpec, result: Result) -> Iterator[Problem]:
    if spec.color is None or "color" not in SHAPES[spec.mark].groups or "color" not in result.frame:
        return
    n = len({group for group in plains(result.frame["color"]) if not is_missing(group)})
    if n > MOST_COLORS:
        yield _beware("beware_many_colors", n=n)


def _beware(code: str, **facts: int) -> Problem:
    return Problem(code=code, severity="warning", facts=dict(facts))
