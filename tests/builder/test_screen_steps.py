"""Every message of a page is checked on the server and becomes one step, or a reason."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from builder import check
from builder.choices import COUNT, groups, measures, splits
from builder.screens.phrases import NONE, key
from builder.screens.steps import STEPS, Desk, Message, filter_on, step
from builder.spec import ChartSpec, Encoding, Filter
from tests.builder.test_edit import BY_LINE, METRO
from web.i18n import explain
from web.values import Refused

DESK = Desk(table=METRO, questions=(ChartSpec(mark="bar", x=Encoding(field="alcaldia"), y=COUNT),))


def after(spec: ChartSpec = BY_LINE, **said) -> ChartSpec:
    return step(Message.model_validate(said), DESK)(spec)


def test_recent_months_count_back_from_the_newest_data_and_all_but_is_one_press():
    since = step(Message(do="recent", field="fecha", value="12"), Desk(table=METRO))(BY_LINE)
    assert since.filters == (Filter(field="fecha", low="2023-01"),)
    picked = step(Message(do="pick", field="linea", value='"1"', on=True), Desk(table=METRO))(BY_LINE)
    assert step(Message(do="exclude", field="linea", on=True), Desk(table=METRO))(picked).filters[0].exclude


def test_controls_say_what_they_want_by_key():
    assert after(do="measure", value="mean:espera").y == Encoding(field="espera", aggregate="mean")
    assert after(do="group", value="year:fecha").x == Encoding(field="fecha", time_unit="year")
    assert after(do="color", value=":abierta").color == Encoding(field="abierta")
    assert after(after(do="color", value=":abierta"), do="color", value=NONE).color is None
    assert after(do="mark", value="choropleth").place == Encoding(field="alcaldia")
    assert (after(do="limit", value="10").limit, after(do="limit", value="").limit) == (10, None)
    assert after(do="others", on=False).others is False
    assert after(do="title", value="Mi título").title == "Mi título"


def test_ticking_and_unticking_values_makes_and_drops_a_filter():
    one = after(do="pick", field="linea", value=json.dumps("L1"), on=True)
    two = after(one, do="pick", field="linea", value=json.dumps("L2"), on=True)
    assert two.filters == (Filter(field="linea", values=("L1", "L2")),)
    missing = after(two, do="missing", field="linea", on=True)
    assert filter_on(missing, "linea").missing
    left = after(
        after(missing, do="pick", field="linea", value='"L1"'), do="pick", field="linea", value='"L2"'
    )
    assert left.filters == (Filter(field="linea", missing=True),)
    assert after(left, do="missing", field="linea", on=False).filters == ()


def test_ranges_are_read_as_the_type_of_their_column():
    assert after(do="range", field="afluencia", low="1,000", high="2500.5").filters == (
        Filter(field="afluencia", low=1000, high=2500.5),
    )
    assert after(do="range", field="fecha", low="2023-01-01").filters == (
        Filter(field="fecha", low="2023-01-01"),
    )
    one = after(do="range", field="afluencia", low="5")
    assert after(one, do="range", field="afluencia").filters == ()
    assert after(one, do="unfilter", field="afluencia").filters == ()


def test_a_question_keeps_the_rows_that_were_chosen():
    filtered = after(do="range", field="afluencia", low="5")
    asked = after(filtered, do="question", value="0")
    assert (asked.x, asked.filters) == (Encoding(field="alcaldia"), filtered.filters)


@pytest.mark.parametrize(
    "said",
    [
        {"do": "format the disk"},
        {"do": "mark", "value": "__class__"},
        {"do": "measure", "value": "sum:linea"},
        {"do": "measure", "value": "sum:nada"},
        {"do": "group", "value": ":clave"},
        {"do": "color", "value": ":linea"},
        {"do": "limit", "value": "1e9"},
        {"do": "limit", "value": "0"},
        {"do": "limit", "value": "²"},
        {"do": "sort", "value": "rand()"},
        {"do": "stack", "value": "tower"},
        {"do": "question", "value": "7"},
        {"do": "question", "value": "-1"},
        {"do": "pick", "field": "linea", "value": "L1", "on": True},
        {"do": "pick", "field": "linea", "value": "[1]", "on": True},
        {"do": "pick", "field": "linea", "value": "null", "on": True},
        {"do": "pick", "field": "linea", "value": "NaN", "on": True},
        {"do": "pick", "field": "nada", "value": '"x"', "on": True},
        {"do": "range", "field": "afluencia", "low": "mucho"},
        {"do": "range", "field": "afluencia", "low": "nan"},
        {"do": "range", "field": "afluencia", "low": "9", "high": "3"},
        {"do": "range", "field": "fecha", "low": "mañana"},
        {"do": "range", "field": "nada", "low": "1"},
    ],
)
def test_what_cannot_be_is_refused_in_words(said):
    with pytest.raises(Refused) as refusal:
        after(**said)
    for language in ("es", "en"):
        assert explain(refusal.value.problem, language)


@pytest.mark.parametrize("said", [None, 7, "undo", [], {}, {"do": 3}, {"do": "title", "value": "x" * 301}])
def test_what_is_no_message_is_no_message(said):
    with pytest.raises(ValidationError):
        Message.model_validate(said)


words = st.sampled_from(
    [key(each) for each in (*measures(METRO, "bar"), *groups(METRO, "bar"), *splits(METRO, "bar"))]
) | st.text(max_size=12)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.builds(
            Message,
            do=st.sampled_from(sorted(STEPS)),
            value=words | st.sampled_from(["bar", "line", "heatmap", '"L1"', "3", "true", "0"]),
            field=st.sampled_from([column.name for column in METRO.columns] + [""]),
            on=st.booleans(),
            low=st.sampled_from(["", "1", "2023-05-01", "x"]),
            high=st.sampled_from(["", "9", "2024", "inf"]),
        ),
        max_size=6,
    )
)
def test_no_message_ever_leads_to_a_chart_that_cannot_be_asked(messages):
    spec = BY_LINE
    for message in messages:
        try:
            spec = step(message, DESK)(spec)
        except Refused:
            continue
        assert check.problems(spec, METRO) == ()
