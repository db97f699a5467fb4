"""Each mark's plan, drawings and figure, as they were last looked at; ``--update-golden`` keeps new ones."""

import json
import re
from dataclasses import replace

import pytest

from builder.interactive import item
from builder.marks import MARKS
from builder.plan import plan_of
from builder.svg import svg

OUTLINES = {"land": True, "data": {"__all__": {"rings"}}}
"""Left to the drawings, which hold them too."""


@pytest.mark.parametrize("mark", MARKS)
def test_plan(mark, golden):
    plan = plan_of(replace(MARKS[mark].example(), language="en"))
    told = plan.model_dump(mode="json", exclude=OUTLINES, exclude_defaults=True)
    golden(f"{mark}.plan.json", json.dumps(told, indent=1, ensure_ascii=False) + "\n")


@pytest.mark.parametrize("layout", ["wide", "narrow"])
@pytest.mark.parametrize("mark", MARKS)
def test_drawing(mark, layout, golden):
    plan = plan_of(replace(MARKS[mark].example(), layout=layout))
    golden(f"{mark}-{layout}.svg", svg(plan, standalone=True).replace("><", ">\n<") + "\n")


@pytest.mark.parametrize("mark", MARKS)
def test_figure(mark, golden):
    golden(f"{mark}.bokeh.json", renumbered(item(plan_of(MARKS[mark].example()))) + "\n")


def renumbered(made):
    """Return an item as text whose ids count from 1 in the order they appear."""
    text = json.dumps(made, indent=1, sort_keys=True, ensure_ascii=False)
    names: dict[str, str] = {}
    return re.sub(
        r'"([0-9a-f]{8}-m\d+)"',
        lambda found: f'"{names.setdefault(found[1], f"id{len(names) + 1}")}"',
        text,
    )
