"""Reading through the child: files beside each other, kept by content, and the command."""

import json
from pathlib import Path

import duckdb
import pytest

from catalog.models import Table
from catalog.reading import main, read_file
from web.settings import Settings
from web.values import Refused

TEXT = "alcaldía;2019;2020\nTlalpan;1.250,5;2\nIztapalapa;3,5;4\nTotal;1.254,0;6\nFuente: SSC\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "casos.pdf"
    path.write_bytes(TEXT.encode("latin-1"))
    return path


def test_a_table_is_written_with_its_description(file: Path, tmp_path: Path) -> None:
    table = read_file(file, tmp_path / "tables", Settings())
    written = tmp_path / "tables" / f"{table.id}.parquet"
    assert Table.model_validate_json(written.with_suffix(".json").read_bytes()) == table
    assert duckdb.execute('select sum("2019") from read_parquet(?)', [str(written)]).fetchall() == [(2508.0,)]
    assert (table.kind, table.rows, table.set_aside) == ("csv", 3, 1)
    assert sorted(path.suffix for path in written.parent.iterdir()) == [".json", ".parquet"]


def test_a_table_already_written_is_not_read_again(file: Path, tmp_path: Path) -> None:
    first = read_file(file, tmp_path / "tables", Settings())
    assert read_file(file, tmp_path / "tables", Settings(read_seconds=1, read_memory_mb=1)) == first


def test_a_reader_without_memory_is_a_refusal(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"a,b\n" + b"x,1\n" * 2_000_000)
    with pytest.raises(Refused) as refusal:
        read_file(path, tmp_path / "tables", Settings(read_memory_mb=60))
    assert refusal.value.problem.code in ("child_memory", "child_died")
    assert not list((tmp_path / "tables").iterdir())


def test_the_command_prints_what_was_understood(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(file), "--json", "--parquet", str(tmp_path / "out.parquet")]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["kind"], said["rows"], said["set_aside"]) == ("csv", 3, 1)
    assert [(column["name"], column["type"], column["sum"]) for column in said["columns"]] == [
        ("alcaldía", "text", None), ("2019", "number", 2508.0), ("2020", "integer", 12),
    ]  # fmt: skip
    assert {problem["code"] for problem in said["problems"]} == {"total_rows"}
    assert (tmp_path / "out.parquet").stat().st_size > 0


def test_the_command_reads_a_wide_table_as_a_long_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "ancha.csv"
    path.write_text("alc,2018,2019,2020\nA,1,2,3\nB,4,5,6\n")
    assert main([str(path), "--json", "--table", "1"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["tables"] == ["table 1", "long"]
    assert [column["name"] for column in said["columns"]] == ["alc", "period", "value"]
    assert said["rows"] == 6


def test_the_command_refuses_with_a_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "datos.csv"
    path.write_text("<!doctype html><html><body>Página no encontrada</body></html>")
    assert main([str(path), "--json"]) == 3
    (problem,) = json.loads(capsys.readouterr().out)["problems"]
    assert problem["code"] == "file_html"
    assert "página web" in problem["text"]
    assert main([str(tmp_path / "none.csv")]) == 3
