"""The child that reads foreign bytes dies of its limits, and its death is a sentence."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from catalog.child import Limits, run
from web.values import Refused

HERE = "tests.catalog.test_reading_child"
Tell = Callable[[int, int | None], None]


def answer(value: int, progress: Tell) -> int:
    progress(1, 2)
    return value * 2


def refuse(progress: Tell) -> None:
    raise Refused("file_html", "a file", n=3)


def sleep(progress: Tell) -> None:
    time.sleep(60)


def hoard(progress: Tell) -> None:
    bytearray(4 * 2**30)


def pour(path: str, progress: Tell) -> None:
    Path(path).write_bytes(b"x" * 5 * 2**20)


def abort(progress: Tell) -> None:
    os.kill(os.getpid(), 11)


def call_out(progress: Tell) -> str:
    try:
        socket.create_connection(("127.0.0.1", 9), timeout=2)
    except OSError as error:
        return type(error).__name__ if error.errno != 111 else "reached the host"
    return "reached the host"


def code_of(function: str, limits: Limits, **arguments: object) -> str:
    with pytest.raises(Refused) as refusal:
        run(f"{HERE}:{function}", dict(arguments), limits)
    return refusal.value.problem.code


def test_it_answers_and_tells_its_progress() -> None:
    heard: list[tuple[int, int | None]] = []
    assert run(f"{HERE}:answer", {"value": 21}, Limits(), lambda *told: heard.append(told)) == 42
    assert (1, 2) in heard


def test_its_own_refusal_travels_whole() -> None:
    with pytest.raises(Refused) as refusal:
        run(f"{HERE}:refuse", {}, Limits())
    assert refusal.value.problem.where == "a file"
    assert refusal.value.problem.facts == {"n": 3}


def test_time_memory_output_and_crashes_are_named() -> None:
    assert code_of("sleep", Limits(seconds=2)) == "child_time"
    assert code_of("hoard", Limits(memory_mb=512)) == "child_memory"
    assert code_of("abort", Limits()) == "child_died"


def test_output_is_bounded(tmp_path: Path) -> None:
    assert code_of("pour", Limits(output_mb=1), path=str(tmp_path / "out")) == "child_output"


def test_cancelling_kills_it() -> None:
    class Cancelled(Exception):
        pass

    def cancel(done: int, total: int | None) -> None:
        raise Cancelled

    started = time.monotonic()
    with pytest.raises(Cancelled):
        run(f"{HERE}:sleep", {}, Limits(), cancel)
    assert time.monotonic() - started < 20


def test_it_has_no_network() -> None:
    if run(f"{HERE}:call_out", {}, Limits(network=True)) != "reached the host":
        pytest.skip("nothing to compare with: this host itself has no loopback")
    assert run(f"{HERE}:call_out", {}, Limits()) != "reached the host"


def process(progress: Tell) -> tuple[int, int]:
    return os.getpid(), os.getppid()


def sleep_and_tell(path: str, progress: Tell) -> None:
    Path(path).write_text(str(os.getpid()))
    time.sleep(60)


def test_the_process_that_forks_is_started_again_when_it_dies() -> None:
    first, forks = run(f"{HERE}:process", {}, Limits())
    os.kill(forks, 9)
    time.sleep(0.2)
    second, others = run(f"{HERE}:process", {}, Limits())
    assert len({first, second, forks, others}) == 4


def test_many_children_run_at_once_and_none_stays() -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: run(f"{HERE}:process", {}, Limits()), range(24)))
    assert len({child for child, _ in found}) == 24
    assert not any(Path(f"/proc/{child}").exists() for child, _ in found)


def test_children_end_with_the_service(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    order = f"from catalog.child import *; run('{HERE}:sleep_and_tell', {{'path': {str(told)!r}}}, Limits())"
    service = subprocess.Popen([sys.executable, "-c", order])
    try:
        wait(lambda: told.exists() and told.read_text() != "")
    finally:
        service.kill()
        service.wait()
    wait(lambda: not Path("/proc", told.read_text()).exists())


def wait(ready: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not ready():
        assert time.monotonic() < until
        time.sleep(0.05)
