"""A treemap: parts of a whole as areas, one level or two."""

from typing import Any

import squarify

from builder.asked import Asked, is_real, plains, sentence, some
from builder.canvas import Canvas
from builder.describe import measure
from builder.lettering import text_width, wrap
from builder.marks.needs import category_or_time as needs
from builder.parts import Axis, Body, Datum, Key, Label, Plan, Room
from builder.scale import writer
from builder.theme import CATEGORIES, GREY
from web.i18n import N_, percent

__all__ = ["TITLE", "draw", "element", "example", "needs", "plan"]

TITLE = N_("Treemap")
HEIGHT = {"wide": 400, "narrow": 380}
NAMED = 12
SHRINKS = 0.8
"""On a small phone the touched drawing is smaller, its words are not."""


def plan(asked: Asked) -> Body:
    """Cut the drawing into areas as large as their numbers; those of zero or less are said."""
    sizes, parents = _sizes(asked)
    width, height = asked.width, HEIGHT[asked.layout]
    total = sum(sum(held.values()) for held in sizes.values())
    write = writer((v for held in sizes.values() for v in held.values()), asked.language, asked.unit("size"))
    data = []
    for parent, box in _boxes({p: sum(held.values()) for p, held in sizes.items()}, (0, 0, width, height)):
        for group, cell in _boxes(sizes[parent], box):
            value = sizes[parent][group]
            data.append(_cell(asked, group, parents[parent], value, value / total, cell, write))
    room = Room(width=width, height=height, top=0, right=0, bottom=0, left=0)
    scale = 1 if asked.wide else SHRINKS
    named = {datum: _labels(datum, scale) for datum in data}
    labels = tuple(label for held in named.values() for label in held)
    legend = [Key(color=color, label=label) for color, label in parents.values() if label]
    small = [datum for datum, held in named.items() if not held]
    return Body(x=Axis(low=0, high=width, kind="hidden"), y=Axis(low=height, high=0, kind="hidden"), room=room,
                data=tuple(data), labels=labels, legend=tuple(legend), measure=sentence(measure(asked, "size", axis=True)),
                notes=(*_notes(asked), *_unnamed(asked, small)))  # fmt: skip


def _sizes(asked: Asked) -> tuple[dict, dict]:
    """Return the numbers by parent and group, and each parent's colour and name."""
    frame = asked.frame
    parents = asked.order("color") if "color" in frame else [None]
    free = iter(CATEGORIES)
    named = {p: (next(free, GREY) if is_real(p) else GREY, asked.group("color", p)) for p in parents}
    if "color" not in frame:
        named = {None: (CATEGORIES[0], "")}
    sizes: dict = {parent: {} for parent in named}
    colors = plains(frame["color"]) if "color" in frame else [None] * len(frame)
    for group, parent, value in zip(plains(frame["x"]), colors, plains(frame["size"]), strict=True):
        if value is not None and value > 0:
            sizes[parent][group] = value
    return {parent: held for parent, held in sizes.items() if held}, named


def _boxes(sizes: dict, box: tuple[float, float, float, float]) -> list[tuple]:
    """Return each name with its rectangle (x, y, width, height), the largest first, grey ones last."""
    x, y, width, height = box
    ordered = sorted(sizes, key=lambda name: (-1 if is_real(name) else 1, -sizes[name]))
    areas = squarify.normalize_sizes([sizes[name] for name in ordered], width, height)
    rects = squarify.squarify(areas, x, y, width, height)
    return [(name, (r["x"], r["y"], r["dx"], r["dy"])) for name, r in zip(ordered, rects, strict=True)]


def _cell(asked: Asked, group, parent: tuple[str, str], value: float, share: float, box, write) -> Datum:
    color, label = parent
    x, y, width, height = box
    text = write(value)
    part = percent(share, asked.language)
    told = f"{label}: " if label else ""
    return Datum(name=asked.group("x", group), series=label, x0=x, x=x + width, y0=y, y=y + height, value=value,
                 text=text, told=f"{told}{text} ({part})", color=color if is_real(group) else GREY)  # fmt: skip


def _labels(datum: Datum, scale: float) -> list[Label]:
    """Return the name and the number where the area holds them, even shown at this scale."""
    width, height = scale * (datum.x - datum.x0) - 14, scale * ((datum.y or 0) - datum.y0) - 10
    name = wrap(datum.name, width, 2 if height > 50 else 1)
    lines = name.count("\n") + 1
    if "…" in name or text_width(name) > width or lines * 16 > height:
        return []
    tone = "inverse" if datum.color in ("c1", "c2", "c3", "c4") else "ink"
    middle = datum.y0 + 14 + (lines - 1) * 8
    labels = [Label(x=datum.x0, y=middle, dx=8, text=name, tone=tone)]
    if height >= 16 * (lines + 1) and text_width(datum.text, 12) <= width:
        labels.append(Label(x=datum.x0, y=middle + 9 + lines * 8, dx=8, text=datum.text, tone=tone, size=12))
    return labels


def _unnamed(asked: Asked, small: list[Datum]) -> tuple[str, ...]:
    """Return the sentence that names what the drawing has no room to name."""
    if not small:
        return ()
    told = [f"{d.series}: {d.name} ({d.text})" if d.series else f"{d.name} ({d.text})" for d in small]
    return (asked.say("Too small to be named: {list}.", list=some(told, NAMED, asked.say)),)


def _notes(asked: Asked) -> tuple[str, ...]:
    left = sum(1 for value in plains(asked.frame["size"]) if value is None or value <= 0)
    if not left:
        return ()
    say = asked.say.plural
    return (
        say("{n} group of zero or less is not drawn.", "{n} groups of zero or less are not drawn.", left),
    )


def draw(drawn: Plan) -> str:
    """Return the areas."""
    canvas = Canvas(drawn)
    return "".join(canvas.box(cell, "cell") for cell in drawn.data)


def element(drawn: Plan) -> Any:
    """Return the areas as HoloViews rectangles."""
    from builder.marks import holo

    return holo.boxes(drawn, outline=True)


def example() -> Asked:
    """Return metro lines by trips, the smallest gathered."""
    from builder.marks import examples

    return examples.treemap()
