"""A clean table written in any dirty way comes back whole."""

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from catalog.readers.files import read_grid
from catalog.readers.offers import choose
from catalog.readers.typed import Typed, typed
from tests.reading.dirty import Clean, Dirt, clean_tables, dirt


def read(data: bytes) -> Typed:
    """Read bytes in this process."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file")
        path.write_bytes(data)
        chosen = choose(lambda name: read_grid(path, Path(folder), name), None, None)
        return typed(chosen.body, chosen.grid)


@given(clean_tables(), dirt)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_clean_table_comes_back_from_any_dirty_writing(clean: Clean, way: Dirt) -> None:
    made = read(way.write(clean))
    assert [column.name for column in made.columns if not column.derived] == list(clean)
    assert made.rows == len(clean["clave"])
    for name, wanted in clean.items():
        assert made.values[name] == _same_scale(wanted), (name, way)


def _same_scale(values: list[Any]) -> list[Any]:
    return [pytest.approx(value, abs=0.005) if isinstance(value, float) else value for value in values]
