"""Read any published file as a typed table, or refuse it clearly; always in a child that can be killed."""

import argparse
import hashlib
import json
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from catalog import child, problems
from catalog.models import Column, Table
from catalog.readers.choices import Choices
from web.i18n import explain, pick_language
from web.settings import Settings, from_environment
from web.values import Problem, Refused, content_hash

if TYPE_CHECKING:
    from catalog.readers.grid import Body, Grid
    from catalog.readers.offers import Choice

VERSION = 6
TOLD_FROM = 5_000_000
__all__ = ["main", "problems", "read_file"]


def read_file(
    path: Path, tables: Path, settings: Settings, *, sheet: str | None = None, part: int | None = None,
    choices: Choices | None = None, progress: child.Report | None = None,
) -> Table:  # fmt: skip
    """Return the table of a file, written to ``<tables>/<id>.parquet`` and ``.json``.

    ``sheet`` names a sheet, layer or member; ``part`` counts the offered tables from 0;
    ``choices`` are what a person corrected (see :mod:`catalog.choices`).
    A table already written is returned as it is. Raises Refused.
    """
    sha256 = _sha256(path)
    if choices:
        sheet, part = sheet or choices.sheet, choices.part if part is None else part
    corrected = choices.model_dump(mode="json", exclude_defaults=True) if choices else {}
    table_id = content_hash([VERSION, sha256, sheet, part, *([corrected] if corrected else [])])
    written = tables / f"{table_id}.json"
    if written.exists() and written.with_suffix(".parquet").exists():
        return Table.model_validate_json(written.read_bytes())
    tables.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=tables, prefix=".reading-") as work:
        arguments = {
            "path": str(path.absolute()),
            "work": work,
            "sheet": sheet,
            "part": part,
            "choices": corrected,
        }
        limits = child.Limits(memory_mb=settings.read_memory_mb, seconds=settings.read_seconds)
        found = child.run("catalog.reading:read_here", arguments, limits, progress)
        table = Table.model_validate({**found, "id": table_id, "sha256": sha256})
        Path(work, "table.json").write_text(table.model_dump_json())
        Path(work, "table.parquet").replace(tables / f"{table_id}.parquet")
        Path(work, "table.json").replace(written)
    return table


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as source:
            return hashlib.file_digest(source, "sha256").hexdigest()
    except OSError as error:
        raise Refused("file_unreadable", path.name, reason=error.strerror or "") from error


