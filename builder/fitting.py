"""What of a question still fits on a mark, and what takes the place of the rest."""

from collections.abc import Iterable, Sequence

from builder.choices import COUNT, Question, groups, measures, needs_split, question, slots_of, splits
from builder.spec import ChartSpec, Encoding
from catalog.models import Table
from web.values import Refused

FEW_LINES = 20
FEW_COLOURS = 7
AIM = 10


def fitted(asked: Question, table: Table, mark: str, examples: Sequence[ChartSpec] = ()) -> Question:
    """Return the question as a mark can show it; ``examples`` fill what was not asked, the first first.

    Raises ``Refused`` when the table has nothing for a part the mark needs.
    """
    before = [question(each) for each in examples]
    group = _group(asked, table, mark, [question(each) for each in examples if each.mark == mark])
    split = fitted_split(asked.split, asked.group, group, table, mark)
    measure = fitted_measure(asked, group, table, mark, before)
    slots = slots_of(mark)
    if (slots.group and not group) or (slots.measure and not measure) or (needs_split(mark) and not split):
        raise Refused("edit_mark_impossible", mark)
    return Question(measure, group, split)


def fitted_split(
    split: Encoding | None, old_group: Encoding | None, group: Encoding | None, table: Table, mark: str
) -> Encoding | None:
    """Return the split, else the group that had to go when its values are few, else what the mark needs."""
    offered = splits(table, mark, group)
    kept = _alike(offered, [split, old_group if _is_few(old_group, table, mark) else None])
    if kept or not needs_split(mark):
        return kept
    return min(offered, key=lambda each: _strain(each, table), default=None)


def fitted_measure(
    asked: Question, group: Encoding | None, table: Table, mark: str, past: Iterable[Question] = ()
) -> Encoding | None:
    """Return the measure, else the one asked last, else the first the mark offers."""
    offered = measures(table, mark, group)
    return _alike(offered, [asked.measure, *(each.measure for each in past), asked.group, COUNT]) or _first(
        offered
    )


def _group(asked: Question, table: Table, mark: str, alike: Iterable[Question]) -> Encoding | None:
    offered = groups(table, mark)
    measured = asked.measure.field if asked.measure else None
    kept = _alike(offered, [asked.group, asked.split, *(each.group for each in alike)])
    return kept or _first(sorted(offered, key=lambda each: each.field == measured))


def _alike(offered: Sequence[Encoding], wanted: Iterable[Encoding | None]) -> Encoding | None:
    """The first wanted encoding that is offered, or its column in the first way it is offered."""
    for one in wanted:
        if one in offered:
            return one
        if one and one.field:
            same = next((other for other in offered if other.field == one.field), None)
            if same:
                return same
    return None


def _first(offered: Sequence[Encoding]) -> Encoding | None:
    return offered[0] if offered else None


def _is_few(group: Encoding | None, table: Table, mark: str) -> bool:
    column = table.column(group.field) if group and group.field else None
    most = FEW_LINES if mark in ("line", "area") else FEW_COLOURS
    return column is not None and (column.distinct <= most or needs_split(mark))


def _strain(split: Encoding, table: Table) -> int:
    """How far the number of values is from what reads well."""
    column = table.column(split.field or "")
    return abs(column.distinct - AIM) if column and not split.time_unit else AIM * AIM
