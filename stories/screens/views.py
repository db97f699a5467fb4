"""The view a step has of its chart: what stands out, which groups stay, and how many."""

from collections.abc import Mapping
from typing import Any

from builder.chart import Drawing
from builder.charts import Charts
from builder.edit import MOST_GROUPS, with_filter, without_filter
from builder.highlight import names
from builder.spec import ChartSpec, Filter
from catalog.models import Column
from web.values import Problem

MOST_NAMES = 60
SPLIT = ("color", "x", "y", "place")
"""Channels that may group by a column of names, the one to choose from first."""


def view_of(spec: ChartSpec, drawing: Drawing | Problem) -> dict[str, Any]:
    """Return what the editor shows of a view: what can be chosen, and what is."""
    known = [] if isinstance(drawing, Problem) else list(names(drawing.wide))[:MOST_NAMES]
    column = None if isinstance(drawing, Problem) else _column(drawing)
    groups = [str(value) for value, _ in column.top if value is not None] if column else []
    kept = next((one.values for one in spec.filters if column and one.field == column.name), ())
    return {
        "names": known,
        "highlight": list(spec.highlight),
        "groups": groups,
        "kept": [str(value) for value in kept],
        "limit": spec.limit or "",
    }


def seen(charts: Charts, spec: ChartSpec, wanted: Mapping[str, Any]) -> ChartSpec:
    """Return a view changed as the editor asks; what it does not name stays. Raises Refused."""
    if "highlight" in wanted:
        spec = spec.model_copy(update={"highlight": tuple(map(str, wanted["highlight"]))[:MOST_NAMES]})
    if "limit" in wanted:
        limit = int(wanted["limit"]) if str(wanted["limit"]).isdigit() else 0
        spec = spec.model_copy(update={"limit": min(limit, MOST_GROUPS) or None})
    if "kept" in wanted:
        spec = _keeping(charts, spec, tuple(map(str, wanted["kept"])))
    return spec


def _keeping(charts: Charts, spec: ChartSpec, values: tuple[str, ...]) -> ChartSpec:
    column = _column(charts.draw(spec, "en"))
    if column is None:
        return spec
    if not values:
        return without_filter(spec, column.name)
    return with_filter(spec, charts.table(spec), Filter(field=column.name, values=values))


def _column(drawing: Drawing) -> Column | None:
    """Return the column of names that a view may keep groups of, or None."""
    for channel in SPLIT:
        column, encoding = drawing.asked.column(channel), getattr(drawing.spec, channel)
        if column is not None and column.type == "text" and encoding.aggregate is None:
            return column
    return None
