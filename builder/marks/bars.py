"""Where bars stand and what is written beside them: upright over short names, sideways beside long ones."""

from collections.abc import Sequence
from dataclasses import dataclass

from builder.asked import Asked, all_numbers, is_real
from builder.lettering import text_width, wrap
from builder.parts import Axis, Body, Datum, Label, Room, Tick
from builder.scale import brief_date, number_ticks, writer

MANY = 12
"""Numbers beyond which some of their names may be left out."""
SLOT = {"wide": 28, "narrow": 44}
SIDE = 230
WORDS = 22
"""Pixels over the highest bar for its number."""
ABOVE, BELOW, THIN = 0.32, 0.2, 0.62
"""In the narrow drawing the name stands above the middle of its slot and a thinner bar below it."""


@dataclass(frozen=True)
class Laid:
    """Upright bars in slots 0, 1, 2…, with the range they reach; ``totals`` writes their
    numbers, ``beside`` is how many stand in one slot."""

    asked: Asked
    bars: tuple[Datum, ...]
    groups: list
    names: list[str]
    low: float
    high: float
    share: bool
    totals: bool
    beside: int = 1


def upright(laid: Laid) -> Body:
    """Return bars over their names, with an axis of numbers."""
    asked = laid.asked
    axis = _numbers(laid, 5 if asked.wide else 4)
    left = 14 + max(text_width(tick.label) for tick in axis.ticks)
    slot = (asked.width - left - 12) / max(len(laid.names), 1)
    ticks = name_ticks(asked, laid.groups, laid.names, slot)
    lines = max((tick.label.count("\n") + 1 for tick in ticks), default=1)
    room = Room(width=asked.width, height=320 if asked.wide else 280, top=14, left=round(left),
                bottom=14 + 16 * lines)  # fmt: skip
    labels = _totals(laid, sideways=False)
    if any(text_width(label.text, 12) > slot for label in labels):
        labels = []
    if labels:
        axis = axis.model_copy(update={"high": max(axis.high, _raised(laid, axis, room))})
    x = Axis(low=-0.5, high=max(len(laid.names), 1) - 0.5, ticks=ticks, kind="category")
    return Body(x=x, y=axis, room=room, data=laid.bars, grid="y", zero="y", labels=tuple(labels))


def sideways(laid: Laid) -> Body:
    """Return bars beside their names, or under them in the narrow drawing; numbers replace the axis."""
    asked, names = laid.asked, laid.names
    totals = _totals(laid, sideways=True)
    ticks, left = _side_names(asked, names)
    across = asked.width - left - 12
    axis = _reaching(laid, totals, across) if totals else _numbers(laid, 5 if asked.wide else 3)
    data, labels = tuple(_turned(bar) for bar in laid.bars), totals
    if not asked.wide:
        above = [Label(x=axis.low, y=i - ABOVE, text=wrap(name, across, 1)) for i, name in enumerate(names)]
        labels = [*above, *(label.model_copy(update={"y": label.y + BELOW}) for label in totals)]
        data = tuple(_lowered(bar) for bar in data)
    slot = max(SLOT[asked.layout], 10 * laid.beside + 8)
    room = Room(width=asked.width, height=round(slot * len(names) + (10 if totals else 34)), top=4,
                left=round(left), right=12, bottom=6 if totals else 30)  # fmt: skip
    y = Axis(low=max(len(names), 1) - 0.5, high=-0.5, ticks=ticks, kind="category")
    return Body(x=axis, y=y, room=room, data=data, grid="" if totals else "x", labels=tuple(labels),
                zero="x" if laid.low < 0 else "")  # fmt: skip


def in_steps(asked: Asked, groups: Sequence) -> bool:
    """Tell whether groups follow each other so that some names may be left out: dates, or many numbers."""
    real = [group for group in groups if is_real(group)]
    return bool(asked.grain("x")) or (len(real) > MANY and all_numbers(real))


