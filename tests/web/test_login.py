"""Signing in and out over HTTP."""

import asyncio
import json

import pytest

from tests.conftest import Served
from tests.web.client import Client, open_socket, signed_in, token_of
from tests.web.house import PASSWORDS
from web.next import safe_next

OUTSIDE = [
    "http://evil.example", "https://evil.example/x", "//evil.example", "///evil.example", "////evil.example",
    "/\\evil.example", "\\evil.example", "\\\\evil.example", "/\\/evil.example", "\\/evil.example", "/\t/evil.example",
    "\t//evil.example", "/\n/evil.example", "/%0d\r\nSet-Cookie:x=1", " //evil.example", " http://evil.example",
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "http:evil.example", "http:/evil.example",
    "https:///evil.example", "evil.example", "evil.example/x", "@evil.example", ".evil.example", "?x", "#x",
    "/ /evil.example", "/\x00/evil.example", "/\x7f/evil.example", "ftp://evil.example", "://evil.example",
    "//user@evil.example", "//evil.example:80/x", "//[::1]/x", "/\u00a0\\evil.example", "\u2028//evil.example",
    "vbscript:x", "file:///etc/hostname",
]  # fmt: skip


@pytest.mark.parametrize("path", OUTSIDE)
def test_after_signing_in_nobody_is_led_elsewhere(path: str) -> None:
    assert safe_next(path) == "/studio"


@pytest.mark.parametrize(
    "path", ["/", "/build?resource=a%2Fb", "/datasets/x#y", "/studio/story?id=1&lang=en"]
)
def test_after_signing_in_one_goes_on(path: str) -> None:
    assert safe_next(path) == path


def test_signing_in_sets_a_new_closed_cookie_each_time(house: Served) -> None:
    client = Client(house.url)
    answer = client.sign_in("author@example.org", PASSWORDS["author"], "/hello?x=1")
    assert (answer.status, answer.headers["Location"]) == (303, "/hello?x=1")
    cookie = next(cookie for cookie in answer.cookies if cookie.startswith("sid="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    before = client.cookies["sid"]
    client.sign_in("author@example.org", PASSWORDS["author"])
    assert client.cookies["sid"] != before
    assert "author" in client.ask("/hello").text
    assert "None" in Client(house.url, {"sid": before}).ask("/hello").text


def test_a_chosen_session_id_is_not_adopted(house: Served) -> None:
    client = Client(house.url, {"sid": "chosen-by-someone-else"})
    client.sign_in("author@example.org", PASSWORDS["author"])
    assert client.cookies["sid"] != "chosen-by-someone-else"


def test_https_cookies_are_secure(open_house) -> None:
    served = open_house(public_url="https://relato.example")
    client = Client(served.url)
    answer = client.sign_in("author@example.org", PASSWORDS["author"])
    cookie = next(cookie for cookie in answer.cookies if "sid=" in cookie)
    assert cookie.startswith("__Host-sid=")
    assert "Secure" in cookie
    assert "Domain" not in cookie


def test_forms_of_other_sites_are_refused(house: Served) -> None:
    client = Client(house.url)
    fields = {"email": "author@example.org", "password": PASSWORDS["author"]}
    assert client.post("/login", **fields).status == 403
    assert client.post("/login", _xsrf="made-up", **fields).status == 403
    author = signed_in(house.url, "author")
    assert author.post("/logout").status == 403
    assert "author" in author.ask("/hello").text


def test_a_wrong_password_says_so_in_the_readers_language(house: Served) -> None:
    client = Client(house.url)
    client.ask("/hello?lang=es")
    answer = client.sign_in("someone@example.org", "wrong")
    assert answer.status == 401
    assert "El correo o la contraseña no son correctos" in answer.text
    assert 'value="someone@example.org"' in answer.text


def test_guessing_is_stopped_with_429(open_house) -> None:
    client = Client(open_house().url)
    statuses = [client.sign_in("author@example.org", f"guess {n}").status for n in range(8)]
    assert statuses == [401] * 5 + [429] * 3
    assert client.sign_in("author@example.org", PASSWORDS["author"]).status == 429


def test_logout_is_a_post_that_ends_the_session_and_closes_open_screens(house: Served) -> None:
    client = signed_in(house.url, "author")
    assert client.ask("/logout").status == 405
    token = token_of(client.ask("/studio").text)
    old = dict(client.cookies)

    async def watch() -> tuple[str, int | None]:
        socket = await open_socket(client, "/studio", token)
        hello = json.loads(await socket.read_message())["msgtype"]
        form = await asyncio.to_thread(client.form_token)
        answer = await asyncio.to_thread(client.post, "/logout", _xsrf=form)
        assert answer.status == 303
        while await asyncio.wait_for(socket.read_message(), 2) is not None:
            pass
        return hello, socket.close_code

    assert asyncio.run(watch()) == ("ACK", 4401)
    assert Client(house.url, old).ask("/studio").status == 302
