"""The HoloViews elements the marks are built of, from the data of a plan.

Places are always numbers and the words come from the plan's ticks, so groups that share a
name stay apart and both exits agree.
"""

from collections.abc import Iterable
from typing import Any

import holoviews as hv
import hvplot.pandas  # noqa: F401  (registers the plotting of frames)
import pandas as pd

from builder.canvas import pieces
from builder.parts import Datum, Plan
from builder.theme import color

hv.extension("bokeh", logo=False)
FAINT = 0.45
TELLS = ["hover"]
"""HoloViews sends the words of a mark only with this tool."""
TOUCHED = ["name", "told", "color", "alpha"]


def rendered(element: Any) -> Any:
    """Return an element as a Bokeh figure."""
    return hv.render(element, backend="bokeh")


def frame(data: Iterable[Datum], **more: Any) -> pd.DataFrame:
    """Return data as the frame of an element, with colours and what hovering says."""
    rows = [
        {"x": d.x, "y": d.y, "x0": d.x0, "y0": d.y0, "name": d.name, "told": d.told, "size": 2 * d.size,
         "color": color(d.color), "alpha": FAINT if d.faint else 1.0}
        for d in data
    ]  # fmt: skip
    columns = ["x", "y", "x0", "y0", "name", "told", "size", "color", "alpha"]
    return pd.DataFrame(rows, columns=columns).assign(**more)


def boxes(plan: Plan, outline: bool = False) -> Any:
    """Return bars or cells as rectangles, cells with an edge in the colour of the paper."""
    sides = hv.Rectangles(frame(plan.data), kdims=["x0", "y0", "x", "y"], vdims=TOUCHED)
    return sides.opts(
        color="color", alpha="alpha", line_color=color("paper") if outline else None, tools=TELLS
    )


def lines(plan: Plan) -> Any:
    """Return every unbroken stretch as an hvPlot line, with invisible points to touch."""
    parts = [line(piece) for piece in stretches(plan.data)]
    return hv.Overlay([*parts, touch(plan)])


def bands(plan: Plan) -> Any:
    """Return every stretch of a series as an area between y0 and y, with invisible points to touch."""
    parts = [band(piece) for piece in stretches(plan.data)]
    return hv.Overlay([*parts, touch(plan)])


def band(piece: list[Datum]) -> Any:
    """Return one stretch of an area."""
    shown = hv.Area(frame(piece), kdims=["x"], vdims=["y", "y0"])
    return shown.opts(
        color=color(piece[0].color), line_color=color("paper"), alpha=FAINT if piece[-1].faint else 1
    )


def dots(plan: Plan) -> Any:
    """Return points as dots of the plan's sizes and colours."""
    shown = hv.Points(frame(plan.data), ["x", "y"], [*TOUCHED, "size"])
    return shown.opts(
        color="color", size="size", fill_alpha=0.78, line_color=color("paper"), line_width=0.5, tools=TELLS
    )


def shapes(plan: Plan) -> Any:
    """Return closed shapes with their colours."""
    outlines = [
        {"x": [x for x, _ in d.rings[0]], "y": [y for _, y in d.rings[0]], "name": d.name, "told": d.told,
         "color": color(d.color), "alpha": 1.0}
        for d in plan.data
    ]  # fmt: skip
    shown = hv.Polygons(outlines, vdims=TOUCHED)
    return shown.opts(color="color", line_color=color("paper"), line_width=1, tools=TELLS)


def touch(plan: Plan) -> Any:
    """Return invisible points that tell the values of a line or an area."""
    told = frame(datum for datum in plan.data if datum.value is not None)
    return told.hvplot.points("x", "y", hover_cols=["name", "told"], size=90, fill_alpha=0, line_alpha=0)


def line(piece: list[Datum]) -> Any:
    """Return one stretch of a line; an incomplete one is dashed and paler, a lone value a dot."""
    faint = piece[-1].faint
    drawn = frame(piece)
    if len(piece) == 1:
        return drawn.hvplot.points("x", "y", color=color(piece[0].color), size=24, hover=False)
    shown = drawn.hvplot.line("x", "y", color=color(piece[0].color), hover=False, line_width=2.2)
    return shown.opts(alpha=FAINT if faint else 1, line_dash="dotted" if faint else "solid")


def stretches(data: Iterable[Datum]) -> list[list[Datum]]:
    """Cut data into the stretches of one series without gap, an incomplete end apart."""
    by_series: dict[str, list[Datum]] = {}
    for datum in data:
        by_series.setdefault(datum.series, []).append(datum)
    found = []
    for piece in (piece for line in by_series.values() for piece in pieces(line)):
        whole = [datum for datum in piece if not datum.faint]
        tail = [*whole[-1:], *piece[len(whole) :]]
        found += [stretch for stretch in (whole, tail if len(whole) < len(piece) else []) if stretch]
    return found
