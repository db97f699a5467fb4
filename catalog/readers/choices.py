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
SHARES = ("%", "‰", "°", "°C", "°F")
NAME_LENGTH = 120


class ColumnChoice(Value):
    """What a person says of a column; None leaves it to the reader.

    ``name`` is what the column is to be called; ``nulls`` are all the words that mean "no data"
    there; ``order`` that of day and month; ``decimals`` the decimal mark; ``unit`` that of its numbers ('': none).
    """

    name: str | None = None

    type: Literal["text", "integer", "number", "boolean", "date", "datetime"] | None = None
    role: Role | None = None
    additive: bool | None = None
    nulls: tuple[str, ...] | None = None
    order: dates.Order | None = None
    decimals: Style | None = None
    unit: str | None = None


class Choices(Value):
    """How to read a file: ``sheet`` is one of the names a table offers, ``part`` its number among them;
    ``header`` is the first row of the header, counted from 1 (0: there is none).

    ``columns`` are known by the names that the reader gives them, also those a person calls otherwise.
    """

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


def with_choices(columns: Sequence[Column], choices: Choices | None) -> tuple[list[Column], list[Problem]]:
    """Return the columns with the roles, units and names a person gave, and what is to be said of it."""
    if choices is None:
        return list(columns), []
    found = {one.name for one in columns}
    said = [
        Problem(code="choice_missed", severity="warning", where=name)
        for name in choices.columns
        if name not in found
    ]
    if choices.header is not None or choices.columns:
        named = [one.name for one in columns if one.name in choices.columns]
        where = ", ".join(named) or str(choices.header)
        said.append(Problem(code="corrected", severity="info", where=where[:200]))
    made = [_as_chosen(one, choices.columns.get(one.name), said) for one in columns]
    return _renamed(made, choices, said), said


def _as_chosen(column: Column, choice: ColumnChoice | None, said: list[Problem]) -> Column:
    if choice is None:
        return column
    if choice.role == "measure" and column.type not in NUMERIC:
        said.append(
            Problem(code="role_unfit", severity="warning", where=column.name, facts={"role": choice.role})
        )
        choice = choice.model_copy(update={"role": None})
    role, unit = choice.role or column.role, column.unit if choice.unit is None else choice.unit.strip()
    additive = column.additive and unit not in SHARES if choice.additive is None else choice.additive
    return column.model_copy(update={"role": role, "unit": unit, "additive": additive and role == "measure"})


def _renamed(columns: Sequence[Column], choices: Choices, said: list[Problem]) -> list[Column]:
    """Return the columns under the names a person chose; a name that is taken is not given twice."""
    taken = {one.name.lower() for one in columns}
    called: dict[str, str] = {}
    for one in columns:
        choice = choices.columns.get(one.name)
        name = " ".join((choice.name or "").split())[:NAME_LENGTH] if choice else ""
        if not name or name == one.name:
            continue
        if name.lower() in taken - {one.name.lower()}:
            said.append(Problem(code="name_taken", severity="warning", where=one.name, facts={"to": name}))
            continue
        taken.add(name.lower())
        called[one.name] = name
        said.append(Problem(code="renamed", severity="info", where=one.name, facts={"to": name}))
    return [
        one.model_copy(
            update={
                "name": called.get(one.name, one.name),
                "label": called.get(one.name, one.label),
                "derived": tuple(called.get(source, source) for source in one.derived),
            }
        )
        for one in columns
    ]
