"""Another view of what was counted: shares, changes, running totals, rates by inhabitants.

A view is computed from the drawn groups, after every row was counted; what it cannot say is
left without a number and told, never guessed. Shares and changes are in per cent.
"""

import datetime as dt
import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from builder.asked import ADDS_UP, is_real, plains
from builder.choices import is_year, question
from builder.periods import following, moment, unbegun
from builder.query import measure_channel
from builder.result import Result
from builder.shapes import SHAPES
from builder.spec import ChartSpec, Encoding, View
from catalog import places
from catalog.models import Column, Table
from web.values import Problem

PEOPLE: dict[View, int] = {"per_1000": 1_000, "per_100000": 100_000}
IN_ORDER = ("change", "running")
MARKS: dict[View, tuple[str, ...]] = {
    "share": ("bar", "line", "area", "choropleth", "heatmap", "pie", "treemap"),
    "change": ("bar", "line"),
    "running": ("bar", "line", "area"),
    "per_1000": ("bar", "choropleth"),
    "per_100000": ("bar", "choropleth"),
}


def views(spec: ChartSpec, table: Table) -> tuple[View, ...]:
    """Return the views a chart's measure can take, in the order people ask for them."""
    return tuple(view for view in MARKS if not any(_problems(view, spec, table)))


def view_problems(spec: ChartSpec, table: Table) -> Iterator[Problem]:
    """Yield why the view of a chart's measure says nothing."""
    for encoding in spec.channels().values():
        if encoding.view:
            yield from _problems(encoding.view, spec, table)


def _problems(view: View, spec: ChartSpec, table: Table) -> Iterator[Problem]:
    measure = question(spec).measure
    if spec.mark not in MARKS[view] or measure is None:
        yield Problem(code="view_mark", where=spec.mark)
        return
    if view != "change" and measure.aggregate not in ADDS_UP:
        yield Problem(code="view_adds_up", where=str(measure.aggregate))
    if view in IN_ORDER and not _in_order(spec, table):
        yield Problem(code="view_order")
    if view in PEOPLE and not populations(spec, table):
        yield Problem(code="view_people")


def _in_order(spec: ChartSpec, table: Table) -> bool:
    column = table.column((spec.x and spec.x.field) or "")
    if column is None or spec.x is None or spec.x.part:
        return False
    return spec.x.time_unit is not None or is_year(column)


def populations(spec: ChartSpec, table: Table) -> dict[str, int]:
    """Return the inhabitants of each value of the chart's places, where a pack knows them."""
    column = placed(spec, table)
    known = places.geography(column.geography) if column else None
    if column is None or known is None:
        return {}
    return {place.code: place.population for place in known.places if place.population}


def placed(spec: ChartSpec, table: Table) -> Column | None:
    """Return the column of places that a chart groups by, or None."""
    encoding = spec.place or spec.x
    column = table.column((encoding and encoding.field) or "")
    return column if column and column.geography else None


def viewed(spec: ChartSpec, table: Table, result: Result) -> Result:
    """Return an answer whose measure shows the view its encoding asks for."""
    channel = measure_channel(spec) if SHAPES[spec.mark].kind == "groups" else ""
    encoding = spec.channels().get(channel)
    if encoding is None or encoding.view is None:
        return result
    values = [None if value is None else float(value) for value in plains(result.frame[channel])]
    shown = _VIEWS[encoding.view](values, spec, table, result, encoding)
    frame = result.frame.assign(**{channel: [math.nan if one is None else one for one in shown]})
    if encoding.view in PEOPLE and spec.mark == "bar" and spec.sort != "label":
        frame = _by_size(frame, channel, smallest_first=spec.sort == "value")
    return replace(result, frame=frame)


def _by_size(frame: Any, channel: str, *, smallest_first: bool) -> Any:
    """Return the bars by their rates, those without one last."""
    return frame.sort_values(
        channel, ascending=smallest_first, kind="stable", na_position="last", ignore_index=True
    )


Values = list[float | None]


def _share(values: Values, *_: Any) -> Values:
    total = math.fsum(value for value in values if value is not None)
    return [None if value is None or not total else 100 * value / total for value in values]


def _change(values: Values, spec: ChartSpec, table: Table, result: Result, _: Encoding) -> Values:
    """Return each period's change on the one just before; None where that one or this one is not whole."""
    before: dict[Any, tuple[Any, float | None]] = {}
    shown: Values = [None] * len(values)
    partial = begun_late(spec, table, result)
    for at, key, period in _steps(result):
        last, earlier = before.get(key, (None, None))
        value = values[at]
        if partial is not None and last is not None and moment(last) == partial:
            earlier = None
        follows = last is not None and _follows(last, period, spec) and not _is_incomplete(period, result)
        if follows and earlier and value is not None:
            shown[at] = 100 * (value - earlier) / abs(earlier)
        before[key] = period, value
    return shown


def begun_late(spec: ChartSpec, table: Table, result: Result) -> dt.datetime | None:
    """Return the start of a first period whose beginning the data or the filters do not hold, or None."""
    unit = spec.x.time_unit if spec.x else None
    column = table.column((spec.x and spec.x.field) or "")
    starts = [found for _, _, period in _steps(result) if (found := moment(period))]
    if unit is None or column is None or column.type not in ("date", "datetime") or not starts:
        return None
    cuts = [moment(f.low) for f in spec.filters if f.field == column.name and f.low is not None]
    start = max([found for found in (moment(column.min), *cuts) if found], default=None)
    first = min(starts)
    return first if start is not None and start > first and unbegun(first, unit, start, column) else None


def _running(values: Values, spec: ChartSpec, table: Table, result: Result, _: Encoding) -> Values:
    reached: dict[Any, float] = {}
    shown: Values = [None] * len(values)
    for at, key, _period in _steps(result):
        reached[key] = shown[at] = math.fsum((reached.get(key, 0.0), values[at] or 0.0))
    return shown


def _per_people(values: Values, spec: ChartSpec, table: Table, result: Result, encoding: Encoding) -> Values:
    column = placed(spec, table)
    people = populations(spec, table)
    names = plains(result.frame["place" if spec.place else "x"])
    codes = places.codes(column.geography, {str(n) for n in names if is_real(n)}) if column else {}
    each = PEOPLE[encoding.view] if encoding.view else 1
    inhabitants = [people.get(codes.get(str(name), "")) for name in names]
    return [
        None if value is None or not n else value * each / n
        for value, n in zip(values, inhabitants, strict=True)
    ]


def _steps(result: Result) -> list[tuple[int, Any, Any]]:
    """Return the place in the frame, the series and the period of each group, by period."""
    frame = result.frame
    others = [plains(frame[name]) for name in ("color", "facet") if name in frame]
    keys = list(zip(*others, strict=True)) if others else [()] * len(frame)
    periods = plains(frame["x"])
    found = [(at, keys[at], period) for at, period in enumerate(periods) if is_real(period)]
    return sorted(found, key=lambda step: step[2])


def _follows(before: Any, at: Any, spec: ChartSpec) -> bool:
    unit = spec.x.time_unit if spec.x else None
    if unit is None:
        return bool(at == before + 1)
    first, second = moment(before), moment(at)
    return first is not None and second is not None and following(first, unit) == second


def _is_incomplete(at: Any, result: Result) -> bool:
    found = moment(at)
    return (
        result.incomplete is not None and found is not None and found.date().isoformat() == result.incomplete
    )


_VIEWS: dict[View, Callable[..., Values]] = {
    "share": _share,
    "change": _change,
    "running": _running,
    "per_1000": _per_people,
    "per_100000": _per_people,
}
