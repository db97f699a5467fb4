"""A published story of eight charts on a slow phone, beside its charts by Bokeh, ``panel.save`` and live Panel, in one run."""

import gzip
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Browser

from benchmarks.browser import BOKEH_READY, SVG_READY, chromium, measure
from benchmarks.report import arguments, median, publish, table
from benchmarks.server import ROOT, Server, free_port, serving

SHOWN: dict[str, tuple[str, Callable[[float], str]]] = {
    "bytes": ("kB before any touch", lambda value: f"{value / 1000:,.0f}"),
    "requests": ("requests", lambda value: f"{value:.0f}"),
    "foreign": ("to other hosts", lambda value: f"{value:.0f}"),
    "fcp": ("first paint, s", lambda value: f"{value / 1000:.1f}"),
    "lcp": ("largest paint, s", lambda value: f"{value / 1000:.1f}"),
    "ready": ("every chart readable, s", lambda value: f"{value / 1000:.1f}"),
    "cls": ("layout shift", lambda value: f"{value:.2f}"),
    "blocked": ("main thread blocked, s", lambda value: f"{value / 1000:.1f}"),
}


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        data = Path(folder) / "data"
        with serving(data) as server:
            wait_until_read(server)
            by_panel("write", data, Path(folder) / "path")
            path = (Path(folder) / "path").read_text("utf-8")
            address = server.url + path
            charts = server.get(path).decode().count('<figure class="chart')
            rows = [row("Relato's published page", browser, address, SVG_READY.format(n=charts), given.runs)]
        bokeh = BOKEH_READY.format(n=charts)
        for how, name in (
            ("bokeh", "its charts as a standalone Bokeh page, gzip"),
            ("save", "its charts by `panel.save`, gzip"),
        ):
            with saved(how, data, Path(folder) / f"{how}.html") as address:
                rows.append(row(name, browser, address, bokeh, given.runs))
        with live(data) as address:
            rows.append(row("its charts as a live Panel page", browser, address, bokeh, given.runs))
    header = [f"Story of {charts} charts", *(name for name, _ in SHOWN.values())]
    text = table(header, rows) + (
        f"\n\nMedian of {given.runs} loads with an empty cache: 360 px wide, processor 4 times slower, "
        "150 ms and 1.6 Mbit/s."
    )
    publish("page", text, write=given.write)


def row(name: str, browser: Browser, address: str, ready: str, runs: int) -> list[str]:
    """Measure a page several times; return its figures as cells."""
    loads = [measure(browser, address, ready) for _ in range(runs)]
    return [name, *(show(median(load[key] for load in loads)) for key, (_, show) in SHOWN.items())]


def wait_until_read(server: Server) -> None:
    """Wait until the demo's example is published and no file waits to be read."""
    server.wait("/stories", 'href="/stories/')
    while 'role="status"' in server.get("/").decode():
        time.sleep(0.5)


def by_panel(how: str, data: Path, where: Path) -> None:
    """Run one of the other ways in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.panel_story", how, str(data), str(where)]
    subprocess.run(command, check=True, cwd=ROOT)


@contextmanager
def saved(how: str, data: Path, page: Path) -> Iterator[str]:
    """Write a page and serve it compressed, as a static server would."""
    by_panel(how, data, page)
    body = gzip.compress(page.read_bytes(), 9)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = self.path == "/"
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Encoding", "gzip")
            self.end_headers()
            self.wfile.write(body if found else b"")

        def log_message(self, *said: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()


@contextmanager
def live(data: Path) -> Iterator[str]:
    """Run the Panel page as an application; the first session, which loads everything, is not measured."""
    port = free_port()
    address = f"http://127.0.0.1:{port}/"
    command = [sys.executable, "-m", "benchmarks.panel_story", "serve", str(data), str(port)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(address)
        yield address
    finally:
        process.terminate()
        process.wait(30)


def _wait(address: str, seconds: int = 120) -> None:
    limit = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(address, timeout=60).close()
            return
        except urllib.error.URLError:
            if time.monotonic() > limit:
                raise
            time.sleep(0.2)


if __name__ == "__main__":
    main()
