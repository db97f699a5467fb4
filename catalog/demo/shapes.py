"""Outlines of the boroughs: which one holds a point, and how to draw them lighter."""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pyogrio
import shapely

ZIP = "geo/alcaldias_cdmx_shp.zip"
MAP_TOLERANCE = 0.001
"""Degrees, about 110 m: one pixel of a map 550 pixels high."""


@cache
def boroughs(source: Path) -> dict[str, tuple[str, shapely.Polygon]]:
    """Return name and full outline (longitude, latitude) of each borough by INEGI code."""
    _, _, shapes, (codes, names) = pyogrio.raw.read(source / ZIP)
    order = sorted(range(len(codes)), key=lambda at: codes[at])
    return {codes[at]: (names[at], shapely.from_wkb(shapes[at])) for at in order}


def simplified(source: Path, tolerance: float) -> dict[str, shapely.Polygon]:
    """Return the outlines with fewer points, rounded to about 10 m; neighbours still share their border."""
    full = boroughs(source)
    lighter = shapely.coverage_simplify([shape for _, shape in full.values()], tolerance)
    rounded = shapely.set_precision(lighter, 1e-4, mode="pointwise")
    if not shapely.coverage_is_valid(rounded):
        raise ValueError(f"Simplifying by {tolerance} degrees tears the borders")
    return dict(zip(full, rounded, strict=True))


def borough_of(source: Path, longitudes: Sequence[float], latitudes: Sequence[float]) -> list[str]:
    """Return the INEGI code of the borough that holds each point by its full outline, or ""."""
    full = boroughs(source)
    tree = shapely.STRtree([shape for _, shape in full.values()])
    point, shape = tree.query(shapely.points(longitudes, latitudes), predicate="intersects")
    found = np.full(len(longitudes), -1)
    found[point] = shape
    codes = [*full, ""]
    return [codes[at] for at in found]


def area_km2(source: Path) -> dict[str, float]:
    """Return the area of each full outline in km², on an equal-area projection centred on the city."""
    from pyproj import Transformer

    flat = Transformer.from_crs("EPSG:4326", "+proj=laea +lat_0=19.32 +lon_0=-99.15", always_xy=True)
    return {
        code: shapely.area(shapely.transform(shape, flat.transform, interleaved=False)) / 1e6
        for code, (_, shape) in boroughs(source).items()
    }


def write_geojson(path: Path, features: list[dict[str, object]], **more: object) -> None:
    """Write a FeatureCollection with one feature a line, so that differences stay readable."""
    head = json.dumps({"type": "FeatureCollection", **more}, ensure_ascii=False)[:-1]
    lines = ",\n".join(json.dumps(each, ensure_ascii=False, separators=(",", ":")) for each in features)
    path.write_text(f'{head}, "features": [\n{lines}\n]}}\n', encoding="utf-8")


def feature(shape: shapely.Geometry, **properties: object) -> dict[str, object]:
    """Return a GeoJSON feature of a shape in longitude and latitude."""
    return {"type": "Feature", "properties": properties, "geometry": shapely.geometry.mapping(shape)}


def write_pack(source: Path, path: Path) -> None:
    """Write the light outlines that maps are drawn with."""
    shapes = simplified(source, MAP_TOLERANCE)
    write_geojson(path, [feature(shape, code=code) for code, shape in shapes.items()])
