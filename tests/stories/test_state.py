from types import SimpleNamespace

from stories import actions, store
from stories.edit import insert
from stories.state import Editing
from stories.story import Story, Text


def editing(database, account, kept):
    return Editing(SimpleNamespace(database=database), account, kept)


def titled(title):
    return lambda story: story.model_copy(update={"title": title})


def test_typing_on_is_one_undo_and_saving_keeps_the_present(database, people):
    desk = editing(database, people["ana"], actions.create(database, people["ana"], Story(title="A")))
    for title in ("Ag", "Agu", "Agua"):
        desk.change(titled(title), typing="title")
    desk.change(lambda story: insert(story, Text(id="a")))
    assert not desk.is_saved
    assert desk.save()
    assert (desk.version, desk.is_saved) == (2, True)
    desk.undo()
    assert (desk.story.title, desk.story.blocks) == ("Agua", ())
    desk.undo()
    assert desk.story.title == "A"
    desk.redo()
    assert desk.save()
    assert store.find(database.read, desk.story_id).story == Story(title="Agua")
    assert len(store.revisions(database.read, desk.story_id)) == 3


def test_an_unchanged_story_is_not_saved_again(database, people):
    desk = editing(database, people["ana"], actions.create(database, people["ana"], Story()))
    assert desk.save()
    assert desk.version == 1


def test_the_second_editor_keeps_its_text_and_can_save_a_copy(database, people):
    kept = actions.create(database, people["ana"], Story(title="A"))
    mine, theirs = editing(database, people["ana"], kept), editing(database, people["carla"], kept)
    theirs.change(titled("de Carla"))
    assert theirs.save()
    mine.change(titled("de Ana"))
    assert not mine.save()
    assert mine.is_conflict
    mine.change(titled("de Ana, más"))
    assert not mine.save()
    copy = mine.keep_as_copy()
    assert copy.story.title == "de Ana, más"
    assert store.find(database.read, kept.id).story.title == "de Carla"


def test_a_full_disk_is_said_and_the_text_stays(database, people):
    desk = editing(database, people["ana"], actions.create(database, people["ana"], Story(title="A")))
    desk.change(lambda story: insert(story, Text(id="a", markdown="x" * 500_000)))
    pages = database.read.execute("PRAGMA page_count").fetchone()[0]
    database.read.execute(f"PRAGMA max_page_count = {pages}")
    assert not desk.save()
    assert desk.trouble.code == "story_not_saved"
    database.read.execute("PRAGMA max_page_count = 1000000")
    assert desk.save()
    assert (desk.trouble, desk.version) == (None, 2)
