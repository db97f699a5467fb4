"""The ground floor served once for this room's tests, and afresh where a test needs its own settings."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT, Served, answers, free_port, until
from tests.web import provider as local


@pytest.fixture(scope="session")
def open_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Served]]:
    running: list[Served] = []

    def start(**settings: object) -> Served:
        data, port = tmp_path_factory.mktemp("house"), free_port()
        given = data / "settings.json"
        given.write_text(json.dumps({"data": str(data), "port": port, **settings}))
        log = data / "log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.web.house", str(given)], cwd=ROOT, stdout=output, stderr=output
            )
        served = Served(f"http://127.0.0.1:{port}", Path(data), log, process)
        running.append(served)
        until(lambda: answers(served.url), served)
        return served

    yield start
    for served in running:
        served.process.kill()
        served.process.wait(10)


@pytest.fixture(scope="session")
def house(open_house: Callable[..., Served]) -> Served:
    """A house with room for every test."""
    return open_house(sessions=10_000, sessions_per_address=5_000)


@pytest.fixture(scope="session")
def provider() -> Iterator[local.Provider]:
    """A provider that vouches for people."""
    with local.running() as one:
        yield one
