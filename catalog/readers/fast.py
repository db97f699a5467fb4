"""Read cells in SQL: expressions that agree with the Python rules on all they read, and leave the rest."""

from collections.abc import Iterable

from catalog.models import Type
from catalog.readers.values import Decision

SQL_TYPES: dict[Type, str] = {
    "text": "varchar", "integer": "bigint", "number": "double", "boolean": "boolean",
    "date": "date", "datetime": "timestamp", "geometry": "varchar",
}  # fmt: skip
BLANK_CODES = (32, 9, 10, 11, 12, 13, 26, 0xA0, 0x200B, 0x200E, 0x2060, 0x3000, 0xFEFF)
BLANKS = " || ".join(f"chr({code})" for code in BLANK_CODES)
BLANK = "".join(rf"\x{{{code:x}}}" for code in BLANK_CODES)
WHOLE = r"[+-]?(0|[1-9]\d{0,17})"
THOUSANDS = r"[+-]?[1-9]\d{0,2}(,\d{3})+"
GROUPED_DOT = r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?"
GROUPED_COMMA = r"[+-]?(\d+|\d{1,3}(\.\d{3})+)(,\d+)?"
DAY = r"\d{4}-\d{2}-\d{2}"
MOMENT = r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?"


def quoted(text: str) -> str:
    """Return a text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def filled(column: str) -> str:
    """Return the condition that a cell holds more than blanks."""
    return f"regexp_matches({column}, '[^{BLANK}]')"


def bare(column: str) -> str:
    """Return the expression of a cell's text without outer blanks, null when it is blank.

    Few cells have any, and looking is cheaper than cutting.
    """
    padded = f"regexp_matches({column}, '^[{BLANK}]|[{BLANK}]$')"
    return f"nullif(case when {padded} then trim({column}, {BLANKS}) else {column} end, '')"


def known(text: str, words: Iterable[str]) -> str:
    """Return the expression of a text, null where it is one of the words that say nothing."""
    told = ", ".join(quoted(word) for word in sorted(words))
    return f"case when {text} in ({told}) then null else {text} end" if told else text


def cell(column: str, decision: Decision, *, padded: bool) -> tuple[str, str]:
    """Return the expressions of a typed value and of the text that it could not read.

    ``padded`` says that blanks around the values are usual; else a padded one is read as odd.
    """
    if decision.type == "text":
        return known(bare(column), decision.nulls), "null::varchar"
    numeric = [word for word in decision.nulls if any(c.isdigit() for c in word)]
    value = fast(known(bare(column) if padded else column, numeric), decision)
    return value, f"case when {value} is null then {known(bare(column), decision.nulls)} end"


def fast(text: str, decision: Decision) -> str:
    """Return the expression of a typed value; null where the Python rules must be asked."""
    if decision.type == "text":
        return text
    if decision.type == "integer":
        return (
            f"case when regexp_full_match({text}, '{WHOLE}') then try_cast({text} as bigint) "
            f"when regexp_full_match({text}, '{THOUSANDS}') then try_cast(replace({text}, ',', '') as bigint) end"
            if decision.style == "dot"
            else f"case when regexp_full_match({text}, '{WHOLE}') then try_cast({text} as bigint) end"
        )
    if decision.type == "number":
        return _number(text, decision)
    if decision.type == "date":
        return _date(text, decision)
    if decision.type == "datetime":
        return f"case when regexp_full_match({text}, '{MOMENT}') then try_cast({text} as timestamp) end"
    return f"null::{SQL_TYPES[decision.type]}"


def _number(text: str, decision: Decision) -> str:
    if decision.style == "comma":
        plain = f"replace(replace({text}, '.', ''), ',', '.')"
        return f"case when regexp_full_match({text}, '{GROUPED_COMMA}') then try_cast({plain} as double) end"
    return (
        f"case when regexp_full_match({text}, '{GROUPED_DOT}') "
        f"then try_cast(replace({text}, ',', '') as double) end"
    )


def _date(text: str, decision: Decision) -> str:
    order = "%d/%m/%Y" if decision.order == "dmy" else "%m/%d/%Y"
    return (
        f"case when regexp_full_match({text}, '{DAY}') then try_cast({text} as date) "
        rf"when regexp_full_match({text}, '\d{{1,2}}/\d{{1,2}}/\d{{4}}') then try_strptime({text}, '{order}')::date end"
    )
