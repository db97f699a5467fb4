"""Bars: a number per group, split by colour when asked; horizontal when names are long."""

from collections.abc import Sequence
from typing import Any

from builder import svg
from builder.asked import Asked, all_numbers, is_real, plains, sentence
from builder.describe import measure
from builder.lettering import text_width, wrap
from builder.marks.needs import category_or_time
from builder.marks.series import Cells, Series, adds_up, cells, gathered, group_totals, keys, series
from builder.parts import Axis, Body, Datum, Label, Plan, Room, Tick
from builder.scale import brief_date, number_ticks, periods, writer
from builder.theme import GREY
from web.i18n import N_, percent

TITLE = N_("Bar chart")
SLOT, NARROW_SLOT, THICK = 28, 44, 0.36
GROUPED = 12

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
    if _upright(asked, groups, names):
        return _vertical(asked, bars, names, split, low, high)
    return _horizontal(asked, bars, names, split, low, high)


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
    write = writer((n for n in found.values() if n is not None), asked.language, _unit(asked))
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


def _unit(asked: Asked) -> str:
    column = asked.column("y")
    return column.unit if column and asked.spec.y and asked.spec.y.aggregate != "distinct" else ""


def _incomplete(asked: Asked, group: object) -> bool:
    last = asked.result.incomplete
    return last is not None and hasattr(group, "isoformat") and group.isoformat()[:10] == last[:10]


def _upright(asked: Asked, groups: Sequence, names: list[str]) -> bool:
    ordered = in_steps(asked, groups)
    slot = (asked.width - 70) / max(len(names), 1)
    fits = all(text_width(wrap(name, slot, 9)) <= slot and len(wrap(name, slot).split("\n")) < 3
               and "…" not in wrap(name, slot) for name in names)  # fmt: skip
    return asked.spec.sort == "auto" and (ordered or fits) if ordered else fits and slot >= 34


def in_steps(asked: Asked, groups: Sequence) -> bool:
    """Tell whether groups follow each other so that some names may be left out: dates, or many numbers."""
    real = [group for group in groups if is_real(group)]
    return bool(asked.grain("x")) or (len(real) > GROUPED and all_numbers(real))


def _value_axis(asked: Asked, low: float, high: float, about: int) -> Axis:
    ticks = number_ticks(low, high, about, asked.language, share=mode(asked) == "share")
    return Axis(low=ticks[0].at, high=ticks[-1].at, ticks=ticks)


def _vertical(asked, bars, names, split, low, high) -> Body:
    axis = _value_axis(asked, low, high, 5 if asked.wide else 4)
    left = 14 + max(text_width(tick.label) for tick in axis.ticks)
    slot = (asked.width - left - 12) / max(len(names), 1)
    ticks = name_ticks(asked, _groups(asked), names, slot)
    lines = max((tick.label.count("\n") + 1 for tick in ticks), default=1)
    room = Room(width=asked.width, height=320 if asked.wide else 280, top=20, left=round(left),
                bottom=14 + 16 * lines)  # fmt: skip
    x = Axis(low=-0.5, high=len(names) - 0.5, ticks=ticks, kind="category")
    labels = [label for label in _totals(asked, bars, split, False) if text_width(label.text, 12) <= slot]
    every = len({round((bar.x0 + bar.x) / 2) for bar in bars})
    return Body(x=x, y=axis, room=room, data=tuple(bars), legend=keys(split), grid="y", zero="y",
                labels=tuple(labels) if len(labels) == every else (), measure=_measure(asked))  # fmt: skip


