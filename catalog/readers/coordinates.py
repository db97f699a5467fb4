"""Find the columns that place each row on the earth: degrees, swapped, in one cell, UTM or metres."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from catalog.models import Column, Role
from web.values import Problem

Pair = tuple[float | None, float | None]

LATITUDE = re.compile(r"(?:^|[\W_])(?:lat|latitud|latitude|latitut)(?:$|[\W_\d])", re.IGNORECASE)
LONGITUDE = re.compile(r"(?:^|[\W_])(?:lon|long|lng|longitud|longitude)(?:$|[\W_\d])", re.IGNORECASE)
NORTH = re.compile(r"y[坐座][標标]|[纬緯]度|(?:^|[\W_])(?:y|norte|northing|north|coord_?y|coordenada_?y|y_?coord|utm_?y|y_?utm|lat\w*|pos_?y|point_?y|osnrth\w*)(?:$|[\W_\d])", re.IGNORECASE)  # fmt: skip
EAST = re.compile(r"x[坐座][標标]|[经經]度|(?:^|[\W_])(?:x|este|easting|east|coord_?x|coordenada_?x|x_?coord|utm_?x|x_?utm|lon\w*|lng|pos_?x|point_?x|oseast\w*)(?:$|[\W_\d])", re.IGNORECASE)  # fmt: skip
ZONE = re.compile(
    r"(?:zona|zone|utm|huso|epsg[: _]?(?:326|258|269))\D{0,6}(\d{1,2})\s*([NS])?", re.IGNORECASE
)
HUSO = re.compile(r"(?:^|[\W_])(?:huso|zona_?utm|utm_?zon[ae]|zone|zona)(?:$|[\W_])", re.IGNORECASE)
ZONED = re.compile(r"^(\d{1,2})\s*([A-Z])?$")
LENGTH = re.compile(
    r"_(?:km|m|mts|metros|ft)$|[(\[](?:km|m|ft|[^)\]]*[\\/][^)\]]*)[)\]]|longitud_(?:km|m)|longitud total|longitud de",
    re.IGNORECASE,
)
LETTER = re.compile(r"(?:^|[\W_])[xy](?:$|[\W_\d])", re.IGNORECASE)
MIDDLE = 30
"""Degrees that the mean of one of two columns named only x and y must pass: smaller numbers are more often a plane's."""
PAIR = re.compile(
    r"^[\[(]?\s*(?:POINT\s*\()?(-?\d{1,3}(?:\.\d+)?)°?\s*[,;\s]\s*(-?\d{1,3}(?:\.\d+)?)°?\s*[\])]?$"
)


LAST = re.compile(r"\((-?\d{1,3}\.\d+)\s*,\s*(-?\d{1,3}\.\d+)\)\s*$")


def degrees(columns: Sequence[Column]) -> dict[str, Role]:
    """Return which columns are latitude and longitude, decided by pairs; names may be swapped.

    A column whose name says latitude but whose values pass ±90 is the longitude.
    """
    numeric = [
        one
        for one in columns
        if one.type in ("number", "integer") and one.distinct and not LENGTH.search(one.name)
    ]
    for north, east in ((LATITUDE, LONGITUDE), (NORTH, EAST)):
        for y in (one for one in numeric if north.search(one.label or one.name)):
            for x in (one for one in numeric if east.search(one.label or one.name) and one is not y):
                roles = _paired(y, x)
                if roles:
                    return roles
    return _in_a_known_frame([one for one in numeric if one.type == "number"])


def _paired(y: Column, x: Column) -> dict[str, Role]:
    if "number" not in (y.type, x.type) or (_lettered(y, x) and not _far_out(y, x)):
        return {}
    if _within(y, 90) and _within(x, 180) and not _swapped(y, x):
        return {y.name: "latitude", x.name: "longitude"}
    if _within(x, 90) and _within(y, 180):
        return {x.name: "latitude", y.name: "longitude"}
    return {}


def _lettered(y: Column, x: Column) -> bool:
    return bool(LETTER.search(y.label or y.name) and LETTER.search(x.label or x.name))


def _far_out(y: Column, x: Column) -> bool:
    """Tell whether two columns of numbers pass the middle latitudes, or lie in a known geography."""
    usual = max(abs(one.mean or 0) for one in (y, x))
    return usual > MIDDLE or any(
        _between(y, south, north) and _between(x, west, east) for west, south, east, north in _frames()
    )


def _within(column: Column, most: float) -> bool:
    """Tell whether values are degrees; a few that lost their point (192232.5) do not change what the others are."""
    if -most <= float(column.min or 0) and float(column.max or 0) <= most:
        return True
    named = LATITUDE.search(column.label or column.name) or LONGITUDE.search(column.label or column.name)
    counted = [(abs(float(value or 0)) <= most, n) for value, n in column.top]
    return bool(named and counted) and sum(n for fits, n in counted if fits) >= 0.9 * sum(
        n for _, n in counted
    )


def _swapped(y: Column, x: Column) -> bool:
    """Tell a latitude that can only be a longitude of the installed geographies, and the reverse."""
    return any(
        _between(y, west, east) and _between(x, south, north) for west, south, east, north in _frames()
    )


def _between(column: Column, low: float, high: float) -> bool:
    return low - 1 <= float(column.min or 0) and float(column.max or 0) <= high + 1


def _frames() -> list[tuple[float, float, float, float]]:
    from catalog.places import geographies

    return [known.frame for known in geographies()]


