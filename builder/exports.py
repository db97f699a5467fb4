"""A chart as a file to take away: drawing, picture, paper, numbers, workbook, specification, and Python that draws it again."""

import datetime as dt
import io
import json
from collections.abc import Callable
from typing import Any

from builder.asked import sentence
from builder.chart import Drawing
from builder.charts import csv_of
from builder.describe import measure, measured
from builder.interactive import item
from builder.parts import Plan
from builder.sheet import heads, typed_rows
from builder.svg import pdf, png, svg
from builder.theme import CATEGORIES, color
from web.i18n import words

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
    "points": "points",
}


def made(drawn: Drawing, form: str, *, narrow: bool = False, dark: bool = False, notes: bool = True) -> bytes:
    """Return the bytes of a chart's file in one of the forms of ``MEDIA``; raises KeyError for another."""
    plan = drawn.narrow if narrow else drawn.wide
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
    kind = HVPLOT.get(spec.mark, "bar")
    options: dict[str, object] = {
        "x": x,
        "y": y,
        "title": drawn.wide.title,
        "height": 420,
        "responsive": True,
    }
    by = names.get("color") if spec.color and not spec.color.aggregate else None
    if by and kind in ("bar", "line", "area"):
        options |= {"by": by, "stacked": spec.mark in ("bar", "area") and spec.stack == "stacked"}
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
