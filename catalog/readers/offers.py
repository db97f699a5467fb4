"""Which table of a file to read: sheets, members, stacked tables, and wide tables also as long ones."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from catalog.readers.grid import Body, Grid
from catalog.readers.periods import lengthened, period_columns
from catalog.readers.shape import shape, trimmed
from catalog.readers.tidy import blocks, tidy
from web.values import Problem, Refused

JOIN = " · "
VARIANT = re.compile(r"^(?:(?P<part>.*) · |)(?:table (?P<table>\d+)|(?P<long>long))$")
TABLE, LONG = "table {n}", "long"


@dataclass
class Choice:
    """The table to read, its name among those offered, and all their names."""

    grid: Grid
    body: Body
    part: str
    offered: tuple[str, ...]


def choose(read: Callable[[str | None], Grid], sheet: str | None, part: int | None) -> Choice:
    """Return the table named by ``sheet``, numbered by ``part`` among the offered, or else the best.

    ``read`` gives the grid of a sheet, layer or member. Raises Refused(``table_part_unknown``).
    """
    variant = VARIANT.match(sheet) if sheet else None
    if variant:
        return _variant(read(variant["part"]), int(variant["table"] or 0), bool(variant["long"]))
    chosen = _variant(read(sheet), 0, False)
    if part is None or (0 <= part < len(chosen.offered) and chosen.offered[part] == chosen.part):
        return chosen
    if not 0 <= part < len(chosen.offered):
        if part == 0:
            return chosen
        raise Refused("table_part_unknown", n=max(1, len(chosen.offered)), part=part)
    return choose(read, chosen.offered[part], None)


def _variant(grid: Grid, table: int, long: bool) -> Choice:
    """Return one of the tables of a grid: the largest unless ``table`` (from 1) says which."""
    if grid.large:
        return Choice(grid, Body([], []), grid.part, grid.offered)
    tables = [trimmed(one) for one in blocks(grid)]
    shaped = [(one, _shaped(one)) for one in tables]
    said = [at for at, one in enumerate(tables) if one.header and one.header[1]]
    at = table - 1 if table else max(range(len(shaped)), key=lambda i: _size(shaped[i][1]))
    at = said[0] if said else at
    if at >= len(shaped):
        raise Refused("table_part_unknown", n=len(shaped), part=table)
    chosen, body = shaped[at]
    if isinstance(body, Refused):
        raise body
    names = [_named(grid, TABLE.format(n=n + 1)) for n in range(len(tables))] if len(tables) > 1 else []
    part = names[at] if names else grid.part
    if names:
        body.changes.append(
            Problem(code="table_chosen", severity="info", where=part, facts={"n": len(names)})
        )
    wide = period_columns(body.labels)
    if wide:
        names = names or [grid.part or TABLE.format(n=1)]
        part = part or names[0]
        facts: dict[str, str | int | float] = {
            "n": len(wide),
            "first": body.labels[wide[0]],
            "last": body.labels[wide[-1]],
        }
        names.append(_named(grid, LONG))
        code = "lengthened" if long else "wide_table"
        body.changes.append(Problem(code=code, severity="info", facts=facts))
    if long and wide:
        body, part = lengthened(body, wide), names[-1]
    others = [name for name in grid.offered if name not in names]
    return Choice(
        chosen, body, part, tuple([*others, *names] if others else names) if names else grid.offered
    )


def _named(grid: Grid, name: str) -> str:
    return f"{grid.part}{JOIN}{name}" if grid.part else name


def _shaped(grid: Grid) -> Body | Refused:
    try:
        body = shape(grid)
        return body if grid.headed else tidy(body, grid.merged)
    except Refused as refusal:
        return refusal


def _size(body: Body | Refused) -> int:
    return len(body.rows) * max(1, len(body.labels)) if isinstance(body, Body) else -1
