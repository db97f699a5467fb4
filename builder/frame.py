"""From the rows an engine returns to the Result: placed, ordered and counted."""

import datetime as dt
import math
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd

from builder.cells import LABEL, axes, centre
from builder.periods import moment, unfinished
from builder.query import (
    ADDING,
    GROUPS,
    OTHER,
    ROWS,
    VALUE,
    VALUED,
    edges,
    group_channels,
    measure_channel,
    positional,
)
from builder.result import OTHERS, Result
from builder.shapes import SHAPES
from builder.spec import ChartSpec
from catalog.models import Table

Row = dict[str, Any]


def grouped_result(
    spec: ChartSpec, table: Table, rows: list[Row], tops: Mapping[str, Sequence[Row]], total: int
) -> Result:
    """Return the Result of grouped rows; ``tops`` are the ranked groups of the limited channels."""
    missing: dict[str, int] = {}
    placed: list[Row] = []
    needed = [name for name in group_channels(spec) if positional(spec, table, name)]
    for row in rows:
        lost = next((n for n in needed if row[n] is None and not row.get(n + OTHER)), None)
        if lost:
            missing[lost] = missing.get(lost, 0) + row[ROWS]
        elif spec.others or not any(row.get(name + OTHER) for name in tops):
            placed.append(row)
    counted = sum(row[ROWS] for row in placed)
    main = measure_channel(spec)
    gathered = {name: top[0][GROUPS] - len(top) for name, top in tops.items() if top}
    gathered = {name: n for name, n in gathered.items() if n > 0}
    return Result(
        frame=_frame(spec, table, placed),
        total=total,
        counted=counted,
        left_out=total - counted - sum(missing.values()),
        missing=missing,
        missing_measure=sum(row[ROWS] - row[main + VALUED] for row in placed),
        others=next(iter(gathered.values()), 0),
        gathered=gathered,
        incomplete=_incomplete(spec, table, placed),
    )


def _frame(spec: ChartSpec, table: Table, rows: list[Row]) -> pd.DataFrame:
    channels = group_channels(spec)
    groups = {name: [OTHERS if row.get(name + OTHER) else row[name] for row in rows] for name in channels}
    groups |= {name: _edges(values, name, spec, table) for name, values in groups.items()}
    aggregates = {name: spec.channels()[name].aggregate for name in SHAPES[spec.mark].measures}
    measures = {name: [_shown(row, name, how) for row in rows] for name, how in aggregates.items()}
    order = _order(spec, table, groups, measures[measure_channel(spec)], [row[ROWS] for row in rows])
    columns = {}
    for name, values in groups.items():
        columns[name] = _keys([values[i] for i in order], time=_is_time(spec, table, name))
        if spec.channels()[name].bins:
            columns[name + "_end"] = _keys(_ends([values[i] for i in order], name, spec, table), time=False)
    for name, values in measures.items():
        columns[name] = numbers(values[i] for i in order)
    return pd.DataFrame(columns)


def _shown(row: Row, channel: str, aggregate: str | None) -> Any:
    """Return the number of a channel; sums of long fractions keep the 15 digits a float is sure of."""
    value, n = row[channel + VALUE], row[channel + VALUED]
    if aggregate in ADDING and isinstance(value, float):
        value = float(f"{value:.15g}")
    if aggregate != "mean" or value is None:
        return value
    return value / n if isinstance(value, float) else float(Fraction(value) / n)


def _edges(values: list[Any], channel: str, spec: ChartSpec, table: Table) -> list[Any]:
    """Return where each interval begins, for a channel in intervals; else the values as they are."""
    encoding = spec.channels()[channel]
    column = table.column(encoding.field or "")
    if not encoding.bins or column is None:
        return values
    known = edges(encoding, column, spec)
    return [value if value is None or value == OTHERS else known[int(value)] for value in values]


def _ends(values: list[Any], channel: str, spec: ChartSpec, table: Table) -> list[Any]:
    encoding = spec.channels()[channel]
    column = table.column(encoding.field or "")
    assert column is not None
    known = edges(encoding, column, spec)
    return [None if value is None else known[known.index(value) + 1] for value in values]


def _is_time(spec: ChartSpec, table: Table, channel: str) -> bool:
    encoding = spec.channels()[channel]
    column = table.column(encoding.field or "")
    return column is not None and column.type in ("date", "datetime") and encoding.part is None


def _keys(values: list[Any], *, time: bool) -> pd.Series:
    if time and OTHERS not in values:
        return pd.Series(pd.to_datetime(values), dtype="datetime64[us]")
    if values and all(isinstance(value, float | int) and not isinstance(value, bool) for value in values):
        return pd.Series(values)
    if time:
        values = [pd.Timestamp(value) if isinstance(value, dt.date) else value for value in values]
    return pd.Series(values, dtype=object)


def numbers(values: Iterable[Any]) -> pd.Series:
    """Return measures as integers when all are, else as floats; no value is NaN."""
    plain = [_plain(value) for value in values]
    if all(isinstance(v, int) for v in plain) and all(abs(v) < 2**63 for v in plain):
        return pd.Series(plain, dtype="int64")
    return pd.Series([math.nan if v is None else float(v) for v in plain], dtype="float64")


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def _order(
    spec: ChartSpec, table: Table, groups: Mapping[str, list[Any]], shown: Sequence[Any], rows: Sequence[int]
) -> list[int]:
    """Return the positions of the rows in drawing order, channel by channel."""
    adds_up = spec.channels()[measure_channel(spec)].aggregate in ("count", "sum")
    ranks = [
        {value: rank for rank, value in enumerate(_sorted(name, values, shown, rows, spec, table, adds_up))}
        for name, values in groups.items()
    ]
    keys = list(
        zip(
            *([rank[v] for v in values] for rank, values in zip(ranks, groups.values(), strict=True)),
            strict=True,
        )
    )
    return sorted(range(len(rows)), key=lambda i: keys[i] if keys else 0)


