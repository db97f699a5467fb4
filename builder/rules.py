"""The rules that make charts of a table's columns; each yields what suits it, with question and reason.

The rules and where they come from are in ``docs/suggest.md``.
"""

from collections.abc import Callable, Iterator

import builder.questions  # noqa: F401  (registers the sentences of questions and reasons)
from builder.asked import inside, said
from builder.facts import COUNT, Facts, one_each, periods, step_of, telling
from builder.periods import DAYS, fitting
from builder.spec import ChartSpec, Encoding
from catalog.models import Column, Grain
from web.values import Problem, Value

TOP, SPLIT, SERIES = 15, 7, 5
FEW_POINTS = 12


class Suggestion(Value):
    """A chart worth showing: ``score`` from 0 to 1, the question it answers, why, and what to beware of."""

    spec: ChartSpec
    score: float
    question: Problem
    reason: Problem
    caution: Problem | None = None


Rule = Callable[[Facts], Iterator[Suggestion]]


def _made(
    facts: Facts,
    score: float,
    mark: str,
    question: Problem,
    reason: Problem,
    caution: Problem | None = None,
    **channels: object,
) -> Suggestion:
    spec = ChartSpec.model_validate({"table": facts.table.id, "mark": mark, **channels})
    return Suggestion(spec=spec, score=score, question=question, reason=reason, caution=caution)


def _say(code: str, **columns: Column | None) -> Problem:
    labels: dict[str, str | int | float] = {
        name: inside(said(column.label or column.name)) for name, column in columns.items() if column
    }
    return Problem(code=code, severity="info", facts=labels)


def _kind(measure: Encoding) -> str:
    return str(measure.aggregate)


def over_time(facts: Facts) -> Iterator[Suggestion]:
    """One date: how the count or the measure changed, in a step that gives 12 to 120 points."""
    for rank, time in enumerate(facts.times[:2]):
        unit = step_of(time, facts.table)
        points = periods(time, unit)
        if points < 3:
            continue
        mark = "line" if points > FEW_POINTS else "bar"
        for place, (measure, column) in enumerate(facts.measured(time)[:3]):
            yield _made(
                facts, 0.95 - 0.1 * rank - 0.08 * place, mark,
                _say(f"asks_{_kind(measure)}_by_{unit}", measure=column),
                _say(f"because_time_{_kind(measure)}", time=time, measure=column),
                x=Encoding(field=time.name, time_unit=unit), y=measure,
            )  # fmt: skip


def in_longer_steps(facts: Facts) -> Iterator[Suggestion]:
    """One date with a longer past: the same in years, or in months when it is less than three years."""
    for time in facts.times[:1]:
        first = step_of(time, facts.table)
        unit: Grain = "year" if periods(time, "year") >= 4 else "month"
        single = one_each(time, facts.table)
        if DAYS[unit] <= DAYS[first] or periods(time, unit) < 4:
            continue
        for measure, column in facts.measured(time)[:1]:
            shown = Encoding(field=column.name, aggregate="mean") if column and single else measure
            yield _made(
                facts, 0.58, "bar" if periods(time, unit) <= FEW_POINTS else "line",
                _say(f"asks_{_kind(shown)}_by_{unit}", measure=column),
                _say(f"because_time_{_kind(shown)}", time=time, measure=column),
                x=Encoding(field=time.name, time_unit=unit), y=shown,
            )  # fmt: skip


def over_years(facts: Facts) -> Iterator[Suggestion]:
    """A column of years: the same, one point per year."""
    for year in facts.years[:1]:
        mark = "line" if year.distinct > FEW_POINTS else "bar"
        for place, (measure, column) in enumerate(facts.measured(year)[:2]):
            yield _made(
                facts, 0.92 - 0.08 * place, mark,
                _say(f"asks_{_kind(measure)}_by_year", measure=column),
                _say(f"because_time_{_kind(measure)}", time=year, measure=column),
                x=Encoding(field=year.name), y=measure,
            )  # fmt: skip


