"""The parts a plan is made of: axes, keys, data and labels, in data units, with every word decided."""

from typing import Literal

from web.values import Value

Width = Literal["wide", "narrow"]
Anchor = Literal["start", "middle", "end"]
Ring = tuple[tuple[float, float], ...]

WIDTHS: dict[Width, int] = {"wide": 720, "narrow": 340}


class Tick(Value):
    """A place on an axis and what is written there; lines are parted by a newline."""

    at: float
    label: str


class Axis(Value):
    """One axis: numbers, milliseconds of time, or categories at 0, 1, 2…; ``hidden`` on maps."""

    title: str = ""
    low: float
    high: float
    ticks: tuple[Tick, ...] = ()
    kind: Literal["number", "time", "category", "hidden"] = "number"


class Key(Value):
    """One line of the legend: a colour token and its name."""

    color: str
    label: str


class Datum(Value):
    """One thing drawn: where it is, how it is coloured, and what a reader is told when touching it.

    A bar or cell reaches from (x0, y0) to (x, y); a point is at (x, y); ``y`` None is a gap of a line.
    ``value`` is the number as counted. ``text`` is written on it when there is room; ``faint`` marks an
    incomplete period. ``rings`` are the outlines of an area, ``size`` the radius of a dot in pixels.
    """

    name: str
    told: str = ""
    series: str = ""
    x: float = 0
    y: float | None = 0
    x0: float = 0
    y0: float = 0
    value: float | None = None
    color: str = "c1"
    text: str = ""
    faint: bool = False
    size: float = 0
    rings: tuple[Ring, ...] = ()


class Label(Value):
    """Words at a place of the drawing, moved by (dx, dy) pixels; ``color`` puts a swatch before them."""

    x: float
    y: float
    text: str
    anchor: Anchor = "start"
    dx: float = 0
    dy: float = 0
    tone: Literal["ink", "muted", "inverse", "strong"] = "ink"
    color: str = ""
    size: int = 13


class Rule(Value):
    """A light line of a panel's grid, in data units; ``dark`` is the one at zero."""

    x0: float
    x1: float
    y0: float
    y1: float
    dark: bool = False


class Room(Value):
    """Pixels: the whole drawing and the margins around the data."""

    width: int
    height: int
    top: int = 12
    right: int = 12
    bottom: int = 28
    left: int = 12

    @property
    def across(self) -> int:
        return self.width - self.left - self.right

    @property
    def down(self) -> int:
        return self.height - self.top - self.bottom


class Body(Value):
    """What a mark decides of a plan; ``grid`` names the axes whose ticks get a line,
    ``zero`` the one whose zero gets a darker one.

    ``measure`` says the aggregate and the unit; ``notes`` are sentences the reader must see;
    ``told`` replaces highest, lowest and trend in the text read aloud.
    """

    x: Axis
    y: Axis
    room: Room
    data: tuple[Datum, ...]
    legend: tuple[Key, ...] = ()
    labels: tuple[Label, ...] = ()
    land: tuple[Ring, ...] = ()
    rules: tuple[Rule, ...] = ()
    grid: Literal["", "x", "y", "xy"] = ""
    measure: str = ""
    zero: Literal["", "x", "y"] = ""
    notes: tuple[str, ...] = ()
    told: str = ""


class Source(Value):
    """Facts under a chart: where its numbers come from and how fresh they are."""

    title: str = ""
    dataset: str = ""
    organization: str = ""
    license: str = ""
    license_url: str = ""
    url: str = ""
    date: str = ""


class Sheet(Value):
    """The numbers behind a drawing as text; ``numeric`` tells which columns align right."""

    columns: tuple[str, ...] = ()
    numeric: tuple[bool, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    total: int = 0


class Plan(Body):
    """Everything a reader could argue about, decided once for both exits."""

    mark: str
    language: str
    layout: Width
    title: str
    subtitle: str = ""
    note: str = ""
    alt: str = ""
    counted: str = ""
    source: Source = Source()
