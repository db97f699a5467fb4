"""Who may open which Panel route: every route, role and way of asking, and forged tokens."""

import base64
import json

import pytest

from tests.conftest import Served
from tests.web.client import Client, greet, payload_of, signed_in, token_of
from tests.web.house import SCREENS
from web.access import OPEN_TO

ROLES = (None, "author", "curator", "admin")
NEEDS = {"/build": None, "/studio": "author", "/studio/story": "author", "/desk": "curator"}
RANK = {None: 0, "author": 1, "curator": 2, "admin": 3}


@pytest.fixture(scope="module")
def visitors(house: Served) -> dict[str | None, Client]:
    return {role: signed_in(house.url, role) for role in ROLES}


def test_every_screen_has_a_rule() -> None:
    assert set(NEEDS) == set(SCREENS)
    for route in SCREENS:
        assert any(route == rule or route.startswith(f"{rule}/") for rule in OPEN_TO)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("route", NEEDS)
@pytest.mark.parametrize("suffix", ["", "/", "?x=1", "/?lang=en", "?bokeh-autoload-element=x"])
def test_pages_open_to_the_role_they_need(visitors, route: str, role: str | None, suffix: str) -> None:
    answer = visitors[role].ask(route + suffix)
    if RANK[role] >= RANK[NEEDS[route]]:
        assert (answer.status, f"<title>{SCREENS[route]} ·" in answer.text) == (200, True)
        assert answer.headers["Cache-Control"] == "no-store"
    else:
        assert answer.status == (302 if role is None else 403)
        assert "token" not in answer.text
        if role is None:
            assert answer.headers["Location"].startswith("/login?next=%2F")


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("route", NEEDS)
@pytest.mark.parametrize(
    "way",
    [
        "{}/autoload.js", "{}/autoload.js?bokeh-autoload-element=x", "{}/autoload.js/", "{}/metadata",
        "{}/metadata?x", "{}/ws", "{}/ws?bokeh-protocol-version=1.0", "{}?bokeh-session-id=chosen",
        "{}?bokeh-token=chosen", "{}//", "/{}", "{}/%2e%2e/build", "/build/..{}", "{}%2f", "{}/x", "{}.", "{};x",
        "/%62uild/..{}", "{}/static/../ws", "{}\\", "{}%00", "{}/index.html",
    ],
)  # fmt: skip
def test_every_other_way_is_closed_to_everyone(visitors, route: str, role: str | None, way: str) -> None:
    path = way.format(route)
    answer = visitors[role].ask(path)
    assert answer.status in (301, 302, 400, 403, 404, 405), path
    if "Location" in answer.headers:
        assert answer.headers["Location"].startswith("/login?") or answer.headers["Location"] == path[:-1]
    assert '"token"' not in answer.text


@pytest.mark.parametrize(
    "way", [str.upper, str.title, lambda route: route.replace("u", "%75").replace("e", "%65")]
)
@pytest.mark.parametrize("route", NEEDS)
def test_spelling_a_route_otherwise_opens_nothing(visitors, route: str, way) -> None:
    for role in ROLES:
        assert visitors[role].ask(way(route)).status == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"])
@pytest.mark.parametrize("route", NEEDS)
def test_screens_answer_to_nothing_but_get(visitors, route: str, method: str) -> None:
    for role in ROLES:
        assert visitors[role].ask(route, method).status in (403, 405)


def test_websockets_open_only_with_the_visitors_own_token_on_its_own_route(visitors) -> None:
    tokens = {
        (role, route): token_of(visitors[role].ask(route).text)
        for role in ROLES
        for route in NEEDS
        if RANK[role] >= RANK[NEEDS[route]]
    }
    opened = {
        (asking, to)
        for asking, visitor in visitors.items()
        for to in NEEDS
        for (owner, route), token in tokens.items()
        if greet(visitor, to, token) != 403 and (asking, to) != (owner, route)
    }
    assert opened == set()
    for (role, route), token in tokens.items():
        assert greet(visitors[role], route, token) == "ACK", (role, route)


