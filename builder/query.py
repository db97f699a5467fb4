"""A chart's question as Ibis expressions over all rows of its table; nothing here runs them."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import ibis

from builder.filters import keeps
from builder.shapes import SHAPES, limit_of
from builder.spec import ChartSpec, Encoding
from catalog.models import Column, Scalar, Table

TIMES = ("date", "datetime")
UNITS = {"year": "Y", "quarter": "Q", "month": "M", "week": "W", "day": "D", "hour": "h"}
OTHER = "__other"
ROWS = "__rows"
VALUE = "__value"
VALUED = "__valued"
GROUPS = "__groups"
NONE: Mapping[str, int] = {}
ADDING = ("sum", "mean")
PERCENTILES = {"p10": 0.1, "p25": 0.25, "p75": 0.75, "p90": 0.9}
MOST_DECIMALS = 6
DIGITS = 18
Total = Callable[[Any], Any]
"""How a backend adds floating numbers, the most exact way it has."""


def passing(spec: ChartSpec, table: Table, rows: Any) -> Any:
    """Return the rows every filter of the spec keeps."""
    for chosen in spec.filters:
        column = table.column(chosen.field)
        assert column is not None
        rows = rows.filter(keeps(chosen, column, rows))
    return rows


def positional(spec: ChartSpec, table: Table, channel: str) -> bool:
    """Tell whether a row without a value in this channel has no place in the chart.

    Time, numbers on an axis and places need one; a category without value is a group of its own.
    """
    encoding = spec.channels()[channel]
    column = table.column(encoding.field or "")
    if column is None:
        return False
    on_axis = channel in SHAPES[spec.mark].position or channel == "place" or encoding.bins is not None
    return on_axis or column.type in TIMES or (column.type in ("integer", "number") and is_measure(column))


def is_measure(column: Column) -> bool:
    """Tell whether the numbers of a column are amounts rather than names of categories."""
    return column.role in ("measure", "latitude", "longitude", "time") or column.type == "number"


def keyed(spec: ChartSpec, table: Table, rows: Any, decimals: Mapping[str, int] = NONE) -> Any:
    """Return the passing rows with one column per channel: the group it falls in, or the value to measure.

    Numbers to add up become decimals where ``decimals`` tells how many digits after the
    point the column has, so that the total is exact and does not depend on the order of rows.
    """
    kept = passing(spec, table, rows)
    shown = {}
    for name, encoding in spec.channels().items():
        column = table.column(encoding.field or "")
        if column is not None:
            shown[name] = (
                _amount(encoding, column, kept, decimals)
                if encoding.aggregate
                else _group(encoding, column, spec, kept)
            )
    return kept.select(**(shown or {ROWS: ibis.literal(1)}))


def _value(rows: Any, column: Column) -> Any:
    value = rows[column.name]
    return (
        ibis.cases((value.isnan() | value.isinf(), None), else_=value)
        if value.type().is_floating()
        else value
    )


def _amount(encoding: Encoding, column: Column, rows: Any, decimals: Mapping[str, int]) -> Any:
    value = _value(rows, column)
    if encoding.aggregate in ADDING and column.name in decimals:
        return value.cast(f"decimal({DIGITS}, {decimals[column.name]})")
    return value


def added(spec: ChartSpec, table: Table) -> Iterator[Column]:
    """Yield the columns of floating numbers the spec adds up."""
    for encoding in spec.channels().values():
        column = table.column(encoding.field or "")
        if column and column.type == "number" and encoding.aggregate in ADDING:
            yield column


def precision(rows: Any, column: Column) -> Any:
    """Return one row: the largest size of a number, and whether all have no more than 0, 1, … digits."""
    value = _value(rows, column)
    small = ibis.cases((value.abs() < 10**DIGITS, value), else_=None)
    fits = {f"d{n}": (small == small.round(n)).all() for n in range(MOST_DECIMALS + 1)}
    return rows.aggregate(largest=value.abs().max(), **fits)


def _group(encoding: Encoding, column: Column, spec: ChartSpec, rows: Any) -> Any:
    if encoding.part and column.type in TIMES:
        return _part(encoding.part, rows[column.name])
    if encoding.time_unit and column.type in TIMES:
        return rows[column.name].truncate(UNITS[encoding.time_unit])
    value = _value(rows, column)
    if encoding.bins:
        return value.bucket(edges(encoding, column, spec), closed="left", close_extreme=True)
    return value


def _part(part: str, moment: Any) -> Any:
    """Return the month from 1, the day of the week from 0 for Monday, or the hour from 0."""
    match part:
        case "month":
            return moment.month()
        case "weekday":
            return moment.day_of_week.index()
    return moment.hour()


def edges(encoding: Encoding, column: Column, spec: ChartSpec) -> list[float]:
    """Return the edges of at most ``encoding.bins`` intervals, whole multiples of a round step.

    They cover the column's range, narrowed by the spec's own filter on it.
    """
    bounds = [f for f in spec.filters if f.field == column.name]
    low = max([_finite(column.min), *(float(f.low) for f in bounds if f.low is not None)])
    high = min([_finite(column.max), *(float(f.high) for f in bounds if f.high is not None)])
    step = _round_step(low, max(high, low), encoding.bins or 10, whole=column.type == "integer")
    first, last = _around(low, max(high, low), step, whole=column.type == "integer")
    return [float(f"{index * step:.12g}") for index in range(first, last + 1)]


def _around(low: float, high: float, step: float, *, whole: bool) -> tuple[int, int]:
    """Return the multiples of a step around a range; whole numbers never share their last interval's end."""
    first = math.floor(low / step)
    last = math.floor(high / step) + 1 if whole else math.ceil(high / step)
    return first, max(last, first + 1)


