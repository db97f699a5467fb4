"""Run one function in a child process that can be killed: foreign bytes never reach the service itself.

The child has a memory, CPU, output and wall-clock limit and, when asked, no network. It
answers over a pipe in lines of JSON; whatever else happens to it becomes a clear refusal.
"""

import contextlib
import ctypes
import json
import os
import resource
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from web.values import Problem, Refused, Value

Report = Callable[[int, int | None], None]
ROOT = Path(__file__).parent.parent
ANSWER_BYTES = 64 * 1024 * 1024
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
    the last one again each silent second; an exception it raises (a cancellation) kills the child and travels on. Raises Refused: the child's own refusal,
    or ``child_time``, ``child_memory``, ``child_output``, ``child_died``.
    """
    reading, writing = os.pipe()
    order = json.dumps({"function": function, "arguments": arguments, "limits": limits.model_dump()})
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
    child = subprocess.Popen(
        [sys.executable, "-m", "catalog.child", str(writing)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=(writing,),
        start_new_session=True,
        env=environment,
        cwd=ROOT,
    )
    os.close(writing)
    try:
        with contextlib.suppress(BrokenPipeError):
            child.stdin.write(order.encode())  # type: ignore[union-attr]
            child.stdin.close()  # type: ignore[union-attr]
        answer = _listen(reading, time.monotonic() + limits.seconds, progress)
        if not answer:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(5)
    finally:
        os.close(reading)
        _kill(child)
    return _unpack(answer, child.returncode, limits)


def _listen(pipe: int, deadline: float, progress: Report | None) -> dict[str, Any]:
    """Return the child's last line; empty when it died first, {"late": True} after the deadline."""
    held = b""
    last: tuple[int, int | None] = (0, None)
    with selectors.DefaultSelector() as waiting:
        waiting.register(pipe, selectors.EVENT_READ)
        while (left := deadline - time.monotonic()) > 0:
            if not waiting.select(min(left, 1.0)):
                if progress:
                    progress(*last)
                continue
            got = os.read(pipe, 1 << 16)
            if not got or len(held) > ANSWER_BYTES:
                return {}
            held += got
            while b"\n" in held:
                line, held = held.split(b"\n", 1)
                said: dict[str, Any] = json.loads(line)
                if "progress" not in said:
                    return said
                last = said["progress"]
                if progress:
                    progress(*last)
    return {"late": True}


def _kill(child: subprocess.Popen[bytes]) -> None:
    """End the child and all it started; a child that has answered is given no more time."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _unpack(answer: dict[str, Any], code: int | None, limits: Limits) -> Any:
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
    raise Refused("child_died", reason=str(answer.get("died", f"signal {-(code or 0)}")))


class WithoutPandas:
    """Hide pandas: pyarrow would import it, for a second, only to ask whether a list is a frame."""

    def find_spec(self, name: str, *_: object) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(name)


def _confine(limits: Limits) -> None:
    """Put this process under its limits, for good."""
    memory, output = limits.memory_mb * 2**20, limits.output_mb * 2**20
    cpu = int(limits.seconds * 2) + 1
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if not limits.network:
        libc.unshare(CLONE_NEWUSER | CLONE_NEWNET)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (output, output))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def serve(pipe: int) -> None:
    """Obey the order on standard input, answering on ``pipe``; the child's whole life."""
    order = json.loads(sys.stdin.buffer.read())
    sys.meta_path.insert(0, WithoutPandas())
    _confine(Limits.model_validate(order["limits"]))

    def say(**line: object) -> None:
        _write_all(pipe, json.dumps(line).encode() + b"\n")

    def tell(done: int, total: int | None) -> None:
        say(progress=(done, total))

    try:
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


if __name__ == "__main__":
    serve(int(sys.argv[1]))
