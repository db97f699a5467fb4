"""What a newer file changes in its table."""

from pathlib import Path

import pytest

from catalog.impact import compare
from catalog.models import Column, Table
from tests.catalog.tables import catalog
from web.i18n import explain

PLACES = (("Iztapalapa", 3), ("Coyoacán", 2), ("Tlalpan", 1))


def column(label: str, kind: str = "text", role: str = "category", top: tuple = PLACES) -> Column:
    return Column(name=label, label=label, type=kind, role=role, top=top, distinct=len(top))  # type: ignore[arg-type]


def table(*columns: Column, rows: int = 6) -> Table:
    return Table(id="t", sha256="", kind="csv", rows=rows, columns=columns)


CASES = column("casos", "integer", "measure", ())


@pytest.mark.parametrize(
    ("new", "changes"),
    [
        (table(column("alcaldia"), CASES), []),
        (table(column("alcaldia"), CASES, rows=9), [("rows_changed", "", {"was": 6, "is": 9})]),
        (table(column("alcaldía"), CASES), [("column_renamed", "alcaldia", {"to": "alcaldía"})]),
        (table(column("demarcación"), CASES), [("column_renamed", "alcaldia", {"to": "demarcación"})]),
        (
            table(column("sexo", top=(("M", 3), ("H", 3))), CASES),
            [("column_gone", "alcaldia", {}), ("column_new", "sexo", {})],
        ),
        (
            table(column("alcaldia"), column("casos")),
            [("column_retyped", "casos", {"was": "integer", "is": "text"})],
        ),
        (
            table(column("alcaldia", top=PLACES[:1]), CASES),
            [("values_gone", "alcaldia", {"n": 2, "example": "Coyoacán"})],
        ),
    ],
)
def test_changes_are_named(new: Table, changes: list):
    found = compare(table(column("alcaldia"), CASES), new)
    assert [(change.code, change.where, change.facts) for change in found] == changes
    assert all(explain(change, language) for change in found for language in ("es", "en"))


def test_values_are_not_called_gone_when_only_some_are_known():
    many = column("colonia").model_copy(update={"distinct": 900})
    assert compare(table(many), table(column("colonia", top=PLACES[:1]))) == ()


def test_a_newer_file_leaves_its_impact(tmp_path: Path):
    known = catalog(tmp_path)
    first = known.open("r-escuelas")
    assert known.impacts() == ()
    dump = Path(known.settings.portals[0])
    (dump.parent / "files" / "escuelas.csv").write_text("school,pupil_count\nNorth,120\nSouth,80\n")
    dump.write_text(dump.read_text().replace('"id": "r-escuelas"', '"id": "r-escuelas", "size": 7'))
    known.sync()
    second = known.open("r-escuelas")
    (impact,) = known.impacts()
    assert (impact.resource, impact.old, impact.new) == ("r-escuelas", first.id, second.id)
    assert {change.code for change in impact.changes} >= {"rows_changed"}