def _in_a_known_frame(numeric: Sequence[Column]) -> dict[str, Role]:
    """Find two nameless columns of degrees whose values all lie inside the frame of a geography."""
    for west, south, east, north in _frames():
        ys = [one for one in numeric if _between(one, south + 0.8, north - 0.8) and one.distinct > 5]
        xs = [one for one in numeric if _between(one, west + 0.8, east - 0.8) and one.distinct > 5]
        if len(ys) == 1 and len(xs) == 1:
            return {ys[0].name: "latitude", xs[0].name: "longitude"}
    return {}


@dataclass(frozen=True)
class Grid:
    """A national grid known by the range of its eastings and northings (west, south, east, north)."""

    code: int
    box: tuple[float, float, float, float]
    names: re.Pattern[str] | None = None


GRIDS = (
    Grid(27700, (0, 0, 700_000, 1_300_000), re.compile(r"easting|northing|oseast|osnrth", re.IGNORECASE)),
    Grid(6372, (900_000, 300_000, 4_100_000, 2_400_000)),
    Grid(25830, (360_000, 4_400_000, 500_000, 4_570_000)),
    Grid(32614, (100_000, 1_550_000, 900_000, 3_650_000)),
)


def metres(columns: Sequence[Column]) -> tuple[Column, Column, int, bool] | None:
    """Return the columns of eastings and northings, their EPSG code, and whether their range alone told it.

    UTM by the zone that a name or a column states; else the national grids of Britain, Mexico and
    Madrid, UTM 14 north (central Mexico) and Web Mercator by their ranges.
    """
    numeric = [one for one in columns if one.type in ("number", "integer") and one.distinct]
    for x in (one for one in numeric if EAST.search(one.label or one.name)):
        for y in (one for one in numeric if NORTH.search(one.label or one.name) and one is not x):
            code = _stated(x, y, columns)
            if code:
                return x, y, code, False
            code = _by_range(x, y)
            if code:
                return x, y, code, True
    return None


def _box(x: Column, y: Column) -> tuple[float, float, float, float]:
    west, south, east, north = (float(v or 0) for v in (x.min, y.min, x.max, y.max))
    return west, south, east, north


def _stated(x: Column, y: Column, columns: Sequence[Column]) -> int:
    """Return the UTM zone that the names of a pair or a constant column of zones state, else 0."""
    west, south, east, north = _box(x, y)
    if west < 100_000 or east > 900_000 or south <= 0 or north >= 10_000_000:
        return 0
    for label in (x.label, y.label):
        zone = ZONE.search(label)
        if zone and 1 <= int(zone[1]) <= 60:
            return (32700 if (zone[2] or "").upper() == "S" else 32600) + int(zone[1])
    for one in columns:
        zone = ZONED.match(str(one.min)) if one.distinct == 1 and HUSO.search(one.label or one.name) else None
        if zone and 1 <= int(zone[1]) <= 60:
            return (32700 if (zone[2] or "").upper() in ("S", "H", "J", "K", "L", "M") else 32600) + int(
                zone[1]
            )
    return 0


def _by_range(x: Column, y: Column) -> int:
    return grid_of(*_box(x, y), f"{x.label} {y.label}")


def grid_of(west: float, south: float, east: float, north: float, names: str = "") -> int:
    """Return the code of the grid whose range holds a box of metres, 0 when none does; some need names too."""
    for grid in GRIDS:
        named = grid.names is None or grid.names.search(names)
        left, bottom, right, top = grid.box
        if named and left <= west and bottom <= south and east <= right and north <= top and east > 1000:
            return grid.code
    mercator = west >= -2.01e7 and east <= 2.01e7 and max(abs(west), abs(east)) > 1_000_000
    return 3857 if mercator and max(abs(south), abs(north)) > 100_000 and abs(north) < 2e7 else 0


def remark(x: Column, y: Column, code: int, guessed: bool) -> Problem:
    """Return what is to be said of metres that were read: more when only their range told the grid."""
    facts: dict[str, str | int | float] = {"other": y.name, "crs": f"EPSG:{code}"}
    if guessed:
        return Problem(code="grid_assumed", severity="warning", where=x.name, facts=facts)
    return Problem(code="metres_read", severity="info", where=x.name, facts=facts)


def to_degrees(xs: Sequence[Any], ys: Sequence[Any], code: int) -> list[Pair]:
    """Return (latitude, longitude) of eastings and northings."""
    from pyproj import Transformer

    move = Transformer.from_crs(code, 4326, always_xy=True)
    nan = float("nan")
    lons, lats = move.transform([nan if x is None else x for x in xs], [nan if y is None else y for y in ys])
    return [
        (None, None) if lat != lat or abs(lat) == float("inf") else (lat, lon)
        for lat, lon in zip(lats, lons, strict=True)
    ]


def in_one_cell(column: Column) -> bool | None:
    """Tell whether a text column holds 'lat, lon' in each cell: True when longitude comes first, None when neither."""
    texts = [str(value) for value, _ in column.top]
    pairs = [PAIR.match(text) or LAST.search(text) for text in texts]
    found = [(float(pair[1]), float(pair[2])) for pair in pairs if pair]
    if not found or len(found) < 0.95 * len(texts) or not any("." in text for text in texts):
        return None
    swapped = any(abs(first) > 90 for first, _ in found) or "POINT" in texts[0]
    fits = all(abs(pair[1 - swapped]) <= 180 and abs(pair[swapped]) <= 90 for pair in found)
    return swapped if fits else None


def pair_of(text: Any, swapped: bool) -> Pair:
    """Return (latitude, longitude) of one cell."""
    pair = (PAIR.match(text) or LAST.search(text)) if text else None
    if not pair:
        return None, None
    first, second = float(pair[1]), float(pair[2])
    return (second, first) if swapped else (first, second)
