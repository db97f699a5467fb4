"""What stands between a chart's specification and an answer from its table."""

from collections.abc import Iterator
from difflib import get_close_matches

import builder.problems  # noqa: F401  (registers the sentences of what is refused)
from builder.filters import filter_problems
from builder.periods import DAYS, finest
from builder.shapes import SHAPES, Shape, channels_of
from builder.spec import ChartSpec, Encoding
from builder.views import view_problems
from catalog.models import Column, Table
from web.values import Problem

NUMBERS = ("integer", "number")
TIMES = ("date", "datetime")
NUMERIC_AGGREGATES = ("sum", "mean", "median", "min", "max", "p10", "p25", "p75", "p90")


def problems(spec: ChartSpec, table: Table) -> tuple[Problem, ...]:
    """Return every reason why the table cannot answer the spec, most basic first; empty when it can."""
    shape = SHAPES.get(spec.mark)
    if shape is None:
        return (Problem(code="no_such_mark", where=spec.mark, facts={"known": ", ".join(SHAPES)}),)
    found = (*_channels(spec), *_encodings(spec, shape, table), *_limits(spec), *_filters(spec, table))
    return found or tuple(view_problems(spec, table))


def _channels(spec: ChartSpec) -> Iterator[Problem]:
    used, known = spec.channels(), channels_of(spec.mark)
    for name in SHAPES[spec.mark].needed:
        if name not in used:
            yield Problem(code="channel_missing", where=name, facts={"mark": spec.mark})
    for name in used:
        if name not in known:
            yield Problem(code="channel_unused", where=name, facts={"mark": spec.mark})


def _encodings(spec: ChartSpec, shape: Shape, table: Table) -> Iterator[Problem]:
    for name, encoding in spec.channels().items():
        if encoding.field is None and encoding.aggregate != "count":
            yield Problem(code="field_missing", where=name)
            continue
        column = table.column(encoding.field) if encoding.field else None
        if encoding.field and column is None:
            yield no_such_column(encoding.field, table)
        elif name in shape.measures:
            yield from _measure(encoding, column)
        elif encoding.aggregate:
            where = column.label if column else name
            yield Problem(code="group_with_aggregate", where=where, facts={"aggregate": encoding.aggregate})
        elif column:
            yield from _group(name, encoding, column, shape)


def no_such_column(name: str, table: Table) -> Problem:
    """Return the problem of an unknown column, naming the columns closest to it."""
    by_text = {text.casefold(): c.name for c in table.columns for text in (c.label, c.name)}
    close = get_close_matches(name.casefold(), by_text, n=3, cutoff=0.5)
    near = list(dict.fromkeys(by_text[text] for text in close)) or [c.name for c in table.columns[:3]]
    return Problem(code="no_such_column", where=name, facts={"near": ", ".join(near)})


def _measure(encoding: Encoding, column: Column | None) -> Iterator[Problem]:
    if encoding.aggregate is None:
        yield Problem(code="measure_without_aggregate", where=column.label if column else "")
    elif column and encoding.aggregate in NUMERIC_AGGREGATES and column.type not in NUMBERS:
        yield Problem(code="number_needed", where=column.label, facts={"aggregate": encoding.aggregate})


def _group(name: str, encoding: Encoding, column: Column, shape: Shape) -> Iterator[Problem]:
    where = column.label
    if column.type == "geometry":
        yield Problem(code="not_groupable", where=where)
    if name in ("latitude", "longitude", "size") and column.type not in NUMBERS:
        yield Problem(code="number_needed_on_axis", where=where, facts={"channel": name})
    elif name in shape.position and column.type not in (*NUMBERS, *TIMES):
        yield Problem(code="position_needed", where=where)
    if name == "place" and not column.geography:
        yield Problem(code="place_needed", where=where)
    if encoding.time_unit:
        yield from _time(encoding, column)
    if encoding.part and (column.type not in TIMES or (encoding.part == "hour" and finest(column) != "hour")):
        yield Problem(code="time_needed", where=where, facts={"unit": encoding.part})
    if encoding.bins is not None and column.type not in NUMBERS:
        yield Problem(code="number_needed_on_axis", where=where, facts={"channel": name})
    elif encoding.bins is not None and not 1 <= encoding.bins <= 100:
        yield Problem(code="bins_range", where=where)


def _time(encoding: Encoding, column: Column) -> Iterator[Problem]:
    unit = encoding.time_unit
    if column.type not in TIMES:
        if not (unit == "year" and column.role == "time"):
            yield Problem(code="time_needed", where=column.label, facts={"unit": str(unit)})
    elif unit and DAYS[unit] < DAYS[finest(column)] * 0.99:
        yield Problem(
            code="time_too_fine", where=column.label, facts={"unit": str(unit), "grain": str(finest(column))}
        )


def _limits(spec: ChartSpec) -> Iterator[Problem]:
    if spec.limit is not None and not 1 <= spec.limit <= 1000:
        yield Problem(code="limit_range")


def _filters(spec: ChartSpec, table: Table) -> Iterator[Problem]:
    for each in spec.filters:
        column = table.column(each.field)
        if column is None:
            yield no_such_column(each.field, table)
        else:
            yield from filter_problems(each, column)
