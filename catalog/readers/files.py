"""Open a file by what it holds: unwrap archives, then hand it to the reader of its kind."""

from pathlib import Path

from catalog.readers import archive, markup
from catalog.readers.grid import Grid
from catalog.readers.sniff import sniff
from web.values import Problem, Refused

NESTING = 3


def read_grid(
    path: Path, work: Path, sheet: str | None = None, part: int | None = None, depth: int = 0
) -> Grid:
    """Return the cells of the chosen or best table of a file, whatever its name; raises Refused."""
    kind = sniff(path)
    if kind in archive.OPENERS:
        _refuse_depth(depth)
        return read_grid(archive.gunzip(path, kind, work), work, sheet, part, depth + 1)
    if kind == "zip":
        _refuse_depth(depth)
        return _read_zip(path, work, sheet, part, depth)
    return _read_kind(path, kind, work, sheet, part)


def _refuse_depth(depth: int) -> None:
    if depth >= NESTING:
        raise Refused("archive_nested", n=NESTING)


def _read_kind(path: Path, kind: str, work: Path, sheet: str | None, part: int | None) -> Grid:
    if kind in ("xlsx", "xls", "ods"):
        from catalog.readers.sheet import read_sheet

        return read_sheet(path, kind, sheet, part)
    if kind in ("json", "jsonp"):
        return _read_json(path, work, sheet, padded=kind == "jsonp")
    if kind in ("kml", "gpkg", "fgb", "dbf"):
        from catalog.readers.geo import read_map

        return read_map(_named(path, work, kind), kind, sheet)
    if kind == "parquet":
        from catalog.readers.parquet import read_parquet

        return read_parquet(path, work)
    if kind == "html":
        return markup.read_html(path, work)
    if kind == "xml":
        return _read_xml(path, work, sheet)
    from catalog.readers.text import read_text

    return read_text(path, work)


def _read_xml(path: Path, work: Path, sheet: str | None) -> Grid:
    """Read GPX and GML as maps, anything else as records."""
    with path.open("rb") as source:
        head = source.read(4096).lower()
    for sign, kind in ((b"<gpx", "gpx"), (b"opengis.net/gml", "gml")):
        if sign in head:
            from catalog.readers.geo import read_map

            return read_map(_named(path, work, kind), kind, sheet)
    return markup.read_xml(path)


def _named(path: Path, work: Path, kind: str) -> Path:
    """Return the file under a name whose ending its reader needs."""
    target = work / f"source.{kind}"
    target.symlink_to(path)
    return target


def _read_json(path: Path, work: Path, sheet: str | None, *, padded: bool) -> Grid:
    from catalog.readers import geo, objects

    document = objects.load(path, work, padded=padded)
    kind = geo.geo_kind(document)
    if kind == "geojson":
        return geo.read_geojson(document)
    if kind:
        return geo.read_map(_named(path, work, "json"), kind, sheet)
    return objects.read_objects(document, part=sheet or "")


def _read_zip(path: Path, work: Path, sheet: str | None, part: int | None, depth: int) -> Grid:
    infos = archive.members(path)
    shapes = archive.layers(infos)
    if shapes:
        return _read_shapefile(path, shapes, work, sheet)
    maps = [info for info in infos if info.filename.lower().endswith(".kml")]
    found = maps or archive.data_members(infos)
    names = tuple(info.filename for info in found)
    if sheet in names:
        found = [info for info in found if info.filename == sheet]
    elif part is not None and part < len(found):
        found = [found[part]]
    refusal: Refused | None = None
    for at, info in enumerate(found[:20]):
        try:
            target = archive.extract(path, info, work / f"member-{depth}-{at}")
            grid = read_grid(target, work, None if sheet in names else sheet, None, depth + 1)
        except Refused as why:
            refusal = refusal or why
            continue
        return _offered(grid, names, info.filename)
    raise refusal or Refused("archive_empty")


def _offered(grid: Grid, names: tuple[str, ...], chosen: str) -> Grid:
    if len(names) > 1:
        grid.offered, grid.part = names, chosen
        grid.changes.append(
            Problem(code="member_chosen", severity="info", where=chosen, facts={"n": len(names)})
        )
    return grid


def _read_shapefile(path: Path, shapes: dict[str, list], work: Path, sheet: str | None) -> Grid:  # type: ignore[type-arg]
    from catalog.readers.geo import read_map

    stem = (
        sheet
        if sheet in shapes
        else max(shapes, key=lambda name: sum(info.file_size for info in shapes[name]))
    )
    folder = work / "shapefile"
    folder.mkdir(exist_ok=True)
    for info in shapes[stem]:
        archive.extract(path, info, folder / f"layer.{info.filename.rpartition('.')[2].lower()}")
    grid = read_map(folder / "layer.shp", "shapefile")
    if len(shapes) > 1:
        return _offered(grid, tuple(shapes), stem)
    return grid
