"""Bars: a number per group, split by colour when asked; horizontal when names are long."""

from typing import Any

from builder.asked import Asked, is_real, plains, sentence
from builder.canvas import Canvas
from builder.describe import measure
from builder.lettering import text_width, wrap
from builder.marks.bars import Laid, in_steps, sideways, upright
from builder.marks.needs import category_or_time
from builder.marks.series import Cells, Series, adds_up, cells, gathered, group_totals, keys, series
from builder.parts import Body, Datum, Plan
from builder.scale import periods, writer
from builder.theme import GREY
from web.i18n import N_, percent

TITLE = N_("Bar chart")
THICK = 0.36
NARROWEST = 34
"""Pixels under which an upright bar has no room for its name."""

needs = category_or_time


def plan(asked: Asked) -> Body:
    """Lay the bars out: order, segments from zero, orientation, and values where they fit."""
    found = gathered(asked, cells(asked))
    groups = _groups(asked)
    split = series(asked, found)
    names = _names(asked, groups)
    bars = _segments(asked, found, groups, names, split)
    reached = [0.0, *(bar.y or 0 for bar in bars)]
    low, high = min(reached), max(reached) or 1.0
    share = mode(asked) == "share"
    bare = share or (mode(asked) == "grouped" and len(split) > 1)
    laid = Laid(asked, tuple(bars), groups, names, low, high, share=share, totals=not bare,
                beside=len(split) if mode(asked) == "grouped" else 1)  # fmt: skip
    body = upright(laid) if _stands(asked, groups, names) else sideways(laid)
    return body.model_copy(update={"legend": keys(split), "measure": _measure(asked)})


def _groups(asked: Asked) -> list:
    """Return the groups in order, with the empty periods between dates."""
    ordered = asked.order("x")
    grain = asked.grain("x")
    real = [group for group in ordered if is_real(group)]
    if not grain or not real or asked.spec.sort != "auto":
        return ordered
    filled = periods(min(real), max(real), grain)
    return [
        *(filled if set(real) <= set(filled) else real),
        *(group for group in ordered if not is_real(group)),
    ]


def _names(asked: Asked, groups: list) -> list[str]:
    if "x_end" not in asked.frame:
        return [asked.group("x", group) for group in groups]
    ends = dict(zip(plains(asked.frame["x"]), plains(asked.frame["x_end"]), strict=True))
    return [f"{asked.group('x', group)}–{asked.group('x', ends[group])}" if is_real(group)
            else asked.group("x", group) for group in groups]  # fmt: skip


def mode(asked: Asked) -> str:
    """Return how colour groups stand: means and the like are never stacked."""
    return asked.spec.stack if adds_up(asked) else "grouped"


def _segments(asked: Asked, found: Cells, groups: list, names: list[str], split: list[Series]) -> list[Datum]:
    write = writer((n for n in found.values() if n is not None), asked.language, asked.unit("y"))
    totals = group_totals(found)
    how = mode(asked)
    bars = []
    for at, (group, name) in enumerate(zip(groups, names, strict=True)):
        up = down = 0.0
        for rank, one in enumerate(split):
            value = found.get((group, one.value))
            if value is None:
                continue
            drawn = value / totals[group] if how == "share" and totals[group] else value
            start = 0.0 if how == "grouped" else (up if drawn >= 0 else down)
            if how != "grouped":
                up, down = (up + drawn, down) if drawn >= 0 else (up, down + drawn)
            bars.append(_bar(asked, at, name, rank, len(split), start, drawn, group, one, value, write, how))
    return bars


def _bar(asked, at, name, rank, of, start, drawn, group, one, value, write, how) -> Datum:
    thick = THICK * (1.15 if of > 1 and how == "grouped" else 1)
    edge, width = (at - thick, 2 * thick / of) if how == "grouped" else (at - thick, 2 * thick)
    left = edge + (rank * width if how == "grouped" else 0)
    text = write(value)
    shown = f"{text} ({percent(drawn, asked.language)})" if how == "share" else text
    special = not one.label and not is_real(group)
    return Datum(
        name=name, series=one.label, x0=left, x=left + width, y0=start, y=start + drawn,
        value=value, text=text, color=GREY if special else one.color, faint=_incomplete(asked, group),
        told=f"{one.label or sentence(measure(asked))}: {shown}",
    )  # fmt: skip


def _incomplete(asked: Asked, group: object) -> bool:
    last = asked.result.incomplete
    return last is not None and hasattr(group, "isoformat") and group.isoformat()[:10] == last[:10]


def _stands(asked: Asked, groups: list, names: list[str]) -> bool:
    ordered = in_steps(asked, groups)
    slot = (asked.width - 70) / max(len(names), 1)
    fits = all(text_width(wrap(name, slot, 9)) <= slot and len(wrap(name, slot).split("\n")) < 3
               and "…" not in wrap(name, slot) for name in names)  # fmt: skip
    return asked.spec.sort == "auto" and (ordered or fits) if ordered else fits and slot >= NARROWEST


def _measure(asked: Asked) -> str:
    told = sentence(measure(asked, axis=True))
    return asked.say("{measure}, share of each group", measure=told) if mode(asked) == "share" else told


def draw(drawn: Plan) -> str:
    """Return the bars as rectangles."""
    canvas = Canvas(drawn)
    return "".join(canvas.box(bar) for bar in drawn.data)


def element(drawn: Plan) -> Any:
    """Return the bars as HoloViews rectangles; their places are numbers, so equal names stay apart."""
    from builder.marks import holo

    return holo.boxes(drawn)


def example() -> Asked:
    """Return bars of three boroughs, one of them gathered."""
    from builder.marks import examples

    return examples.bar()
