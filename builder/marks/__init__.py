"""The marks by name. Each is one module: what it needs, its plan, its SVG, its element, an example."""

from collections.abc import Sequence
from typing import Any, Protocol

from builder.asked import Asked
from builder.marks import (
    area,
    bar,
    choropleth,
    dumbbell,
    heatmap,
    histogram,
    line,
    number,
    pie,
    points,
    scatter,
    treemap,
)
from builder.parts import Body, Plan
from catalog.models import Column
from web.i18n import N_, sentences
from web.values import Problem

sentences(
    mark_unknown=N_("There is no kind of chart called “{where}”. Choose one of the list."),
    pie_parts=N_("A ring shows at most {most} parts and “{where}” has {n}; use bars."),
    pie_negative=N_("“{where}” has numbers below zero, which are no parts of a whole; use bars."),
)


class Mark(Protocol):
    """What every module of a mark offers; ``TITLE`` is its name as source text."""

    TITLE: str

    def needs(self, columns: Sequence[Column], /) -> Problem | None: ...
    def plan(self, asked: Asked, /) -> Body: ...
    def draw(self, drawn: Plan, /) -> str: ...
    def element(self, drawn: Plan, /) -> Any: ...
    def example(self) -> Asked: ...


MARKS: dict[str, Mark] = {
    "bar": bar,
    "line": line,
    "area": area,
    "points": points,
    "choropleth": choropleth,
    "scatter": scatter,
    "histogram": histogram,
    "heatmap": heatmap,
    "treemap": treemap,
    "pie": pie,
    "dumbbell": dumbbell,
    "number": number,
}
