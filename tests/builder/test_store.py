"""Saved charts: versions are only added, and only their people change them."""

import pytest

from builder.charts import Charts, migrations
from builder.exports import csv_of
from builder.remembered import Remembered
from builder.spec import ChartSpec, Encoding, Filter
from catalog.catalog import Catalog
from web import accounts
from web.database import Database
from web.settings import Settings
from web.values import Refused

BAR = ChartSpec(mark="bar", x=Encoding(field="linea"), y=Encoding(field="afluencia", aggregate="sum"))


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """The demo portal with one file read, its charts, and three accounts."""
    settings = Settings(data=tmp_path_factory.mktemp("charts"))
    database = Database(settings.data / "stories.db", accounts.migrations, migrations)
    catalog = Catalog(settings)
    catalog.sync()
    resource = next(r for r in catalog.dataset("afluencia-metrobus").resources if "mensual" in r.url)
    table = catalog.open(resource.id)
    people = accounts.Accounts(database)
    made = {
        name: people.create(f"{name}@example.org", name, role, "a long password")
        for name, role in (("ana", "author"), ("beto", "author"), ("cora", "curator"))
    }
    charts = Charts(settings, database, catalog)
    yield charts, made, BAR.model_copy(update={"resource": resource.id}), table
    charts.engine.close()


def code_of(call, *arguments):
    with pytest.raises(Refused) as caught:
        call(*arguments)
    return caught.value.problem.code


def test_a_saved_chart_is_pinned_to_its_table_and_found_again(house):
    charts, people, spec, table = house
    saved = charts.save(people["ana"], spec, "  Metrobús   por línea ")
    assert (saved.name, saved.version, saved.owner) == ("Metrobús por línea", 1, people["ana"].id)
    assert saved.spec == spec.model_copy(update={"table": table.id})
    assert charts.get(saved.id) == saved
    assert saved in charts.of(people["ana"])
    assert charts.of(people["beto"]) == ()


def test_each_change_adds_a_version_and_none_is_lost(house):
    charts, people, spec, _ = house
    first = charts.save(people["ana"], spec, "Uno")
    changed = spec.model_copy(update={"sort": "label"})
    second = charts.save(people["ana"], changed, "Dos", first.id)
    again = charts.save(people["ana"], second.spec, "Dos", first.id)
    assert (second.id, second.version, again) == (first.id, 2, second)
    assert [(v.version, v.name, v.spec.sort) for v in charts.versions(first.id)] == [
        (2, "Dos", "label"),
        (1, "Uno", "auto"),
    ]
    assert charts.store.get(first.id, 1) == first


def test_only_its_author_and_curators_change_a_chart(house):
    charts, people, spec, _ = house
    saved = charts.save(people["ana"], spec, "Mía")
    assert code_of(charts.save, people["beto"], spec, "Suya", saved.id) == "chart_forbidden"
    assert charts.get(saved.id) == saved
    changed = charts.save(people["cora"], spec, "Curada", saved.id)
    assert (changed.name, changed.owner) == ("Curada", people["ana"].id)


def test_what_cannot_be_saved_is_refused(house):
    charts, people, spec, _ = house
    ana, before = people["ana"], charts.of(people["ana"])
    assert code_of(charts.save, ana, spec, "  ") == "chart_unnamed"
    assert code_of(charts.save, ana, spec, "x" * 201) == "chart_unnamed"
    assert code_of(charts.save, ana, spec, "x", "0" * 12) == "chart_unknown"
    unknown = spec.model_copy(update={"x": Encoding(field="ruta")})
    assert code_of(charts.save, ana, unknown, "x") == "no_such_column"
    assert [problem.code for problem in charts.check(unknown)] == ["no_such_column"]
    lost = spec.model_copy(update={"table": "0" * 16})
    assert code_of(charts.ask, lost) == "table_unknown"
    assert [problem.code for problem in charts.check(lost)] == ["table_unknown"]
    assert charts.of(people["ana"]) == before


def test_the_same_chart_is_drawn_once(house):
    charts, _, spec, _ = house
    drawn = charts.draw(spec, "es")
    assert charts.draw(spec, "es") is drawn
    english = charts.draw(spec, "en")
    assert english is not drawn
    assert english.result is drawn.result
    titled = charts.draw(spec.model_copy(update={"title": "Otra"}), "es")
    assert (titled.wide.title, titled.result) == ("Otra", drawn.result)


def test_ready_charts_answer_their_question_and_open_in_the_builder(house):
    charts, _, spec, table = house
    ready = charts.ready(table, spec.resource, "es", 3)
    assert len(ready) == 3
    assert ready[0].question == "¿Cómo ha cambiado el total de afluencia por mes?"
    assert ready[0].svg.startswith("<svg")
    assert ready[0].href.startswith(f"/build?resource={spec.resource}&spec=")


def test_a_file_of_numbers_says_what_they_are(house):
    charts, _, spec, _ = house
    chosen = spec.model_copy(update={"filters": (Filter(field="linea", values=("Línea 1",)),)})
    drawn = charts.draw(chosen, "es")
    plain, told = csv_of(drawn, notes=False), csv_of(drawn)
    assert plain.splitlines() == ["Linea,Suma de afluencia", f"Línea 1,{drawn.result.frame.y[0]}"]
    notes = told.removesuffix(plain).splitlines()
    assert all(note.startswith("# ") for note in notes)
    assert notes[1] == f"# {drawn.wide.subtitle}"
    assert "# 106 de 742 registros" in notes


def test_memory_is_bounded_and_keeps_what_is_used():
    kept = Remembered(10, len)
    for key in "abc":
        kept.get(key, lambda: "1234")
    assert kept.size == 8
    made = []
    kept.get("b", lambda: made.append("b") or "1234")
    kept.get("a", lambda: made.append("a") or "1234")
    kept.get("b", lambda: made.append("b") or "1234")
    assert made == ["a"]
    assert kept.get("huge", lambda: "x" * 11) == "x" * 11
    assert kept.size == 8


def test_a_refusal_is_not_remembered():
    kept = Remembered(10, len)
    with pytest.raises(Refused):
        kept.get("a", lambda: (_ for _ in ()).throw(Refused("query_slow")))
    assert kept.get("a", lambda: "now") == "now"
