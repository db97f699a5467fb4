"""A heatmap: a number for each pair of groups, as the colour of a cell."""

from typing import Any

from builder.asked import Asked, is_real, plains, sentence
from builder.canvas import Canvas
from builder.describe import measure
from builder.lettering import text_width, wrap
from builder.marks.bars import name_ticks
from builder.marks.classes import class_keys, classes
from builder.marks.needs import two_groups as needs
from builder.parts import Axis, Body, Datum, Key, Label, Plan, Room, Tick
from builder.scale import periods, writer
from builder.theme import NONE
from web.i18n import N_

__all__ = ["TITLE", "draw", "element", "example", "needs", "plan"]

TITLE = N_("Heatmap")
ROW = 30
DARK = ("s4", "s5")


def plan(asked: Asked) -> Body:
    """Put each pair in its cell, class the numbers, and write them where they fit."""
    across, down = _groups(asked, "x"), _groups(asked, "y")
    frame = asked.frame
    found = dict(
        zip(zip(plains(frame["x"]), plains(frame["y"]), strict=True), plains(frame["color"]), strict=True)
    )
    known = [value for value in found.values() if value is not None]
    coloured = classes(asked.numbers("color"))
    write = writer(known, asked.language, asked.unit("color"))
    names, rows = [asked.group("x", g) for g in across], [asked.group("y", g) for g in down]
    data = tuple(
        _cell(asked, i, j, f"{rows[j]}, {names[i]}", found.get((group, row)), coloured, write)
        for j, row in enumerate(down) for i, group in enumerate(across)
    )  # fmt: skip
    legend = class_keys(asked, asked.numbers("color"), coloured)
    if any(datum.value is None for datum in data):
        legend += (Key(color=NONE, label=asked.say("no data")),)
    side = tuple(Tick(at=j, label=wrap(name, 150 if asked.wide else 92)) for j, name in enumerate(rows))
    left = 14 + max((text_width(tick.label) for tick in side), default=0)
    slot = (asked.width - left - 12) / max(len(across), 1)
    foot = _foot(asked, across, names, slot)
    lines = max((tick.label.count("\n") + 1 for tick in foot), default=1)
    room = Room(width=asked.width, height=ROW * len(down) + 18 + 16 * lines, top=4, left=round(left),
                bottom=14 + 16 * lines)  # fmt: skip
    x = Axis(low=-0.5, high=max(len(across), 1) - 0.5, ticks=foot, kind="category")
    y = Axis(low=max(len(down), 1) - 0.5, high=-0.5, ticks=side, kind="category")
    return Body(x=x, y=y, room=room, data=data, legend=legend, labels=_labels(data, slot if asked.wide else 0.8 * slot),
                measure=sentence(measure(asked, "color", axis=True)))  # fmt: skip


def _groups(asked: Asked, channel: str) -> list:
    """Return the groups in order, with the empty periods between dates."""
    ordered = asked.order(channel)
    grain, real = asked.grain(channel), [group for group in ordered if is_real(group)]
    filled = periods(min(real), max(real), grain) if grain and real else []
    return filled if set(ordered) <= set(filled) else ordered


def _cell(asked: Asked, i: int, j: int, name: str, value, coloured, write) -> Datum:
    text = write(value) if value is not None else ""
    told = f"{sentence(measure(asked, 'color'))}: {text or asked.say('no data')}"
    return Datum(name=name, x0=i - 0.5, x=i + 0.5, y0=j - 0.5, y=j + 0.5, value=value, text=text, told=told,
                 color=coloured.token(value))  # fmt: skip


def _foot(asked: Asked, groups: list, names: list[str], slot: float) -> tuple[Tick, ...]:
    wrapped = [wrap(name, slot - 2) for name in names]
    if asked.grain("x"):
        return name_ticks(asked, groups, names, slot)
    if not any("…" in name for name in wrapped):
        return tuple(Tick(at=i, label=name) for i, name in enumerate(wrapped))
    widest = min(max((text_width(name) for name in names), default=0), 90) + 12
    step = max(1, -int(-widest // slot))
    return tuple(Tick(at=i, label=wrap(names[i], step * slot - 4)) for i in range(0, len(names), step))


def _labels(data: tuple[Datum, ...], slot: float) -> tuple[Label, ...]:
    if any(text_width(datum.text, 11) > slot - 4 for datum in data):
        return ()
    return tuple(
        Label(x=(d.x0 + d.x) / 2, y=(d.y0 + (d.y or 0)) / 2, text=d.text, anchor="middle", size=11,
              tone="inverse" if d.color in DARK else "ink")
        for d in data if d.text
    )  # fmt: skip


def draw(drawn: Plan) -> str:
    """Return the cells."""
    canvas = Canvas(drawn)
    return "".join(canvas.box(cell, "cell") for cell in drawn.data)


def element(drawn: Plan) -> Any:
    """Return the cells as HoloViews rectangles."""
    from builder.marks import holo

    return holo.boxes(drawn, outline=True)


def example() -> Asked:
    """Return weekdays by month with one pair missing."""
    from builder.marks import examples

    return examples.heatmap()
