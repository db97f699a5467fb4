"""A chart as a file to take away."""

from base64 import b64encode

from builder.chart import Drawing
from builder.charts import csv_of
from builder.svg import png, svg
from web.values import Refused

TYPES = {"csv": "text/csv;charset=utf-8", "svg": "image/svg+xml", "png": "image/png"}


def file_of(drawing: Drawing, form: str) -> dict[str, str]:
    """Return the ``name``, media ``type`` and base64 ``data`` of a chart's file."""
    if form == "csv":
        data = csv_of(drawing).encode("utf-8-sig")
    elif form == "svg":
        data = svg(drawing.wide, standalone=True).encode()
    elif form == "png":
        data = png(drawing.wide)
    else:
        raise Refused("edit_choice_none", form)
    return {
        "name": f"{_name(drawing.wide.title)}.{form}",
        "type": TYPES[form],
        "data": b64encode(data).decode(),
    }


def _name(title: str) -> str:
    kept = "".join(letter if letter.isalnum() else "-" for letter in title.lower())
    return "-".join(part for part in kept.split("-") if part)[:80] or "relato"
