"""What each mark's channels do: which group rows, which measure the groups, which need a place."""

from dataclasses import dataclass
from typing import Literal

from builder.spec import ChartSpec

COLORS = 7
FACETS = 20
POINTS = 20_000
POSITIONS = 20_000


@dataclass(frozen=True)
class Shape:
    """How a mark asks.

    ``groups`` are channels whose values group the rows, ``measures`` show one number of
    each group, ``needed`` must be there. ``kind`` "rows" draws one mark per row (or, above
    :data:`POINTS` rows, per cell). ``ceiling`` is the most groups of one channel drawn;
    ``position`` names the group channels that lie on an axis of time or numbers.
    """

    groups: tuple[str, ...]
    measures: tuple[str, ...]
    needed: tuple[str, ...]
    kind: Literal["groups", "rows"] = "groups"
    ceiling: int = 60
    position: tuple[str, ...] = ()


SHAPES: dict[str, Shape] = {
    "bar": Shape(("x", "color", "facet"), ("y",), ("x", "y")),
    "line": Shape(("x", "color", "facet"), ("y",), ("x", "y"), position=("x",)),
    "area": Shape(("x", "color", "facet"), ("y",), ("x", "y"), position=("x",)),
    "histogram": Shape(("x", "color", "facet"), ("y",), ("x", "y"), position=("x",)),
    "heatmap": Shape(("x", "y", "facet"), ("color",), ("x", "y", "color")),
    "treemap": Shape(("x", "color", "facet"), ("size",), ("x", "size")),
    "pie": Shape(("x", "facet"), ("y",), ("x", "y"), ceiling=5),
    "dumbbell": Shape(("x", "color", "facet"), ("y",), ("x", "color", "y"), ceiling=30),
    "number": Shape((), ("y",), ("y",)),
    "choropleth": Shape(("place", "facet"), ("color",), ("place", "color"), ceiling=5_000),
    "points": Shape((), (), ("latitude", "longitude"), kind="rows", position=("latitude", "longitude")),
    "scatter": Shape((), (), ("x", "y"), kind="rows", position=("x", "y")),
}
ROW_CHANNELS = {"points": ("latitude", "longitude", "color", "size"), "scatter": ("x", "y", "color", "size")}


def channels_of(mark: str) -> tuple[str, ...]:
    """Return the channels a mark knows."""
    shape = SHAPES[mark]
    return ROW_CHANNELS[mark] if shape.kind == "rows" else shape.groups + shape.measures


def limit_of(spec: ChartSpec, channel: str) -> int:
    """Return how many groups of a channel are drawn before the rest is gathered.

    The spec's ``limit`` speaks of the first channel that names groups: x, or the
    colour when x is an axis of time or numbers.
    """
    shape = SHAPES[spec.mark]
    if channel == "color":
        asked = spec.limit if "x" in shape.position and spec.limit else COLORS
        return min(asked, COLORS)
    if channel == "facet":
        return FACETS
    return min(spec.limit or shape.ceiling, shape.ceiling)
