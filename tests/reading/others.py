"""The same facts asked of pandas, DuckDB and frictionless with their defaults, for ``docs/reading.md``.

``python -m tests.reading.others pandas|duckdb|frictionless`` prints facts met of facts asked. Roles are
not asked: these readers know none. A file that deserves a refusal is met by any error.
"""

import contextlib
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb

from tests.reading.facts import FILES, File
from tests.reading.score import SHARED, queries_on

SECONDS = 60
SHEETS = (".xlsx", ".xls", ".xlsm", ".ods")
FAMILIES = {
    "VARCHAR": "text", "BIGINT": "integer", "INTEGER": "integer", "HUGEINT": "integer", "SMALLINT": "integer",
    "TINYINT": "integer", "UBIGINT": "integer", "DOUBLE": "number", "FLOAT": "number", "BOOLEAN": "boolean",
    "DATE": "date",
}  # fmt: skip
Load = Callable[[duckdb.DuckDBPyConnection, Path, str | None], None]


def load_pandas(connection: duckdb.DuckDBPyConnection, path: Path, sheet: str | None) -> None:
    """Read with ``read_csv`` or ``read_excel``."""
    import pandas

    frame: Any = (
        pandas.read_excel(path, sheet_name=sheet or 0) if path.suffix in SHEETS else pandas.read_csv(path)
    )
    connection.register("t", frame.rename(columns=str))


def load_duckdb(connection: duckdb.DuckDBPyConnection, path: Path, sheet: str | None) -> None:
    """Read with ``read_csv``, everything detected; DuckDB reads no workbook without an extension."""
    connection.execute(f"create table t as from read_csv('{path}')")


def load_frictionless(connection: duckdb.DuckDBPyConnection, path: Path, sheet: str | None) -> None:
    """Read with ``extract`` after ``describe``."""
    import pandas
    from frictionless import Control, Resource, formats, system

    control: Control | None = formats.ExcelControl(sheet=sheet) if sheet else None
    with system.use_context(trusted=True):
        resource = Resource(path=str(path), control=control) if control else Resource(path=str(path))
        resource.infer()
        frame = pandas.DataFrame(
            [row.to_dict() for row in resource.read_rows()], columns=resource.schema.field_names
        )
    connection.register("t", frame)


READERS: dict[str, Load] = {"pandas": load_pandas, "duckdb": load_duckdb, "frictionless": load_frictionless}


def check(file: File, load: Load) -> Iterator[bool]:
    """Yield whether each fact of a file is met."""
    asked = [file.rows is not None, file.columns is not None, bool(file.header)]
    total = sum(asked) + len(file.types) + len(file.sql)
    with duckdb.connect() as connection:
        try:
            with at_most(SECONDS):
                load(connection, SHARED / file.path, file.sheet)
        except Exception:
            yield from [True] if file.refused else [False] * total
            return
        if file.refused:
            yield False
            return
        yield from _met(file, connection)


def _met(file: File, connection: duckdb.DuckDBPyConnection) -> Iterator[bool]:
    described = connection.execute("describe t").fetchall()
    types = {str(name): family(kind) for name, kind, *_ in described}
    if file.rows is not None:
        yield connection.execute("select count(*) from t").fetchall()[0][0] == file.rows
    if file.columns is not None:
        yield len(types) == file.columns
    if file.header:
        yield tuple(types)[: len(file.header)] == file.header
    for name, wanted in file.types.items():
        yield types.get(name) == wanted
    yield from (ok for _, ok, _ in queries_on(connection, file))


def family(kind: str) -> str:
    """Return our word for a type of DuckDB."""
    return "datetime" if kind.startswith("TIMESTAMP") else FAMILIES.get(kind, kind)


@contextlib.contextmanager
def at_most(seconds: int) -> Iterator[None]:
    """Raise TimeoutError in what takes longer."""

    def late(*_: object) -> None:
        raise TimeoutError

    signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)


if __name__ == "__main__":
    for name in sys.argv[1:] or READERS:
        met = {(file.path, file.sheet): list(check(file, READERS[name])) for file in FILES}
        good = sum(map(sum, met.values()))
        print(
            f"{name}: {good} of {sum(map(len, met.values()))}; files without a miss: {sum(map(all, met.values()))} of {len(met)}"
        )
