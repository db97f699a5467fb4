"""A ring of at most six parts of one whole, each named and written beside it."""

import math
from typing import Any

from builder.asked import Asked, is_real, plains, sentence
from builder.canvas import Canvas, told
from builder.describe import measure
from builder.lettering import wrap
from builder.marks.needs import category_or_time as needs
from builder.parts import Axis, Body, Datum, Label, Plan, Ring, Room
from builder.scale import writer
from builder.theme import CATEGORIES, GREY
from web.i18n import N_, percent
from web.values import Refused

__all__ = ["TITLE", "draw", "element", "example", "needs", "plan"]

TITLE = N_("Ring chart")
MOST = 6
HEIGHT = {"wide": 330, "narrow": 320}
RADIUS = {"wide": 120, "narrow": 84}
HOLE = 0.58
STEP = math.radians(3)


def plan(asked: Asked) -> Body:
    """Cut the ring into parts clockwise from the top.

    Raises Refused ``pie_parts`` with more than six parts besides others and missing, and
    ``pie_negative`` when a number is below zero.
    """
    values = dict(zip(plains(asked.frame["x"]), plains(asked.frame["y"]), strict=True))
    if sum(is_real(group) for group in values) > MOST:
        raise Refused("pie_parts", where=asked.label("x"), n=len(values), most=MOST)
    if any(value is not None and value < 0 for value in values.values()):
        raise Refused("pie_negative", where=sentence(measure(asked)))
    total = sum(value or 0 for value in values.values()) or 1
    data, labels = _parts(asked, {g: values[g] or 0 for g in asked.order("x")}, total)
    width, height = asked.width, HEIGHT[asked.layout]
    half_x, half_y = width / 2, height / 2
    return Body(x=Axis(low=-half_x, high=half_x, kind="hidden"), y=Axis(low=-half_y, high=half_y, kind="hidden"),
                room=Room(width=width, height=height, top=0, right=0, bottom=0, left=0), data=tuple(data),
                labels=tuple(labels), measure=sentence(measure(asked, axis=True)))  # fmt: skip


def _parts(asked: Asked, values: dict, total: float) -> tuple[list[Datum], list[Label]]:
    radius = RADIUS[asked.layout]
    write = writer(values.values(), asked.language, asked.unit("y"))
    free = iter(CATEGORIES)
    data, labels, start = [], [], 0.0
    for group, value in values.items():
        end = start + 2 * math.pi * value / total
        name, part = asked.group("x", group), percent(value / total, asked.language)
        middle = (start + end) / 2
        data.append(Datum(
            name=name, x=radius * 0.8 * math.sin(middle), y=radius * 0.8 * math.cos(middle), value=value,
            text=write(value), told=f"{write(value)} ({part})", rings=(_ring(start, end, radius),),
            color=next(free, GREY) if is_real(group) else GREY,
        ))  # fmt: skip
        if value:
            labels.append(_label(asked, name, part, middle, radius))
        start = end
    return data, labels


def _ring(start: float, end: float, radius: float) -> Ring:
    steps = max(2, math.ceil((end - start) / STEP) + 1)
    angles = [start + (end - start) * i / (steps - 1) for i in range(steps)]
    outer = [(radius * math.sin(a), radius * math.cos(a)) for a in angles]
    return tuple(outer + [(HOLE * x, HOLE * y) for x, y in reversed(outer)])


def _label(asked: Asked, name: str, part: str, angle: float, radius: float) -> Label:
    side = math.sin(angle)
    words = f"{wrap(name, asked.width / 2 - radius * abs(side) - 24)}\n{part}"
    anchor = "middle" if abs(side) < 0.25 else "start" if side > 0 else "end"
    away = radius + (22 if anchor == "middle" else 10)
    return Label(x=away * side, y=away * math.cos(angle), text=words, anchor=anchor)


def draw(drawn: Plan) -> str:
    """Return the parts."""
    canvas = Canvas(drawn)
    return "".join(canvas.outline(d.rings, f"{d.color} cell", told(d)) for d in drawn.data)


def element(drawn: Plan) -> Any:
    """Return the parts as HoloViews polygons: ``hv.Donut`` comes out blank."""
    from builder.marks import holo

    return holo.shapes(drawn)


def example() -> Asked:
    """Return two parts and the missing."""
    from builder.marks import examples

    return examples.pie()
