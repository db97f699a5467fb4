"""docs/marks.md has a section for every mark, with the example that is drawn."""

import json
import re
from pathlib import Path

import pytest

from builder.gallery import contact_sheet
from builder.marks import MARKS
from builder.shapes import SHAPES, channels_of
from builder.spec import ChartSpec

DOCS = (Path(__file__).parents[2] / "docs" / "marks.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## [^\n]*: `(\w+)`\n(.*?)(?=^## )", DOCS, flags=re.M | re.S))


def test_every_mark_has_a_section_and_channels():
    assert list(SECTIONS) == list(MARKS)
    assert set(MARKS) == set(SHAPES)


@pytest.mark.parametrize("mark", MARKS)
def test_its_example_is_the_one_drawn(mark):
    written = json.loads(re.search(r"```json\n(.*?)```", SECTIONS[mark], flags=re.S)[1])
    spec = MARKS[mark].example().spec
    assert ChartSpec.model_validate(written) == spec
    assert set(spec.channels()) <= set(channels_of(mark))


def test_the_contact_sheet_shows_every_mark():
    assert contact_sheet("narrow", dark=True).count('role="img"') == len(MARKS)
