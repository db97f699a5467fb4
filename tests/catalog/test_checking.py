"""From the forms of a person to corrections, and from two tables to what changed."""

import pytest

from catalog.checking import Choices, differences, of_column, with_column, with_layout
from catalog.models import Column, Table
from catalog.readers.choices import ColumnChoice
from web.values import Refused

A = Column(name="monto", label="monto", type="text", role="category")
B = Column(name="monto", label="monto", type="number", role="measure", sum=12.5)


def table(*columns, **facts):
    return Table(id="t", sha256="", kind="csv", columns=columns, **{"rows": 10, **facts})


def test_a_form_says_only_what_was_chosen():
    said = with_column(
        None, "monto", {"name": "monto", "type": "number", "decimals": "comma", "unit": " ", "role": ""}
    )
    assert said.columns == {"monto": ColumnChoice(type="number", decimals="comma")}


def test_words_for_no_data_are_parted_and_may_be_none_at_all():
    form = {"has_nulls": "1", "nulls": "N/D | -99 |"}
    assert of_column(with_column(None, "a", form), "a").nulls == ("N/D", "-99")
    assert of_column(with_column(None, "a", {"has_nulls": "1"}), "a").nulls == ()
    assert with_column(None, "a", {"nulls": "N/D"}) == Choices()


def test_a_renamed_column_is_known_by_both_names_and_taken_back_by_an_empty_form():
    said = with_column(None, "CVE", {"name": "clave"})
    assert of_column(said, "clave").name == "clave"
    again = with_column(said, "clave", {"name": "clave", "unit": "km"})
    assert again.columns == {"CVE": ColumnChoice(name="clave", unit="km")}
    assert with_column(again, "clave", {"name": "CVE"}) == Choices()


@pytest.mark.parametrize("form", [{"header": "x"}, {"levels": "9"}, {"levels": "-1"}])
def test_a_layout_of_no_sense_is_refused(form):
    with pytest.raises(Refused, match="choice_unknown"):
        with_layout(None, form)


def test_an_unknown_type_is_refused():
    with pytest.raises(Refused, match="choice_unknown"):
        with_column(None, "a", {"type": "colour"})


def test_what_changed_is_told_with_figures():
    told = [(c.what, c.before, c.after) for c in differences(table(A), table(B, rows=8, set_aside=2), "en")]
    assert told == [
        ("rows", "10", "8"),
        ("rows set aside", "0", "2"),
        ("monto", "category (text)", "measure (number)"),
    ]
    summed = differences(table(B), table(B.model_copy(update={"sum": 1250})), "en")
    assert [(c.what, c.before, c.after) for c in summed] == [("sum of monto", "12.5", "1,250")]
