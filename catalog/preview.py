"""A few rows of a table, as published, from its Parquet file: from anywhere, sorted, or those with a text."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from catalog.card import shown
from catalog.models import Column, Table
from catalog.words import fold
from web.values import Value

ROWS = 20
LONGEST = 120


class Look(Value):
    """How to look at rows: from the row ``start`` (0 is the first) of those with ``text``, ordered by a column."""

    start: int = 0
    text: str = ""
    sort: str = ""
    is_descending: bool = False


class Rows(Value):
    """Some rows as texts, with the numbers of the first and last one and of all that were looked for."""

    rows: tuple[tuple[str, ...], ...]
    first: int
    last: int
    total: int


def rows(path: Path, table: Table, look: Look, language: str) -> Rows:
    """Return up to 20 rows, a text for each column of the table."""
    names = [column.name for column in table.columns]
    file = pq.ParquetFile(path)
    sort = look.sort if table.column(look.sort) else ""
    chosen = _chosen(file, table, look, sort) if sort or look.text.strip() else None
    total = table.rows if chosen is None else len(chosen)
    start = min(look.start, max(0, total - 1))
    numbers = (
        range(start, min(start + ROWS, total)) if chosen is None else chosen[start : start + ROWS].to_pylist()
    )
    cells = _cells(file, numbers, names)
    written = [
        [_written(value, column, language) for value in cells[column.name]] for column in table.columns
    ]
    found = tuple(zip(*written, strict=True))
    return Rows(rows=found, first=start + 1 if found else 0, last=start + len(found), total=total)


def _chosen(file: pq.ParquetFile, table: Table, look: Look, sort: str) -> pa.Array:
    """Return the numbers of the rows looked for, in order; rows without a value to sort by come last."""
    numbers = pa.array(range(table.rows), pa.int64())
    if look.text.strip():
        kept = pa.array([False] * table.rows)
        for column in table.columns:
            if column.type != "geometry":
                kept = pc.or_(kept, _has(file.read([column.name]).column(0).combine_chunks(), look.text))
        numbers = numbers.filter(kept)
    if not sort:
        return numbers
    values = file.read([sort]).column(0).combine_chunks().take(numbers)
    order = "descending" if look.is_descending else "ascending"
    return numbers.take(pc.sort_indices(values, sort_keys=[("", order)]))


def _has(values: pa.Array, text: str) -> pa.Array:
    """Say which values have a text in them, whatever its case and accents."""
    folded = pc.utf8_lower(pc.utf8_normalize(pc.fill_null(pc.cast(values, pa.string()), ""), form="NFKD"))
    return pc.match_substring(
        pc.replace_substring_regex(folded, pattern=r"\p{M}", replacement=""), fold(text.strip())
    )


def _cells(file: pq.ParquetFile, numbers: Sequence[int], names: list[str]) -> dict[str, list[Any]]:
    """Return the cells of rows by number, reading only the groups of rows they are in."""
    found: dict[str, list[Any]] = {name: [None] * len(numbers) for name in names}
    before = 0
    for group in range(file.num_row_groups):
        length = file.metadata.row_group(group).num_rows
        inside = [
            (place, number - before)
            for place, number in enumerate(numbers)
            if before <= number < before + length
        ]
        if inside:
            part = file.read_row_group(group, columns=names).take([row for _, row in inside])
            for name in names:
                for (place, _), value in zip(inside, part.column(name).to_pylist(), strict=True):
                    found[name][place] = value
        before += length
    return found


def _written(value: Any, column: Column, language: str) -> str:
    if isinstance(value, bytes):
        return "…"
    if isinstance(value, dt.date | dt.datetime):
        value = value.isoformat()
    text = shown(value, column, language)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
