"""Fetching: what misbehaving servers send, addresses we never visit, and files of dumps."""

import gzip
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

import pytest

from catalog.fetch import fetch
from web.settings import Settings
from web.values import Refused

BODY = b"a,b\n1,2\n"


class Misbehaving(BaseHTTPRequestHandler):
    """Answers by path."""

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        name = self.path.strip("/").split("?")[0]
        self.server.seen.append((self.path, dict(self.headers)))  # type: ignore[attr-defined]
        getattr(self, name.replace("-", "_"), self.good)()

    def _head(self, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for header, value in headers.items():
            self.send_header(header.replace("_", "-"), value)
        self.end_headers()

    def good(self) -> None:
        self._head(Content_Length=str(len(BODY)))
        self.wfile.write(BODY)

    def html(self) -> None:
        self._head(Content_Type="text/csv")
        self.wfile.write(b"<!doctype html><html><body>Not here</body></html>")

    def zipped(self) -> None:
        self._head(Content_Encoding="gzip")
        self.wfile.write(gzip.compress(BODY))

    def gone(self) -> None:
        self._head(404)

    def broken(self) -> None:
        self._head(500)

    def busy(self) -> None:
        """Refuse the first two requests, as their query says; then answer."""
        if sum(path == self.path for path, _ in self.server.seen) > 2:  # type: ignore[attr-defined]
            return self.good()
        status, _, later = self.path.partition("?")[2].partition(",")
        return self._head(int(status), **({"Retry_After": unquote(later)} if later else {}))

    def short(self) -> None:
        self._head(Content_Length="1000")
        self.wfile.write(BODY)

    def declared_huge(self) -> None:
        self._head(Content_Length=str(10**12))

    def endless(self) -> None:
        self._head()
        try:
            while True:
                self.wfile.write(b"x" * 65536)
        except OSError:
            pass

    def drip(self) -> None:
        self._head()
        self._drip(b"x")

    def drip_headers(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        self._drip(b"X-A: b\r\n")

    def _drip(self, piece: bytes) -> None:
        try:
            for _ in range(200):
                self.wfile.write(piece)
                self.wfile.flush()
                time.sleep(0.2)
        except OSError:
            pass

    def loop(self) -> None:
        self._head(302, Location="/loop")

    def to_file(self) -> None:
        self._head(302, Location="file:///etc/passwd")

    def to_ssh(self) -> None:
        self._head(302, Location="http://127.0.0.2:22/")

    def to_private(self) -> None:
        self._head(302, Location="http://169.254.169.254/latest/meta-data/")

    def to_good(self) -> None:
        self._head(302, Location="/good")


@pytest.fixture(scope="module")
def server() -> Iterator[ThreadingHTTPServer]:
    """A server on this machine, whose address the operator may trust."""
    running = ThreadingHTTPServer(("127.0.0.1", 0), Misbehaving)
    running.seen = []  # type: ignore[attr-defined]
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield running
    running.shutdown()


@pytest.fixture
def portal(server: ThreadingHTTPServer) -> str:
    return f"http://127.0.0.1:{server.server_address[1]}"


def trusting(portal: str, **more: int) -> Settings:
    return Settings(portals=(portal,), **{"fetch_mb": 2, "fetch_seconds": 20, **more})  # type: ignore[arg-type]


def code_of(url: str, files: Path, settings: Settings) -> str:
    with pytest.raises(Refused) as refusal:
        fetch(url, files, settings)
    assert not [left for left in files.iterdir() if len(left.name) == 64]
    return refusal.value.problem.code


def test_bytes_are_kept_under_their_hash(portal: str, tmp_path: Path) -> None:
    raw = fetch(f"{portal}/good", tmp_path, trusting(portal), headers={"Authorization": "key"})
    assert (tmp_path / raw.sha256).read_bytes() == BODY
    assert (raw.bytes, raw.media_type) == (len(BODY), "text/csv")


def test_content_decides_the_media_type(portal: str, tmp_path: Path) -> None:
    assert fetch(f"{portal}/html", tmp_path, trusting(portal)).media_type == "text/html"
    assert fetch(f"{portal}/zipped", tmp_path, trusting(portal)).media_type == "application/gzip"


def test_headers_do_not_follow_redirects(portal: str, server: ThreadingHTTPServer, tmp_path: Path) -> None:
    server.seen.clear()  # type: ignore[attr-defined]
    fetch(f"{portal}/to-good", tmp_path, trusting(portal), headers={"Authorization": "key"})
    told = [(path, "Authorization" in headers) for path, headers in server.seen]  # type: ignore[attr-defined]
    assert told == [("/to-good", True), ("/good", False)]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("gone", "fetch_missing"),
        ("broken", "fetch_status"),
        ("short", "fetch_short"),
        ("declared-huge", "fetch_large"),
        ("endless", "fetch_large"),
        ("loop", "fetch_redirects"),
        ("to-file", "url_scheme"),
        ("to-ssh", "url_forbidden"),
        ("to-private", "url_forbidden"),
    ],
)
def test_misbehaving_servers_get_a_sentence(portal: str, tmp_path: Path, path: str, code: str) -> None:
    assert code_of(f"{portal}/{path}", tmp_path, trusting(portal)) == code


