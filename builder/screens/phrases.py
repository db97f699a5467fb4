"""The sentence of a chart as choices: each part a list of phrases, keyed so that a browser can send one back."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from builder.asked import inside, part_of_time, said, time_step
from builder.choices import facets, groups, measures, needs_split, question, splits, view_of
from builder.describe import AXES
from builder.spec import ChartSpec, Encoding
from builder.views import views
from catalog.models import Column, Table
from web.i18n import N_, Words

AMOUNTS = AXES | {"distinct": N_("number of different {column}")}
NONE = "none"


class Phrase(NamedTuple):
    """One choice of a list."""

    key: str
    text: str
    chosen: bool


class Phrases(NamedTuple):
    """Choices under a heading; "" for none."""

    heading: str
    phrases: tuple[Phrase, ...]


def key(encoding: Encoding | None) -> str:
    """Return the key of an encoding, such as ``sum:afluencia`` or ``month:fecha``."""
    if encoding is None:
        return NONE
    how = (
        encoding.aggregate
        or encoding.time_unit
        or encoding.part
        or (str(encoding.bins) if encoding.bins else "")
    )
    return f"{how}:{encoding.field or ''}"


def by_key(offered: Iterable[Encoding]) -> dict[str, Encoding]:
    """Return the encodings on offer by their key."""
    return {key(encoding): encoding for encoding in offered}


def measure_phrases(spec: ChartSpec, table: Table, say: Words) -> tuple[Phrases, ...]:
    """Return the measures, each number under its own heading."""
    asked = question(spec)
    offered, chosen = measures(table, spec.mark, asked.group), asked.measure

    def phrase(encoding: Encoding) -> Phrase:
        return Phrase(key(encoding), _measure(encoding, table, say), encoding == chosen)

    rows = [phrase(each) for each in offered if each.field is None]
    sections = [Phrases("", tuple(rows))]
    for column in table.columns:
        of_column = tuple(phrase(each) for each in offered if each.field == column.name)
        if of_column and column.role == "measure":
            sections.append(Phrases(_name(column), of_column))
    different = tuple(phrase(each) for each in offered if each.aggregate == "distinct")
    sections.append(Phrases(say("How many different"), different))
    return _with_chosen(sections, chosen, lambda each: _measure(each, table, say))


def group_phrases(spec: ChartSpec, table: Table, say: Words) -> tuple[Phrases, ...]:
    """Return the groupings, those of time apart."""
    offered, chosen = groups(table, spec.mark), question(spec).group
    timely = {each.field for each in offered if each.time_unit}

    def text(encoding: Encoding) -> str:
        return _group(encoding, table, say, several=len(timely) > 1)

    when = tuple(Phrase(key(each), text(each), each == chosen) for each in _by_length(offered))
    what = tuple(
        Phrase(key(each), text(each), each == chosen)
        for each in offered
        if not each.time_unit and not each.part
    )
    sections = [Phrases(say("Time"), when), Phrases(say("Columns"), what)]
    return _with_chosen(sections, chosen, text)


def split_phrases(spec: ChartSpec, table: Table, say: Words) -> tuple[Phrases, ...]:
    """Return the colours, beginning with none."""
    asked = question(spec)
    offered = splits(table, spec.mark, asked.group)
    if not offered:
        return ()
    nothing = [] if needs_split(spec.mark) else [Phrase(NONE, say("a single colour"), asked.split is None)]

    def text(encoding: Encoding) -> str:
        return _group(encoding, table, say, several=True)

    named = [Phrase(key(each), text(each), each == asked.split) for each in offered]
    return _with_chosen([Phrases("", (*nothing, *named))], asked.split, text)


def facet_phrases(spec: ChartSpec, table: Table, say: Words) -> tuple[Phrase, ...]:
    """Return the columns the chart can be repeated for, beginning with none."""
    offered = facets(spec, table)
    named = [Phrase(key(each), _name(table.column(each.field or "")), each == spec.facet) for each in offered]
    return (Phrase(NONE, say("one chart"), spec.facet is None), *named) if named else ()


VIEWS: dict[str, str] = {
    "share": N_("% of the total"),
    "change": N_("change on the period before"),
    "running": N_("running total"),
    "per_1000": N_("per 1,000 inhabitants"),
    "per_100000": N_("per 100,000 inhabitants"),
}


def view_phrases(spec: ChartSpec, table: Table, say: Words) -> tuple[Phrase, ...]:
    """Return the views the measure can take, beginning with the numbers as counted."""
    offered = views(spec, table)
    shown = view_of(spec)
    named = [Phrase(view, say(VIEWS[view]), view == shown) for view in offered]
    return (Phrase(NONE, say("as counted"), shown is None), *named) if named else ()


def _by_length(offered: Sequence[Encoding]) -> list[Encoding]:
    order = ("year", "quarter", "month", "week", "day", "hour")
    timely = [each for each in offered if each.time_unit]
    fields = list(dict.fromkeys(each.field for each in timely))
    steps = sorted(timely, key=lambda each: (fields.index(each.field), order.index(str(each.time_unit))))
    return [*steps, *(each for each in offered if each.part)]


def _with_chosen(sections, chosen, text) -> tuple[Phrases, ...]:
    """Drop empty sections; what the chart shows is always in the list, even when it is not on offer."""
    kept = [section for section in sections if section.phrases]
    is_listed = any(phrase.chosen for section in kept for phrase in section.phrases)
    if chosen is not None and not is_listed:
        kept.insert(0, Phrases("", (Phrase(key(chosen), text(chosen), True),)))
    return tuple(kept)


def _name(column: Column | None) -> str:
    return inside(said(column.label or column.name)) if column else ""


def _measure(encoding: Encoding, table: Table, say: Words) -> str:
    if encoding.field is None:
        return say("number of rows")
    name = _name(table.column(encoding.field))
    return say(AMOUNTS[encoding.aggregate], column=name) if encoding.aggregate in AMOUNTS else name


def _group(encoding: Encoding, table: Table, say: Words, several: bool) -> str:
    name = _name(table.column(encoding.field or ""))
    if encoding.part:
        part = part_of_time(encoding.part, say)
        return say("{step} of {column}", step=part, column=name) if several else part
    if not encoding.time_unit:
        return name
    step = time_step(encoding.time_unit, say)
    return say("{step} of {column}", step=step, column=name) if several else step
