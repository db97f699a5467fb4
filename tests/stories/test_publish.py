import os
import signal
import subprocess
import sys
import time

import pytest

from stories import publish


def test_swaps_between_editions_and_keeps_the_old_one(tmp_path):
    one = publish.put(tmp_path, {"index.html": b"one", "charts/a.json": b"{}"})
    publish.point(tmp_path, "agua", one)
    two = publish.put(tmp_path, {"index.html": b"two"})
    assert (tmp_path / "agua/index.html").read_bytes() == b"one"
    publish.point(tmp_path, "agua", two)
    assert (tmp_path / "agua/index.html").read_bytes() == b"two"
    assert (tmp_path / ".releases" / one / "charts/a.json").read_bytes() == b"{}"


def test_the_same_files_are_one_release(tmp_path):
    files = {"index.html": b"x", "b": b"y"}
    assert publish.put(tmp_path, files) == publish.put(tmp_path, dict(reversed(files.items())))
    assert len(list((tmp_path / ".releases").iterdir())) == 1
    assert publish.name_of({"a": b"bc"}) != publish.name_of({"ab": b"c"})


def test_a_failed_write_leaves_readers_and_disk_as_they_were(tmp_path):
    publish.point(tmp_path, "agua", publish.put(tmp_path, {"index.html": b"one"}))
    with pytest.raises(OSError, match="File exists"):
        publish.put(tmp_path, {"a": b"file", "a/b": b"below a file"})
    assert (tmp_path / "agua/index.html").read_bytes() == b"one"
    assert not list((tmp_path / ".releases").glob(".aside-*"))


def test_reconcile_follows_the_record(tmp_path):
    one, two = (publish.put(tmp_path, {"index.html": text}) for text in (b"one", b"two"))
    publish.point(tmp_path, "agua", one)
    publish.point(tmp_path, "gone", one)
    (tmp_path / ".agua-0123456789ab").symlink_to("nowhere")
    (tmp_path / ".releases/.aside-0123456789ab").mkdir()
    (tmp_path / ".releases/.aside-at-work").mkdir()
    for left in (tmp_path / ".agua-0123456789ab", tmp_path / ".releases/.aside-0123456789ab"):
        os.utime(left, (0, 0), follow_symlinks=False)
    publish.reconcile(tmp_path, {"agua": two, "never-written": "feedfeedfeedfeed"})
    assert (tmp_path / "agua/index.html").read_bytes() == b"two"
    assert sorted(path.name for path in tmp_path.iterdir()) == [".releases", "agua"]
    assert {path.name for path in (tmp_path / ".releases").iterdir()} == {one, two, ".aside-at-work"}


WRITER = """
import sys, itertools
from pathlib import Path
from stories import publish
for n in itertools.count():
    mark = str(n).encode()
    files = {f"part{i}.txt": mark * 2000 for i in range(6)}
    publish.point(Path(sys.argv[1]), "agua", publish.put(Path(sys.argv[1]), files))
"""


def test_killed_while_publishing_readers_see_whole_editions(tmp_path):
    for _ in range(6):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)])
        deadline = time.monotonic() + 10
        while not (tmp_path / "agua").exists() and time.monotonic() < deadline:
            time.sleep(0.005)
        for _ in range(20):
            edition = (tmp_path / "agua").resolve()
            parts = {(edition / f"part{i}.txt").read_bytes() for i in range(6)}
            assert len(parts) == 1
        os.kill(writer.pid, signal.SIGKILL)
        writer.wait()
    kept = publish.put(tmp_path, {"part0.txt": b"after all that"})
    publish.reconcile(tmp_path, {"agua": kept})
    assert (tmp_path / "agua/part0.txt").read_bytes() == b"after all that"
