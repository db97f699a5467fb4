"""What a table must have for a mark, said as a problem when it has not."""

from collections.abc import Callable, Sequence

from catalog.models import Column
from web.i18n import N_, sentences
from web.values import Problem

sentences(
    mark_needs_group=N_("Needs a column with groups or dates; this table has none."),
    mark_needs_line=N_("Needs a column of dates or of ordered numbers; this table has none."),
    mark_needs_coordinates=N_("Needs a latitude and a longitude; this table has none."),
    mark_needs_place=N_("Needs a column that names the places of a known territory; this table has none."),
    mark_needs_number=N_("Needs a column with numbers to measure; this table has none."),
    mark_needs_numbers=N_("Needs two columns with numbers; this table has {n}."),
    mark_needs_two_moments=N_(
        "Needs a column with groups, and one with dates, years or two values; this table has not both."
    ),
    mark_needs_groups=N_("Needs two columns with groups; this table has {n}."),
)

Needs = Callable[[Sequence[Column]], Problem | None]
GROUPS = ("category", "ordered", "place", "time")
MEASURES = ("measure",)


def _count(columns: Sequence[Column], roles: Sequence[str]) -> int:
    return sum(column.role in roles for column in columns)


def category_or_time(columns: Sequence[Column]) -> Problem | None:
    """Return what is missing for groups on an axis."""
    return None if _count(columns, GROUPS) else Problem(code="mark_needs_group")


def time_or_number(columns: Sequence[Column]) -> Problem | None:
    """Return what is missing for an axis of time or ordered numbers."""
    return None if _count(columns, ("time", "ordered", *MEASURES)) else Problem(code="mark_needs_line")


def coordinates(columns: Sequence[Column]) -> Problem | None:
    """Return what is missing for points on a map."""
    roles = {column.role for column in columns}
    return None if {"latitude", "longitude"} <= roles else Problem(code="mark_needs_coordinates")


def place(columns: Sequence[Column]) -> Problem | None:
    """Return what is missing for areas of a map."""
    return (
        None if any(c.role == "place" and c.geography for c in columns) else Problem(code="mark_needs_place")
    )


def one_number(columns: Sequence[Column]) -> Problem | None:
    """Return what is missing for one measured column."""
    return None if _count(columns, MEASURES) else Problem(code="mark_needs_number")


def two_numbers(columns: Sequence[Column]) -> Problem | None:
    """Return what is missing for two measured columns."""
    n = _count(columns, MEASURES)
    return None if n >= 2 else Problem(code="mark_needs_numbers", facts={"n": n})


def two_groups(columns: Sequence[Column]) -> Problem | None:
    """Return what is missing for two groupings."""
    n = _count(columns, GROUPS)
    return None if n >= 2 else Problem(code="mark_needs_groups", facts={"n": n})
