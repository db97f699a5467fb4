"""Read maps: GeoJSON ourselves, all other formats through GDAL; geometry travels as text in a cell."""

import json
import warnings
from pathlib import Path
from typing import Any

from catalog.readers.grid import Grid, Row
from catalog.readers.objects import flat, is_number, text_of
from web.values import Problem, Refused

GEOMETRY = "geometry"
NOISE = frozenset(
    [
        "timestamp",
        "begin",
        "end",
        "altitudeMode",
        "tessellate",
        "extrude",
        "visibility",
        "drawOrder",
        "icon",
        "fid",
    ]
)
GEOMETRIES = frozenset(
    ["Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection"]
)
MAX_FEATURES = 5_000_000


def geo_kind(document: Any) -> str:
    """Return geojson, topojson or esrijson for a JSON document that is one, else ''."""
    if not isinstance(document, dict):
        return "geojson" if _is_features(document) else ""
    if document.get("type") in ("FeatureCollection", "Feature") or document.get("type") in GEOMETRIES:
        return "geojson"
    if document.get("type") == "Topology":
        return "topojson"
    features = document.get("features")
    if (
        isinstance(features, list)
        and features
        and isinstance(features[0], dict)
        and "attributes" in features[0]
    ):
        return "esrijson"
    return ""


def _is_features(document: Any) -> bool:
    """Tell a bare list of features, as one a line makes."""
    first = document[0] if isinstance(document, list) and document else None
    return isinstance(first, dict) and first.get("type") == "Feature" and "geometry" in first


def read_geojson(document: Any) -> Grid:
    """Return the features of a GeoJSON document: their properties, then the geometry as text."""
    features = _features(document)
    if not features:
        raise Refused("no_rows")
    flattened = [
        flat(one["properties"]) if isinstance(one.get("properties"), dict) else {} for one in features
    ]
    names: dict[str, int] = {}
    for record in flattened:
        for name in record:
            names.setdefault(name, len(names))
    label = GEOMETRY if GEOMETRY not in names else GEOMETRY + "_"
    numeric = {names[name] for record in flattened for name, value in record.items() if is_number(value)}
    rows: list[Row] = [[*names, label]]
    for one, record in zip(features, flattened, strict=True):
        shape = one.get("geometry")
        rows.append([*(text_of(record.get(name)) for name in names), json.dumps(shape) if shape else ""])
    grid = Grid(rows, "geojson", dotted=frozenset(numeric), headed=True, geometry=len(names))
    crs = document.get("crs") if isinstance(document, dict) else None
    grid.crs = str((crs.get("properties") or {}).get("name") or "") if isinstance(crs, dict) else ""
    return grid


def _features(document: Any) -> list[dict[str, Any]]:
    if isinstance(document, list):
        return [one for one in document if isinstance(one, dict)]
    if document.get("type") == "FeatureCollection":
        held = document.get("features")
        return [one for one in held if isinstance(one, dict)] if isinstance(held, list) else []
    if document.get("type") == "Feature":
        return [document]
    return [{"properties": {}, "geometry": document}]


def read_map(path: str | Path, kind: str, part: str | None = None) -> Grid:
    """Return the features that GDAL finds in a file, of the named or largest layer.

    The folders of a KML are one table with their name in a column. Raises Refused.
    """
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError

    warnings.simplefilter("ignore")
    pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": "YES"})
    try:
        names = [str(name) for name, _ in pyogrio.list_layers(path)]
        if not names:
            raise Refused("no_rows")
        if kind in ("kml", "kmz"):
            return _stacked([_layer(path, name, kind) for name in names], names)
        if part is not None and part not in names:
            raise Refused("layer_unknown", part, layers=", ".join(names[:20]))
        chosen = part or max(names, key=lambda name: int(pyogrio.read_info(path, layer=name)["features"]))
        grid = _layer(path, chosen, kind)
    except (DataSourceError, DataLayerError, ValueError, RuntimeError) as error:
        raise Refused("file_broken", reason=str(error)[:120]) from error
    grid.part = chosen if len(names) > 1 else ""
    grid.offered = tuple(names) if len(names) > 1 else ()
    return grid


def _layer(path: str | Path, layer: str, kind: str) -> Grid:
    from pyogrio.raw import read

    meta, _, shapes, fields = read(path, layer=layer, datetime_as_string=True)
    columns = [[_cell(value) for value in values.tolist()] for values in fields]
    made = ("id", "fid", "lowerCorner", "upperCorner") if kind != "gpx" else tuple(meta["fields"])
    held = [
        at
        for at, name in enumerate(meta["fields"])
        if name not in made or (any(columns[at]) and "Corner" not in name)
    ]
    fields, columns = [fields[at] for at in held], [columns[at] for at in held]
    names = [str(meta["fields"][at]) for at in held]
    if shapes is not None:
        columns.append([shape.hex() if shape is not None else "" for shape in shapes])
        names.append(GEOMETRY if GEOMETRY not in names else GEOMETRY + "_")
    if not columns or not columns[0]:
        raise Refused("no_rows") if kind not in ("kml", "kmz") else ValueError("empty layer")
    if len(columns[0]) > MAX_FEATURES:
        raise Refused("too_many_rows", n=len(columns[0]))
    numeric = frozenset(at for at, values in enumerate(fields) if values.dtype.kind in "if")
    rows = [names, *(list(row) for row in zip(*columns, strict=True))]
    at = len(names) - 1 if shapes is not None else None
    return Grid(rows, kind, dotted=numeric, headed=True, crs=str(meta.get("crs") or ""), geometry=at)


def unrolled(record: dict[str, str]) -> dict[str, str]:
    """Return a placemark with the table in its description spread over columns."""
    from catalog.readers.markup import pairs

    name = next((name for name in record if name.lower() == "description"), "")
    held = pairs(record[name]) if "<td" in record.get(name, "").lower() else {}
    if not held:
        return record
    rest = {label: cell for label, cell in record.items() if label != name}
    return rest | {
        label if label not in rest else f"{label} (2)": cell for label, cell in held.items() if cell
    }


def _cell(value: object) -> str:
    if value is None or value != value:
        return ""
    return text_of(value) if isinstance(value, str | int | float | bool | dict | list) else str(value)


def _stacked(grids: list[Grid], names: list[str]) -> Grid:
    """Join the folders of a KML, leaving out the fields that no placemark fills."""
    labels: dict[str, int] = {}
    records: list[dict[str, str]] = []
    for grid, name in zip(grids, names, strict=True):
        header = grid.rows[0]
        for row in grid.rows[1:]:
            record = {
                label: cell for label, cell in zip(header, row, strict=True) if cell and label not in NOISE
            }
            record = unrolled(record)
            if len(names) > 1:
                record = {"folder": name, **record}
            records.append(record)
    for record in records:
        for label in record:
            if label != GEOMETRY:
                labels.setdefault(label, len(labels))
    header = [*labels, GEOMETRY]
    rows = [header, *([record.get(label, "") for label in header] for record in records)]
    joined = Grid(rows, grids[0].kind, headed=True, crs="EPSG:4326", geometry=len(labels))
    if len(names) > 1:
        joined.changes.append(Problem(code="folders_joined", severity="info", facts={"n": len(names)}))
    return joined
