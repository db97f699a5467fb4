"""Read Parquet: its types are stated, its values still become text and are judged like all others."""

from pathlib import Path

from catalog.readers.grid import Grid
from catalog.readers.sheet import text_of_cell
from web.values import Refused

MAX_ROWS = 3_000_000


def read_parquet(path: Path) -> Grid:
    """Return the grid of a Parquet file; raises Refused(``file_broken``)."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        source = pq.ParquetFile(path)
        if source.metadata.num_rows > MAX_ROWS:
            raise Refused("too_many_rows", n=source.metadata.num_rows)
        table = source.read()
    except (pa.ArrowException, OSError, ValueError) as error:
        raise Refused("file_broken", reason=str(error)[:120]) from error
    numeric = frozenset(
        at for at, f in enumerate(table.schema) if pa.types.is_floating(f.type) or pa.types.is_integer(f.type)
    )
    columns = [[text_of_cell(value) for value in column.to_pylist()] for column in table.columns]
    rows = [list(table.column_names), *(list(row) for row in zip(*columns, strict=True))]
    return Grid(rows, "parquet", dotted=numeric, headed=True)
