"""Score the reader on the shared files: ``make reading-score`` prints facts met per file."""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb

from catalog.models import Table
from catalog.reading import read_file
from tests.reading.facts import FILES, File
from web.settings import Settings
from web.values import Refused

SHARED = Path(os.environ.get("RELATO_SHARED", Path(__file__).parents[3] / "shared")) / "data"


def check(file: File, tables: Path) -> Iterator[tuple[str, bool, str]]:
    """Yield (fact, met, what was found) for each fact of a file."""
    try:
        table = read_file(SHARED / file.path, tables, Settings(), sheet=file.sheet)
    except Refused as refusal:
        yield "refused", refusal.problem.code == file.refused, str(refusal)
        return
    if file.refused:
        yield f"refused: {file.refused}", False, f"{table.rows} rows"
        return
    yield from _shape(file, table)
    yield from _columns(file, table)
    yield from _queries(file, tables / f"{table.id}.parquet")


def _shape(file: File, table: Table) -> Iterator[tuple[str, bool, str]]:
    published = [column.name for column in table.columns if not column.derived]
    if file.rows is not None:
        yield f"rows {file.rows}", table.rows == file.rows, f"{table.rows} + {table.set_aside}"
    if file.columns is not None:
        yield f"columns {file.columns}", len(published) == file.columns, f"{len(published)}"
    if file.header:
        yield "header", tuple(published[: len(file.header)]) == file.header, str(published)


def _columns(file: File, table: Table) -> Iterator[tuple[str, bool, str]]:
    for attribute, wanted in (("type", file.types), ("role", file.roles), ("additive", file.additive)):
        for name, value in wanted.items():
            column = table.column(name)
            found = getattr(column, attribute) if column else "no such column"
            yield f"{name}: {attribute} {value}", found == value, str(found)


def _queries(file: File, parquet: Path) -> Iterator[tuple[str, bool, str]]:
    with duckdb.connect() as connection:
        connection.execute(f"create view t as select * from read_parquet('{parquet}')")
        yield from queries_on(connection, file)


def queries_on(connection: duckdb.DuckDBPyConnection, file: File) -> Iterator[tuple[str, bool, str]]:
    """Yield (fact, met, what was found) for the facts that are queries over the table ``t``."""
    for query, wanted in file.sql.items():
        try:
            found = connection.execute(query).fetchone()
        except duckdb.Error as error:
            found = (str(error)[:80],)
        yield f"{query} = {wanted}", _same(found or (), wanted), str(found)


def _same(found: tuple[object, ...], wanted: tuple[object, ...]) -> bool:
    return len(found) == len(wanted) and all(map(_close, found, wanted))


def _close(found: object, wanted: object) -> bool:
    if isinstance(found, int | float) and isinstance(wanted, int | float):
        return abs(found - wanted) <= 1e-9 * max(1.0, abs(wanted))
    return found == wanted


def main(only: str = "") -> int:
    """Print each file's score and what missed; return the number of facts missed."""
    met = missed = 0
    with tempfile.TemporaryDirectory() as tables:
        for file in FILES:
            if only not in file.path:
                continue
            results = list(check(file, Path(tables)))
            good = sum(ok for _, ok, _ in results)
            met, missed = met + good, missed + len(results) - good
            print(f"{good:3}/{len(results):<3} {file.path}" + (f" [{file.sheet}]" if file.sheet else ""))
            for fact, ok, found in results:
                if not ok:
                    print(f"        {fact}: found {found}")
    print(f"{met}/{met + missed} facts")
    return missed


if __name__ == "__main__":
    sys.exit(min(1, main(*sys.argv[1:2])))
