"""What a chart's result says of its groups: the numbers a sentence may quote."""

import unicodedata
from dataclasses import dataclass
from functools import cached_property

from builder.asked import ADDS_UP, is_real, plains
from builder.chart import Drawing
from builder.describe import measured
from web.i18n import number, percent
from web.values import Refused


@dataclass(frozen=True)
class Answer:
    """A number or a name, as text and as what it is compared by."""

    text: str
    compared: float | str


@dataclass(frozen=True)
class Row:
    """One group of the chart: the names it goes by, its number, and whether it is the data's own."""

    names: tuple[str, ...]
    value: float
    real: bool


class Answers:
    """Answers from one chart; names are met without regard to case and accents."""

    def __init__(self, drawing: Drawing, language: str):
        self.drawing, self.language = drawing, language

    def value(self, name: str) -> Answer:
        """Return the number of a group: ``Iztapalapa``, or ``2021 / Línea 1`` where two groupings cross."""
        return self.number(self._value(name))

    def share(self, name: str) -> Answer:
        """Return the part of the total that a group has."""
        share = self._value(name) / self._total
        return Answer(percent(share, self.language), share)

    def rank(self, name: str) -> Answer:
        """Return the place of a group, the highest being 1; equal numbers share a place."""
        value = self._value(name)
        return self.number(1 + sum(row.value > value for row in self._real))

    def change(self, before: str, after: str) -> Answer:
        """Return the change between two groups as a part of the first."""
        change = self._value(after) / self._divisor(before) - 1
        return Answer(percent(change, self.language), change)

    def ratio(self, name: str, other: str) -> Answer:
        """Return how many times another group's number a group has."""
        ratio = self._value(name) / self._divisor(other)
        return Answer(number(ratio, self.language, 1), ratio)

    def total(self) -> Answer:
        """Return the sum of all groups."""
        return self.number(self._total)

    def groups(self) -> Answer:
        """Return how many groups there are."""
        return self.number(len(self._real))

    def first(self) -> Answer:
        """Return the name of the group the chart draws first."""
        return self._named(self._real[0])

    def last(self) -> Answer:
        """Return the name of the group the chart draws last."""
        return self._named(self._real[-1])

    def highest(self) -> Answer:
        """Return the name of the group with the highest number."""
        return self._extreme(max(row.value for row in self._real))

    def lowest(self) -> Answer:
        """Return the name of the group with the lowest number."""
        return self._extreme(min(row.value for row in self._real))

    def number(self, value: float) -> Answer:
        """Return a number as its readers write it."""
        return Answer(number(value, self.language), value)

    def group(self, name: str) -> Answer:
        """Return the name of a group as the chart writes it."""
        found = self._find(name)
        return self._named(found[0])

    def _extreme(self, value: float) -> Answer:
        found = [row for row in self._real if row.value == value]
        if len(found) != 1:
            raise Refused("story_mark_tied", n=len(found))
        return self._named(found[0])

    def _named(self, row: Row) -> Answer:
        text = " / ".join(row.names)
        return Answer(text, text)

    def _value(self, name: str) -> float:
        found = self._find(name)
        if len(found) > 1:
            self._refuse_unless_addable()
        return sum(row.value for row in found)

    def _divisor(self, name: str) -> float:
        value = self._value(name)
        if value == 0:
            raise Refused("story_mark_zero", group=name.strip())
        return value

    def _find(self, name: str) -> list[Row]:
        wanted = [plain(part) for part in name.split(" / ")]
        found = [row for row in self._rows if set(wanted) <= {plain(known) for known in row.names}]
        if not found:
            raise Refused("story_mark_no_group", group=name.strip(), title=self.drawing.wide.title)
        return found

    @cached_property
    def _rows(self) -> list[Row]:
        asked = self.drawing.asked
        channel = measured(asked)
        names = [name for name in asked.frame if name != channel and name in asked.spec.channels()]
        if channel not in asked.frame or not names:
            raise Refused("story_mark_no_chart")
        groups = [plains(asked.frame[name]) for name in names]
        rows = []
        for value, *group in zip(plains(asked.frame[channel]), *groups, strict=True):
            if isinstance(value, int | float):
                words = tuple(asked.group(name, one) for name, one in zip(names, group, strict=True))
                rows.append(Row(words, value, all(is_real(one) for one in group)))
        return rows

    @property
    def _real(self) -> list[Row]:
        found = [row for row in self._rows if row.real]
        if not found:
            raise Refused("story_mark_no_chart")
        return found

    @property
    def _total(self) -> float:
        """The sum of every group, missing and gathered ones too."""
        self._refuse_unless_addable()
        spec = self.drawing.spec
        if spec.limit is not None and not spec.others:
            raise Refused("story_mark_not_addable")
        return sum(row.value for row in self._rows) or 1

    def _refuse_unless_addable(self) -> None:
        """Averages and highest values do not add up to anything."""
        encoding = getattr(self.drawing.spec, measured(self.drawing.asked))
        if encoding is not None and encoding.aggregate not in ADDS_UP:
            raise Refused("story_mark_not_addable")


def plain(text: str) -> str:
    """Return a text without case, accents and double spaces."""
    decomposed = unicodedata.normalize("NFKD", " ".join(text.split()).casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
