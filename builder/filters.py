"""Filters as Ibis predicates: every value is a typed literal, never text of a query."""

from collections.abc import Iterator, Sequence
from functools import reduce
from operator import and_, or_
from typing import Any

import ibis

from builder.periods import interval
from builder.spec import Filter
from catalog.models import Column, Scalar
from web.values import Problem

MOST_VALUES = 1000


def filter_problems(chosen: Filter, column: Column) -> Iterator[Problem]:
    """Yield why a filter does not fit its column."""
    if len(chosen.values) > MOST_VALUES:
        yield Problem(code="filter_many", where=column.label, facts={"n": len(chosen.values)})
    bounds = [bound for bound in (chosen.low, chosen.high) if bound is not None]
    if bounds and column.type in ("text", "boolean", "geometry"):
        yield Problem(code="filter_bounds", where=column.label)
        return
    for value in (*chosen.values[:MOST_VALUES], *bounds):
        if value is not None and not _fits(value, column):
            yield Problem(code="filter_value", where=column.label, facts={"value": str(value)[:200]})


def _fits(value: Scalar, column: Column) -> bool:
    match column.type:
        case "integer" | "number":
            return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 2**63
        case "boolean":
            return isinstance(value, bool)
        case "date" | "datetime":
            try:
                return isinstance(value, str) and bool(interval(value))
            except (ValueError, OverflowError):
                return False
    return isinstance(value, str)


def keeps(chosen: Filter, column: Column, rows: Any) -> Any:
    """Return the Ibis predicate of a filter that fits its column; never null for a row.

    With neither values nor bounds: the rows that have a value, or with ``missing`` only
    those that lack one. A ``None`` among the values means the missing ones.
    """
    value = rows[column.name]
    values = [each for each in chosen.values if each is not None]
    names_missing = None in chosen.values
    with_missing = not chosen.exclude if names_missing else chosen.missing
    parts = [_bound(value, chosen.low, column, low=True), _bound(value, chosen.high, column, low=False)]
    if values:
        inside = _one_of(value, values, column)
        parts.append(~inside if chosen.exclude else inside)
    named = [part for part in parts if part is not None]
    if not named and with_missing:
        return ibis.literal(True) if chosen.exclude else value.isnull()
    present = reduce(and_, named, value.notnull()).fill_null(False)
    return present | value.isnull() if with_missing else present


def _one_of(value: Any, values: Sequence[Scalar], column: Column) -> Any:
    if column.type in ("date", "datetime"):
        return reduce(or_, [_within(value, str(each)) for each in values])
    return value.isin(list(values))


def _within(value: Any, text: str) -> Any:
    start, end = interval(text)
    return (value >= ibis.timestamp(start.isoformat())) & (value < ibis.timestamp(end.isoformat()))


def _bound(value: Any, bound: str | float | int | None, column: Column, *, low: bool) -> Any | None:
    if bound is None:
        return None
    if column.type in ("date", "datetime"):
        start, end = interval(str(bound))
        return value >= ibis.timestamp(start.isoformat()) if low else value < ibis.timestamp(end.isoformat())
    return value >= bound if low else value <= bound
