"""A histogram: how many rows fall in each interval of a number."""

from itertools import pairwise
from typing import Any

from builder import svg
from builder.asked import Asked, is_missing, plains, sentence
from builder.describe import measure
from builder.lettering import text_width
from builder.marks.needs import one_number as needs
from builder.parts import Axis, Body, Datum, Plan, Room, Tick
from builder.scale import number_ticks, writer
from web.i18n import N_, number

__all__ = ["TITLE", "draw", "element", "example", "needs", "plan"]

TITLE = N_("Histogram")


def plan(asked: Asked) -> Body:
    """Lay the intervals side by side on an axis of numbers, from zero upwards."""
    frame = asked.frame
    ends = frame["x_end"] if "x_end" in frame else frame["x"] + 1
    rows = [row for row in zip(plains(frame["x"]), plains(ends), plains(frame["y"]), strict=True)
            if not is_missing(row[0])]  # fmt: skip
    write = writer((value for *_, value in rows if value is not None), asked.language)
    data = tuple(_bar(asked, low, high, value, write) for low, high, value in rows if value is not None)
    top = max((datum.y or 0 for datum in data), default=1)
    ticks = number_ticks(0, top, 5 if asked.wide else 4, asked.language)
    left = 14 + max(text_width(tick.label) for tick in ticks)
    room = Room(
        width=asked.width, height=320 if asked.wide else 270, top=14, left=round(left), right=18, bottom=46
    )
    return Body(x=_across(asked, rows), y=Axis(low=0, high=ticks[-1].at, ticks=ticks), room=room, data=data, grid="y", zero="y",
                measure=sentence(measure(asked, axis=True)))  # fmt: skip


def _bar(asked: Asked, low: float, high: float, value: float, write) -> Datum:
    name = asked.say(
        "{low} to under {high}", low=number(low, asked.language), high=number(high, asked.language)
    )
    text = write(value)
    return Datum(name=name, x0=low, x=high, y0=0, y=value, value=value, text=text,
                 told=f"{sentence(measure(asked))}: {text}")  # fmt: skip


def _across(asked: Asked, rows) -> Axis:
    edges = sorted({edge for low, high, _ in rows for edge in (low, high)}) or [0.0, 1.0]
    column = asked.column("x")
    unit = f" ({column.unit})" if column and column.unit else ""
    whole = _whole(edges)
    most = 11 if asked.wide else 6
    step = -(-len(whole) // most)
    ticks = tuple(Tick(at=at, label=number(at, asked.language)) for at in whole[::step])
    return Axis(title=sentence(asked.label("x")) + unit, low=edges[0], high=edges[-1], ticks=ticks)


def _whole(edges: list[float]) -> list[float]:
    """Return every edge from first to last, those of empty intervals too."""
    step = min((b - a for a, b in pairwise(edges)), default=1)
    return [round(edges[0] + i * step, 9) for i in range(round((edges[-1] - edges[0]) / step) + 1)]


def draw(drawn: Plan) -> str:
    """Return the intervals as touching rectangles."""
    canvas = svg.Canvas(drawn)
    return "".join(canvas.box(bar, "cell") for bar in drawn.data)


def element(drawn: Plan) -> Any:
    """Return the intervals as HoloViews rectangles."""
    from builder.marks import holo

    return holo.boxes(drawn, outline=True)


def example() -> Asked:
    """Return ages in intervals of ten years, one of them empty."""
    from builder.marks import examples

    return examples.histogram()
