"""Read JSON-stat, the cubes of statistical offices (json-stat.org): one row for each cell."""

from itertools import product
from typing import Any

MAX_CELLS = 5_000_000


def cubes(document: Any) -> dict[str, list[Any]]:
    """Return the records of each cube of a document by name; none when it holds no JSON-stat."""
    if not isinstance(document, dict):
        return {}
    held = document if document.get("class") == "dataset" else None
    named = {"": held} if held else document
    found = {name: _records(one) for name, one in named.items() if _is_cube(one)}
    return {name: records for name, records in found.items() if records}


def _is_cube(one: Any) -> bool:
    return (
        isinstance(one, dict)
        and isinstance(one.get("dimension"), dict)
        and isinstance(one.get("value"), list | dict)
    )


def _records(cube: dict[str, Any]) -> list[dict[str, Any]]:
    dimension = cube["dimension"]
    names = cube.get("id") or dimension.get("id") or []
    size = cube.get("size") or dimension.get("size") or []
    if not names or len(names) != len(size) or not all(isinstance(name, str) for name in names):
        return []
    axes = [_categories(dimension.get(name)) for name in names]
    if [len(axis) for axis in axes] != list(size):
        return []
    values, status = cube["value"], cube.get("status")
    rows = []
    for at, places in enumerate(product(*axes)):
        if at >= MAX_CELLS:
            break
        value = _cell(values, at)
        if value is None and isinstance(values, dict):
            continue
        row: dict[str, Any] = {}
        for name, (code, label) in zip(names, places, strict=True):
            row[name] = code
            if label != code:
                row[f"{name}.label"] = label
        row["value"] = value
        if isinstance(status, dict | list) and status:
            row["status"] = _cell(status, at)
        rows.append(row)
    return rows


def _cell(held: Any, at: int) -> Any:
    if isinstance(held, dict):
        return held.get(str(at))
    return held[at] if at < len(held) else None


def _categories(dimension: Any) -> list[tuple[str, str]]:
    """Return (code, label) of a dimension in the order of its cells."""
    category = dimension.get("category") if isinstance(dimension, dict) else None
    if not isinstance(category, dict):
        return []
    stated = category.get("label")
    labels: dict[str, Any] = stated if isinstance(stated, dict) else {}
    index = category.get("index")
    if isinstance(index, dict):
        codes = sorted(index, key=lambda code: index[code])
    else:
        codes = [str(code) for code in index] if isinstance(index, list) else list(labels)
    return [(code, str(labels.get(code, code))) for code in codes]
