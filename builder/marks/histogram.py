"""A histogram: how many rows fall in each interval of a number."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from builder.asked import Asked, is_real, plains, sentence
from builder.canvas import Canvas
from builder.describe import measure
from builder.lettering import text_width
from builder.marks.needs import one_number as needs
from builder.marks.series import Cells, Series, cells, gathered, keys, series
from builder.parts import Axis, Body, Datum, Plan, Room, Tick
from builder.scale import number_ticks, writer
from web.i18n import N_, number

__all__ = ["TITLE", "draw", "element", "example", "needs", "plan"]

TITLE = N_("Histogram")


def plan(asked: Asked) -> Body:
    """Lay the intervals side by side on an axis of numbers, from zero upwards, colour groups stacked."""
    frame = asked.frame
    ends = dict(
        zip(plains(frame["x"]), plains(frame["x_end"] if "x_end" in frame else frame["x"] + 1), strict=True)
    )
    found = gathered(asked, cells(asked))
    split = series(asked, found)
    data = tuple(
        bar for low, high in ends.items() if is_real(low) for bar in _stack(asked, found, split, low, high)
    )
    ticks = number_ticks(
        0, max((bar.y or 0 for bar in data), default=1), 5 if asked.wide else 4, asked.language
    )
    left = 14 + max(text_width(tick.label) for tick in ticks)
    room = Room(
        width=asked.width, height=320 if asked.wide else 270, top=14, left=round(left), right=18, bottom=46
    )
    x = _across(asked, [edge for low, high in ends.items() if is_real(low) for edge in (low, high)])
    return Body(x=x, y=Axis(low=0, high=ticks[-1].at, ticks=ticks), room=room, data=data, grid="y", zero="y",
                legend=keys(split), measure=sentence(measure(asked, axis=True)))  # fmt: skip


def _stack(asked: Asked, found: Cells, split: list[Series], low: float, high: float) -> Iterator[Datum]:
    write = writer((value for value in found.values() if value is not None), asked.language)
    name = asked.say(
        "{low} to under {high}", low=number(low, asked.language), high=number(high, asked.language)
    )
    top = 0.0
    for one in split:
        value = found.get((low, one.value))
        if value is not None:
            told = f"{one.label or sentence(measure(asked))}: {write(value)}"
            yield Datum(name=name, series=one.label, x0=low, x=high, y0=top, y=top + value, value=value,
                        text=write(value), told=told, color=one.color)  # fmt: skip
            top += value


def _across(asked: Asked, reached: list[float]) -> Axis:
    edges = sorted(set(reached)) or [0.0, 1.0]
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
    canvas = Canvas(drawn)
    return "".join(canvas.box(bar, "cell") for bar in drawn.data)


def element(drawn: Plan) -> Any:
    """Return the intervals as HoloViews rectangles."""
    from builder.marks import holo

    return holo.boxes(drawn, outline=True)


def example() -> Asked:
    """Return ages in intervals of ten years, one of them empty."""
    from builder.marks import examples

    return examples.histogram()
