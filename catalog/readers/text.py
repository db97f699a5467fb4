"""Read delimited text: find the separator and the quoting, then every record."""

import csv
import re
import statistics
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from catalog.readers import dates, fixed, numbers
from catalog.readers.encoding import to_utf8
from catalog.readers.grid import Grid, Row
from web.values import Problem, Refused

SEPARATORS = ",;\t|:~^ "
RARE = ":~^ "
SAMPLE = 256 * 1024
MAX_COLUMNS = 5000
MAX_LINE = 64 * 1024 * 1024
MAX_SPAN = 200
BLOCK = 50_000
LARGE = 24 * 2**20
LONG_LINE = 1000
csv.field_size_limit(MAX_LINE)


@dataclass(frozen=True)
class Dialect:
    """How a text separates and quotes its cells; an empty separator means one column."""

    separator: str
    quoted: bool = True
    escape: bool = False
    spaced: bool = False
    quote: str = '"'

    def rows(self, lines: Iterator[str]) -> Iterator[Row]:
        """Split lines into records."""
        return csv.reader(
            lines,
            delimiter=self.separator or "\x1f",
            quotechar=self.quote,
            quoting=csv.QUOTE_MINIMAL if self.quoted else csv.QUOTE_NONE,
            escapechar="\\" if self.escape else None,
            skipinitialspace=self.spaced,
        )


def read_text(path: Path, work: Path) -> Grid:
    """Return the grid of a text file in any encoding and with any separator; only its path when large.

    Raises Refused for binary content, endless lines and more than 5,000 columns.
    """
    clean, _, problems = to_utf8(path, work)
    if _is_large(clean):
        return _large(clean, work, problems)
    sample = head_of(clean)
    if not sample.strip():
        raise Refused("file_blank")
    dialect = find_dialect(sample)
    if _is_prose(sample, dialect):
        raise Refused("no_table")
    starts = _fixed(sample, dialect)
    if starts:
        with clean.open(encoding="utf-8") as lines:
            rows = [fixed.split(line, starts) for line in lines]
        return Grid(rows, "fixed", problems=problems, changes=[Problem(code="fixed_width", severity="info")])
    grid = Grid([], "tsv" if dialect.separator == "\t" else "csv", problems=problems)
    grid.rows = unfolded(_without_frame(read_rows(clean, dialect, grid), dialect))
    return grid


def _large(clean: Path, work: Path, problems: list[Problem]) -> Grid:
    """Return the path of a large text; one of fixed positions is written out with separators first."""
    sample = head_of(clean)
    starts = _fixed(sample, find_dialect(sample))
    if not starts:
        return Grid([], "csv", problems=problems, large=clean)
    target = work / "split.csv"
    with clean.open(encoding="utf-8") as lines, target.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows(fixed.split(line, starts) for line in lines)
    changes = [Problem(code="fixed_width", severity="info")]
    return Grid([], "fixed", problems=problems, changes=changes, large=target)


