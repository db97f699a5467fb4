"""What a table is about, in a few words: its size, period, places, gaps, and each column's sense."""

import datetime as dt

from catalog.models import Column, Hit, Match, Scalar, Table
from web.i18n import N_, date, explain, number, percent, words
from web.values import Value

TYPES = {
    "text": N_("text"), "integer": N_("whole number"), "number": N_("number"), "boolean": N_("yes or no"),
    "date": N_("date"), "datetime": N_("date and time"), "geometry": N_("shape"),
}  # fmt: skip
ROLES = {
    "identifier": N_("code"), "category": N_("category"), "ordered": N_("ordered category"), "measure": N_("measure"),
    "time": N_("time"), "place": N_("place"), "latitude": N_("latitude"), "longitude": N_("longitude"),
    "geometry": N_("map shape"), "text": N_("free text"), "constant": N_("same in all rows"), "empty": N_("empty"),
}  # fmt: skip
SHOWN_VALUES = 3


class ColumnCard(Value):
    """One line of the column dictionary."""

    label: str
    role: str
    type: str
    summary: str
    gaps: str
    note: str


class TableCard(Value):
    """A table at a glance: ``facts`` in order of interest, one line a column, what was changed."""

    facts: tuple[str, ...]
    columns: tuple[ColumnCard, ...]
    remarks: tuple[str, ...]


def table_card(table: Table, language: str) -> TableCard:
    """Return the data card of a table in a language."""
    return TableCard(
        facts=facts(table, language),
        columns=tuple(_column_card(column, table.rows, language) for column in table.columns),
        remarks=tuple(explain(problem, language) for problem in (*table.problems, *table.changes)),
    )


def facts(table: Table, language: str) -> tuple[str, ...]:
    """Return a table's rows, columns, period and places as short texts."""
    _ = words(language)
    said = [
        _.plural("{n} row", "{n} rows", table.rows),
        _.plural("{n} column", "{n} columns", len(table.columns)),
        period(table, language),
    ]
    place = next((column for column in table.columns if column.role == "place"), None)
    if place and place.distinct > 1:
        said.append(_.plural("{n} place", "{n} places", place.distinct))
    if table.set_aside:
        said.append(_.plural("{n} row set aside", "{n} rows set aside", table.set_aside))
    return tuple(filter(None, said))


def period(table: Table, language: str) -> str:
    """Return the period of a table's main time column, or an empty text."""
    column = next(
        (column for column in table.columns if column.role == "time" and column.min is not None), None
    )
    if column is None:
        return ""
    first, last = (_when(value, column, language) for value in (column.min, column.max))
    return first if first == last else f"{first} – {last}"


def match_sentence(match: Match, language: str) -> str:
    """Return where in the data a search found its words."""
    _ = words(language)
    if match.value:
        return _("column {column} has {value}", column=_quoted(match.column), value=_quoted(match.value))
    return _("has the column {column}", column=_quoted(match.column))


def match_sentences(hit: Hit, language: str) -> tuple[str, ...]:
    """Return the sentences of a hit's matches, each once."""
    return tuple(dict.fromkeys(match_sentence(match, language) for match in hit.matches))


def _column_card(column: Column, rows: int, language: str) -> ColumnCard:
    _ = words(language)
    return ColumnCard(
        label=column.label or column.name,
        role=_(ROLES[column.role]),
        type=_(TYPES[column.type]) + (f" ({column.unit})" if column.unit else ""),
        summary=_summary(column, language),
        gaps=""
        if not (column.nulls and rows)
        else _("{share} empty", share=percent(column.nulls / rows, language)),
        note=column.note,
    )


def _summary(column: Column, language: str) -> str:
    _ = words(language)
    if column.role == "time" and column.min is not None:
        return f"{_when(column.min, column, language)} – {_when(column.max, column, language)}"
    if column.role in ("measure", "latitude", "longitude") and column.min is not None:
        return f"{shown(column.min, column, language)} – {shown(column.max, column, language)}"
    if column.role in ("category", "ordered", "place", "constant") and column.top:
        values = ", ".join(str(value) for value, _count in column.top[:SHOWN_VALUES])
        more = column.distinct - SHOWN_VALUES
        return (
            _.plural("{values} and {n} more", "{values} and {n} more", more, values=values)
            if more > 0
            else values
        )
    return _.plural("{n} different value", "{n} different values", column.distinct) if column.distinct else ""


def shown(value: Scalar, column: Column, language: str) -> str:
    """Return a cell as its readers write it; codes and years keep their digits together."""
    if value is None:
        return ""
    if isinstance(value, bool):
        _ = words(language)
        return _("yes") if value else _("no")
    if column.type in ("date", "datetime") and isinstance(value, str):
        return _when(value, column, language)
    if isinstance(value, int | float) and column.role == "measure":
        return number(value, language)
    if isinstance(value, float) and value.is_integer() and column.role not in ("latitude", "longitude"):
        return str(int(value))
    return str(value)


def _when(value: Scalar, column: Column, language: str) -> str:
    if column.type not in ("date", "datetime") or not isinstance(value, str):
        return str(value)
    try:
        moment = dt.datetime.fromisoformat(value)
    except ValueError:
        return value
    grain = column.grain or "day"
    has_time = column.type == "datetime" and (moment.hour or moment.minute)
    return date(moment, language, "hour" if grain == "hour" or (has_time and grain == "day") else grain)


def _quoted(text: str) -> str:
    return f"“{text if len(text) <= 60 else text[:59] + '…'}”"
