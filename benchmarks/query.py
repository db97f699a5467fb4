"""``POST /api/query`` on a table of a million rows beside pandas, in one run, with the answers compared."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks.report import arguments, median, p95, publish, table
from benchmarks.server import ROOT, Server, serving
from catalog.catalog import Catalog
from web.settings import from_environment

SHARED = Path(os.environ.get("RELATO_SHARED", ROOT / "../shared"))
CRIME = "ROBO A REPARTIDOR SIMPLE"
RESOURCE = "7a1e6f7c-0000-4000-a000-000000000001"
QUESTIONS: dict[str, dict[str, Any]] = {
    "rows by borough and month, one crime": {
        "mark": "heatmap",
        "x": {"field": "fecha_hecho", "time_unit": "month"},
        "y": {"field": "alcaldia"},
        "color": {"aggregate": "count"},
        "filters": [{"field": "delito", "values": [CRIME]}],
    },
    "ten neighbourhoods with most rows": {
        "mark": "bar",
        "x": {"field": "colonia"},
        "y": {"aggregate": "count"},
        "limit": 10,
        "others": False,
    },
    "mean age by crime": {
        "mark": "bar",
        "x": {"field": "delito"},
        "y": {"field": "edad", "aggregate": "mean"},
        "limit": 20,
        "others": False,
    },
}


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--repeats", type=int, default=30)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        dump, file = million_rows(Path(folder))
        began = time.perf_counter()
        table_id = opened(Path(folder) / "data", dump)
        reading = time.perf_counter() - began
        frame = pd.read_csv(file, encoding="latin-1", parse_dates=["fecha_hecho"])
        with serving(Path(folder) / "data", "--portal", str(dump)) as server:
            server.wait("/healthz")
            rows = [compare(server, frame, name, table_id, given.repeats) for name in QUESTIONS]
            memory = server.memory_mb()
    header = ["Question over 1,000,000 rows", "`POST /api/query` p50 / p95, ms", "pandas p50 / p95, ms"]
    text = table(header, rows) + (
        f"\n\nOnce per file, fetching, reading, profiling and sorting it into Parquet took {reading:.1f} s. Each "
        "request starts cold for its answer: the filter on age differs from the one before. The server held "
        f"{memory:,.0f} MB, the data frame {frame.memory_usage(deep=True).sum() / 1e6:,.0f} MB."
    )
    publish("query", text, write=given.write)


def million_rows(folder: Path) -> tuple[Path, Path]:
    """Generate the table and a dump that lists it."""
    subprocess.run(
        [sys.executable, SHARED / "bench/gen_data.py", "csv1m"],
        check=True, env={**os.environ, "BENCH_DATA": str(folder)}, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    resource = {"id": RESOURCE, "name": "delitos", "format": "CSV", "url": "delitos_1m.csv"}
    package = {"id": RESOURCE[:-1] + "0", "name": "delitos", "title": "Delitos", "resources": [resource]}
    dump = folder / "packages.jsonl"
    dump.write_text(json.dumps(package) + "\n", encoding="utf-8")
    return dump, folder / "delitos_1m.csv"


def opened(data: Path, dump: Path) -> str:
    """Synchronise the dump, read its file as Relato does, and return the table's id."""
    command = [sys.executable, "-m", "catalog", "sync", "--portal", str(dump), "--data", str(data)]
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    return Catalog(from_environment(data=data, portals=(str(dump),))).open(RESOURCE).id


def compare(server: Server, frame: pd.DataFrame, name: str, table_id: str, repeats: int) -> list[str]:
    """Ask both the same question with a changing filter, the first time unmeasured; refuse answers that differ."""
    spec = {**QUESTIONS[name], "table": table_id, "resource": RESOURCE}
    ours, theirs = [], []
    for low in range(repeats + 1):
        older = {"field": "edad", "low": low, "high": 99, "missing": True}
        asked = {**spec, "filters": [*spec.get("filters", []), older]}
        answer, spent = timed(lambda asked=asked: json.loads(server.post("/api/query", asked)))  # type: ignore[misc]
        expected, spent_there = timed(lambda low=low: PANDAS[name](at_least(frame, low)))  # type: ignore[misc]
        agree(name, answer, expected)
        ours.append(spent)
        theirs.append(spent_there)
    return [name, *(f"{median(each[1:]):.0f} / {p95(each[1:]):.0f}" for each in (ours, theirs))]


def at_least(frame: pd.DataFrame, age: int) -> pd.DataFrame:
    """Keep rows of that age or more, and those without one."""
    return frame[~(frame["edad"] < age)]


def by_month(frame: pd.DataFrame) -> "pd.Series[Any]":
    one = frame[frame["delito"] == CRIME]
    return one.groupby(["alcaldia", one["fecha_hecho"].dt.to_period("M")]).size()


PANDAS: dict[str, Callable[[pd.DataFrame], "pd.Series[Any]"]] = {
    "rows by borough and month, one crime": by_month,
    "ten neighbourhoods with most rows": lambda frame: frame["colonia"].value_counts().head(10),
    "mean age by crime": lambda frame: frame.groupby("delito")["edad"].mean().nlargest(20),
}


def agree(name: str, answer: dict[str, Any], expected: "pd.Series[Any]") -> None:
    """Raise AssertionError unless both found as many groups with the same sum."""
    at = answer["columns"].index(next(c for c in ("color", "y") if c in answer["columns"]))
    found = [row[at] for row in answer["rows"] if row[at]]
    assert len(found) == len(expected), (name, len(found), len(expected))
    assert abs(sum(found) - float(expected.sum())) < 1e-6 * max(1.0, sum(found)), (
        name,
        sum(found),
        expected.sum(),
    )


def timed(ask: Callable[[], Any]) -> tuple[Any, float]:
    """Return the answer and the milliseconds it took."""
    began = time.perf_counter()
    answer = ask()
    return answer, (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()
