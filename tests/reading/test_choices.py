"""What a person corrects is followed, said, and kept for the next version of a file."""

import datetime as dt
from pathlib import Path

import duckdb
import pytest

from catalog.choices import Choices, ColumnChoice, Kept, migrations
from catalog.models import Table
from catalog.readers import write
from catalog.readers.grid import Grid
from catalog.readers.shape import shape
from catalog.readers.typed import typed
from catalog.reading import main, original, original_here, read_file
from tests.catalog.tables import catalog
from web.database import Database
from web.settings import Settings
from web.values import Refused


def read(tmp_path: Path, text: str, choices: Choices | None) -> tuple[Table, dict[str, list[object]]]:
    source = tmp_path / "file"
    source.write_text(text, encoding="utf-8")
    table = read_file(source, tmp_path / "tables", Settings(), choices=choices)
    with duckdb.connect() as connection:
        found = connection.execute(f"from '{tmp_path}/tables/{table.id}.parquet'")
        names = [one[0] for one in found.description]
        rows = found.fetchall()
    return table, {name: [row[at] for row in rows] for at, name in enumerate(names)}


def columns(**named: ColumnChoice) -> Choices:
    return Choices(columns=named)


def test_the_header_is_where_a_person_says(tmp_path: Path) -> None:
    text = "a,b\nuno,dos\nx,y\nz,w\n"
    assert set(read(tmp_path, text, None)[1]) == {"a", "b"}
    assert read(tmp_path, text, Choices(header=2))[1] == {"uno": ["x", "z"], "dos": ["y", "w"]}
    assert set(read(tmp_path, text, Choices(header=1, levels=2))[1]) == {"a · uno", "b · dos"}
    assert read(tmp_path, text, Choices(header=0))[1]["column_1"] == ["a", "uno", "x", "z"]
    with pytest.raises(Refused, match="header_beyond"):
        read(tmp_path, text, Choices(header=9))


def test_type_null_words_date_order_and_decimals_are_as_chosen(tmp_path: Path) -> None:
    text = "cve;f;n;v\n1;01/02/2020;1.234;N/D\n2;03/04/2020;5.678;nada\n3;05/06/2020;9.012;4\n"
    said = columns(
        cve=ColumnChoice(type="text"), f=ColumnChoice(order="mdy"), n=ColumnChoice(decimals="comma"),
        v=ColumnChoice(type="integer", nulls=("N/D", "nada")),
    )  # fmt: skip
    table, values = read(tmp_path, text, said)
    assert values["cve"] == ["1", "2", "3"]
    assert values["f"] == [dt.date(2020, 1, 2), dt.date(2020, 3, 4), dt.date(2020, 5, 6)]
    assert values["n"] == [1234, 5678, 9012]
    assert values["v"] == [None, None, 4]
    assert [problem.code for problem in table.problems] == []
    assert "corrected" in {change.code for change in table.changes}


def test_what_does_not_fit_a_chosen_type_is_counted(tmp_path: Path) -> None:
    table, values = read(tmp_path, "a,b\nx,1\ny,dos\nz,tres\n", columns(b=ColumnChoice(type="number")))
    assert values["b"] == [1.0, None, None]
    assert [(p.code, p.facts["n"]) for p in table.problems] == [("cells_not_read", 2)]


def test_null_words_can_be_taken_back(tmp_path: Path) -> None:
    text = "edad\n20\n30\n40\n50\n999\n999\n25\n36\n"
    assert read(tmp_path, text, None)[1]["edad"].count(None) == 2
    assert read(tmp_path, text, columns(edad=ColumnChoice(nulls=())))[1]["edad"].count(999) == 2


def test_roles_are_as_chosen_and_missing_columns_are_told(tmp_path: Path) -> None:
    said = columns(
        n=ColumnChoice(role="identifier"), a=ColumnChoice(role="measure"), gone=ColumnChoice(type="text")
    )
    table, _ = read(tmp_path, "a,n\nx,10\ny,25\n", said)
    roles = {column.name: (column.role, column.additive) for column in table.columns}
    assert roles == {"a": ("category", False), "n": ("identifier", False)}
    assert {(p.code, p.where) for p in table.problems} == {("choice_missed", "gone"), ("role_unfit", "a")}


def test_names_and_units_are_as_chosen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = columns(
        n=ColumnChoice(name="víctimas", unit="personas"), p=ColumnChoice(unit="%"), a=ColumnChoice(name="P")
    )
    table, values = read(tmp_path, "a,n,p\nx,10,55\ny,25,60\n", said)
    assert values == {"a": ["x", "y"], "víctimas": [10, 25], "p": [55, 60]}
    told = {column.name: (column.unit, column.additive) for column in table.columns}
    assert told == {"a": ("", False), "víctimas": ("personas", True), "p": ("%", False)}
    assert {(one.code, one.where, one.facts.get("to")) for one in (*table.changes, *table.problems)} >= {
        ("renamed", "n", "víctimas"), ("name_taken", "a", "P"),
    }  # fmt: skip
    assert original(tmp_path / "file", Settings(), 2, "víctimas", said) == "25"
    assert main([str(tmp_path / "file"), "--json", "--name", "n=casos", "--unit", "p=%"]) == 0
    assert '"name": "casos"' in capsys.readouterr().out


