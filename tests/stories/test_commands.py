import pytest

from stories import actions
from stories.__main__ import main
from stories.stories import furnish
from stories.story import Story, Text
from web.accounts import Accounts
from web.settings import Settings


@pytest.fixture
def data(tmp_path):
    stories = furnish(Settings(data=tmp_path))
    ana = Accounts(stories.database).create("ana@example.org", "Ana", "author", "a long password")
    actions.create(
        stories.database, ana, Story(title="Agua", lead="l", byline="a", blocks=(Text(id="t", markdown="x"),))
    )
    actions.create(stories.database, ana, Story())
    return tmp_path


def ids(data, capsys):
    assert main(["list", "--data", str(data)]) == 0
    rows = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    return {row[2]: row[0] for row in rows}


def test_check_says_what_is_missing(data, capsys):
    known = ids(data, capsys)
    assert main(["check", known["Agua"], "--data", str(data)]) == 0
    assert main(["check", known[""], "--data", str(data)]) == 1
    assert "error\ttitle\t" in capsys.readouterr().out


def test_publish_rebake_and_export(data, capsys):
    story = ids(data, capsys)["Agua"]
    assert main(["publish", story, "--data", str(data)]) == 0
    assert capsys.readouterr().out == "http://127.0.0.1:5006/stories/agua/\n"
    assert (data / "published/agua/index.html").is_file()
    assert main(["rebake", "--data", str(data)]) == 0
    assert main(["export", story, "--data", str(data), "--out", str(data / "out")]) == 0
    assert {"index.html", "manifest.json", "story.json"} <= {path.name for path in (data / "out").iterdir()}


def test_what_cannot_be_done_is_said_in_one_sentence(data, capsys):
    known = ids(data, capsys)
    assert main(["publish", known[""], "--data", str(data)]) == 1
    assert main(["publish", "nothing", "--data", str(data)]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 2
    assert not list((data / "published").glob("[a-z]*"))
