"""A scatter: two numbers of each row, or the rows counted into cells when they are many."""

from typing import Any

from builder.asked import Asked, is_missing, plains, sentence
from builder.canvas import Canvas
from builder.lettering import text_width
from builder.marks.classes import class_keys, classes
from builder.marks.needs import two_numbers as needs
from builder.marks.series import Series, keys, series
from builder.parts import Axis, Body, Datum, Key, Plan, Room
from builder.scale import number_ticks, writer
from web.i18n import N_, number

__all__ = ["TITLE", "draw", "element", "example", "needs", "plan"]

TITLE = N_("Scatter plot")
DOT = {"wide": 3.6, "narrow": 3.0}
LARGEST = {"wide": 22, "narrow": 15}


def plan(asked: Asked) -> Body:
    """Lay both numbers on their axes; a third one is the area of the dot."""
    xs, ys = plains(asked.frame["x"]), plains(asked.frame["y"])
    data, legend = _cells(asked, xs, ys) if asked.result.binned else _dots(asked, xs, ys)
    x = _axis(asked, "x", [*(d.x0 for d in data), *xs] if asked.result.binned else xs, 7 if asked.wide else 4)
    y = _axis(asked, "y", [*(d.y0 for d in data), *ys] if asked.result.binned else ys, 5)
    left = 14 + max(text_width(tick.label) for tick in y.ticks)
    room = Room(
        width=asked.width, height=400 if asked.wide else 320, top=14, left=round(left), right=22, bottom=46
    )
    say = asked.say
    told = say.plural("{n} row.", "{n} rows.", asked.result.counted)
    return Body(x=x, y=y.model_copy(update={"title": ""}), room=room, data=tuple(data), legend=legend, grid="xy",
                measure=say("Vertical: {axis}", axis=y.title), told=told)  # fmt: skip


def _title(asked: Asked, channel: str) -> str:
    column = asked.column(channel)
    unit = f" ({column.unit})" if column and column.unit else ""
    return sentence(asked.label(channel)) + unit


def _axis(asked: Asked, channel: str, values: list, about: int) -> Axis:
    known = [value for value in values if value is not None]
    ticks = number_ticks(min(known, default=0), max(known, default=1), about, asked.language)
    return Axis(title=_title(asked, channel), low=ticks[0].at, high=ticks[-1].at, ticks=ticks)


def _dots(asked: Asked, xs: list, ys: list) -> tuple[list[Datum], tuple[Key, ...]]:
    frame = asked.frame
    colors = plains(frame["color"]) if "color" in frame else [None] * len(xs)
    groups = series(asked, {(None, color): 1.0 for color in colors})
    named = {one.value: one for one in groups}
    sizes = plains(frame["size"]) if "size" in frame else [None] * len(xs)
    most = max((size for size in sizes if size), default=1)
    names = plains(frame["label"]) if "label" in frame else [None] * len(xs)
    dots = [
        _dot(asked, x, y, named.get(color, groups[0]), name, _radius(asked, size, most))
        for x, y, color, size, name in zip(xs, ys, colors, sizes, names, strict=True)
    ]
    return sorted(dots, key=lambda dot: -dot.size), keys(groups)


def _radius(asked: Asked, size: float | None, most: float) -> float:
    if "size" not in asked.frame or asked.spec.size is None:
        return DOT[asked.layout]
    return 0.0 if not size or size < 0 else max(1.5, LARGEST[asked.layout] * (size / most) ** 0.5)


def _dot(asked: Asked, x: float, y: float, one: Series, name, radius: float) -> Datum:
    words = [f"{sentence(asked.label(c))}: {number(v, asked.language)}" for c, v in (("x", x), ("y", y))]
    told = " · ".join([*([one.label] if one.label else []), *words])
    return Datum(name="" if is_missing(name) else str(name), series=one.label, x=x, y=y, value=y,
                 text=number(y, asked.language), color=one.color, size=radius, told=told)  # fmt: skip


def _cells(asked: Asked, xs: list, ys: list) -> tuple[list[Datum], tuple[Key, ...]]:
    counts = plains(asked.frame["size"])
    found = classes(counts)
    width, height = asked.result.cell or (1.0, 1.0)
    write = writer(counts, asked.language)
    cells = []
    for x, y, n in zip(xs, ys, counts, strict=True):
        name = asked.say.plural("{n} row here", "{n} rows here", n)
        near = " · ".join(number(round(v, 6), asked.language) for v in (x, y))
        cells.append(Datum(name=name, told=asked.say("near {place}", place=near), x0=x - width / 2, x=x + width / 2,
                           y0=y - height / 2, y=y + height / 2, value=n, text=write(n), color=found.token(n)))  # fmt: skip
    return cells, class_keys(asked, counts, found)


def draw(drawn: Plan) -> str:
    """Return dots, or cells when the rows were counted into them."""
    canvas = Canvas(drawn)
    if any(datum.size for datum in drawn.data):
        return "".join(canvas.dot(datum, cls="fill dot") for datum in drawn.data)
    return "".join(canvas.box(datum) for datum in drawn.data)


def element(drawn: Plan) -> Any:
    """Return dots through hvPlot, or cells as rectangles."""
    from builder.marks import holo

    return holo.dots(drawn) if any(datum.size for datum in drawn.data) else holo.boxes(drawn)


def example() -> Asked:
    """Return forty rows of two groups."""
    from builder.marks import examples

    return examples.scatter()
