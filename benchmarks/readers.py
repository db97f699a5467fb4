"""Requests a second of a published page: through Relato, and through nginx with docs/deploy/nginx.conf.

Each beside the same server sending the same bytes with nothing else to do. Needs ``nginx`` and
``wrk`` (Debian: ``apt install nginx-light wrk``).
"""

import asyncio
import multiprocessing
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import tornado.web

from benchmarks.report import arguments, publish, table
from benchmarks.server import ROOT, free_port, serving

CONNECTIONS, THREADS = 32, 1
CONFIG = """user {user};
worker_processes 2;
pid {folder}/pid;
error_log {folder}/log;
daemon off;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {inside}
}}
"""
BARE = """server {{ listen 127.0.0.1:{port}; root {root}; default_type text/html; gzip_static always; }}"""


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--seconds", type=int, default=10)
    given = parser.parse_args()
    missing = [name for name in ("nginx", "wrk") if shutil.which(name) is None]
    if missing:
        raise SystemExit(f"Install {' and '.join(missing)} first.")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        rows = list(measured(Path(folder), given.seconds))
    header = ["Published page", "requests a second", "of the bare server", "90 of 100 within, ms"]
    publish(
        "readers", table(header, rows) + f"\n\n{CONNECTIONS} connections kept open, gzip.", write=given.write
    )


def measured(folder: Path, seconds: int) -> Iterator[list[str]]:
    """Yield a row for each server."""
    data = folder / "data"
    with serving(data) as server:
        server.wait("/stories", 'href="/stories/')
        path = re.search(r'href="(/stories/[^"/@]+/)"', server.get("/stories").decode())[1]  # type: ignore[index]
        page = data / "published" / path.split("/")[2] / "index.html.gz"
        with bare_tornado(page.read_bytes()) as address:
            own, least = asked(address, seconds)
        rate, slow = asked(server.url + path, seconds)
        yield row("Relato (one process)", rate, own, slow)
        yield row("bare Tornado, the same bytes from memory", own, own, least)
        shown = (ROOT / "docs/deploy/nginx.conf").read_text("utf-8")
        bare = folder / "bare"
        bare.mkdir()
        shutil.copy(page, bare / "index.html.gz")
        port, other = free_port(), free_port()
        with nginx(folder / "nginx", configured(shown, data, server.url, port)):
            rate, slow = asked(f"http://127.0.0.1:{port}{path}", seconds)
        with nginx(folder / "nginx-bare", BARE.format(port=other, root=bare)):
            own, least = asked(f"http://127.0.0.1:{other}/index.html", seconds)
        yield row("nginx with docs/deploy/nginx.conf", rate, own, slow)
        yield row("bare nginx, the same file", own, own, least)


def row(name: str, rate: float, own: float, slow: str) -> list[str]:
    return [name, f"{rate:,.0f}", f"{rate / own:.0%}", slow]


def configured(shown: str, data: Path, url: str, port: int) -> str:
    """Return the shipped configuration with the lines an operator changes."""
    return (
        shown.replace("listen 80;", f"listen 127.0.0.1:{port};")
        .replace("/srv/relato/published", str(data / "published"))
        .replace("127.0.0.1:5006", url.removeprefix("http://"))
    )


def asked(address: str, seconds: int) -> tuple[float, str]:
    """Ask for a page without pause; return requests a second and what 90 of 100 took at most, in ms."""
    command = [
        "wrk", "-t", str(THREADS), "-c", str(CONNECTIONS), "-d", f"{seconds}s", "--latency",
        "-H", "Accept-Encoding: gzip", address,
    ]  # fmt: skip
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in told:
        raise RuntimeError(told)
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", told)[1])  # type: ignore[index]
    slow = re.search(r"90%\s+([\d.]+)(us|ms|s)", told)
    assert slow is not None
    factor = {"us": 0.001, "ms": 1.0, "s": 1000.0}[slow[2]]
    return rate, f"{float(slow[1]) * factor:,.1f}"


@contextmanager
def nginx(folder: Path, inside: str) -> Iterator[None]:
    """Run nginx with a server of ours, everything it writes in a folder."""
    folder.mkdir()
    config = folder / "nginx.conf"
    user = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
    config.write_text(CONFIG.format(folder=folder, inside=inside, user=user), "utf-8")
    process = subprocess.Popen(["nginx", "-e", f"{folder}/log", "-c", str(config)])
    try:
        subprocess.run(["sleep", "1"], check=True)
        yield
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def bare_tornado(body: bytes) -> Iterator[str]:
    """Run Tornado alone, sending bytes from memory."""
    port = free_port()
    process = multiprocessing.get_context("fork").Process(target=_bare, args=(body, port), daemon=True)
    process.start()
    try:
        subprocess.run(["sleep", "1"], check=True)
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.join()


def _bare(body: bytes, port: int) -> None:
    class Bytes(tornado.web.RequestHandler):
        def get(self) -> None:
            self.set_header("Content-Encoding", "gzip")
            self.write(body)

    async def serve() -> None:
        tornado.web.Application([("/", Bytes)]).listen(port, "127.0.0.1")
        await asyncio.Event().wait()

    asyncio.run(serve())


if __name__ == "__main__":
    main()
