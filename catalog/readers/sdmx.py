"""Read the answers of statistical services: SDMX-JSON and PX-Web, one row for each observation."""

from typing import Any

MAX_ROWS = 5_000_000
Records = list[dict[str, Any]]


def observations(document: Any) -> dict[str, Records]:
    """Return the records of each data set of a document by name; none when it holds no such answer."""
    if not isinstance(document, dict):
        return {}
    if _is_px(document):
        return {"": _px(document)}
    inner = document.get("data")
    held: dict[str, Any] = inner if isinstance(inner, dict) else document
    sets, structure = held.get("dataSets"), held.get("structure")
    if structure is None and isinstance(held.get("structures"), list) and held["structures"]:
        structure = held["structures"][0]
    if not isinstance(sets, list) or not isinstance(structure, dict):
        return {}
    try:
        found = {f"dataSets.{at}": _sdmx(one, structure) for at, one in enumerate(sets)}
    except (KeyError, IndexError, TypeError, ValueError, AttributeError):
        return {}
    return {name: records for name, records in found.items() if records}


def _sdmx(held: dict[str, Any], structure: dict[str, Any]) -> Records:
    """Return the observations of a data set: flat, or series by series."""
    dimensions = structure["dimensions"]
    rows: Records = []
    for key, value in held.get("observations", {}).items():
        rows.append({**_named(key, dimensions["observation"]), "value": _first(value)})
    for key, series in held.get("series", {}).items():
        keys = _named(key, dimensions["series"])
        for at, value in series.get("observations", {}).items():
            rows.append({**keys, **_named(at, dimensions["observation"]), "value": _first(value)})
            if len(rows) > MAX_ROWS:
                raise ValueError
    return rows


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else value


def _named(key: str, dimensions: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the values that a key such as '0:3:1' stands for, by the ids of their dimensions."""
    row: dict[str, Any] = {}
    for place, dimension in zip(key.split(":"), dimensions, strict=True):
        value = dimension["values"][int(place or 0)]
        code, label = value.get("id"), value.get("name")
        name = str(dimension["id"])
        row[name] = code
        if isinstance(label, str) and label != code:
            row[f"{name}.label"] = label
    return row


def _is_px(document: dict[str, Any]) -> bool:
    rows, columns = document.get("data"), document.get("columns")
    return (
        isinstance(rows, list)
        and isinstance(columns, list)
        and bool(rows)
        and all(isinstance(one, dict) and "key" in one and "values" in one for one in rows)
        and all(isinstance(one, dict) and ("text" in one or "code" in one) for one in columns)
    )


def _px(document: dict[str, Any]) -> Records:
    names = [str(one.get("text") or one.get("code")) for one in document["columns"]]
    return [dict(zip(names, [*one["key"], *one["values"]], strict=False)) for one in document["data"]]
