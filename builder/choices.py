"""What a table offers to a chart: measures, groupings and colours, for each kind of mark.

A chart asks a *question* (a measure, by a group, split by another) of some rows, and a mark
draws it on its own channels.
"""

from typing import NamedTuple, get_args

from builder.periods import finest, fitting, span
from builder.shapes import SHAPES
from builder.spec import Aggregate, ChartSpec, Encoding, Part, View
from catalog.models import Column, Grain, Table

COUNT = Encoding(aggregate="count")
GRAINS: tuple[Grain, ...] = get_args(Grain)
NAMED = ("category", "ordered", "place")
NUMBERS = ("integer", "number")
BINS = 12
MOST_POSITIONS = 200
MOST_PANELS = 60
TRACED = ("line", "area")


class Slots(NamedTuple):
    """The channel of each part of the question on one mark; "" when the mark cannot show it."""

    measure: str
    group: str
    split: str


class Question(NamedTuple):
    """What a chart asks, apart from how it is drawn; ``measure`` is None where each row is shown."""

    measure: Encoding | None
    group: Encoding | None
    split: Encoding | None


def slots_of(mark: str) -> Slots:
    """Return the channels of a mark; points lie where their rows say, so they ask by colour alone."""
    shape = SHAPES[mark]
    if shape.kind == "rows":
        return Slots("y", "x", "color") if mark == "scatter" else Slots("", "", "color")
    group, *split = [name for name in shape.groups if name != "facet"] or [""]
    return Slots(shape.measures[0], group, split[0] if split else "")


def question(spec: ChartSpec) -> Question:
    """Return the measure, the group and the split of a chart, whatever view it takes of the measure."""
    measure, group, split = (getattr(spec, name) if name else None for name in slots_of(spec.mark))
    return Question(measure.model_copy(update={"view": None}) if measure else None, group, split)


def view_of(spec: ChartSpec) -> View | None:
    """Return the view a chart takes of its measure, or None for the numbers as counted."""
    channel = slots_of(spec.mark).measure
    measure = getattr(spec, channel) if channel else None
    return measure.view if measure else None


def measures(table: Table, mark: str, group: Encoding | None = None) -> tuple[Encoding, ...]:
    """Return every measure a mark can show of a table: rows first, then each number's and each category's.

    A scatter shows the numbers of each row, other than those along its ``group``.
    """
    if not slots_of(mark).measure:
        return ()
    if mark == "scatter":
        taken = group.field if group else None
        return tuple(each for each in groups(table, mark) if each.field != taken)
    if mark == "histogram":
        return (COUNT,)
    of_columns = [
        Encoding(field=column.name, aggregate=name) for column in table.columns for name in aggregates(column)
    ]
    return (COUNT, *of_columns)


def aggregates(column: Column) -> tuple[Aggregate, ...]:
    """Return what may be asked of a column, the most sensible first: totals lead only for amounts."""
    if column.role == "measure":
        amounts: tuple[Aggregate, ...] = ("sum", "mean", "median", "min", "max", "p10", "p25", "p75", "p90")
        return amounts if column.additive else (*amounts[1:], "sum")
    return ("distinct",) if column.role in (*NAMED, "identifier") else ()


def groups(table: Table, mark: str) -> tuple[Encoding, ...]:
    """Return the groupings a mark can show of a table, the usual time step of a date first."""
    if not slots_of(mark).group:
        return ()
    return tuple(group for column in table.columns for group in _groups_of(column, mark))


def splits(table: Table, mark: str, group: Encoding | None = None) -> tuple[Encoding, ...]:
    """Return what may colour a mark (the rows of a heatmap), other than the column it is grouped by."""
    if not slots_of(mark).split:
        return ()
    taken = group.field if group else None
    if mark == "heatmap":
        return tuple(each for each in groups(table, mark) if each.field != taken)
    if mark == "dumbbell":
        return tuple(each for column in table.columns if column.name != taken for each in _two_ends(column))
    named = (column.name for column in table.columns if _is_named(column))
    return tuple(Encoding(field=name) for name in named if name != taken)


def facets(spec: ChartSpec, table: Table) -> tuple[Encoding, ...]:
    """Return the columns a chart can be repeated for: those of few groups that it does not already show."""
    if "facet" not in SHAPES[spec.mark].groups:
        return ()
    taken = {encoding.field for name, encoding in spec.channels().items() if name != "facet"}
    few = (c for c in table.columns if 2 <= c.distinct <= MOST_PANELS and (_is_named(c) or is_year(c)))
    return tuple(Encoding(field=column.name) for column in few if column.name not in taken)


def _two_ends(column: Column) -> tuple[Encoding, ...]:
    """Return how a column has a before and an after: years, months of less than two years, or two values."""
    if column.type in ("date", "datetime") and column.role == "time":
        unit: Grain = "year" if (span(column) or 0) > 730 else "month"
        return (
            (Encoding(field=column.name, time_unit=unit),)
            if GRAINS.index(unit) <= GRAINS.index(finest(column))
            else ()
        )
    if (is_year(column) and column.distinct > 1) or (_is_named(column) and column.distinct == 2):
        return (Encoding(field=column.name),)
    return ()


def needs_split(mark: str) -> bool:
    """Tell whether a mark cannot be drawn without a split."""
    return slots_of(mark).split in SHAPES[mark].needed


def time_units(column: Column) -> tuple[Grain, ...]:
    """Return the time steps a column can be grouped by, longest first, none finer than its own."""
    if column.role != "time" or column.type not in ("date", "datetime"):
        return ()
    units = GRAINS[: GRAINS.index(finest(column)) + 1]
    return tuple(unit for unit in units if unit != "week" or finest(column) in ("week", "day", "hour"))


def _groups_of(column: Column, mark: str) -> tuple[Encoding, ...]:
    plain = Encoding(field=column.name)
    if mark == "choropleth":
        return (plain,) if column.geography else ()
    if mark == "scatter":
        return (plain,) if column.role == "measure" else ()
    if mark == "histogram":
        return (plain.model_copy(update={"bins": BINS}),) if column.role == "measure" else ()
    if units := time_units(column):
        first = fitting(column)
        ordered = (first, *(unit for unit in units if unit != first)) if first in units else units
        steps = tuple(plain.model_copy(update={"time_unit": unit}) for unit in ordered)
        return steps if mark in TRACED else (*steps, *_parts(plain, column))
    if mark in ("line", "area"):
        return (plain,) if _is_position(column) else ()
    return (plain,) if column.role == "time" or _is_named(column) else ()


def _parts(plain: Encoding, column: Column) -> tuple[Encoding, ...]:
    """Return the groupings by what comes again: no months in a single year, no hours in days."""
    finer = GRAINS.index(finest(column))
    known: list[Part] = ["month"] if finer >= GRAINS.index("month") and (span(column) or 0) > 400 else []
    known += ["weekday"] if finer >= GRAINS.index("day") else []
    known += ["hour"] if finest(column) == "hour" else []
    return tuple(plain.model_copy(update={"part": part}) for part in known)


def _is_named(column: Column) -> bool:
    return column.role in NAMED or (column.type == "boolean" and column.role != "constant")


def is_year(column: Column) -> bool:
    """Tell whether a column holds years as numbers."""
    return column.role == "time" and column.type == "integer"


def _is_position(column: Column) -> bool:
    if column.type not in NUMBERS:
        return False
    return column.role in ("time", "ordered") or (
        column.role in ("measure", "category") and 2 < column.distinct <= MOST_POSITIONS
    )
