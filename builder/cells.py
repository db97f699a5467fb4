"""Rows with two positions: drawn one by one, or counted into cells, as Ibis expressions over all rows."""

import math
from dataclasses import dataclass
from typing import Any

import ibis

from builder.query import ROWS, passing
from builder.shapes import SHAPES
from builder.spec import ChartSpec
from catalog.models import Column, Table

ACROSS = 40
STRIPS, OUTER = 1000, 0.01
LABEL = "label"


@dataclass(frozen=True)
class Extent:
    """Where the placed rows lie: the range of each axis, and the range without the outer 2 %."""

    low: tuple[float, float]
    high: tuple[float, float]
    inner_low: tuple[float, float]
    inner_high: tuple[float, float]


def axes(spec: ChartSpec) -> tuple[str, str]:
    """Return the channels across and up: longitude and latitude, or x and y."""
    first, second = SHAPES[spec.mark].position
    return (second, first) if spec.mark == "points" else (first, second)


def located(spec: ChartSpec, table: Table, rows: Any) -> Any:
    """Return the passing rows with a column per channel, both positions null unless they are a place.

    Not a place: no number, beyond the poles or the antimeridian, or exactly 0, 0, which
    publishers write for "unknown".
    """
    kept = passing(spec, table, rows)
    shown = {name: kept[encoding.field] for name, encoding in spec.channels().items()}
    for name in axes(spec):
        shown[name] = _bounded(shown[name].cast("float64"), {"latitude": 90, "longitude": 180}.get(name))
    label = label_column(spec, table)
    if label:
        shown[LABEL] = kept[label.name]
    named = kept.select(**shown)
    if spec.mark != "points":
        return named
    nowhere = (named.latitude == 0) & (named.longitude == 0)
    return named.mutate(latitude=ibis.cases((nowhere, None), else_=named.latitude))


def _bounded(value: Any, most: float | None) -> Any:
    wrong = value.isnan() | value.isinf()
    return ibis.cases((wrong if most is None else wrong | (value.abs() > most), None), else_=value)


def label_column(spec: ChartSpec, table: Table) -> Column | None:
    """Return the column that names the rows best: text, not used yet, most nearly different in each row."""
    used = {encoding.field for encoding in spec.channels().values()}
    texts = [c for c in table.columns if c.type == "text" and c.name not in used and c.role != "empty"]
    named = [c for c in texts if c.distinct >= 0.5 * max(table.rows - c.nulls, 1)]
    return max(named, key=lambda c: (c.role == "text", c.distinct - c.nulls), default=None)


def extent(spec: ChartSpec, rows: Any) -> Any:
    """Return one row: how many rows there are, lack which position, and the range of each axis."""
    across, up = axes(spec)
    first, second = SHAPES[spec.mark].position
    facts = {
        ROWS: rows.count(),
        "no_first": rows[first].isnull().sum(),
        "no_second": (rows[first].notnull() & rows[second].isnull()).sum(),
    }
    for name in (across, up):
        value = ibis.cases((rows[first].notnull() & rows[second].notnull(), rows[name]), else_=None)
        facts |= {f"{name}_low": value.min(), f"{name}_high": value.max()}
    return rows.aggregate(**facts)


def strips(spec: ChartSpec, rows: Any, axis: str, low: float, high: float) -> Any:
    """Return how many placed rows lie in each of the thousand strips of an axis that hold any."""
    first, second = SHAPES[spec.mark].position
    placed = rows.filter(rows[first].notnull(), rows[second].notnull())
    strip = ((placed[axis] - low) / ((high - low) / STRIPS or 1.0)).floor()
    return placed.group_by(strip=strip).aggregate(**{ROWS: placed.count()})