def name_ticks(asked: Asked, groups: list, names: list[str], slot: float) -> tuple[Tick, ...]:
    """Return the names under their slots: dates in brief and thinned out, others in two lines."""
    grain = asked.grain("x")
    if not in_steps(asked, groups):
        return tuple(Tick(at=i, label=wrap(name, slot)) for i, name in enumerate(names))
    dates = [i for i, group in enumerate(groups) if grain and is_real(group)]
    brief = {i: brief_date(groups[i], asked.language, grain, first=True) for i in dates}
    widest = max((text_width(brief.get(i, name)) for i, name in enumerate(names)), default=0) + 12
    if grain in ("month", "quarter", "day", "week"):
        widest = 0.75 * widest
    step = max(1, -int(-widest // slot))
    kept = range(0, len(names), step)
    return tuple(
        Tick(
            at=i, label=brief_date(groups[i], asked.language, grain, first=i == 0) if i in brief else names[i]
        )
        for i in kept
    )


def _horizontal(asked, bars, names, split, low, high) -> Body:
    turned = tuple(
        bar.model_copy(update={"x0": bar.y0, "x": bar.y, "y0": bar.x0, "y": bar.x}) for bar in bars
    )
    totals = labels = _totals(asked, bars, split, True)
    axis = _value_axis(asked, low, high, 5 if asked.wide else 3)
    tail = max((text_width(label.text, 12) for label in labels), default=0) + 10
    slot = SLOT if asked.wide else NARROW_SLOT
    slot = max(slot, 10 * len(split) + 8) if mode(asked) == "grouped" and len(split) > 1 else slot
    ticks, left = _side_names(asked, names)
    if not asked.wide:
        labels += [Label(x=axis.low, y=i, text=_above(name), dy=-15) for i, name in enumerate(names)]
        turned = tuple(_lowered(bar) for bar in turned)
        labels = [_beside(label) for label in labels]
    if totals:
        axis = _reach(axis, low, high, asked.width - left - 12, 1.2 * tail)
    room = Room(width=asked.width, height=round(slot * len(names) + (10 if totals else 34)), top=4, left=round(left),
                right=12, bottom=6 if totals else 30)  # fmt: skip
    y = Axis(low=len(names) - 0.5, high=-0.5, ticks=ticks, kind="category")
    return Body(x=axis, y=y, room=room, data=turned, legend=keys(split), grid="" if totals else "x", labels=tuple(labels),
                zero="x" if low < 0 else "", measure=_measure(asked))  # fmt: skip


def _side_names(asked: Asked, names: list[str]) -> tuple[tuple[Tick, ...], float]:
    if not asked.wide:
        return (), 4
    room = min(230.0, max(text_width(name) for name in names) + 4) if names else 4
    ticks = tuple(Tick(at=i, label=wrap(name, room)) for i, name in enumerate(names))
    return ticks, 14 + max((text_width(tick.label) for tick in ticks), default=0)


def _above(name: str) -> str:
    return wrap(name, 316, 1)


def _lowered(bar: Datum) -> Datum:
    middle = round((bar.y0 + (bar.y or 0)) / 2)
    return bar.model_copy(
        update={side: middle + 0.2 + (getattr(bar, side) - middle) * 0.62 for side in ("y0", "y")}
    )


def _beside(label: Label) -> Label:
    return label if label.dy else label.model_copy(update={"y": label.y + 0.2})


def _reach(axis: Axis, low: float, high: float, across: float, tail: float) -> Axis:
    """Return an axis without ticks, long enough for the values written beside the bars."""
    share = max(0.2, 1 - (tail if low >= 0 else 2 * tail) / across)
    length = (high - low) / share or 1.0
    start = low if low >= 0 else low - length * tail / across
    return Axis(low=start, high=start + length)


def _totals(asked, bars, split, sideways) -> list[Label]:
    """Return the value of every bar, or of every stack, beside its end."""
    if mode(asked) == "share" or (mode(asked) == "grouped" and len(split) > 1):
        return []
    sums: dict[int, list[Datum]] = {}
    for bar in bars:
        sums.setdefault(round((bar.x0 + bar.x) / 2), []).append(bar)
    write = writer((bar.value or 0 for bar in bars), asked.language, _unit(asked))
    return [_total(at, stack, write, sideways) for at, stack in sums.items()]


def _total(at, stack, write, sideways) -> Label:
    total = sum(bar.value for bar in stack)
    end = max(bar.y for bar in stack) if total >= 0 else min(bar.y for bar in stack)
    text = write(total)
    if sideways:
        ahead = total >= 0
        return Label(
            x=end, y=at, text=text, dx=6 if ahead else -6, anchor="start" if ahead else "end", size=12
        )
    return Label(x=at, y=end, text=text, dy=-10 if total >= 0 else 12, anchor="middle", size=12)


def _measure(asked: Asked) -> str:
    told = sentence(measure(asked, axis=True))
    return asked.say("{measure}, share of each group", measure=told) if mode(asked) == "share" else told


def draw(drawn: Plan) -> str:
    """Return the bars as rectangles."""
    canvas = svg.Canvas(drawn)
    return "".join(canvas.box(bar) for bar in drawn.data)


def element(drawn: Plan) -> Any:
    """Return the bars as HoloViews rectangles; their places are numbers, so equal names stay apart."""
    from builder.marks import holo

    return holo.boxes(drawn)


def example() -> Asked:
    """Return bars of three boroughs, one of them gathered."""
    from builder.marks import examples

    return examples.bar()
