"""Lines: a number over time or another ordered number, labelled at their ends."""

import datetime as dt
from itertools import pairwise
from typing import Any

from builder.asked import Asked, is_real, sentence
from builder.canvas import Canvas
from builder.describe import measure
from builder.lettering import spread, text_width, wrap
from builder.marks.needs import time_or_number
from builder.marks.series import Series, cells, gathered, keys, series
from builder.parts import Axis, Body, Datum, Label, Plan, Room, Tick
from builder.periods import following
from builder.scale import date_ticks, milliseconds, moment, number_ticks, writer
from web.i18n import N_

TITLE = N_("Line chart")
END_ROOM = {"wide": 150, "narrow": 92}
NARROW_ENDS = 4
FROM_ZERO = 0.4
SPARSE = 0.3

needs = time_or_number


def plan(asked: Asked) -> Body:
    """Lay the lines out: gaps where a period has no number, a free value axis that says so."""
    found = gathered(asked, cells(asked))
    split = series(asked, found)
    write = writer((y for y in found.values() if y is not None), asked.language, asked.unit("y"))
    lines: dict = {one.value: [] for one in split}
    for (x, group), y in found.items():
        if is_real(x):
            lines[group].append((place(x), x, y))
    data = tuple(datum for one in split for datum in _points(asked, sorted(lines[one.value]), one, write))
    axis = value_axis(asked, [datum.y for datum in data if datum.y is not None])
    x = across(asked, [datum.x for datum in data])
    left = 14 + max(text_width(tick.label) for tick in axis.ticks)
    ends = _ends(asked, data, split) if len(split) > 1 else []
    right = 14 + max((text_width(text) + 6 for text, _ in ends), default=0)
    room = Room(
        width=asked.width, height=330 if asked.wide else 270, top=14, left=round(left), right=round(right)
    )
    x = x if ends else x.model_copy(update={"title": _x_title(asked)})
    room = room.model_copy(update={"bottom": 46}) if x.title else room
    return Body(x=x, y=axis, room=room, data=data, legend=() if ends else keys(split), grid="y", zero="y",
                labels=tuple(_apart(ends, axis, room)), notes=_notes(asked, data), measure=measured(asked, axis))  # fmt: skip


def _notes(asked: Asked, data: tuple[Datum, ...]) -> tuple[str, ...]:
    by_series: dict[str, list[float]] = {}
    for datum in data:
        if datum.y is not None:
            by_series.setdefault(datum.series, []).append(datum.x)
    if not any(_sparse(asked, places) for places in by_series.values()):
        return ()
    return (asked.say("The line joins the periods that have data; many in between have none."),)


def _x_title(asked: Asked) -> str:
    return "" if asked.grain("x") else sentence(asked.label("x"))


def _points(asked: Asked, pairs: list[tuple], one: Series, write) -> list[Datum]:
    joined = _sparse(asked, [at for at, _, _ in pairs])
    points: list[Datum] = []
    for at, x, y in pairs:
        if points and not joined and _skips(asked, points[-1].x, at):
            points.append(
                Datum(name="", series=one.label, x=(points[-1].x + at) / 2, y=None, color=one.color)
            )
        points.append(_point(asked, at, x, y, one, write))
    return points


def _sparse(asked: Asked, places: list[float]) -> bool:
    """Tell whether so many periods are empty that gaps would leave no line."""
    skipped = sum(_skips(asked, a, b) for a, b in pairwise(places))
    return skipped > SPARSE * len(places)


def _point(asked: Asked, at: float, x, y, one: Series, write) -> Datum:
    text = write(y) if y is not None else ""
    return Datum(
        name=name_of(asked, x), series=one.label, x=at, y=y, value=y, text=text, color=one.color,
        faint=_incomplete(asked, x), told=f"{one.label or sentence(measure(asked))}: {text}",
    )  # fmt: skip


def place(x) -> float:
    """Return the position of a time or number on its axis."""
    return milliseconds(x) if isinstance(x, dt.date) else float(x)


