"""Stream a large text into typed columns with DuckDB, deciding on a sample and proving it on every row.

Each cell is read by a fast SQL expression; what that cannot read keeps its text beside it, is
read by the same Python rules as in small files, and is counted when nothing can read it. When
those texts contradict the sample, the columns are decided again and the file is read anew.
"""

import csv
import statistics
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from catalog import profile
from catalog.models import Column, Type
from catalog.readers import coordinates
from catalog.readers.choices import Choices, ColumnChoice, decide_as, header_of, with_choices
from catalog.readers.fast import SQL_TYPES, cell, filled, quoted
from catalog.readers.grid import Body, Grid, Row
from catalog.readers.implied import fill, headers, implied, marked, split
from catalog.readers.shape import BLANK, shape, why_aside
from catalog.readers.text import Dialect, find_dialect, head_of, records
from catalog.readers.tidy import is_some
from catalog.readers.typed import column_names
from catalog.readers.values import PERIOD_TOTAL, Decision, describe_failures, file_style, scalar
from web.values import Problem, Refused

PIECES, PIECE = 40, 64 * 1024
DISTINCT = 500_000
TOP_BELOW = 50_000
TRIES = 3

Tell = Callable[[int, int | None], None]


@dataclass
class Source:
    """A large text: where its body starts and how to split it.

    ``regular`` says that each line above the body is a record of its own, as DuckDB takes them to be.
    """

    path: Path
    dialect: Dialect
    labels: list[str]
    skip: int
    set_aside: int = 0
    regular: bool = True
    padded: Sequence[bool] = ()

    def relation(self) -> str:
        """Return the SQL of its body, all cells as text; any irregular line is an error."""
        columns = ", ".join(f"'c{at}': 'VARCHAR'" for at in range(len(self.labels)))
        quote = quoted(self.dialect.quote) if self.dialect.quoted else "''"
        escape = quoted("\\" if self.dialect.escape else self.dialect.quote) if self.dialect.quoted else "''"
        return (
            f"read_csv({quoted(str(self.path))}, auto_detect=false, header=false, skip={self.skip}, "
            f"delim={quoted(self.dialect.separator or chr(31))}, quote={quote}, escape={escape}, "
            f"columns={{{columns}}}, strict_mode=true, null_padding=false, max_line_size=16777216)"
        )


