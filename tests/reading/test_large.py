"""Large texts stream through DuckDB and say the same as small ones read cell by cell."""

import datetime as dt
import tempfile
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from catalog.models import Column
from catalog.readers import implied
from catalog.readers.encoding import to_utf8
from catalog.readers.grid import Body
from catalog.readers.large import read_large
from tests.reading.dirty import Clean, Dirt, clean_tables, dirt
from tests.reading.test_classes import CASES
from tests.reading.test_dirty import read
from tests.reading.test_portals import TEXTS


def stream(data: bytes) -> tuple[list[Column], Body, int, dict[str, list[Any]]]:
    """Read bytes by the large path: columns, body, rows and values by column."""
    with tempfile.TemporaryDirectory() as folder:
        path, target = Path(folder, "file"), Path(folder, "table.parquet")
        path.write_bytes(data)
        clean, _, _ = to_utf8(path, Path(folder))
        columns, body, rows = read_large(clean, Path(folder), target, lambda *told: None)
        found = duckdb.execute("select * from read_parquet(?)", [str(target)]).fetchall()
        values = [list(column) for column in zip(*found, strict=True)]
        return columns, body, rows, dict(zip([column.name for column in columns], values, strict=True))


@given(clean_tables(), dirt)
@settings(
    max_examples=8, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.too_slow]
)
def test_both_ways_of_reading_agree(clean: Clean, way: Dirt) -> None:
    data = way.write(clean)
    small, (columns, _body, rows, values) = read(data), stream(data)
    assert rows == small.rows
    published = [column for column in small.columns if not column.derived]
    assert [(c.name, c.type, c.role) for c in columns] == [(c.name, c.type, c.role) for c in published]
    for ours, theirs in zip(columns, published, strict=True):
        assert sorted(map(repr, values[ours.name])) == sorted(map(repr, small.values[theirs.name]))
        assert (ours.nulls, ours.distinct, ours.min, ours.max) == (
            theirs.nulls,
            theirs.distinct,
            theirs.min,
            theirs.max,
        )


WHOLE_TABLE = (
    "two tables of one header", "sections", "first section below the names", "groups named once", "totals of groups",
    "shapes in hexadecimal", "blank columns on the left", "fixed width", "lines of which each is one quoted cell",
)  # fmt: skip
"""Habits that only a table held as a whole shows."""


def _texts() -> dict[str, str]:
    known = {
        **{name: text for name, (text, _) in CASES.items()},
        **{name: text for name, (text, _) in TEXTS.items()},
    }
    return {
        name: text
        for name, text in known.items()
        if name not in WHOLE_TABLE and text.lstrip()[:1] not in "<[{|c"
    }


@pytest.mark.parametrize("name", _texts())
def test_both_ways_say_the_same(name: str) -> None:
    """Also of made columns, roles, rows set aside and what a person should check."""
    data = _texts()[name].encode()
    small, (columns, body, rows, values) = read(data), stream(data)
    assert rows == small.rows

    def told(column: Column) -> tuple[object, ...]:
        figures = (column.nulls, column.distinct, column.min, column.max)
        return (column.name, column.type, column.role, column.additive, column.unit, column.derived, *figures)

    assert [told(column) for column in columns] == [told(column) for column in small.columns]
    for column in columns:
        assert sorted(map(repr, values[column.name])) == sorted(map(repr, small.values[column.name]))
    assert {one.code for one in body.problems} - {"quote_unclosed"} == {one.code for one in small.problems}


def test_columns_made_from_others_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(implied, "PIECE", 7)
    rows = "".join(f"{2001 + n // 12},{n % 12 + 1},484000,{2148000 + n},R{n % 3},{n}\n" for n in range(60))
    data = f"Año,Mes,coord_x,coord_y,Región,casos\n{rows}2005,12,484000,2148000,Total,{59 * 30}\n".encode()
    small, (columns, _body, _rows, values) = read(data), stream(data)
    made = {column.name: column.derived for column in columns if column.derived}
    assert set(made) == {"latitude", "longitude", "date", "is_total"}
    assert made == {column.name: column.derived for column in small.columns if column.derived}
    for name in made:
        assert sorted(map(repr, values[name])) == sorted(map(repr, small.values[name]))
    assert values["Región"][values["is_total"].index(True)] == "Total"


def test_headers_and_notes_in_a_large_text_are_set_aside() -> None:
    body = "".join(f"{n},x,{n}\n" for n in range(50))
    columns, said, rows, _ = stream(f"a,b,c\n{body}a,b,c\n{body}Fuente: nosotros,,\n".encode())
    assert (rows, said.set_aside) == (100, 2)
    assert [column.type for column in columns] == ["integer", "text", "integer"]
    assert {one.code for one in said.changes} >= {"repeated_headers", "notes_below"}


def test_names_over_two_lines_take_no_row_away() -> None:
    data = b'"N\nn","T\nt",e\n' + b"".join(b"%d,%d.5,A\n" % (n, n) for n in range(40))
    columns, _, rows, _ = stream(data)
    assert (rows, [column.name for column in columns]) == (40, ["N n", "T t", "e"])


def test_what_contradicts_the_sample_is_kept_as_text() -> None:
    lines = ["clave,monto"] + [f"{1000 + n},{n}.5" for n in range(5000)] + ["00123,sin dato", "00124,7.5"]
    columns, _body, rows, values = stream("\n".join(lines).encode())
    assert rows == 5002
    assert [column.type for column in columns] == ["text", "number"]
    assert "00123" in values["clave"]
    assert values["monto"].count(None) == 1


def test_no_row_is_lost_when_lines_are_irregular() -> None:
    lines = ["a;b;c"] + [f"{n};x;{n}" for n in range(3000)]
    lines[1500] = "1;2;3;4;5"
    lines[1700] = "1;solo"
    lines += ["", "Fuente: nosotros"]
    _columns, body, rows, _ = stream("\n".join(lines).encode())
    assert (rows, body.set_aside) == (2999, 2)
    said = {change.code: change.facts.get("n") for change in body.changes}
    assert (said["rows_too_long"], said["short_rows"], said["notes_below"]) == (1, 1, 1)


def test_a_parquet_of_many_cells_is_read_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from catalog.readers import parquet

    file = tmp_path / "trips.parquet"
    months = [dt.datetime(2020, 1 + n % 12, 1, n % 24) for n in range(500)]
    pq.write_table(pa.table({"at": months, "delay": range(500), "from": ["A", "B"] * 250}), file)
    small = parquet.read_parquet(file, tmp_path)
    monkeypatch.setattr(parquet, "MANY_CELLS", 100)
    large = parquet.read_parquet(file, tmp_path)
    assert len(small.rows) == 501
    assert large.large
    columns, body, rows = read_large(large.large, tmp_path, tmp_path / "out.parquet", lambda *_: None)
    assert (rows, body.set_aside) == (500, 0)
    assert [(c.name, c.type) for c in columns] == [("at", "datetime"), ("delay", "integer"), ("from", "text")]
    assert columns[1].sum == sum(range(500))
