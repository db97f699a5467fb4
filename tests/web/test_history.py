from hypothesis import given
from hypothesis import strategies as st

from web.history import History


def test_undo_and_redo_walk_the_same_steps():
    history = History(1).record(2).record(3)
    assert history.undo().present == 2
    assert history.undo().undo().present == 1
    assert history.undo().redo() == history
    assert History(1).undo() == History(1) == History(1).redo()


def test_a_new_step_forgets_what_was_undone():
    assert History(1).record(2).undo().record(3).redo().present == 3


def test_typing_on_is_one_step():
    history = History("").record("a").record("ab", merge=True).record("abc", merge=True)
    assert history.undo().present == ""


def test_the_same_value_is_no_step():
    assert History(1).record(1).past == ()


@given(st.lists(st.integers(0, 5), max_size=30))
def test_all_undone_is_the_beginning(values):
    history = History(-1)
    for value in values:
        history = history.record(value)
    steps = len(history.past)
    for _ in range(steps):
        history = history.undo()
    assert history.present == -1
    for _ in range(steps):
        history = history.redo()
    assert history.present == (values[-1] if values else -1)
