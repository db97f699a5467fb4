"""What readers hand on: cells as published, not yet understood."""

from dataclasses import dataclass, field
from pathlib import Path

from web.values import Problem

Row = list[str]
Range = tuple[tuple[int, int], tuple[int, int]]


@dataclass
class Grid:
    """Cells of one sheet or text, '' where empty; rows may be ragged.

    ``dotted`` holds the columns with typed numbers (a dot is a decimal point for sure);
    ``headed`` says that the first row certainly names the columns; ``geometry`` is the column
    of geometries, in the coordinate system ``crs`` ('' means degrees); ``large`` a
    UTF-8 text too large to hold in memory instead of ``rows``; ``header`` is the first row of the
    header and how many rows it has, where a person said so (0 rows: there is none); ``merged`` the merged ranges as ((row, column), (row, column)), inclusive.
    """

    rows: list[Row]
    kind: str = "csv"
    part: str = ""
    dotted: frozenset[int] = frozenset()
    merged: tuple[Range, ...] = ()
    headed: bool = False
    changes: list[Problem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    offered: tuple[str, ...] = ()
    set_aside: int = 0
    crs: str = ""
    geometry: int | None = None
    large: Path | None = None
    header: tuple[int, int] | None = None


@dataclass
class Body:
    """A grid whose header is understood: labels and rectangular rows of text.

    ``title`` is the line above the header; ``indices`` are the rows' places in the grid; ``derived`` columns we made, by name.
    """

    labels: list[str]
    rows: list[Row]
    header_rows: int = 0
    start: int = 0
    set_aside: int = 0
    title: str = ""
    changes: list[Problem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    indices: list[int] = field(default_factory=list)
    derived: dict[str, list[str]] = field(default_factory=dict)
