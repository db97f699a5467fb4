"""A small process that has the readers loaded and forks a child for each order it is given.

Loading the readers takes longer than reading most files. The process is started by the first
order and runs a single thread (beside one of Arrow's allocator, which minds forks itself), so that
forking is safe; it ends with the service, or after some idle minutes. Each order travels with a socket: the child answers on it, and when the other end
closes, for whatever reason, the child and all that it started are killed.
"""

import contextlib
import gc
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from catalog import child

ROOT = Path(__file__).parent.parent
IDLE_SECONDS = 600
ORDER_BYTES = 1 << 17
LOADED = (
    "catalog.reading", "catalog.readers.files", "catalog.readers.offers", "catalog.readers.typed",
    "catalog.readers.write", "catalog.readers.text", "catalog.readers.sheet", "catalog.readers.objects",
    "catalog.places", "python_calamine", "pyarrow.parquet", "shapely", "requests", "requests_hardened",
)  # fmt: skip


class WithoutPandas:
    """Hide pandas: pyarrow would import it, for a second, only to ask whether a list is a frame."""

    def find_spec(self, name: str, *_: object) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(name)


@dataclass
class Forks:
    """The way to the process; safe to use from many threads."""

    _control: socket.socket | None = None
    _owner: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, order: dict[str, Any]) -> socket.socket:
        """Send an order; return the socket on which its child answers, and which holds it alive."""
        ours, theirs = socket.socketpair()
        with self._lock, theirs:
            for _ in range(2):
                control = self._control if self._control and self._owner == os.getpid() else self._start()
                try:
                    socket.send_fds(control, [json.dumps(order).encode()], [theirs.fileno()])
                    break
                except (BrokenPipeError, ConnectionError):
                    self._control = None
        return ours

    def _start(self) -> socket.socket:
        control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        environment = {
            **os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2",
        }  # fmt: skip
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-m", "catalog.forks", str(theirs.fileno())],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),), start_new_session=True, env=environment, cwd=ROOT,
            )  # fmt: skip
        threading.Thread(target=process.wait, daemon=True, name="forks").start()
        self._control, self._owner = control, os.getpid()
        return control


forks = Forks()


def serve(control: socket.socket) -> None:
    """Fork a child for each order until the service ends or nothing is asked for some minutes."""
    sys.meta_path.insert(0, WithoutPandas())
    for name in LOADED:
        with contextlib.suppress(ImportError):
            import_module(name)
    gc.freeze()
    waiting = selectors.DefaultSelector()
    waiting.register(control, selectors.EVENT_READ)
    while waiting.get_map():
        events = waiting.select(IDLE_SECONDS if len(waiting.get_map()) == 1 else None)
        if not events:
            control.shutdown(socket.SHUT_RD)
        for key, _ in events:
            if key.fileobj is control:
                _take(control, waiting)
            elif key.fd in waiting.get_map():
                _end(waiting, *key.data)


def _take(control: socket.socket, waiting: selectors.BaseSelector) -> None:
    """Fork the child of one order; take no more when the service is gone."""
    order, fds, _, _ = socket.recv_fds(control, ORDER_BYTES, 1)
    if not order:
        waiting.unregister(control)
        return
    answering = socket.socket(fileno=fds[0])
    pid = os.fork()
    if pid == 0:
        _live(json.loads(order), answering, waiting)
    with contextlib.suppress(OSError):
        os.setpgid(pid, pid)
    fd = os.pidfd_open(pid)
    for one in (fd, answering):
        waiting.register(one, selectors.EVENT_READ, (pid, fd, answering))


def _live(order: dict[str, Any], answering: socket.socket, waiting: selectors.BaseSelector) -> None:
    """Spend the life of a child, holding nothing of its sisters."""
    code = 1
    try:
        os.setpgid(0, 0)
        for key in list(waiting.get_map().values()):
            os.close(key.fd)
        waiting.close()
        child.obey(order, answering.fileno())
        code = 0
    finally:
        os._exit(code)


def _end(waiting: selectors.BaseSelector, pid: int, fd: int, answering: socket.socket) -> None:
    """Kill what is left of a child that ended or is no longer wanted, and say how it ended."""
    for one in (fd, answering):
        waiting.unregister(one)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    with contextlib.suppress(OSError):
        answering.sendall(json.dumps({"exit": os.waitstatus_to_exitcode(status)}).encode() + b"\n")
    answering.close()
    os.close(fd)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
