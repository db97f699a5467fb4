"""Time in odd places: periods as column names, and dates spread over several columns."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from catalog.models import Column, Grain
from catalog.readers import dates
from catalog.readers.grid import Body, Row

PERIOD, VALUE = "period", "value"
MISSING = 0.1
YEAR = re.compile(r"^(?:1[89]|20)\d{2}$")
DAY = re.compile(
    r"(?:^|[\W_])(?:d[ií]a|day|dia_mes|date_of_month|day_of_month|jour|tag)(?:$|[\W_\d])", re.IGNORECASE
)
NOT_DAY = re.compile(r"semana|week|nombre|name", re.IGNORECASE)
MONTH = re.compile(r"(?:^|[\W_])(?:mes|month|mois|monat)(?:$|[\W_\d])", re.IGNORECASE)


def period_columns(labels: Sequence[str]) -> list[int]:
    """Return the columns named by a year, quarter, month or week, when they make a wide table.

    At least three of one kind; with months alone ('Jan' … 'Dec') at least six.
    """
    kinds: dict[str, list[int]] = {}
    for at, label in enumerate(labels):
        found = _period(label)
        if found:
            kinds.setdefault(found, []).append(at)
    best = max(kinds, key=lambda name: len(kinds[name]), default="")
    needed = 6 if best == "month" else 3
    return kinds[best] if best and len(kinds[best]) >= needed else []


def _period(label: str) -> str:
    text = label.strip()
    if YEAR.match(text):
        return "year"
    if dates.plain(text).strip(".") in dates.MONTH_OF:
        return "month"
    found = dates.match(text)
    return (
        found.form
        if found and (found.form in dates.GRAINS or found.form in ("ymd", "numeric", "dmony"))
        else ""
    )


def lengthened(body: Body, wide: Sequence[int]) -> Body:
    """Return a wide body as a long one: a row for each period that has a cell."""
    keys = [at for at in range(len(body.labels)) if at not in set(wide)]
    rows: list[Row] = [
        [*(row[at] for at in keys), body.labels[period], row[period]] for row in body.rows for period in wide
    ]
    labels = [*(body.labels[at] for at in keys), PERIOD, VALUE]
    return replace(
        body,
        labels=labels,
        rows=rows,
        changes=[*body.changes],
        problems=[*body.problems],
        indices=[],
        derived={},
    )


def spread_date(
    columns: Sequence[Column], values: dict[str, list[Any]]
) -> tuple[list[dt.date | None], tuple[str, ...], Grain] | None:
    """Return the dates that a year, a month and perhaps a day column make together, or None.

    None too when a tenth of the rows make no date.
    """
    found = date_parts(columns)
    if found is None:
        return None
    used, grain = found
    made = dates_of([values[name] for name in used])
    return None if sum(one is None for one in made) > MISSING * len(made) else (made, used, grain)


def date_parts(columns: Sequence[Column]) -> tuple[tuple[str, ...], Grain] | None:
    """Return the columns of year, month and perhaps day, and the grain; None when the table has a date already."""
    if any(one.type in ("date", "datetime") and one.distinct > 1 for one in columns):
        return None
    year = next((one for one in columns if one.type == "integer" and _is_year(one)), None)
    month = next((one for one in columns if MONTH.search(one.label) and _is_month(one)), None)
    if year is None or month is None:
        return None
    day = next((one for one in columns if _is_day(one) and one is not month), None)
    used = tuple(one.name for one in (year, month, day) if one is not None)
    return used, "day" if day else "month"


def dates_of(parts: Sequence[Sequence[Any]]) -> list[dt.date | None]:
    """Return the dates of rows whose year, month and day stand in columns of their own."""
    known: dict[tuple[Any, ...], dt.date | None] = {}
    made = []
    for part in zip(*parts, strict=True):
        if part not in known:
            known[part] = _date(*part)
        made.append(known[part])
    return made


def _is_year(column: Column) -> bool:
    return column.role in ("time", "constant") and isinstance(column.min, int) and 1500 < column.min < 2200


def _is_month(column: Column) -> bool:
    if column.type == "integer":
        return (
            isinstance(column.min, int)
            and isinstance(column.max, int)
            and column.min >= 1
            and column.max <= 12
        )
    return bool(column.top) and all(
        dates.plain(str(value)).strip(" .") in dates.MONTH_OF for value, _ in column.top
    )


def _is_day(column: Column) -> bool:
    named = DAY.search(column.label) and not NOT_DAY.search(column.label)
    whole = column.type == "integer" and isinstance(column.min, int) and isinstance(column.max, int)
    return bool(named and whole and int(column.min or 0) >= 1 and int(column.max or 99) <= 31)


def _date(year: Any, month: Any, day: Any = 1) -> dt.date | None:
    if year is None or month is None or day is None:
        return None
    number = month if isinstance(month, int) else dates.MONTH_OF.get(dates.plain(month).strip(" ."), 0)
    try:
        return dt.date(year, number, day)
    except ValueError:
        return None
