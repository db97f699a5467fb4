"""Titles, the filter sentence, what was counted, and the text read aloud, made from the choices and the result."""

import datetime as dt
from collections.abc import Sequence

from builder.asked import Asked, inside, said, sentence, some
from builder.parts import Body, Datum, Source
from builder.periods import floor, interval
from builder.spec import Filter
from builder.theme import GREY
from builder.views import PEOPLE, begun_late
from catalog.models import Provenance
from catalog.places import geography
from web.i18n import N_, Words, date, number

MEASURES = {
    "sum": N_("{column}"),
    "mean": N_("average {column}"),
    "median": N_("median {column}"),
    "min": N_("lowest {column}"),
    "max": N_("highest {column}"),
    "p10": N_("10th percentile of {column}"),
    "p25": N_("25th percentile of {column}"),
    "p75": N_("75th percentile of {column}"),
    "p90": N_("90th percentile of {column}"),
    "distinct": N_("different values of {column}"),
}
VIEWS: dict[str, str] = {
    "share": N_("{measure}, % of the total"),
    "change": N_("{measure}, change on the period before (%)"),
    "running": N_("{measure}, running total"),
    "per_1000": N_("{measure} per 1,000 inhabitants"),
    "per_100000": N_("{measure} per 100,000 inhabitants"),
}
OF_SHOWN = N_("{measure}, % of the groups shown")
AXES = {**MEASURES, "sum": N_("sum of {column}")}
MEASURED_ELSEWHERE = ("choropleth", "heatmap", "treemap")
LISTED = 3
STEADY = 0.05


def measure(asked: Asked, channel: str = "y", axis: bool = False) -> str:
    """Return what is measured; for an axis the aggregate is always said and the unit follows."""
    encoding = getattr(asked.spec, channel)
    told = _counted_measure(asked, channel, axis)
    if encoding is None or encoding.view is None or encoding.title:
        return told
    is_part = encoding.view == "share" and not asked.spec.others and asked.result.left_out > 0
    return asked.say(OF_SHOWN if is_part else VIEWS[encoding.view], measure=told)


def _counted_measure(asked: Asked, channel: str, axis: bool) -> str:
    say = asked.say
    encoding = getattr(asked.spec, channel)
    if encoding is None or (encoding.aggregate in (None, "count") and not (encoding.field or encoding.title)):
        return say("number of rows") if axis else say("rows")
    if encoding.title:
        return str(encoding.title)
    if encoding.aggregate == "count":
        return say("rows with {column}", column=inside(asked.label(channel)))
    pattern = (AXES if axis else MEASURES).get(encoding.aggregate or "", N_("{column}"))
    column = asked.column(channel)
    unit = f" ({column.unit})" if axis and column and column.unit and encoding.aggregate != "distinct" else ""
    return say(pattern, column=inside(asked.label(channel))) + unit


def title(asked: Asked) -> str:
    """Return the title written from the choices, unless the author gave one."""
    if asked.spec.title:
        return asked.spec.title
    say, spec = asked.say, asked.spec
    if spec.mark == "points":
        told = asked.provenance.dataset_title if asked.provenance else ""
        what = told or sentence(say("rows"))
        return say("{what} on the map", what=what)
    if spec.mark == "scatter":
        x, y = inside(asked.label("x")), sentence(asked.label("y"))
        return say("{y} against {x}", y=y, x=x)
    told = _bare_title(asked)
    return (
        say("{title}, for each {facet}", title=told, facet=inside(asked.label("facet")))
        if spec.facet
        else told
    )


def _bare_title(asked: Asked) -> str:
    say = asked.say
    first, second = _groups(asked)
    what = sentence(measure(asked, measured(asked)))
    if first and second:
        return say("{measure} by {x} and {color}", measure=what, x=first, color=second)
    return say("{measure} by {x}", measure=what, x=first) if first else what


def measured(asked: Asked) -> str:
    """Return the channel that holds the number of a chart."""
    value = "color" if asked.spec.mark in ("choropleth", "heatmap") else "size"
    return value if value in asked.spec.channels() and asked.spec.mark in MEASURED_ELSEWHERE else "y"


def _groups(asked: Asked) -> tuple[str, str]:
    names = [
        inside(asked.label(channel))
        for channel, encoding in asked.spec.channels().items()
        if encoding.aggregate is None and channel in ("x", "y", "color", "place")
    ]
    return (names[0] if names else "", names[1] if len(names) > 1 else "")


