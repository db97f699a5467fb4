"""Areas: amounts over time, the colour groups stacked."""

from collections import Counter
from dataclasses import replace
from typing import Any

from builder.asked import Asked, some
from builder.canvas import Canvas, pieces
from builder.lettering import text_width
from builder.marks import line
from builder.marks.needs import time_or_number as needs
from builder.parts import Body, Datum, Key, Plan
from web.i18n import N_

__all__ = ["TITLE", "draw", "element", "example", "needs", "plan"]

TITLE = N_("Area chart")
NAMED = 6


def plan(asked: Asked) -> Body:
    """Stack the lines from zero; a period without a number counts as none in a stack."""
    lines = line.plan(replace(asked, spec=asked.spec.model_copy(update={"mark": "line"})))
    data = _stacked(lines.data)
    axis = line.value_axis(asked, [0.0, *(datum.y for datum in data if datum.y is not None)])
    named = list(dict.fromkeys((datum.color, datum.series) for datum in data if datum.series))
    legend = tuple(Key(color=color, label=label) for color, label in named)
    left = 14 + max(text_width(tick.label) for tick in axis.ticks)
    room = lines.room.model_copy(update={"left": round(left), "right": 14})
    notes = (*lines.notes, *_filled(asked, lines.data, data))
    return lines.model_copy(update={"y": axis, "data": data, "legend": legend, "labels": (), "room": room,
                                    "notes": notes, "measure": line.measured(asked, axis)})  # fmt: skip


def _filled(asked: Asked, known: tuple[Datum, ...], drawn: tuple[Datum, ...]) -> tuple[str, ...]:
    """Return the sentence that names the series drawn at zero where they have no number."""
    held = {(datum.series, datum.x) for datum in known if datum.y is not None}
    empty = Counter(
        datum.series for datum in drawn if datum.y is not None and (datum.series, datum.x) not in held
    )
    if not empty:
        return ()
    named = some([f"{series} ({n})" for series, n in empty.most_common()], NAMED, asked.say)
    return (asked.say("Periods without a number are drawn as zero: {list}.", list=named),)


def _stacked(data: tuple[Datum, ...]) -> tuple[Datum, ...]:
    """Return data whose y0 is the top of the series before."""
    if len({datum.series for datum in data}) > 1:
        return _piled(data)
    return tuple(datum.model_copy(update={"x0": datum.x}) for datum in data)


def _piled(data: tuple[Datum, ...]) -> tuple[Datum, ...]:
    places = sorted({datum.x for datum in data if datum.y is not None})
    by_series: dict[str, dict[float, Datum]] = {}
    for datum in data:
        if datum.y is not None:
            by_series.setdefault(datum.series, {})[datum.x] = datum
    tops = dict.fromkeys(places, 0.0)
    piled = []
    for held in by_series.values():
        like = next(iter(held.values()))
        for place in places:
            value = held[place].y or 0.0 if place in held else 0.0
            empty = like.model_copy(
                update={"name": "", "text": "", "told": "", "value": None, "faint": False}
            )
            there = held.get(place, empty)
            piled.append(there.model_copy(update={"x": place, "y0": tops[place], "y": tops[place] + value}))
            tops[place] += value
    return tuple(piled)


def draw(drawn: Plan) -> str:
    """Return each series as a closed shape."""
    canvas = Canvas(drawn)
    names = dict.fromkeys(datum.series for datum in drawn.data)
    lines = [[datum for datum in drawn.data if datum.series == name] for name in names]
    return "".join(canvas.band(piece) for held in lines for piece in pieces(held))


def element(drawn: Plan) -> Any:
    """Return the areas as HoloViews areas with points to touch."""
    from builder.marks import holo

    return holo.bands(drawn)


def example() -> Asked:
    """Return two series over nine months."""
    from builder.marks import examples

    return examples.area()
