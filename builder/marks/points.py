"""Points on a map: each row a dot, near ones gathered into circles, or counted into cells."""

from collections import defaultdict
from typing import Any

from builder import geo
from builder.asked import Asked, plains, sentence
from builder.canvas import Canvas
from builder.describe import measure
from builder.marks.needs import coordinates as needs
from builder.marks.spots import PLAIN, drawn
from builder.parts import Body, Datum, Plan
from catalog import places
from web.i18n import N_

__all__ = ["TITLE", "draw", "element", "example", "needs", "plan"]

TITLE = N_("Map of points")
MANY = 400
"""Dots beyond which those of one colour are written as one path."""


def plan(asked: Asked) -> Body:
    """Frame the city, then show rows as dots, circles or cells; those outside the frame are said."""
    frame = asked.frame
    degrees = list(zip(plains(frame["longitude"]), plains(frame["latitude"]), strict=True))
    territory = geo.territory(degrees)
    land = geo.land(territory) if territory else ()
    metres = [geo.mercator(lon, lat) for lon, lat in degrees]
    box = geo.bounds((p for ring in land for p in ring) if land else (metres or [(0.0, 0.0)]))
    within = [point for point in metres if geo.within(point, box)]
    x, y, room = geo.fitted(geo.nearer(within, box) if land else box, asked.layout)
    view = (x.low, y.low, x.high, y.high)
    shown = [i for i, point in enumerate(metres) if geo.within(point, view)]
    rows = plains(frame["y"]) if asked.result.binned else [1] * len(metres)
    outside = sum(rows) - sum(rows[i] for i in shown)
    data, legend = drawn(asked, metres, shown, (x.high - x.low) / room.width)
    return Body(x=x, y=y, room=room, data=tuple(data), legend=legend, land=geo.seen(land, view),
                measure=_measure(asked, len(shown)), notes=_notes(asked, outside, len(shown)),
                told=_told(asked, territory, sum(rows[i] for i in shown)))  # fmt: skip


def _measure(asked: Asked, shown: int) -> str:
    if asked.result.binned:
        return asked.say("Rows in each cell")
    if asked.spec.color:
        return sentence(measure(asked, "color", axis=True))
    if shown > PLAIN:
        return asked.say("Each circle gathers the rows near it; its area is their number")
    return asked.say("Each dot is one row")


def _told(asked: Asked, territory: str | None, shown: float) -> str:
    say = asked.say
    told = say.plural("{n} row on the map.", "{n} rows on the map.", int(shown))
    known = places.geography(territory) if territory else None
    return f"{told} {known.title[asked.language]}." if known else told


def _notes(asked: Asked, outside: int, shown: int) -> tuple[str, ...]:
    say, notes = asked.say, []
    if outside:
        notes.append(
            say.plural("{n} row lies outside the map.", "{n} rows lie outside the map.", int(outside))
        )
    if asked.spec.size and shown > PLAIN:
        notes.append(
            say("“{column}” is not shown as size: the rows are too many.", column=asked.label("size"))
        )
    return tuple(notes)


def draw(plan: Plan) -> str:
    """Return dots or hexagons; many of one colour become one path."""
    canvas = Canvas(plan)
    if plan.data and plan.data[0].rings:
        return "".join(canvas.outline([d.rings[0] for d in held], f"{color} fill dense")
                       for color, held in _by_color(plan))  # fmt: skip
    if len(plan.data) > MANY and len({datum.size for datum in plan.data}) == 1:
        return "".join(canvas.spots(held, f"{color} dot") for color, held in _by_color(plan))
    return "".join(canvas.dot(datum, cls="fill dot") for datum in plan.data)


def _by_color(plan: Plan) -> list[tuple[str, list[Datum]]]:
    held: dict[str, list[Datum]] = defaultdict(list)
    for datum in plan.data:
        held[datum.color].append(datum)
    return list(held.items())


def element(plan: Plan) -> Any:
    """Return dots or hexagons as GeoViews elements in web Mercator."""
    from builder.marks import maps

    return maps.areas(plan) if plan.data and plan.data[0].rings else maps.dots(plan)


def example() -> Asked:
    """Return some points of the city and one far away."""
    from builder.marks import examples

    return examples.points()