def unfolded(rows: list[Row]) -> list[Row]:
    """Return rows whose whole lines stand in one cell, as they do after a wrong opening, cell by cell."""
    lone = [
        next(cell for cell in row if cell.strip()) for row in rows if sum(map(bool, map(str.strip, row))) == 1
    ]
    filled = sum(any(cell.strip() for cell in row) for row in rows)
    if len(lone) < 3 or len(lone) < 0.98 * filled or any("\n" in cell for cell in lone):
        return rows
    inner = find_dialect("\n".join(lone[:3000]))
    split = list(inner.rows(iter(lone))) if inner.separator.strip(" :") else []
    widths = Counter(map(len, split[: len(split) // 2 + 3]))
    width, n = widths.most_common(1)[0] if widths else (1, 0)
    return split if width > 1 and n >= 0.9 * widths.total() else rows


def _without_frame(rows: list[Row], dialect: Dialect) -> list[Row]:
    """Return the rows of a table drawn with bars (| a | b |) without its frame and its line of dashes."""
    if dialect.separator != "|" or not all(
        len(row) > 2 and not row[0].strip() and not row[-1].strip() for row in rows if any(row)
    ):
        return rows
    inner = [row[1:-1] for row in rows]
    return [row for row in inner if not (row and all(re.match(r"^\s*:?-{2,}:?\s*$", cell) for cell in row))]


def _is_large(path: Path) -> bool:
    """Tell a text of too many rows for memory; few long lines, such as polygons, still fit."""
    size = path.stat().st_size
    if size <= LARGE:
        return False
    with path.open("rb") as source:
        lines = source.read(4 * 2**20).count(b"\n")
    return size > 8 * LARGE or lines > 4 * 2**20 / LONG_LINE


def head_of(path: Path) -> str:
    """Return the first 256 kB of whole lines, without a separator declaration ('sep=;')."""
    with path.open("r", encoding="utf-8", errors="replace", newline="") as source:
        text = source.read(SAMPLE)
        more = source.read(1)
    if more and "\n" in text:
        text = text[: text.rindex("\n") + 1]
    elif more and len(text) >= SAMPLE and "\n" not in text:
        raise Refused("line_too_long", characters=SAMPLE)
    return text


def find_dialect(sample: str) -> Dialect:
    """Return the dialect under which the sample is most regular and its cells most typed."""
    declared = re.match(r"^\ufeff?sep=(.)\r?\n", sample, re.IGNORECASE)
    body = sample[declared.end() :] if declared else sample
    present = [mark for mark in SEPARATORS if mark in body]
    if declared:
        present = [declared[1]]
    candidates = []
    for mark in present:
        quote = "'" if _single_quoted(body, mark) else '"'
        spaced = bool(re.search(rf"{re.escape(mark)} +{quote}", body))
        candidates.append(Dialect(mark, quote in body, False, spaced, quote))
        if '\\"' in body:
            candidates.append(Dialect(mark, True, True, spaced, quote))
    scored = [(_score(body, dialect), dialect) for dialect in candidates]
    best = max(scored, key=lambda pair: pair[0], default=(0.0, Dialect("")))
    return best[1] if best[0] > 0 else Dialect("", quoted='"' in body)


def _is_prose(sample: str, dialect: Dialect) -> bool:
    """Tell paragraphs: lines of many words that end as sentences do, cut by their commas into any number of pieces."""
    lines = [line.strip() for line in sample.splitlines() if line.strip()]
    if len(lines) < 5 or dialect.separator not in ("", ",", ";", ":", " "):
        return False
    words = sum(len(line.split()) for line in lines)
    ended = sum(line[-1] in ".?!:…”\"')" and any(c.isalpha() for c in line[-8:]) for line in lines)
    pieces = (
        Counter(line.count(dialect.separator) for line in lines) if dialect.separator else Counter({0: 1})
    )
    usual = max(pieces.values()) / pieces.total() if dialect.separator else 0.0
    spaced = len(re.findall(rf"{re.escape(dialect.separator)}\s", sample)) if dialect.separator else 0
    loose = spaced >= 0.8 * sample.count(dialect.separator or ",")
    return words >= 8 * len(lines) and ended >= 0.5 * len(lines) and usual < 0.5 and loose


def _fixed(sample: str, dialect: Dialect) -> list[int]:
    """Return the column edges of a fixed-width text, when no separator splits most of its lines."""
    lines = sample.splitlines()[:500]
    if dialect.separator.strip(" ") and sum(dialect.separator in line for line in lines) > 0.5 * len(lines):
        return []
    return fixed.edges(lines)


def _single_quoted(text: str, mark: str) -> bool:
    sep = re.escape(mark)
    quoted = len(re.findall(rf"(?:^|{sep})'[^'\n]*'(?={sep}|\r?$)", text, re.MULTILINE))
    return quoted > 3 and text.count('"') < quoted


def _score(text: str, dialect: Dialect) -> float:
    """Score a dialect: share of records with the usual width × typed cells × a little for width."""
    try:
        rows = [row for row in dialect.rows(iter(text.splitlines(keepends=True))) if any(row)]
    except csv.Error:
        return 0.0
    if not rows:
        return 0.0
    widths = Counter(len(row) for row in rows[-400:] + rows[:100] if len(row) > 1)
    if not widths:
        return 0.0
    width, n = max(widths.items(), key=lambda item: (item[1] * (1 + 0.1 * min(item[0], 10)), item[0]))
    share = n / len(rows[-400:] + rows[:100])
    if dialect.separator in RARE and (share < 0.95 or len(rows) < 5 or _whole_lines(text)):
        return 0.0
    if width > MAX_COLUMNS:
        raise Refused("too_many_columns", n=width)
    cells = [cell for row in rows[-200:] if len(row) == width for cell in row]
    if dialect.separator == " " and sum(numbers.PLAIN.match(cell) is not None for cell in cells) < 0.6 * len(
        cells
    ):
        return 0.0
    return share * (0.2 + _cleanliness(cells, dialect)) * (1 + 0.08 * min(width, 12))


def _whole_lines(text: str) -> bool:
    """Tell a text of one column of moments, whose colons and blanks separate nothing."""
    lines = [line.strip().strip('"') for line in text.splitlines()[1:200] if line.strip()]
    return sum(dates.match(line) is not None for line in lines) > 0.5 * len(lines)


def _cleanliness(cells: list[str], dialect: Dialect) -> float:
    """Return the share of cells that are empty, typed, or text free of other separators."""
    others = re.compile("[" + re.escape("".join(set(";\t|") - {dialect.separator})) + "]")
    good = 0.0
    for cell in cells:
        bare = cell.strip()
        if not bare or numbers.take_apart(bare) or dates.match(bare):
            good += 1
        elif others.search(bare) or bare.startswith('"') or bare.count('"') % 2:
            good += 0.2
        else:
            good += 0.7 if dialect.separator != ":" else 0.4
    return good / max(1, len(cells))


def read_rows(path: Path, dialect: Dialect, grid: Grid) -> list[Row]:
    """Return every record of a UTF-8 file; a lone quote that would swallow the rest is taken as text."""
    with path.open("r", encoding="utf-8", newline="") as source:
        lines = source.readlines()
    if lines and re.match(r"^\ufeff?sep=.\r?\n?$", lines[0], re.IGNORECASE):
        lines = lines[1:]
    rows: list[Row] = []
    at = 0
    while at < len(lines):
        at = _read_until_trouble(lines, at, dialect, rows, grid)
    if rows and max(map(len, rows)) > MAX_COLUMNS and statistics.median(map(len, rows)) > MAX_COLUMNS:
        raise Refused("too_many_columns", n=max(map(len, rows)))
    return rows


def records(lines: Iterator[str], dialect: Dialect, grid: Grid) -> Iterator[Row]:
    """Yield every record of lines too many to hold, read as :func:`read_rows` reads them."""
    held: list[str] = []
    at = 0
    while fresh := list(islice(lines, BLOCK)):
        held = held[at:] + fresh
        at = 0
        rows: list[Row] = []
        until = len(held) - MAX_SPAN - 1
        while at < until:
            at = _read_until_trouble(held, at, dialect, rows, grid, until)
        yield from rows
    rows = []
    while at < len(held):
        at = _read_until_trouble(held, at, dialect, rows, grid)
    yield from rows


def _read_until_trouble(
    lines: list[str], start: int, dialect: Dialect, rows: list[Row], grid: Grid, until: int | None = None
) -> int:
    """Append records from a line on; return the line after the last one taken, or the one from which more must be known.

    A record of more than MAX_SPAN lines, one that never closes its quote, or one whose lone quote
    swallowed the next record, is read again as one line without quoting.
    """
    reader = dialect.rows(iter(lines[start:]) if start else iter(lines))
    before = 0
    try:
        for row in reader:
            if until is not None and start + before >= until:
                return start + before
            span = reader.line_num - before  # type: ignore[attr-defined]
            ended = start + reader.line_num >= len(lines)  # type: ignore[attr-defined]
            unclosed = ended and span > 1 and dialect.quoted and _odd(lines[start + before :], dialect)
            swallowed = span > 1 and bool(rows) and len(row) >= len(rows[-1]) + 2
            if span > MAX_SPAN or unclosed or swallowed:
                return _as_text(lines, start + before, dialect, rows, grid)
            rows.append(row)
            before = reader.line_num  # type: ignore[attr-defined]
    except csv.Error:
        return _as_text(lines, start + before, dialect, rows, grid)
    return len(lines)


def _odd(lines: list[str], dialect: Dialect) -> bool:
    return sum(line.count(dialect.quote) for line in lines) % 2 == 1


def _as_text(lines: list[str], at: int, dialect: Dialect, rows: list[Row], grid: Grid) -> int:
    plain = Dialect(dialect.separator, quoted=False)
    rows.extend(plain.rows(iter([lines[at].replace("\x00", "")])))
    grid.problems.append(Problem(code="quote_unclosed", severity="warning", facts={"line": at + 1}))
    if len(grid.problems) > 1000:
        raise Refused("file_broken", reason="quotes")
    return at + 1
