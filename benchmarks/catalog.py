"""Synchronise and search portals of several sizes, beside the bare requests and the bare index, in one run."""

import json
import multiprocessing
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import urlopen

from benchmarks.report import arguments, median, p95, publish, table
from benchmarks.server import ROOT, free_port, serving
from catalog.catalog import Catalog
from catalog.search import MAX_WORDS, WEIGHTS, expression
from catalog.words import asked
from web.settings import from_environment

BENCH = Path(os.environ.get("RELATO_SHARED", ROOT / "../shared")) / "bench"
CLIENTS = 8
FACETS = ("organization", "theme", "format", "license")


class Spent(NamedTuple):
    """Seconds by the clock and of this process's processor time."""

    wall: float
    processor: float


class Synced(NamedTuple):
    """Three synchronisations of one portal by one process, and the most memory it held, in MB."""

    first: Spent
    second: Spent
    full: Spent
    written: int
    memory: float


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[2_000, 20_000, 100_000])
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        columns = [measured(Path(folder) / str(size), size) for size in given.sizes]
    rows = [[name, *(column[name] for column in columns)] for name in columns[0]]
    header = ["Datasets in the portal", *(f"{size:,}" for size in given.sizes)]
    text = table(header, rows) + (
        "\n\nTimes by the clock, with processor time after the stroke. The bare requests ask for the same pages and parse "
        f"their JSON. A search returns 20 datasets, the count and {len(FACETS)} facets or more; the bare index answers the "
        "same words with the same ranking, 20 ids, the count and "
        f"{len(FACETS)} facets in SQL. {CLIENTS} clients ask without pause. Datasette answers the same words with 20 rows, "
        f"the count and {len(FACETS)} facets as JSON from a table with full text, without its own time limits."
    )
    publish("catalog", text, write=given.write)


def measured(folder: Path, size: int) -> dict[str, str]:
    """Return the figures of one size, by name."""
    folder.mkdir()
    generate(folder, size)
    queries = (folder / "queries.txt").read_text(encoding="utf-8").split("\n")
    queries = [text for text in queries if text.strip()]
    with portal(folder, size) as address:
        floor = alone(bare_requests, address)
        synced = alone(synchronised, folder / "data", address)
        bare = alone(bare_searches, folder / "data", queries)
        one, several = alone(searches, folder / "data", queries)
        pages, answers = page_times(folder / "data", address, queries[:100])
    peer = datasette_times(folder, queries[:100])
    return {
        "bare requests and JSON, s": said(floor),
        "first synchronisation, s": said(synced.first),
        "times the bare requests": f"{synced.first.processor / floor.processor:.1f}",
        "second synchronisation, s": said(synced.second),
        "the same comparing every dataset, s": said(synced.full),
        "datasets written by both": str(synced.written),
        "most memory while synchronising, MB": f"{synced.memory:.0f}",
        "search in the bare index p50 / p95, ms": of_list(bare),
        "search, one client, p50 / p95, ms": of_list(one),
        f"search, {CLIENTS} clients, p50 / p95, ms": of_list(several),
        "page /search?q= p50 / p95, ms": of_list(pages),
        "Datasette, the same search, p50 / p95, ms": of_list(peer),
        "`/api/datasets?q=` p50 / p95, ms": of_list(answers),
        "requests for each of Datasette's": f"{sum(peer) / sum(answers):.0f}",
    }


def said(spent: Spent) -> str:
    return f"{spent.wall:.1f} / {spent.processor:.1f}"


def of_list(times: list[float]) -> str:
    return f"{median(times):.0f} / {p95(times):.0f}"


def generate(folder: Path, size: int) -> None:
    """Write the packages of a portal and queries about them."""
    subprocess.run(
        [sys.executable, "-c", f"import gen_data; gen_data.catalog({size})"],
        check=True, cwd=BENCH, env={**os.environ, "BENCH_DATA": str(folder)}, stdout=subprocess.DEVNULL,
    )  # fmt: skip


@contextmanager
def portal(folder: Path, size: int) -> Iterator[str]:
    """Serve the packages as a CKAN portal does, from memory."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "uv",
        "run",
        "-q",
        "--no-project",
        "--with",
        "aiohttp",
        "python",
        "fake_ckan.py",
        str(port),
        str(size),
    ]
    environment = {**os.environ, "BENCH_DATA": str(folder)}
    process = subprocess.Popen(command, cwd=BENCH, env=environment, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{address}/api/action/status_show")
        yield address
    finally:
        process.terminate()
        process.wait(30)


def wait_for(address: str) -> None:
    """Return when an address answers; raises TimeoutError after two minutes."""
    for _attempt in range(600):
        try:
            urlopen(address, timeout=5).close()
        except (URLError, OSError):
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(address)


def alone(work: Callable[..., Any], *given: Any) -> Any:
    """Do the work in a new process, so that its memory and processor time are its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, given)


def bare_requests(address: str) -> Spent:
    """Ask for every page and parse it."""
    import requests

    session, got, begun = requests.Session(), 0, clock()
    while True:
        answer = session.get(f"{address}/api/action/package_search", params={"rows": 1000, "start": got})
        page = json.loads(answer.content)["result"]["results"]
        if not page:
            return since(begun)
        got += len(page)


