"""Undo, redo and reset walk over frozen charts; nothing is lost on the way."""

from hypothesis import given
from hypothesis import strategies as st

from builder.spec import ChartSpec
from builder.state import REMEMBERED, State
from catalog.models import Table

TABLE = Table(id="t", sha256="0" * 64, kind="csv", rows=1)


def chart(title: str) -> ChartSpec:
    return ChartSpec(mark="bar", title=title)


def opened(chart_id: str | None = None) -> State:
    state = State()
    state.open(TABLE, chart("first"), chart_id)
    return state


def test_undo_and_redo_walk_back_and_forth():
    state = opened()
    state.change(lambda _: chart("second"))
    state.change(lambda _: chart("third"))
    state.undo()
    assert state.spec.title == "second"
    state.undo()
    assert (state.spec.title, state.undo()) == ("first", False)
    state.redo()
    state.redo()
    assert (state.spec.title, state.redo()) == ("third", False)


def test_a_new_step_after_an_undo_forgets_what_was_undone():
    state = opened()
    state.change(lambda _: chart("second"))
    state.undo()
    state.change(lambda _: chart("other"))
    assert (state.history.future, state.redo()) == ((), False)


def test_a_step_that_changes_nothing_is_not_remembered():
    state = opened()
    assert state.change(lambda spec: spec.model_copy()) is False
    assert state.history.past == ()


def test_reset_can_be_undone():
    state = opened()
    state.change(lambda _: chart("second"))
    state.reset()
    assert state.spec == state.start
    state.undo()
    assert state.spec.title == "second"


def test_only_the_last_steps_are_remembered():
    state = opened()
    for step in range(REMEMBERED + 9):
        state.change(lambda _, step=step: chart(str(step)))
    assert len(state.history.past) == REMEMBERED


def test_a_saved_chart_counts_as_saved_until_it_changes():
    state = opened()
    assert not state.is_saved
    state.keep("abc")
    assert state.is_saved
    state.change(lambda _: chart("second"))
    assert not state.is_saved
    state.undo()
    assert state.is_saved
    assert opened("abc").is_saved


def test_what_was_asked_before_comes_latest_first():
    state = opened()
    state.change(lambda _: chart("second"))
    state.change(lambda _: chart("third"))
    assert [spec.title for spec in state.asked_before] == ["second", "first"]


@given(st.lists(st.sampled_from(["change", "undo", "redo", "reset"]), max_size=30))
def test_as_many_undos_as_steps_lead_back_to_the_start(walk):
    state = opened()
    for step, name in enumerate(walk):
        if name == "change":
            state.change(lambda _, step=step: chart(str(step)))
        else:
            getattr(state, name)()
    while state.undo():
        pass
    assert state.spec == state.start