def by_category(facts: Facts) -> Iterator[Suggestion]:
    """A category: bars of its groups, the largest first; the top 15 and the others when there are many."""
    for rank, group in enumerate(facts.categories[:5]):
        for place, (measure, column) in enumerate(facts.measured(group)[:2]):
            yield _made(
                facts, (0.9 - 0.06 * rank - 0.08 * place) * telling(group, facts.table), "bar",
                _say(f"asks_{_kind(measure)}_by_group", group=group, measure=column),
                _say(f"because_group_{_kind(measure)}", group=group, measure=column),
                x=Encoding(field=group.name), y=measure, limit=TOP if group.distinct > TOP + 5 else None,
            )  # fmt: skip


def on_areas(facts: Facts) -> Iterator[Suggestion]:
    """Names of known places: a map of areas, rates first; totals warn that larger places have more."""
    for place in facts.places[:1]:
        shown = sorted(facts.measured(place), key=lambda pair: pair[0].aggregate != "mean")
        for rank, (measure, column) in enumerate(shown[:2]):
            totals = measure.aggregate in ("count", "sum")
            yield _made(
                facts, 0.86 - 0.1 * rank, "choropleth",
                _say(f"asks_{_kind(measure)}_by_place", place=place, measure=column),
                _say("because_place", place=place),
                _say("beware_totals_on_map") if totals else None,
                place=Encoding(field=place.name), color=measure,
            )  # fmt: skip


def on_map(facts: Facts) -> Iterator[Suggestion]:
    """Latitude and longitude: where the rows are, coloured by a category of few values if there is one."""
    if facts.coordinates:
        north, east = facts.coordinates
        color = next((c for c in facts.categories if c.distinct <= SPLIT and c.role != "place"), None)
        many = facts.table.rows > 20_000
        yield _made(
            facts, 0.88, "points",
            _say("asks_where_dense" if many else "asks_where"),
            _say("because_coordinates", latitude=north, longitude=east),
            latitude=Encoding(field=north.name), longitude=Encoding(field=east.name),
            color=Encoding(field=color.name) if color and not many else None,
        )  # fmt: skip


def compared_over_time(facts: Facts) -> Iterator[Suggestion]:
    """A date and a category: one line for each of the largest groups and one for the others."""
    for time in facts.times[:1]:
        unit = fitting(time)
        groups = [c for c in facts.categories if c.distinct <= 50][:2]
        for rank, group in enumerate(groups if periods(time, unit) > FEW_POINTS else ()):
            for measure, column in facts.measured(group)[:1]:
                yield _made(
                    facts, 0.7 - 0.05 * rank, "line",
                    _say(f"asks_{_kind(measure)}_compared", group=group, measure=column),
                    _say("because_time_group", time=time, group=group),
                    x=Encoding(field=time.name, time_unit=unit), y=measure,
                    color=Encoding(field=group.name), limit=SERIES,
                )  # fmt: skip


def two_categories(facts: Facts) -> Iterator[Suggestion]:
    """Two categories: bars of the one with more groups, split by the one with few."""
    splits = [c for c in facts.categories if c.distinct <= SPLIT]
    for split in splits[:2]:
        group = next(
            (c for c in facts.categories if c.name != split.name and c.distinct >= split.distinct), None
        )
        shown = facts.measured(group)[:1] if group else []
        measure = shown[0][0] if shown else None
        if group and measure and measure.aggregate in ("count", "sum"):
            yield _made(
                facts, 0.66, "bar",
                _say("asks_split", group=group, split=split),
                _say("because_two_groups", group=group, split=split),
                x=Encoding(field=group.name), y=measure, color=Encoding(field=split.name),
                limit=TOP if group.distinct > TOP + 5 else None,
            )  # fmt: skip


def parts_of_whole(facts: Facts) -> Iterator[Suggestion]:
    """A category of eight groups or more and something that adds up: a treemap."""
    for group in [c for c in facts.categories if 8 <= c.distinct <= 50][:1]:
        for measure, column in facts.measured(group)[:1]:
            if _adds_up(measure, column):
                yield _made(
                    facts, 0.5, "treemap",
                    _say("asks_parts", group=group),
                    _say("because_parts", group=group),
                    x=Encoding(field=group.name), size=measure,
                )  # fmt: skip