def synchronised(data: Path, address: str) -> Synced:
    """Synchronise a portal for the first time, again, and again in full."""
    known = Catalog(from_environment(data=data, portals=(address,)))
    first, _ = one_run(known, full=False)
    second, written = one_run(known, full=False)
    full, more = one_run(known, full=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Synced(first, second, full, written + more, peak)


def one_run(known: Catalog, *, full: bool) -> tuple[Spent, int]:
    """Synchronise once; return the time and how many datasets were written."""
    begun = clock()
    (report,) = known.sync(full=full)
    assert report.problem is None, report
    return since(begun), report.new + report.changed + report.gone


def searches(data: Path, queries: list[str]) -> tuple[list[float], list[float]]:
    """Return the milliseconds of each search by one client and by several at once."""
    known = Catalog(from_environment(data=data))
    known.search("agua")
    one = [taken(known.search, text) for text in queries[::2]]
    several: list[float] = []

    def ask(share: list[str]) -> None:
        several.extend([taken(known.search, text) for text in share])

    clients = [threading.Thread(target=ask, args=(queries[n::CLIENTS],)) for n in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    return one, several


def bare_searches(data: Path, queries: list[str]) -> list[float]:
    """Return the milliseconds of the same searches as plain SQL on the same index."""
    db = sqlite3.connect(data / "catalog.db")
    rank = f"bm25(texts, {', '.join(map(str, WEIGHTS))})"
    facet = (
        "SELECT value, count(*) FROM facets WHERE kind = ?"
        " AND package IN (SELECT rowid FROM texts WHERE texts MATCH ?) GROUP BY value"
    )

    def search(text: str) -> None:
        words = expression(asked(text, MAX_WORDS))
        db.execute(
            f"SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY {rank} LIMIT 20", [words]
        ).fetchall()
        db.execute("SELECT count(*) FROM texts WHERE texts MATCH ?", [words]).fetchall()
        for kind in FACETS:
            db.execute(facet, [kind, words]).fetchall()

    search("agua")
    return [taken(search, text) for text in queries[::2]]


def page_times(data: Path, address: str, queries: list[str]) -> tuple[list[float], list[float]]:
    """Return the milliseconds of each page of results, and of each answer of the API, from a running Relato."""
    os.environ["RELATO_PREFETCH_MB"] = "0"
    with serving(data, "--portal", address) as server:
        server.wait("/healthz")
        for text in queries[:3]:
            server.get(f"/search?q={quote(text)}")
        pages = [taken(server.get, f"/search?q={quote(text)}") for text in queries]
        return pages, [taken(server.get, f"/api/datasets?q={quote(text)}") for text in queries]


def datasette_times(folder: Path, queries: list[str]) -> list[float]:
    """Return the milliseconds of each search by Datasette, over a table of its own of the same packages."""
    write_table(folder / "packages.jsonl", folder / "packages.db")
    port = free_port()
    command = [
        sys.executable, "-m", "uv", "run", "-q", "--no-project", "--with", "datasette", "datasette", "serve", "packages.db",
        "--port", str(port), "--setting", "facet_time_limit_ms", "60000", "--setting", "sql_time_limit_ms", "60000",
    ]  # fmt: skip
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    place = f"http://127.0.0.1:{port}/packages/packages.json?_shape=objects&_size=20"
    facets = "&_facet=organization&_facet=license&_facet_array=theme&_facet_array=format"

    def search(text: str) -> None:
        urlopen(f"{place}{facets}&_search={quote(text)}", timeout=120).close()

    try:
        wait_for(f"http://127.0.0.1:{port}/-/versions.json")
        search("agua")
        return [taken(search, text) for text in queries]
    finally:
        process.terminate()
        process.wait(30)


def write_table(packages: Path, target: Path) -> None:
    """Write packages to a table with full text, as Datasette expects it."""
    with packages.open(encoding="utf-8") as lines, sqlite3.connect(target) as db:
        db.execute(
            "CREATE TABLE packages (id TEXT PRIMARY KEY, title TEXT, notes TEXT, tags TEXT, organization TEXT, license TEXT,"
            " theme TEXT, format TEXT)"
        )
        db.executemany(
            "INSERT INTO packages VALUES (?, ?, ?, ?, ?, ?, ?, ?)", map(as_row, map(json.loads, lines))
        )
        db.execute("CREATE INDEX organizations ON packages (organization)")
        db.execute("CREATE INDEX licenses ON packages (license)")
        db.execute(
            "CREATE VIRTUAL TABLE packages_fts USING fts5(title, notes, tags, organization, content=packages)"
        )
        db.execute("INSERT INTO packages_fts (packages_fts) VALUES ('rebuild')")


def as_row(package: dict[str, Any]) -> tuple[str, ...]:
    """Return the columns that Datasette searches and counts."""
    names = [[each["name"] for each in package[kind]] for kind in ("tags", "groups")]
    formats = sorted({each["format"] for each in package["resources"]})
    organization = package["organization"]["title"]
    return (
        package["id"], package["title"], package["notes"], " ".join(names[0]), organization, package["license_id"],
        json.dumps(names[1]), json.dumps(formats),
    )  # fmt: skip


def taken(work: Callable[[str], object], text: str) -> float:
    """Return the milliseconds that a piece of work takes."""
    begun = time.perf_counter()
    work(text)
    return (time.perf_counter() - begun) * 1000


def clock() -> Spent:
    return Spent(time.perf_counter(), time.process_time())


def since(begun: Spent) -> Spent:
    now = clock()
    return Spent(now.wall - begun.wall, now.processor - begun.processor)


if __name__ == "__main__":
    main()
