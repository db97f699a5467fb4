"""The values of a column a filter can choose from, with the rows each would add."""

import unicodedata
from dataclasses import dataclass
from typing import Any, Protocol

import ibis

from builder.query import passing
from builder.spec import ChartSpec
from catalog.models import Scalar, Table

MOST = 5_000
"""Distinct values of a column up to which they are offered."""


class Answers(Protocol):
    """Whoever runs an expression over the rows of a table."""

    def rows(self, table_id: str) -> Any: ...
    def fetch(self, expression: Any) -> list[dict[str, Any]]: ...


@dataclass(frozen=True)
class Facet:
    """The values of one column among the rows the other filters keep, the most frequent first.

    ``missing`` counts the rows without a value.
    """

    field: str
    values: tuple[tuple[Scalar, int], ...]
    missing: int = 0


def facet(answers: Answers, spec: ChartSpec, table: Table, field: str) -> Facet:
    """Return the values of a column with their rows, counted under the spec's other filters."""
    found = answers.fetch(counted(spec, table, field, answers.rows(table.id)))
    values = tuple((row["value"], row["n"]) for row in found if row["value"] is not None)
    missing = sum(row["n"] for row in found if row["value"] is None)
    return Facet(field, values, missing)


def counted(spec: ChartSpec, table: Table, field: str, rows: Any) -> Any:
    """Return the expression of a facet: a row for each value with its rows, the missing first."""
    others = tuple(kept for kept in spec.filters if kept.field != field)
    kept = passing(spec.model_copy(update={"filters": others}), table, rows)
    groups = kept.group_by(value=kept[field]).aggregate(n=kept.count())
    order = [groups.value.isnull().desc(), ibis.desc("n"), groups.value]
    return groups.order_by(order).limit(MOST + 1)  # and the missing


def search(found: Facet, text: str, most: int) -> tuple[tuple[Scalar, int], ...]:
    """Return the first values that hold a text, whatever its accents and case."""
    wanted = _folded(text)
    held = (pair for pair in found.values if wanted in _folded(str(pair[0])))
    return tuple(pair for pair, _ in zip(held, range(most), strict=False))


def _folded(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.strip().casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
