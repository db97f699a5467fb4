"""Which charts a table should open with: ordered rules over its columns, each with its reason.

The rules and where they come from are in ``docs/suggest.md``.
"""

from collections.abc import Callable, Iterator, Sequence

import builder.questions  # noqa: F401  (registers the sentences of questions and reasons)
from builder.asked import said
from builder.check import problems
from builder.marks import MARKS
from builder.periods import DAYS, fitting, span
from builder.spec import ChartSpec, Encoding
from catalog.models import Column, Table
from web.values import Problem, Value

COUNT = Encoding(aggregate="count")
TOP, SPLIT, SERIES, FEW_POINTS = 15, 7, 5, 12
MANY_VALUES = 5_000
QUESTIONS = 6


class Suggestion(Value):
    """A chart worth showing: ``score`` from 0 to 1, the question it answers, why, and what to beware of."""

    spec: ChartSpec
    score: float
    question: Problem
    reason: Problem
    caution: Problem | None = None


Rule = Callable[["Facts"], Iterator[Suggestion]]


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
        amounts.sort(key=lambda pair: pair[0].aggregate != "sum")
        rows = [(COUNT, None)] if _worth_counting(group, self.table.rows) else []
        return [*rows, *amounts] if self.counts_first else [*amounts, *rows]


def facts_of(table: Table) -> Facts:
    """Return the columns of a table sorted by what a chart can do with them."""
    shown = [column for column in table.columns if column.nulls < table.rows]
    dates = [c for c in shown if c.role == "time" and c.type in ("date", "datetime") and c.distinct >= 3]
    named = [c for c in shown if _is_category(c, table)]
    by_role = {column.role: column for column in reversed(shown)}
    north, east = by_role.get("latitude"), by_role.get("longitude")
    return Facts(
        table=table,
        times=tuple(sorted(dates, key=lambda c: round(c.nulls / table.rows, 1))),
        years=tuple(c for c in shown if c.role == "time" and c.type == "integer" and c.distinct >= 3),
        categories=tuple(sorted(named, key=lambda c: -_telling(c, table))),
        places=tuple(c for c in shown if c.role == "place" and c.geography),
        measures=tuple(c for c in shown if c.role == "measure" and c.type in ("integer", "number")),
        coordinates=(north, east) if north and east else None,
    )


def _is_category(column: Column, table: Table) -> bool:
    named = column.role in ("category", "ordered", "place") or (
        column.type == "boolean" and column.role not in ("constant", "empty")
    )
    return named and 2 <= column.distinct <= MANY_VALUES


def _telling(column: Column, table: Table) -> float:
    """Return how much bars of a category would tell: few missing, neither two values nor hundreds."""
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
    return known * few * (1.1 if column.role == "place" else 1.0)


def _worth_counting(group: Column, rows: int) -> bool:
    """Tell whether the rows per group differ, as far as the table's own counts say."""
    counts = {count for value, count in group.top if value is not None}
    return rows >= 2 * group.distinct and (len(counts) > 1 or not group.top)


def measure_of(column: Column) -> Encoding:
    """Return the sum of an amount, the mean of anything that cannot be added."""
    return Encoding(field=column.name, aggregate="sum" if column.additive else "mean")


def suggest(table: Table) -> tuple[Suggestion, ...]:
    """Return the charts that suit a table, best first; each answers on it."""
    if not table.rows:
        return ()
    facts = facts_of(table)
    found = [made for rule in RULES for made in rule(facts)]
    good = [s for s in found if s.spec.mark in MARKS and not problems(s.spec, table)]
    return _varied(sorted(good, key=lambda suggestion: -suggestion.score))


def best(table: Table) -> ChartSpec | None:
    """Return the chart a table opens on, or None when none suits it."""
    found = suggest(table)
    return found[0].spec if found else None


def questions(table: Table, most: int = QUESTIONS) -> tuple[Suggestion, ...]:
    """Return the questions to start from: the best suggestions, no two with the same words."""
    by_words = {str((s.question.code, s.question.facts)): s for s in reversed(suggest(table))}
    return tuple(sorted(by_words.values(), key=lambda suggestion: -suggestion.score)[:most])


