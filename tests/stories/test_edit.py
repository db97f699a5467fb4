from hypothesis import given
from hypothesis import strategies as st

from stories import edit
from stories.story import Heading, Story, Text


def story_of(*ids):
    return Story(title="t", blocks=tuple(Text(id=one, markdown=one) for one in ids))


def ids(story):
    return "".join(block.id for block in story.blocks)


def test_insert_remove_move_duplicate():
    story = story_of("a", "b", "c")
    assert ids(edit.insert(story, Heading(id="h"))) == "abch"
    assert ids(edit.insert(story, Heading(id="h"), 1)) == "ahbc"
    assert ids(edit.remove(story, "b")) == "ac"
    assert ids(edit.move(story, "a", 2)) == "bca"
    assert ids(edit.move(story, "c", 0)) == "cab"
    copied = edit.duplicate(story, "b", "x")
    assert ids(copied) == "abxc"
    assert edit.block_of(copied, "x").markdown == "b"


def test_replace_keeps_the_place_and_the_others():
    story = story_of("a", "b")
    changed = edit.replace(story, Text(id="a", markdown="new"))
    assert [block.markdown for block in changed.blocks] == ["new", "b"]
    assert story.blocks[0].markdown == "a"


def test_an_unknown_block_changes_nothing():
    story = story_of("a")
    assert edit.move(story, "z", 0) == story == edit.remove(story, "z") == edit.duplicate(story, "z", "y")


@given(st.integers(1, 8), st.lists(st.tuples(st.integers(0, 9), st.integers(-5, 15)), max_size=20))
def test_moving_never_loses_a_block(count, moves):
    story = story_of(*(str(n) for n in range(count)))
    for which, to in moves:
        story = edit.move(story, str(which), to)
    assert sorted(ids(story)) == [str(n) for n in range(count)]
