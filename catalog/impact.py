"""What a newer version of a file changed in its table: columns renamed, gone, new or retyped, values vanished."""

from difflib import SequenceMatcher

from catalog.models import Column, Table
from catalog.words import fold
from web.values import Problem

ALIKE = 0.75
CATEGORIES = ("category", "ordered", "place")


def compare(old: Table, new: Table) -> tuple[Problem, ...]:
    """Return how a table differs from the one read before; empty when charts of it stay as they are.

    A column that is gone is called renamed when a new one of its type has nearly its name or the same values.
    """
    gone = [column for column in old.columns if new.column(column.name) is None]
    fresh = [column for column in new.columns if old.column(column.name) is None]
    renamed = {column.name: other for column in gone if (other := _successor(column, fresh))}
    kept = [(column, other) for column in old.columns if (other := new.column(column.name))]
    followed = [(column, renamed[column.name]) for column in gone if column.name in renamed]
    return (
        *(Problem(code="column_renamed", where=was.label, facts={"to": now.label}) for was, now in followed),
        *(Problem(code="column_gone", where=column.label) for column in gone if column.name not in renamed),
        *(_column("column_new", column) for column in fresh if column not in renamed.values()),
        *(problem for was, now in (*kept, *followed) for problem in _differences(was, now)),
        *(() if old.rows == new.rows else (_rows(old, new),)),
    )


def _successor(column: Column, fresh: list[Column]) -> Column | None:
    alike = [(_likeness(column, other), other) for other in fresh if other.type == column.type]
    share, best = max(alike, key=lambda pair: pair[0], default=(0.0, None))
    return best if share >= ALIKE else None


def _likeness(column: Column, other: Column) -> float:
    values, others = ({value for value, _ in each.top} for each in (column, other))
    shared = len(values & others) / len(values | others) if values | others else 0.0
    return max(shared, SequenceMatcher(None, fold(column.label), fold(other.label)).ratio())


def _differences(was: Column, now: Column) -> list[Problem]:
    if was.type != now.type:
        return [Problem(code="column_retyped", where=now.label, facts={"was": was.type, "is": now.type})]
    if was.role not in CATEGORIES or was.distinct != len(was.top) or now.distinct != len(now.top):
        return []
    kept = {value for value, _ in now.top}
    lost = [str(value) for value, _ in was.top if value is not None and value not in kept]
    return (
        [Problem(code="values_gone", where=now.label, facts={"n": len(lost), "example": lost[0]})]
        if lost
        else []
    )


def _column(code: str, column: Column) -> Problem:
    return Problem(code=code, severity="info", where=column.label)


def _rows(old: Table, new: Table) -> Problem:
    return Problem(
        code="rows_changed",
        severity="warning" if new.rows < old.rows else "info",
        facts={"was": old.rows, "is": new.rows},
    )
