"""What the columns of a table can do in a chart, the most telling first."""

from builder.periods import DAYS, finest, fitting, span
from builder.spec import Encoding
from catalog.models import Column, Grain, Table
from web.values import Value

COUNT = Encoding(aggregate="count")
MANY_VALUES = 5_000
MOST_POINTS = 400


class Facts(Value):
    """What the rules look at: the columns by what they can do, the most telling first."""

    table: Table
    times: tuple[Column, ...]
    years: tuple[Column, ...]
    categories: tuple[Column, ...]
    places: tuple[Column, ...]
    measures: tuple[Column, ...]
    coordinates: tuple[Column, Column] | None

    @property
    def counts_first(self) -> bool:
        """Tell whether each row is a thing to count rather than a line of prepared totals."""
        roles = {column.role for column in self.table.columns}
        listed = bool(roles & {"identifier", "text", "latitude"})
        return listed or not any(column.additive for column in self.measures)

    def measured(self, group: Column) -> list[tuple[Encoding, Column | None]]:
        """Return what to show of each group, best first: rows, sums of amounts, means of the rest."""
        amounts = [(measure_of(column), column) for column in self.measures if column.name != group.name]
        amounts.sort(key=lambda pair: (pair[1].nulls > 0.5 * self.table.rows, pair[0].aggregate != "sum"))
        rows = [(COUNT, None)] if _worth_counting(group, self.table.rows) else []
        return [*rows, *amounts] if self.counts_first else [*amounts, *rows]


def facts_of(table: Table) -> Facts:
    """Return the columns of a table sorted by what a chart can do with them."""
    shown = [column for column in table.columns if column.nulls < table.rows]
    dates = [c for c in shown if c.role == "time" and c.type in ("date", "datetime") and c.distinct >= 3]
    named = [c for c in shown if _is_category(c, table) and not _said_in_words(c, shown)]
    by_role = {column.role: column for column in reversed(shown)}
    north, east = by_role.get("latitude"), by_role.get("longitude")
    return Facts(
        table=table,
        times=tuple(sorted(dates, key=lambda c: round(c.nulls / table.rows, 1))),
        years=tuple(c for c in shown if c.role == "time" and c.type == "integer" and c.distinct >= 3),
        categories=tuple(sorted(named, key=lambda c: -telling(c, table))),
        places=tuple(sorted((c for c in shown if c.geography), key=lambda c: (_is_code(c), -c.distinct))),
        measures=tuple(c for c in shown if c.role == "measure" and c.type in ("integer", "number")),
        coordinates=(north, east) if north and east else None,
    )


def _is_category(column: Column, table: Table) -> bool:
    named = column.role in ("category", "ordered", "place") or (
        column.type == "boolean" and column.role not in ("constant", "empty")
    )
    return named and 2 <= column.distinct <= MANY_VALUES


def telling(column: Column, table: Table) -> float:
    """Return how much bars of a category would tell, from 0 to 1.

    Best are few missing values, neither two groups nor hundreds, names rather than codes,
    and more rows than groups.
    """
    known = 1 - column.nulls / max(table.rows, 1)
    few = (
        0.75
        if column.distinct == 2
        else 1.0
        if column.distinct <= 20
        else 0.9
        if column.distinct <= 50
        else 0.8
    )
    named = 0.8 if _is_code(column) else 1.0
    repeated = 0.6 if column.distinct > 60 and column.distinct > 0.5 * table.rows else 1.0
    return known * few * named * repeated * (1.0 if column.role == "place" else 0.97)


def _is_code(column: Column) -> bool:
    """Tell whether the values are numbers or codes rather than words."""
    words = [value for value, _ in column.top if value is not None]
    letters = sum(sum(letter.isalpha() for letter in str(word)) for word in words)
    return column.type in ("integer", "number") or (bool(words) and letters < 2 * len(words))


def _said_in_words(column: Column, columns: list[Column]) -> bool:
    """Tell whether another column names the same places in words: then their codes add nothing."""
    return bool(column.geography and _is_code(column)) and any(
        other.geography == column.geography and not _is_code(other) for other in columns
    )


def _worth_counting(group: Column, rows: int) -> bool:
    """Tell whether the rows per group differ, as far as the table's own counts say."""
    if group.type == "datetime":
        return rows >= 2 * periods(group, fitting(group))
    counts = {count for value, count in group.top if value is not None}
    return rows >= 2 * group.distinct and (len(counts) > 1 or not group.top)


def measure_of(column: Column) -> Encoding:
    """Return the sum of an amount, the mean of anything that cannot be added."""
    return Encoding(field=column.name, aggregate="sum" if column.additive else "mean")


def step_of(time: Column, table: Table) -> Grain:
    """Return the step to show a date in.

    With one row per date each value stands as published, because adding up days could be
    wrong (people in hospital); else the step that gives 12 to 120 points.
    """
    single = one_each(time, table) and time.type == "date"
    if single and periods(time, finest(time)) <= MOST_POINTS:
        return finest(time)
    return fitting(time)


def one_each(time: Column, table: Table) -> bool:
    """Tell whether every value of a date is in one row only."""
    return time.distinct == table.rows - time.nulls


def periods(time: Column, unit: Grain) -> int:
    """Return about how many periods of a step the column's range has."""
    return round((span(time) or 0) / DAYS[unit]) + 1
