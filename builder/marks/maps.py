"""The GeoViews elements of maps; imported only when a map is touched."""

from collections.abc import Iterable
from typing import Any

import cartopy.crs as crs
import geoviews as gv
import holoviews as hv

from builder.geo import holds
from builder.marks.holo import TELLS, TOUCHED, frame
from builder.parts import Datum, Plan, Ring
from builder.theme import color

gv.extension("bokeh", logo=False)
METRES = crs.GOOGLE_MERCATOR


def areas(plan: Plan) -> Any:
    """Return areas as polygons with their colours."""
    shown = gv.Polygons([_polygon(datum) for datum in plan.data], ["x", "y"], TOUCHED, crs=METRES)
    edge = None if plan.land else color("paper")
    shown = shown.opts(
        color="color", line_color=edge, line_width=1, fill_alpha=0.88 if plan.land else 1, tools=TELLS
    )
    return _over_land(plan, shown)


def dots(plan: Plan) -> Any:
    """Return points as dots over light land."""
    data = frame(plan.data)
    shown = gv.Points(data, kdims=["x", "y"], vdims=[*TOUCHED, "size"], crs=METRES)
    shown = shown.opts(
        color="color", size="size", fill_alpha=0.75, line_color=color("paper"), line_width=0.5, tools=TELLS
    )
    return _over_land(plan, shown)


def _over_land(plan: Plan, shown: Any) -> Any:
    outlines = [{"x": [x for x, _ in ring], "y": [y for _, y in ring]} for ring in plan.land]
    if not outlines:
        return shown.opts(projection=METRES)
    land = gv.Polygons(outlines, ["x", "y"], crs=METRES).opts(color=color("land"), line_color=color("paper"))
    return (land * shown).opts(hv.opts.Overlay(projection=METRES))


def _polygon(datum: Datum) -> dict[str, Any]:
    parts = [ring for ring in datum.rings if not _around(ring, datum.rings)]
    holes = [[list(hole) for hole in datum.rings if _around(hole, [part])] for part in parts]
    return {"x": _joined(parts, 0), "y": _joined(parts, 1), "holes": holes, "name": datum.name, "told": datum.told,
            "color": color(datum.color), "alpha": 1.0}  # fmt: skip


def _around(ring: Ring, rings: Iterable[Ring]) -> bool:
    """Tell whether another ring goes around this one, which makes it a hole."""
    return any(other is not ring and holds(other, ring[0]) for other in rings)


def _joined(parts: list[Ring], axis: int) -> list[float]:
    joined = [point[axis] for point in parts[0]]
    for part in parts[1:]:
        joined += [float("nan"), *(point[axis] for point in part)]
    return joined