def name_ticks(asked: Asked, groups: list, names: list[str], slot: float) -> tuple[Tick, ...]:
    """Return the names under their slots: dates in brief and thinned out, others in two lines."""
    if not in_steps(asked, groups):
        return tuple(Tick(at=i, label=wrap(name, slot)) for i, name in enumerate(names))
    grain = asked.grain("x")
    brief = {
        i: brief_date(g, asked.language, grain, first=True)
        for i, g in enumerate(groups)
        if grain and is_real(g)
    }
    widest = max((text_width(brief.get(i, name)) for i, name in enumerate(names)), default=0) + 12
    if grain in ("month", "quarter", "day", "week"):
        widest *= 0.75
    step = max(1, -int(-widest // slot))
    return tuple(
        Tick(
            at=i, label=brief_date(groups[i], asked.language, grain, first=i == 0) if i in brief else names[i]
        )
        for i in range(0, len(names), step)
    )


def _numbers(laid: Laid, about: int) -> Axis:
    ticks = number_ticks(laid.low, laid.high, about, laid.asked.language, share=laid.share)
    return Axis(low=ticks[0].at, high=ticks[-1].at, ticks=ticks)


def _raised(laid: Laid, axis: Axis, room: Room) -> float:
    """Return the top of an axis that leaves room for the number over the highest bar."""
    return axis.low + (laid.high - axis.low) * room.down / max(room.down - WORDS, 1)


def _reaching(laid: Laid, totals: Sequence[Label], across: float) -> Axis:
    """Return an axis without ticks, long enough for the numbers written beside the bars."""
    tail = 1.2 * (max(text_width(label.text, 12) for label in totals) + 10)
    share = max(0.2, 1 - (tail if laid.low >= 0 else 2 * tail) / across)
    length = (laid.high - laid.low) / share or 1.0
    start = laid.low if laid.low >= 0 else laid.low - length * tail / across
    return Axis(low=start, high=start + length)


def _side_names(asked: Asked, names: list[str]) -> tuple[tuple[Tick, ...], float]:
    if not asked.wide:
        return (), 4
    room = min(SIDE, max((text_width(name) for name in names), default=0) + 4)
    ticks = tuple(Tick(at=i, label=wrap(name, room)) for i, name in enumerate(names))
    return ticks, 14 + max((text_width(tick.label) for tick in ticks), default=0)


def _turned(bar: Datum) -> Datum:
    return bar.model_copy(update={"x0": bar.y0, "x": bar.y, "y0": bar.x0, "y": bar.x})


def _lowered(bar: Datum) -> Datum:
    middle = round((bar.y0 + (bar.y or 0)) / 2)
    lowered = {side: middle + BELOW + (getattr(bar, side) - middle) * THIN for side in ("y0", "y")}
    return bar.model_copy(update=lowered)


def _totals(laid: Laid, *, sideways: bool) -> list[Label]:
    """Return the number of every bar or stack, beside its end."""
    if not laid.totals:
        return []
    stacks: dict[int, list[Datum]] = {}
    for bar in laid.bars:
        stacks.setdefault(round((bar.x0 + bar.x) / 2), []).append(bar)
    write = writer((bar.value or 0 for bar in laid.bars), laid.asked.language, laid.asked.unit("y"))
    return [_total(at, stack, write, sideways) for at, stack in stacks.items()]


def _total(at: int, stack: list[Datum], write, sideways: bool) -> Label:
    total = sum(bar.value or 0 for bar in stack)
    ends = [bar.y or 0 for bar in stack]
    end = max(ends) if total >= 0 else min(ends)
    if sideways:
        ahead = total >= 0
        return Label(
            x=end, y=at, text=write(total), dx=6 if ahead else -6, anchor="start" if ahead else "end", size=12
        )
    return Label(x=at, y=end, text=write(total), dy=-10 if total >= 0 else 12, anchor="middle", size=12)
