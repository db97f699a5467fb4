"""What the public API says of charts, as models."""

import datetime as dt
import math
from typing import Any

import pandas as pd

from builder.chart import Drawing
from builder.result import Result
from builder.spec import ChartSpec
from builder.store import SavedChart
from catalog.models import Provenance
from web.values import Value

Cell = str | int | float | bool | None


class QueryAnswer(Value):
    """The numbers of a chart and what happened to every row of its table.

    ``columns`` are the chart's channels; a missing category is null, and ``"\\u0000others"`` the
    groups gathered beyond the limit (how many: ``others``, by channel). Times are ISO 8601.
    ``total = counted + left_out + sum(missing)``; ``missing`` counts, by channel, rows that pass
    the filters but have no place; ``missing_measure`` rows are counted without a number to add.
    ``binned`` tells that rows were counted into cells, of ``cell`` width and height.
    ``incomplete`` is the start of a last period the data do not fill.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: int
    counted: int
    left_out: int
    missing: dict[str, int]
    missing_measure: int
    others: dict[str, int]
    binned: bool
    cell: tuple[float, float] | None
    incomplete: str | None


class ChartAnswer(Value):
    """A chart with its words in the language asked for, its numbers and their source."""

    id: str | None
    name: str
    version: int | None
    saved: str | None
    spec: ChartSpec
    title: str
    subtitle: str
    alt: str
    provenance: Provenance
    data: QueryAnswer


class EmbedAnswer(Value):
    """How to embed a chart, as oEmbed says it."""

    version: str = "1.0"
    type: str = "rich"
    title: str
    html: str
    width: int
    height: int
    provider_name: str
    provider_url: str


def query_answer(result: Result) -> QueryAnswer:
    """Return a Result as the API answers it."""
    columns = [[_cell(value) for value in result.frame[name]] for name in result.frame]
    return QueryAnswer(
        columns=tuple(str(name) for name in result.frame),
        rows=tuple(zip(*columns, strict=True)),
        total=result.total,
        counted=result.counted,
        left_out=result.left_out,
        missing=result.missing,
        missing_measure=result.missing_measure,
        others=result.gathered,
        binned=result.binned,
        cell=result.cell,
        incomplete=result.incomplete,
    )


def chart_answer(drawn: Drawing, saved: SavedChart | None) -> ChartAnswer:
    """Return a drawn chart as the API answers it."""
    return ChartAnswer(
        id=saved.id if saved else None,
        name=saved.name if saved else "",
        version=saved.version if saved else None,
        saved=saved.saved if saved else None,
        spec=drawn.spec,
        title=drawn.wide.title,
        subtitle=drawn.wide.subtitle,
        alt=drawn.wide.alt,
        provenance=drawn.provenance,
        data=query_answer(drawn.result),
    )


def _cell(value: Any) -> Cell:
    if value is None or value is pd.NaT or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if isinstance(value, pd.Timestamp | dt.datetime):
        midnight = (value.hour, value.minute, value.second, value.microsecond) == (0, 0, 0, 0)
        return value.isoformat()[:10] if midnight else value.isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    found: Cell = value.item() if hasattr(value, "item") else value
    return found
