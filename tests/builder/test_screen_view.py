"""What the page shows follows from the chart alone."""

import pytest

from builder import edit
from builder.choices import COUNT
from builder.facets import Facet
from builder.screens import filtering, view
from builder.screens.phrases import group_phrases, measure_phrases, split_phrases
from builder.spec import ChartSpec, Encoding, Filter
from tests.builder.test_edit import BARE, BY_LINE, METRO
from web.i18n import words

ES, EN = words("es"), words("en")


def texts(sections) -> list[str]:
    return [phrase.text for section in sections for phrase in section.phrases]


def chosen(sections) -> list[str]:
    return [phrase.text for section in sections for phrase in section.phrases if phrase.chosen]


def test_the_sentence_says_the_chart():
    assert chosen(measure_phrases(BY_LINE, METRO, ES)) == ["suma de afluencia"]
    assert chosen(group_phrases(BY_LINE, METRO, ES)) == ["línea"]
    assert chosen(split_phrases(BY_LINE, METRO, ES)) == ["un solo color"]
    assert chosen(split_phrases(edit.with_color(BY_LINE, METRO, Encoding(field="abierta")), METRO, EN)) == [
        "abierta"
    ]


def test_time_steps_come_from_the_longest_to_the_shortest():
    when, what = group_phrases(BY_LINE, METRO, EN)
    assert (when.heading, [phrase.text for phrase in when.phrases]) == (
        "Time",
        ["year", "quarter", "month", "week", "day", "month of the year", "day of the week"],
    )
    assert "estación" in [phrase.text for phrase in what.phrases]


def test_what_the_chart_shows_is_listed_even_when_it_is_not_on_offer():
    odd = ChartSpec(mark="bar", x=Encoding(field="clave"), y=Encoding(field="lat", aggregate="max"))
    assert chosen(group_phrases(odd, METRO, EN)) == ["clave"]
    assert chosen(measure_phrases(odd, METRO, EN)) == ["highest lat"]


def test_impossible_kinds_of_chart_come_last_with_their_reason():
    buttons = view.mark_buttons(ChartSpec(mark="bar", x=Encoding(field="tipo"), y=COUNT), BARE, ES)
    reasons = {button.name: button.reason for button in buttons}
    assert reasons["bar"] == ""
    assert "latitud" in reasons["points"].lower()
    assert [bool(button.reason) for button in buttons] == sorted(bool(button.reason) for button in buttons)
    assert [button.name for button in buttons if button.chosen] == ["bar"]


def test_every_possible_kind_of_chart_can_be_chosen():
    for button in view.mark_buttons(BY_LINE, METRO, EN):
        assert not button.reason
        assert edit.with_mark(BY_LINE, METRO, button.name).mark == button.name


def test_filters_are_chips_in_words():
    spec = edit.with_filter(BY_LINE, METRO, Filter(field="linea", values=("L1", "L2")))
    assert view.chips(spec, METRO, "es") == [view.Chip("linea", "L1, L2")]


def test_the_finer_choices_are_those_that_matter():
    by_month = edit.with_group(BY_LINE, METRO, Encoding(field="fecha", time_unit="month"))
    assert view.tune(by_month, METRO, EN)["sorts"] == ()
    stations = view.tune(edit.with_group(BY_LINE, METRO, Encoding(field="estacion")), METRO, EN)
    assert stations["gathers"]
    assert [(each.key, each.text) for each in stations["limits"] if each.chosen] == [("15", "the 15 largest")]
    assert stations["limits"][-1].text == "the 60 largest"
    assert view.tune(BY_LINE, METRO, EN)["limits"][-1].text == "all 12"
    coloured = edit.with_color(BY_LINE, METRO, Encoding(field="abierta"))
    assert [each.key for each in view.tune(coloured, METRO, EN)["stacks"]] == ["stacked", "grouped", "share"]


def test_each_column_is_filtered_in_its_way():
    kinds = {column.name: filtering.kind(column) for column in METRO.columns}
    assert kinds == {
        "fecha": "range", "linea": "values", "estacion": "values", "alcaldia": "values",
        "afluencia": "range", "espera": "range", "abierta": "values", "lat": "", "lon": "", "clave": "values",
    }  # fmt: skip


def test_ticked_values_stay_in_sight_and_the_rest_is_counted():
    found = Facet("estacion", tuple((f"E{n}", 100 - n) for n in range(50)))
    spec = edit.with_filter(BY_LINE, METRO, Filter(field="estacion", values=("E44",)))
    shown = filtering.values(spec, METRO.column("estacion"), found, "", EN)
    assert [value["text"] for value in shown["listed"]][:2] == ["E44", "E0"]
    assert (shown["listed"][0]["chosen"], shown["listed"][0]["count"]) == (True, 56)
    assert shown["rest"] == "and 37 values more"


def test_searching_values_is_blind_to_accents_and_case():
    found = Facet("estacion", (("Pantitlán", 9), ("Taxqueña", 5), ("Observatorio", 2)))
    shown = filtering.values(BY_LINE, METRO.column("estacion"), found, "TAXQUENA", EN)
    assert [value["text"] for value in shown["listed"]] == ["Taxqueña"]
    nothing = filtering.values(BY_LINE, METRO.column("estacion"), found, "zócalo", EN)
    assert (nothing["listed"], nothing["nothing"]) == ([], "No value holds “zócalo”.")


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        (Filter(field="linea", values=("L1",)), "L1"),
        (Filter(field="linea", values=("L1", "L2", "L3")), "3 chosen"),
    ],
)
def test_a_closed_filter_says_what_it_keeps(kept, told):
    spec = edit.with_filter(BY_LINE, METRO, kept)
    offered = filtering.filters(spec, METRO, {}, {}, EN)
    assert {each["field"]: each["told"] for each in offered if each["told"]} == {"linea": told}
