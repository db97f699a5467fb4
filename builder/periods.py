"""Time in steps: partial dates as intervals, steps that suit a range, and unfinished last periods."""

import datetime as dt
import re
from typing import get_args

from catalog.models import Column, Grain

GRAINS: tuple[Grain, ...] = get_args(Grain)
DAYS: dict[Grain, float] = {
    "year": 365.25,
    "quarter": 91.3,
    "month": 30.44,
    "week": 7,
    "day": 1,
    "hour": 1 / 24,
}
PARTIAL = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ](\d{2})(?::(\d{2})(?::(\d{2})(\.\d+)?)?)?)?)?)?$")


def interval(text: str) -> tuple[dt.datetime, dt.datetime]:
    """Return the half-open interval an ISO text names: "2023" is the year, "2023-05-01" the day.

    Raises ValueError when the text is not an ISO date, time or part of one.
    """
    found = PARTIAL.match(text.strip())
    if not found:
        raise ValueError(text)
    year, month, day, hour, minute, second = (int(part) if part else None for part in found.groups()[:6])
    start = dt.datetime(year or 0, month or 1, day or 1, hour or 0, minute or 0, second or 0)
    if found.group(7):
        start = dt.datetime.fromisoformat(text.strip())
        return start, start + dt.timedelta(microseconds=1)
    if month is None:
        return start, following(start, "year")
    if day is None:
        return start, following(start, "month")
    if hour is None:
        return start, following(start, "day")
    if minute is None:
        return start, following(start, "hour")
    return start, start + dt.timedelta(seconds=60 if second is None else 1)


def floor(moment: dt.datetime, grain: Grain) -> dt.datetime:
    """Return the start of the period of a grain that holds the moment; weeks start on Monday (ISO 8601)."""
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    match grain:
        case "hour":
            return moment.replace(minute=0, second=0, microsecond=0)
        case "day":
            return day
        case "week":
            return day - dt.timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "quarter":
            return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
        case "year":
            return day.replace(month=1, day=1)


def following(start: dt.datetime, grain: Grain) -> dt.datetime:
    """Return the start of the next period; the last one a date can hold ends at its maximum."""
    months = {"year": 12, "quarter": 3, "month": 1}.get(grain)
    try:
        if months is None:
            return start + dt.timedelta(days=DAYS[grain])
        count = start.year * 12 + start.month - 1 + months
        return start.replace(year=count // 12, month=count % 12 + 1, day=1)
    except (OverflowError, ValueError):
        return dt.datetime.max


def moment(value: object) -> dt.datetime | None:
    """Return a date, datetime or ISO text as a naive datetime, or None."""
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, dt.date):
        return dt.datetime(value.year, value.month, value.day)
    try:
        return interval(value)[0] if isinstance(value, str) else None
    except ValueError:
        return None


def span(column: Column) -> float | None:
    """Return the days between the first and the last moment of a column."""
    low, high = moment(column.min), moment(column.max)
    return (high - low).total_seconds() / 86400 if low and high else None


def finest(column: Column) -> Grain:
    """Return the finest step a column of dates can be read at."""
    return column.grain or ("hour" if column.type == "datetime" else "day")


def fitting(column: Column, least: int = 12, most: int = 120) -> Grain:
    """Return the time step that gives ``least``–``most`` periods, else the nearest to that.

    The rule of the chart grammars that choose a time step for you: 12–120 points.
    """
    days = span(column) or 0.0
    allowed = [grain for grain in GRAINS if DAYS[grain] >= DAYS[finest(column)] * 0.99]

    def distance(grain: Grain) -> tuple[float, float]:
        periods = days / DAYS[grain] + 1
        outside = max(least / periods, periods / most, 1.0)
        preferred = ("month", "year", "day", "quarter", "week", "hour").index(grain)
        return outside, preferred

    return min(allowed, key=distance)


def recent(column: Column, months: int) -> str | None:
    """Return the month, as ISO text, that begins the last ``months`` months of a column's data; None without dates."""
    newest = moment(column.max)
    if newest is None or months < 1:
        return None
    count = newest.year * 12 + newest.month - months
    return f"{count // 12:04}-{count % 12 + 1:02}"


def unfinished(last: dt.datetime, unit: Grain, reach: dt.datetime, column: Column) -> bool:
    """Tell whether the data stop before the end of the last period.

    ``reach`` is the last moment of the data. Sparse data (a row every few days) count as
    complete when the gap that is left is no longer than three times their usual step.
    """
    grain = max(finest(column), "day", key=DAYS.__getitem__)
    return _lacks(following(last, unit) - following(floor(reach, grain), grain), unit, grain, column)


def unbegun(first: dt.datetime, unit: Grain, start: dt.datetime, column: Column) -> bool:
    """Tell whether the data start after the beginning of the first period, by the rule of ``unfinished``.

    ``start`` is the first moment of the data.
    """
    grain = max(finest(column), "day", key=DAYS.__getitem__)
    return _lacks(floor(start, grain) - first, unit, grain, column)


def _lacks(gap: dt.timedelta, unit: Grain, grain: Grain, column: Column) -> bool:
    if DAYS[unit] <= DAYS[grain]:
        return False
    left = gap.total_seconds() / 86400
    step = (span(column) or 0.0) / max(column.distinct - 1, 1)
    sparse = step > 1.5 * DAYS[grain]
    return left > 0 and (left >= 3 * step if sparse else True)
