"""The figure to touch wears the reader's scheme and the page's size."""

import json

import pytest

from builder.marks import MARKS
from builder.plan import plan_of
from builder.screens.touchable import touchable
from builder.theme import TOKENS


@pytest.mark.parametrize("name", sorted(MARKS))
def test_no_light_colour_is_left_in_the_dark(name):
    from bokeh.embed import json_item

    plan = plan_of(MARKS[name].example())
    dark = set(TOKENS["dark"].values())
    wrong = {colour for colour in TOKENS["light"].values() if colour not in dark}
    told = json.dumps(json_item(touchable(plan, dark=True)))
    assert {colour for colour in wrong if colour in told} == set()


def test_the_figure_is_as_high_as_its_drawing():
    plan = plan_of(MARKS["bar"].example())
    assert touchable(plan, dark=False).height == plan.room.height
    assert touchable(plan, dark=False, width=plan.room.width * 2).height == plan.room.height * 2
    assert touchable(plan, dark=False, width=10**9).height == plan.room.height * 2
