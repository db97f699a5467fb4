"""A small CKAN of our own over HTTP, that can be told to misbehave."""

import json
import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Package = dict[str, Any]


def package(number: int, **fields: Any) -> Package:
    """Return one plausible package; ids are in the order of their numbers."""
    return {
        "id": f"id-{number:05}",
        "name": f"conjunto-{number}",
        "title": f"Conjunto {number}",
        "notes": "Cifras por alcaldía.",
        "metadata_created": "2024-01-01T00:00:00.000000",
        "metadata_modified": f"2024-01-01T00:{number // 60 % 60:02}:{number % 60:02}.000000",
        "license_id": "cc-by",
        "license_title": "Creative Commons Attribution",
        "organization": {"name": "adip", "title": "Agencia Digital"},
        "groups": [{"name": "movilidad", "title": "Movilidad"}],
        "tags": [{"name": "agua"}],
        "extras": [{"key": "frecuencia", "value": "anual"}],
        "resources": [
            {"id": f"r-{number:05}", "name": "Tabla", "format": "CSV", "url": "http://example.org/a.csv"}
        ],
    } | fields


class Portal:
    """The packages of a portal and what was asked; ``misbehave`` may answer a request its own way."""

    def __init__(self, packages: list[Package]):
        self.packages = packages
        self.organizations: list[Package] = [{"name": "adip", "title": "Agencia Digital"}]
        self.rows_max = 1000
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.misbehave: Callable[[BaseHTTPRequestHandler, str, dict[str, str]], bool] = lambda *_: False
        self.address = ""

    def answer(self, action: str, asked: dict[str, str]) -> Any:
        if action == "status_show":
            return {"site_title": "Portal de prueba"}
        if action == "package_list":
            return sorted(package["name"] for package in self.packages)
        if action == "organization_list":
            return self.organizations[int(asked.get("offset", 0)) :][:25]
        if action == "package_search":
            return self.search(asked)
        return None

    def search(self, asked: dict[str, str]) -> Package:
        found = sorted(self.packages, key=lambda package: str(package.get("id")))
        fq = asked.get("fq", "")
        if beyond := re.search(r'id:\{"([^"]*)" TO \*\]', fq):
            found = [package for package in found if str(package["id"]) > beyond[1]]
        if since := re.search(r"metadata_modified:\[(\S+)Z TO \*\]", fq):
            found = [package for package in found if str(package["metadata_modified"]) >= since[1]]
        if names := re.search(r"name:\((.*)\)", fq):
            found = [package for package in found if f'"{package["name"]}"' in names[1]]
        start = int(asked.get("start", 0))
        page = found[start : start + min(int(asked.get("rows", 10)), self.rows_max)]
        return {"count": len(found), "results": page}


@contextmanager
def serving(portal: Portal) -> Iterator[str]:
    """Serve a portal and give its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            action = urlsplit(self.path).path.rsplit("/", 1)[-1]
            asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
            portal.asked.append((action, asked))
            if portal.misbehave(self, action, asked):
                return
            result = portal.answer(action, asked)
            if result is None:
                send(self, json.dumps({"success": False, "error": {"message": "Bad request"}}), status=400)
            else:
                send(self, json.dumps({"success": True, "result": result}))

        def log_message(self, *about: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    portal.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield portal.address
    finally:
        server.shutdown()
        server.server_close()


def send(handler: BaseHTTPRequestHandler, body: str | bytes, *, status: int = 200, **headers: str) -> None:
    """Answer a request whole."""
    data = body.encode() if isinstance(body, str) else body
    handler.send_response(status)
    for name, value in {
        "Content-Type": "application/json",
        "Content-Length": str(len(data)),
        **headers,
    }.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(data)


def envelope(result: str) -> str:
    return f'{{"success": true, "result": {result}}}'


def hang(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(30)


def drip_headers(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for _ in range(300):
        handler.wfile.write(b"X-A: a\r\n")
        time.sleep(0.1)


def drip_body(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n")
    for _ in range(300):
        handler.wfile.write(b" ")
        time.sleep(0.1)


def reset(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


def cut_off(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(
        b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n{"success"'
    )


MISBEHAVIOURS: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {
    "500": lambda h: send(
        h, '{"success": false, "error": {"__type": "Search Connection Error"}}', status=500
    ),
    "500 html": lambda h: send(h, "<html>Internal error</html>", status=500, Content_Type="text/html"),
    "502": lambda h: send(h, "<html>Bad gateway</html>", status=502),
    "404 html": lambda h: send(h, "<html>Not here</html>", status=404),
    "403": lambda h: send(h, '{"success": false, "error": {"__type": "Authorization Error"}}', status=403),
    "html": lambda h: send(h, "<!doctype html><title>Portal</title>", Content_Type="text/html"),
    "empty": lambda h: send(h, ""),
    "null": lambda h: send(h, "null"),
    "null result": lambda h: send(h, envelope("null")),
    "list": lambda h: send(h, "[]"),
    "list result": lambda h: send(h, envelope("[]")),
    "text result": lambda h: send(h, envelope('"ok"')),
    "no count": lambda h: send(h, envelope('{"results": []}')),
    "wrong types": lambda h: send(h, envelope('{"count": "2", "results": {"a": 1}}')),
    "numbers for packages": lambda h: send(h, envelope('{"count": 2, "results": [1, 2]}')),
    "deep": lambda h: send(h, envelope("[" * 200_000)),
    "truncated": lambda h: send(h, envelope('{"count": 9, "results": [{"id": "id-000')[:40]),
    "success false": lambda h: send(h, '{"success": false, "error": {"message": "no"}}'),
    "latin-1": lambda h: send(h, envelope('{"count": 1, "results": [{"id": "ñ"}]}').encode("latin-1")),
    "429": lambda h: send(h, "slow down", status=429, Retry_After="0"),
    "503": lambda h: send(h, "later", status=503, Retry_After="0"),
    "fewer than counted": lambda h: send(h, envelope('{"count": 99, "results": []}')),
    "redirect loop": lambda h: send(h, "", status=302, Location=h.path),
    "redirect elsewhere": lambda h: send(
        h, "", status=302, Location="http://127.0.0.2:1/api/action/status_show"
    ),
    "redirect to a file": lambda h: send(h, "", status=302, Location="file:///etc/passwd"),
    "reset": reset,
    "cut off": cut_off,
    "hang": hang,
    "drip headers": drip_headers,
    "drip body": drip_body,
}
