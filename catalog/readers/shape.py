"""Find the table inside a grid of cells: preamble, header of up to three levels, body, notes."""

import re
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from unicodedata import normalize

from catalog.readers import dates, numbers
from catalog.readers.grid import Body, Grid, Range, Row
from catalog.readers.values import FLAGGED_NULL, NULL_WORDS
from web.values import Problem, Refused

LOOKED_AT = 60
LEVELS = 3
SHEETS = ("xlsx", "xls", "ods")
STRAY, RAGGED = 0.02, 0.2
NOTE = re.compile(
    r"^\W*(?:fuentes?|notas?|source|notes?|elabor|nd\b|n/d\b|\d/|\*|\(\d\)|p/|r/|e/|1/)", re.IGNORECASE
)
NOTHING = frozenset(word for word in NULL_WORDS if not (len(word) == 1 and word.isalpha()))
YEARLIKE = range(1800, 2101)
JOIN = " · "
BLANK = " \t\n\r\v\f\x1a\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u2060\u3000\ufeff" + "".join(
    map(chr, range(0x2000, 0x2010))
)
CODE_NAME = re.compile(r"^[A-Za-z][A-Za-z0-9_.]*$")
BRACKETED = re.compile(r"^[(\[].{1,30}[)\]]$")


def trimmed(grid: Grid) -> Grid:
    """Return a grid without the blank columns on its left."""
    if grid.headed or grid.large:
        return grid
    left = min((at for row in grid.rows for at, cell in enumerate(row) if cell.strip(BLANK)), default=0)
    if not left:
        return grid
    return replace(
        grid,
        rows=[row[left:] for row in grid.rows],
        dotted=frozenset(at - left for at in grid.dotted),
        merged=tuple(
            ((a[0], max(0, a[1] - left)), (b[0], b[1] - left)) for a, b in grid.merged if b[1] >= left
        ),
    )


def shape(grid: Grid) -> Body:
    """Return the table of a grid with its labels; raises Refused(``no_table``) when it holds none."""
    rows = [[cell.strip(BLANK) if len(cell) < 1000 else cell for cell in row] for row in grid.rows]
    filled = [_filled(row) for row in rows]
    if not any(filled):
        raise Refused("file_blank")
    kinds = _kinds(rows, filled)
    data = 0 if grid.headed or grid.header else _first_data(rows, filled, kinds)
    if grid.header:
        labels, data, used, changes = _as_said(rows, *grid.header, grid.merged)
    else:
        labels, used, changes = _labels(rows, filled, data, grid)
    if not grid.header and _counts_rows(labels, rows[data:]):
        labels = ["", *labels]
    if grid.headed and not grid.header:
        labels, data, used, changes = rows[0], 1, 1, []
    body = Body(labels, [], header_rows=used, start=data, changes=changes)
    body.title = _title(rows[: max(0, data - used)])
    _fill(body, rows[data:], filled[data:], sheet=grid.kind in SHEETS, headed=grid.headed)
    if not body.rows:
        raise Refused("no_rows")
    if not grid.headed:
        _refuse_prose(body)
    return body


def _title(above: Sequence[Row]) -> str:
    """Return the last line above a header when it is one short text, else ''."""
    line = next((row for row in reversed(above) if any(row)), [])
    cells = [cell for cell in line if cell]
    return cells[0] if len(cells) == 1 and len(cells[0]) <= 80 else ""


def _as_said(
    rows: Sequence[Row], first: int, levels: int, merged: tuple[Range, ...]
) -> tuple[list[str], int, int, list[Problem]]:
    """Return the labels of a header whose place a person gave, and where the body starts."""
    if first + levels >= len(rows):
        raise Refused("header_beyond", row=first + 1, n=len(rows))
    changes = [_info("preamble_skipped", n=first)] if first else []
    if not levels:
        return [""] * max(map(len, rows[first:])), first, 0, [_info("no_header"), *changes]
    return _joined(rows, first, first + levels - 1, merged), first + levels, levels, changes


def _counts_rows(labels: Sequence[str], rows: Sequence[Row]) -> bool:
    """Tell a table written by R: its rows begin with their number, for which the header has no name."""
    named = [label for label in labels if label]
    if (
        len(named) != len(labels)
        or len(rows) < 2
        or any(len(row) != len(labels) + 1 for row in rows if any(row))
    ):
        return False
    return [row[0] for row in rows if any(row)] == [str(n + 1) for n in range(sum(map(any, rows)))]