def blocked(table: Table) -> dict[str, Problem]:
    """Return what is missing for each mark the table cannot make."""
    missing = {name: mark.needs(table.columns) for name, mark in MARKS.items()}
    return {name: problem for name, problem in missing.items() if problem}


def _varied(ranked: Sequence[Suggestion]) -> tuple[Suggestion, ...]:
    """Lower what repeats the mark or the columns of something better, and sort again."""
    seen: list[tuple[str, frozenset[str]]] = []
    adjusted = []
    for suggestion in ranked:
        fields = frozenset(e.field for e in suggestion.spec.channels().values() if e.field)
        repeats = sum(0.5 * (mark == suggestion.spec.mark) + (used == fields) for mark, used in seen)
        seen.append((suggestion.spec.mark, fields))
        adjusted.append(suggestion.model_copy(update={"score": round(suggestion.score * 0.93**repeats, 4)}))
    return tuple(sorted(adjusted, key=lambda suggestion: -suggestion.score))


def _made(
    facts: Facts,
    score: float,
    mark: str,
    question: Problem,
    reason: Problem,
    caution: Problem | None = None,
    **channels: object,
) -> Suggestion:
    spec = ChartSpec.model_validate({"table": facts.table.id, "mark": mark, **channels})
    return Suggestion(spec=spec, score=score, question=question, reason=reason, caution=caution)


def _say(code: str, **columns: Column | None) -> Problem:
    labels: dict[str, str | int | float] = {
        name: said(column.label or column.name) for name, column in columns.items() if column
    }
    return Problem(code=code, severity="info", facts=labels)


def _kind(measure: Encoding) -> str:
    return str(measure.aggregate)


def over_time(facts: Facts) -> Iterator[Suggestion]:
    """One date: how the count or the measure changed, in a step that gives 12 to 120 points."""
    for rank, time in enumerate(facts.times[:2]):
        unit = fitting(time)
        periods = (span(time) or 0) / DAYS[unit] + 1
        if periods < 3:
            continue
        mark = "line" if periods > FEW_POINTS else "bar"
        for place, (measure, column) in enumerate(facts.measured(time)[:3]):
            yield _made(
                facts, 0.95 - 0.1 * rank - 0.08 * place, mark,
                _say(f"asks_{_kind(measure)}_by_{unit}", measure=column),
                _say(f"because_time_{_kind(measure)}", time=time, measure=column),
                x=Encoding(field=time.name, time_unit=unit), y=measure,
            )  # fmt: skip


def over_years(facts: Facts) -> Iterator[Suggestion]:
    """A column of years: the same, one point per year."""
    for year in facts.years[:1]:
        mark = "line" if year.distinct > FEW_POINTS else "bar"
        for place, (measure, column) in enumerate(facts.measured(year)[:2]):
            yield _made(
                facts, 0.92 - 0.08 * place, mark,
                _say(f"asks_{_kind(measure)}_by_year", measure=column),
                _say(f"because_time_{_kind(measure)}", time=year, measure=column),
                x=Encoding(field=year.name), y=measure,
            )  # fmt: skip


def by_category(facts: Facts) -> Iterator[Suggestion]:
    """A category: bars of its groups, the largest first; the top 15 and the others when there are many."""
    for rank, group in enumerate(facts.categories[:5]):
        for place, (measure, column) in enumerate(facts.measured(group)[:2]):
            yield _made(
                facts, (0.9 - 0.06 * rank - 0.08 * place) * min(_telling(group, facts.table), 1), "bar",
                _say(f"asks_{_kind(measure)}_by_group", group=group, measure=column),
                _say(f"because_group_{_kind(measure)}", group=group, measure=column),
                x=Encoding(field=group.name), y=measure, limit=TOP if group.distinct > TOP + 5 else None,
            )  # fmt: skip


def on_areas(facts: Facts) -> Iterator[Suggestion]:
    """Names of known places: a map of areas; totals carry a warning, since larger places have more."""
    for place in facts.places[:1]:
        for rank, (measure, column) in enumerate(facts.measured(place)[:2]):
            totals = measure.aggregate in ("count", "sum")
            yield _made(
                facts, 0.86 - 0.1 * rank, "choropleth",
                _say(f"asks_{_kind(measure)}_by_place", place=place, measure=column),
                _say("because_place", place=place),
                _say("beware_totals_on_map") if totals else None,
                place=Encoding(field=place.name), color=measure,
            )  # fmt: skip