def _adds_up(measure: Encoding, column: Column | None) -> bool:
    """Say whether the groups of a measure are parts of one whole: counts, or sums of nothing below zero."""
    if measure.aggregate != "sum":
        return measure.aggregate == "count"
    return column is not None and isinstance(column.min, int | float) and column.min >= 0


def made_up_over_time(facts: Facts) -> Iterator[Suggestion]:
    """A date, a category and something that adds up: stacked areas of the largest groups."""
    for time in facts.times[:1]:
        unit = fitting(time)
        groups = [c for c in facts.categories if 3 <= c.distinct <= 50][:1]
        for group in groups if periods(time, unit) > FEW_POINTS else ():
            for measure, column in facts.measured(group)[:1]:
                if _adds_up(measure, column):
                    yield _made(
                        facts, 0.52, "area",
                        _say("asks_made_up_over_time", group=group),
                        _say("because_adds_up_over_time", time=time, group=group),
                        x=Encoding(field=time.name, time_unit=unit), y=measure,
                        color=Encoding(field=group.name), limit=SERIES,
                    )  # fmt: skip


def pairs(facts: Facts) -> Iterator[Suggestion]:
    """Two categories of many groups: a cell for each pair."""
    groups = [c for c in facts.categories if SPLIT < c.distinct <= 60][:2]
    if len(groups) == 2:
        first, second = sorted(groups, key=lambda c: c.distinct)
        for measure, _ in facts.measured(second)[:1]:
            yield _made(
                facts, 0.5, "heatmap",
                _say("asks_pairs", x=first, y=second),
                _say("because_pairs", x=first, y=second),
                x=Encoding(field=first.name), y=Encoding(field=second.name), color=measure,
            )  # fmt: skip


def few_parts(facts: Facts) -> Iterator[Suggestion]:
    """A category of three to five groups and something that adds up: a ring."""
    for group in [c for c in facts.categories if 3 <= c.distinct <= 5][:1]:
        for measure, column in facts.measured(group)[:1]:
            if _adds_up(measure, column):
                yield _made(
                    facts, 0.4, "pie",
                    _say("asks_parts", group=group),
                    _say("because_few_parts", group=group),
                    x=Encoding(field=group.name), y=measure,
                )  # fmt: skip


def spread(facts: Facts) -> Iterator[Suggestion]:
    """A number: how its values are spread, in about ten intervals."""
    for rank, number in enumerate(facts.measures[:2]):
        if number.distinct > 10 and facts.table.rows >= 30:
            yield _made(
                facts, 0.55 - 0.06 * rank, "histogram",
                _say("asks_spread", measure=number),
                _say("because_number", measure=number),
                x=Encoding(field=number.name, bins=12), y=COUNT,
            )  # fmt: skip


def together(facts: Facts) -> Iterator[Suggestion]:
    """Two numbers: whether they rise together."""
    if len(facts.measures) >= 2 and facts.table.rows >= 10:
        first, second = facts.measures[:2]
        yield _made(
            facts, 0.45, "scatter",
            _say("asks_together", x=first, y=second),
            _say("because_two_numbers", x=first, y=second),
            x=Encoding(field=first.name), y=Encoding(field=second.name),
        )  # fmt: skip


def before_and_after(facts: Facts) -> Iterator[Suggestion]:
    """Two years or more and a category of few groups: each group's first and last year."""
    ends: list[tuple[Column, Grain | None]] = [
        *((c, None) for c in facts.years),
        *((c, "year") for c in facts.times if periods(c, "year") >= 3),
    ]
    groups = [c for c in facts.categories if 3 <= c.distinct <= 30]
    for (time, unit), group in zip(ends[:1], groups[:1], strict=False):
        for measure, _ in facts.measured(group)[:1]:
            if time.distinct > 1:
                yield _made(
                    facts, 0.46, "dumbbell",
                    _say("asks_before_after", group=group),
                    _say("because_before_after", time=time, group=group),
                    x=Encoding(field=group.name), y=measure, color=Encoding(field=time.name, time_unit=unit),
                )  # fmt: skip


RULES: tuple[Rule, ...] = (
    over_time, in_longer_steps, over_years, by_category, on_areas, on_map, compared_over_time,
    two_categories, parts_of_whole, made_up_over_time, pairs, few_parts, spread, together,
    before_and_after,
)  # fmt: skip
