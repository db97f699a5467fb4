"""What a table offers by itself: on small tables by value, on every real file that it answers."""

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from builder.check import problems
from builder.marks import MARKS
from builder.suggest import best, blocked, questions, suggest
from catalog.models import Column, Table
from tests.builder.tables import make_table, read_table
from web.i18n import LANGUAGES, explain
from web.values import Refused

DEMO = Path(__file__).parents[2] / "catalog/demo/files"
DAYS = [dt.date(2023, 1, 1) + dt.timedelta(days=n) for n in range(600)]


def asked(table):
    return [(each.question.code, each.spec.mark) for each in suggest(table)]


@pytest.fixture
def events(folder):
    """A list of things that happened: rows are to be counted."""
    frame = pd.DataFrame(
        {
            "folio": [f"f{n}" for n in range(1800)],
            "day": [DAYS[n // 3] for n in range(1800)],
            "crime": [f"crime {n % 40 if n % 3 else 0}" for n in range(1800)],
            "sex": ["women" if n % 5 else "men" for n in range(1800)],
            "age": [n % 77 for n in range(1800)],
        }
    )
    ages = {"additive": False}
    return make_table(folder, frame, folio={"role": "identifier"}, age=ages)


@pytest.fixture
def totals(folder):
    """Totals already prepared: rows are not to be counted."""
    frame = pd.DataFrame(
        {
            "day": [day for day in DAYS for _ in range(3)],
            "line": ["1", "2", "3"] * 600,
            "riders": [1000 * (n % 3) + n for n in range(1800)],
        }
    )
    top = tuple((day.isoformat(), 3) for day in DAYS[:50])
    return make_table(folder, frame, day={"top": top}, line={"top": (("1", 600), ("2", 600), ("3", 600))})


def test_a_list_of_events_is_counted_first(events):
    first = suggest(events)[0]
    assert (first.question.code, first.spec.mark) == ("asks_count_by_month", "line")
    assert ("asks_count_by_group", "bar") in asked(events)
    assert first.spec.x.time_unit == "month"


def test_amounts_are_added_and_rows_not_counted_where_every_group_has_as_many(totals):
    codes = [code for code, _ in asked(totals)]
    assert codes[0] == "asks_sum_by_month"
    assert not [code for code in codes if "count" in code]


def test_numbers_that_cannot_be_added_are_averaged(events):
    shown = [each.spec.y for each in suggest(events) if each.spec.y and each.spec.y.field == "age"]
    assert shown
    assert {y.aggregate for y in shown} == {"mean"}


def test_many_groups_keep_the_top_fifteen(events):
    bars = [s.spec for s in suggest(events) if s.spec.mark == "bar" and s.spec.x.field == "crime"]
    assert {bar.limit for bar in bars} == {15}


def test_one_row_per_date_is_shown_as_published(folder):
    table = make_table(folder, pd.DataFrame({"day": DAYS[:300], "patients": range(300)}))
    first, *_ = suggest(table)
    assert first.spec.x.time_unit == "day"
    longer = next(s for s in suggest(table) if s.spec.x and s.spec.x.time_unit == "month")
    assert longer.spec.y.aggregate == "mean"


def test_rates_come_first_on_a_map_and_totals_carry_a_warning(folder):
    names = ["Iztapalapa", "Tlalpan", "Coyoacán", "Tláhuac"]
    frame = pd.DataFrame({"place": names, "people": [10, 20, 30, 40], "density": [1.5, 2.5, 3.5, 0.5]})
    place = {"role": "place", "geography": "cdmx"}
    table = make_table(folder, frame, place=place, density={"additive": False})
    maps = [each for each in suggest(table) if each.spec.mark == "choropleth"]
    assert [(each.spec.color.field, each.caution and each.caution.code) for each in maps] == [
        ("density", None),
        ("people", "beware_totals_on_map"),
    ]


def test_impossible_marks_say_what_is_missing(events):
    missing = blocked(events)
    assert missing["points"].code == "mark_needs_coordinates"
    assert missing["choropleth"].code == "mark_needs_place"
    assert "bar" not in missing


def test_nothing_is_suggested_of_nothing():
    column = Column(name="a", label="a", type="text", role="empty")
    for table in (
        Table(id="t", sha256="", kind="csv", rows=0),
        Table(id="t", sha256="", kind="csv", rows=3, columns=(column,)),
    ):
        assert suggest(table) == ()
        assert best(table) is None


def test_suggestions_change_nothing_and_repeat_themselves(events):
    before = events.model_dump_json()
    assert suggest(events) == suggest(events)
    assert events.model_dump_json() == before


def test_places_are_shown_by_their_names_where_codes_say_the_same(folder):
    for file in ("poblacion_alcaldias_2020.xlsx", "alcaldias.geojson"):
        fields = {
            e.field for s in suggest(read_table(DEMO / file, folder)) for e in s.spec.channels().values()
        }
        assert fields & {"Alcaldía", "alcaldia"}
        assert not fields & {"Clave", "clave"}


def answers(table, engine):
    """Check that each suggestion of a table answers, says why, and accounts for every row."""
    found = suggest(table)
    assert set(blocked(table)) | {each.spec.mark for each in found} <= set(MARKS)
    for each in found:
        assert problems(each.spec, table) == ()
        result = engine.run(each.spec, table)
        assert result.total == table.rows == result.counted + result.left_out + sum(result.missing.values())
        for language in LANGUAGES:
            said = [explain(p, language) for p in (each.question, each.reason, each.caution) if p]
            assert all("{" not in text for text in said)
    return found


def test_every_demo_table_offers_questions_that_answer(folder, engine):
    few = []
    for file in sorted(DEMO.iterdir()):
        table = read_table(file, folder)
        answers(table, engine)
        if len(questions(table)) < 4:
            few.append(file.name)
    assert few == ["afluencia_metrobus_diccionario.csv"]


@pytest.mark.load
def test_every_shared_table_answers_what_it_is_asked(folder, engine, shared):
    read = 0
    for file in sorted(path for path in shared.rglob("*") if path.is_file() and path.suffix != ".md"):
        try:
            table = read_table(file, folder)
        except Refused:
            continue
        answers(table, engine)
        read += 1
    assert read > 30
