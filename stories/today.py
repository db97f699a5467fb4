"""A published chart beside the same chart of today's data: which numbers changed, as values."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Literal

from builder.chart import Drawing
from builder.exports import csv_of
from web.i18n import number
from web.values import Value

Kind = Literal["same", "changed", "new", "gone"]
MOST_ROWS = 500
Group = tuple[str, ...]
Numbers = tuple[str, ...]


class Line(Value):
    """One group: its names, its numbers as published and now (written as readers do), and what became of it."""

    group: Group
    was: Numbers
    now: Numbers
    kind: Kind
    difference: str = ""


class Comparison(Value):
    """All groups, in today's order, those that are gone last."""

    groups: tuple[str, ...]
    numbers: tuple[str, ...]
    lines: tuple[Line, ...]

    def count(self, kind: Kind) -> int:
        return sum(line.kind == kind for line in self.lines)

    @property
    def is_same(self) -> bool:
        return all(line.kind == "same" for line in self.lines)

    @property
    def shown(self) -> tuple[Line, ...]:
        """The lines there is room for, those that differ first when not all fit."""
        if len(self.lines) <= MOST_ROWS:
            return self.lines
        return tuple(sorted(self.lines, key=lambda line: line.kind == "same"))[:MOST_ROWS]


def compare(published: str, today: Drawing) -> Comparison:
    """Compare the CSV kept with a published chart with today's drawing of the same specification."""
    numeric = today.sheet.numeric
    (head, *then), (_, *now) = _rows(published), _rows(csv_of(today, notes=False))
    before, after = _by_group(then, numeric), _by_group(now, numeric)
    lines = [
        _line(key, before.get(key), after.get(key), today.language) for key in [*after, *_gone(before, after)]
    ]
    return Comparison(
        groups=_pick(head, numeric, wanted=False),
        numbers=_pick(head, numeric, wanted=True),
        lines=tuple(lines),
    )


def _rows(text: str) -> list[list[str]]:
    """Return header and rows of a CSV without the notes above them."""
    lines = text.splitlines(keepends=True)
    notes = next((at for at, line in enumerate(lines) if not line.startswith("#")), 0)
    return list(csv.reader(io.StringIO("".join(lines[notes:]))))


def _pick(row: Sequence[str], numeric: Sequence[bool], *, wanted: bool) -> tuple[str, ...]:
    return tuple(cell for cell, is_number in zip(row, numeric, strict=False) if is_number is wanted)


def _by_group(rows: list[list[str]], numeric: Sequence[bool]) -> dict[tuple[Group, int], Numbers]:
    """Return numbers by group; a group met again is told apart by its turn."""
    found: dict[tuple[Group, int], Numbers] = {}
    turns: dict[Group, int] = {}
    for row in rows:
        group = _pick(row, numeric, wanted=False)
        turns[group] = turns.get(group, -1) + 1
        found[group, turns[group]] = _pick(row, numeric, wanted=True)
    return found


def _gone(
    before: Mapping[tuple[Group, int], Numbers], after: Mapping[tuple[Group, int], Numbers]
) -> list[tuple[Group, int]]:
    return [key for key in before if key not in after]


def _line(key: tuple[Group, int], was: Numbers | None, now: Numbers | None, language: str) -> Line:
    kind: Kind = "new" if was is None else "gone" if now is None else "same" if was == now else "changed"
    return Line(
        group=key[0],
        was=tuple(_said(value, language) for value in was or ()),
        now=tuple(_said(value, language) for value in now or ()),
        kind=kind,
        difference=_difference(was, now, language) if was and now and kind == "changed" else "",
    )


def _difference(was: Numbers, now: Numbers, language: str) -> str:
    """Return how much the last number, the one drawn, grew; empty when one of the two is missing."""
    try:
        grown = float(now[-1]) - float(was[-1])
    except ValueError:
        return ""
    return ("+" if grown > 0 else "") + number(round(grown, 6), language)


def _said(value: str, language: str) -> str:
    try:
        return number(float(value), language)
    except ValueError:
        return value or "–"
