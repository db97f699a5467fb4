"""Rows on a map as dots, as circles that gather near ones, or as the engine's hexagons."""

from collections import defaultdict
from collections.abc import Sequence
from functools import cache, partial
from itertools import groupby

from builder import geo
from builder.asked import Asked, is_missing, plains, sentence
from builder.marks.classes import class_keys, classes
from builder.marks.series import keys, series
from builder.parts import Datum, Key, Ring
from builder.scale import writer
from builder.theme import GREY, NONE
from web.i18n import number

PLAIN = 1500
"""Rows up to which each one is a dot of its own."""
NEAR = {"wide": 22, "narrow": 18}
DOT = {"wide": 3.2, "narrow": 2.6}
LARGEST = {"wide": 12, "narrow": 9}
SMALLEST = 1.6
SPOT = 4
Points = Sequence[tuple[float, float]]
Drawn = tuple[list[Datum], tuple[Key, ...]]


def drawn(asked: Asked, metres: Points, shown: list[int], scale: float) -> Drawn:
    """Return the data and legend of the rows ``shown``; ``scale`` is metres in a pixel."""
    if asked.result.binned:
        return _hexagons(asked, shown)
    tokens, told, legend = _colours(asked, shown)
    if len(shown) <= PLAIN:
        return _dots(asked, metres, shown, tokens, told), legend
    if asked.spec.color:
        return _thinned(asked, metres, shown, tokens, told, scale), legend
    return _gathered(asked, metres, shown, scale), ()


def _colours(asked: Asked, shown: list[int]) -> tuple[list[str], list[str], tuple[Key, ...]]:
    """Return the colour and the words of each row, and the legend."""
    if asked.spec.color is None or "color" not in asked.frame:
        return ["c1"] * len(asked.frame), [""] * len(asked.frame), ()
    values = plains(asked.frame["color"])
    column = asked.column("color")
    if column and column.role == "measure":
        return _classed(asked, values, shown, column.unit)
    groups = series(asked, {(None, values[i]): 1.0 for i in shown})
    named = {one.value: one for one in groups}
    tokens = [named[v].color if v in named else GREY for v in values]
    return tokens, [named[v].label if v in named else "" for v in values], keys(groups)


def _classed(
    asked: Asked, values: list, shown: list[int], unit: str
) -> tuple[list[str], list[str], tuple[Key, ...]]:
    known = [values[i] for i in shown if values[i] is not None]
    found = classes(known)
    write = writer(known, asked.language, unit)
    legend = class_keys(asked, known, found)
    if len(known) < len(shown):
        legend += (Key(color=NONE, label=asked.say("no data")),)
    told = [asked.say("no data") if v is None else write(v) for v in values]
    return [found.token(v) for v in values], told, legend


def _dots(asked: Asked, metres: Points, shown: list[int], tokens: list[str], told: list[str]) -> list[Datum]:
    """Return a dot per row, the largest first so that none hides another."""
    names, radii, sizes = _names(asked), _radii(asked), _told(asked, "size")
    title = sentence(asked.label("color"))
    dots = []
    for i in shown:
        words = [f"{title}: {told[i]}" if told[i] else "", sizes[i]]
        dots.append(
            _dot(asked, metres[i], names[i], " · ".join(filter(None, words)), tokens[i], radii[i], 1, told[i])
        )
    return sorted(dots, key=lambda dot: -dot.size)


def _dot(
    asked: Asked, at, name: str, told: str, color: str, radius: float, rows: int, group: str = ""
) -> Datum:
    return Datum(name=name, told=told, x=at[0], y=at[1], color=color, size=radius, value=rows,
                 text=number(rows, asked.language), series=group)  # fmt: skip


def _names(asked: Asked) -> list[str]:
    """Return what each row is called: the words of its own column, or just a row."""
    row = asked.say("1 row")
    if "label" not in asked.frame:
        return [row] * len(asked.frame)
    return [row if is_missing(label) else str(label) for label in plains(asked.frame["label"])]


