"""What a browser may ask for: every message is checked here and becomes one pure step of builder.edit."""

import json
import math
from collections.abc import Callable, Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from builder import edit
from builder.choices import facets, groups, measures, question, splits
from builder.periods import recent
from builder.screens.phrases import NONE, by_key
from builder.spec import ChartSpec, Encoding, Filter
from catalog.models import Column, Scalar, Table
from web.values import Refused

Short = Annotated[str, StringConstraints(max_length=300)]


class Message(BaseModel):
    """What a control of the page says: what to do, with which value, to which column."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    do: Short
    value: Short = ""
    field: Short = ""
    on: bool = False
    low: Short = ""
    high: Short = ""
    width: int = 0


class Desk(BaseModel):
    """What a step may look at besides the chart: its table, and charts to learn from."""

    model_config = ConfigDict(frozen=True)

    table: Table
    examples: tuple[ChartSpec, ...] = ()
    questions: tuple[ChartSpec, ...] = ()


def step(message: Message, desk: Desk) -> Callable[[ChartSpec], ChartSpec]:
    """Return the step a message asks for. The step raises ``Refused`` when the chart cannot take it."""
    if message.do not in STEPS:
        raise Refused("edit_choice_none", message.do)
    return lambda spec: STEPS[message.do](spec, message, desk)


def _mark(spec: ChartSpec, message: Message, desk: Desk) -> ChartSpec:
    return edit.with_mark(spec, desk.table, message.value, desk.examples)


def _measure(spec: ChartSpec, message: Message, desk: Desk) -> ChartSpec:
    measure = _offered(message, measures(desk.table, spec.mark, question(spec).group))
    return edit.with_measure(spec, desk.table, measure)


def _group(spec: ChartSpec, message: Message, desk: Desk) -> ChartSpec:
    return edit.with_group(spec, desk.table, _offered(message, groups(desk.table, spec.mark)))


def _color(spec: ChartSpec, message: Message, desk: Desk) -> ChartSpec:
    if message.value == NONE:
        return edit.with_color(spec, desk.table, None)
    offered = splits(desk.table, spec.mark, question(spec).group)
    return edit.with_color(spec, desk.table, _offered(message, offered))


def _panels(spec: ChartSpec, message: Message, desk: Desk) -> ChartSpec:
    chosen = None if message.value == NONE else _offered(message, facets(spec, desk.table))
    return edit.with_facet(spec, desk.table, chosen)


def _view(spec: ChartSpec, message: Message, desk: Desk) -> ChartSpec:
    return edit.with_view(spec, desk.table, None if message.value == NONE else message.value)  # type: ignore[arg-type]


def _sort(spec: ChartSpec, message: Message, desk: Desk) -> ChartSpec:
    return edit.with_sort(spec, message.value)  # type: ignore[arg-type]


def _stack(spec: ChartSpec, message: Message, desk: Desk) -> ChartSpec:
    return edit.with_stack(spec, message.value)  # type: ignore[arg-type]


def _limit(spec: ChartSpec, message: Message, desk: Desk) -> ChartSpec:
    if message.value and not message.value.isdecimal():
        raise Refused("edit_limit_out", most=edit.MOST_GROUPS)
    return edit.with_limit(spec, int(message.value) if message.value else None)


def _others(spec: ChartSpec, message: Message, desk: Desk) -> ChartSpec:
    return edit.with_limit(spec, spec.limit, others=message.on)


def _title(spec: ChartSpec, message: Message, desk: Desk) -> ChartSpec:
    return edit.with_title(spec, message.value)


def _pick(spec: ChartSpec, message: Message, desk: Desk) -> ChartSpec:
    """Tick or untick one value of a category."""
    kept = filter_on(spec, message.field)
    value = _scalar(message)
    values = [each for each in kept.values if each != value] + [value] * message.on
    return edit.with_filter(spec, desk.table, kept.model_copy(update={"values": tuple(values)}))


def _missing(spec: ChartSpec, message: Message, desk: Desk) -> ChartSpec:
    kept = filter_on(spec, message.field).model_copy(update={"missing": message.on})
    return edit.with_filter(spec, desk.table, kept)


def _range(spec: ChartSpec, message: Message, desk: Desk) -> ChartSpec:
    column = desk.table.column(message.field)
    if column is None:
        raise Refused("edit_column_none", message.field)
    ends = {"low": _end(message.low, column), "high": _end(message.high, column)}
    kept = filter_on(spec, message.field).model_copy(update=ends)
    return edit.with_filter(spec, desk.table, kept)


def _exclude(spec: ChartSpec, message: Message, desk: Desk) -> ChartSpec:
    kept = filter_on(spec, message.field).model_copy(update={"exclude": message.on})
    return edit.with_filter(spec, desk.table, kept)


def _recent(spec: ChartSpec, message: Message, desk: Desk) -> ChartSpec:
    """Keep the last months of the data, whole months counted back from the newest."""
    column = desk.table.column(message.field)
    since = recent(column, int(message.value)) if column and message.value.isdecimal() else None
    if since is None:
        raise Refused("edit_choice_none", message.value)
    return edit.with_filter(spec, desk.table, Filter(field=message.field, low=since))


def _unfilter(spec: ChartSpec, message: Message, desk: Desk) -> ChartSpec:
    return edit.without_filter(spec, message.field) if message.field else edit.without_filters(spec)


def _question(spec: ChartSpec, message: Message, desk: Desk) -> ChartSpec:
    """Ask one of the table's own questions of the rows now kept."""
    if not message.value.isdecimal() or int(message.value) >= len(desk.questions):
        raise Refused("edit_choice_none", message.value)
    chosen = desk.questions[int(message.value)]
    return chosen.model_copy(update={"filters": spec.filters, "resource": spec.resource})


STEPS: dict[str, Callable[[ChartSpec, Message, Desk], ChartSpec]] = {
    "mark": _mark,
    "measure": _measure,
    "group": _group,
    "color": _color,
    "panels": _panels,
    "view": _view,
    "sort": _sort,
    "stack": _stack,
    "limit": _limit,
    "others": _others,
    "title": _title,
    "pick": _pick,
    "missing": _missing,
    "range": _range,
    "exclude": _exclude,
    "recent": _recent,
    "unfilter": _unfilter,
    "question": _question,
}


def filter_on(spec: ChartSpec, field: str) -> Filter:
    """Return the chart's filter on a column, or one that chooses nothing yet."""
    return next((kept for kept in spec.filters if kept.field == field), Filter(field=field))


def _offered(message: Message, offered: Sequence[Encoding]) -> Encoding:
    known = by_key(offered)
    if message.value not in known:
        raise Refused("edit_choice_none", message.value)
    return known[message.value]


def _scalar(message: Message) -> Scalar:
    try:
        value = json.loads(message.value)
    except ValueError:
        raise Refused("edit_choice_none", message.value) from None
    if value is None or not isinstance(value, str | int | float | bool):
        raise Refused("edit_choice_none", message.value)
    return value


def _end(text: str, column: Column) -> str | float | int | None:
    """Read one end of a range as its column's type; an empty one is open."""
    text = text.strip()
    if not text or column.type not in ("integer", "number"):
        return text or None
    try:
        number = float(text.replace(",", ""))
    except ValueError:
        raise Refused("filter_value", column.label, value=text) from None
    if not math.isfinite(number):
        raise Refused("filter_value", column.label, value=text)
    return int(number) if number.is_integer() else number
