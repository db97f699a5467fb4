"""Areas of a map coloured by a number, on our own outlines."""

from typing import Any

from builder import geo
from builder.asked import Asked, is_real, plains, sentence, some
from builder.canvas import Canvas, told
from builder.describe import measure
from builder.lettering import text_width, wrap
from builder.marks.classes import Classes, class_keys, classes
from builder.marks.needs import place as needs
from builder.marks.series import adds_up
from builder.parts import Axis, Body, Datum, Key, Label, Plan, Ring
from builder.scale import writer
from builder.theme import NONE
from builder.views import PEOPLE
from catalog import places
from web.i18n import N_

__all__ = ["TITLE", "draw", "element", "example", "needs", "plan"]

TITLE = N_("Map of areas")
DARK = ("s4", "s5")
NAMED = 5


def plan(asked: Asked) -> Body:
    """Match values to places, class the numbers, and say what has no place or no number."""
    column = asked.column("place")
    assert column is not None
    geography = column.geography
    codes = places.codes(geography, {str(value) for value in plains(asked.frame["place"]) if is_real(value)})
    numbers, unmatched = _numbers(asked, codes)
    known = [value for value in numbers.values() if value is not None]
    classed = asked.numbers("color") if asked.whole else known
    coloured = classes(classed)
    shapes = geo.shapes(geography)
    x, y, room = geo.fitted(geo.bounds(point for ring in geo.land(geography) for point in ring), asked.layout)
    data = tuple(_area(asked, geography, code, rings, numbers, coloured) for code, rings in shapes.items())
    legend = class_keys(asked, classed, coloured)
    if any(datum.value is None for datum in data):
        legend += (Key(color=NONE, label=asked.say("no data")),)
    return Body(x=x, y=y, room=room, data=data, legend=legend, notes=_notes(asked, unmatched),
                labels=tuple(_names(data, x, room.width)) if asked.wide else (),
                measure=sentence(measure(asked, "color", axis=True)))  # fmt: skip


def _numbers(asked: Asked, codes: dict[str, str]) -> tuple[dict[str, float | None], list]:
    """Return the number of each place and what has none; spellings of one place are added where they may be."""
    numbers: dict[str, float | None] = {}
    unmatched = []
    # Rates of one place divide by the same inhabitants, so they add too.
    is_rate = asked.spec.color is not None and asked.spec.color.view in PEOPLE
    adds = is_rate or adds_up(asked, "color")
    for name, value in zip(plains(asked.frame["place"]), plains(asked.frame["color"]), strict=True):
        code = codes.get(str(name)) if is_real(name) else None
        if code is not None and numbers.get(code) is None:
            numbers[code] = value
        elif code is not None and adds:
            numbers[code] += value or 0
        else:
            unmatched.append((name, value))
    return numbers, unmatched


def _area(
    asked: Asked, geography: str, code: str, rings: tuple[Ring, ...], numbers, coloured: Classes
) -> Datum:
    value = numbers.get(code)
    known = places.geography(geography)
    named = known.place(code) if known else None
    write = writer((v for v in numbers.values() if v is not None), asked.language, asked.unit("color"))
    text = write(value) if value is not None else asked.say("no data")
    (x, y) = _middle(max(rings, key=len))
    return Datum(name=named.name if named else code, x=x, y=y, value=value, text=text, rings=rings,
                 color=coloured.token(value), told=f"{sentence(measure(asked, 'color'))}: {text}")  # fmt: skip


def _middle(ring: Ring) -> tuple[float, float]:
    """Return the centre of mass of an outline."""
    area = x = y = 0.0
    for (x0, y0), (x1, y1) in zip(ring, ring[1:] + ring[:1], strict=True):
        cross = x0 * y1 - x1 * y0
        area, x, y = area + cross, x + (x0 + x1) * cross, y + (y0 + y1) * cross
    return (x / (3 * area), y / (3 * area)) if area else ring[0]


def _names(data: tuple[Datum, ...], x: Axis, width: int) -> list[Label]:
    """Return the names that fit inside their areas."""
    scale = (x.high - x.low) / width
    labels = []
    for datum in data:
        room = _room(datum, scale)
        name = wrap(datum.name, room, 2, 11)
        if "…" not in name and text_width(name, 11) <= room:
            tone = "inverse" if datum.color in DARK else "ink"
            labels.append(Label(x=datum.x, y=datum.y or 0, text=name, anchor="middle", size=11, tone=tone))
    return labels


def _room(datum: Datum, scale: float) -> float:
    """Return the pixels an area offers for two lines around its middle."""
    ring = max(datum.rings, key=len)
    rows = [(datum.y or 0) + up * scale for up in (-16, -8, 0, 8, 16)]
    return 2 * min(_half(ring, datum.x, row) for row in rows) / scale - 6


def _half(ring: Ring, x: float, y: float) -> float:
    """Return how far an outline is from (x, y) to the nearer side, 0 when that lies outside."""
    cuts = geo.crossings(ring, y)
    left, right = [cut for cut in cuts if cut <= x], [cut for cut in cuts if cut > x]
    return min(x - max(left), min(right) - x) if len(left) % 2 and right else 0


def _notes(asked: Asked, unmatched: list) -> tuple[str, ...]:
    if not unmatched:
        return ()
    names = [asked.group("place", name) for name, _ in unmatched]
    write = writer((value for _, value in unmatched if value is not None), asked.language)
    told = [
        f"{name} ({write(v)})" if v is not None else name
        for name, (_, v) in zip(names, unmatched, strict=True)
    ]
    return (asked.say("Not on the map: {list}.", list=some(told, NAMED, asked.say)),)


def draw(drawn: Plan) -> str:
    """Return every area with its outline."""
    canvas = Canvas(drawn)
    return "".join(canvas.outline(d.rings, f"{d.color} cell", told(d)) for d in drawn.data)


def element(drawn: Plan) -> Any:
    """Return the areas as GeoViews polygons in web Mercator."""
    from builder.marks import maps

    return maps.areas(drawn)


def example() -> Asked:
    """Return counts of some boroughs, with a name that matches none."""
    from builder.marks import examples

    return examples.choropleth()
