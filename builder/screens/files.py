"""A chart as a file to take away, as the builder's page receives it."""

from base64 import b64encode

from builder.chart import Drawing
from builder.exports import MEDIA, file_name, forms, made
from builder.spec import ChartSpec
from web.i18n import N_
from web.values import Refused

OFFERED = {
    "png": N_("Picture (PNG)"),
    "svg": N_("Drawing (SVG)"),
    "pdf": N_("Page (PDF)"),
    "csv": N_("Numbers (CSV)"),
    "xlsx": N_("Workbook (XLSX)"),
    "spec.json": N_("Specification (JSON)"),
    "py": N_("Python (hvPlot)"),
}
FOR_SHEETS = "\ufeff".encode()
"""The mark by which spreadsheets know a CSV as UTF-8."""


def offered(spec: ChartSpec) -> dict[str, str]:
    """Return what each form of a chart's file is called, in the order people ask for them."""
    return {form: name for form, name in OFFERED.items() if form in forms(spec)}


def file_of(drawing: Drawing, form: str) -> dict[str, str]:
    """Return the ``name``, media ``type`` and base64 ``data`` of a chart's file."""
    if form not in OFFERED:
        raise Refused("edit_choice_none", form)
    data = made(drawing, form)
    if form == "csv":
        data = FOR_SHEETS + data
    return {"name": file_name(drawing, form), "type": MEDIA[form], "data": b64encode(data).decode()}
