"""A chart as a file to take away: drawing, picture, paper, numbers, workbook, specification, and Python that draws it again."""

import datetime as dt
import io
import json
from collections.abc import Callable
from typing import Any

import builder.problems  # noqa: F401  (registers the sentence of a form that a chart has not)
from builder.asked import sentence
from builder.chart import Drawing
from builder.describe import measure, measured
from builder.interactive import item
from builder.parts import Plan
from builder.sheet import heads, to_csv, typed_rows
from builder.spec import ChartSpec
from builder.svg import pdf, png, svg
from builder.theme import CATEGORIES, RAMP, color
from web.i18n import words
from web.values import Refused

MEDIA = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "svg": "image/svg+xml",
    "png": "image/png",
    "pdf": "application/pdf",
    "py": "text/x-python",
    "spec.json": "application/json",
    "bokeh.json": "application/json",
}
TEXTS = ("csv", "svg", "py", "spec.json", "bokeh.json")
HVPLOT = {
    "bar": "bar",
    "line": "line",
    "area": "area",
    "scatter": "scatter",
    "histogram": "bar",
    "heatmap": "heatmap",
    "points": "points",
}
"""The kinds of chart that hvPlot draws alike; of the others no Python is offered."""
UNLIKE = (("bar", "share"), ("area", "share"))
"""Kinds whose columns hvPlot does not draw as shares of a whole."""


def made(drawn: Drawing, form: str, *, narrow: bool = False, dark: bool = False, notes: bool = True) -> bytes:
    """Return the bytes of a chart's file in one of its ``forms``. Raises Refused ``form_none`` for another."""
    plan = drawn.narrow if narrow else drawn.wide
    if form not in forms(drawn.spec):
        raise Refused("form_none", form, mark=drawn.spec.mark)
    makers: dict[str, Callable[[], bytes]] = {
        "csv": lambda: csv_of(drawn, notes=notes).encode(),
        "xlsx": lambda: xlsx(drawn),
        "svg": lambda: svg(plan, standalone=True, dark=dark).encode(),
        "png": lambda: png(plan, dark=dark),
        "pdf": lambda: pdf(plan),
        "py": lambda: python(drawn).encode(),
        "spec.json": lambda: drawn.spec.model_dump_json(indent=1, exclude_defaults=True).encode(),
        "bokeh.json": lambda: _bokeh(plan),
    }
    return makers[form]()


def forms(spec: ChartSpec) -> tuple[str, ...]:
    """Return the forms a chart can be taken away in: all of ``MEDIA``, but Python only where it draws the same chart."""
    is_alike = spec.mark in HVPLOT and not spec.facet and (spec.mark, spec.stack) not in UNLIKE
    return tuple(form for form in MEDIA if form != "py" or is_alike)


def csv_of(drawn: Drawing, *, notes: bool = True) -> str:
    """Return the numbers of a chart as CSV in UTF-8 without a mark, lines ended by CR LF.

    With ``notes`` the first lines, begun by ``#`` (the comment prefix of the W3C's model for
    tabular data), say what was counted, of which rows, and from which source.
    """
    lines = ("# " + " ".join(line.split()) for line in (told(drawn) if notes else ()))
    return "".join(f"{line}\r\n" for line in lines) + to_csv(drawn.asked)


def file_name(drawn: Drawing, form: str) -> str:
    """Return a name for a chart's file from its title, of letters and digits only."""
    kept = "".join(letter if letter.isalnum() else "-" for letter in drawn.wide.title.lower())
    return f"{'-'.join(part for part in kept.split('-') if part)[:80] or 'relato'}.{form}"


def _bokeh(plan: Plan) -> bytes:
    return json.dumps(item(plan), ensure_ascii=False, separators=(",", ":")).encode()


def told(drawn: Drawing) -> list[str]:
    """Return the sentences that go with the numbers of a chart: title, filters, rows counted, notes, source."""
    _, plan, source = words(drawn.language), drawn.wide, drawn.wide.source
    named = ", ".join(filter(None, (source.title, source.organization, source.license, source.date)))
    facts = [_("Source: {what}", what=named) if named else "", source.url]
    return [
        line for line in (plan.title, plan.subtitle, plan.counted, *plan.notes, plan.note, *facts) if line
    ]


def xlsx(drawn: Drawing) -> bytes:
    """Return a workbook: the numbers as shown, typed, and a second sheet that says what was counted of which source."""
    import xlsxwriter

    _ = words(drawn.language)
    out = io.BytesIO()
    # Texts stay texts: a cell that begins with “=” is a name of the data, never a formula.
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "nan_inf_to_errors": True,
    }
    with xlsxwriter.Workbook(out, options) as book:
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        numbers, about = book.add_worksheet(_("Numbers")), book.add_worksheet(_("About"))
        numbers.freeze_panes(1, 0)
        for at, head in enumerate(heads(drawn.asked)):
            numbers.write_string(0, at, head, bold)
            numbers.set_column(at, at, min(40, max(12, len(head) + 2)))
        for row, values in enumerate(typed_rows(drawn.asked), start=1):
            for at, value in enumerate(values):
                _write(numbers, row, at, value, day)
        about.set_column(0, 0, 100)
        for row, line in enumerate(told(drawn)):
            about.write_string(row, 0, line, bold if row == 0 else None)
    return out.getvalue()


def _write(sheet: Any, row: int, at: int, value: object, day: Any) -> None:
    if isinstance(value, dt.date):
        sheet.write_datetime(row, at, value, day)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        sheet.write_number(row, at, value)
    elif value is not None:
        sheet.write_string(row, at, str(value))


def python(drawn: Drawing) -> str:
    """Return Python that draws the chart again with hvPlot from its CSV, which lies beside it."""
    asked, spec = drawn.asked, drawn.spec
    names = dict(zip(map(str, asked.frame), heads(asked), strict=True))
    value = measured(asked)
    x = names.get("x") or names.get("place") or names.get("longitude") or ""
    y = names.get(value) or names.get("y") or names.get("latitude") or ""
    kind = HVPLOT[spec.mark]
    options: dict[str, object] = {
        "x": x,
        "y": y,
        "title": drawn.wide.title,
        "height": 420,
        "responsive": True,
    }
    if kind == "heatmap":
        options |= {"y": names["y"], "C": names["color"], "cmap": [color(token) for token in RAMP]}
    by = names.get("color") if spec.color and not spec.color.aggregate else None
    if by and kind in ("bar", "line", "area"):
        options |= {"by": by, "stacked": spec.mark in ("bar", "area") and spec.stack == "stacked"}
    if kind != "heatmap":
        options["color"] = [color(token) for token in CATEGORIES] if by else color(CATEGORIES[0])
    if kind == "bar" and not by and not asked.grain("x"):
        options |= {"rot": 45}
    if kind in ("bar", "line"):
        options["ylabel"] = sentence(measure(asked, value, axis=True))
    called = "".join(f"    {name}={option!r},\n" for name, option in options.items())
    dates = [names["x"]] if "x" in names and asked.grain("x") else []
    lines = "\n".join(f"# {' '.join(line.split())}" for line in told(drawn))
    return (
        f"{lines}\n\nimport hvplot.pandas  # noqa: F401\nimport pandas as pd\n\n"
        f'data = pd.read_csv({file_name(drawn, "csv")!r}, comment="#", parse_dates={dates!r})\n'
        f"chart = data.hvplot.{kind}(\n{called})\nhvplot.show(chart)\n"
    )
