"""The answer to a chart's question: a small frame and what happened to every row."""

from dataclasses import dataclass, field

import pandas as pd

OTHERS = "\x00others"
"""Value of a grouping that stands for all groups beyond the limit."""


@dataclass(frozen=True)
class Result:
    """What the engine counted for one ChartSpec.

    ``frame`` has one column per channel in use (x, y, color, size, facet, latitude,
    longitude, place), one row per mark drawn; a missing category is None, the groups
    beyond ``limit`` are :data:`OTHERS`. Never changed by who reads it.

    ``total`` rows of the table = ``counted`` + ``left_out`` (by the filters) +
    the sum of ``missing`` (rows that pass the filters but cannot be placed, by the
    channel that lacks a value). ``missing_measure`` rows are among the counted, in a
    group, without a number to add. ``others`` is how many groups were gathered (of the
    first channel with any; ``gathered`` by channel). With ``others`` off in the spec those
    rows are among the ``left_out``. A channel in intervals has the lower edge, and the upper
    one in ``<channel>_end``.
    ``binned`` tells that points were counted into cells: then latitude and longitude (x and
    y of a scatter) are cell centres, ``y`` (``size`` of a scatter) the rows in the cell, and
    ``cell`` the width and height of a cell in the units of the axes. Cells on a map are
    hexagons with a corner on top; those of a scatter are rectangles.
    ``incomplete`` is the last period's start (ISO) when its data do not reach its end.
    """

    frame: pd.DataFrame
    total: int
    counted: int
    left_out: int = 0
    missing: dict[str, int] = field(default_factory=dict)
    missing_measure: int = 0
    others: int = 0
    gathered: dict[str, int] = field(default_factory=dict)
    binned: bool = False
    cell: tuple[float, float] | None = None
    incomplete: str | None = None
