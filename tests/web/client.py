"""A client that sends paths exactly as written, and opens websockets as a browser would or would not."""

import asyncio
import base64
import json
import re
from dataclasses import dataclass, field
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from tests.web.house import PASSWORDS


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    cookies: list[str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


@dataclass
class Client:
    """One visitor with their cookies."""

    url: str
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, path: str, method: str = "GET", body: bytes | str | None = None, **headers: str) -> Answer:
        connection = HTTPConnection(urlsplit(self.url).netloc, timeout=20)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection.request(method, path, body, sent)
        response = connection.getresponse()
        answer = Answer(
            response.status,
            dict(response.getheaders()),
            response.headers.get_all("Set-Cookie") or [],
            response.read(),
        )
        connection.close()
        for cookie in answer.cookies:
            name, value = cookie.split(";")[0].split("=", 1)
            self.cookies[name] = value
        return answer

    def post(self, path: str, **fields: str) -> Answer:
        return self.ask(path, "POST", urlencode(fields), Content_Type="application/x-www-form-urlencoded")

    def form_token(self) -> str:
        found = re.search(r'name="_xsrf" value="([^"]+)"', self.ask("/login").text)
        assert found
        return found[1]

    def sign_in(self, email: str, password: str, following: str = "/hello") -> Answer:
        token = self.form_token()
        return self.post("/login", _xsrf=token, email=email, password=password, next=following)


def signed_in(url: str, role: str | None) -> Client:
    """Return a client of a role; None is a reader without account."""
    client = Client(url)
    if role:
        assert client.sign_in(f"{role}@example.org", PASSWORDS[role]).status == 303
    return client


def token_of(html: str) -> str:
    """Return the session token in a screen's page."""
    found = re.search(r'"token":"([^"]+)"', html)
    assert found, html[:500]
    return found[1]


def payload_of(token: str) -> dict:
    """Return what a session token carries, as anyone can read it."""
    import zlib

    part = token.split(".")[0]
    data = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    packed = data.pop("__bk__zlib_", None)
    if packed:
        data |= json.loads(zlib.decompress(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))))
    return data


async def open_socket(client: Client, route: str, token: str, **headers: str) -> WebSocketClientConnection:
    request = HTTPRequest(
        f"{client.url.replace('http', 'ws')}{route}/ws",
        headers={"Origin": client.url, "Sec-WebSocket-Protocol": f"bokeh, {token}", **headers},
    )
    if client.cookies:
        request.headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    return await websocket_connect(request)


async def greeting(client: Client, route: str, token: str, **headers: str) -> str | int:
    """Return the type of the first message of a screen's websocket, else the refusal's status, 0 if closed."""
    try:
        socket = await open_socket(client, route, token, **headers)
    except HTTPClientError as error:
        return error.code
    message = await asyncio.wait_for(socket.read_message(), 30)
    socket.close()
    return json.loads(message)["msgtype"] if message else 0


def greet(client: Client, route: str, token: str, **headers: str) -> str | int:
    return asyncio.run(greeting(client, route, token, **headers))


def document_of(client: Client, route: str) -> str:
    """Return the document a screen sends over its websocket, as JSON."""

    async def pull() -> str:
        socket = await open_socket(client, route.split("?")[0], token_of(client.ask(route).text))
        received = "".join([str(await asyncio.wait_for(socket.read_message(), 30)) for _ in range(3)])
        assert '"ACK"' in received
        for fragment in ('{"msgid": "1", "msgtype": "PULL-DOC-REQ"}', "{}", "{}"):
            await socket.write_message(fragment)
        while '"roots"' not in received:
            received += str(await asyncio.wait_for(socket.read_message(), 30))
        socket.close()
        return received

    return asyncio.run(pull())