def _sorted(
    channel: str,
    values: list[Any],
    shown: Sequence[Any],
    rows: Sequence[int],
    spec: ChartSpec,
    table: Table,
    adds_up: bool,
) -> list[Any]:
    sizes: dict[Any, float] = {}
    weights: dict[Any, float] = {}
    for value, number, n in zip(values, shown, rows, strict=True):
        weight = 1.0 if adds_up else float(n)
        sizes[value] = sizes.get(value, 0.0) + float(number or 0) * weight
        weights[value] = weights.get(value, 0.0) + (0.0 if adds_up else weight)
    special = [value for value in (OTHERS, None) if value in sizes]
    real = [value for value in sizes if value is not None and value != OTHERS]
    size: Callable[[Any], float] = lambda value: sizes[value] / (weights[value] or 1.0)  # noqa: E731
    sort = spec.sort if channel in ("x", "place") else "auto"
    if sort == "auto" and not (natural := _natural(channel, real, spec, table)):
        sort = "-value"
    if sort in ("value", "-value"):
        direction = 1 if sort == "value" else -1
        return [*sorted(real, key=lambda value: (direction * size(value), label_key(value))), *special]
    if sort == "auto":
        return [*natural, *special]
    return [*sorted(real, key=label_key, reverse=sort == "-label"), *special]


def _natural(channel: str, real: list[Any], spec: ChartSpec, table: Table) -> list[Any]:
    """Return the groups in the order they have by themselves, or none when they have no order."""
    column = table.column(spec.channels()[channel].field or "")
    if column is None:
        return []
    if column.order and set(real) <= set(column.order):
        return [value for value in column.order if value in set(real)]
    if column.type in ("date", "datetime") or all(
        isinstance(v, int | float) and not isinstance(v, bool) for v in real
    ):
        return sorted(real)
    return []


def label_key(value: Any) -> tuple[int, float, str]:
    """Order numbers by size and words by their letters, blind to case and accents."""
    if isinstance(value, dt.date):
        return (0, 0.0, value.isoformat())
    if isinstance(value, int | float):
        return (0, float(value), "")
    plain = unicodedata.normalize("NFKD", str(value).casefold())
    return (1, 0.0, "".join(letter for letter in plain if not unicodedata.combining(letter)))


def _incomplete(spec: ChartSpec, table: Table, rows: list[Row]) -> str | None:
    unit = spec.x.time_unit if spec.x else None
    column = table.column(spec.x.field) if spec.x and spec.x.field else None
    starts = [found for row in rows if (found := moment(row.get("x")))]
    if unit is None or column is None or column.type not in ("date", "datetime") or not starts:
        return None
    cuts = [moment(f.high) for f in spec.filters if f.field == column.name and f.high is not None]
    reach = min([found for found in (moment(column.max), *cuts) if found], default=None)
    last = max(starts)
    if reach is None or reach < last or not unfinished(last, unit, reach, column):
        return None
    return last.date().isoformat()


def rows_result(spec: ChartSpec, rows: list[Row], facts: Row, total: int) -> Result:
    """Return the Result of rows drawn one by one."""
    names = [*(name for name in spec.channels()), *([LABEL] if rows and LABEL in rows[0] else [])]
    columns = {name: _raw([row[name] for row in rows], axis=name in axes(spec)) for name in names}
    return Result(frame=pd.DataFrame(columns), **_placed(spec, facts, total))


def _raw(values: list[Any], *, axis: bool) -> pd.Series:
    numeric = all(
        isinstance(v, int | float | Decimal) and not isinstance(v, bool) for v in values if v is not None
    )
    if axis or (numeric and values):
        return numbers(values)
    return pd.Series(values, dtype=object)


def cells_result(
    spec: ChartSpec, rows: list[Row], facts: Row, total: int, size: tuple[float, float]
) -> Result:
    """Return the Result of rows counted into cells, fullest cells last (drawn on top)."""
    across, up = axes(spec)
    ordered = sorted(rows, key=lambda row: (row[ROWS], row["row"], row["column"]))
    centres = [centre(spec, row["column"], row["row"], size) for row in ordered]
    columns: dict[str, Any] = {across: [a for a, _ in centres], up: [b for _, b in centres]}
    columns["y" if spec.mark == "points" else "size"] = [row[ROWS] for row in ordered]
    if ordered and "color" in ordered[0]:
        columns["color"] = numbers(row["color"] for row in ordered)
    return Result(frame=pd.DataFrame(columns), binned=True, cell=size, **_placed(spec, facts, total))


def _placed(spec: ChartSpec, facts: Row, total: int) -> dict[str, Any]:
    first, second = SHAPES[spec.mark].position
    missing = {first: int(facts["no_first"] or 0), second: int(facts["no_second"] or 0)}
    return {
        "total": total,
        "counted": facts[ROWS] - sum(missing.values()),
        "left_out": total - facts[ROWS],
        "missing": {name: n for name, n in missing.items() if n},
    }
