"""What changed between two revisions: whole blocks, and words inside them."""

from hypothesis import given
from hypothesis import strategies as st

from stories.difference import difference, pieces
from stories.edit import add_step
from stories.story import Chart, Heading, Step, Steps, Story, Text
from tests.stories.drawings import SCHOOLS

BEFORE = Story(
    title="Agua",
    blocks=(
        Text(id="a", markdown="uno dos tres"),
        Heading(id="b", text="B"),
        Chart(id="c", spec=SCHOOLS.spec),
    ),
)


def kinds(before, after):
    return {change.id: change.kind for change in difference(before, after)}


def test_words_that_came_and_went_are_told_apart():
    assert pieces("hay 60 escuelas", "hay 62 escuelas") == (
        ("same", "hay "), ("removed", "60"), ("added", "62"), ("same", " escuelas"),
    )  # fmt: skip


@given(st.text(alphabet="ab \n", max_size=30), st.text(alphabet="ab \n", max_size=30))
def test_both_texts_can_be_read_from_the_pieces(before, after):
    found = pieces(before, after)
    assert "".join(text for kind, text in found if kind != "added") == before
    assert "".join(text for kind, text in found if kind != "removed") == after


def test_each_block_says_what_became_of_it():
    changed = Chart(id="c", spec=SCHOOLS.spec.model_copy(update={"limit": 3}))
    after = BEFORE.model_copy(
        update={"title": "Aguas", "blocks": (BEFORE.blocks[0], changed, Text(id="d", markdown="x"))}
    )
    assert kinds(BEFORE, after) == {"": "changed", "a": "same", "b": "removed", "c": "changed", "d": "added"}
    assert next(change for change in difference(BEFORE, after) if change.id == "c").redrawn == ("c",)
    assert set(kinds(BEFORE, BEFORE).values()) == {"same"}


def test_a_block_in_another_place_is_moved():
    after = BEFORE.model_copy(update={"blocks": (BEFORE.blocks[1], BEFORE.blocks[0], BEFORE.blocks[2])})
    assert sorted(kinds(BEFORE, after).values()) == ["moved", "same", "same", "same"]


def test_steps_are_compared_one_by_one():
    before = Story(blocks=(Steps(id="s", steps=(Step(id="a", spec=SCHOOLS.spec, markdown="uno"),)),))
    change = difference(before, add_step(before, "a", "b"))[1]
    assert (change.kind, change.redrawn) == ("changed", ("b",))
