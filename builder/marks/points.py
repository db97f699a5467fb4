"""Points on a map: each row a dot, near ones gathered into circles, or counted into cells."""

from collections import defaultdict
from typing import Any

from builder import geo, svg
from builder.asked import Asked, is_missing, plains, sentence
from builder.describe import measure
from builder.marks.classes import class_keys, classes
from builder.marks.needs import coordinates as needs
from builder.marks.series import keys, series
from builder.parts import Body, Datum, Key, Plan, Ring
from builder.scale import writer
from builder.theme import GREY, NONE
from catalog import places
from web.i18n import N_, number

__all__ = ["TITLE", "draw", "element", "example", "needs", "plan"]

TITLE = N_("Map of points")
PLAIN = 1500
NEAR = {"wide": 22, "narrow": 18}
DOT = {"wide": 3.2, "narrow": 2.6}
LARGEST = {"wide": 12, "narrow": 9}
SMALLEST = 1.6
SPOT = 4
MANY = 400


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
    data, legend = _drawn(asked, metres, shown, rows, (x.high - x.low) / room.width)
    return Body(x=x, y=y, room=room, data=tuple(data), legend=legend, land=geo.seen(land, view),
                measure=_measure(asked, len(shown)), notes=_notes(asked, outside),
                told=_told(asked, territory, sum(rows[i] for i in shown)))  # fmt: skip


def _drawn(asked: Asked, metres, shown, rows, scale) -> tuple[list[Datum], tuple[Key, ...]]:
    if asked.result.binned:
        return _cells(asked, shown, rows)
    if "color" in asked.frame and asked.spec.color:
        return _coloured(asked, metres, shown, scale)
    if len(shown) > PLAIN:
        return _gathered(asked, metres, shown, scale), ()
    names = _labels(asked)
    return [_dot(asked, metres[i], names[i], "", "c1", DOT[asked.layout]) for i in shown], ()


def _labels(asked: Asked) -> list[str]:
    """Return what each row is called: the words of its own column, or just a row."""
    row = asked.say("1 row")
    if "label" not in asked.frame:
        return [row] * len(asked.frame)
    return [row if is_missing(label) else str(label) for label in plains(asked.frame["label"])]


def _dot(
    asked: Asked, at, name: str, told: str, color: str, radius: float, value: float = 1, group=""
) -> Datum:
    text = number(value, asked.language)
    return Datum(name=name, told=told, x=at[0], y=at[1], color=color, size=radius, value=value, text=text,
                 series=group)  # fmt: skip


def _coloured(asked: Asked, metres, shown, scale) -> tuple[list[Datum], tuple[Key, ...]]:
    values = plains(asked.frame["color"])
    column = asked.column("color")
    if column and column.role == "measure":
        known = [v for i in shown if not is_missing(v := values[i])]
        found = classes(known)
        write = writer(known, asked.language, column.unit)
        told = [asked.say("no data") if v is None else write(v) for v in values]
        tokens, legend = [found.token(v) for v in values], class_keys(asked, known, found)
        if any(values[i] is None for i in shown):
            legend += (Key(color=NONE, label=asked.say("no data")),)
    else:
        groups = series(asked, {(None, values[i]): 1.0 for i in shown})
        by_value = {one.value: one for one in groups}
        told = [by_value[v].label if v in by_value else "" for v in values]
        tokens, legend = [by_value[v].color if v in by_value else GREY for v in values], keys(groups)
    return _thinned(asked, metres, shown, told, tokens, scale), legend


def _thinned(asked: Asked, metres, shown, told, tokens, scale) -> list[Datum]:
    """Return a dot per row; many rows of one colour on the same spot become one dot that counts them."""
    names, radius = _labels(asked), DOT[asked.layout]
    title = sentence(asked.label("color"))
    if len(shown) <= PLAIN:
        return [
            _dot(asked, metres[i], names[i], f"{title}: {told[i]}", tokens[i], radius, group=told[i])
            for i in shown
        ]
    spots: dict[tuple, list[int]] = defaultdict(list)
    for i in shown:
        spots[
            tokens[i], told[i], int(metres[i][0] // (SPOT * scale)), int(metres[i][1] // (SPOT * scale))
        ].append(i)
    many = asked.say.plural
    return [
        _dot(asked, metres[held[0]], many("{n} row", "{n} rows", len(held)), f"{title}: {said}", color, radius,
             len(held), said)
        for (color, said, _, _), held in spots.items()
    ]  # fmt: skip


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
    radius = max(SMALLEST, LARGEST[asked.layout] * (count / most) ** 0.5)
    return _dot(asked, middle, name, asked.say("near here"), "c1", radius, count)


def _cells(asked: Asked, shown, rows) -> tuple[list[Datum], tuple[Key, ...]]:
    """Colour each hexagon of the engine's grid by its rows."""
    counts = [rows[i] for i in shown]
    found = classes(counts)
    degrees = list(zip(plains(asked.frame["longitude"]), plains(asked.frame["latitude"]), strict=True))
    cells = []
    for i in shown:
        name = asked.say.plural("{n} row", "{n} rows", rows[i])
        ring = _hexagon(degrees[i], asked.result.cell or (0.01, 0.01))
        x, y = geo.mercator(*degrees[i])
        cells.append(Datum(name=name, told=asked.say("in this cell"), x=x, y=y, rings=(ring,), value=rows[i],
                           text=number(rows[i], asked.language), color=found.token(rows[i])))  # fmt: skip
    return cells, class_keys(asked, counts, found)


def _hexagon(centre: tuple[float, float], cell: tuple[float, float]) -> Ring:
    """Return the outline of a hexagon with a corner on top; the cell is its width and height in degrees."""
    (lon, lat), (width, height) = centre, cell
    corners = ((0, 0.5), (0.5, 0.25), (0.5, -0.25), (0, -0.5), (-0.5, -0.25), (-0.5, 0.25))
    return tuple(geo.mercator(lon + x * width, lat + y * height) for x, y in corners)


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
    """Return dots or hexagons; many of one colour become one path."""
    canvas = svg.Canvas(drawn)
    if drawn.data and drawn.data[0].rings:
        return "".join(canvas.outline([d.rings[0] for d in held], f"{color} fill dense")
                       for color, held in _by_color(drawn))  # fmt: skip
    if len(drawn.data) > MANY and len({datum.size for datum in drawn.data}) == 1:
        return "".join(canvas.spots(held, f"{color} dot") for color, held in _by_color(drawn))
    return "".join(canvas.dot(datum, cls="fill dot") for datum in drawn.data)


def _by_color(drawn: Plan) -> list[tuple[str, list[Datum]]]:
    held: dict[str, list[Datum]] = defaultdict(list)
    for datum in drawn.data:
        held[datum.color].append(datum)
    return list(held.items())


def element(drawn: Plan) -> Any:
    """Return dots or hexagons as GeoViews elements in web Mercator."""
    from builder.marks import maps

    return maps.areas(drawn) if drawn.data and drawn.data[0].rings else maps.dots(drawn)


def example() -> Asked:
    """Return some points of the city and one far away."""
    from builder.marks import examples

    return examples.points()
