"""Read as a person said: where the header is, and what a column is."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal

from catalog.models import Column, Role, Type
from catalog.readers import dates, numbers
from catalog.readers.numbers import Style
from catalog.readers.values import Decision, Parse, decide, stripped
from web.values import Problem, Value

YES = frozenset(["si", "sí", "yes", "true", "verdadero", "s", "y", "t", "x", "1", "oui", "sim"])
NO = frozenset(["no", "false", "falso", "n", "f", "0", "non", "não"])
NUMERIC = ("integer", "number")


class ColumnChoice(Value):
    """What a person says of a column; None leaves it to the reader.

    ``nulls`` are all the words that mean "no data" there; ``order`` that of day and month;
    ``decimals`` the decimal mark.
    """

    type: Literal["text", "integer", "number", "boolean", "date", "datetime"] | None = None
    role: Role | None = None
    additive: bool | None = None
    nulls: tuple[str, ...] | None = None
    order: dates.Order | None = None
    decimals: Style | None = None


class Choices(Value):
    """How to read a file: ``header`` is the first row of the header, counted from 1 (0: there is none)."""

    sheet: str | None = None
    part: int | None = None
    header: int | None = None
    levels: int = 1
    columns: dict[str, ColumnChoice] = {}


def header_of(choices: Choices | None) -> tuple[int, int] | None:
    """Return the first row of the header from 0, and how many rows it has; None when nobody said."""
    if choices is None or choices.header is None:
        return None
    return (choices.header - 1, choices.levels) if choices.header else (0, 0)


def decide_as(
    label: str, counts: Mapping[str, int], choice: ColumnChoice | None, *, dotted: bool, elsewhere: Style | None
) -> Decision:  # fmt: skip
    """Return how to read a column: as chosen, and by the reader's own rules where nothing is."""
    if choice is None:
        return decide(label, counts, dotted=dotted, elsewhere=elsewhere)
    bare = stripped(counts)
    chosen = frozenset(choice.nulls or ())
    rest = Counter({text: n for text, n in bare.items() if text not in chosen})
    decision = decide(label, rest, dotted=dotted, elsewhere=choice.decimals or elsewhere)
    nulls = chosen if choice.nulls is not None else decision.nulls
    wanted = choice.type or decision.type
    restyled = choice.decimals not in (None, decision.style) and wanted in NUMERIC
    reordered = choice.order not in (None, decision.order) and wanted in ("date", "datetime")
    if wanted != decision.type or restyled or reordered:
        unit = decision.unit if wanted in NUMERIC else ""
        parse = _parse(wanted, choice.decimals or decision.style, choice.order or decision.order)
        decision = Decision(wanted, parse, unit=unit, style=choice.decimals or decision.style)
        decision.order = choice.order or "dmy"
    settled = (
        ("date_order_assumed",)
        if choice.order
        else ("decimals_assumed", "thousands_assumed")
        if choice.decimals
        else ()
    )
    decision.problems = [one for one in decision.problems if one.code not in settled]
    decision.nulls = nulls
    return decision


def _parse(type_: Type, style: Style, order: dates.Order) -> Parse:
    """Return the reader of a type that was chosen; a text that does not fit has no value."""

    def number(text: str) -> object:
        return numbers.read(text, style)

    def whole(text: str) -> object:
        value = numbers.read(text, style)
        return int(value) if value is not None and float(value).is_integer() else None

    def moment(text: str) -> object:
        found = dates.match(text)
        at = dates.moment(found, order) if found else None
        if at is None:
            return None
        return dates.as_day(at) if type_ == "date" else dates.as_moment(at)

    def yes(text: str) -> object:
        return True if text.lower() in YES else False if text.lower() in NO else None

    readers: dict[str, Parse] = {
        "number": lambda text: None if number(text) is None else float(number(text)),  # type: ignore[arg-type]
        "integer": whole, "date": moment, "datetime": moment, "boolean": yes,
    }  # fmt: skip
    return readers.get(type_, str)


def with_roles(columns: Sequence[Column], choices: Choices | None) -> tuple[list[Column], list[Problem]]:
    """Return the columns with the roles a person gave them, and what is to be said of the corrections."""
    if choices is None:
        return list(columns), []
    said = [
        Problem(code="choice_missed", severity="warning", where=name)
        for name in choices.columns
        if not any(one.name == name for one in columns)
    ]
    if choices.header is not None or choices.columns:
        named = [one.name for one in columns if one.name in choices.columns]
        where = ", ".join(named) or str(choices.header)
        said.append(Problem(code="corrected", severity="info", where=where[:200]))
    made = []
    for one in columns:
        choice = choices.columns.get(one.name)
        fits = choice and (choice.role != "measure" or one.type in NUMERIC)
        if choice and choice.role and not fits:
            said.append(
                Problem(code="role_unfit", severity="warning", where=one.name, facts={"role": choice.role})
            )
        made.append(_with_role(one, choice) if choice and fits else one)
    return made, said


def _with_role(column: Column, choice: ColumnChoice) -> Column:
    role = choice.role or column.role
    additive = column.additive if choice.additive is None else choice.additive
    return column.model_copy(update={"role": role, "additive": additive and role == "measure"})
