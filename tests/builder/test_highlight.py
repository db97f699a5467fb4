"""What stands out: groups grow lighter or series grey around it, and no number changes."""

from builder.highlight import highlighted, names
from tests.stories.drawings import SCHOOLS, bars


def test_other_groups_grow_lighter_and_numbers_stay():
    drawn = bars({"Iztapalapa": 60, "Milpa Alta": 10}, highlight=("Iztapalapa",)).wide
    assert {datum.name: datum.faint for datum in drawn.data} == {"Iztapalapa": False, "Milpa Alta": True}
    assert [datum.value for datum in drawn.data] == [60, 10]
    assert drawn.notes == ("Destaca: Iztapalapa. Lo demás se dibuja más claro o en gris.",)


def test_an_unknown_name_changes_nothing():
    assert highlighted(SCHOOLS.wide, ("Nadie",)) == SCHOOLS.wide
    assert names(SCHOOLS.wide) == ("Iztapalapa", "Álvaro Obregón", "Milpa Alta")


def test_other_series_turn_grey_with_their_names():
    several = SCHOOLS.wide.model_copy(
        update={"data": tuple(d.model_copy(update={"series": d.name}) for d in SCHOOLS.wide.data)}
    )
    seen = highlighted(several, ("Iztapalapa",))
    assert [datum.color for datum in seen.data] == ["c1", "grey", "grey"]
    assert names(several) == ("Iztapalapa", "Álvaro Obregón", "Milpa Alta")