def subtitle(asked: Asked) -> str:
    """Return the filter sentence: what was kept, and what could not be placed."""
    if asked.spec.subtitle:
        return asked.spec.subtitle
    say = asked.say
    kept = [filter_words(f, asked) for f in asked.spec.filters]
    lost = [
        say.plural("{n} row without {column} left out", "{n} rows without {column} left out", n,
                   column=asked.column_name(channel))
        for channel, n in asked.result.missing.items() if n
    ]  # fmt: skip
    if not asked.spec.others:
        lost += [
            say.plural("{n} smaller group of {column} left out", "{n} smaller groups of {column} left out", n,
                       column=asked.column_name(channel))
            for channel, n in asked.result.gathered.items()
        ]  # fmt: skip
    if asked.result.missing_measure:
        n, column = asked.result.missing_measure, asked.column_name(measured(asked))
        lost.append(say.plural("{n} row has no {column}", "{n} rows have no {column}", n, column=column))
    parts = [*kept, *lost]
    if not parts:
        return ""
    told = " · ".join(parts)
    return say("Only: {filters}", filters=told) if kept else sentence(told)


def filter_words(kept: Filter, asked: Asked) -> str:
    """Return one filter in words, such as ``Iztapalapa`` or ``2019–2023``."""
    say, column = asked.say, asked.table.column(kept.field)
    name = inside(said(column.label or column.name)) if column else kept.field
    timely = column is not None and column.type in ("date", "datetime")
    if kept.low is not None or kept.high is not None:
        told = _range(kept, asked, timely)
        told = told if timely else f"{name} {told}"
    else:
        told = _listed(kept, asked)
        named = column is not None and column.type == "text" and not kept.exclude
        told = told if named else f"{name}: {told}"
        told = say("without {what}", what=told) if kept.exclude else told
    return say("{what} or no {column}", what=told, column=name) if kept.missing and kept.values else told


def _listed(kept: Filter, asked: Asked) -> str:
    names = [_value(value, asked.say) for value in kept.values]
    most = LISTED + 1 if len(names) == LISTED + 1 else LISTED
    return some(names, most, asked.say) or asked.say("no value")


def _value(value: object, say: Words) -> str:
    if value is None:
        return say("no value")
    if isinstance(value, bool):
        return say("Yes") if value else say("No")
    return number(value, say.language) if isinstance(value, int | float) else str(value)


def _range(kept: Filter, asked: Asked, timely: bool) -> str:
    say = asked.say
    if timely:
        return _period(kept, asked)
    low, high = (None if edge is None else _value(edge, say) for edge in (kept.low, kept.high))
    if low is None:
        return say("up to {high}", high=high)
    return say("from {low}", low=low) if high is None else f"{low}–{high}"


def _period(kept: Filter, asked: Asked) -> str:
    """Return a range of dates in the coarsest words that are exact: years, months, else days."""
    say = asked.say
    start = interval(str(kept.low))[0] if kept.low is not None else None
    end = interval(str(kept.high))[1] if kept.high is not None else None
    edges = [edge for edge in (start, end) if edge]
    grain = _coarsest(edges)
    first = date(start, say.language, grain) if start else ""
    last = date(end - dt.timedelta(seconds=1), say.language, grain) if end else ""
    if not last:
        return say("since {date}", date=first)
    if not first:
        return say("until {date}", date=last)
    gap = "–" if grain == "year" else " – "
    return first if first == last else f"{first}{gap}{last}"


def _coarsest(edges: Sequence[dt.datetime]) -> str:
    if any(edge != floor(edge, "day") for edge in edges):
        return "hour"
    if any(edge.day != 1 for edge in edges):
        return "day"
    return "month" if any(edge.month != 1 for edge in edges) else "year"


def counted(asked: Asked) -> str:
    """Return how many rows the chart counts of how many the table has."""
    result = asked.result
    return asked.say.plural(
        "{counted} of {total} row", "{counted} of {total} rows", result.total,
        counted=result.counted, total=result.total,
    )  # fmt: skip


def standing_out(asked: Asked, is_seen: bool) -> tuple[str, ...]:
    """Return the sentence that names what stands out in a drawing, if anything does."""
    if not is_seen:
        return ()
    return (
        asked.say(
            "Stands out: {names}. The others are drawn lighter or grey.",
            names=", ".join(asked.spec.highlight),
        ),
    )


