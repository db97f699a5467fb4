"""Geometries to degrees (WGS84): parsed from any text, repaired, projected, measured."""

from collections.abc import Sequence
from typing import Any

from web.values import Problem

SIMPLIFY_METRES = 5.0
COLLECTIONS = 50
DEGREES = ("EPSG:4326", "OGC:CRS84", "urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::4326")


def to_wgs84(texts: Sequence[str | None], crs: str, label: str) -> tuple[Any, list[Problem]]:
    """Return an array of shapely geometries in longitude and latitude, None where there is none.

    ``crs`` is what the file states; '' means degrees. What cannot be parsed, repaired or
    placed on the earth is counted in the problems and left out.
    """
    import numpy as np
    import shapely

    parsed = np.array([_parse(text) if text else None for text in texts], dtype=object)
    problems = []
    broken = sum(1 for text, shape in zip(texts, parsed, strict=True) if text and shape is None)
    if broken:
        problems.append(_problem("geometry_broken", "warning", label, broken))
    shapes = shapely.force_2d(parsed)
    shapes, crs = _project(shapes, crs)
    if crs:
        problems.append(Problem(code="projected", severity="info", where=label, facts={"crs": crs}))
    if not crs and _is_swapped(shapes):
        shapes = shapely.transform(shapes, lambda points: points[:, ::-1])
        problems.append(_problem("geometry_swapped", "info", label, int((~shapely.is_missing(shapes)).sum())))
    off = _off_earth(shapes)
    if off.any():
        shapes[off] = None
        problems.append(_problem("geometry_off_earth", "warning", label, int(off.sum())))
    invalid = ~shapely.is_valid(shapes) & ~shapely.is_missing(shapes)
    if invalid.any():
        shapes[invalid] = shapely.make_valid(shapes[invalid])
        problems.append(_problem("geometry_repaired", "info", label, int(invalid.sum())))
    return shapes, problems


def _problem(code: str, severity: Any, label: str, n: int) -> Problem:
    return Problem(code=code, severity=severity, where=label, facts={"n": n})


def _parse(text: str) -> Any:
    import shapely

    bare = text.strip()
    if bare.upper().count("GEOMETRYCOLLECTION") > COLLECTIONS:
        return None  # the parser recurses into each, and would end the process
    try:
        if bare.startswith("{"):
            return shapely.from_geojson(bare)
        if bare[:2] in ("00", "01") and bare.isalnum():
            return shapely.from_wkb(bare)
        if bare.upper().startswith("SRID="):
            bare = bare.partition(";")[2]
        return shapely.from_wkt(bare)
    except (shapely.errors.GEOSException, TypeError, ValueError):
        return None


def _project(shapes: Any, crs: str) -> tuple[Any, str]:
    """Return the geometries in degrees, and the name of the system they came from if another."""
    import shapely
    from pyproj import CRS, Transformer
    from pyproj.exceptions import CRSError

    try:
        source = CRS.from_user_input(crs) if crs and crs not in DEGREES else None
    except CRSError:
        source = None
    bounds = shapely.total_bounds(shapes)
    if source is None and bounds[0] == bounds[0] and _is_metres(bounds):
        source = guess(bounds)
    if source is None or source.to_epsg() == 4326:
        return shapes, ""
    to_degrees = Transformer.from_crs(source, 4326, always_xy=True)

    def moved(points: Any) -> Any:
        import numpy as np

        return np.column_stack(to_degrees.transform(points[:, 0], points[:, 1]))

    return shapely.transform(shapes, moved), str(source.name)


def _is_metres(bounds: Any) -> bool:
    return max(abs(float(bound)) for bound in bounds) > 1000


def guess(bounds: Any) -> Any:
    """Return the system of metres that fits the range of shapes whose file names none, else None."""
    from pyproj import CRS

    from catalog.readers.coordinates import grid_of

    west, south, east, north = (float(bound) for bound in bounds)
    code = grid_of(west, south, east, north)
    return CRS.from_epsg(code) if code else None


def _is_swapped(shapes: Any) -> bool:
    """Tell shapes whose latitudes stand first: beyond 90 degrees, or only so inside a known geography."""
    import shapely

    from catalog.places import geographies

    west, south, east, north = (float(bound) for bound in shapely.total_bounds(shapes))
    if west != west or max(abs(west), abs(east)) > 90:
        return False
    beyond = max(abs(south), abs(north)) > 90 and max(abs(south), abs(north)) <= 180
    frames = [known.frame for known in geographies()]
    return beyond or any(f[1] <= west and east <= f[3] and f[0] <= south and north <= f[2] for f in frames)


def _off_earth(shapes: Any) -> Any:
    import numpy as np
    import shapely

    bounds = shapely.bounds(shapes)
    with np.errstate(invalid="ignore"):
        off = (np.abs(bounds[:, [0, 2]]) > 180.0001) | (np.abs(bounds[:, [1, 3]]) > 90.0001)
    infinite = np.isinf(bounds).any(axis=1)
    return off.any(axis=1) | infinite


def points(shapes: Any) -> tuple[list[float | None], list[float | None]] | None:
    """Return latitudes and longitudes when all geometries are points, else None."""
    import shapely

    kinds = set(shapely.get_type_id(shapes).tolist()) - {-1}
    if kinds != {0}:
        return None
    missing = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    x, y = shapely.get_x(shapes).tolist(), shapely.get_y(shapes).tolist()
    gone = missing.tolist()
    return (
        [None if g else v for v, g in zip(y, gone, strict=True)],
        [None if g else v for v, g in zip(x, gone, strict=True)],
    )


def display(shapes: Any) -> list[bytes | None]:
    """Return the geometries in Web Mercator, simplified to some metres, as WKB."""
    import numpy as np
    import shapely
    from pyproj import Transformer

    to_mercator = Transformer.from_crs(4326, 3857, always_xy=True)

    def moved(points: Any) -> Any:
        x, y = to_mercator.transform(points[:, 0], np.clip(points[:, 1], -85.05, 85.05))
        return np.column_stack((x, y))

    flat = shapely.simplify(shapely.transform(shapes, moved), SIMPLIFY_METRES, preserve_topology=True)
    return shapely.to_wkb(flat).tolist()  # type: ignore[no-any-return]
