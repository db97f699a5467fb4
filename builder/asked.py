"""What a chart asks, with names for its columns, groups and values in the reader's language."""

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from babel import Locale

from builder.parts import WIDTHS, Width
from builder.result import OTHERS, Result
from builder.spec import ChartSpec, Encoding
from catalog.models import Column, Provenance, Scalar, Table
from web.i18n import Words, date, number, words

ADDS_UP = ("count", "sum")
IN_PERCENT = ("share", "change")


@dataclass(frozen=True)
class Asked:
    """One chart to be planned: the question, its answer, and for whom.

    A panel of small charts has its own width in ``room``, and the answer of all panels in ``whole``.
    """

    spec: ChartSpec
    table: Table
    result: Result
    language: str
    layout: Width = "wide"
    provenance: Provenance | None = None
    room: int = 0
    whole: Result | None = None

    @property
    def say(self) -> Words:
        return words(self.language)

    @property
    def wide(self) -> bool:
        return self.layout == "wide"

    @property
    def width(self) -> int:
        return self.room or WIDTHS[self.layout]

    @property
    def frame(self) -> pd.DataFrame:
        return self.result.frame

    def numbers(self, channel: str) -> list[float]:
        """Return the numbers of a channel in all panels: what classes and their colours are made of."""
        frame = (self.whole or self.result).frame
        return [value for value in plains(frame[channel]) if value is not None]

    def column(self, channel: str) -> Column | None:
        """Return the table's column of a channel, or None."""
        encoding: Encoding | None = getattr(self.spec, channel)
        return self.table.column(encoding.field) if encoding and encoding.field else None

    def unit(self, channel: str) -> str:
        """Return the unit that a measure's numbers are written with."""
        encoding: Encoding | None = getattr(self.spec, channel)
        if encoding and encoding.view:
            return "%" if encoding.view in IN_PERCENT else ""
        column = self.column(channel)
        return column.unit if column and encoding and encoding.aggregate != "distinct" else ""

    def grain(self, channel: str) -> str:
        """Return the time step of a channel ("" when it is no time)."""
        encoding: Encoding | None = getattr(self.spec, channel)
        column = self.column(channel)
        if encoding and encoding.part:
            return ""
        if encoding and encoding.time_unit:
            return encoding.time_unit
        return (column.grain or "day") if column and column.type in ("date", "datetime") else ""

    def label(self, channel: str) -> str:
        """Return what a channel is called in a sentence, such as ``month`` or ``línea``."""
        encoding: Encoding | None = getattr(self.spec, channel)
        if encoding is None:
            return ""
        if encoding.title:
            return encoding.title
        if encoding.part:
            return part_of_time(encoding.part, self.say)
        if encoding.time_unit:
            return time_step(encoding.time_unit, self.say)
        column = self.column(channel)
        return said(column.label or column.name) if column else self.say("rows")

    def column_name(self, channel: str) -> str:
        """Return the published name of a channel's column inside a sentence."""
        column = self.column(channel)
        return inside(said(column.label or column.name)) if column else self.label(channel)

    def group(self, channel: str, value: Scalar | dt.date) -> str:
        """Return the words of one value of a grouping; missing and gathered groups are named."""
        if value == OTHERS:
            n = self.result.gathered.get(channel, 0)
            return self.say("Others ({n} groups)", n=n) if n > 1 else self.say("Others")
        if is_missing(value):
            return self.say("No {column}", column=self.column_name(channel))
        if isinstance(value, bool):
            return self.say("Yes") if value else self.say("No")
        encoding: Encoding | None = getattr(self.spec, channel)
        if encoding and encoding.part and isinstance(value, int | float):
            return named_part(encoding.part, int(value), self.language)
        if isinstance(value, dt.date):
            return date(value, self.language, self.grain(channel) or "day")
        if isinstance(value, int | float):
            return number(value, self.language) if not self._is_year(channel) else f"{value:.0f}"
        return str(value)

    def _is_year(self, channel: str) -> bool:
        column = self.column(channel)
        return column is not None and (column.role in ("time", "identifier", "category", "ordered"))

    def order(self, channel: str) -> list[Scalar | dt.date]:
        """Return the groups of a channel in the engine's order, then others, then missing."""
        groups = plains(self.frame[channel])
        if channel in ("color", "y") and "x" in self.frame:
            runs: dict[object, list[Scalar | dt.date]] = {}
            for x, group in zip(plains(self.frame["x"]), groups, strict=True):
                runs.setdefault(x, []).append(group)
            groups = merged(list(runs.values()))
        real = [group for group in dict.fromkeys(groups) if is_real(group)]
        return [*real, *(special for special in (OTHERS, None) if special in groups)]


def merged(runs: list[list[Scalar | dt.date]]) -> list[Scalar | dt.date]:
    """Return one order in which every run keeps its own."""
    order: list[Scalar | dt.date] = []
    for run in sorted(runs, key=len, reverse=True):
        at = 0
        for group in run:
            if group in order:
                at = order.index(group) + 1
            else:
                order.insert(at, group)
                at += 1
    return order


def is_real(value: object) -> bool:
    """Tell whether a group is one of the data's own, neither missing nor gathered."""
    return not is_missing(value) and value != OTHERS


def is_missing(value: object) -> bool:
    """Tell whether a value of a frame stands for no value."""
    return value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value))


def plain(value: object) -> Scalar | dt.date:
    """Return a value of a frame as plain Python: None, text, number, boolean, date or datetime."""
    if is_missing(value) or value is pd.NA:
        return None
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    return value.item() if hasattr(value, "item") else value  # type: ignore[return-value]


def plains(values: pd.Series) -> list[Any]:
    """Return the values of a frame's column as plain Python."""
    if values.dtype.kind in "if" and not values.hasnans:
        return list(values.tolist())
    return [plain(value) for value in values]


def all_numbers(values: Iterable[object]) -> bool:
    """Tell whether all values are numbers (booleans are not)."""
    return all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)


def said(label: str) -> str:
    """Return a column's published header as words: ``ALCALDIA_HECHO`` becomes ``alcaldia hecho``."""
    text = " ".join(label.replace("_", " ").split())
    return text.lower() if text.isupper() and len(text) > 4 else text


def inside(label: str) -> str:
    """Return a name as it reads inside a sentence: its capital lowered unless it is an acronym."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def sentence(text: str) -> str:
    """Return a text with a capital first letter."""
    return text[:1].upper() + text[1:]


def some(names: Sequence[str], most: int, say: Words) -> str:
    """Return names as a list; beyond ``most`` the rest are counted."""
    if len(names) <= most:
        return ", ".join(names)
    return say("{list} and {n} more", list=", ".join(names[:most]), n=len(names) - most)


def time_step(unit: str, say: Words) -> str:
    """Return the word for a time step."""
    names = {
        "year": say("year"), "quarter": say("quarter"), "month": say("month"),
        "week": say("week"), "day": say("day"), "hour": say("hour"),
    }  # fmt: skip
    return names[unit]


def part_of_time(part: str, say: Words) -> str:
    """Return the words for what comes again in dates."""
    names = {
        "month": say("month of the year"),
        "weekday": say("day of the week"),
        "hour": say("hour of the day"),
    }
    return names[part]


def named_part(part: str, at: int, language: str) -> str:
    """Return the name of a month from 1, a day of the week from 0 for Monday, or an hour."""
    if part == "hour":
        return f"{at:02}:00"
    locale = Locale.parse(language)
    return str(
        locale.months["stand-alone"]["wide"][at]
        if part == "month"
        else locale.days["stand-alone"]["wide"][at]
    )