def read_here(
    path: str, work: str, sheet: str | None, part: int | None, choices: dict[str, Any],
    progress: Callable[[int, int | None], None],
) -> dict[str, Any]:  # fmt: skip
    """Read a file in this process, writing ``table.parquet`` into ``work``; return the Table as JSON."""
    said_so = Choices.model_validate(choices) if choices else None
    size = Path(path).stat().st_size
    progress(size // 20, size)
    chosen = _chosen(path, work, sheet, part, said_so)
    grid = chosen.grid
    target = Path(work, "table.parquet")
    if grid.large:
        from catalog.readers.large import read_large

        columns, body, rows = read_large(grid.large, Path(work), target, progress, said_so)
    else:
        columns, body, rows = _write_small(
            chosen.body, grid, target, said_so, lambda share: progress(int(size * (0.3 + 0.6 * share)), size)
        )
    said = (*grid.changes, *body.changes, *grid.problems, *body.problems)
    table = Table(
        id="", sha256="", kind=grid.kind, rows=rows, set_aside=body.set_aside + grid.set_aside,
        columns=tuple(columns), offered=chosen.offered, part=chosen.part,
        changes=tuple(one for one in said if one.severity == "info"),
        problems=tuple(one for one in said if one.severity != "info"),
    )  # fmt: skip
    return table.model_dump(mode="json")


def original(path: Path, settings: Settings, row: int, column: str, choices: Choices | None = None) -> str:
    """Return the text of a cell as it was published; ``row`` counts the rows of the table from 1.

    The file is read again, so nothing is kept twice. Raises Refused: ``cell_unknown``, or
    ``cell_unordered`` for large texts, whose rows are put in order of time.
    """
    with tempfile.TemporaryDirectory(prefix="relato-cell-") as work:
        said = choices.model_dump(mode="json", exclude_defaults=True) if choices else {}
        arguments = {
            "path": str(path.absolute()),
            "work": work,
            "row": row,
            "column": column,
            "choices": said,
        }
        limits = child.Limits(memory_mb=settings.read_memory_mb, seconds=settings.read_seconds)
        return str(child.run("catalog.reading:original_here", arguments, limits))


def original_here(
    path: str, work: str, row: int, column: str, choices: dict[str, Any], progress: Callable[[int, int | None], None]
) -> str:  # fmt: skip
    """Return the text of a cell, read in this process."""
    from catalog.readers.typed import column_names, typed
    from catalog.readers.write import SORTED_FROM, order_of

    said = Choices.model_validate(choices)
    chosen = _chosen(path, work, said.sheet, said.part, said)
    names = column_names(chosen.body.labels)
    called = {choice.name: name for name, choice in said.columns.items() if choice.name}
    column = column if column in names else called.get(column, column)
    if chosen.grid.large:
        raise Refused("cell_unordered")
    if column not in names or not 1 <= row <= len(chosen.body.rows):
        raise Refused("cell_unknown", column, row=row, n=len(chosen.body.rows))
    if len(chosen.body.rows) >= SORTED_FROM:
        row = order_of(typed(chosen.body, chosen.grid, said))[row - 1] + 1
    return chosen.body.rows[row - 1][names.index(column)]


def _chosen(path: str, work: str, sheet: str | None, part: int | None, said: Choices | None) -> "Choice":
    from catalog.readers.choices import header_of
    from catalog.readers.files import read_grid
    from catalog.readers.offers import choose

    def read(name: str | None) -> "Grid":
        grid = read_grid(Path(path), Path(work), name)
        grid.header = header_of(said)
        return grid

    return choose(read, sheet, part)


def _write_small(
    body: "Body", grid: "Grid", target: Path, choices: "Choices | None", tell: Callable[[float], None]
) -> "tuple[list[Column], Body, int]":
    from catalog.readers.typed import typed
    from catalog.readers.write import write_parquet

    made = typed(body, grid, choices, tell)
    write_parquet(made, target)
    body.changes += made.changes
    body.problems += made.problems
    return made.columns, body, made.rows


def main(argv: list[str]) -> int:
    """Run ``python -m catalog read FILE``; return 0 with a table, 3 with a clear refusal."""
    parser = argparse.ArgumentParser(prog="python -m catalog read", description="Read any file as a table.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--json", action="store_true", help="print everything as JSON")
    parser.add_argument("--parquet", type=Path, metavar="OUT", help="write the table here")
    parser.add_argument("--sheet", help="the sheet, layer or member to read, by name or number from 0")
    parser.add_argument(
        "--table", type=int, metavar="N", help="the table to read among those offered, from 0"
    )
    parser.add_argument("--cell", nargs=2, metavar=("ROW", "COLUMN"), help="print a cell as it was published")
    _add_choices(parser)
    chosen = parser.parse_args(argv)
    settings = from_environment()
    try:
        if chosen.cell:
            print(original(chosen.file, settings, _whole(chosen.cell[0]), chosen.cell[1], _choices(chosen)))
            return 0
        with tempfile.TemporaryDirectory(prefix="relato-read-") as tables:
            table = read_file(
                chosen.file,
                Path(tables),
                settings,
                sheet=chosen.sheet,
                part=chosen.table,
                choices=_choices(chosen),
                progress=_told(chosen.file),
            )
            if chosen.parquet:
                shutil.copyfile(Path(tables, f"{table.id}.parquet"), chosen.parquet)
    except Refused as refusal:
        _print_refusal(refusal.problem, chosen.json, settings.language)
        return 3
    except KeyboardInterrupt:
        return 130
    _print_table(table, chosen.json, settings.language)
    return 0


def _told(file: Path) -> child.Report | None:
    """Return what tells a person at a terminal how far a large file is; Ctrl-C stops its reading."""
    if not sys.stderr.isatty() or not file.is_file() or file.stat().st_size < TOLD_FROM:
        return None

    def tell(done: int, total: int | None) -> None:
        whole = f" / {total / 1e6:.1f}" if total else ""
        ended = "\n" if total and done >= total else ""
        print(f"\r{done / 1e6:.1f}{whole} MB", end=ended, file=sys.stderr, flush=True)

    return tell


def _add_choices(parser: argparse.ArgumentParser) -> None:
    """Let a person correct what the reader understood."""
    parser.add_argument(
        "--header", type=int, metavar="ROW", help="the row with the names, from 1; 0 for none"
    )
    parser.add_argument("--levels", type=int, default=1, metavar="N", help="how many rows the header has")
    for name, what in (
        ("type", "number, integer, text, boolean, date or datetime"), ("role", "the role of a column"),
        ("nulls", "the words that mean no data, separated by |"), ("order", "dmy or mdy"), ("decimals", "dot or comma"), ("unit", "the unit of its numbers"), ("name", "what to call it"),
    ):  # fmt: skip
        parser.add_argument(
            f"--{name}", action="append", default=[], type=_pair, metavar="COLUMN=…", help=what
        )


def _pair(text: str) -> tuple[str, str]:
    column, equals, value = text.rpartition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text} does not say COLUMN=…")
    return column, value


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _choices(chosen: argparse.Namespace) -> Choices | None:
    columns: dict[str, dict[str, Any]] = {}
    for name in ("type", "role", "nulls", "order", "decimals", "unit", "name"):
        for column, value in getattr(chosen, name):
            said = tuple(value.split("|")) if name == "nulls" else value
            columns.setdefault(column, {})[name] = said
    if not columns and (chosen.header, chosen.sheet, chosen.table) == (None, None, None):
        return None
    asked = {"sheet": chosen.sheet, "part": chosen.table}
    try:
        return Choices.model_validate(
            {**asked, "header": chosen.header, "levels": chosen.levels, "columns": columns}
        )
    except ValueError as error:
        raise Refused("choice_unknown", reason=str(error).splitlines()[2].strip()[:160]) from error


