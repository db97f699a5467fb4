"""Read tables inside markup: a bare HTML table saved as a workbook, SpreadsheetML, and XML of records."""

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from catalog.readers.encoding import to_utf8
from catalog.readers.grid import Grid, Range, Row
from catalog.readers.objects import read_objects
from web.values import Problem, Refused

MAX_BYTES = 60 * 2**20
PROSE = 600
SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet"


Cell = tuple[str, int, int]


class _Tables(HTMLParser):
    """Collect the rows of the outermost tables (``nested``: of the innermost), count the words outside them, and notice fields to fill in."""

    def __init__(self, *, nested: bool = False) -> None:
        super().__init__()
        self._nested = nested
        self.tables: list[list[list[Cell]]] = []
        self.outside = 0
        self.scripts = 0
        self.asks = False
        self._depth = 0
        self._cell: list[str] | None = None
        self._spans = (1, 1)
        self._silent = False
        self._hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent = tag in ("script", "style", "title")
        if (self._hidden and tag == self._hidden[0]) or _is_hidden(attrs):
            self._hidden.append(tag)
        self.scripts += tag in ("script", "nav", "form")
        self.asks |= tag == "input" and ("type", "hidden") not in attrs
        if tag == "table":
            self._depth += 1
            if self._nested:
                self._cell, self._depth = None, 1
            if self._depth == 1:
                self.tables.append([])
        elif tag == "tr" and self._depth == 1:
            self._close()
            self.tables[-1].append([])
        elif tag == "thead" and self._depth == 1:
            self.tables[-1].append([])
        elif tag in ("td", "th") and self._depth == 1 and self.tables[-1]:
            self._close()
            self._cell = []
            self._spans = _spanned(attrs, "colspan", 500), _spanned(attrs, "rowspan", 5000)
        elif tag == "br" and self._cell is not None:
            self._cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self._silent = False
        if self._hidden and tag == self._hidden[-1]:
            self._hidden.pop()
        if tag in ("td", "th", "tr", "table"):
            self._close()
        if tag == "table":
            self._depth = max(0, self._depth - 1)

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            if not self._hidden:
                self._cell.append(data)
        elif not self._depth and not self._silent:
            self.outside += len(data.strip())

    def _close(self) -> None:
        if self._cell is not None and self.tables and self.tables[-1]:
            self.tables[-1][-1].append((" ".join("".join(self._cell).split()), *self._spans))
        self._cell = None


def _is_hidden(attrs: list[tuple[str, str | None]]) -> bool:
    """Tell an element that a browser does not show, such as the key a cell is sorted by."""
    return "display:none" in (dict(attrs).get("style") or "").replace(" ", "").lower()


def _spanned(attrs: list[tuple[str, str | None]], name: str, most: int) -> int:
    span = dict(attrs).get(name) or "1"
    return max(1, min(int(span) if span.isdecimal() else 1, most))


def _laid_out(rows: list[list[Cell]]) -> tuple[list[Row], list[Range]]:
    """Return the cells in their columns and the ranges that span several.

    What spans rows is repeated in each, what spans columns is not.
    """
    table: list[Row] = []
    merged: list[Range] = []
    hanging: dict[int, tuple[int, str]] = {}
    for cells in rows:
        row: Row = []
        still: dict[int, tuple[int, str]] = {}
        waiting = list(reversed(cells))
        while waiting or any(at >= len(row) for at in hanging):
            at = len(row)
            if at in hanging:
                left, text = hanging[at]
                row.append(text)
                still |= {at: (left - 1, text)} if left > 1 else {}
                continue
            text, across, down = waiting.pop() if waiting else ("", 1, 1)
            row += [text] + [""] * (across - 1)
            still |= {at: (down - 1, text)} if down > 1 else {}
            if across > 1:
                merged.append(((len(table), at), (len(table), at + across - 1)))
        table.append(row)
        hanging = still
    return table, merged


