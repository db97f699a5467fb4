"""Read large CSV files to typed, sorted Parquet with a profile, beside bare DuckDB and pandas."""

import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import DEVNULL, Popen

import psutil

from benchmarks.report import arguments, publish, table

BARE = """
import duckdb, sys
source, target = sys.argv[1:]
with duckdb.connect(config={"threads": 2}) as connection:
    connection.execute(
        f"copy (select * from read_csv('{source}', encoding='latin-1') order by fecha_hecho)"
        f" to '{target}' (format parquet, compression zstd)"
    )
    connection.execute(f"summarize select * from read_parquet('{target}')").fetchall()
"""
PANDAS = """
import pandas, sys
source, target = sys.argv[1:]
frame = pandas.read_csv(source, encoding="latin-1", parse_dates=["fecha_hecho"])
frame.sort_values("fecha_hecho").to_parquet(target, compression="zstd")
frame.describe(include="all")
"""
OURS = """
import sys
from pathlib import Path
from catalog.reading import read_file
from web.settings import Settings
source, target = sys.argv[1:]
read_file(Path(source), Path(target), Settings())
"""


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("files", nargs="+", type=Path, help="Latin-1 CSV files with a column fecha_hecho")
    given = parser.parse_args()
    rows = [
        (
            file.name,
            f"{file.stat().st_size / 1e6:,.0f}",
            name,
            f"{seconds:.1f}",
            f"{peak:,.0f}",
            f"{ratio:.1f}",
        )
        for file in given.files
        for name, seconds, peak, ratio in compared(file)
    ]
    head = ("File", "MB", "Reader", "Seconds", "Peak memory, MB", "Times bare DuckDB")
    publish("reading", table(head, rows), write=given.write)


def compared(file: Path) -> list[tuple[str, float, float, float]]:
    """Return name, seconds, peak MB and seconds beside DuckDB's of each reader, one after the other."""
    found = [
        (name, *measured(code, file))
        for name, code in (("DuckDB", BARE), ("Relato", OURS), ("pandas", PANDAS))
    ]
    return [(name, seconds, peak, seconds / found[0][1]) for name, seconds, peak in found]


def measured(code: str, file: Path) -> tuple[float, float]:
    """Return the seconds and the peak of resident memory of a Python program with all its children."""
    with tempfile.TemporaryDirectory() as folder:
        started = time.monotonic()
        process = Popen([sys.executable, "-c", code, str(file), f"{folder}/out"], stdout=DEVNULL)
        peak = [0.0]
        watching = threading.Thread(target=watch, args=(process.pid, peak, lambda: process.poll() is None))
        watching.start()
        code_of_exit = process.wait()
        seconds = time.monotonic() - started
        watching.join()
        if code_of_exit:
            raise SystemExit(f"{file.name} was not read")
        return seconds, peak[0]


def watch(pid: int, peak: list[float], running: Callable[[], bool]) -> None:
    """Note the peak of memory, in MB, that a process and its children hold for themselves."""
    while running():
        try:
            ours = psutil.Process(pid)
            held = [each.memory_info() for each in (ours, *ours.children(recursive=True))]
        except psutil.Error:
            continue
        peak[0] = max(peak[0], sum(one.rss for one in held) / 1e6)
        time.sleep(0.1)


if __name__ == "__main__":
    main()