def _print_refusal(problem: Problem, as_json: bool, language: str) -> None:
    said = {"problems": [_spoken(problem, language)]}
    print(json.dumps(said, ensure_ascii=False) if as_json else explain(problem, language), file=sys.stdout)


def _spoken(problem: Problem, language: str) -> dict[str, Any]:
    return {**problem.model_dump(), "text": explain(problem, pick_language(language))}


def _print_table(table: Table, as_json: bool, language: str) -> None:
    if as_json:
        print(json.dumps(summary(table, language), ensure_ascii=False))
        return
    print(f"{table.kind}  {table.rows} + {table.set_aside}")
    for column in table.columns:
        print(f"  {column.name}  {column.type}  {column.role}  {column.min} – {column.max}")
    for problem in (*table.changes, *table.problems):
        print(explain(problem, language))


def summary(table: Table, language: str) -> dict[str, Any]:
    """Return what the command prints: the table's figures, with its changes and problems in words."""
    told = ("name", "label", "type", "role", "nulls", "min", "max", "sum", "mean", "distinct", "additive", "unit", "grain", "geography")  # fmt: skip
    columns = [
        column.model_dump(mode="json", include=set(told)) for column in table.columns if not column.derived
    ]
    derived = [
        column.model_dump(mode="json", include=set(told)) for column in table.columns if column.derived
    ]
    return {
        "kind": table.kind,
        "rows": table.rows,
        "set_aside": table.set_aside,
        "columns": columns,
        "derived": derived,
        "part": table.part,
        "tables": list(table.offered),
        "changes": [_spoken(problem, language) for problem in table.changes],
        "problems": [_spoken(problem, language) for problem in table.problems],
    }
