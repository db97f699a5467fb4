"""What a chart says of itself: title, filter sentence, rows counted, and the text read aloud."""

from dataclasses import replace

import pandas as pd
import pytest

from builder.marks import MARKS, examples
from builder.plan import plan, plan_of
from builder.result import Result
from builder.spec import ChartSpec, Encoding, Filter
from builder.theme import GREY
from web.values import Refused


def in_language(asked, language, **spec):
    return plan_of(replace(asked, language=language, spec=asked.spec.model_copy(update=spec)))


def test_title_says_measure_and_groups_in_both_languages():
    assert in_language(examples.line(), "es").title == "Viajes por mes y línea"
    assert in_language(examples.line(), "en").title == "Viajes by month and línea"
    assert in_language(examples.bar(), "es").title == "Registros por alcaldía"
    assert in_language(examples.scatter(), "es").title == "Viajes según edad"


def test_axis_says_aggregate_and_unit():
    assert in_language(examples.line(), "en").measure == "Sum of viajes"
    mean = {"y": Encoding(field="edad", aggregate="mean")}
    told = in_language(examples.line(), "es", **mean)
    assert told.title == "Promedio de edad por mes y línea"
    assert told.measure.startswith("Promedio de edad (años)")


def test_an_author_has_the_last_word():
    told = in_language(examples.bar(), "es", title="A", subtitle="B", alt="C", note="D")
    assert (told.title, told.subtitle, told.alt, told.note) == ("A", "B", "C", "D")


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        (Filter(field="alcaldia", values=("Iztapalapa",)), "Only: Iztapalapa"),
        (Filter(field="fecha", low="2019-01-01", high="2023-12-31"), "Only: 2019–2023"),
        (Filter(field="fecha", low="2023-01-01", high="2023-12-31"), "Only: 2023"),
        (Filter(field="fecha", low="2023", high="2023"), "Only: 2023"),
        (Filter(field="fecha", low="2023-05", high="2023-05"), "Only: May 2023"),
        (Filter(field="fecha", low="2023-05-02"), "Only: since May 2, 2023"),
        (Filter(field="edad", low=18, high=30), "Only: edad 18–30"),
        (Filter(field="edad", high=1234.5), "Only: edad up to 1,234.5"),
        (Filter(field="sexo", values=("Mujer",), exclude=True), "Only: without sexo: Mujer"),
        (Filter(field="sexo", values=("Mujer",), missing=True), "Only: Mujer or no sexo"),
        (Filter(field="sexo", values=tuple("abcdef")), "Only: a, b, c and 3 more"),
    ],
)
def test_filter_sentence(kept, said):
    assert in_language(examples.choropleth(), "en", filters=(kept,)).subtitle == said


def test_rows_without_a_place_are_said():
    assert in_language(examples.line(), "es").subtitle == "12 registros sin fecha quedan fuera"
    asked = examples.line()
    lacking = replace(asked, result=replace(asked.result, missing={}, missing_measure=1))
    assert plan_of(lacking).subtitle == "1 registro no tiene viajes"


def test_counted_of_total():
    assert in_language(examples.bar(), "es").counted == "12,299 de 20,000 registros"
    assert in_language(examples.bar(), "en").counted == "12,299 of 20,000 rows"


def test_alt_tells_range_and_trend_but_not_of_the_incomplete_period():
    alt = in_language(examples.line(), "es").alt
    assert "Línea 1 pasa de 52,000 (ene 2023) a 65,300 (ago 2023): sube" in alt
    assert "Línea 12 pasa de 31,000 (ene 2023) a 26,100 (ago 2023): baja" in alt
    assert "sep" not in alt


def test_alt_compares_real_groups_only():
    alt = in_language(examples.bar(), "en").alt
    assert "the highest is Iztapalapa (4,120), the lowest Cuauhtémoc (2,873)" in alt


def test_others_and_missing_are_grey_and_named():
    drawn = in_language(examples.bar(), "es")
    assert [(d.name, d.color) for d in drawn.data] == [
        ("Iztapalapa", "c1"), ("Cuauhtémoc", "c1"), ("Otros (14 grupos)", GREY), ("Sin alcaldía", GREY),
    ]  # fmt: skip


def test_source_facts():
    source = in_language(examples.bar(), "es").source
    assert source.title == "Carpetas de investigación"
    assert source.organization == "Fiscalía General de Justicia"
    assert (source.license, source.date) == ("CC BY 4.0", "1 feb 2024")


def test_unknown_mark_is_refused():
    asked = examples.bar()
    with pytest.raises(Refused, match="mark_unknown"):
        plan(ChartSpec(mark="spiral"), asked.table, asked.result, "es")


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("layout", ["wide", "narrow"])
def test_planning_does_not_change_the_result(mark, layout):
    asked = replace(MARKS[mark].example(), layout=layout)
    before = asked.frame.copy(deep=True)
    assert plan_of(asked) == plan_of(asked)
    pd.testing.assert_frame_equal(asked.frame, before)


@pytest.mark.parametrize("mark", MARKS)
def test_an_empty_answer_is_drawn_and_said(mark):
    asked = MARKS[mark].example()
    empty = Result(frame=asked.frame.iloc[:0], total=10, counted=0, left_out=10)
    drawn = plan_of(replace(asked, result=empty, language="en"))
    assert drawn.counted == "0 of 10 rows"
    assert "No values to show." in drawn.alt
