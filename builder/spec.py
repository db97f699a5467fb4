"""The chart as a value: what is asked of which table, and how it should look."""

from typing import Literal, get_args

from catalog.models import Grain, Scalar
from web.values import Value

Aggregate = Literal[
    "count", "distinct", "sum", "mean", "median", "min", "max", "p10", "p25", "p75", "p90"
]  # fmt: skip
View = Literal["share", "change", "running", "per_1000", "per_100000"]
Part = Literal["month", "weekday", "hour"]
AGGREGATES: tuple[Aggregate, ...] = get_args(Aggregate)


class Encoding(Value):
    """What one channel shows: a column, grouped by time step or bins, or aggregated.

    ``aggregate="count"`` needs no field. A field without aggregate is a grouping
    (or, on points, a plain value). ``part`` groups dates by what comes again: months of the
    year, days of the week, hours of the day. ``view`` shows an aggregate as a share of the
    whole, the change on the period before, a running total or a rate by inhabitants.
    """

    field: str | None = None
    aggregate: Aggregate | None = None
    time_unit: Grain | None = None
    part: Part | None = None
    bins: int | None = None
    view: View | None = None
    title: str = ""


class Filter(Value):
    """Keep rows of a column: the ``values`` listed, or ``low <= value <= high`` (ISO text for dates).

    ``missing`` says whether rows without a value are kept too; ``exclude`` inverts ``values``.
    """

    field: str
    values: tuple[Scalar, ...] = ()
    low: str | float | int | None = None
    high: str | float | int | None = None
    missing: bool = False
    exclude: bool = False


class ChartSpec(Value):
    """One chart. Channels by mark:

    - ``bar``: x groups, y measures, color splits (stacked)
    - ``line``: x time or number, y measures, color splits
    - ``points``: latitude and longitude, color category or measure, size measure
    - ``choropleth``: place (a column that matches a geography), color measures
    - ``scatter``, ``treemap``, …: x, y, color, size as their names say

    ``table`` is the id of the table the numbers were asked of; ``resource`` the portal's
    file it came from. ``limit`` keeps the largest groups, ``others`` gathers the rest.
    ``highlight`` names groups or series, as drawn, that stand out while the others step back.
    """

    version: Literal[1] = 1
    table: str = ""
    resource: str = ""
    mark: str
    x: Encoding | None = None
    y: Encoding | None = None
    color: Encoding | None = None
    size: Encoding | None = None
    facet: Encoding | None = None
    latitude: Encoding | None = None
    longitude: Encoding | None = None
    place: Encoding | None = None
    filters: tuple[Filter, ...] = ()
    sort: Literal["auto", "value", "-value", "label", "-label"] = "auto"
    limit: int | None = None
    others: bool = True
    stack: Literal["stacked", "grouped", "share"] = "stacked"
    highlight: tuple[str, ...] = ()
    title: str = ""
    subtitle: str = ""
    note: str = ""
    alt: str = ""

    def channels(self) -> dict[str, Encoding]:
        """Return the channels in use, by name."""
        names = ("x", "y", "color", "size", "facet", "latitude", "longitude", "place")
        return {name: channel for name in names if (channel := getattr(self, name)) is not None}