def pairs(text: str) -> dict[str, str]:
    """Return the names and values of a two-column table in markup, as maps write them; none when it is another."""
    found = _Tables(nested=True)
    found.feed(text)
    rows = [[cell for cell, _, _ in row] for table in found.tables for row in table]
    named = {row[0].rstrip(": "): row[1] for row in rows if len(row) == 2 and row[0] and len(row[0]) <= 60}
    lone = sum(len(row) == 1 for row in rows)
    return named if len(named) >= 2 and len(named) + lone >= len([row for row in rows if row]) else {}


def read_html(path: Path, work: Path) -> Grid:
    """Return the table of an HTML file that is hardly more than a table; raises Refused(``file_html``)."""
    if path.stat().st_size > MAX_BYTES:
        raise Refused("file_html")
    clean, _, problems = to_utf8(path, work)
    found = _Tables()
    found.feed(clean.read_text(encoding="utf-8", errors="replace"))
    tables = [_laid_out([row for row in table if row]) for table in found.tables]
    best, merged = max(tables, key=lambda one: sum(map(len, one[0])), default=([], []))
    if len(best) < 2 or max(map(len, best)) < 2 or found.scripts > 1 or found.outside > PROSE or found.asks:
        raise Refused("file_html")
    changes = [Problem(code="markup_read", severity="info")]
    return Grid(best, "html", problems=problems, changes=changes, merged=tuple(merged))


def read_xml(path: Path) -> Grid:
    """Return the records or the worksheet of an XML file; raises Refused(``file_xml``).

    Entities are never expanded: a document that declares any is refused.
    """
    from xml.etree import ElementTree

    if path.stat().st_size > MAX_BYTES:
        raise Refused("file_xml")
    text = path.read_bytes()
    if re.search(rb"<!(?:DOCTYPE|ENTITY)", text[:100_000], re.IGNORECASE):
        raise Refused("file_xml")
    try:
        root = ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise Refused("file_broken", reason=str(error)[:100]) from error
    if SPREADSHEET in root.tag:
        grid = _worksheet(root)
    else:
        grid = read_objects(_records(root), kind="xml")
        grid.dotted = frozenset()
    grid.changes.append(Problem(code="markup_read", severity="info"))
    return grid


def _worksheet(root: Any) -> Grid:
    """Read SpreadsheetML 2003: the worksheet with the most rows."""
    space = f"{{{SPREADSHEET}}}"
    sheets = []
    for sheet in root.iter(f"{space}Worksheet"):
        rows: list[Row] = []
        for line in sheet.iter(f"{space}Row"):
            cells: Row = []
            for cell in line.iter(f"{space}Cell"):
                at = int(cell.get(f"{space}Index", "0") or 0)
                cells += [""] * min(max(0, at - 1 - len(cells)), 5000)
                cells.append("".join(cell.itertext()).strip())
            rows.append(cells)
        sheets.append((sheet.get(f"{space}Name", ""), rows))
    if not any(rows for _, rows in sheets):
        raise Refused("no_table")
    name, rows = max(sheets, key=lambda one: sum(map(len, one[1])))
    return Grid(
        rows,
        "xml",
        part=name if len(sheets) > 1 else "",
        offered=tuple(n for n, _ in sheets) if len(sheets) > 1 else (),
    )


def _records(root: Any) -> list[dict[str, Any]]:
    """Return the elements that repeat the most under one parent, each as a record."""
    best: list[Any] = []
    for parent in root.iter():
        repeated = Counter(child.tag for child in parent)
        if repeated:
            tag, n = repeated.most_common(1)[0]
            if n > max(1, len(best)):
                best = [child for child in parent if child.tag == tag]
    records = [_record(one) for one in best]
    if len(records) < 2 or not any(records):
        raise Refused("file_xml")
    return records


def _record(element: Any) -> dict[str, Any]:
    held: dict[str, Any] = dict(element.attrib)
    for child in element:
        name = child.tag.rpartition("}")[2]
        value = _record(child) if len(child) else (child.text or "").strip()
        if name in held and not isinstance(held[name], list):
            held[name] = [held[name]]
        if name in held:
            held[name].append(value)
        else:
            held[name] = value
    if not held:
        held["value"] = (element.text or "").strip()
    return held
