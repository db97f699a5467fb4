"""What a person sees and says when checking how a file was read: values for the page, choices from its forms."""

from collections.abc import Mapping
from typing import get_args

from pydantic import ValidationError

from catalog.card import ROLES, TYPES, ColumnCard, table_card
from catalog.models import Column, Role, Table, Type
from catalog.readers.choices import Choices, ColumnChoice
from web.i18n import Words, explain, number, words
from web.values import Refused, Value

AS_READ = ""
"""What a form sends for: leave it to the reader."""
BAR = "|"
CHOSEN_TYPES = ("text", "integer", "number", "boolean", "date", "datetime")
CHOSEN_ROLES = (
    "category",
    "ordered",
    "measure",
    "time",
    "place",
    "identifier",
    "text",
    "latitude",
    "longitude",
)


class Head(Value):
    """The head of one column of the page: its card, and whether a person corrected it."""

    name: str
    role: Role
    card: ColumnCard
    is_corrected: bool


class Change(Value):
    """One figure before and after a correction, in words."""

    what: str
    before: str
    after: str


def heads(table: Table, said: Choices | None, language: str) -> tuple[Head, ...]:
    """Return the head of every column of a table."""
    cards = table_card(table, language).columns
    corrected = _corrected(said)
    return tuple(
        Head(name=column.name, role=column.role, card=card, is_corrected=column.name in corrected)
        for column, card in zip(table.columns, cards, strict=True)
    )


def remarks(table: Table, language: str) -> tuple[list[str], list[str]]:
    """Return what a person should look at, and what was understood differently from the text, in words."""
    return (
        [explain(problem, language) for problem in table.problems],
        [explain(problem, language) for problem in table.changes],
    )


def differences(before: Table, after: Table, language: str) -> tuple[Change, ...]:
    """Return what a correction changed: rows, rows set aside, columns, types, and sums that are no longer the same."""
    _ = words(language)
    counts = [
        (_("rows"), before.rows, after.rows),
        (_("rows set aside"), before.set_aside, after.set_aside),
        (_("columns"), len(before.columns), len(after.columns)),
    ]
    found = [
        Change(what=w, before=number(a, language), after=number(b, language)) for w, a, b in counts if a != b
    ]
    old = {column.name: column for column in before.columns}
    for column in after.columns:
        was = old.get(column.name)
        if was is None:
            found.append(Change(what=column.label, before="–", after=_(TYPES[column.type])))
        elif (was.type, was.role) != (column.type, column.role):
            found.append(Change(what=column.label, before=_sense(was, _), after=_sense(column, _)))
        elif was.sum != column.sum:
            found.append(
                Change(
                    what=_("sum of {column}", column=column.label),
                    before=_sum(was, language),
                    after=_sum(column, language),
                )
            )
    return tuple(found)


def _sense(column: Column, _: Words) -> str:
    return f"{_(ROLES[column.role])} ({_(TYPES[column.type])})"


def _sum(column: Column, language: str) -> str:
    return "–" if column.sum is None else number(column.sum, language)


def of_column(said: Choices | None, name: str) -> ColumnChoice:
    """Return what a person said of the column that is now called ``name``."""
    choices = said.columns if said else {}
    return choices.get(_source(said, name)) or ColumnChoice()


def with_column(said: Choices | None, name: str, form: Mapping[str, str]) -> Choices:
    """Return the corrections with those of one column replaced by a form's; raises Refused ``choice_unknown``."""
    source = _source(said, name)
    wanted = {
        "name": form.get("name", "").strip() or None if form.get("name", "").strip() != source else None,
        "type": form.get("type") or None,
        "role": form.get("role") or None,
        "order": form.get("order") or None,
        "decimals": form.get("decimals") or None,
        "nulls": _nulls(form),
        "unit": form["unit"].strip() if form.get("unit", "").strip() else None,
    }
    before = said or Choices()
    try:
        choice = ColumnChoice.model_validate(wanted)
    except ValidationError as error:
        raise Refused("choice_unknown", name, reason=error.errors()[0]["msg"]) from error
    columns = {key: kept for key, kept in before.columns.items() if key != source}
    if choice != ColumnChoice():
        columns[source] = choice
    return before.model_copy(update={"columns": columns})


def with_layout(said: Choices | None, form: Mapping[str, str]) -> Choices:
    """Return the corrections with another sheet and header; other names of columns may follow, so theirs are dropped.

    Raises Refused ``choice_unknown`` for a header row that is no number.
    """
    header, levels = form.get("header", "").strip(), form.get("levels", "1").strip() or "1"
    if (header and not header.isdecimal()) or not levels.isdecimal() or not 1 <= int(levels) <= 5:
        raise Refused("choice_unknown", header or levels, reason=header or levels)
    return Choices(
        sheet=form.get("sheet") or None, header=int(header) if header else None, levels=int(levels)
    )


def _nulls(form: Mapping[str, str]) -> tuple[str, ...] | None:
    """Return the words for no data; None when the form leaves them to the reader."""
    if not form.get("has_nulls"):
        return None
    return tuple(word.strip() for word in form.get("nulls", "").split(BAR) if word.strip())


def _source(said: Choices | None, name: str) -> str:
    """Return what the reader calls a column that a person may have renamed."""
    renamed = {choice.name: source for source, choice in said.columns.items() if choice.name} if said else {}
    return renamed.get(name, name)


def _corrected(said: Choices | None) -> set[str]:
    return {choice.name or source for source, choice in said.columns.items()} if said else set()


def types(language: str) -> list[tuple[Type, str]]:
    """Return the types a person can choose, in words."""
    _ = words(language)
    return [(type_, _(TYPES[type_])) for type_ in get_args(Type) if type_ in CHOSEN_TYPES]


def roles(language: str) -> list[tuple[Role, str]]:
    """Return the roles a person can choose, in words."""
    _ = words(language)
    return [(role, _(ROLES[role])) for role in get_args(Role) if role in CHOSEN_ROLES]
