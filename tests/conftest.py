"""Fixtures of every room: a served Relato and a browser."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).parents[1]
READY_SECONDS = 300
"""What a server may take until it answers, on a machine that is busy with other things."""
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass(frozen=True)
class Served:
    """A running serve.py: its address, its data folder and what it printed."""

    url: str
    data: Path
    log: Path
    process: subprocess.Popen

    def wait_for(self, text: str, seconds: float = READY_SECONDS) -> None:
        """Wait until a line was printed."""
        until(lambda: text in self.log.read_text(), self, seconds)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Served]]:
    """Start serve.py in a process of its own: ``serve("--role", "public", RELATO_SESSIONS="2")``."""
    running: list[Served] = []

    def start(*arguments: str, data: Path | None = None, **environment: str) -> Served:
        data = data or tmp_path_factory.mktemp("data")
        port, log = free_port(), data / "serve.log"
        command = [sys.executable, "serve.py", "--port", str(port), "--data", str(data), *arguments]
        with log.open("wb") as output:
            process = subprocess.Popen(
                command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, env=os.environ | environment
            )
        served = Served(f"http://127.0.0.1:{port}", data, log, process)
        running.append(served)
        until(lambda: answers(served.url), served)
        return served

    yield start
    for served in running:
        served.process.terminate()
    for served in running:
        served.process.wait(20)


@pytest.fixture(scope="session")
def served(serve: Callable[..., Served]) -> Served:
    """One Relato with the demo portal, shared by the tests of a run; its files are all read."""
    one = serve(RELATO_SESSIONS_PER_ADDRESS="100")
    one.wait_for("Listo:")
    return one


@pytest.fixture(scope="module")
def browser() -> Iterator["playwright.sync_api.Browser"]:  # noqa: F821
    """Chromium; skipped where there is none unless REQUIRE_BROWSER is set.

    Of one module, because its event loop stands in the way of ``asyncio.run`` while it is open.
    """
    required = bool(os.environ.get("REQUIRE_BROWSER"))
    if not Path(CHROMIUM).exists():
        (pytest.fail if required else pytest.skip)("Chromium is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as player:
        chromium = player.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_FLAGS))
        yield chromium
        chromium.close()


ENDED = pytest.StashKey[int]()


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    session.config.stash[ENDED] = int(exitstatus)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """End at once, so that pytest's count is the last line: DuckDB's bindings report at exit what still lives."""
    if ENDED in config.stash:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(config.stash[ENDED])


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="rewrite tests/golden from what is made now"
    )


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with the file of that name in tests/golden: ``golden("bar.svg", text)``."""

    def check(name: str, text: str) -> None:
        path = ROOT / "tests" / "golden" / name
        if request.config.getoption("--update-golden"):
            path.write_text(text, encoding="utf-8")
        assert path.exists(), f"{name} is not kept yet: run pytest --update-golden"
        assert text == path.read_text(encoding="utf-8")

    return check


def answers(url: str) -> bool:
    try:
        with urlopen(f"{url}/healthz", timeout=2) as answer:
            return answer.status == 200
    except (URLError, OSError):
        return False


def until(is_so: Callable[[], bool], served: Served, seconds: float = READY_SECONDS) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if is_so():
            return
        if served.process.poll() is not None:
            break
        time.sleep(0.2)
    raise AssertionError(f"serve.py did not get there:\n{served.log.read_text()[-4000:]}")
