"""A chart as a file to take away, as the builder's page receives it."""

from base64 import b64encode

from builder.chart import Drawing
from builder.exports import MEDIA, file_name, made
from web.values import Refused

OFFERED = ("png", "svg", "pdf", "csv", "xlsx", "spec.json", "py")
FOR_SHEETS = "\ufeff".encode()
"""The mark by which spreadsheets know a CSV as UTF-8."""


def file_of(drawing: Drawing, form: str) -> dict[str, str]:
    """Return the ``name``, media ``type`` and base64 ``data`` of a chart's file."""
    if form not in OFFERED:
        raise Refused("edit_choice_none", form)
    data = made(drawing, form)
    if form == "csv":
        data = FOR_SHEETS + data
    return {"name": file_name(drawing, form), "type": MEDIA[form], "data": b64encode(data).decode()}
