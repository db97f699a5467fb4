"""Small charts side by side: each panel is planned by its own mark, then moved to its place in one drawing.

All panels share their scales, classes and colours, so that their heights and tones may be compared.
"""

from dataclasses import replace
from itertools import pairwise

from builder.asked import Asked, plains
from builder.lettering import text_width, wrap
from builder.marks import MARKS
from builder.parts import Axis, Body, Datum, Key, Label, Room, Rule
from builder.scale import date_ticks, number_ticks

COLUMNS = {"wide": 3, "narrow": 2}
GUTTER = 16
HEAD = 24
ABOUT = 4
EDGE = 4
TRACED = ("line", "area")
TALL = 0.62
"""Height of a panel with an axis of numbers, as a part of its width."""


def plan(asked: Asked) -> Body:
    """Return one body with a panel for each group of the ``facet`` channel, in the engine's order."""
    groups = asked.order("facet")
    columns = min(COLUMNS[asked.layout], max(len(groups), 1))
    width = (asked.width - 2 * EDGE - GUTTER * (columns - 1)) // columns
    mark = MARKS[asked.spec.mark]
    bodies = [mark.plan(_panel(asked, group, width)) for group in groups]
    x, y = _shared([body.x for body in bodies], asked), _shared([body.y for body in bodies], asked)
    room = _roomiest([body.room for body in bodies], width, y)
    height = HEAD + room.height
    rows = -(-len(groups) // columns)
    whole = Room(width=asked.width, height=rows * height, top=0, right=0, bottom=0, left=0)
    data: list[Datum] = []
    labels: list[Label] = []
    rules: list[Rule] = []
    for at, (group, body) in enumerate(zip(groups, bodies, strict=True)):
        left, top = EDGE + (at % columns) * (width + GUTTER), (at // columns) * height
        place = _Place(x, y, room, left, top + HEAD, whole.height)
        name = asked.group("facet", group)
        labels.append(Label(x=left, y=whole.height - top - 11, text=wrap(name, width, 1), tone="strong"))
        labels += [*place.ticks(sides=at % columns == 0), *(place.label(label) for label in body.labels)]
        rules += place.rules(body)
        gaps = _gaps(data, body.data) if asked.spec.mark in TRACED else []
        data += [*gaps, *(place.datum(datum, name) for datum in body.data)]
    first = max(bodies, key=lambda body: len(body.legend))
    return Body(
        x=Axis(low=0, high=whole.width, kind="hidden"), y=Axis(low=0, high=whole.height, kind="hidden"),
        room=whole, data=tuple(data), labels=tuple(labels), rules=tuple(rules), legend=_keys(bodies, first),
        measure=_measure(bodies, y), notes=tuple(dict.fromkeys(note for body in bodies for note in body.notes)),
    )  # fmt: skip


def _panel(asked: Asked, group: object, width: int) -> Asked:
    """Return the question of one panel: its rows, with every group that any panel has."""
    frame = asked.frame
    mine = frame[[value == group for value in plains(frame["facet"])]].drop(columns="facet")
    measures = [name for name in mine if _is_measure(asked, str(name))]
    keys = [name for name in mine if name not in measures]
    every = frame[keys].drop_duplicates(ignore_index=True)
    if len(mine) < len(every) and keys:
        mine = every.merge(mine, on=keys, how="left")
    spec = asked.spec.model_copy(update={"facet": None})
    result = replace(
        asked.result, frame=mine, gathered={k: n for k, n in asked.result.gathered.items() if k != "facet"}
    )
    return replace(
        asked, spec=spec, result=result, layout="narrow", room=width, whole=asked.whole or asked.result
    )


def _is_measure(asked: Asked, name: str) -> bool:
    encoding = asked.spec.channels().get(name)
    return encoding is not None and encoding.aggregate is not None


def _shared(axes: list[Axis], asked: Asked) -> Axis:
    """Return the axis that holds what all panels reach, with few ticks."""
    first = max(axes, key=lambda axis: len(axis.ticks))
    down = first.low > first.high
    low, high = min(min(a.low, a.high) for a in axes), max(max(a.low, a.high) for a in axes)
    ticks = first.ticks
    if first.kind == "number" and ticks:
        share = all(tick.label.endswith("%") for tick in ticks) and high <= 1.01
        ticks = number_ticks(low, high, ABOUT, asked.language, share=share)
        low, high = min(low, ticks[0].at), max(high, ticks[-1].at)
    elif first.kind == "time":
        ticks = date_ticks(low, high, ABOUT - 1, asked.language, asked.grain("x") or "day")
    return Axis(low=high if down else low, high=low if down else high, ticks=ticks, kind=first.kind)


def _roomiest(rooms: list[Room], width: int, y: Axis) -> Room:
    """Return the room that fits every panel: maps shrink to its width, axes of numbers are kept low."""
    scale = width / rooms[0].width
    sides = {
        side: round(scale * max(getattr(room, side) for room in rooms))
        for side in ("top", "right", "bottom", "left")
    }
    height = round(scale * max(room.height for room in rooms))
    if y.kind == "number":
        height = min(height, round(TALL * width) + sides["top"] + sides["bottom"])
    return Room(width=width, height=height, **sides)


def _measure(bodies: list[Body], y: Axis) -> str:
    """Return what is measured; panels that alone would not start at zero do so together."""
    return (min if y.low <= 0 <= y.high else max)((body.measure for body in bodies), key=len)


def _gaps(before: list[Datum], coming: tuple[Datum, ...]) -> list[Datum]:
    """Return a gap for each series, so that no line runs from one panel into the next."""
    known = {datum.series: datum for datum in before}
    series = dict.fromkeys(datum.series for datum in coming)
    return [Datum(name="", series=name, x=known[name].x, y=None, color=known[name].color)
            for name in series if name in known]  # fmt: skip


def _keys(bodies: list[Body], first: Body) -> tuple[Key, ...]:
    return tuple(dict.fromkeys([*first.legend, *(key for body in bodies for key in body.legend)]))


class _Place:
    """Where one panel lies: turns the units of its axes into pixels of the whole drawing, upwards."""

    def __init__(self, x: Axis, y: Axis, room: Room, left: float, top: float, height: float):
        self._x, self._y, self._room = x, y, room
        self._left, self._bottom = left + room.left, height - top - room.top - room.down
        self._across = room.across / (x.high - x.low)
        self._up = room.down / (y.high - y.low)

    def x(self, value: float) -> float:
        return self._left + (value - self._x.low) * self._across

    def y(self, value: float) -> float:
        return self._bottom + (value - self._y.low) * self._up

    def datum(self, datum: Datum, panel: str) -> Datum:
        moved = {
            "x": self.x(datum.x), "x0": self.x(datum.x0), "y0": self.y(datum.y0),
            "y": None if datum.y is None else self.y(datum.y),
            "rings": tuple(tuple((self.x(x), self.y(y)) for x, y in ring) for ring in datum.rings),
            "name": f"{panel}: {datum.name}" if datum.name else "",
        }  # fmt: skip
        return datum.model_copy(update=moved)

    def label(self, label: Label) -> Label:
        return label.model_copy(update={"x": self.x(label.x), "y": self.y(label.y)})

    def ticks(self, *, sides: bool) -> list[Label]:
        """Return the words of both axes, those at the side in the first column only."""
        side = [Label(x=self._left, y=self.y(tick.at), dx=-6, text=tick.label, anchor="end", size=11,
                      tone="ink" if self._y.kind == "category" else "muted") for tick in self._y.ticks]  # fmt: skip
        foot = [Label(x=self.x(tick.at), y=self._bottom, dy=12, text=tick.label, anchor="middle", size=11,
                      tone="ink" if self._x.kind == "category" else "muted") for tick in self._x.ticks]  # fmt: skip
        return (side if sides or self._y.kind == "category" else []) + _apart(foot)

    def rules(self, body: Body) -> list[Rule]:
        right, top = self._left + self._room.across, self._bottom + self._room.down
        lines = [Rule(x0=self._left, x1=right, y0=self.y(t.at), y1=self.y(t.at), dark=t.at == 0 and body.zero == "y")
                 for t in self._y.ticks if "y" in body.grid]  # fmt: skip
        lines += [Rule(x0=self.x(t.at), x1=self.x(t.at), y0=self._bottom, y1=top) for t in self._x.ticks if "x" in body.grid]  # fmt: skip
        if body.zero == "x":
            lines.append(Rule(x0=self.x(0), x1=self.x(0), y0=self._bottom, y1=top, dark=True))
        return lines


def _apart(foot: list[Label]) -> list[Label]:
    """Return the words under a panel, every second one or fewer where all would not fit."""
    step = 1
    while step < len(foot):
        kept = foot[::step]
        if all(b.x - a.x >= (text_width(a.text, 11) + text_width(b.text, 11)) / 2 for a, b in pairwise(kept)):
            break
        step += 1
    return foot[::step]
