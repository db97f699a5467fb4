"""A clean table written in any dirty way comes back whole."""

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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


@given(
    levels=st.integers(1, 2),
    years=st.booleans(),
    keys=st.lists(
        st.sampled_from(["Norte", "Sur", "Centro", "Oriente", "Poniente", "Golfo", "Bajío", "Istmo"]),
        min_size=4,
        max_size=8,
        unique=True,
    ),
    width=st.integers(2, 7),
    data=st.data(),
)
@settings(max_examples=150, deadline=None)
def test_no_row_is_taken_for_a_header(
    levels: int, years: bool, keys: list[str], width: int, data: st.DataObject
) -> None:
    values = st.one_of(st.integers(0, 12), st.integers(0, 100_000))
    step = data.draw(st.integers(0, 10))
    rows = [
        [
            key,
            *(str(data.draw(values) if step == 0 else at * step + column * step) for column in range(width)),
        ]
        for at, key in enumerate(keys, 1)
    ]
    names = (
        [str(2010 + column) for column in range(width)]
        if years
        else [f"Medida {chr(65 + n)}" for n in range(width)]
    )
    header = [["Entidad", *names]]
    if levels == 2:
        groups = [
            "Entidad",
            *("Grupo uno" if column < width // 2 else "Grupo dos" for column in range(width)),
        ]
        header = [
            [cell if at in (0, 1, 1 + width // 2) else "" for at, cell in enumerate(groups)],
            ["", *names],
        ]
    text = "\n".join(",".join(row) for row in [*header, *rows])
    made = read(text.encode())
    assert [str(value) for value in made.values[made.columns[0].name]] == keys
    assert made.columns[0].name == "Entidad"
