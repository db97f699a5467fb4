"""docs/stories.md names every block and every mark, and each mark it names works."""

import re
from pathlib import Path

import pytest

from stories.__main__ import _parser
from stories.facts import ASKED, filled
from stories.story import WRITTEN, Chart, Story, Text
from tests.stories.drawings import bars

DOCUMENT = (Path(__file__).parents[2] / "docs/stories.md").read_text("utf-8")
ROWS = re.findall(r"^\| `(\w+)` \|", DOCUMENT, re.MULTILINE)
MARKS = re.findall(r"`(\{[^`|]+\})`", DOCUMENT.split("| English |")[1].split("\n\n")[0])


def test_every_block_is_described():
    assert set(ROWS) == set(WRITTEN)


def test_every_question_is_described():
    asked = {name for mark in MARKS for name, pattern in ASKED if pattern.fullmatch(mark.strip("{}"))}
    assert asked == {name for name, _ in ASKED}


@pytest.mark.parametrize("mark", MARKS)
def test_every_mark_described_is_answered(mark):
    chart = bars({"A": 3, "B": 1})
    story = Story(blocks=(Chart(id="c", spec=chart.spec), Text(id="t", markdown=mark)))
    assert "{" not in filled(story, {"c": chart}).blocks[1].markdown


def test_every_command_is_described():
    commands = next(iter(_parser()._subparsers._group_actions)).choices
    described = set(re.findall(r"^python -m stories (\w+)", DOCUMENT, re.MULTILINE))
    assert described == set(commands)
