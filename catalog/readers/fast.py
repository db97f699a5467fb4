"""Read cells in SQL: expressions that agree with the Python rules on all they read, and leave the rest."""

from catalog.models import Type
from catalog.readers.values import Decision

SQL_TYPES: dict[Type, str] = {
    "text": "varchar", "integer": "bigint", "number": "double", "boolean": "boolean",
    "date": "date", "datetime": "timestamp", "geometry": "varchar",
}  # fmt: skip
BLANKS = "' ' || chr(9) || chr(10) || chr(13) || chr(160)"
WHOLE = r"[+-]?(0|[1-9]\d{0,17})"
THOUSANDS = r"[+-]?[1-9]\d{0,2}(,\d{3})+"
GROUPED_DOT = r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?"
GROUPED_COMMA = r"[+-]?(\d+|\d{1,3}(\.\d{3})+)(,\d+)?"
DAY = r"\d{4}-\d{2}-\d{2}"
MOMENT = r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?"


def quoted(text: str) -> str:
    """Return a text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def bare(column: str, decision: Decision) -> str:
    """Return the expression of a cell's text without outer blanks, null where it says nothing."""
    text = f"nullif(trim({column}, {BLANKS}), '')"
    if not decision.nulls:
        return text
    words = ", ".join(quoted(word) for word in sorted(decision.nulls))
    return f"case when {text} in ({words}) then null else {text} end"


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