def name_of(asked: Asked, x) -> str:
    """Return a time or number in words."""
    return asked.group("x", x)


def _incomplete(asked: Asked, x) -> bool:
    last = asked.result.incomplete
    return last is not None and isinstance(x, dt.date) and x.isoformat()[:10] == last[:10]


def _skips(asked: Asked, before: float, at: float) -> bool:
    unit = asked.spec.x.time_unit if asked.spec.x else None
    column = asked.column("x")
    if column and column.type == "integer" and column.role == "time":
        return at - before > 1
    return unit is not None and following(moment(before), unit) < moment(at)


def value_axis(asked: Asked, values: list[float], about: int = 5) -> Axis:
    """Return a value axis from zero when the numbers come near it, else one that fits them."""
    low, high = min(values, default=0), max(values, default=1)
    if 0 < low < FROM_ZERO * high:
        low = 0
    elif high < 0 and high > FROM_ZERO * low:
        high = 0
    ticks = number_ticks(low, high, about if asked.wide else about - 1, asked.language)
    return Axis(low=ticks[0].at, high=ticks[-1].at, ticks=ticks)


def across(asked: Asked, places: list[float]) -> Axis:
    """Return the axis of time or ordered numbers."""
    low, high = min(places, default=0), max(places, default=1)
    grain = asked.grain("x")
    if grain:
        low, high = (low - 43_200_000, high + 43_200_000) if low == high else (low, high)
        ticks = date_ticks(low, high, 8 if asked.wide else 3, asked.language, grain)
        return Axis(low=low, high=high, ticks=ticks, kind="time")
    low, high = (low - 1, high + 1) if low == high else (low, high)
    ticks = number_ticks(low, high, 7 if asked.wide else 4, asked.language)
    kept = (tick for tick in ticks if low <= tick.at <= high)
    return Axis(
        low=low, high=high, ticks=tuple(Tick(at=tick.at, label=asked.group("x", tick.at)) for tick in kept)
    )


def _ends(asked: Asked, data: tuple[Datum, ...], split: list[Series]) -> list[tuple[str, Datum]]:
    if not asked.wide and len(split) > NARROW_ENDS:
        return []
    last = {}
    for datum in data:
        if datum.y is not None:
            last[datum.series] = datum
    room = END_ROOM[asked.layout]
    ends = [(wrap(one.label, room), last[one.label]) for one in split if one.label in last]
    return [] if any("…" in text for text, _ in ends) or len(ends) > 8 else ends


def _apart(ends: list[tuple[str, Datum]], axis: Axis, room: Room) -> list[Label]:
    scale = (axis.high - axis.low) / room.down
    gap = max((15 * (text.count("\n") + 1) + 2 for text, _ in ends), default=0)
    places = spread([datum.y for _, datum in ends], gap * scale, axis.low, axis.high)
    right = max((datum.x for _, datum in ends), default=0)
    return [
        Label(x=right, y=at, text=text, dx=10, size=13, color=datum.color)
        for (text, datum), at in zip(ends, places, strict=True)
    ]


def measured(asked: Asked, axis: Axis) -> str:
    """Return what is measured, and that the axis does not start at zero when it does not."""
    told = sentence(measure(asked, axis=True))
    return (
        told
        if axis.low <= 0 <= axis.high
        else asked.say("{measure}; the axis does not start at zero", measure=told)
    )


def draw(drawn: Plan) -> str:
    """Return each line as paths, the last one paler when its period is incomplete."""
    canvas = Canvas(drawn)
    names = dict.fromkeys(datum.series for datum in drawn.data)
    return "".join(canvas.trace([datum for datum in drawn.data if datum.series == name]) for name in names)


def element(drawn: Plan) -> Any:
    """Return the lines through hvPlot, an incomplete last period apart and paler."""
    from builder.marks import holo

    return holo.lines(drawn)


def example() -> Asked:
    """Return two lines over nine months with a gap and an incomplete last month."""
    from builder.marks import examples

    return examples.line()
