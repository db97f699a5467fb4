"""A few rows of a table, as published, from its Parquet file."""

import datetime as dt
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from catalog.card import shown
from catalog.models import Table

ROWS = 20
LONGEST = 120


def rows(path: Path, table: Table, start: int, language: str) -> list[list[str]]:
    """Return up to 20 rows from ``start`` (0 is the first), a text for each column of the table."""
    names = [column.name for column in table.columns]
    cells = [_cells(path, start, names)[name] for name in names]
    written = [
        [_written(value, column, language) for value in values]
        for column, values in zip(table.columns, cells, strict=True)
    ]
    return [list(row) for row in zip(*written, strict=True)]


def _cells(path: Path, start: int, names: list[str]) -> dict[str, list[Any]]:
    file = pq.ParquetFile(path)
    before = 0
    for group in range(file.num_row_groups):
        length = file.metadata.row_group(group).num_rows
        if before + length > start:
            found = file.read_row_group(group, columns=names).slice(start - before, ROWS)
            return {name: found.column(name).to_pylist() for name in names}
        before += length
    return {name: [] for name in names}


def _written(value: Any, column: Any, language: str) -> str:
    if isinstance(value, bytes):
        return "…"
    if isinstance(value, dt.date | dt.datetime):
        value = value.isoformat()
    text = shown(value, column, language)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
