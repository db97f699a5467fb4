"""Run one function in a child process that can be killed: foreign bytes never reach the service itself.

The child has a memory, CPU, output and wall-clock limit and, unless asked, no network. It
answers over a socket in lines of JSON; whatever else happens to it becomes a clear refusal.
"""

import contextlib
import ctypes
import json
import os
import resource
import selectors
import signal
import socket
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

from web.values import Problem, Refused, Value

Report = Callable[[int, int | None], None]
ANSWER_BYTES = 64 * 1024 * 1024
KILL_SECONDS = 10
CLONE_NEWUSER, CLONE_NEWNET, PR_SET_PDEATHSIG = 0x10000000, 0x40000000, 1


class Limits(Value):
    """What a child may use; ``output_mb`` bounds each file it writes."""

    memory_mb: int = 2048
    seconds: float = 300
    output_mb: int = 8192
    network: bool = False


def run(function: str, arguments: dict[str, Any], limits: Limits, progress: Report | None = None) -> Any:
    """Return what ``module:function`` answers when called with ``arguments`` in a child.

    ``progress(done, total)`` hears of the child's progress, in bytes (``total`` None when unknown), and
    the last one again each silent second; an exception it raises (a cancellation) kills the child and
    travels on. Raises Refused: the child's own refusal, or ``child_time``, ``child_memory``,
    ``child_output``, ``child_died``.
    """
    from catalog.forks import forks

    order = {"function": function, "arguments": arguments, "limits": limits.model_dump()}
    answering = forks.ask(order)
    lines = Lines(answering)
    try:
        answer = _listen(lines, time.monotonic() + limits.seconds, progress)
    finally:
        exit_code = _end(lines)
    return _unpack(answer, exit_code, limits)


class Lines:
    """The lines of JSON that arrive on a socket."""

    def __init__(self, answering: socket.socket):
        self.socket = answering
        self._held = b""

    def next(self, seconds: float) -> dict[str, Any] | None:
        """Return the next line: None when none came in time, {} when there are no more."""
        until = time.monotonic() + seconds
        with selectors.DefaultSelector() as waiting:
            waiting.register(self.socket, selectors.EVENT_READ)
            while b"\n" not in self._held:
                if not waiting.select(max(0.0, until - time.monotonic())):
                    return None
                got = self._receive()
                if not got or len(self._held) > ANSWER_BYTES:
                    return {}
                self._held += got
        line, _, self._held = self._held.partition(b"\n")
        said: dict[str, Any] = json.loads(line)
        return said

    def _receive(self) -> bytes:
        try:
            return self.socket.recv(1 << 16)
        except ConnectionError:
            return b""


def _listen(lines: Lines, deadline: float, progress: Report | None) -> dict[str, Any]:
    """Return the child's last line; empty when it died first, {"late": True} after the deadline."""
    last: tuple[int, int | None] = (0, None)
    while (left := deadline - time.monotonic()) > 0:
        said = lines.next(min(left, 1.0))
        if said is not None and "progress" not in said:
            return said
        last = said["progress"] if said else last
        if progress:
            progress(*last)
    return {"late": True}


def _end(lines: Lines) -> int:
    """Have the child and all it started killed; return its exit code once it is gone.

    A child that has answered is given no more time.
    """
    with lines.socket, contextlib.suppress(OSError):
        lines.socket.shutdown(socket.SHUT_WR)
        while said := lines.next(KILL_SECONDS):
            if "exit" in said:
                return int(said["exit"])
    return 0


def _unpack(answer: dict[str, Any], code: int, limits: Limits) -> Any:
    code = answer.get("exit", code)
    if "value" in answer:
        return answer["value"]
    if "refused" in answer:
        problem = Problem.model_validate(answer["refused"])
        raise Refused(problem.code, problem.where, **problem.facts)
    if "late" in answer or code == -signal.SIGXCPU:
        raise Refused("child_time", seconds=int(limits.seconds))
    if "memory" in answer or code == -signal.SIGABRT:
        raise Refused("child_memory", megabytes=limits.memory_mb)
    if "output" in answer or code == -signal.SIGXFSZ:
        raise Refused("child_output", megabytes=limits.output_mb)
    raise Refused("child_died", reason=str(answer.get("died", f"signal {-code}")))


def _confine(limits: Limits) -> None:
    """Put this process under its limits, for good; memory counts beyond what it shares at its start."""
    memory, output = held() + limits.memory_mb * 2**20, limits.output_mb * 2**20
    cpu = int(limits.seconds * 2) + 1
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if not limits.network:
        libc.unshare(CLONE_NEWUSER | CLONE_NEWNET)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (output, output))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def held() -> int:
    """Return the bytes of address space that this process has now."""
    with open("/proc/self/statm", encoding="ascii") as pages:
        return int(pages.read().split()[0]) * resource.getpagesize()


def obey(order: dict[str, Any], pipe: int) -> None:
    """Carry out an order in this process, under its limits for good, answering on ``pipe``."""

    def say(**line: object) -> None:
        _write_all(pipe, json.dumps(line).encode() + b"\n")

    def tell(done: int, total: int | None) -> None:
        say(progress=(done, total))

    try:
        _confine(Limits.model_validate(order["limits"]))
        module, name = order["function"].split(":")
        value = getattr(import_module(module), name)(**order["arguments"], progress=tell)
        say(value=value)
    except Refused as refused:
        say(refused=refused.problem.model_dump())
    except MemoryError:
        say(memory=True)
    except OSError as error:
        say(output=True) if error.errno in (27, 28) else say(died=f"{type(error).__name__}: {error}"[:300])
    except BaseException as error:
        out_of_memory = any(
            sign in str(error).lower() for sign in ("out of memory", "bad_alloc", "bad alloc")
        )
        say(memory=True) if out_of_memory else say(died=f"{type(error).__name__}: {error}"[:300])


def _write_all(pipe: int, answer: bytes) -> None:
    while answer:
        answer = answer[os.write(pipe, answer) :]
