"""The filters at the side: for each column its values with counts, or a range."""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from builder.asked import said
from builder.facets import MOST, Facet, search
from builder.periods import span
from builder.screens.steps import filter_on
from builder.screens.view import chips
from builder.spec import ChartSpec, Filter
from catalog.models import Column, Scalar, Table
from web.i18n import Words, date, number

LISTED, FOUND = 12, 40
RECENT = (3, 12, 36, 60)


def filters(
    spec: ChartSpec, table: Table, facets: Mapping[str, Facet], sought: Mapping[str, str], say: Words
) -> list[dict[str, Any]]:
    """Return the filters of every column that can have one; ``facets`` holds those that are open."""
    told = {chip.field: chip.text for chip in chips(spec, table, say.language)}
    offered = [column for column in table.columns if kind(column)]
    return [
        _filter(spec, column, facets.get(column.name), sought.get(column.name, ""), say)
        | {"told": _told(filter_on(spec, column.name), told.get(column.name, ""), say)}
        for column in offered
    ]


def kind(column: Column) -> str:
    """Return how rows are chosen by a column: by ``values``, by ``range``, or not at all ("")."""
    if column.role in ("constant", "empty", "latitude", "longitude", "geometry") or column.type == "geometry":
        return ""
    if column.type in ("date", "datetime"):
        return "range"
    if column.type in ("integer", "number"):
        return "values" if column.role in ("category", "ordered", "place") else "range"
    return "values" if column.distinct <= MOST else ""


def values(spec: ChartSpec, column: Column, facet: Facet, sought: str, say: Words) -> dict[str, Any]:
    """Return the values to tick: those chosen, then those found or the most frequent."""
    chosen = filter_on(spec, column.name).values
    counts = dict(facet.values)
    found = search(facet, sought, FOUND) if sought else facet.values[:LISTED]
    listed = [*chosen, *(value for value, _ in found if value not in chosen)]
    most = max([counts.get(value, 0) for value in listed], default=0) or 1
    rest = len(facet.values) - len(listed)
    return {
        "listed": [
            _value(place, value, counts.get(value, 0), most, value in chosen, say)
            for place, value in enumerate(listed)
        ],
        "nothing": say("No value holds “{text}”.", text=sought) if sought else say("No values are left."),
        "rest": say.plural("and {n} value more", "and {n} values more", rest)
        if rest > 0 and not sought
        else "",
        "sought": sought,
    }


def _filter(spec: ChartSpec, column: Column, facet: Facet | None, sought: str, say: Words) -> dict[str, Any]:
    shown = {
        "field": column.name,
        "label": said(column.label or column.name),
        "kind": kind(column),
        "is_open": facet is not None,
        "nulls": facet.missing if facet else column.nulls,
        "missing": filter_on(spec, column.name).missing,
        "excludes": filter_on(spec, column.name).exclude,
        "is_chosen": bool(filter_on(spec, column.name).values),
        "distinct": column.distinct,
        "searches": column.distinct > LISTED,
        "sought": sought,
    }
    if shown["kind"] == "range":
        return shown | _range(filter_on(spec, column.name), column, say)
    none = {"listed": [], "nothing": "", "rest": ""}
    return shown | (values(spec, column, facet, sought, say) if facet else none)


def _range(kept: Filter, column: Column, say: Words) -> dict[str, Any]:
    low, high = column.min, column.max
    timely = column.type in ("date", "datetime")
    return {
        "input": "date" if timely else "text",
        "low": _edge(kept.low, timely),
        "high": _edge(kept.high, timely),
        "min": _edge(low, timely) if timely else _shown(low, say),
        "max": _edge(high, timely) if timely else _shown(high, say),
        "recent": [(n, _months(n, say)) for n in RECENT if timely and (span(column) or 0) > 30 * n],
        "span": say("{low} to {high}", low=_shown(low, say), high=_shown(high, say)),
    }


def _months(n: int, say: Words) -> str:
    return (
        say.plural("last {n} year of the data", "last {n} years of the data", n // 12)
        if n >= 12
        else say("last {n} months of the data", n=n)
    )


def _edge(value: Scalar, timely: bool) -> str:
    return "" if value is None else str(value)[:10] if timely else str(value)


def _shown(value: Scalar, say: Words) -> str:
    if isinstance(value, int | float):
        return number(value, say.language)
    try:
        return date(dt.date.fromisoformat(str(value)[:10]), say.language)
    except ValueError:
        return str(value or "")


def _value(place: int, value: Scalar, count: int, most: int, chosen: bool, say: Words) -> dict[str, Any]:
    if isinstance(value, bool):
        text = say("Yes") if value else say("No")
    else:
        text = number(value, say.language) if isinstance(value, int | float) else str(value)
    return {
        "id": place,
        "key": json.dumps(value, ensure_ascii=False),
        "text": text,
        "count": count,
        "share": round(count / most, 3),
        "chosen": chosen,
    }


def _told(kept: Filter, words: str, say: Words) -> str:
    n = len(kept.values)
    return say.plural("{n} chosen", "{n} chosen", n) if n > 1 else words
