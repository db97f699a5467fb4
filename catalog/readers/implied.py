"""The columns that a large table implies: coordinates, dates over several columns, keys apart, totals.

They are made by the functions that make them in small tables, piece by piece and row by row in
their order, into a table ``made`` that stands beside ``typed``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb

from catalog.models import Column, Grain, Role, Type
from catalog.readers import coordinates, periods, tidy
from catalog.readers.fast import SQL_TYPES, quoted
from catalog.readers.values import Decision
from web.values import Problem

PIECE = 100_000
WORDS = 50_000

Make = Callable[[Sequence[Sequence[Any]], int], list[list[Any]]]


@dataclass
class Implied:
    """Columns to make: from which columns of ``typed``, how, and what is to be said of it."""

    names: tuple[str, ...]
    type: Type
    sources: tuple[str, ...]
    derived: tuple[str, ...]
    make: Make
    roles: tuple[Role, ...] = ()
    grain: Grain | None = None
    least: float = 0.0
    said: list[Problem] = field(default_factory=list)


def implied(
    connection: duckdb.DuckDBPyConnection, columns: Sequence[Column], decisions: Sequence[Decision], rows: int
) -> list[Implied]:
    """Return the columns that a table implies, in the order in which a small table has them."""
    place = {one.name: f"v{at}" for at, one in enumerate(columns)}
    found = [*_places(connection, columns, place), *_keys(connection, columns, place)]
    parts = periods.date_parts(columns)
    if parts:
        used, grain = parts
        said = Problem(code="date_joined", severity="info", where=", ".join(used))
        sources = tuple(place[name] for name in used)
        found.append(
            Implied(
                ("date",), "date", sources, used, _dates, grain=grain, least=1 - periods.MISSING, said=[said]
            )
        )
    return found + _totals(connection, columns, decisions, rows)


def _dates(parts: Sequence[Sequence[Any]], _start: int) -> list[list[Any]]:
    return [list(periods.dates_of(parts))]


def _places(
    connection: duckdb.DuckDBPyConnection, columns: Sequence[Column], place: dict[str, str]
) -> list[Implied]:
    """Return latitude and longitude from 'lat, lon' in one cell or from metres, when no columns hold them."""
    if coordinates.degrees(columns):
        return []
    roles: tuple[Role, ...] = ("latitude", "longitude")
    for one in (one for one in columns if one.type == "text" and one.distinct):
        swapped = coordinates.in_one_cell(_with_top(connection, one, place[one.name]))
        if swapped is not None:
            return [Implied(roles, "number", (place[one.name],), (one.name,), _pairs(swapped), roles)]
    found = coordinates.metres(columns)
    if not found:
        return []
    x, y, code, guessed = found
    said = coordinates.remark(x, y, code, guessed)
    return [
        Implied(
            roles,
            "number",
            (place[x.name], place[y.name]),
            (x.name, y.name),
            _moved(code),
            roles,
            said=[said],
        )
    ]


def _with_top(connection: duckdb.DuckDBPyConnection, column: Column, source: str) -> Column:
    """Return a column of text with some of its values, when there are too many to count."""
    if column.top:
        return column
    found = connection.execute(f"select {source} from typed where {source} is not null limit 50").fetchall()
    return column.model_copy(update={"top": tuple((value, 1) for (value,) in found)})


def _pairs(swapped: bool) -> Make:
    def make(parts: Sequence[Sequence[Any]], _start: int) -> list[list[Any]]:
        pairs = [coordinates.pair_of(text, swapped) for text in parts[0]]
        return [[pair[at] for pair in pairs] for at in (0, 1)]

    return make


def _moved(code: int) -> Make:
    def make(parts: Sequence[Sequence[Any]], _start: int) -> list[list[Any]]:
        pairs = coordinates.to_degrees(parts[0], parts[1], code)
        return [[pair[at] for pair in pairs] for at in (0, 1)]

    return make


def _keys(
    connection: duckdb.DuckDBPyConnection, columns: Sequence[Column], place: dict[str, str]
) -> list[Implied]:
    """Return keys written together, as Eurostat does, each in a column of its own."""
    found = []
    for one in columns:
        keys = tidy.keys_of(one.label) if one.type == "text" else []
        source = place[one.name]
        odd = f"{source} is null or len({source}) - len(replace({source}, ',', '')) <> {len(keys) - 1}"
        if keys and not connection.execute(f"select 1 from typed where {odd} limit 1").fetchone():
            found.append(Implied(tuple(keys), "text", (source,), (one.name,), split))
    return found


def split(parts: Sequence[Sequence[Any]], _start: int) -> list[list[Any]]:
    rows = [text.split(",") for text in parts[0]]
    return [[cell.strip() or None for cell in column] for column in zip(*rows, strict=True)]


def _totals(
    connection: duckdb.DuckDBPyConnection, columns: Sequence[Column], decisions: Sequence[Decision], rows: int
) -> list[Implied]:
    """Return the marks on rows that are totals: by their words, by their periods, or by their sums."""
    keys = [at for at, one in enumerate(columns[: tidy.KEYS]) if one.type == "text" and one.distinct]
    named = [at for at in keys if columns[at].distinct <= WORDS]
    words = [_words(connection, at) for at in named]
    said = dict(zip(named, tidy.total_words(words), strict=True))
    ends = [_row(connection, keys, which) for which in ("min", "max")]
    marked = [at for at, one in zip((0, rows - 1), ends, strict=True) if tidy.ends_in_total(one, [set()] * 3)]
    if any(said.values()) or marked:
        sources = tuple(f"v{at}" for at in named)
        remark = Problem(code="total_rows", severity="warning", facts={"n": 0})
        return [_marks(sources, [said[at] for at in named], marked, columns, remark)]
    periods_ = [(at, one.totals) for at, one in enumerate(decisions[: len(columns)]) if one.totals]
    if periods_:
        return [_marks(tuple(f"t{at}" for at, _ in periods_), [set(one) for _, one in periods_], [], columns)]
    marked = _summed(connection, columns, rows)
    return [_marks((), [], marked, columns, Problem(code="total_rows", severity="warning"))] if marked else []


def _marks(
    sources: tuple[str, ...], said: list[set[str]], marked: Sequence[int], columns: Sequence[Column],
    remark: Problem | None = None,
) -> Implied:  # fmt: skip
    def make(parts: Sequence[Sequence[Any]], start: int) -> list[list[Any]]:
        rows = zip(*parts[1:], strict=True) if len(parts) > 1 else (() for _ in parts[0])
        return [
            [
                start + at in marked or any(cell in words for cell, words in zip(row, said, strict=True))
                for at, row in enumerate(rows)
            ]
        ]

    told = [remark] if remark else []
    return Implied((tidy.IS_TOTAL,), "boolean", ("rowid", *sources), (columns[0].name,), make, said=told)


def _words(connection: duckdb.DuckDBPyConnection, at: int) -> set[str]:
    return {word or "" for (word,) in connection.execute(f"select distinct v{at} from typed").fetchall()}


def _row(connection: duckdb.DuckDBPyConnection, places: Sequence[int], which: str) -> list[Any]:
    """Return some cells of the first (min) or last (max) row."""
    if not places:
        return []
    cells = ", ".join(f"v{at}" for at in places)
    query = f"select {cells} from typed where rowid = (select {which}(rowid) from typed)"
    return list(connection.execute(query).fetchone() or ())


def _summed(connection: duckdb.DuckDBPyConnection, columns: Sequence[Column], rows: int) -> list[int]:
    measures = [at for at, one in enumerate(columns) if one.role == "measure" and one.additive]
    if not measures or (columns[0].role != "place" and columns[0].type != "text"):
        return []
    for at, which in ((0, "min"), (rows - 1, "max")):
        cells = _row(connection, measures, which)
        told = [(cell, columns[place].sum or 0) for cell, place in zip(cells, measures, strict=True)]
        if tidy.is_sum(told, rows):
            return [at]
    return []


def fill(connection: duckdb.DuckDBPyConnection, wanted: Sequence[Implied]) -> None:
    """Make the columns into a table ``made``, m0 to mN, whose rows stand beside those of ``typed``."""
    import pyarrow as pa

    types = [SQL_TYPES[one.type] for one in wanted for _ in one.names]
    named = ", ".join(f"m{at} {kind}" for at, kind in enumerate(types))
    connection.execute(f"create or replace table made ({named})")
    sources = list(dict.fromkeys(source for one in wanted for source in one.sources))
    reading = connection.cursor()
    reading.execute(f"select {', '.join(sources)} from typed")
    casts = ", ".join(f"m{at}::{kind}" for at, kind in enumerate(types))
    start = 0
    while piece := reading.fetchmany(PIECE):
        held = dict(zip(sources, zip(*piece, strict=True), strict=True))
        made = [column for one in wanted for column in one.make([held[name] for name in one.sources], start)]
        connection.register("piece", pa.table({f"m{at}": column for at, column in enumerate(made)}))
        connection.execute(f"insert into made select {casts} from piece")
        connection.unregister("piece")
        start += len(piece)


def marked(connection: duckdb.DuckDBPyConnection, at: int) -> int:
    """Return how many rows are true in a made column."""
    found = connection.execute(f"select count(*) from made where m{at}").fetchone()
    return int(found[0]) if found else 0


def headers(labels: Sequence[str], decisions: Sequence[Decision]) -> str:
    """Return the SQL that tells a row repeating the header, '' when the names do not suffice to tell."""
    told = [(at, label) for at, label in enumerate(labels) if label]
    if len(told) < 2:
        return ""
    column = {at: f"v{at}" if decisions[at].type == "text" else f"t{at}" for at, _ in told}
    return " and ".join(f"{column[at]} = {quoted(label)}" for at, label in told)