def _finite(value: Scalar) -> float:
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else 0.0


def _round_step(low: float, high: float, bins: int, *, whole: bool) -> float:
    """Return the smallest of 1, 2, 2.5, 5 × a power of ten that needs no more than ``bins`` intervals."""
    power = 10.0 ** math.floor(math.log10((high - low) / bins)) if high > low else 1.0
    if whole:
        power = max(power, 1.0)
    for factor in (1, 2, 2.5, 5, 10, 20, 25, 50):
        step = power * factor
        if whole and not step.is_integer():
            continue
        first, last = _around(low, high, step, whole=whole)
        if last - first <= bins:
            return step
    return power * 100


def measured(encoding: Encoding, rows: Any, channel: str, total: Total) -> Any:
    """Return the aggregate a channel shows of each group."""
    if encoding.aggregate == "count":
        return rows.count()
    value = rows[channel]
    match encoding.aggregate:
        case "distinct":
            return value.nunique()
        case "sum":
            return _sum(value, total)
        case "mean":
            return _sum(value, total) / value.count()
        case "median":
            return value.median()
        case "min":
            return value.min()
        case "max":
            return value.max()
        case "p10" | "p25" | "p75" | "p90":
            return value.quantile(PERCENTILES[encoding.aggregate])
    raise AssertionError(encoding.aggregate)


def _sum(value: Any, total: Total) -> Any:
    return total(value) if value.type().is_floating() else value.sum()


def measure_channel(spec: ChartSpec) -> str:
    """Return the channel that shows the number of each group."""
    return SHAPES[spec.mark].measures[0]


def group_channels(spec: ChartSpec) -> tuple[str, ...]:
    """Return the channels in use that group the rows."""
    return tuple(name for name in SHAPES[spec.mark].groups if name in spec.channels())


def ranking(spec: ChartSpec, table: Table, rows: Any, channel: str, total: Total) -> Any:
    """Return the largest groups of a channel, largest first, with how many groups there are.

    Bars and the like rank by what they show; colours and small charts by it only when it adds
    up, else by their rows. Ties go by the rows, then by the value itself.
    """
    encoding = spec.channels()[measure_channel(spec)]
    by_value = channel in ("x", "place") or encoding.aggregate in ("count", "sum")
    for name in group_channels(spec):
        if name == channel or positional(spec, table, name):
            rows = rows.filter(rows[name].notnull())
    shown = measured(encoding, rows, measure_channel(spec), total) if by_value else rows.count()
    groups = rows.group_by(channel).aggregate(value=shown, **{ROWS: rows.count()})
    counted = groups.mutate(**{GROUPS: groups.count().over(ibis.window())})
    order = [counted.value.isnull(), counted.value.desc(), counted[ROWS].desc(), counted[channel]]
    return counted.order_by(order).limit(limit_of(spec, channel))


def grouped(spec: ChartSpec, rows: Any, tops: Mapping[str, Sequence[Scalar]], total: Total) -> Any:
    """Return one row per group with its measure, its rows, and how many of them have a value.

    The groups of a channel in ``tops`` that are not listed there are gathered and computed
    together from their rows, marked by ``<channel>__other``. A mean comes as its exact sum,
    to be divided by the count of values.
    """
    keys: dict[str, Any] = {}
    for name in group_channels(spec):
        if name in tops:
            listed = rows[name].isin(list(tops[name]))
            keys[name] = ibis.cases((listed, rows[name]), else_=None)
            keys[name + OTHER] = rows[name].notnull() & ~listed
        else:
            keys[name] = rows[name]
    shown = {}
    for name in SHAPES[spec.mark].measures:
        encoding = spec.channels()[name]
        added = encoding.aggregate == "mean"
        shown[name + VALUE] = _sum(rows[name], total) if added else measured(encoding, rows, name, total)
        counts = encoding.aggregate == "count"
        shown[name + VALUED] = rows.count() if counts else rows[name].count()
    return (
        rows.group_by(**keys).aggregate(**{ROWS: rows.count()}, **shown)
        if keys
        else rows.aggregate(**{ROWS: rows.count()}, **shown)
    )
