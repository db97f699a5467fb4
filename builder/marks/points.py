"""Points on a map: each row a dot, near ones gathered into circles, or counted into cells."""

from collections import defaultdict
from typing import Any

from builder import geo, svg
from builder.asked import Asked, is_missing, plains, sentence
from builder.describe import measure
from builder.marks.classes import class_keys, classes
from builder.marks.needs import coordinates as needs
from builder.marks.series import keys, series
from builder.parts import Axis, Body, Datum, Key, Plan
from builder.scale import writer
from catalog import places
from web.i18n import N_, number

__all__ = ["TITLE", "draw", "element", "example", "needs", "plan"]

TITLE = N_("Map of points")
PLAIN = 1500
NEAR = {"wide": 22, "narrow": 18}
DOT = {"wide": 3.2, "narrow": 2.6}
LARGEST = {"wide": 20, "narrow": 14}


def plan(asked: Asked) -> Body:
    """Frame the city, then show rows as dots, circles or cells; those outside the frame are said."""
    frame = asked.frame
    degrees = list(zip(plains(frame["longitude"]), plains(frame["latitude"]), strict=True))
    territory = geo.territory(degrees)
    land = geo.land(territory) if territory else ()
    metres = [geo.mercator(lon, lat) for lon, lat in degrees]
    box = geo.bounds((p for ring in land for p in ring) if land else (metres or [(0.0, 0.0)]))
    x, y, room = geo.fitted(box, asked.layout)
    view = (x.low, y.low, x.high, y.high)
    shown = [i for i, point in enumerate(metres) if geo.within(point, view)]
    rows = plains(frame["y"]) if asked.result.binned else [1] * len(metres)
    outside = sum(rows) - sum(rows[i] for i in shown)
    data, legend = _drawn(asked, metres, shown, rows, (x.high - x.low) / room.width)
    return Body(x=x, y=y, room=room, data=tuple(data), legend=legend, land=land,
                measure=_measure(asked, len(shown)), notes=_notes(asked, outside),
                told=_told(asked, territory, sum(rows[i] for i in shown)))  # fmt: skip


def _drawn(asked: Asked, metres, shown, rows, scale) -> tuple[list[Datum], tuple[Key, ...]]:
    if asked.result.binned:
        return _cells(asked, metres, shown, rows)
    if "color" in asked.frame and asked.spec.color:
        return _coloured(asked, metres, shown)
    if len(shown) > PLAIN:
        return _gathered(asked, metres, shown, scale), ()
    radius = DOT[asked.layout]
    return [_dot(asked, metres[i], asked.say("1 row"), "", "c1", radius) for i in shown], ()


def _dot(asked: Asked, at, name: str, told: str, color: str, radius: float, value: float = 1) -> Datum:
    text = number(value, asked.language)
    return Datum(name=name, told=told, x=at[0], y=at[1], color=color, size=radius, value=value, text=text)


def _coloured(asked: Asked, metres, shown) -> tuple[list[Datum], tuple[Key, ...]]:
    values = plains(asked.frame["color"])
    column = asked.column("color")
    radius = DOT[asked.layout]
    title = sentence(asked.label("color"))
    if column and column.role == "measure":
        known = [v for i in shown if not is_missing(v := values[i])]
        found = classes(known)
        write = writer(known, asked.language, column.unit)
        told = [write(v) if v is not None else asked.say("no data") for v in values]
        dots = [_dot(asked, metres[i], title, told[i], found.token(values[i]), radius) for i in shown]
        return dots, class_keys(asked, known, found)
    counts = {(None, values[i]): float(values.count(values[i])) for i in shown}
    groups = series(asked, counts)
    colors = {one.value: one for one in groups}
    dots = [_dot(asked, metres[i], colors[values[i]].label, title, colors[values[i]].color, radius) for i in shown]
    return dots, keys(groups)


def _gathered(asked: Asked, metres, shown, scale: float) -> list[Datum]:
    """Gather rows within a few pixels into one circle whose area is their number."""
    size = NEAR[asked.layout] * scale
    near: dict[tuple[int, int], list[tuple[float, float]]] = defaultdict(list)
    for i in shown:
        near[int(metres[i][0] // size), int(metres[i][1] // size)].append(metres[i])
    most = max(len(points) for points in near.values())
    return [_circle(asked, points, most) for points in sorted(near.values(), key=len, reverse=True)]


def _circle(asked: Asked, points, most: int) -> Datum:
    count = len(points)
    middle = (sum(x for x, _ in points) / count, sum(y for _, y in points) / count)
    name = asked.say.plural("{n} row", "{n} rows", count)
    radius = max(1.6, LARGEST[asked.layout] * 0.5 * (count / most) ** 0.5 * 1.1)
    return _dot(asked, middle, name, asked.say("near here"), "c1", radius, count)


def _cells(asked: Asked, metres, shown, rows) -> tuple[list[Datum], tuple[Key, ...]]:
    """Colour each cell of the engine's grid by its rows."""
    counts = [rows[i] for i in shown]
    found = classes(counts)
    wide, high = _step(x for x, _ in metres) / 2, _step(y for _, y in metres) / 2
    cells = []
    for i in shown:
        (x, y), n = metres[i], rows[i]
        name = asked.say.plural("{n} row", "{n} rows", n)
        cells.append(Datum(name=name, told=asked.say("in this cell"), x0=x - wide, x=x + wide, y0=y - high,
                           y=y + high, value=n, text=number(n, asked.language), color=found.token(n)))  # fmt: skip
    return cells, class_keys(asked, counts, found)


def _step(places) -> float:
    """Return the distance between neighbouring cells."""
    ordered = sorted(set(places))
    return min((b - a for a, b in zip(ordered, ordered[1:], strict=False) if b - a > 1), default=200.0)


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


def _notes(asked: Asked, outside: int) -> tuple[str, ...]:
    if not outside:
        return ()
    say = asked.say
    return (say.plural("{n} row lies outside the map.", "{n} rows lie outside the map.", int(outside)),)


def draw(drawn: Plan) -> str:
    """Return dots or cells."""
    canvas = svg.Canvas(drawn)
    if any(datum.size for datum in drawn.data):
        return "".join(canvas.dot(datum, cls="fill dot") for datum in drawn.data)
    return "".join(canvas.box(datum) for datum in drawn.data)


def element(drawn: Plan) -> Any:
    """Return dots or cells as GeoViews elements in web Mercator."""
    from builder.marks import maps

    return maps.dots(drawn) if any(datum.size for datum in drawn.data) else maps.cells(drawn)


def example() -> Asked:
    """Return some points of the city and one far away."""
    from builder.marks import examples

    return examples.points()
