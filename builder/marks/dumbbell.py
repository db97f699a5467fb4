"""Before and after: for each group two dots and the way between them."""

from collections.abc import Sequence
from typing import Any

from builder.asked import Asked, is_real, plains, sentence
from builder.canvas import Canvas
from builder.describe import measure
from builder.lettering import text_width, wrap
from builder.marks.needs import GROUPS
from builder.parts import Axis, Body, Datum, Key, Label, Plan, Room, Rule, Tick
from builder.periods import moment, unfinished
from builder.scale import number_ticks, writer
from catalog.models import Column
from web.i18n import N_
from web.values import Problem

TITLE = N_("Before and after")
BEFORE, AFTER = "c6", "c1"
SLOT = {"wide": 30, "narrow": 54}
SIDE = 230
DOT = 6.0
ABOVE = 0.42


def needs(columns: Sequence[Column]) -> Problem | None:
    """Return what is missing: groups, and something with a before and an after."""
    groups = [column for column in columns if column.role in GROUPS]
    two = [column for column in groups if column.role == "time" or column.distinct == 2]
    return None if two and len(groups) > 1 else Problem(code="mark_needs_two_moments")


def plan(asked: Asked) -> Body:
    """Take the first and the last whole period (or both values), and join them for each group."""
    first, last, notes = _ends(asked)
    found = {
        (x, c): y for x, c, y in zip(*(plains(asked.frame[n]) for n in ("x", "color", "y")), strict=True)
    }
    groups = [g for g in asked.order("x") if any(found.get((g, end)) is not None for end in (first, last))]
    known = [found[g, end] for g in groups for end in (first, last) if found.get((g, end)) is not None]
    write = writer(known, asked.language, asked.unit("y"))
    names = [asked.group("x", group) for group in groups]
    data, rules, labels = [], [], []
    for at, (group, name) in enumerate(zip(groups, names, strict=True)):
        ends = [(end, color, found.get((group, end))) for end, color in ((first, BEFORE), (last, AFTER))]
        drawn = [
            _dot(asked, at, name, end, color, value, write) for end, color, value in ends if value is not None
        ]
        data += drawn
        rules += [Rule(x0=drawn[0].x, x1=drawn[-1].x, y0=at, y1=at, dark=True)]
        labels += _values(drawn)
    low = 0.0 if _near_zero(known) else min(known)
    ticks = number_ticks(min([low, *known]), max([low, *known]), 5 if asked.wide else 3, asked.language)  # fmt: skip
    side = tuple(Tick(at=i, label=wrap(name, SIDE)) for i, name in enumerate(names)) if asked.wide else ()
    left = 14 + max((text_width(tick.label) for tick in side), default=0) if asked.wide else 10
    if not asked.wide:
        labels += [
            Label(x=ticks[0].at, y=i - ABOVE, text=wrap(name, asked.width - 20, 1))
            for i, name in enumerate(names)
        ]
    tail = max((text_width(label.text, 12) for label in labels if label.size == 12), default=0) + 14
    room = Room(width=asked.width, height=SLOT[asked.layout] * max(len(names), 1) + 36, top=6,
                left=round(left if asked.wide else tail), right=round(tail), bottom=30)  # fmt: skip
    keys = tuple(
        Key(color=color, label=asked.group("color", end)) for end, color in ((first, BEFORE), (last, AFTER))
    )
    return Body(x=Axis(low=ticks[0].at, high=ticks[-1].at, ticks=ticks), y=Axis(low=max(len(names), 1) - 0.5, high=-0.5, ticks=side, kind="category"),
                room=room, data=tuple(data), rules=tuple(rules), labels=tuple(labels), legend=keys, grid="x",
                notes=notes, measure=sentence(measure(asked, axis=True)))  # fmt: skip


def _ends(asked: Asked) -> tuple[Any, Any, tuple[str, ...]]:
    """Return the first and the last group of the split, a last period that is not whole left out, and what to say."""
    real = sorted({value for value in plains(asked.frame["color"]) if is_real(value)})
    unit, column = asked.spec.color.time_unit if asked.spec.color else None, asked.column("color")
    say, notes = asked.say, []
    if not real:
        return None, None, ()
    if unit and column and len(real) > 2:
        newest, reach = moment(real[-1]), moment(column.max)
        if newest and reach and unfinished(newest, unit, reach, column):
            left = asked.group("color", real.pop())
            notes.append(say("{period} is incomplete and left out.", period=sentence(left)))
    first, last = real[0], real[-1]
    if len(real) > 2:
        told = say("Only {first} and {last} are drawn; the periods in between are not.",
                   first=asked.group("color", first), last=asked.group("color", last))  # fmt: skip
        notes.insert(0, told)
    return first, last, tuple(notes)


def _near_zero(known: Sequence[float]) -> bool:
    return not known or min(known) < 0.4 * max(known)


def _dot(asked: Asked, at: int, name: str, end: Any, color: str, value: float, write: Any) -> Datum:
    when = asked.group("color", end)
    return Datum(name=name, series=when, x=value, y=at, value=value, text=write(value), color=color, size=DOT,
                 told=f"{when}: {write(value)}")  # fmt: skip


def _values(drawn: list[Datum]) -> list[Label]:
    """Return the numbers on the outer sides of the two dots."""
    if len(drawn) < 2:
        return [Label(x=d.x, y=d.y or 0, text=d.text, dx=11, size=12) for d in drawn]
    low, high = sorted(drawn, key=lambda dot: dot.x)
    return [Label(x=low.x, y=low.y or 0, text=low.text, dx=-11, anchor="end", size=12, tone="muted"),
            Label(x=high.x, y=high.y or 0, text=high.text, dx=11, size=12)]  # fmt: skip


def draw(drawn: Plan) -> str:
    """Return the dots; the ways between them are rules."""
    canvas = Canvas(drawn)
    return "".join(canvas.dot(dot) for dot in drawn.data)


def element(drawn: Plan) -> Any:
    """Return the dots as HoloViews points."""
    from builder.marks import holo

    return holo.dots(drawn)


def example() -> Asked:
    """Return boroughs in the first and the last year."""
    from builder.marks import examples

    return examples.dumbbell()