@pytest.mark.parametrize("how", ["503,1", "429,0", "503,Wed,%2021%20Oct%202015%2007:28:00%20GMT", "429"])
def test_a_busy_server_is_asked_again_when_it_says(
    portal: str, server: ThreadingHTTPServer, tmp_path: Path, how: str
) -> None:
    began = time.monotonic()
    assert fetch(f"{portal}/busy?{how}", tmp_path, trusting(portal)).bytes == len(BODY)
    asked = [path for path, _ in server.seen if path == f"/busy?{how}"]  # type: ignore[attr-defined]
    assert len(asked) == 3
    least = {"503,1": 2, "429": 3}.get(how, 0)
    assert least <= time.monotonic() - began < least + 8


def test_a_server_that_is_busy_too_long_is_not_waited_for(
    portal: str, server: ThreadingHTTPServer, tmp_path: Path
) -> None:
    assert code_of(f"{portal}/busy?503,600", tmp_path, trusting(portal)) == "fetch_status"
    assert [path for path, _ in server.seen].count("/busy?503,600") == 1  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", ["drip", "drip-headers"])
def test_a_drip_ends_at_the_deadline(portal: str, tmp_path: Path, path: str) -> None:
    started = time.monotonic()
    assert code_of(f"{portal}/{path}", tmp_path, trusting(portal, fetch_seconds=3)) == "fetch_time"
    assert time.monotonic() - started < 10


def test_a_machine_of_ours_is_refused_unless_it_is_the_portal(portal: str, tmp_path: Path) -> None:
    assert code_of(f"{portal}/good".replace("127.0.0.1", "localhost"), tmp_path, trusting(portal)) in (
        "url_forbidden",
    )


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/a", "http://localhost./a", "http://2130706433/a", "http://0x7f.1/a", "http://0/a",
        "http://[::1]/a", "http://[::ffff:127.0.0.1]/a", "http://[::127.0.0.1]/a", "http://[64:ff9b::7f00:1]/a",
        "http://169.254.169.254/latest/", "http://100.100.100.200/", "http://10.0.0.1/", "http://192.0.0.192/",
        "http://224.0.0.1/", "http://[fd00::1]/", "http://[fe80::1%25lo]/a", "http://127。0。0。1/a",
        "file:///etc/passwd", "ftp://127.0.0.1/a", "gopher://127.0.0.1/_a", "http:127.0.0.1/a", "//127.0.0.1/a",
        "http://user@10.0.0.1/a", "http://10.0.0.1\\@example.org/a", "nonsense", "http://",
    ],
)  # fmt: skip
def test_private_and_odd_addresses_are_never_visited(url: str) -> None:
    from catalog.fetch import fetch_here

    with pytest.raises(Refused) as refusal:
        fetch_here(url, "/dev/null", [], 1, 9, {}, lambda *told: None)
    assert refusal.value.problem.code in ("url_forbidden", "url_scheme", "fetch_failed")


def test_a_dump_gives_only_files_of_its_own_folder(tmp_path: Path) -> None:
    folder, files = tmp_path / "dump", tmp_path / "kept"
    (folder / "files").mkdir(parents=True)
    (folder / "files" / "á b.csv").write_bytes(BODY)
    (tmp_path / "secret").write_text("no")
    (folder / "way-out").symlink_to(tmp_path / "secret")
    assert fetch("files/%C3%A1%20b.csv", files, Settings(), folder=folder).bytes == len(BODY)
    for url, code in (
        ("../secret", "url_outside"),
        ("way-out", "url_outside"),
        ("/etc/passwd", "url_outside"),
        ("none.csv", "fetch_missing"),
    ):
        with pytest.raises(Refused) as refusal:
            fetch(url, files, Settings(), folder=folder)
        assert refusal.value.problem.code == code
