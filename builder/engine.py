"""Run a chart's question on the backend the settings name; every row is counted there."""

from functools import lru_cache
from typing import Any

import ibis

from builder import cells, frame, query, views
from builder.backends import Backend, Cluster, DuckDB, Source
from builder.check import problems
from builder.result import Result
from builder.shapes import POINTS, POSITIONS, SHAPES, limit_of
from builder.spec import ChartSpec
from catalog.models import Column, Table
from catalog.places import codes as place_codes
from catalog.places import geography
from web.settings import Settings
from web.values import Refused


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
        return views.viewed(spec, table, self._groups(spec, table, source))

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
