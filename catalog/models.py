"""What the catalogue knows: datasets, their resources, and the tables read from them."""

from typing import Any, Literal

from web.values import Problem, Value

Type = Literal["text", "integer", "number", "boolean", "date", "datetime", "geometry"]
Role = Literal[
    "identifier", "category", "ordered", "measure", "time", "place",
    "latitude", "longitude", "geometry", "text", "constant", "empty",
]  # fmt: skip
Grain = Literal["year", "quarter", "month", "week", "day", "hour"]
Scalar = str | int | float | bool | None


class Portal(Value):
    """A CKAN site or a ckanapi dump; ``id`` is a short hash of ``source``."""

    id: str
    source: str
    title: str = ""


class Resource(Value):
    """One file of a dataset as the portal describes it."""

    id: str
    name: str = ""
    description: str = ""
    format: str = ""
    url: str = ""
    size: int | None = None
    modified: str | None = None
    position: int = 0


class Dataset(Value):
    """One CKAN package; titles and notes are plain text per language, ``raw`` the whole answer.

    ``titles`` and ``notes`` map a language code ("" when the portal states none) to text.
    """

    id: str
    portal: str
    name: str
    title: str
    titles: dict[str, str] = {}
    notes: str = ""
    organization: str = ""
    organization_title: str = ""
    groups: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    license_id: str = ""
    license_title: str = ""
    license_url: str = ""
    url: str = ""
    contact: str = ""
    frequency: str = ""
    created: str | None = None
    modified: str | None = None
    resources: tuple[Resource, ...] = ()
    extras: dict[str, str] = {}
    raw: dict[str, Any] = {}


class RawFile(Value):
    """Bytes as fetched: kept under their SHA-256."""

    sha256: str
    bytes: int
    media_type: str
    url: str
    fetched: str


class Column(Value):
    """One column with what all its values say.

    ``name`` is its name in the Parquet file (clean, unique); ``label`` the header as
    published. ``top`` holds up to 50 most frequent values with counts; ``order`` the
    natural order of an ordered category; ``derived`` the columns it was made from, none for
    a column that was published.
    """

    name: str
    label: str
    type: Type
    role: Role
    additive: bool = False
    unit: str = ""
    grain: Grain | None = None
    geography: str = ""
    nulls: int = 0
    distinct: int = 0
    min: Scalar = None
    max: Scalar = None
    sum: float | int | None = None
    mean: float | None = None
    top: tuple[tuple[Scalar, int], ...] = ()
    order: tuple[Scalar, ...] = ()
    derived: tuple[str, ...] = ()
    note: str = ""


class Table(Value):
    """A typed table in Parquet; ``id`` hashes the bytes and the choices of reading.

    ``rows + set_aside`` equals the rows found in the source. ``changes`` say what was
    understood differently from the text as published; ``offered`` names the other
    sheets or tables of the file.
    """

    id: str
    sha256: str
    kind: str
    rows: int
    set_aside: int = 0
    columns: tuple[Column, ...] = ()
    changes: tuple[Problem, ...] = ()
    problems: tuple[Problem, ...] = ()
    offered: tuple[str, ...] = ()
    part: str = ""

    def column(self, name: str) -> Column | None:
        """Return the column of that name, or None."""
        return next((column for column in self.columns if column.name == name), None)


class Provenance(Value):
    """Where a table's numbers come from, as printed under every chart."""

    dataset: str = ""
    dataset_title: str = ""
    resource: str = ""
    resource_name: str = ""
    organization: str = ""
    license_title: str = ""
    license_url: str = ""
    source_url: str = ""
    portal: str = ""
    modified: str | None = None
    fetched: str | None = None
    sha256: str = ""


class Reading(Value):
    """How far a resource's file is: ``table`` is its id once read, ``problem`` why it was refused."""

    state: Literal["waiting", "reading", "ready", "refused"]
    problem: Problem | None = None
    table: str = ""
    file: RawFile | None = None
    stamp: str = ""
    at: str = ""


class Impact(Value):
    """What a newer version of a resource's file changed; ``old`` and ``new`` are ids of tables."""

    resource: str
    at: str
    old: str
    new: str
    changes: tuple[Problem, ...] = ()


class Match(Value):
    """A column, or a value of one, that a search found in a dataset's table."""

    resource: str
    column: str
    value: str = ""


class Hit(Value):
    """One dataset found, and what in its tables the words matched."""

    dataset: Dataset
    matches: tuple[Match, ...] = ()


class Count(Value):
    """One value of a facet: what it is called, how many of the datasets found have it."""

    value: str
    title: str
    count: int
    chosen: bool = False


class Results(Value):
    """What a search found: ``facets`` by kind, ``meant`` a nearby text that finds more than this one."""

    total: int
    results: tuple[Hit, ...] = ()
    facets: dict[str, tuple[Count, ...]] = {}
    meant: str = ""


class SyncReport(Value):
    """What one synchronisation of a portal did, in datasets; with ``problem``, why it stopped early."""

    portal: str
    new: int = 0
    changed: int = 0
    gone: int = 0
    unchanged: int = 0
    rejected: int = 0
    problem: Problem | None = None


class Ready(Value):
    """A finished chart of a resource: its question, safe SVG and legend, and the builder's address."""

    question: str
    title: str
    svg: str
    href: str
    reason: str = ""
    legend: str = ""


class Use(Value):
    """A chart or story made with the files ``resources`` that reads their columns ``fields``."""

    kind: Literal["story", "draft", "chart"]
    title: str
    href: str
    resources: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
