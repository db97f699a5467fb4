"""The GeoViews elements of maps; imported only when a map is touched."""

from typing import Any

import cartopy.crs as crs
import geoviews as gv
import holoviews as hv

from builder.marks.holo import TOUCHED, frame
from builder.parts import Datum, Plan
from builder.theme import color

gv.extension("bokeh", logo=False)
METRES = crs.GOOGLE_MERCATOR


def areas(plan: Plan) -> Any:
    """Return areas as polygons with their colours."""
    shown = gv.Polygons([_polygon(datum) for datum in plan.data], ["x", "y"], TOUCHED, crs=METRES)
    edge = None if plan.land else color("paper")
    shown = shown.opts(color="color", line_color=edge, line_width=1, fill_alpha=0.88 if plan.land else 1)
    return _over_land(plan, shown)


def dots(plan: Plan) -> Any:
    """Return points as dots over light land."""
    data = frame(plan.data)
    shown = gv.Points(data, kdims=["x", "y"], vdims=[*TOUCHED, "size"], crs=METRES)
    shown = shown.opts(color="color", size="size", fill_alpha=0.75, line_color=color("paper"), line_width=0.5)
    return _over_land(plan, shown)


def _over_land(plan: Plan, shown: Any) -> Any:
    outlines = [{"x": [x for x, _ in ring], "y": [y for _, y in ring]} for ring in plan.land]
    if not outlines:
        return shown.opts(projection=METRES)
    land = gv.Polygons(outlines, ["x", "y"], crs=METRES).opts(color=color("land"), line_color=color("paper"))
    return (land * shown).opts(hv.opts.Overlay(projection=METRES))


def _polygon(datum: Datum) -> dict[str, Any]:
    parts = [[[list(point) for point in ring]] for ring in datum.rings]
    xs = _joined([[x for x, _ in ring] for ring in datum.rings])
    ys = _joined([[y for _, y in ring] for ring in datum.rings])
    return {"x": xs, "y": ys, "holes": [[] for _ in parts], "name": datum.name, "told": datum.told,
            "color": color(datum.color), "alpha": 1.0}  # fmt: skip


def _joined(parts: list[list[float]]) -> list[float]:
    joined = list(parts[0])
    for part in parts[1:]:
        joined += [float("nan"), *part]
    return joined
