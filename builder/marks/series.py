"""The colour groups of a chart: at most seven with a colour, the rest gathered or grey, each named."""

from dataclasses import dataclass

from builder.asked import ADDS_UP, Asked, is_missing, is_real, plains
from builder.parts import Key
from builder.result import OTHERS
from builder.theme import CATEGORIES, GREY

Cells = dict[tuple[object, object], float | None]


@dataclass(frozen=True)
class Series:
    """One colour group: its value in the frame, its name and its colour token."""

    value: object
    label: str
    color: str


def cells(asked: Asked, across: str = "x", value: str = "y") -> Cells:
    """Return the number of each (group, colour group) of the frame; None where nothing was measured."""
    frame = asked.frame
    colors = plains(frame["color"]) if "color" in frame and value != "color" else [None] * len(frame)
    numbers = plains(frame[value])
    return dict(zip(zip(plains(frame[across]), colors, strict=True), numbers, strict=True))


def gathered(asked: Asked, found: Cells) -> Cells:
    """Add the last colour groups beyond seven into "others" where the numbers may be added."""
    if asked.spec.color is None or "color" not in asked.frame or not adds_up(asked):
        return found
    extra = set([group for group in asked.order("color") if is_real(group)][len(CATEGORIES) :])
    added: Cells = {}
    for (group, color), number in found.items():
        key = (group, OTHERS if color in extra else color)
        before = added.get(key)
        added[key] = before if number is None else (before or 0) + number
    return added


def adds_up(asked: Asked, channel: str = "y") -> bool:
    """Tell whether the numbers of the groups may be added."""
    encoding = getattr(asked.spec, channel)
    if encoding is not None and encoding.view not in (None, "share", "running"):
        return False
    return encoding is None or encoding.aggregate is None or encoding.aggregate in ADDS_UP


def group_totals(found: Cells) -> dict:
    """Return the sum of every group of the axis."""
    totals: dict = {}
    for (group, _), number in found.items():
        totals[group] = totals.get(group, 0) + (number or 0)
    return totals


def series(asked: Asked, found: Cells) -> list[Series]:
    """Return the colour groups in drawing order; without a colour channel one nameless group."""
    if asked.spec.color is None or "color" not in asked.frame:
        return [Series(None, "", CATEGORIES[0])]
    free = iter(CATEGORIES)
    drawn = {color for _, color in found}
    ordered = [group for group in (*asked.order("color"), OTHERS) if group in drawn]
    ordered = sorted(dict.fromkeys(ordered), key=lambda group: 0 if is_real(group) else 1 + is_missing(group))
    return [Series(value, asked.group("color", value), token(value, free)) for value in ordered]


def token(value: object, free) -> str:
    """Return the next free colour, or grey for others, missing and what comes after seven."""
    return next(free, GREY) if is_real(value) else GREY


def keys(found: list[Series]) -> tuple[Key, ...]:
    """Return the legend of named groups."""
    return tuple(Key(color=one.color, label=one.label) for one in found if one.label)