def test_forged_tokens_open_nothing(visitors) -> None:
    curator = visitors["curator"]
    real = token_of(curator.ask("/desk").text)
    payload, signature = real.split(".")
    data = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    unsigned = base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")
    turned = [payload[:n] + ("A" if payload[n] != "A" else "B") + payload[n + 1 :] for n in range(0, 80, 4)]
    forged = [
        "",
        "x",
        ".",
        "..",
        payload,
        unsigned,
        f"{unsigned}.",
        f"{unsigned}.x",
        f"{payload}.{signature[:-2]}AA",
    ]
    forged += [f"{changed}.{signature}" for changed in turned]
    forged += [f"{payload}.{signature[:n]}" for n in range(0, 40, 5)]
    author_token = token_of(visitors["author"].ask("/build").text)
    forged += [
        f"{payload}.{author_token.split('.')[1]}",
        f"{author_token.split('.')[0]}.{signature}",
        author_token,
    ]
    assert {greet(curator, "/desk", token) for token in forged} == {403}


def test_a_spoofed_visitor_header_is_overwritten(house: Served) -> None:
    reader = Client(house.url)
    page = reader.ask("/build", X_Relato_Visitor="2 anything").text
    assert payload_of(token_of(page))["headers"]["X-Relato-Visitor"] == "reader 127.0.0.1"


def test_pages_and_tokens_never_carry_cookies(visitors) -> None:
    for role, client in visitors.items():
        for route, needed in NEEDS.items():
            if RANK[role] < RANK[needed]:
                continue
            html = client.ask(route).text
            payload = payload_of(token_of(html))
            assert payload["cookies"] == {}
            assert set(payload["headers"]) <= {"Host", "X-Relato-Visitor"}
            secrets = [value for name, value in client.cookies.items() if name in ("sid", "_xsrf")]
            assert not [secret for secret in secrets if secret in json.dumps(payload)]
            assert client.cookies.get("sid", "no account") not in html


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "https://127.0.0.1.evil.example",
        "http://evil127.0.0.1",
        "null",
        "http://127.0.0.1:1",
    ],
)
def test_websockets_refuse_other_origins(house: Served, origin: str) -> None:
    reader = Client(house.url)
    assert greet(reader, "/build", token_of(reader.ask("/build").text), Origin=origin) == 403


@pytest.mark.parametrize(
    "module", ["unittest.__main__", "test.__main__", "this", "antigravity", "idlelib", "os", "web"]
)
def test_no_address_imports_a_module(house: Served, module: str) -> None:
    reader = Client(house.url)
    assert reader.ask(f"/components/{module}/x/_css/y").status == 404
    assert reader.ask("/healthz").status == 200


def test_a_frame_over_one_megabyte_closes_the_screen_and_nothing_else(house: Served) -> None:
    import asyncio

    from tests.web.client import open_socket

    reader = Client(house.url)
    token = token_of(reader.ask("/build").text)

    async def flood() -> int | None:
        socket = await open_socket(reader, "/build", token)
        await socket.read_message()
        await socket.write_message("x" * 1_000_001)
        while await asyncio.wait_for(socket.read_message(), 5) is not None:
            pass
        return socket.close_code

    assert asyncio.run(flood()) in (1009, None)
    assert reader.ask("/healthz").status == 200


@pytest.mark.parametrize("path", ["/curators", "/api/curators"])
def test_pages_that_need_a_role(visitors, path: str) -> None:
    statuses = {role: visitors[role].ask(path).status for role in ROLES}
    if path.startswith("/api/"):
        assert statuses == dict.fromkeys(ROLES, 401)  # the API knows no accounts
    else:
        assert statuses == {None: 302, "author": 403, "curator": 200, "admin": 200}


def test_the_studio_alone_is_for_people_with_an_account(open_house) -> None:
    served = open_house(role="studio")
    reader, author = Client(served.url), signed_in(served.url, "author")
    assert reader.ask("/build").status == reader.ask("/hello").status == 302
    assert reader.ask("/login").status == reader.ask("/assets/relato.css").status == 200
    assert author.ask("/build").status == author.ask("/hello").status == 200


def test_the_public_role_signs_nobody_in(open_house) -> None:
    reader = Client(open_house(role="public").url)
    assert reader.ask("/build").status == 200
    assert reader.ask("/login").status == reader.ask("/logout").status == 404
    assert reader.ask("/studio").status == reader.ask("/desk").status == 404
    assert "/login" not in reader.ask("/hello").text