def test_a_chosen_header_belongs_to_the_table_around_it(tmp_path: Path) -> None:
    text = "Uno\na,b\nx,1\ny,2\n\nDos\nc,d,e\nz,3,4\nw,5,6\nv,7,8\n"
    offered = read(tmp_path, text, None)[0].offered
    assert offered == ("table 1", "table 2")
    assert read(tmp_path, text, Choices(sheet="table 1"))[1] == {"a": ["x", "y"], "b": [1, 2]}
    assert read(tmp_path, text, Choices(sheet="table 1", header=2))[1] == {"a": ["x", "y"], "b": [1, 2]}
    assert read(tmp_path, text, Choices(sheet="table 2", header=8))[1] == {
        "z": ["w", "v"],
        "3": [5, 7],
        "4": [6, 8],
    }
    assert read(tmp_path, text, Choices(part=1))[1]["c"] == ["z", "w", "v"]


def test_a_large_text_follows_the_same_corrections(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = "".join(f"{n};0{n % 9 + 1}/02/2020;relleno {'x' * 90} {n}\n" for n in range(260_000))
    said = columns(id=ColumnChoice(type="text"), f=ColumnChoice(order="mdy"))
    table, values = read(tmp_path, "id;f;t\n" + rows, said)
    assert table.rows == 260_000
    assert {type(value) for value in values["id"]} == {str}
    assert set(values["f"]) == {dt.date(2020, month, 2) for month in range(1, 10)}


def test_corrections_are_remembered(tmp_path: Path) -> None:
    kept = Kept(Database(tmp_path / "choices.db", migrations))
    assert kept.of("r") is None
    first, second = Choices(header=2), columns(a=ColumnChoice(type="text", nulls=()))
    kept.keep("r", first, "ana")
    kept.keep("r", second, "luis")
    assert kept.of("r") == second
    assert [(by, choices) for _, by, choices in kept.history("r")] == [("luis", second), ("ana", first)]
    kept.keep("r", Choices())
    assert kept.of("r") is None


def test_the_command_takes_corrections(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "f.csv").write_text("a,b\nuno,dos\n1,2\n3,4\n")
    assert main([str(tmp_path / "f.csv"), "--json", "--header", "2", "--type", "uno=text"]) == 0
    assert '"name": "uno", "label": "uno", "type": "text"' in capsys.readouterr().out
    assert main([str(tmp_path / "f.csv"), "--type", "uno=colour"]) == 3


def test_the_original_text_of_a_cell_is_reachable(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "f.csv"
    file.write_text("Título\n\nf;monto\n01/02/2020;1.250,50 €\n13/02/2020;N/D\n")
    assert original(file, Settings(), 1, "monto") == "1.250,50 €"
    assert original(file, Settings(), 2, "monto") == "N/D"
    assert main([str(file), "--cell", "2", "f"]) == 0
    assert capsys.readouterr().out == "13/02/2020\n"
    with pytest.raises(Refused, match="cell_unknown"):
        original(file, Settings(), 3, "monto")


def test_the_original_text_is_reachable_where_rows_are_in_order_of_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(write, "SORTED_FROM", 3)
    text = "f;n\n03/02/2020;1,5\n13/01/2020;2,5\n05/01/2020;N/D\n"
    body = shape(Grid([line.split(";") for line in text.splitlines()]))
    assert write.order_of(typed(body, Grid([]))) == [2, 1, 0]
    (tmp_path / "f.csv").write_text(text)
    asked = {
        "path": str(tmp_path / "f.csv"),
        "work": str(tmp_path),
        "choices": {},
        "progress": lambda *_: None,
    }
    assert original_here(row=1, column="n", **asked) == "N/D"
    assert original_here(row=3, column="f", **asked) == "03/02/2020"


def test_a_correction_is_read_at_once_and_followed_by_later_readings(tmp_path: Path) -> None:
    known = catalog(tmp_path)
    before = known.open("r-delitos")
    said = columns(**{"víctimas": ColumnChoice(type="text")})
    after = known.correct("r-delitos", said, "ana")
    assert after.id != before.id
    assert known.table_of("r-delitos") == after
    assert known.corrections("r-delitos") == said
    column = after.column("víctimas")
    assert column is not None
    assert column.type == "text"
    assert known.correct("r-delitos", Choices()).id == before.id
    with pytest.raises(Refused, match="header_beyond"):
        known.correct("r-delitos", Choices(header=999))
    assert known.corrections("r-delitos") is None