def unfinished(asked: Asked) -> tuple[str, ...]:
    """Return the sentence about a last period the data do not fill, if there is one."""
    last = asked.result.incomplete
    if last is None:
        return ()
    period = date(dt.date.fromisoformat(last[:10]), asked.language, asked.grain("x") or "day")
    return (sentence(asked.say("{period} is incomplete and drawn lighter.", period=period)),)


def unbegun(asked: Asked) -> tuple[str, ...]:
    """Return the sentence about changes left out after a first period that is not whole, if there is one."""
    encoding = asked.spec.channels().get(measured(asked))
    if encoding is None or encoding.view != "change":
        return ()
    first = begun_late(asked.spec, asked.table, asked.result)
    if first is None:
        return ()
    period = date(first.date(), asked.language, asked.grain("x") or "day")
    said = asked.say(
        "{period} is incomplete at its start, so the change after it is left out.", period=period
    )
    return (sentence(said),)


def inhabitants(asked: Asked) -> tuple[str, ...]:
    """Return whose inhabitants a rate divides by, if the chart shows one."""
    encoding = asked.spec.channels().get(measured(asked))
    column = asked.column("place") or asked.column("x")
    known = geography(column.geography) if column and encoding and encoding.view in PEOPLE else None
    return (asked.say("Inhabitants: {source}.", source=known.population_source),) if known else ()


def source(provenance: Provenance | None, language: str) -> Source:
    """Return the facts under a chart from where its table came from."""
    if provenance is None:
        return Source()
    day = provenance.modified or provenance.fetched
    return Source(
        title=provenance.dataset_title or provenance.resource_name,
        dataset=provenance.dataset,
        organization=provenance.organization,
        license=provenance.license_title,
        license_url=provenance.license_url,
        url=provenance.source_url,
        date=date(dt.date.fromisoformat(day[:10]), language) if day else "",
    )


def alt(asked: Asked, body: Body, kind: str) -> str:
    """Return the text read instead of the drawing: what, how many, range, highest, lowest, trend."""
    if asked.spec.alt:
        return asked.spec.alt
    say = asked.say
    known = [datum for datum in body.data if datum.value is not None and datum.color != GREY]
    opening = f"{kind}: {title(asked)}."
    if not known:
        return opening + " " + say("No values to show.")
    series = list(dict.fromkeys(datum.series for datum in known if datum.series))
    if body.told:
        told = [body.told]
    elif body.x.kind == "time":
        told = [_trend(known, name, asked) for name in (series or [""])[:4]]
    else:
        told = [_extremes(known, say)]
    if len(series) > 1 and not body.told:
        told.insert(0, say("Groups: {list}.", list=", ".join(series)))
    return " ".join([opening, *told])


def _whole(datum: Datum) -> str:
    return f"{datum.name}, {datum.series}" if datum.series and datum.series != datum.name else datum.name


def _extremes(known: Sequence[Datum], say: Words) -> str:
    high = max(known, key=lambda datum: datum.value or 0)
    low = min(known, key=lambda datum: datum.value or 0)
    if len(known) == 1:
        return say("{name}: {value}.", name=_whole(high), value=high.text)
    return say(
        "{n} values; the highest is {high} ({high_value}), the lowest {low} ({low_value}).",
        n=len(known), high=_whole(high), high_value=high.text, low=_whole(low), low_value=low.text,
    )  # fmt: skip


def _trend(known: Sequence[Datum], series: str, asked: Asked) -> str:
    say = asked.say
    line = [datum for datum in known if datum.series == series and not datum.faint]
    if len(line) < 2:
        return " ".join(f"{_whole(datum)}: {datum.text}." for datum in line)
    first, last = line[0], line[-1]
    start, end = first.value or 0, last.value or 0
    change = (end - start) / abs(start) if start else 0
    pattern = N_("{who} goes from {start} ({first}) to {end} ({last})")
    told = say(pattern, who=series or sentence(measure(asked)), start=first.text, first=first.name,
               end=last.text, last=last.name)  # fmt: skip
    way = say("it rises") if change > STEADY else say("it falls") if change < -STEADY else say("nearly level")
    high = max(line, key=lambda datum: datum.value or 0)
    low = min(line, key=lambda datum: datum.value or 0)
    edges = say("highest {high} ({when}), lowest {low} ({then})", high=high.text, when=high.name,
                low=low.text, then=low.name)  # fmt: skip
    return f"{told}: {way}; {edges}."
