"""Run a chart's question on the backend the settings name; every row is counted there."""

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

from builder import cells, frame, query
from builder.check import problems
from builder.result import Result
from builder.shapes import POINTS, POSITIONS, SHAPES, limit_of
from builder.spec import ChartSpec
from catalog.models import Column, Table
from catalog.places import codes as place_codes
from catalog.places import geography
from web.settings import Settings
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
    def total(self) -> query.Total: ...
    def source(self, table_id: str) -> Source: ...
    def fetch(self, expression: Any) -> list[frame.Row]: ...
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

    def fetch(self, expression: Any) -> list[frame.Row]:
        """Return the rows of an expression; raises Refused when it takes too long or fails."""
        statement = self._backend.compile(expression)
        cursor = self._cursor()
        with _interrupted(cursor, self.seconds):
            try:
                found: list[frame.Row] = cursor.sql(statement).to_arrow_table().to_pylist()
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

    def fetch(self, expression: Any) -> list[frame.Row]:
        with self._lock:
            found: list[frame.Row] = self._backend.to_pyarrow(expression).to_pylist()
        return found

    def close(self) -> None:
        self._backend.disconnect()


class Engine:
    """Answers chart questions; safe to share between threads."""

    def __init__(self, settings: Settings):
        tables = settings.data / "tables"
        self._backend: Backend = (
            DuckDB(tables, settings.query_seconds)
            if settings.engine == "duckdb://"
            else Cluster(settings.engine, tables)
        )
        self._decimals = lru_cache(maxsize=1024)(self._find_decimals)

    def warm(self) -> None:
        """Load what the first question would wait for."""
        self._backend.fetch(ibis.literal(1).name("ready").as_table())

    def close(self) -> None:
        """Close the backend."""
        self._backend.close()

    def rows(self, table_id: str) -> Any:
        """Return the rows of a table as an Ibis table; raises Refused ``table_unknown``."""
        return self._backend.source(table_id).rows

    def fetch(self, expression: Any) -> list[frame.Row]:
        """Return the rows of an Ibis expression over tables of :meth:`rows`; raises Refused."""
        return self._backend.fetch(expression)

    def run(self, spec: ChartSpec, table: Table) -> Result:
        """Return the answer of a table to a spec, counted over all its rows.

        Raises Refused with the first reason why there is none.
        """
        for problem in problems(spec, table):
            raise Refused(problem.code, problem.where, **problem.facts)
        source = self._backend.source(table.id)
        if SHAPES[spec.mark].kind == "rows":
            return self._rows(spec, table, source)
        return self._groups(spec, table, source)

    def _groups(self, spec: ChartSpec, table: Table, source: Source) -> Result:
        decimals = {
            c.name: n for c in query.added(spec, table) if (n := self._decimals(table.id, c)) is not None
        }
        rows = query.keyed(spec, table, source.rows, decimals)
        if spec.place:
            rows = self._placed(spec, table, rows)
        tops = {
            name: top for name in query.group_channels(spec) if (top := self._top(spec, table, rows, name))
        }
        listed = {name: [row[name] for row in top] for name, top in tops.items()}
        answer = query.grouped(spec, rows, listed, self._backend.total).limit(POSITIONS + 1)
        found = self._backend.fetch(answer)
        if len(found) > POSITIONS:
            label = next(c.label for c in table.columns if spec.x and c.name == spec.x.field)
            raise Refused("too_many_positions", where=label, most=POSITIONS)
        return frame.grouped_result(spec, table, found, tops, source.total)

    def _find_decimals(self, table_id: str, column: Column) -> int | None:
        """Return how many digits after the point every number of a column fits in, or None."""
        (found,) = self._backend.fetch(query.precision(self.rows(table_id), column))
        fits = [n for n in range(query.MOST_DECIMALS + 1) if found[f"d{n}"]]
        small = fits and found["largest"] < 10 ** (query.DIGITS - 1 - fits[0])
        return fits[0] if small else None

    def _top(self, spec: ChartSpec, table: Table, rows: Any, channel: str) -> list[frame.Row]:
        """Return the groups to keep of a channel that has too many, largest first, else nothing."""
        column = table.column(spec.channels()[channel].field or "")
        most = limit_of(spec, channel)
        if column is None or query.positional(spec, table, channel) or column.distinct <= most:
            return []
        top = self._backend.fetch(query.ranking(spec, table, rows, channel, self._backend.total))
        return top if top and top[0][query.GROUPS] > len(top) else []

    def _placed(self, spec: ChartSpec, table: Table, rows: Any) -> Any:
        """Return the rows with one spelling per place; values that are no place become missing."""
        values = self._backend.fetch(
            rows.group_by("place").aggregate(n=rows.count()).order_by(ibis.desc("n"))
        )
        spelled = {row["place"]: str(row["place"]) for row in values if row["place"] is not None}
        column = table.column((spec.place and spec.place.field) or "")
        known_map = column is not None and geography(column.geography) is not None
        codes = place_codes(column.geography, spelled.values()) if column and known_map else {}
        first: dict[str, Any] = {}
        for value, text in spelled.items():
            if text in codes:
                first.setdefault(codes[text], value)
        changed = {v: first[codes[t]] for v, t in spelled.items() if t in codes and first[codes[t]] != v}
        known = rows.place.isin([value for value, text in spelled.items() if text in codes])
        same = [(rows.place == value, ibis.literal(one)) for value, one in changed.items()]
        return rows.mutate(place=ibis.cases((~known, None), *same, else_=rows.place))

    def _rows(self, spec: ChartSpec, table: Table, source: Source) -> Result:
        rows = cells.located(spec, table, source.rows)
        (facts,) = self._backend.fetch(cells.extent(spec, rows))
        facts = {name: value or 0 if name == query.ROWS else value for name, value in facts.items()}
        placed = facts[query.ROWS] - (facts["no_first"] or 0) - (facts["no_second"] or 0)
        if placed <= POINTS:
            found = self._backend.fetch(cells.singles(spec, rows, POINTS)) if placed else []
            return frame.rows_result(spec, found, facts, source.total)
        size = cells.cell_size(spec, self._extent(spec, rows, facts))
        found = self._backend.fetch(cells.cells(spec, table, rows, size))
        return frame.cells_result(spec, found, facts, source.total, size)

    def _extent(self, spec: ChartSpec, rows: Any, facts: frame.Row) -> cells.Extent:
        names = cells.axes(spec)
        low, high = ([facts[f"{name}_{end}"] for name in names] for end in ("low", "high"))
        ranges = [
            cells.inner(self._backend.fetch(cells.strips(spec, rows, name, *ends)), *ends)
            for name, *ends in zip(names, low, high, strict=True)
        ]
        return cells.Extent(
            low=(low[0], low[1]),
            high=(high[0], high[1]),
            inner_low=(ranges[0][0], ranges[1][0]),
            inner_high=(ranges[0][1], ranges[1][1]),
        )
