"""Tables for tests: a DataFrame written to Parquet with the columns a reader would describe."""

import datetime as dt
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from catalog.models import Column, Table
from catalog.reading import read_here
from web.values import content_hash


def make_table(folder: Path, frame: pd.DataFrame, **given: dict[str, Any]) -> Table:
    """Write the frame to ``<folder>/<id>.parquet``; ``given`` corrects facts of a column by its name."""
    columns = tuple(
        column_of(name, frame[name], len(frame)).model_copy(update=given.get(name, {})) for name in frame
    )
    table_id = content_hash([frame.to_csv(), [column.model_dump(mode="json") for column in columns]])
    folder.mkdir(parents=True, exist_ok=True)
    arrow = pa.table({name: pa.array(_plain(frame[name]), type=_arrow(frame[name])) for name in frame})
    pq.write_table(arrow, folder / f"{table_id}.parquet")
    return Table(id=table_id, sha256="0" * 64, kind="csv", rows=len(frame), columns=columns)


def column_of(name: str, values: pd.Series, rows: int) -> Column:
    """Return the facts of a column as reading would give them."""
    kind = _type(values)
    present = [v for v in _plain(values) if v is not None]
    distinct = len(set(present))
    ordered = bool(present) and kind != "boolean"
    numeric = kind in ("integer", "number")
    role = {"text": "category", "boolean": "category", "date": "time", "datetime": "time"}.get(
        kind, "measure"
    )
    if name in ("latitude", "longitude"):
        role = name
    return Column(
        name=name,
        label=name,
        type=kind,
        role=role,
        additive=numeric,
        grain="day" if kind in ("date", "datetime") else None,
        nulls=rows - len(present),
        distinct=distinct,
        min=_scalar(min(present)) if ordered else None,
        max=_scalar(max(present)) if ordered else None,
        sum=sum(present) if numeric else None,
        mean=sum(present) / len(present) if numeric and present else None,
    )


def _type(values: pd.Series) -> str:
    present = [v for v in _plain(values) if v is not None]
    kinds: tuple[tuple[str, type], ...] = (
        ("boolean", bool), ("integer", int), ("datetime", dt.datetime), ("date", dt.date), ("text", str),
    )  # fmt: skip
    return next((n for n, kind in kinds if present and all(isinstance(v, kind) for v in present)), "number")


def _arrow(values: pd.Series) -> pa.DataType:
    types = {
        "text": pa.string(), "boolean": pa.bool_(), "integer": pa.int64(), "number": pa.float64(),
        "date": pa.date32(), "datetime": pa.timestamp("us"),
    }  # fmt: skip
    return types[_type(values)]


def _plain(values: pd.Series) -> list[Any]:
    found = [None if pd.isna(v) else v for v in values.tolist()]
    return [v.to_pydatetime() if isinstance(v, pd.Timestamp) else v for v in found]


def _scalar(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def read_table(file: Path, folder: Path) -> Table:
    """Read a file as the catalogue does, but in this process, which is quicker; raises Refused."""
    with tempfile.TemporaryDirectory(dir=folder.parent) as work:
        described = read_here(str(file), work, None, None, {}, lambda done, of: None)
        table = Table.model_validate({**described, "id": content_hash(str(file)), "sha256": "0" * 64})
        folder.mkdir(parents=True, exist_ok=True)
        Path(work, "table.parquet").replace(folder / f"{table.id}.parquet")
    return table