def inner(found: list[dict[str, Any]], low: float, high: float) -> tuple[float, float]:
    """Return the range of an axis without the outer 1 % of the rows at each end, to a strip."""
    ordered = sorted((row["strip"], row[ROWS]) for row in found)
    total, seen, kept = sum(n for _, n in ordered), 0, []
    for strip, n in ordered:
        if seen + n > total * OUTER and seen < total * (1 - OUTER):
            kept.append(strip)
        seen += n
    width = (high - low) / STRIPS
    return low + width * kept[0], min(low + width * (kept[-1] + 1), high)


def singles(spec: ChartSpec, rows: Any, most: int) -> Any:
    """Return the placed rows themselves, at most ``most``."""
    first, second = SHAPES[spec.mark].position
    return rows.filter(rows[first].notnull(), rows[second].notnull()).limit(most)


def cell_size(spec: ChartSpec, where: Extent) -> tuple[float, float]:
    """Return the width and height of a cell in the units of the axes.

    Forty across the widest side of the inner range, so that a few far-off rows do not blur
    the rest. Hexagons are regular at the middle latitude.
    """
    middle = [high - low for low, high in zip(where.inner_low, where.inner_high, strict=True)]
    full = [high - low for low, high in zip(where.low, where.high, strict=True)]
    if spec.mark != "points":
        across, up = (
            max(i / ACROSS, f / (10 * ACROSS)) or max(abs(low), 1.0)
            for i, f, low in zip(middle, full, where.low, strict=True)
        )
        return across, up
    shrink = _shrink(where)
    width = max(middle[0] * shrink / ACROSS, middle[1] / ACROSS, max(full) / (10 * ACROSS)) or 0.001
    return width / shrink, width * 2 / math.sqrt(3)


def _shrink(where: Extent) -> float:
    return max(math.cos(math.radians((where.inner_low[1] + where.inner_high[1]) / 2)), 0.05)


def cells(spec: ChartSpec, table: Table, rows: Any, size: tuple[float, float]) -> Any:
    """Return one row per cell that holds any: its centre, how many rows, and the mean of a numeric colour."""
    across, up = axes(spec)
    placed = rows.filter(rows[across].notnull(), rows[up].notnull())
    place = _hexagons if spec.mark == "points" else _rectangles
    column, row = place(placed[across], placed[up], *size)
    shown = {}
    encoding = spec.color
    field = table.column(encoding.field) if encoding and encoding.field else None
    if field and field.type in ("integer", "number") and field.role == "measure":
        shown["color"] = placed.color.mean()
    return placed.group_by(column=column, row=row).aggregate(**{ROWS: placed.count()}, **shown)


def _rectangles(a: Any, b: Any, width: float, height: float) -> tuple[Any, Any]:
    return (a / width).floor().cast("float64") + 0.5, (b / height).floor().cast("float64") + 0.5


def _hexagons(a: Any, b: Any, width: float, height: float) -> tuple[Any, Any]:
    """Return the centre of each row's hexagon in cell widths and rows of hexagons (3/4 of a height).

    The centres are two rectangular lattices, the second shifted by half a cell; the nearer
    of the nearest centre of each is the hexagon.
    """
    x, y = a / width, b / (height * 0.75)
    even = (x + 0.5).floor(), 2 * (y / 2 + 0.5).floor()
    odd = x.floor() + 0.5, 2 * (y / 2).floor() + 1
    near_even, near_odd = ((x - cx) * (x - cx) + 0.75 * (y - cy) * (y - cy) for cx, cy in (even, odd))
    first = near_even <= near_odd
    return (
        ibis.cases((first, even[0].cast("float64")), else_=odd[0].cast("float64")),
        ibis.cases((first, even[1].cast("float64")), else_=odd[1].cast("float64")),
    )


def centre(spec: ChartSpec, column: float, row: float, size: tuple[float, float]) -> tuple[float, float]:
    """Return the centre of a cell in the units of the axes: (across, up)."""
    up = row * size[1] * (0.75 if spec.mark == "points" else 1)
    return round(column * size[0], 9), round(up, 9)
