"""From labels and rows of text to typed columns: names, values, figures, derived columns."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from catalog import profile
from catalog.models import Column, Grain, Role, Type
from catalog.readers import coordinates, geometry, periods, tidy
from catalog.readers.choices import NAME_LENGTH, Choices, decide_as, with_choices
from catalog.readers.grid import Body, Grid
from catalog.readers.values import Decision, describe_failures, file_style
from web.values import Problem


@dataclass
class Typed:
    """A typed table before it is written: its columns, their values, and what was noticed."""

    columns: list[Column] = field(default_factory=list)
    values: dict[str, list[Any]] = field(default_factory=dict)
    changes: list[Problem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    rows: int = 0
    totals: list[bool] = field(default_factory=list)

    def add(
        self, name: str, label: str, type_: Type, values: list[Any], *, grain: Grain | None = None, unit: str = "",
        derived: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        """Append a column with its figures."""
        counts: Counter[Any] = Counter(values)
        found = profile.figures(counts, type_)
        self.columns.append(
            profile.column(name, label, type_, found, len(values), grain=grain, unit=unit, derived=derived)
        )
        self.values[name] = values


def column_names(labels: Sequence[str]) -> list[str]:
    """Return clean unique names: spaces joined, blanks numbered by position, repeats counted."""
    taken: set[str] = set()
    names = []
    for position, label in enumerate(labels, 1):
        clean = " ".join("".join(c for c in label if c.isprintable() or c.isspace()).split())[:NAME_LENGTH]
        base = clean or f"column_{position}"
        name, n = base, 1
        while name.lower() in taken:
            n += 1
            name = f"{base} ({n})"
        taken.add(name.lower())
        names.append(name)
    return names


def typed(
    body: Body, grid: Grid, choices: Choices | None = None, tell: Callable[[float], None] = lambda share: None
) -> Typed:
    """Return the typed table of a body; every text that a type cannot hold is counted in a problem.

    ``tell`` hears what share of the columns is done.
    """
    chosen = choices.columns if choices else {}
    made = Typed(rows=len(body.rows))
    names = column_names(body.labels)
    _note_names(body.labels, names, made)
    columns = [list(column) for column in zip(*body.rows, strict=True)]
    counts = [Counter(column) for column in columns]
    elsewhere = file_style(counts)
    for at, (name, label, texts) in enumerate(zip(names, body.labels, columns, strict=True)):
        tell(at / len(names))
        decision = (
            Decision("geometry", str)
            if at == grid.geometry
            else decide_as(
                label or name, counts[at], chosen.get(name), dotted=at in grid.dotted, elsewhere=elsewhere
            )
        )
        if decision.type == "geometry":
            _add_geometry(made, name, label, texts, decision, grid.crs if at == grid.geometry else "")
        else:
            _add(made, name, label, texts, counts[at], decision)
    _locate(made)
    _derive(made, body, names)
    read = profile.in_context(made.columns)
    made.columns, said = with_choices(read, choices)
    made.values = {one.name: made.values[before.name] for before, one in zip(read, made.columns, strict=True)}
    made.problems += said
    return made


def _note_names(labels: Sequence[str], names: Sequence[str], made: Typed) -> None:
    blank = sum(not label for label in labels)
    if blank and blank < len(labels):
        made.changes.append(Problem(code="blank_names", severity="info", facts={"n": blank}))
    repeated = [label for label, name in zip(labels, names, strict=True) if label and name.endswith(")") and name != " ".join(label.split())]  # fmt: skip
    if repeated:
        made.changes.append(
            Problem(code="repeated_names", severity="info", facts={"n": len(repeated), "example": repeated[0][:60]})
        )  # fmt: skip


def _add(
    made: Typed, name: str, label: str, texts: list[str], counts: Counter[str], decision: Decision
) -> None:
    meaning = {text: decision.value(text) for text in counts}
    failed = {
        text: n for text, n in counts.items()
        if meaning[text] is None and text.strip() and text.strip() not in decision.nulls | decision.totals
    }  # fmt: skip
    made.changes += decision.changes
    made.problems += decision.problems
    if decision.totals:
        made.totals = [text.strip() in decision.totals for text in texts]
    if failed:
        made.problems.append(describe_failures(label or name, failed))
    made.add(
        name,
        label,
        decision.type,
        [meaning[text] for text in texts],
        grain=decision.grain,
        unit=decision.unit,
    )


def _add_geometry(made: Typed, name: str, label: str, texts: list[str], decision: Decision, crs: str) -> None:
    kept = [None if not text.strip() or text.strip() in decision.nulls else text for text in texts]
    shapes, problems = geometry.to_wgs84(kept, crs, label or name)
    made.problems += [problem for problem in problems if problem.severity == "warning"]
    made.changes += decision.changes + [problem for problem in problems if problem.severity == "info"]
    import shapely

    made.add(name, label, "geometry", shapely.to_wkb(shapes).tolist())
    places = geometry.points(shapes)
    if places:
        if not coordinates.degrees(made.columns):
            _add_places(made, list(zip(*places, strict=True)), (name,))
    else:
        free = _free("geometry_mercator", made)
        made.add(free, "", "geometry", geometry.display(shapes), derived=(name,))


def _free(name: str, made: Typed) -> str:
    taken = {column.name.lower() for column in made.columns}
    candidates = [name, *(f"{name}_{n}" for n in range(2, 1000))]
    return next(one for one in candidates if one not in taken)


def _locate(made: Typed) -> None:
    """Give the coordinates their roles, or derive them from metres or from 'lat, lon' in one cell."""
    roles = coordinates.degrees(made.columns)
    if roles:
        made.columns = [
            one.model_copy(update=_located(roles[one.name])) if one.name in roles else one
            for one in made.columns
        ]
        return
    for column in [one for one in made.columns if one.type == "text" and one.top]:
        swapped = coordinates.in_one_cell(column)
        if swapped is not None:
            pairs = [coordinates.pair_of(text, swapped) for text in made.values[column.name]]
            _add_places(made, pairs, (column.name,))
            return
    found = coordinates.metres(made.columns)
    if found:
        x, y, code, guessed = found
        pairs = coordinates.to_degrees(made.values[x.name], made.values[y.name], code)
        _add_places(made, pairs, (x.name, y.name))
        said = coordinates.remark(x, y, code, guessed)
        (made.problems if guessed else made.changes).append(said)


def _derive(made: Typed, body: Body, names: Sequence[str]) -> None:
    """Add what the body implies: sections, dates spread over columns, marks on totals."""
    for name, texts in body.derived.items():
        made.add(_free(name, made), "", "text", [text or None for text in texts], derived=(names[0],))
    for name, keys, source in tidy.apart(body):
        made.add(_free(name, made), name, "text", keys, derived=(names[source],))
    spread = periods.spread_date(made.columns, made.values)
    if spread:
        found, used, grain = spread
        made.add(_free("date", made), "", "date", found, grain=grain, derived=used)
        made.changes.append(Problem(code="date_joined", severity="info", where=", ".join(used)))
    named = tidy.totals(body.rows)
    marks = named or made.totals or _summed(made)
    if any(marks):
        made.add(_free(tidy.IS_TOTAL, made), "", "boolean", marks, derived=(names[0],))
    if any(marks) and not made.totals:
        made.problems.append(Problem(code="total_rows", severity="warning", facts={"n": sum(marks)}))


def _summed(made: Typed) -> list[bool]:
    """Mark the row that adds up all others, whatever it is called; among moments none does."""
    keys = [one for one in made.columns if not one.derived]
    if not keys or (keys[0].role != "place" and keys[0].type != "text"):
        return []
    measures = [one for one in keys if one.role == "measure" and one.additive]
    for at in (0, made.rows - 1):
        told = [(made.values[one.name][at], one.sum or 0) for one in measures]
        if tidy.is_sum(told, made.rows):
            return [place == at for place in range(made.rows)]
    return []


def _located(role: Role) -> dict[str, Any]:
    return {"role": role, "additive": False, "unit": "°"}


def _add_places(made: Typed, pairs: Sequence[coordinates.Pair], source: tuple[str, ...]) -> None:
    """Add derived latitude and longitude."""
    roles: tuple[Role, Role] = ("latitude", "longitude")
    for at, role in enumerate(roles):
        made.add(_free(role, made), "", "number", [pair[at] for pair in pairs], derived=source)
        made.columns[-1] = made.columns[-1].model_copy(update=_located(role))