def on_map(facts: Facts) -> Iterator[Suggestion]:
    """Latitude and longitude: where the rows are, coloured by a category of few values if there is one."""
    if facts.coordinates:
        north, east = facts.coordinates
        color = next((c for c in facts.categories if c.distinct <= SPLIT and c.role != "place"), None)
        many = facts.table.rows > 20_000
        yield _made(
            facts, 0.88, "points",
            _say("asks_where_dense" if many else "asks_where"),
            _say("because_coordinates", latitude=north, longitude=east),
            latitude=Encoding(field=north.name), longitude=Encoding(field=east.name),
            color=Encoding(field=color.name) if color and not many else None,
        )  # fmt: skip


def compared_over_time(facts: Facts) -> Iterator[Suggestion]:
    """A date and a category: one line for each of the largest groups and one for the others."""
    for time in facts.times[:1]:
        unit = fitting(time)
        groups = [c for c in facts.categories if c.distinct <= 50][:2]
        for rank, group in enumerate(groups if (span(time) or 0) / DAYS[unit] + 1 > FEW_POINTS else ()):
            for measure, column in facts.measured(group)[:1]:
                yield _made(
                    facts, 0.7 - 0.05 * rank, "line",
                    _say(f"asks_{_kind(measure)}_compared", group=group, measure=column),
                    _say("because_time_group", time=time, group=group),
                    x=Encoding(field=time.name, time_unit=unit), y=measure,
                    color=Encoding(field=group.name), limit=SERIES,
                )  # fmt: skip


def two_categories(facts: Facts) -> Iterator[Suggestion]:
    """Two categories: bars of the one with more groups, split by the one with few."""
    splits = [c for c in facts.categories if c.distinct <= SPLIT]
    for split in splits[:2]:
        group = next(
            (c for c in facts.categories if c.name != split.name and c.distinct >= split.distinct), None
        )
        measure = facts.measured(group)[0][0] if group and facts.measured(group) else COUNT
        if group and measure.aggregate in ("count", "sum"):
            yield _made(
                facts, 0.66, "bar",
                _say("asks_split", group=group, split=split),
                _say("because_two_groups", group=group, split=split),
                x=Encoding(field=group.name), y=measure, color=Encoding(field=split.name),
                limit=TOP if group.distinct > TOP + 5 else None,
            )  # fmt: skip


def parts_of_whole(facts: Facts) -> Iterator[Suggestion]:
    """A category of eight groups or more and something that adds up: a treemap."""
    for group in [c for c in facts.categories if 8 <= c.distinct <= 50][:1]:
        for measure, column in facts.measured(group)[:1]:
            if measure.aggregate == "count" or (measure.aggregate == "sum" and _never_negative(column)):
                yield _made(
                    facts, 0.5, "treemap",
                    _say("asks_parts", group=group),
                    _say("because_parts", group=group),
                    x=Encoding(field=group.name), size=measure,
                )  # fmt: skip


def _never_negative(column: Column | None) -> bool:
    return column is not None and isinstance(column.min, int | float) and column.min >= 0


def spread(facts: Facts) -> Iterator[Suggestion]:
    """A number: how its values are spread, in about ten intervals."""
    for rank, number in enumerate(facts.measures[:2]):
        if number.distinct > 10 and facts.table.rows >= 30:
            yield _made(
                facts, 0.55 - 0.06 * rank, "histogram",
                _say("asks_spread", measure=number),
                _say("because_number", measure=number),
                x=Encoding(field=number.name, bins=12), y=COUNT,
            )  # fmt: skip


def together(facts: Facts) -> Iterator[Suggestion]:
    """Two numbers: whether they rise together."""
    if len(facts.measures) >= 2 and facts.table.rows >= 10:
        first, second = facts.measures[:2]
        yield _made(
            facts, 0.45, "scatter",
            _say("asks_together", x=first, y=second),
            _say("because_two_numbers", x=first, y=second),
            x=Encoding(field=first.name), y=Encoding(field=second.name),
        )  # fmt: skip


RULES: tuple[Rule, ...] = (
    over_time, over_years, by_category, on_areas, on_map, compared_over_time,
    two_categories, parts_of_whole, spread, together,
)  # fmt: skip
