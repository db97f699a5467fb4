"""Change one thing of a chart and keep what still fits: pure steps from ChartSpec to ChartSpec."""

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Literal, TypeVar, get_args

import builder.problems  # noqa: F401  (registers the sentences of what is refused here)
from builder.choices import (
    Question,
    facets,
    groups,
    measures,
    needs_split,
    question,
    slots_of,
    splits,
    view_of,
)
from builder.filters import filter_problems
from builder.fitting import fitted, fitted_measure, fitted_split
from builder.periods import interval
from builder.shapes import SHAPES
from builder.spec import ChartSpec, Encoding, Filter, View
from builder.views import views
from catalog.models import Column, Table
from web.values import Refused

MANY_GROUPS = 20
TOP_GROUPS = 15
MOST_GROUPS = 60
LONGEST_TITLE = 200

Sort = Literal["auto", "value", "-value", "label", "-label"]
Stack = Literal["stacked", "grouped", "share"]
T = TypeVar("T")


def with_mark(spec: ChartSpec, table: Table, mark: str, examples: Sequence[ChartSpec] = ()) -> ChartSpec:
    """Draw the same question with another mark; what does not fit is taken from the examples.

    ``examples`` are charts of the table to learn from: what was asked before, then good ones.
    Raises ``Refused`` when the table has nothing the mark needs.
    """
    if mark not in SHAPES:
        raise Refused("edit_mark_none", mark)
    if mark == spec.mark:
        return spec
    asked = fitted(question(spec), table, mark, examples)
    bare = _unasked(spec).model_copy(update={"mark": mark, **_positions(table, mark)})
    return _keeping(_tidy(_asking(bare, asked), table), spec, table)


def with_measure(spec: ChartSpec, table: Table, measure: Encoding) -> ChartSpec:
    """Ask for another measure. Raises ``Refused`` when the table does not offer it."""
    asked = question(spec)
    _check_offered(measure, measures(table, spec.mark, asked.group), "edit_measure_none")
    return _keeping(_asking(_fresh(spec), asked._replace(measure=measure)), spec, table)


def with_group(spec: ChartSpec, table: Table, group: Encoding) -> ChartSpec:
    """Group by another column; a split by that same column goes. Raises ``Refused`` like with_measure."""
    _check_offered(group, groups(table, spec.mark), "edit_group_none")
    asked = question(spec)
    kept = asked.split if asked.split and asked.split.field != group.field else None
    split = fitted_split(
        kept, asked.group if kept is None and needs_split(spec.mark) else None, group, table, spec.mark
    )
    measure = fitted_measure(asked, group, table, spec.mark)
    return _keeping(_tidy(_asking(_fresh(spec), Question(measure, group, split)), table), spec, table)


def with_color(spec: ChartSpec, table: Table, split: Encoding | None) -> ChartSpec:
    """Split by a column, or by none. Raises ``Refused`` when it cannot be split so."""
    asked = question(spec)
    if split or needs_split(spec.mark):
        _check_offered(split or Encoding(), splits(table, spec.mark, asked.group), "edit_split_none")
    return _keeping(_asking(_fresh(spec), asked._replace(split=split)), spec, table)


def with_facet(spec: ChartSpec, table: Table, facet: Encoding | None) -> ChartSpec:
    """Repeat the chart for each group of a column, or draw it once. Raises ``Refused`` when it cannot be repeated so."""
    if facet:
        _check_offered(facet, facets(spec, table), "edit_facet_none")
    return _fresh(spec).model_copy(update={"facet": facet})


def with_view(spec: ChartSpec, table: Table, view: View | None) -> ChartSpec:
    """Show the measure as a share, a change, a running total or a rate, or as counted. Raises ``Refused`` when it cannot."""
    if view and view not in views(spec, table):
        raise Refused("edit_choice_none", view)
    return _fresh(_with_view(spec, view))


def with_filter(spec: ChartSpec, table: Table, wanted: Filter) -> ChartSpec:
    """Keep only some rows; replaces the filter on the same column, in its place.

    A filter that keeps every row is removed. Raises ``Refused`` for an unknown column, a value
    its column cannot have, or a range that ends before it begins.
    """
    column = table.column(wanted.field)
    if column is None:
        raise Refused("edit_column_none", wanted.field)
    clean = wanted.model_copy(update={"values": tuple(dict.fromkeys(wanted.values))})
    if keeps_all(clean):
        return without_filter(spec, wanted.field)
    _check_filter(clean, column)
    filters = [clean if kept.field == clean.field else kept for kept in spec.filters]
    if clean not in filters:
        filters.append(clean)
    return _filtered(spec, filters)


