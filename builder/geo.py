"""Maps without tiles: our own outlines in web Mercator, and the frame of the city they show."""

import math
from collections.abc import Iterable, Sequence
from functools import cache

from builder.parts import WIDTHS, Axis, Ring, Room, Width
from catalog import places

RADIUS = 6_378_137.0
HEIGHTS: dict[Width, tuple[int, int]] = {"wide": (300, 560), "narrow": (220, 460)}
MOST_INSIDE = 0.5
SMALL_PART = 0.4
AROUND = 0.15
NEAREST = 800.0
"""Metres shown around points that lie on one spot."""
Bounds = tuple[float, float, float, float]
"""West, south, east, north."""


def mercator(longitude: float, latitude: float) -> tuple[float, float]:
    """Return metres east and north in web Mercator; latitudes end at 85 degrees."""
    latitude = max(-85.0, min(85.0, latitude))
    north = math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))
    return RADIUS * math.radians(longitude), RADIUS * north


@cache
def shapes(geography: str) -> dict[str, tuple[Ring, ...]]:
    """Return the outlines of every place of a geography in metres, by code."""
    return {
        code: tuple(tuple(mercator(*point) for point in ring) for polygon in polygons for ring in polygon)
        for code, polygons in places.outlines(geography).items()
    }


def land(geography: str) -> tuple[Ring, ...]:
    """Return every outline of a geography."""
    return tuple(ring for rings in shapes(geography).values() for ring in rings)


def bounds(points: Iterable[tuple[float, float]]) -> Bounds:
    """Return the box around points."""
    known = list(points)
    xs, ys = [x for x, _ in known], [y for _, y in known]
    return min(xs), min(ys), max(xs), max(ys)


def within(point: tuple[float, float], box: Bounds) -> bool:
    """Tell whether a point lies in a box, its edge included."""
    return box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]


def crossings(ring: Ring, y: float) -> list[float]:
    """Return where an outline crosses a height."""
    sides = zip(ring, ring[1:] + ring[:1], strict=True)
    return [x0 + (y - y0) * (x1 - x0) / (y1 - y0) for (x0, y0), (x1, y1) in sides if (y0 > y) != (y1 > y)]


def holds(ring: Ring, point: tuple[float, float]) -> bool:
    """Tell whether a point lies inside an outline."""
    return sum(x < point[0] for x in crossings(ring, point[1])) % 2 == 1


def territory(degrees: Sequence[tuple[float, float]]) -> str | None:
    """Return the geography in whose frame most (longitude, latitude) fall, or None."""
    for known in places.geographies():
        inside = sum(within(point, known.frame) for point in degrees)
        if degrees and inside / len(degrees) > MOST_INSIDE:
            return known.id
    return None


def nearer(points: Sequence[tuple[float, float]], whole: Bounds) -> Bounds:
    """Return the box of points when they fill little of the whole, with some room around, else the whole."""
    if not points:
        return whole
    west, south, east, north = bounds(points)
    reach = max((east - west) / (whole[2] - whole[0]), (north - south) / (whole[3] - whole[1]))
    if reach > SMALL_PART:
        return whole
    room = max(AROUND * max(east - west, north - south), NEAREST)
    return west - room, south - room, east + room, north + room


def seen(rings: Iterable[Ring], view: Bounds) -> tuple[Ring, ...]:
    """Return the outlines that reach into a view."""
    boxes = ((ring, bounds(ring)) for ring in rings)
    return tuple(
        ring for ring, box in boxes
        if box[0] <= view[2] and box[2] >= view[0] and box[1] <= view[3] and box[3] >= view[1]
    )  # fmt: skip


def fitted(box: Bounds, layout: Width) -> tuple[Axis, Axis, Room]:
    """Return axes and room in which a box keeps its shape, with a small margin."""
    west, south, east, north = box
    span_x, span_y = max(east - west, 200.0) * 1.04, max(north - south, 200.0) * 1.04
    width = WIDTHS[layout]
    lowest, highest = HEIGHTS[layout]
    height = round(min(highest, max(lowest, width * span_y / span_x)))
    scale = max(span_x / width, span_y / height)
    middle_x, middle_y = (west + east) / 2, (south + north) / 2
    half_x, half_y = scale * width / 2, scale * height / 2
    room = Room(width=width, height=height, top=0, right=0, bottom=0, left=0)
    x = Axis(low=middle_x - half_x, high=middle_x + half_x, kind="hidden")
    return x, Axis(low=middle_y - half_y, high=middle_y + half_y, kind="hidden"), room
