"""Write a typed table as Parquet."""

from pathlib import Path
from typing import Any

from catalog.models import Column
from catalog.readers.typed import Typed

SORTED_FROM = 200_000


TYPES = {
    "text": "string", "integer": "int64", "number": "float64", "boolean": "bool_", "date": "date32",
    "geometry": "binary",
}  # fmt: skip


def write_parquet(made: Typed, target: Path) -> None:
    """Write the columns to ``target``, by the main date from 200,000 rows on, else as published."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table({column.name: _array(made, column) for column in made.columns})
    if made.rows >= SORTED_FROM:
        table = table.take(pa.array(order_of(made)))
    pq.write_table(table, target, compression="zstd")


def order_of(made: Typed) -> list[int]:
    """Return the places of the rows in order of the main date; as published when there is none."""
    import pyarrow.compute as pc

    main = next((column for column in made.columns if column.type in ("date", "datetime")), None)
    if main is None:
        return list(range(made.rows))
    order: list[int] = pc.sort_indices(_array(made, main)).to_pylist()
    return order


def _array(made: Typed, column: Column) -> Any:
    import pyarrow as pa

    kind = pa.timestamp("us") if column.type == "datetime" else getattr(pa, TYPES[column.type])()
    return pa.array(made.values[column.name], kind)
