"""Start ``serve.py`` as a person does, wait for it, and end it."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[1]


class Server:
    """One running Relato and how long its steps took, in seconds since its start."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, started: float):
        self.process, self.started = process, started
        self.url = f"http://127.0.0.1:{port}"

    def get(self, path: str) -> bytes:
        """Return the body of a page. Raises urllib.error.URLError."""
        with urllib.request.urlopen(self.url + path, timeout=60) as answer:
            return bytes(answer.read())

    def post(self, path: str, value: object) -> bytes:
        """Post a JSON document and return the answer's body. Raises urllib.error.URLError."""
        body = json.dumps(value).encode()
        request = urllib.request.Request(self.url + path, body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return bytes(answer.read())

    def wait(self, path: str, holds: str = "", timeout: float = 300) -> float:
        """Wait until a page answers and holds a text; return the seconds since the start."""
        while time.perf_counter() - self.started < timeout:
            if self.process.poll() is not None:
                raise RuntimeError(f"serve.py ended with code {self.process.returncode}")
            try:
                if holds in self.get(path).decode():
                    return time.perf_counter() - self.started
            except urllib.error.URLError:
                pass
            time.sleep(0.05)
        raise TimeoutError(f"{path} did not answer with {holds!r} within {timeout} s")

    def processor(self) -> float:
        """Return the processor time of the server itself so far, which other work moves less than the clock."""
        spent = psutil.Process(self.process.pid).cpu_times()
        return float(spent.user + spent.system)

    def memory_mb(self) -> float:
        """Return the resident memory of the server and its children in MB."""
        main = psutil.Process(self.process.pid)
        return sum(int(each.memory_info().rss) for each in [main, *main.children(recursive=True)]) / 1e6


@contextmanager
def serving(data: Path, *more: str) -> Iterator[Server]:
    """Run ``serve.py`` on a free port over a data folder."""
    port = free_port()
    command = [sys.executable, "serve.py", "--port", str(port), "--data", str(data), *more]
    started = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ}
    )
    try:
        yield Server(process, port, started)
    finally:
        process.terminate()
        process.wait(30)


def free_port() -> int:
    """Return a port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
