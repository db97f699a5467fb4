"""Where the rows are counted: an embedded DuckDB, or a cluster the city already has."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import duckdb
import ibis
import pyarrow as pa
import pyarrow.parquet as pq

from builder.frame import Row
from builder.query import Total
from web.values import Refused

log = logging.getLogger(__name__)
MEMORY_MB = 1024
SPILL_MB = 4096


@ibis.udf.agg.builtin(name="fsum")  # type: ignore[untyped-decorator]
def _compensated(value: float) -> float:  # type: ignore[empty-body]
    """DuckDB's compensated sum: the digits do not depend on the order of the rows."""


@dataclass(frozen=True)
class Source:
    """A table as a backend sees it: its rows as an Ibis table, and how many there are."""

    rows: Any
    total: int


class Backend(Protocol):
    """What the engine needs of a backend."""

    @property
    def total(self) -> Total: ...
    def source(self, table_id: str) -> Source: ...
    def fetch(self, expression: Any) -> list[Row]: ...
    def close(self) -> None: ...


class DuckDB:
    """An embedded DuckDB that can read the tables' folder and nothing else.

    The connection is locked before the first question: no other files, no network, no
    extensions, no settings. Each thread asks through its own cursor.
    """

    total = staticmethod(_compensated)

    def __init__(self, tables: Path, seconds: float):
        tables.mkdir(parents=True, exist_ok=True)
        self.tables, self.seconds = tables.resolve(), seconds
        self._connection = duckdb.connect(":memory:", config=_locked_down(tables.parent / "spill"))
        self._backend = ibis.duckdb.from_connection(self._connection)
        folder = str(self.tables).replace("'", "''")
        for statement in (
            "SET python_enable_replacements=false",
            f"SET allowed_directories=['{folder}/']",
            "SET enable_external_access=false",
            "SET lock_configuration=true",
        ):
            self._connection.execute(statement)
        self._threads = threading.local()
        self._described = lru_cache(maxsize=256)(self._describe)

    def source(self, table_id: str) -> Source:
        return self._described(table_id)

    def _describe(self, table_id: str) -> Source:
        path = self.tables / f"{_known(table_id)}.parquet"
        try:
            facts = pq.ParquetFile(path)
        except (OSError, pa.ArrowInvalid):
            raise Refused("table_unknown", where=table_id) from None
        schema = ibis.Schema.from_pyarrow(facts.schema_arrow)
        return Source(ibis.table(schema, name=str(path)), facts.metadata.num_rows)

    def fetch(self, expression: Any) -> list[Row]:
        """Return the rows of an expression; raises Refused when it takes too long or fails."""
        statement = self._backend.compile(expression)
        cursor = self._cursor()
        with _interrupted(cursor, self.seconds):
            try:
                found: list[Row] = cursor.sql(statement).to_arrow_table().to_pylist()
            except duckdb.InterruptException:
                raise Refused("query_slow", seconds=self.seconds) from None
            except duckdb.Error as error:
                log.exception("a query failed: %s", statement)
                raise Refused("query_failed") from error
        return found

    def close(self) -> None:
        self._connection.close()

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        cursor = getattr(self._threads, "cursor", None)
        if cursor is None:
            cursor = self._threads.cursor = self._connection.cursor()
        return cursor


def _known(table_id: str) -> str:
    """Return what may be a table's id; raises Refused for anything that could leave the folder."""
    if not (table_id.isascii() and table_id.isalnum()):
        raise Refused("table_unknown", where=table_id)
    return table_id


def _locked_down(spill: Path) -> dict[str, str]:
    return {
        "temp_directory": str(spill),
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "allow_community_extensions": "false",
        "memory_limit": f"{MEMORY_MB}MB",
        "max_temp_directory_size": f"{SPILL_MB}MB",
    }


@contextmanager
def _interrupted(cursor: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[None]:
    timer = threading.Timer(seconds, cursor.interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


class Cluster:
    """Any other Ibis backend, by its URL.

    A table is one the backend already has under the table's id, else the Parquet file,
    which the backend must be able to reach. Time limits are the backend's own.
    """

    total = staticmethod(lambda value: value.sum())

    def __init__(self, url: str, tables: Path):
        self._backend, self.tables = ibis.connect(url), tables
        self._lock = threading.Lock()

    def source(self, table_id: str) -> Source:
        with self._lock:
            if table_id in self._backend.list_tables():
                rows = self._backend.table(table_id)
            else:
                path = self.tables / f"{_known(table_id)}.parquet"
                if not path.exists():
                    raise Refused("table_unknown", where=table_id)
                rows = self._backend.read_parquet(path, table_name=table_id)
            return Source(rows, int(self._backend.execute(rows.count())))

    def fetch(self, expression: Any) -> list[Row]:
        with self._lock:
            found: list[Row] = self._backend.to_pyarrow(expression).to_pylist()
        return found

    def close(self) -> None:
        self._backend.disconnect()