def read_large(
    path: Path, work: Path, target: Path, tell: Tell, choices: Choices | None = None
) -> tuple[list[Column], Body, int]:
    """Write the typed table of a UTF-8 text to ``target``; return its columns, remarks and rows.

    Sorted by the main date. Raises Refused.
    """
    size = path.stat().st_size
    source, body = _open(path, choices)
    tell(size // 10, size)
    connection = _connect(work)
    counts = _sample(source)
    source.padded = [any(text != text.strip(BLANK) for text in column) for column in counts]
    counts = [_bare(column) for column in counts]
    as_text: set[int] = set()
    for attempt in range(TRIES):
        decisions = _decide(source.labels, counts, as_text, choices)
        source = _load(connection, source, decisions, work, body)
        aside = _set_aside(connection, source, decisions)
        tell(size * (4 + attempt) // 10, size)
        odd = [_read_odd(connection, at, decision) for at, decision in enumerate(decisions)]
        wrong = [at for at, texts in enumerate(odd) if _contradicts(connection, at, texts, counts[at])]
        if not wrong:
            break
        for at in wrong:
            counts[at].update(odd[at])
        as_text.update(wrong if attempt else ())
    rows = _count(connection, "count(*)")
    columns = _columns(connection, source.labels, decisions, odd, rows, body)
    made = _implied(connection, columns, decisions, rows, body)
    shown = [f"v{at}" for at in range(len(columns))] + [place for place, _ in made]
    columns, said = with_choices(profile.in_context([*columns, *(one for _, one in made)]), choices)
    body.problems += said
    tell(size * 8 // 10, size)
    _write(connection, columns, shown, "typed positional join made" if made else "typed", target)
    body.set_aside += source.set_aside + sum(aside.values())
    body.changes += [_info(code, n) for code, n in aside.items() if n]
    return columns, body, rows


def _info(code: str, n: int) -> Problem:
    return Problem(code=code, severity="info", facts={"n": n, "example": "…"})


def _count(connection: duckdb.DuckDBPyConnection, what: str) -> int:
    found = connection.execute(f"select {what} from typed").fetchone()
    return int(found[0]) if found else 0


def _connect(work: Path) -> duckdb.DuckDBPyConnection:
    config = {
        "memory_limit": "600MB",
        "threads": "2",
        "temp_directory": str(work / "spill"),
        "preserve_insertion_order": "true",
    }
    config |= {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
    return duckdb.connect(str(work / "typed.duckdb"), config=config)


def _open(path: Path, choices: Choices | None) -> tuple[Source, Body]:
    """Find the dialect, the header and where the body starts, from the head of the file."""
    sample = head_of(path)
    dialect = find_dialect(sample)
    lines = sample.splitlines(keepends=True)
    skipped = 1 if lines and lines[0].lower().startswith(("sep=", "\ufeffsep=")) else 0
    rows, ends = [], []
    reader = dialect.rows(iter(lines[skipped:]))
    try:
        for row in reader:
            rows.append(row)
            ends.append(reader.line_num + skipped)  # type: ignore[attr-defined]
    except csv.Error:
        pass
    body = shape(Grid(rows[:3000], header=header_of(choices)))
    body.changes = [
        c
        for c in body.changes
        if c.code in ("preamble_skipped", "header_levels", "no_header", "tag_row_skipped")
    ]
    body.set_aside = 0
    width = max(len(body.labels), Counter(map(len, rows[body.start : 3000])).most_common(1)[0][0])
    labels = (body.labels + [""] * width)[:width]
    skip = ends[body.start - 1] if body.start else skipped
    regular = skip == body.start + skipped and not any(line.count(dialect.quote) % 2 for line in lines[:skip])
    return Source(path, dialect, labels, skip, regular=regular), body


def _sample(source: Source) -> list[Counter[str]]:
    """Count texts per column in pieces spread over the whole file."""
    width = len(source.labels)
    counts: list[Counter[str]] = [Counter() for _ in range(width)]
    size = source.path.stat().st_size
    with source.path.open("rb") as raw:
        for _ in range(source.skip):
            raw.readline()
        start = raw.tell()
        pieces = max(1, min(PIECES, (size - start) // PIECE))
        for piece in range(pieces):
            raw.seek(start + (size - start) * piece // pieces)
            if piece:
                raw.readline()
            text = raw.read(PIECE).decode("utf-8", "replace")
            text = text.rpartition("\n")[0] if raw.tell() < size else text
            try:
                for row in source.dialect.rows(iter(text.splitlines(keepends=True))):
                    if len(row) == width and row != source.labels:
                        for at, cell in enumerate(row):
                            counts[at][cell] += 1
            except csv.Error:
                continue
    return counts


def _bare(counts: Counter[str]) -> Counter[str]:
    """Return the counts of the texts without outer blanks."""
    bare: Counter[str] = Counter()
    for text, n in counts.items():
        bare[text.strip(BLANK)] += n
    return bare


def _decide(
    labels: Sequence[str], counts: Sequence[Counter[str]], as_text: set[int], choices: Choices | None
) -> list[Decision]:
    """Decide the columns on the sample and on what earlier tries found; some are text for good."""
    elsewhere = file_style(counts)
    chosen = choices.columns if choices else {}
    decisions = [
        decide_as(label or name, count, chosen.get(name), dotted=False, elsewhere=elsewhere)
        for name, label, count in zip(column_names(labels), labels, counts, strict=True)
    ]
    as_text = {at for at in as_text if not _is_typed(chosen.get(column_names(labels)[at]))}
    return [
        Decision("text", str, d.nulls) if d.type == "geometry" or at in as_text else d
        for at, d in enumerate(decisions)
    ]


def _is_typed(choice: ColumnChoice | None) -> bool:
    return bool(choice and choice.type)


def _load(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    decisions: Sequence[Decision],
    work: Path,
    body: Body,
) -> Source:
    """Fill the table ``typed``: v = value, t = the text the fast expression could not read."""
    parts = []
    for at, (decision, padded) in enumerate(zip(decisions, source.padded, strict=True)):
        value, text = cell(f"c{at}", decision, padded=padded)
        parts += [f"{value} as v{at}", f"{text} as t{at}"]
    query = "create or replace table typed as select " + ", ".join(parts) + " from "
    any_cell = " or ".join(filled(f"c{at}") for at in range(len(decisions)))
    try:
        if not source.regular:
            raise duckdb.InvalidInputException
        connection.execute(f"{query}{source.relation()} where {any_cell}")
        if _swallowed(connection, source, decisions):
            raise duckdb.InvalidInputException
    except duckdb.InvalidInputException:
        source = even(source, work, body)
        connection.execute(f"{query}{source.relation()} where {any_cell}")
    return source


def _swallowed(connection: duckdb.DuckDBPyConnection, source: Source, decisions: Sequence[Decision]) -> bool:
    """Tell whether a cell may hold records that a lone quote swallowed: a line end and enough separators."""
    if not source.dialect.quoted or not source.dialect.separator:
        return False
    mark, most = quoted(source.dialect.separator), len(source.labels) - 1
    cells = [f"v{at}" if one.type == "text" else f"t{at}" for at, one in enumerate(decisions)]
    odd = " or ".join(
        f"(contains({cell}, chr(10)) and len({cell}) - len(replace({cell}, {mark}, '')) >= {most})"
        for cell in cells
    )
    return connection.execute(f"select 1 from typed where {odd} limit 1").fetchone() is not None


def even(source: Source, work: Path, body: Body) -> Source:
    """Rewrite an irregular text with rows of one width, setting aside and counting those that are not."""
    target = work / "even.csv"
    width = len(source.labels)
    aside: Counter[str] = Counter()
    remarks = Grid([])
    held: list[Row] = []
    with (
        source.path.open(encoding="utf-8", newline="") as lines,
        target.open("w", encoding="utf-8", newline="") as out,
    ):
        for _ in range(source.skip):
            lines.readline()
        writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
        for row in records(lines, source.dialect, remarks):
            filled = sum(1 for cell in row if cell.strip(BLANK))
            if not filled:
                aside["blank_rows"] += 1
            elif any(cell.strip(BLANK) for cell in row[width:]):
                aside["rows_too_long"] += 1
            elif filled == 1 and width >= 3:
                held.append(row)
            else:
                aside["short_rows"] += len(row) < width
                writer.writerows(_padded(one, width) for one in held)
                held.clear()
                writer.writerow(_padded(row, width))
    aside["notes_below"] = len(held)
    body.problems += remarks.problems
    body.changes += [
        Problem(code=code, severity="info", facts={"n": n, "example": held[0][0][:80] if code == "notes_below" else "…"})
        for code, n in aside.items() if n
    ]  # fmt: skip
    return Source(
        target,
        Dialect(","),
        source.labels,
        0,
        padded=source.padded,
        set_aside=aside["rows_too_long"] + len(held),
    )


def _padded(row: Row, width: int) -> Row:
    return row[:width] + [""] * (width - len(row))


def _set_aside(
    connection: duckdb.DuckDBPyConnection, source: Source, decisions: Sequence[Decision]
) -> dict[str, int]:
    """Take rows that repeat the header, and notes below the table, out of it; return how many, by reason."""
    repeated = headers(source.labels, decisions)
    found = {"repeated_headers": 0, "notes_below": _notes_below(source)}
    if repeated:
        found["repeated_headers"] = _count(connection, f"count(*) filter ({repeated})")
    if found["repeated_headers"]:
        connection.execute(f"delete from typed where {repeated}")
    if found["notes_below"]:
        last = f"select rowid from typed order by rowid desc limit {found['notes_below']}"
        connection.execute(f"delete from typed where rowid in ({last})")
    return found


def _notes_below(source: Source) -> int:
    """Count the last rows of a text that are notes, by the rules of small ones."""
    with source.path.open("rb") as raw:
        raw.seek(max(0, source.path.stat().st_size - PIECE))
        text = raw.read().decode("utf-8", "replace").partition("\n")[2]
    try:
        rows = [[cell.strip() for cell in row] for row in source.dialect.rows(iter(text.splitlines(True)))]
    except csv.Error:
        return 0
    filled = [sum(map(bool, row)) for row in rows]
    usual = statistics.median([n for n in filled if n] or [1])
    last = max((at for at, n in enumerate(filled) if n >= min(2, usual)), default=len(rows))
    reasons = [
        why_aside(rows[at], filled[at], usual, True, not filled[at - 1]) for at in range(last + 1, len(rows))
    ]
    return reasons.count("notes_below")


def _odd(connection: duckdb.DuckDBPyConnection, at: int) -> Counter[str]:
    """Return the most frequent texts of a column that are not read yet, with counts."""
    query = f"select t{at}, count(*) from typed where t{at} is not null group by 1 order by 2 desc limit {DISTINCT}"
    return Counter(dict(connection.execute(query).fetchall()))


def _read_odd(connection: duckdb.DuckDBPyConnection, at: int, decision: Decision) -> Counter[str]:
    """Read by the full rules what the fast expression could not; return the texts that say no value."""
    while odd := _odd(connection, at):
        read = [(text, value) for text in odd if (value := decision.value(text)) is not None]
        if read:
            _insert(connection, read, SQL_TYPES[decision.type])
            connection.execute(f"update typed set v{at} = map.v, t{at} = null from map where t{at} = map.t")
        if not read or len(odd) < DISTINCT:
            known = dict(read)
            return Counter({text: n for text, n in odd.items() if text not in known})
    return odd


def _contradicts(
    connection: duckdb.DuckDBPyConnection, at: int, failed: Counter[str], sample: Counter[str]
) -> bool:
    """Tell whether the texts that could not be read speak against the type of the column.

    Those the sample holds do not, unless they are far more frequent in the whole.
    """
    failed = Counter({text: n for text, n in failed.items() if not PERIOD_TOTAL.match(text)})
    if not failed:
        return False
    filled = _count(connection, f"count(v{at})")
    new = Counter({text: n for text, n in failed.items() if text not in sample})
    zeros = any(text.isdigit() and text.startswith("0") for text in new)
    known = sum(sample[text] for text in failed) / max(1, sample.total())
    return zeros or new.total() > 0.05 * filled or failed.total() > max(0.05, 2 * known) * filled


def _insert(connection: duckdb.DuckDBPyConnection, read: list[tuple[str, Any]], kind: str) -> None:
    import pyarrow as pa

    rows = pa.table({"t": [text for text, _ in read], "v": [value for _, value in read]})
    connection.register("read_rows", rows)
    connection.execute(f"create or replace temp table map as select t, v::{kind} as v from read_rows")
    connection.unregister("read_rows")


def _columns(
    connection: duckdb.DuckDBPyConnection, labels: Sequence[str], decisions: Sequence[Decision],
    odd: Sequence[Counter[str]], rows: int, body: Body,
) -> list[Column]:  # fmt: skip
    """Return the columns with figures over all rows; texts nobody could read are counted in problems."""
    if not rows:
        raise Refused("no_rows")
    names = column_names(labels)
    columns = []
    for at, (name, label, decision) in enumerate(zip(names, labels, decisions, strict=True)):
        failed = _without_totals(label or name, decision, odd[at])
        if failed:
            body.problems.append(describe_failures(label or name, failed))
        figures = _figures(connection, f"v{at}", decision.type, rows)
        body.changes += [_of_all_rows(change, rows - figures["nulls"]) for change in decision.changes]
        body.problems += [_of_all_rows(problem, rows - figures["nulls"]) for problem in decision.problems]
        columns.append(
            profile.column(
                name, label, decision.type, figures, rows, grain=decision.grain, unit=decision.unit
            )
        )
    while columns[-1].role == "empty" and not columns[-1].label and len(columns) > 1:
        columns.pop()
    roles = coordinates.degrees(columns)
    columns = [
        one.model_copy(update={"role": roles[one.name], "additive": False, "unit": "°"})
        if one.name in roles
        else one
        for one in columns
    ]
    return columns


def _without_totals(label: str, decision: Decision, failed: Counter[str]) -> Counter[str]:
    """Return the texts nobody could read but for those of periods that sum others, which are said to be so."""
    decision.problems = [one for one in decision.problems if one.code != "period_totals"]
    decision.totals = frozenset(text for text in failed if PERIOD_TOTAL.match(text)) if decision.type == "date" else frozenset()  # fmt: skip
    if decision.totals:
        facts: dict[str, str | int | float] = {
            "example": min(decision.totals),
            "n": sum(failed[text] for text in decision.totals),
        }
        decision.problems.append(Problem(code="period_totals", severity="warning", where=label, facts=facts))
    return Counter({text: n for text, n in failed.items() if text not in decision.totals})


def _implied(
    connection: duckdb.DuckDBPyConnection, columns: Sequence[Column], decisions: Sequence[Decision], rows: int, body: Body
) -> list[tuple[str, Column]]:  # fmt: skip
    """Make the columns that the table implies; return where each is, and its description."""
    wanted = implied(connection, columns, decisions, rows)
    if not wanted:
        return []
    fill(connection, wanted)
    taken = {one.name.lower() for one in columns}
    made: list[tuple[str, Column]] = []
    at = 0
    for one in wanted:
        places, at = range(at, at + len(one.names)), at + len(one.names)
        figures = [_figures(connection, f"m{place}", one.type, rows, "made") for place in places]
        true = marked(connection, places[0]) if one.type == "boolean" else 0
        if figures[0]["nulls"] > (1 - one.least) * rows or (
            one.type == "boolean" and not is_some(true, rows)
        ):
            continue
        for place, name, found in zip(places, one.names, figures, strict=True):
            free = next(n for n in (name, *(f"{name}_{k}" for k in range(2, 1000))) if n.lower() not in taken)
            taken.add(free.lower())
            label = name if one.make is split else ""
            column = profile.column(free, label, one.type, found, rows, grain=one.grain, derived=one.derived)
            if one.roles:
                role = one.roles[place - places[0]]
                column = column.model_copy(update={"role": role, "additive": False, "unit": "°"})
            made.append((f"m{place}", column))
        for said in one.said:
            facts = {"n": true} if one.type == "boolean" else said.facts
            (body.changes if said.severity == "info" else body.problems).append(
                said.model_copy(update={"facts": facts})
            )
    return made


def _of_all_rows(said: Problem, filled: int) -> Problem:
    """Return what was said of the sample as true of all rows: counts of values, none of null words."""
    if said.code == "read_nulls":
        return said.model_copy(update={"code": "read_nulls_all"})
    return said.model_copy(update={"facts": {**said.facts, "n": filled}}) if "n" in said.facts else said


def _figures(
    connection: duckdb.DuckDBPyConnection, value: str, type_: Type, rows: int, table: str = "typed"
) -> dict[str, Any]:
    """Return the figures of a column by SQL: distinct is exact below 50,000, else an estimate within 2 %."""
    sums = f", fsum({value}::double), avg({value})" if type_ in ("integer", "number") else ", null, null"
    if type_ == "integer":
        sums = f", sum({value}), avg({value})"
    query = f"select count({value}), approx_count_distinct({value}), min({value}), max({value}){sums} from {table}"
    filled, distinct, low, high, total, mean = connection.execute(query).fetchall()[0]
    top: tuple[Any, ...] = ()
    if distinct < TOP_BELOW:
        grouped = f"select {value}, count(*) from {table} where {value} is not null group by 1"
        exact = connection.execute(f"select count(*) from ({grouped})").fetchone()
        distinct = exact[0] if exact else distinct
        top = tuple(
            (scalar(v), n)
            for v, n in connection.execute(f"{grouped} order by 2 desc, 1 limit {profile.TOP}").fetchall()
        )
    figures: dict[str, Any] = {"nulls": rows - filled, "distinct": distinct, "top": top}
    if filled:
        figures |= {"min": scalar(low), "max": scalar(high)}
    if total is not None:
        figures |= {"sum": int(total) if type_ == "integer" else round(total, 6), "mean": float(mean)}
    return figures


def _write(
    connection: duckdb.DuckDBPyConnection, columns: Sequence[Column], shown: Sequence[str], source: str, target: Path
) -> None:  # fmt: skip
    """Write the columns, each from its place in the source, by the main date."""
    named = ", ".join(
        f'{place} as "{one.name.replace(chr(34), chr(34) * 2)}"'
        for place, one in zip(shown, columns, strict=True)
    )
    main = next(
        (place for place, one in zip(shown, columns, strict=True) if one.type in ("date", "datetime")), None
    )
    order = f" order by {main}" if main else ""
    connection.execute(
        f"copy (select {named} from {source}{order}) to {quoted(str(target))} (format parquet, compression zstd)"
    )
