"""From the state to what the page shows: plain values for the templates, made without a browser."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NamedTuple

from markupsafe import Markup

from builder.asked import Asked
from builder.chart import Drawing
from builder.choices import question
from builder.describe import filter_words, title
from builder.honesty import cautions
from builder.marks import MARKS
from builder.result import Result
from builder.screens.phrases import (
    Phrase,
    facet_phrases,
    group_phrases,
    measure_phrases,
    split_phrases,
    view_phrases,
)
from builder.shapes import SHAPES
from builder.spec import ChartSpec
from builder.suggest import Suggestion, blocked
from builder.svg import svg
from catalog.models import Table
from web.i18n import N_, Words, explain

LIMITS = (3, 5, 7, 10, 15, 20, 30, 60)
SORTS = {
    "auto": N_("usual order"),
    "-value": N_("largest first"),
    "value": N_("smallest first"),
    "label": N_("by name, A to Z"),
    "-label": N_("by name, Z to A"),
}
STACKS = {"stacked": N_("stacked"), "grouped": N_("side by side"), "share": N_("as shares of 100%")}


NAMES = {
    "bar": N_("Bars"),
    "line": N_("Lines"),
    "area": N_("Areas"),
    "points": N_("Map of points"),
    "choropleth": N_("Map of areas"),
    "scatter": N_("Scatter"),
    "histogram": N_("Histogram"),
    "heatmap": N_("Heatmap"),
    "treemap": N_("Treemap"),
    "pie": N_("Ring"),
    "dumbbell": N_("Before and after"),
    "number": N_("Number"),
}


class MarkButton(NamedTuple):
    """One picture of a kind of chart; ``reason`` says why it is not possible."""

    name: str
    title: str
    chosen: bool
    reason: str


class Chip(NamedTuple):
    """One filter in words."""

    field: str
    text: str


def sentence(spec: ChartSpec, table: Table, say: Words) -> dict[str, Any]:
    """Return the controls that read as a sentence, the kinds of chart, and the finer choices."""
    return {
        "measures": measure_phrases(spec, table, say),
        "groups": group_phrases(spec, table, say),
        "splits": split_phrases(spec, table, say),
        "marks": mark_buttons(spec, table, say),
        "chips": chips(spec, table, say.language),
        "tune": tune(spec, table, say),
    }


def mark_buttons(spec: ChartSpec, table: Table, say: Words) -> list[MarkButton]:
    """Return every kind of chart, the possible ones first."""
    reasons = blocked(table)
    made = [
        MarkButton(
            name,
            say(NAMES.get(name, mark.TITLE)),
            name == spec.mark,
            _reason(reasons.get(name), say.language),
        )
        for name, mark in MARKS.items()
        if name in SHAPES
    ]
    return sorted(made, key=lambda mark: bool(mark.reason))


def _reason(problem: Any, language: str) -> str:
    return explain(problem, language) if problem else ""


def chips(spec: ChartSpec, table: Table, language: str) -> list[Chip]:
    """Return the filters in words, in the order they were set."""
    asked = Asked(spec, table, Result(frame=None, total=0, counted=0), language)  # type: ignore[arg-type]
    return [Chip(kept.field, filter_words(kept, asked)) for kept in spec.filters]


def tune(spec: ChartSpec, table: Table, say: Words) -> dict[str, Any]:
    """Return the finer choices that matter to this chart: order, how many groups, how colours are put."""
    asked = question(spec)
    group = table.column(asked.group.field or "") if asked.group else None
    named = spec.mark in ("bar", "pie", "treemap") and group is not None and asked.group.time_unit is None
    split = table.column(asked.split.field or "") if asked.split else None
    limited = group if named else split if spec.mark in ("line", "area") else None
    found: dict[str, Any] = {
        "panels": facet_phrases(spec, table, say),
        "views": view_phrases(spec, table, say),
        "sorts": (),
        "limits": (),
        "gathers": False,
        "others": spec.others,
        "stacks": (),
    }
    if spec.mark == "bar" and named:
        found["sorts"] = [Phrase(key, say(text), key == spec.sort) for key, text in SORTS.items()]
    if limited is not None and limited.distinct > LIMITS[0]:
        found |= _limits(spec, limited.distinct, most=60 if named else 7, say=say)
    if split is not None and spec.mark in ("bar", "area"):
        found["stacks"] = [Phrase(key, say(text), key == spec.stack) for key, text in STACKS.items()]
    return found


def _limits(spec: ChartSpec, distinct: int, most: int, say: Words) -> dict[str, Any]:
    fewer = [n for n in LIMITS if n < min(distinct, most + 1)]
    whole = say("all {n}", n=distinct) if distinct <= most else say("the {n} largest", n=most)
    if distinct > most:
        fewer = [n for n in fewer if n < most]
    shown = [Phrase(str(n), say("the {n} largest", n=n), n == spec.limit) for n in fewer]
    cut = (spec.limit or most) < distinct
    return {
        "limits": [*shown, Phrase("", whole, spec.limit is None)],
        "gathers": cut,
    }


def picture(drawing: Drawing) -> dict[str, Any]:
    """Return what surrounds and makes the chart."""
    asked, result = drawing.asked, drawing.result
    say = asked.say
    left = say.plural("{n} row left out by the filters", "{n} rows left out by the filters", result.left_out)
    bare = replace(asked, spec=drawing.spec.model_copy(update={"title": ""}))
    return {
        "plan": drawing.wide,
        "narrow": drawing.narrow,
        "auto_title": title(bare),
        "is_empty": result.counted == 0,
        "drawings": [Markup(svg(plan)) for plan in (drawing.wide, drawing.narrow)] if result.counted else [],
        "unseen": [left] if result.left_out and drawing.spec.filters else [],
        "cautions": [explain(each, say.language) for each in cautions(drawing.spec, result)],
        "sheet": drawing.sheet,
    }


NO_PICTURE: dict[str, Any] = {
    "plan": None, "narrow": None, "auto_title": "", "is_empty": False, "drawings": [], "unseen": [], "cautions": [], "sheet": None,
}  # fmt: skip


def questions(suggested: Iterable[Suggestion], spec: ChartSpec, language: str) -> list[dict[str, Any]]:
    """Return the table's own questions as one-press choices."""
    bare = {"filters": (), "resource": "", "table": "", "title": "", "subtitle": "", "alt": "", "note": ""}
    now = spec.model_copy(update=bare)
    return [
        {
            "value": str(place),
            "text": explain(each.question, language),
            "mark": each.spec.mark,
            "chosen": each.spec.model_copy(update=bare) == now,
        }
        for place, each in enumerate(suggested)
    ]
