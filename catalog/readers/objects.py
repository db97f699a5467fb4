"""Read JSON: records, columns, nested answers of services, and one object a line."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from catalog.readers.cube import cubes
from catalog.readers.grid import Grid, Row
from catalog.readers.sdmx import observations
from web.values import Problem, Refused

MAX_DEPTH = 4
MAX_COLUMNS = 2000
MAX_BYTES = 400 * 1024 * 1024
SEP = "."
SERIES = 10
ERRORS = ("error", "Error", "errors", "exception", "fault", "faultstring")
PADDED = re.compile(r"^\s*(?:/\*.*?\*/)?\s*(?:var\s+|const\s+)?[\w.$\[\]]+\s*(?:\((?P<call>.*)\)|=\s*(?P<set>.*?));?\s*$", re.DOTALL)  # fmt: skip


def load(path: Path, work: Path, *, padded: bool = False) -> Any:
    """Return the JSON of a file: one value, or a list of the values of its lines; ``padded`` by a call.

    Raises Refused(``json_broken``) with the place of the fault.
    """
    if path.stat().st_size > MAX_BYTES:
        raise Refused("json_too_large", megabytes=MAX_BYTES // 2**20)
    from catalog.readers.encoding import to_utf8

    clean, _, _ = to_utf8(path, work)
    text = clean.read_text(encoding="utf-8-sig")
    held = unpadded(text) if padded else None
    if held is not None:
        return held
    try:
        return json.loads(text)
    except RecursionError as error:
        raise Refused("json_too_deep") from error
    except ValueError as error:
        lines = list(_lines(text)) or _joined(text)
        if lines:
            return lines
        place = getattr(error, "lineno", 0)
        raise Refused("json_broken", line=place, reason=str(getattr(error, "msg", error))[:80]) from error


def unpadded(text: str) -> Any:
    """Return the JSON handed to a function or set to a name (JSONP), None when there is none."""
    found = PADDED.match(text)
    held = (found["call"] or found["set"] or "").strip() if found else ""
    try:
        return json.loads(held) if held[:1] in ("{", "[") else None
    except (ValueError, RecursionError):
        return None


def _joined(text: str) -> list[Any]:
    """Return the objects of a text that holds one right after the other; none when one is broken."""
    decoder, found, at = json.JSONDecoder(), [], 0
    text = text.strip()
    while at < len(text):
        try:
            one, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return []
        found.append(one)
        while at < len(text) and text[at] in " \t\r\n,\x1e":
            at += 1
    return found if len(found) > 1 and all(isinstance(one, dict) for one in found) else []


def _lines(text: str) -> Iterator[Any]:
    """Yield the objects of JSON lines; nothing when a line is broken."""
    found = []
    for line in text.splitlines():
        bare = line.strip().rstrip(",").strip("\x1e")
        if bare in ("", "[", "]"):
            continue
        try:
            found.append(json.loads(bare))
        except (ValueError, RecursionError):
            return
    if found and all(isinstance(one, dict | list) for one in found):
        yield from found


def read_objects(document: Any, *, kind: str = "json", part: str = "") -> Grid:
    """Return the grid of the records in a JSON document; raises Refused(``no_table``)."""
    records, path, others = find_records(document, part)
    rows, dotted = _table(records)
    grid = Grid(rows, kind, part=path, dotted=dotted, headed=True, offered=tuple(others))
    if path:
        grid.changes.append(Problem(code="records_found", severity="info", where=path))
    return grid


def find_records(document: Any, part: str = "") -> tuple[list[Any], str, list[str]]:
    """Return the largest list of records, the path to it, and the paths of all such lists."""
    _refuse_answer(document)
    found: dict[str, list[Any]] = _with_columns_apart(document) or cubes(document) or observations(document)
    if not found:
        _collect(document, "", 0, found)
    if part and part in found:
        return found[part], part, list(found)
    if not found:
        raise Refused("no_table")
    best = max(found, key=lambda path: (len(found[path]) * _width(found[path]), -len(path)))
    return found[best], best, list(found) if len(found) > 1 else []


def _refuse_answer(document: Any) -> None:
    """Refuse what a service says instead of data: that it failed."""
    if not isinstance(document, dict) or any(isinstance(one, list) and one for one in document.values()):
        return
    error = next((document[name] for name in ERRORS if document.get(name)), None)
    failed = document.get("success") is False or (error is not None and len(document) <= 5)
    if failed:
        said = error.get("message", "") if isinstance(error, dict) else error
        raise Refused("json_error", reason=str(said or "error")[:120])


def _with_columns_apart(document: Any) -> dict[str, list[Any]]:
    """Return the rows of a service that names its columns under meta.view.columns (Socrata)."""
    rows = document.get("data") if isinstance(document, dict) else None
    meta = document.get("meta") if isinstance(document, dict) else None
    view = meta.get("view") if isinstance(meta, dict) else None
    columns = view.get("columns") if isinstance(view, dict) else None
    if (
        not isinstance(rows, list)
        or not isinstance(columns, list)
        or not all(isinstance(row, list) for row in rows)
    ):
        return {}
    shown = [
        (at, str(one.get("name", "")))
        for at, one in enumerate(columns)
        if isinstance(one, dict) and one.get("dataTypeName") != "meta_data"
    ]
    return {"data": [{name: row[at] for at, name in shown if at < len(row)} for row in rows]} if rows else {}


def _width(records: list[Any]) -> int:
    return max((len(one) for one in records[:20] if isinstance(one, dict | list)), default=1)


def _collect(value: Any, path: str, depth: int, found: dict[str, list[Any]]) -> None:
    if depth > MAX_DEPTH:
        return
    if isinstance(value, list):
        enveloped = _after_envelope(value)
        if enveloped is not None:
            _collect(enveloped, path, depth + 1, found)
        elif value and sum(isinstance(one, dict | list) for one in value) >= 0.9 * len(value):
            found[path] = _unfolded(value)
        return
    if not isinstance(value, dict):
        return
    table = _by_columns(value)
    if table:
        found[path] = table
        return
    if len(value) >= 3 and all(isinstance(one, dict) and one for one in value.values()) and _alike(value):
        found[path] = [{"key": key, **one} for key, one in value.items()]
        return
    for key, inner in value.items():
        _collect(inner, f"{path}{SEP}{key}" if path else str(key), depth + 1, found)
    if not path and not found and depth == 0 and value:
        found[path] = [{"key": k, "value": v} for k, v in value.items()] if _is_map(value) else [value]


def _is_map(value: dict[str, Any]) -> bool:
    """Tell one value for each of several years, dates or codes from one record."""
    keyed = all(any(c.isdigit() for c in key) for key in value)
    return len(value) >= 3 and keyed and all(is_number(v) or v is None for v in value.values())


def _after_envelope(value: list[Any]) -> list[Any] | None:
    """Return the records of an answer written as [about, [records]], as the World Bank does."""
    if len(value) == 2 and isinstance(value[0], dict) and isinstance(value[1], list):
        return value[1] if value[1] and all(isinstance(one, dict) for one in value[1]) else None
    return None


def _unfolded(records: list[Any]) -> list[Any]:
    """Return records that each hold one list of records, such as series of observations, row by row."""
    if not all(isinstance(one, dict) for one in records):
        return records
    names = {name for one in records for name, held in one.items() if _are_records(held)}
    if len(names) != 1:
        return records
    name = names.pop()
    held = sum(len(one.get(name) or ()) for one in records)
    if len(records) > 1 and held < SERIES * len(records):
        return records
    return [
        {
            **{key: value for key, value in one.items() if key != name},
            **{f"{name}.{k}" if k in one else k: v for k, v in inner.items()},
        }
        for one in records
        for inner in _held(one, name)
    ]


def _held(record: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return record.get(name) or [{}]


def _are_records(held: Any) -> bool:
    plain = isinstance(held, list) and len(held) > 1 and all(isinstance(one, dict) for one in held)
    return plain and not any(isinstance(v, dict | list) for one in held for v in one.values())


def _alike(value: dict[str, Any]) -> bool:
    keys = [frozenset(one) for one in value.values()]
    return len(keys[0] & keys[-1]) >= 0.6 * max(1, len(keys[0] | keys[-1]))


def _by_columns(value: dict[str, Any]) -> list[dict[str, Any]]:
    """Return records from columns ({"a": [1, 2], "b": [3, 4]}), pandas splits and indexed columns."""
    if isinstance(value.get("columns"), list) and isinstance(value.get("data"), list):
        names = [
            one if isinstance(one, str) else str(one.get("name", ""))
            for one in value["columns"]
            if isinstance(one, str | dict)
        ]
        rows = value["data"]
        if rows and len(names) == len(value["columns"]) and all(isinstance(row, list) for row in rows):
            return [dict(zip(names, row, strict=False)) for row in rows]
    fields = value.get("fields")
    held = value.get("records")
    if (
        isinstance(fields, list)
        and isinstance(held, list)
        and held
        and all(isinstance(r, dict) for r in held)
    ):
        return held
    if (
        isinstance(fields, list)
        and isinstance(held, list)
        and held
        and all(isinstance(row, list) for row in held)
    ):
        names = [str(f.get("id") or f.get("name")) if isinstance(f, dict) else str(f) for f in fields]
        return [dict(zip(names, row, strict=False)) for row in held]
    lists = [one for one in value.values() if isinstance(one, list)]
    if (
        len(value) >= 2
        and len(lists) == len(value)
        and len({len(one) for one in lists}) == 1
        and len(lists[0]) > 1
    ) and not any(isinstance(cell, dict | list) for one in lists for cell in one[:50]):
        return [dict(zip(value, row, strict=True)) for row in zip(*lists, strict=True)]
    maps = [one for one in value.values() if isinstance(one, dict)]
    if len(value) >= 2 and len(maps) == len(value) and all(_indexed(one) for one in maps):
        keys = list(maps[0])
        if all(list(one) == keys for one in maps) and len(keys) > 1:
            return [{name: one[key] for name, one in value.items()} for key in keys]
    return []


def _indexed(one: dict[str, Any]) -> bool:
    return list(one)[:3] == ["0", "1", "2"][: len(one)] and not any(isinstance(v, dict) for v in one.values())


def _table(records: list[Any]) -> tuple[list[Row], frozenset[int]]:
    """Return rows of text under one header row, and which columns hold real numbers."""
    if all(isinstance(one, list) for one in records):
        return _table_of_lists(records)
    names: dict[str, int] = {}
    flattened = [flat(one) if isinstance(one, dict) else {"value": one} for one in records]
    for record in flattened:
        for name in record:
            names.setdefault(name, len(names))
    if len(names) > MAX_COLUMNS:
        raise Refused("too_many_columns", n=len(names))
    numeric = {names[name] for record in flattened for name, value in record.items() if is_number(value)}
    rows: list[Row] = [list(names)]
    for record in flattened:
        rows.append([text_of(record.get(name)) for name in names])
    return rows, frozenset(numeric)


def _table_of_lists(records: list[Any]) -> tuple[list[Row], frozenset[int]]:
    width = max(len(one) for one in records)
    if width > MAX_COLUMNS:
        raise Refused("too_many_columns", n=width)
    first = records[0]
    named = all(isinstance(cell, str) for cell in first) and len(set(first)) == len(first)
    rest = records[1:] if named else records
    header = [str(cell) for cell in first] if named else ["" for _ in range(width)]
    numeric = {at for one in rest for at, cell in enumerate(one) if is_number(cell)}
    return [header, *([text_of(cell) for cell in one] for one in rest)], frozenset(numeric)


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def flat(record: dict[str, Any], prefix: str = "", depth: int = 0) -> dict[str, Any]:
    """Return a record with nested objects spread over names such as 'location.lat'."""
    spread: dict[str, Any] = {}
    for key, value in record.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict) and value and depth < MAX_DEPTH and not _is_geometry(value):
            spread |= flat(value, name + SEP, depth + 1)
        else:
            spread[name] = value
    return spread


def _is_geometry(value: dict[str, Any]) -> bool:
    return "coordinates" in value and "type" in value


def text_of(value: Any) -> str:
    """Write a JSON value as the text of a cell."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    if isinstance(value, int | float):
        return repr(value)
    return json.dumps(value, ensure_ascii=False)
