"""Read Parquet: its types are stated, its values still become text and are judged like all others."""

import json
from pathlib import Path
from typing import Any

from catalog.readers.grid import Grid
from catalog.readers.sheet import text_of_cell
from web.values import Refused

MANY_CELLS = 4_000_000


def read_parquet(path: Path, work: Path) -> Grid:
    """Return the grid of a Parquet file, written out as a large text when it has many cells.

    Raises Refused(``file_broken``).
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        source = pq.ParquetFile(path)
        if source.metadata.num_rows * source.metadata.num_columns > MANY_CELLS:
            return Grid([], "parquet", large=_written_out(path, work))
        table = source.read()
    except (pa.ArrowException, OSError, ValueError) as error:
        raise Refused("file_broken", reason=str(error)[:120]) from error
    numeric = frozenset(
        at for at, f in enumerate(table.schema) if pa.types.is_floating(f.type) or pa.types.is_integer(f.type)
    )
    columns = [[_text(value) for value in column.to_pylist()] for column in table.columns]
    rows = [list(table.column_names), *(list(row) for row in zip(*columns, strict=True))]
    at, crs = _geometry(table.schema)
    return Grid(rows, "parquet", dotted=numeric, headed=True, geometry=at, crs=crs)


def _text(value: Any) -> str:
    """Write a value as text: bytes, such as shapes, as hexadecimal, nested values as JSON."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return text_of_cell(value)


def _geometry(schema: Any) -> tuple[int | None, str]:
    """Return the column of shapes that GeoParquet states, and its coordinate system ('' for degrees)."""
    try:
        stated = json.loads((schema.metadata or {}).get(b"geo", b"{}"))
        name = stated.get("primary_column", "")
        crs = stated.get("columns", {}).get(name, {}).get("crs")
    except (ValueError, AttributeError):
        return None, ""
    at = schema.get_field_index(name) if isinstance(name, str) else -1
    return (at, json.dumps(crs) if isinstance(crs, dict) else "") if at >= 0 else (None, "")


def _written_out(path: Path, work: Path) -> Path:
    """Write a Parquet file as CSV, so that it is read in pieces like any large text."""
    import duckdb

    target = work / "parquet.csv"
    with duckdb.connect(config={"memory_limit": "600MB", "threads": "2"}) as connection:
        connection.read_parquet(str(path)).write_csv(str(target), header=True)
    return target
