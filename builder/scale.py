"""Round ticks for numbers and dates, and class breaks for maps."""

import datetime as dt
import math
from collections.abc import Callable, Iterable, Sequence

from builder.parts import Tick
from builder.periods import following
from catalog.models import Grain
from web.i18n import date, number

DAY = 86_400_000.0
MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200)
DAY_STEPS = (1, 2, 7, 14)
HOUR_STEPS = (1, 3, 6, 12)
ONE_NUMBER = 1e-9
MOST_PERIODS = 2000


def milliseconds(value: dt.date) -> float:
    """Return milliseconds since 1970 of a date or datetime without zone."""
    moment = dt.datetime(value.year, value.month, value.day)
    if isinstance(value, dt.datetime):
        moment = value.replace(tzinfo=None)
    return (moment - dt.datetime(1970, 1, 1)).total_seconds() * 1000


def moment(at: float) -> dt.datetime:
    """Return the datetime of milliseconds since 1970."""
    return dt.datetime(1970, 1, 1) + dt.timedelta(milliseconds=at)


def step_of(span: float, about: int) -> float:
    """Return the 1, 2 or 5 × power of ten that cuts a span into about so many pieces."""
    rough = span / max(about, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    return float(next(m for m in (1, 2, 5, 10) if m * power >= rough * 0.999) * power)


def round_numbers(low: float, high: float, about: int) -> list[float]:
    """Return round numbers that cover low to high, both ends included."""
    if high - low <= ONE_NUMBER * max(abs(low), abs(high), 1e-3):
        low, high = (low - abs(low) / 10, high + abs(high) / 10) if abs(low) > ONE_NUMBER else (0.0, 1.0)
    step = step_of(high - low, about)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    places = max(12, 2 - math.floor(math.log10(step)))
    return [round(i * step, places) for i in range(first, last + 1)]


def number_ticks(low: float, high: float, about: int, language: str, share: bool = False) -> tuple[Tick, ...]:
    """Return labelled round numbers that cover low to high; a ``share`` of 1 is written in percent."""
    places = round_numbers(low, high, about)
    step = places[1] - places[0]
    if share:
        return tuple(Tick(at=at, label=f"{number(round(at * 100), language)}%") for at in places)
    millions = max(abs(at) for at in places) >= 2e6 and step >= 10_000
    return tuple(Tick(at=at, label=_written(at, step, millions, language)) for at in places)


def _written(at: float, step: float, millions: bool, language: str) -> str:
    """Write a number of an axis: millions as ``M``, else as many decimals as the step needs."""
    if at == 0:
        return "0"
    if millions and abs(at) >= 1e6:
        return number(at / 1e6, language) + " M"
    return number(at, language, max(0, -math.floor(math.log10(step) + 1e-9)))


def date_ticks(low: float, high: float, about: int, language: str, grain: str) -> tuple[Tick, ...]:
    """Return labelled calendar starts between two moments, never finer than the grain of the data."""
    days = (high - low) / DAY
    if grain == "year" or days > about * 320:
        return _month_ticks(low, high, about, language, smallest=12)
    if days > about * 20 or grain in ("month", "quarter"):
        return _month_ticks(low, high, about, language, smallest=3 if grain == "quarter" else 1)
    if days > about * 0.7 or grain in ("day", "week"):
        return _day_ticks(low, high, about, language)
    return _hour_ticks(low, high, about, language)


def _month_ticks(low: float, high: float, about: int, language: str, smallest: int) -> tuple[Tick, ...]:
    first, last = moment(low), moment(high)
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    steps = [step for step in MONTH_STEPS if step >= smallest]
    step = next((step for step in steps if months / step <= about + 0.5), steps[-1])
    start = first.year * 12 + first.month - 1
    start += -start % step
    places = range(start, last.year * 12 + last.month, step)
    ticks: list[Tick] = []
    for month in places:
        day = dt.date(month // 12, month % 12 + 1, 1)
        at = milliseconds(day)
        if low <= at <= high:
            grain = "year" if step >= 12 else "quarter" if smallest == 3 else "month"
            ticks.append(Tick(at=at, label=brief_date(day, language, grain, first=not ticks)))
    return tuple(ticks)


def brief_date(day: dt.date, language: str, grain: str, first: bool) -> str:
    """Write a date among its neighbours: the year only on the first one and where a year begins."""
    whole = date(day, language, grain)
    if grain in ("month", "quarter") and not first and day.month > 1:
        return whole.rsplit(" ", 1)[0]
    if grain in ("day", "week") and not first and (day.month, day.day) != (1, 1):
        return whole.rsplit(" ", 1)[0].rstrip(",")
    return whole


def _day_ticks(low: float, high: float, about: int, language: str) -> tuple[Tick, ...]:
    days = (high - low) / DAY + 1
    step = next((step for step in DAY_STEPS if days / step <= about + 0.5), 28)
    first = math.ceil(low / DAY)
    places = [day * DAY for day in range(first, math.floor(high / DAY) + 1, step)]
    return tuple(
        Tick(at=at, label=brief_date(moment(at), language, "day", first=i == 0))
        for i, at in enumerate(places)
    )


def _hour_ticks(low: float, high: float, about: int, language: str) -> tuple[Tick, ...]:
    hours = (high - low) / DAY * 24
    step = next((step for step in HOUR_STEPS if hours / step <= about + 0.5), 24) * DAY / 24
    first = math.ceil(low / step)
    places = [i * step for i in range(first, math.floor(high / step) + 1)]
    return tuple(Tick(at=at, label=moment(at).strftime("%H:%M")) for at in places)


def breaks(values: Sequence[float], classes: int = 5) -> list[float]:
    """Return the inner limits of quantile classes, fewer where values repeat.

    A value belongs to the class after every limit it reaches (``limit <= value``).
    """
    ordered = sorted(values)
    if not ordered:
        return []
    places = (ordered[min(len(ordered) - 1, round(len(ordered) * i / classes))] for i in range(1, classes))
    return sorted({limit for limit in places if limit > ordered[0]})


def class_of(value: float, limits: Sequence[float]) -> int:
    """Return the class of a value, from 0 to the number of limits."""
    return sum(value >= limit for limit in limits)


def periods(low: dt.date, high: dt.date, grain: Grain) -> list[dt.datetime]:
    """Return the start of every period from low to high, both included."""
    start = moment(milliseconds(low))
    end = moment(milliseconds(high))
    found = [start]
    while found[-1] < end and len(found) < MOST_PERIODS:
        found.append(following(found[-1], grain))
    return found


def writer(values: Iterable[float], language: str, unit: str = "") -> Callable[[float], str]:
    """Return how numbers of one chart are written: all with the same decimals, few for large ones."""
    known = [abs(value) for value in values]
    largest = max(known, default=0)
    whole = all(float(value).is_integer() for value in known)
    decimals = 0 if whole or largest >= 10_000 else 1 if largest >= 100 else 2 if largest >= 1 else None
    tail = unit if unit == "%" else ""
    return lambda value: number(value, language, decimals) + tail