def _filled(row: Sequence[str]) -> int:
    return sum(1 for cell in row if cell)


def kind(cell: str) -> str:
    """Return what a cell looks like: empty, null, number, date or text."""
    if not cell:
        return "empty"
    if cell.lower() in NOTHING or FLAGGED_NULL.match(cell):
        return "null"
    if len(cell) > 48:
        return "text"
    if numbers.take_apart(cell) or numbers.is_limit(cell):
        return "number"
    return "date" if dates.match(cell) else "text"


def _kinds(rows: Sequence[Row], filled: Sequence[int]) -> dict[int, str]:
    """Return the majority kind of each column in the part of the grid that is surely body."""
    solid = [row for row, n in zip(rows[:600], filled[:600], strict=True) if n]
    body = solid[len(solid) // 2 :] if len(solid) < 100 else solid[LOOKED_AT:]
    kinds: dict[int, Counter[str]] = {}
    for row in body:
        for at, cell in enumerate(row):
            if cell:
                kinds.setdefault(at, Counter())[kind(cell)] += 1
    found = {}
    for at, counted in kinds.items():
        counted.pop("null", None)
        if counted:
            best, n = counted.most_common(1)[0]
            found[at] = best if n >= 0.6 * counted.total() else "text"
    return found


def _first_data(rows: Sequence[Row], filled: Sequence[int], kinds: dict[int, str]) -> int:
    """Return the index of the first row that looks like the body."""
    usual = statistics.median([n for n in filled[:600] if n])
    typed = {at for at, name in kinds.items() if name in ("number", "date")}
    for index, row in enumerate(rows[:LOOKED_AT]):
        if filled[index] < max(min(2, usual), 0.3 * usual):
            continue
        if typed:
            if _numbers_columns(row, kinds):
                continue
            match, miss = _agreement(row, typed, kinds)
            if match and match >= 2 * miss and not _is_sequence(rows, filled, index, typed):
                return _earliest(rows, filled, index, kinds)
        elif filled[index] >= 0.7 * usual or (filled[index] >= 0.6 * usual and all(row[: filled[index]])):
            named = _looks_like_header(row, rows[index + 1 :])
            return index + named + (_same_words_below(rows, index) if named else 0)
    if not typed:
        return 0
    return next((i for i, n in enumerate(filled[:LOOKED_AT]) if n >= 0.7 * usual), 0) + 1


def _earliest(rows: Sequence[Row], filled: Sequence[int], index: int, kinds: dict[int, str]) -> int:
    """Step back over rows of data, sparse or without numbers, between a full header and the first typed row.

    Rows with words over the columns of numbers and dates are no data.
    """
    typed = {at for at, name in kinds.items() if name in ("number", "date")}
    full = max(filled[: index + 1], default=0)
    for at in range(index - 1, -1, -1):
        if filled[at] >= 0.9 * full and _names(rows, filled, at, kinds, typed):
            start = at + 1 + _same_words_below(rows, at)
            start += start < index and _numbers_columns(rows[start], kinds)
            agrees = all(_is_data(rows, filled, place, kinds) for place in range(start, index))
            return start if agrees else index
    return _above_sections(rows, filled, index, typed)


def _is_data(rows: Sequence[Row], filled: Sequence[int], at: int, kinds: dict[int, str]) -> bool:
    """Tell a row of data below a header: hardly a word over numbers; without a key, numbers and no run of years."""
    typed = {column for column, name in kinds.items() if name in ("number", "date")}
    match, miss = _agreement(rows[at], typed, kinds)
    if rows[at] and rows[at][0]:
        return miss < 2
    return bool(match) and not miss and not _is_sequence(rows, filled, at, typed)


def _names(
    rows: Sequence[Row], filled: Sequence[int], at: int, kinds: dict[int, str], typed: set[int]
) -> bool:
    """Tell whether a full row may name the columns: words that differ, or a run of years."""
    row = rows[at]
    cells = [cell for cell in row if cell]
    silent = any(kind(row[column]) == "null" for column in typed if column < len(row))
    if len(set(cells)) < len(cells) or silent:
        return False
    return not _agreement(row, typed, kinds)[0] or _is_sequence(rows, filled, at, typed)


def _same_words_below(rows: Sequence[Row], at: int) -> int:
    """Count the rows below a header that say one word for most columns, such as “Response”, and never again."""
    below = rows[at + 1] if at + 1 < len(rows) else []
    cells = Counter(cell for cell in below if cell)
    word, n = cells.most_common(1)[0] if cells else ("", 0)
    again = any(word in row for row in rows[at + 2 : at + 600])
    return int(n >= 3 and n >= 0.5 * cells.total() and kind(word) == "text" and not again)


def _above_sections(rows: Sequence[Row], filled: Sequence[int], index: int, typed: set[int]) -> int:
    """Step back over the title of the first section, when the names of the columns stand above it."""
    titled = index > 1 and filled[index - 1] == 1 and bool(rows[index - 1][0])
    named = titled and filled[index - 2] >= 0.6 * filled[index] and _is_worded(rows[index - 2], typed)
    return index - 1 if named else index


def _agreement(row: Row, typed: set[int], kinds: dict[int, str]) -> tuple[int, int]:
    match = miss = 0
    for at in typed:
        found = kind(row[at]) if at < len(row) else "empty"
        if found == kinds[at]:
            match += 1
        elif found in ("text", "date", "number"):
            miss += 1
    return match, miss


def _is_sequence(rows: Sequence[Row], filled: Sequence[int], index: int, typed: set[int]) -> bool:
    """Tell a header of years or running numbers, such as 1960, 1961, 1962, from a row of values.

    No row with a key is one below a full row of words: that one is the header.
    """
    row = rows[index]
    keyed = any(cell for at, cell in enumerate(row) if at not in typed)
    if keyed and any(
        filled[at] >= 0.7 * filled[index] and _is_worded(rows[at], typed) for at in range(index)
    ):
        return False
    found = [(at, int(cell)) for at, cell in enumerate(row) if cell.isdigit()]
    if not _runs(found):
        found = [(at, value) for at, value in found if at in typed]
    if len(found) == 1 and len(typed) == 1 and keyed:
        return _is_lone_year(rows, index, *found[0])
    if len(found) < 2 or len(found) < 0.6 * sum(1 for at in typed if at < len(row) and row[at]):
        return False
    values = [value for _, value in found]
    steps = {b - a for a, b in pairwise(values)}
    below = rows[index + 1 : index + 6]
    if all(value in YEARLIKE for value in values):
        again = [other[at] for other in below for at, _ in found if at < len(other) and other[at]]
        years_below = sum(text.isdigit() and int(text) in YEARLIKE for text in again)
        varied = len(steps) == 1 or len(set(values)) < len(values) or len(values) >= 3
        alone = steps == {1} and keyed and len(below) > 1 and not any(_steps(other, found) for other in below)
        return varied and (years_below < 0.5 * len(again) or alone)
    worded = any(_is_worded(rows[at], typed) for at in range(index) if filled[at] >= 0.7 * filled[index])
    return (
        values[0] in ((1,) if worded else (0, 1))
        and steps == {1}
        and len(values) >= 5
        and not any(_steps(other, found) for other in below)
    )


def _runs(found: Sequence[tuple[int, int]]) -> bool:
    """Tell numbers that go on by ones from column to column."""
    return len(found) >= 5 and all(b[1] - a[1] == 1 and b[0] - a[0] == 1 for a, b in pairwise(found))


def _is_lone_year(rows: Sequence[Row], index: int, at: int, year: int) -> bool:
    """Tell a header such as 'Estado, 2020': one year among names that are never repeated below."""
    below = rows[index + 1 : index + 600]
    values = [row[at] for row in below if at < len(row) and row[at]]
    if year not in YEARLIKE or not values or any(v.isdigit() and int(v) in YEARLIKE for v in values):
        return False
    named = [(i, cell) for i, cell in enumerate(rows[index]) if cell and i != at]
    return not any(i < len(row) and row[i] == cell for row in below for i, cell in named)


def _is_worded(row: Row, typed: set[int]) -> bool:
    """Tell a row that has words over most of the columns of numbers and dates."""
    kinds = [kind(row[at]) for at in typed if at < len(row) and row[at]]
    return bool(kinds) and sum(one in ("text", "null") for one in kinds) >= 0.7 * max(
        len(kinds), 0.5 * len(typed)
    )


def _numbers_columns(row: Row, kinds: dict[int, str]) -> bool:
    """Tell a row (1), (2), (3)…, or 1, 2, 3… also over columns of words: it numbers the columns."""
    cells = [(at, cell) for at, cell in enumerate(row) if cell]
    bare = [cell.strip("()[]") for _, cell in cells]
    if len(cells) < 3 or bare != [str(i + 1) for i in range(len(cells))]:
        return False
    bracketed = all(cell[0] in "([" and cell[-1] in ")]" for _, cell in cells)
    return bracketed or any(kinds.get(at) == "text" for at, _ in cells)


def _steps(row: Row, found: list[tuple[int, int]]) -> bool:
    """Tell whether a row runs on by ones like the sequence above it."""
    cells = [row[at] for at, _ in found if at < len(row)]
    return all(cell.isdigit() for cell in cells) and all(int(b) - int(a) == 1 for a, b in pairwise(cells))


def _looks_like_header(row: Row, below: Sequence[Row]) -> bool:
    """Tell, in a table of text only, whether a row names the columns: unique, short, not repeated below."""
    cells = [cell for cell in row if cell]
    if len(set(cells)) < 0.7 * len(cells):
        return False
    if max(map(len, cells)) > 120 and not _answers(below):
        return False
    repeated = sum(
        any(at < len(other) and other[at] == cell for other in below[:2000])
        for at, cell in enumerate(row)
        if cell
    )
    return repeated <= 0.2 * len(cells)


def _answers(rows: Sequence[Row]) -> bool:
    """Tell rows of answers: most columns hold few short texts again and again, whatever was asked above them."""
    columns = [
        [row[at] for row in rows[:600] if at < len(row) and row[at]]
        for at in range(max(map(len, rows), default=0))
    ]
    filled = [column for column in columns if len(column) >= 10]
    repeated = [c for c in filled if len(set(c)) <= 0.3 * len(c) and max(map(len, c)) <= 120]
    return len(repeated) > 0.5 * len(columns)


def _labels(
    rows: Sequence[Row], filled: Sequence[int], data: int, grid: Grid
) -> tuple[list[str], int, list[Problem]]:
    """Return the label of each column, how many rows made them, and what was noticed."""
    changes: list[Problem] = []
    lowest = data - 1
    while lowest >= 0 and (
        not filled[lowest]
        or _is_tags(rows[lowest])
        or _is_numbering(rows, filled, lowest)
        or _is_description(rows, filled, lowest)
    ):
        if filled[lowest]:
            changes.append(_info("tag_row_skipped", example=next(cell for cell in rows[lowest] if cell)))
        lowest -= 1
    width = max((len(row) for row in rows[data : data + 600]), default=0)
    usual = statistics.median([n for n in filled[data : data + 600] if n] or [1])
    lonely = lowest >= 0 and filled[lowest] == 1 and usual >= 3
    if lowest < 0 or (lonely and not _adds_to_names(rows, filled, lowest, usual)):
        changes.append(_info("no_header"))
        if lowest >= 0:
            changes.append(_info("preamble_skipped", n=lowest + 1))
        return [""] * width, 0, changes
    top = lowest
    while top > 0 and lowest - top < LEVELS - 1 and _is_level(rows, filled, top - 1, lowest, grid.merged):
        top -= 1
    if any(filled[:top]):
        changes.append(_info("preamble_skipped", n=sum(1 for n in filled[:top] if n)))
    if top < lowest:
        changes.append(_info("header_levels", n=lowest - top + 1))
    return _joined(rows, top, lowest, grid.merged), lowest - top + 1, changes


def _adds_to_names(rows: Sequence[Row], filled: Sequence[int], at: int, usual: float) -> bool:
    """Tell a lone word below a full row of names, such as “Restated” under the last year."""
    return at > 0 and not rows[at][0] and filled[at - 1] >= 0.7 * usual


def _info(code: str, **facts: str | int | float) -> Problem:
    return Problem(code=code, severity="info", facts=facts)


def _is_tags(row: Row) -> bool:
    """Tell a row of HXL tags (#adm1+name)."""
    cells = [cell for cell in row if cell]
    return len(cells) >= 2 and all(re.match(r"^#[a-z]", cell) for cell in cells)


def _is_description(rows: Sequence[Row], filled: Sequence[int], at: int) -> bool:
    """Tell a row of words that explains a row of codes above it, name by name."""
    if at == 0 or filled[at] < 2 or filled[at - 1] != filled[at]:
        return False
    codes, words = ([cell for cell in row if cell] for row in (rows[at - 1], rows[at]))
    named = all(CODE_NAME.match(cell) for cell in codes) and len(set(codes)) == len(codes)
    worded = sum(" " in cell or "!!" in cell for cell in words) >= 0.3 * len(words)
    return named and worded and len(set(words)) == len(words) and any("_" in cell for cell in codes)


def _is_numbering(rows: Sequence[Row], filled: Sequence[int], at: int) -> bool:
    """Tell a row that only numbers the columns 1, 2, 3… below the real header."""
    cells = [cell.strip("()[]") for cell in rows[at] if cell]
    numbered = len(cells) >= 3 and cells == [str(i + 1) for i in range(len(cells))]
    return numbered and at > 0 and filled[at - 1] >= 0.7 * len(cells)


def _is_level(
    rows: Sequence[Row], filled: Sequence[int], at: int, lowest: int, merged: tuple[Range, ...]
) -> bool:
    """Tell whether a row above the lowest header row groups its columns."""
    row, below = rows[at], rows[at + 1]
    if _same_words_below(rows, at):
        return True
    if not filled[at] or any(len(cell) > 160 for cell in row):
        return False
    width = max(len(row), len(below))
    spans = [end[1] - start[1] + 1 for start, end in merged if start[0] <= at <= end[0]]
    if any(span >= max(3, 0.9 * width) for span in spans) and filled[at] == 1:
        return False
    positions = [i for i, cell in enumerate(row) if cell]
    if filled[at] >= 2 and all(BRACKETED.match(cell) for cell in below if cell):
        return True
    if filled[at] == 1 and positions[0] == 0:
        return False
    if any(1 < span < width for span in spans):
        return True
    repeated = len({cell for cell in below if cell}) < _filled(below)
    holes = any(not cell for cell in below[: max(positions) + 1])
    if filled[at] == 1:
        return repeated or holes
    if max(positions) <= 1 and width > 4:
        return False
    gaps = any(b - a > 1 for a, b in pairwise(positions))
    return repeated or holes or gaps


def _joined(rows: Sequence[Row], top: int, lowest: int, merged: tuple[Range, ...]) -> list[str]:
    width = max(len(rows[at]) for at in range(top, lowest + 1))
    levels = [list(rows[at]) + [""] * (width - len(rows[at])) for at in range(top, lowest + 1)]
    for index in range(len(levels) - 1):
        _fill_right(levels, index, top + index, merged)
    labels = []
    for column in range(width):
        parts: list[str] = []
        for level in levels:
            text = normalize("NFC", " ".join(level[column].split()))
            if text and text not in parts:
                parts.append(text)
        labels.append(JOIN.join(parts))
    return labels


def _fill_right(levels: list[Row], index: int, row: int, merged: tuple[Range, ...]) -> None:
    """Carry a group's text over the columns it covers: by its merged range, else up to the next group."""
    ranges = [(start[1], end[1]) for start, end in merged if start[0] <= row <= end[0]]
    level, carried = levels[index], ""
    end = max(at for one in levels for at, cell in enumerate(one) if cell)
    for at, cell in enumerate(level):
        trailing = index == 0 and at > end
        if any(start <= at <= end and level[start] for start, end in ranges):
            covering = next(start for start, end in ranges if start <= at <= end)
            level[at] = level[covering]
        elif cell:
            carried = cell
        elif any(above[at] and (at == 0 or above[at] != above[at - 1]) for above in levels[:index]):
            carried = ""
        elif carried and not ranges and (trailing or any(below[at] for below in levels[index + 1 :])):
            level[at] = carried


def _fill(body: Body, rows: Sequence[Row], filled: Sequence[int], *, sheet: bool, headed: bool) -> None:
    """Put the rows of the body in order: rectangular, without blanks, notes and repeated headers.

    Records (``headed``) are all kept: nobody writes a note among them.
    """
    width = _width(body.labels, rows, sheet)
    usual = statistics.median([n for n in filled[:5000] if n] or [1])
    last = max((i for i, n in enumerate(filled) if n >= min(2, usual)), default=len(rows) - 1)
    aside: Counter[str] = Counter()
    examples: dict[str, str] = {}
    outside: list[str] = []
    short = 0
    names = [label for label in body.labels if label]
    for index, row in enumerate(rows):
        apart = index > 0 and not filled[index - 1]
        reason = "" if headed else why_aside(row, filled[index], usual, index > last, apart)
        if not headed and filled[index] and len(names) > 1 and [cell for cell in row if cell] == names:
            reason = "repeated_headers"
        beyond = next((cell for cell in row[width:] if cell), "")
        if not reason and beyond and not sheet:
            reason = "rows_too_long"
        if reason:
            aside[reason] += 1
            examples.setdefault(reason, next((cell for cell in row if cell), "")[:80])
            continue
        if beyond:
            outside.append(beyond)
        short += len(row) < min(width, len(body.labels))
        body.indices.append(body.start + index)
        body.rows.append(row[:width] + [""] * (width - len(row)))
    body.labels = (body.labels + [""] * width)[:width]
    blank = aside.pop("blank", 0)
    if blank:
        body.changes.append(_info("blank_rows", n=blank))
    if short and short < len(body.rows):
        body.changes.append(_info("short_rows", n=short))
    if outside:
        body.changes.append(_info("cells_outside", n=len(outside), example=outside[0][:80]))
    for reason, n in aside.items():
        body.changes.append(_info(reason, n=n, example=examples[reason]))
    body.set_aside = sum(aside.values())


def why_aside(row: Row, filled: int, usual: float, after: bool, apart: bool) -> str:
    """Return why a row is no row of the table, '' when it is one."""
    if not filled:
        return "blank"
    first = next(cell for cell in row if cell)
    if usual >= 3 and filled == 1 and after:
        return "notes_below"
    if usual >= 3 and filled <= 2 and after and NOTE.match(first):
        return "notes_below"
    if usual >= 2 and filled == 1 and after and (NOTE.match(first) or apart or len(first) > 60):
        return "notes_below"
    return ""


def _width(labels: Sequence[str], rows: Iterable[Row], sheet: bool) -> int:
    """Return the number of columns: all that are named, and unnamed ones that hold values.

    In a text, rows with more cells than the header has are broken ones unless they are many; in
    a sheet, what stands beside the table in hardly any row is no column.
    """
    extents = Counter(max((i + 1 for i, cell in enumerate(row) if cell), default=0) for row in rows)
    named = max((i + 1 for i, label in enumerate(labels) if label), default=0)
    stated = named if sheet or not named else len(labels)
    inside = max((extent for extent in extents if extent <= stated), default=0)
    wider = sum(n for extent, n in extents.items() if extent > stated)
    if not wider or (named and wider <= (STRAY if sheet else RAGGED) * extents.total()):
        return max(named, inside) or max(extents, default=0)
    return max(extents)


def _refuse_prose(body: Body) -> None:
    """Refuse a sheet of sentences: no table to be read from it."""
    cells = [cell for row in body.rows[:300] for cell in row if cell]
    several = sum(1 for row in body.rows[:300] if _filled(row) >= 2)
    long = sum(len(cell) > 60 for cell in cells)
    if len(body.labels) <= 1 and long > 0.3 * len(cells):
        raise Refused("no_table")
    if (
        several < 0.3 * min(len(body.rows), 300)
        and len(body.labels) > 1
        and (long > 0.3 * len(cells) or _is_wordy(cells))
    ):
        raise Refused("no_table")
    if _is_split_prose(body) or _names_are_sentences(body):
        raise Refused("no_table")
    if len(body.rows) <= 5 and _is_wordy(cells) and _is_wordy([one for one in body.labels if one]):
        raise Refused("no_table")


def _names_are_sentences(body: Body) -> bool:
    """Tell a text whose lines happen to hold commas: a name as long as a sentence over rows of words, many of one cell."""
    rows = [row for row in body.rows[:300] if any(row)]
    cells = [cell for row in rows for cell in row if cell]
    worded = sum(len(cell.split()) >= 3 for cell in cells)
    lonely = sum(_filled(row) == 1 for row in rows)
    sentence = any(len(label.split()) > 12 for label in body.labels)
    return sentence and len(body.labels) > 1 and worded > 0.5 * len(cells) and lonely >= 0.3 * len(rows)


def _is_split_prose(body: Body) -> bool:
    """Tell sentences cut at their commas: columns without a name that fill up less and less with words."""
    rows = body.rows[:300]
    named = sum(map(bool, body.labels))
    if len(body.labels) < 2 or named > max(2, 0.5 * len(body.labels)) or named > 0.7 * len(body.labels):
        return False
    fills = [sum(bool(row[at]) for row in rows) for at in range(len(body.labels))]
    cells = [cell for row in rows for cell in row if cell]
    worded = sum(len(cell.split()) >= 3 for cell in cells)
    numbered = sum(kind(cell) in ("number", "date") for cell in cells)
    falling = all(b <= a for a, b in pairwise(fills)) and fills[-1] < 0.3 * fills[0]
    return falling and worded > 0.5 * len(cells) and numbered < 0.05 * len(cells)


def _is_wordy(cells: Sequence[str]) -> bool:
    """Tell pieces of sentences: several words each, and no number or date among them."""
    words = sum(len(cell.split()) for cell in cells)
    return words >= 3 * len(cells) and all(kind(cell) == "text" for cell in cells)
