"""One number said large, with what it counts."""

from collections.abc import Sequence
from typing import Any

from builder.asked import Asked, plains, sentence
from builder.canvas import Canvas
from builder.describe import measure
from builder.lettering import text_width, wrap
from builder.parts import Axis, Body, Datum, Label, Plan, Room
from builder.scale import writer
from catalog.models import Column
from web.i18n import N_
from web.values import Problem

TITLE = N_("Big number")
SIZE = {"wide": 72, "narrow": 52}
BAR, INDENT = 6, 22


def needs(columns: Sequence[Column]) -> Problem | None:
    """Return what is missing: any table can be counted."""
    return None if columns else Problem(code="mark_needs_group")


def plan(asked: Asked) -> Body:
    """Write the number as large as it fits, the measure below it, and a bar of colour beside both."""
    value = next(iter(plains(asked.frame["y"])), None)
    told = sentence(measure(asked, axis=True))
    text = writer([value], asked.language, asked.unit("y"))(value) if value is not None else "–"
    size = min(SIZE[asked.layout], int((asked.width - INDENT - 12) / max(text_width(text, 1), 0.1)))
    below = wrap(told, asked.width - INDENT - 12, 3, 15)
    height = round(size * 1.1 + 26 + 17 * (below.count("\n") + 1))
    words = (
        Label(x=INDENT, y=height - 8 - size * 0.55, text=text, tone="strong", size=size),
        Label(x=INDENT, y=8.5 * (below.count("\n") + 1) + 8, text=below, tone="muted", size=15),
    )
    bar = Datum(name=told, told=text, x0=2, x=2 + BAR, y0=4, y=height - 4, value=value, text=text)
    return Body(
        x=Axis(low=0, high=asked.width, kind="hidden"), y=Axis(low=0, high=height, kind="hidden"),
        room=Room(width=asked.width, height=height, top=0, right=0, bottom=0, left=0),
        data=(bar,), labels=words,
    )  # fmt: skip


def draw(drawn: Plan) -> str:
    """Return the bar; the number is among the labels."""
    canvas = Canvas(drawn)
    return "".join(canvas.box(bar) for bar in drawn.data)


def element(drawn: Plan) -> Any:
    """Return the bar as a HoloViews rectangle."""
    from builder.marks import holo

    return holo.boxes(drawn)


def example() -> Asked:
    """Return trips in all."""
    from builder.marks import examples

    return examples.number()
