"""Rows of a table, from anywhere, sorted and looked for."""

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from catalog.models import Column, Table
from catalog.preview import Look, rows

NAMES = ["Álvaro Obregón", "Coyoacán", None, "iztapalapa"]
TABLE = Table(
    id="t",
    sha256="",
    kind="csv",
    rows=50,
    columns=(
        Column(name="place", label="Alcaldía", type="text", role="place"),
        Column(name="n", label="Casos", type="integer", role="measure"),
        Column(name="code", label="Clave", type="integer", role="identifier"),
        Column(name="day", label="Día", type="date", role="time", grain="day"),
        Column(name="shape", label="Forma", type="geometry", role="geometry"),
    ),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = {
        "place": [NAMES[n % 4] for n in range(50)],
        "n": [n * 1000 if n % 10 else None for n in range(50)],
        "code": list(range(1000, 1050)),
        "day": [dt.date(2024, 1, 1) + dt.timedelta(n) for n in range(50)],
        "shape": [b"\x01"] * 50,
    }
    pq.write_table(pa.table(made), tmp_path / "t.parquet", row_group_size=7)
    return tmp_path / "t.parquet"


def test_rows_from_the_start_across_groups(path: Path):
    found = rows(path, TABLE, Look(), "es")
    assert (found.first, found.last, found.total) == (1, 20, 50)
    assert found.rows[1] == ("Coyoacán", "1,000", "1001", "2 ene 2024", "…")
    assert found.rows[10][:2] == ("", "")


def test_the_last_rows(path: Path):
    found = rows(path, TABLE, Look(start=40), "es")
    assert (found.first, found.last, len(found.rows)) == (41, 50, 10)
    assert found.rows[-1][2] == "1049"
    assert rows(path, TABLE, Look(start=9999), "es").rows[0][2] == "1049"


def test_sorted_with_gaps_last(path: Path):
    down = rows(path, TABLE, Look(sort="n", is_descending=True), "es")
    assert [row[1] for row in down.rows[:3]] == ["49,000", "48,000", "47,000"]
    last = rows(path, TABLE, Look(sort="n", start=45), "es")
    assert [row[1] for row in last.rows] == [""] * 5
    assert rows(path, TABLE, Look(sort="no-such"), "es").rows == rows(path, TABLE, Look(), "es").rows


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("alvaro", 13),
        ("OBREGÓN", 13),
        ("Iztapalapa", 12),
        ("1049", 1),
        ("2024-01-09", 1),
        ("zzz", 0),
        (".*", 0),
        ("  ", 50),
    ],
)
def test_finds_texts_whatever_their_accents(path: Path, text: str, total: int):
    found = rows(path, TABLE, Look(text=text), "es")
    assert found.total == total
    assert len(found.rows) == min(20, total)


def test_found_rows_are_sorted_too(path: Path):
    found = rows(path, TABLE, Look(text="coyoacan", sort="code", is_descending=True), "es")
    assert (found.total, found.rows[0][2], found.rows[-1][2]) == (13, "1049", "1001")
