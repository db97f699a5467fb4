"""Put odd bodies in order: stacked tables apart, sections to a column, keys filled down, totals marked."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from catalog.readers.grid import Body, Grid, Range, Row
from catalog.readers.shape import kind, shape
from web.values import Problem, Refused

TOTAL = re.compile(r"^\W*(?:gran(?:d)?[\s_-]+)?(?:sub[\s_-]*)?tota(?:l|les)\b", re.IGNORECASE)
OF_ALL = re.compile(
    r"^\W*(?:gran(?:d)?[\s_-]+)?(?:sub[\s_-]*)?tota(?:l|les)\b\W*(?:$|\d|(?:de|del|of|for|en|in|por|general|nacional|anual|annual|acumulado|estatal|municipal|all|overall)\b)",
    re.IGNORECASE,
)
WHOLE = re.compile(
    r"^(?:(?:total )?nacional|national|estados unidos mexicanos|rep[uú]blica mexicana|grand total|gran total|overall"
    r"|ambos sexos|both sexes|todas las edades|all ages|all persons|promedio|promedio nacional|promedio general|average|mean|tod[oa]s|conjunto nacional|ensemble|insgesamt|gesamt)$",
    re.IGNORECASE,
)
OF_GROUP = re.compile(r"^(.+?)[\s:,-]+(?:sub)?totale?s?$|^(?:sub)?totale?s?[\s:,-]+(.+)$", re.IGNORECASE)
SUM = re.compile(r"^(?:la )?sum[ae]?$", re.IGNORECASE)
PARTIAL = re.compile(r"^parci?al", re.IGNORECASE)
SECTION, IS_TOTAL = "section", "is_total"
KEYS, MOST_TOTALS = 10, 0.8


def blocks(grid: Grid) -> list[Grid]:
    """Return the tables stacked in a grid, each with the title rows above it; mostly one.

    Where a person said which row is the header, that belongs to the table around it.
    """
    if grid.headed or grid.large or len(grid.rows) > 20_000:
        return [grid]
    parts: list[list[int]] = []
    for segment in _segments(grid.rows):
        if parts and not _starts_table(grid, parts, segment):
            parts[-1].extend(segment)
        else:
            parts.append(segment)
    if len(parts) < 2:
        return [grid]
    return [_cut(grid, part) for part in parts]


def _segments(rows: Sequence[Row]) -> list[list[int]]:
    """Return runs of rows between blank ones; a run of titles joins the run below it."""
    runs: list[list[int]] = []
    held: list[int] = []
    current: list[int] = []
    for at, row in enumerate([*rows, []]):
        if any(cell.strip() for cell in row):
            current.append(at)
            continue
        if current:
            titles = all(sum(bool(cell.strip()) for cell in rows[i]) <= 1 for i in current)
            if titles:
                held += current
            else:
                runs.append(held + current)
                held = []
        current = []
    if held and runs:
        runs[-1] += held
    return runs


def _starts_table(grid: Grid, parts: list[list[int]], segment: list[int]) -> bool:
    """Tell whether a run of rows is a table of its own: with a header of words over typed columns."""
    rows = [grid.rows[at] for at in segment]
    if len(rows) < 3:
        return False
    try:
        below, above = shape(Grid(rows)), shape(Grid([grid.rows[at] for at in parts[-1]]))
    except Refused:
        return False
    named = [label for label in below.labels if label]
    if not below.header_rows or len(named) < 2 or named == [label for label in above.labels if label]:
        return False
    typed = [at for at in range(len(below.labels)) if _is_typed(below.rows, at)]
    worded = all(kind(below.labels[at]) == "text" for at in typed if below.labels[at])
    return bool(typed) and worded and below.start + len(below.rows) >= 2


def _is_typed(rows: Sequence[Row], at: int) -> bool:
    kinds = [kind(row[at]) for row in rows[:50] if row[at]]
    return bool(kinds) and sum(one in ("number", "date") for one in kinds) >= 0.8 * len(kinds)


def _cut(grid: Grid, part: list[int]) -> Grid:
    """Return a grid of the rows from the first to the last of a part, merged ranges moved along."""
    first, last = part[0], part[-1]
    merged = tuple(
        ((a[0] - first, a[1]), (b[0] - first, b[1])) for a, b in grid.merged if first <= a[0] and b[0] <= last
    )
    return replace(
        grid,
        rows=grid.rows[first : last + 1],
        header=_within(grid.header, first, last),
        merged=merged,
        changes=[*grid.changes],
        problems=[*grid.problems],
    )


def _within(header: tuple[int, int] | None, first: int, last: int) -> tuple[int, int] | None:
    """Return the place of a header among the rows from ``first`` to ``last``; None when it is not there."""
    if header is None or not header[1]:
        return header
    return (header[0] - first, header[1]) if first <= header[0] <= last else None


def tidy(body: Body, merged: Sequence[Range] = ()) -> Body:
    """Return the body with vertical merges and group keys filled down and section titles as a column."""
    _fill_merged(body, merged)
    _fill_groups(body)
    _sections(body)
    return body


def _fill_merged(body: Body, merged: Sequence[Range]) -> None:
    """Repeat the value of a vertically merged cell in all the rows it covers."""
    if not body.indices:
        return
    position = {index: at for at, index in enumerate(body.indices)}
    n = 0
    for (top, left), (bottom, right) in merged:
        source = position.get(top)
        if bottom == top or source is None or left >= len(body.labels):
            continue
        for index in range(top, bottom + 1):
            at = position.get(index)
            for column in range(left, min(right + 1, len(body.labels))) if at is not None else ():
                if not body.rows[at][column]:  # type: ignore[index]
                    body.rows[at][column] = body.rows[source][left]  # type: ignore[index]
                    n += 1
    if n:
        body.changes.append(Problem(code="merged_filled", severity="info", facts={"n": n}))


def _fill_groups(body: Body) -> None:
    """Fill a first column that names each group only on its first row."""
    if len(body.labels) < 3 or len(body.rows) < 6 or not body.rows[0][0]:
        return
    keys = [row[0] for row in body.rows]
    groups = set(keys)
    plain = [row for row in body.rows if not _is_total(row[0], groups)]
    named = [row[0] for row in plain if row[0]]
    share = 1 - len(named) / max(1, len(plain))
    others = [cell for row in plain for cell in row[1:3]]
    full = sum(bool(cell) for cell in others) >= 0.95 * len(others)
    if not (0.3 <= share <= 0.97) or len(set(named)) < len(named) or not full:
        return
    if any(kind(key) != "text" for key in named):
        return
    current = ""
    for row in body.rows:
        current = row[0] or current
        row[0] = current
    n = sum(not key for key in keys)
    body.changes.append(Problem(code="groups_filled", severity="info", where=body.labels[0], facts={"n": n}))


def _sections(body: Body) -> None:
    """Turn rows that hold only a title, followed by rows of data, into a column of their own."""
    if len(body.labels) < 3:
        return
    lone = [at for at, row in enumerate(body.rows) if row[0] and not any(row[1:]) and kind(row[0]) == "text"]
    if not lone or len(lone) > 0.34 * len(body.rows):
        return
    if not (lone[0] == 0 and len(lone) > 1) and not all(_stands_apart(body, at) for at in lone):
        return
    follow = sum(at + 1 < len(body.rows) and any(body.rows[at + 1][1:]) for at in lone)
    if follow < 0.9 * len(lone):
        return
    example = body.rows[lone[0]][0][:80]
    current, rows, titles, indices = body.title if lone[0] else "", [], [], []
    places = set(lone)
    for at, row in enumerate(body.rows):
        if at in places:
            current = row[0]
            continue
        rows.append(row)
        titles.append(current)
        indices.append(body.indices[at] if body.indices else at)
    body.changes.append(Problem(code="sections", severity="info", facts={"n": len(lone), "example": example}))
    body.rows, body.indices, body.derived[SECTION] = rows, indices, titles
    body.set_aside += len(lone)


def _stands_apart(body: Body, at: int) -> bool:
    """Tell whether a title in the midst of a table has a blank row above or the header again below."""
    if not body.indices or at == 0 or at + 1 >= len(body.rows):
        return False
    return body.indices[at] - body.indices[at - 1] > 1 or body.indices[at + 1] - body.indices[at] > 1


def apart(body: Body) -> Iterator[tuple[str, list[str | None], int]]:
    """Yield (name, texts, column) of keys written together, as Eurostat does: 'unit,geo\\time'."""
    for at, label in enumerate(body.labels):
        keys = keys_of(label)
        parts = [row[at].split(",") for row in body.rows] if keys else []
        if parts and all(len(one) == len(keys) for one in parts):
            for place, key in enumerate(keys):
                yield key, [one[place].strip() or None for one in parts], at


def keys_of(label: str) -> list[str]:
    """Return the names of keys that one column holds together: 'unit,geo\\time' holds unit and geo."""
    keys = label.partition("\\")[0].split(",") if "\\" in label else []
    return [key.strip() for key in keys] if len(keys) > 1 else []


def totals(rows: Sequence[Row]) -> list[bool]:
    """Tell which rows are totals or subtotals of others by the words in their first columns of text."""
    width = min(KEYS, max(map(len, rows), default=0))
    said = total_words([{row[at] for row in rows} for at in range(width)])
    marks = [any(row[at] in words for at, words in enumerate(said)) for row in rows]
    for end in (0, -1):
        marks[end] = marks[end] or ends_in_total(rows[end], said)
    return marks if is_some(sum(marks), len(rows)) else []


def total_words(columns: Sequence[set[str]]) -> list[set[str]]:
    """Return the words of each column that mean a total of others.

    A column that says total on every row says nothing, and one of wholes and parts names a kind.
    """
    groups = set().union(*columns[:3])
    found = []
    for words in columns:
        said = {word for word in words if _is_total(word, groups)}
        silent = said >= words - {""} or any(PARTIAL.match(word) for word in words)
        found.append(set() if silent else said)
    return found


def ends_in_total(row: Sequence[str | None], said: Sequence[set[str]]) -> bool:
    """Tell a first or last row that is a total: there “Total Systems Ltd” and “Suma” are no names."""
    return any(
        cell and (TOTAL.match(cell) or SUM.match(cell)) for cell, _ in zip(row[:3], said, strict=False)
    )


def is_some(marked: int, rows: int) -> bool:
    """Tell whether so many totals are possible: some, and some rows that they add up."""
    return 0 < marked <= MOST_TOTALS * rows


def is_sum(told: Sequence[tuple[float | None, float]], rows: int) -> bool:
    """Tell whether a row adds up all others, from its value and the sum of each measure.

    Two measures must say so, or one of many rows.
    """
    known = [(value, whole) for value, whole in told if value]
    agreed = [abs(2 * value - whole) <= 1e-6 * abs(value) for value, whole in known if value]
    return rows >= 4 and bool(agreed) and all(agreed) and (len(agreed) >= 2 or rows >= 8)


def _is_total(cell: str, groups: set[str]) -> bool:
    """Tell 'Total', 'Nacional', and 'Jalisco Total' where Jalisco is a group of the table."""
    if WHOLE.match(cell) or (TOTAL.match(cell) and OF_ALL.match(cell)):
        return True
    found = OF_GROUP.match(cell)
    return bool(found and (found[1] or found[2]) in groups)
