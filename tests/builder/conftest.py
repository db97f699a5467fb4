import os
from pathlib import Path

import pytest

from builder.engine import Engine
from web.settings import Settings

SHARED = Path(os.environ.get("RELATO_SHARED", Path(__file__).parents[3] / "shared"))


@pytest.fixture
def folder(tmp_path):
    """The tables' folder of an engine."""
    return tmp_path / "tables"


@pytest.fixture
def engine(tmp_path):
    made = Engine(Settings(data=tmp_path))
    yield made
    made.close()


@pytest.fixture(scope="session")
def shared():
    """The folder of real files, where there is one."""
    if not (SHARED / "data").is_dir():
        pytest.skip("no shared files here")
    return SHARED / "data"
