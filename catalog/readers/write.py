"""Write a typed table as Parquet."""

from pathlib import Path
from typing import Any

from catalog.readers.typed import Typed

SORTED_FROM = 200_000


def write_parquet(made: Typed, target: Path) -> None:
    """Write the columns to ``target``, by the main date from 200,000 rows on, else as published."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    types: dict[str, Any] = {
        "text": pa.string(), "integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_(),
        "date": pa.date32(), "datetime": pa.timestamp("us"), "geometry": pa.binary(),
    }  # fmt: skip
    arrays = {column.name: pa.array(made.values[column.name], types[column.type]) for column in made.columns}
    table = pa.table(arrays)
    main = next((column.name for column in made.columns if column.type in ("date", "datetime")), None)
    if main and made.rows >= SORTED_FROM:
        table = table.sort_by(main)
    pq.write_table(table, target, compression="zstd")