def _radii(asked: Asked) -> list[float]:
    """Return the radius of each row's dot: its area is the number of the size channel."""
    if asked.spec.size is None or "size" not in asked.frame:
        return [DOT[asked.layout]] * len(asked.frame)
    sizes = [max(size or 0, 0) for size in plains(asked.frame["size"])]
    most = max(sizes, default=0) or 1
    return [max(SMALLEST, LARGEST[asked.layout] * (size / most) ** 0.5) if size else 0.0 for size in sizes]


def _told(asked: Asked, channel: str) -> list[str]:
    if getattr(asked.spec, channel) is None or channel not in asked.frame:
        return [""] * len(asked.frame)
    title, values = sentence(asked.label(channel)), plains(asked.frame[channel])
    return [f"{title}: {asked.say('no data') if v is None else number(v, asked.language)}" for v in values]


def _thinned(asked: Asked, metres: Points, shown: list[int], tokens, told, scale: float) -> list[Datum]:
    """Return one dot for the rows of one colour on the same spot; it tells how many they are."""
    title, size = sentence(asked.label("color")), SPOT * scale

    def spot(i: int) -> tuple:
        return tokens[i], told[i], int(metres[i][0] // size), int(metres[i][1] // size)

    name = cache(partial(asked.say.plural, "{n} row here", "{n} rows here"))
    dots = []
    for (color, group, _, _), held in groupby(sorted(shown, key=spot), key=spot):
        rows = list(held)
        at = metres[rows[0]]
        dots.append(
            _dot(asked, at, name(len(rows)), f"{title}: {group}", color, DOT[asked.layout], len(rows), group)
        )
    return dots


def _gathered(asked: Asked, metres: Points, shown: list[int], scale: float) -> list[Datum]:
    """Gather rows within a few pixels into one circle whose area is their number."""
    size = NEAR[asked.layout] * scale
    near: dict[tuple[int, int], list[tuple[float, float]]] = defaultdict(list)
    for i in shown:
        near[int(metres[i][0] // size), int(metres[i][1] // size)].append(metres[i])
    most = max(len(points) for points in near.values())
    return [_circle(asked, points, most) for points in sorted(near.values(), key=len, reverse=True)]


def _circle(asked: Asked, points: Points, most: int) -> Datum:
    rows = len(points)
    middle = (sum(x for x, _ in points) / rows, sum(y for _, y in points) / rows)
    name = asked.say.plural("{n} row here", "{n} rows here", rows)
    radius = max(SMALLEST, LARGEST[asked.layout] * (rows / most) ** 0.5)
    return _dot(asked, middle, name, asked.say("near here"), "c1", radius, rows)


def _hexagons(asked: Asked, shown: list[int]) -> Drawn:
    """Colour each hexagon of the engine's grid by its rows."""
    frame = asked.frame
    degrees = list(zip(plains(frame["longitude"]), plains(frame["latitude"]), strict=True))
    rows = plains(frame["y"])
    counts = [rows[i] for i in shown]
    found = classes(counts)
    cells = []
    for i in shown:
        name = asked.say.plural("{n} row here", "{n} rows here", rows[i])
        (x, y), ring = geo.mercator(*degrees[i]), hexagon(degrees[i], asked.result.cell or (0.01, 0.01))
        cells.append(Datum(name=name, told=asked.say("in this cell"), x=x, y=y, rings=(ring,), value=rows[i],
                           text=number(rows[i], asked.language), color=found.token(rows[i])))  # fmt: skip
    return cells, class_keys(asked, counts, found)


def hexagon(centre: tuple[float, float], cell: tuple[float, float]) -> Ring:
    """Return the outline in metres of a hexagon with a corner on top; the cell is its size in degrees."""
    (lon, lat), (width, height) = centre, cell
    corners = ((0, 0.5), (0.5, 0.25), (0.5, -0.25), (0, -0.5), (-0.5, -0.25), (-0.5, 0.25))
    return tuple(geo.mercator(lon + x * width, lat + y * height) for x, y in corners)