def without_filter(spec: ChartSpec, field: str) -> ChartSpec:
    """Drop the filter on a column."""
    return _filtered(spec, [kept for kept in spec.filters if kept.field != field])


def without_filters(spec: ChartSpec) -> ChartSpec:
    """Ask of all rows."""
    return _filtered(spec, ())


def keeps_all(wanted: Filter) -> bool:
    """Tell whether a filter chooses nothing, so that every row is kept."""
    return not wanted.values and wanted.low is None and wanted.high is None and not wanted.missing


def with_sort(spec: ChartSpec, sort: Sort) -> ChartSpec:
    """Put the groups in another order."""
    return spec.model_copy(update={"sort": _one_of(sort, get_args(Sort))})


def with_limit(spec: ChartSpec, limit: int | None, others: bool | None = None) -> ChartSpec:
    """Keep the largest groups, gathering the rest or not; None leaves it to the mark."""
    if limit is not None and not 1 <= limit <= MOST_GROUPS:
        raise Refused("edit_limit_out", most=MOST_GROUPS)
    return spec.model_copy(update={"limit": limit, "others": spec.others if others is None else others})


def with_stack(spec: ChartSpec, stack: Stack) -> ChartSpec:
    """Stack the splits, put them side by side, or show their shares."""
    return spec.model_copy(update={"stack": _one_of(stack, get_args(Stack))})


def with_title(spec: ChartSpec, title: str) -> ChartSpec:
    """Give the chart the author's own title; an empty one goes back to the automatic."""
    readable = "".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in title)
    return spec.model_copy(update={"title": " ".join(readable.split())[:LONGEST_TITLE]})


def _positions(table: Table, mark: str) -> dict[str, Encoding]:
    if mark != "points":
        return {}
    named = {column.role: Encoding(field=column.name) for column in reversed(table.columns)}
    try:
        return {"latitude": named["latitude"], "longitude": named["longitude"]}
    except KeyError:
        raise Refused("edit_mark_impossible", mark) from None


def _keeping(spec: ChartSpec, before: ChartSpec, table: Table) -> ChartSpec:
    """Return a changed chart with the small charts and the view it had, as far as they still fit."""
    spec = spec.model_copy(update={"facet": before.facet if before.facet in facets(spec, table) else None})
    shown = view_of(before)
    return _with_view(spec, shown if shown in views(spec, table) else None)


def _with_view(spec: ChartSpec, view: View | None) -> ChartSpec:
    channel = slots_of(spec.mark).measure
    measure = getattr(spec, channel) if channel else None
    return spec.model_copy(update={channel: measure.model_copy(update={"view": view})}) if measure else spec


def _asking(spec: ChartSpec, asked: Question) -> ChartSpec:
    parts = zip(slots_of(spec.mark), asked, strict=True)
    return spec.model_copy(update={name: part for name, part in parts if name})


def _unasked(spec: ChartSpec) -> ChartSpec:
    bare = dict.fromkeys(spec.channels()) | {"sort": "auto", "stack": "stacked"}
    return _fresh(spec).model_copy(update=bare)


def _fresh(spec: ChartSpec) -> ChartSpec:
    """Words written for the earlier question would now be wrong: go back to the automatic ones."""
    return spec.model_copy(update={"title": "", "subtitle": "", "alt": ""})


def _filtered(spec: ChartSpec, filters: Iterable[Filter]) -> ChartSpec:
    kept = tuple(filters)
    return spec if kept == spec.filters else _fresh(spec).model_copy(update={"filters": kept})


def _tidy(spec: ChartSpec, table: Table) -> ChartSpec:
    """Show as many bars as can be read, and gather the others."""
    group = question(spec).group
    column = table.column(group.field) if group and group.field and not group.time_unit else None
    many = spec.mark == "bar" and column is not None and column.distinct > MANY_GROUPS
    return spec.model_copy(update={"limit": TOP_GROUPS if many else None, "others": True})


def _check_filter(wanted: Filter, column: Column) -> None:
    for problem in filter_problems(wanted, column):
        raise Refused(problem.code, problem.where, **problem.facts)
    if wanted.low is None or wanted.high is None:
        return
    is_time = column.type in ("date", "datetime")
    low = interval(str(wanted.low))[0] if is_time else wanted.low
    high = interval(str(wanted.high))[1] if is_time else wanted.high
    if low > high:  # type: ignore[operator]
        raise Refused("edit_range_backwards", column.label, low=str(wanted.low), high=str(wanted.high))


def _check_offered(one: Encoding, offered: Sequence[Encoding], code: str) -> None:
    if one not in offered:
        raise Refused(code, one.field or "")


def _one_of(value: T, known: tuple[T, ...]) -> T:
    if value not in known:
        raise Refused("edit_choice_none", str(value))
    return value
