"""Which charts a table should open with, the best first; which it cannot make, and why."""

from collections.abc import Sequence

from builder.check import problems
from builder.facts import facts_of
from builder.marks import MARKS
from builder.rules import RULES, Suggestion
from builder.spec import ChartSpec
from catalog.models import Table
from web.values import Problem

__all__ = ["Suggestion", "best", "blocked", "questions", "suggest"]
QUESTIONS = 6


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
