"""Read workbooks (xlsx, xlsm, xls, ods) with calamine: every sheet offered, the best one chosen."""

import datetime as dt
import re
import zipfile
import zlib
from pathlib import Path

from catalog.readers.grid import Grid, Row
from catalog.readers.shape import shape
from catalog.readers.text import unfolded
from web.values import Problem, Refused

MAX_CELLS = 60_000_000
CELL = re.compile(rb'<(?:\w+:)?c r="([A-Z]{1,3})(\d{1,7})"')
SOLVER = ("password", "encrypt", "cfb")


def read_sheet(path: Path, kind: str, sheet: str | None, part: int | None = None) -> Grid:
    """Return the grid of the sheet named, or numbered from 0, else of the one with the largest table.

    Raises Refused: file_encrypted, file_broken, sheet_unknown, sheet_too_wide, no_table.
    """
    from python_calamine import CalamineWorkbook, SheetVisibleEnum

    if kind == "xlsx":
        _refuse_vast(path)
    try:
        book = CalamineWorkbook.from_path(str(path))
        names = [
            m.name
            for m in book.sheets_metadata
            if m.visible == SheetVisibleEnum.Visible and "WorkSheet" in str(m.typ)
        ]
    except Exception as error:
        raise _refusal(error) from error
    names = names or list(book.sheet_names)
    if sheet is None and part is not None and 0 <= part < len(names):
        sheet = names[part]
    if sheet is not None and sheet not in book.sheet_names and sheet.isdigit() and int(sheet) < len(names):
        sheet = names[int(sheet)]
    if sheet is not None and sheet not in book.sheet_names:
        raise Refused("sheet_unknown", sheet, sheets=", ".join(names[:20]))
    grids = [_grid(book, name, kind) for name in ([sheet] if sheet is not None else names)]
    chosen = grids[0] if sheet is not None else _best(grids)
    chosen.offered = tuple(names)
    if len(names) > 1 and sheet is None:
        chosen.changes.append(
            Problem(code="sheet_chosen", severity="info", where=chosen.part, facts={"n": len(names)})
        )  # fmt: skip
    return chosen


def _refusal(error: Exception) -> Refused:
    said = str(error)[:160]
    if any(word in said.lower() for word in SOLVER):
        return Refused("file_encrypted")
    return Refused("file_broken", reason=said)


def _refuse_vast(path: Path) -> None:
    """Refuse sheets whose farthest cells span more than memory could hold: one cell can be enough."""
    try:
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                if re.match(r"xl/worksheets/[^/]+\.xml$", info.filename, re.IGNORECASE):
                    with archive.open(info) as source:
                        _refuse_span(source)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise Refused("file_broken", reason=str(error)[:120]) from error


def _refuse_span(source: object) -> None:
    columns, rows, held = 0, 0, b""
    while chunk := source.read(1 << 20):  # type: ignore[attr-defined]
        held += chunk
        found = CELL.findall(held)
        if found:
            rows = max(rows, max(int(row) for _, row in found))
            columns = max(columns, max(_column(name) for name in {name for name, _ in found}))
        if rows * columns > MAX_CELLS:
            raise Refused("sheet_too_wide", rows=rows, columns=columns)
        held = held[-64:]


def _column(letters: bytes) -> int:
    at = 0
    for letter in letters:
        at = at * 26 + letter - 64
    return at


def _grid(book: object, name: str, kind: str) -> Grid:
    try:
        sheet = book.get_sheet_by_name(name)  # type: ignore[attr-defined]
        if sheet.height * sheet.width > MAX_CELLS:
            raise Refused("sheet_too_wide", rows=sheet.height, columns=sheet.width)
        cells = sheet.to_python(skip_empty_area=False)
        merged = tuple(sheet.merged_cell_ranges or ()) if kind in ("xlsx", "xls") else ()
    except Refused:
        raise
    except Exception as error:
        raise _refusal(error) from error
    typed: dict[int, int] = {}
    rows: list[Row] = []
    for line in cells:
        rows.append([text_of_cell(cell) for cell in line])
        for at, cell in enumerate(line):
            if isinstance(cell, float | int) and not isinstance(cell, bool):
                typed[at] = typed.get(at, 0) + 1
    if not typed:
        rows = unfolded(rows)
    return Grid(
        rows, kind, part=name, dotted=frozenset(at for at, n in typed.items() if n > 2), merged=merged
    )


def text_of_cell(cell: object) -> str:
    """Write a typed cell so that it reads back the same."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 2**53 else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(sep=" ")
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    return "" if cell is None else str(cell)


def _best(grids: list[Grid]) -> Grid:
    """Return the grid with the largest table, first ones preferred when close."""
    scored = []
    for at, grid in enumerate(grids):
        try:
            body = shape(grid)
        except Refused:
            continue
        filled = sum(1 for row in body.rows for cell in row if cell)
        scored.append((filled if at else filled * 1.5, -at, grid))
    if not scored:
        raise Refused("no_table")
    return max(scored, key=lambda entry: entry[:2])[2]
