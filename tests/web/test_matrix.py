"""Every route of the whole Relato, asked by everyone in many ways: a route without an entry fails."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import serve
from tests.conftest import ROOT, Served
from tests.web.client import Client
from web.settings import Settings

RANK = {None: 0, "author": 1, "curator": 2, "admin": 3}
NEEDS = {
    # pattern: (an address, the role GET needs, the role POST needs); "-" is not answered at all,
    # "closed" refused to everybody by the settings
    "/login": ("/login", None, None),
    "/logout": ("/logout", "-", None),
    "/login/oidc": ("/login/oidc", None, "-"),
    "/login/oidc/back": ("/login/oidc/back", None, "-"),
    "/join/([A-Za-z0-9_-]+)": ("/join/x", None, None),
    "/register": ("/register", "closed", "closed"),
    "/account": ("/account", "author", "author"),
    "/desk/people": ("/desk/people", "curator", "curator"),
    "/healthz": ("/healthz", None, "-"),
    "/": ("/", None, "-"),
    "/stories": ("/stories", None, "-"),
    "/stories/([a-z0-9-]+(?:@[0-9]+)?)": ("/stories/x", None, "-"),
    "/stories/([a-z0-9-]+(?:@[0-9]+)?)/(.*)": ("/stories/x/", None, "-"),
    "/today/([a-z0-9-]+(?:@[0-9]+)?)/([0-9a-f]+)": ("/today/x/0", None, "-"),
    "/studio": ("/studio", "author", "-"),
    "/studio/new": ("/studio/new", "-", "author"),
    "/studio/add": ("/studio/add?chart=0", "author", "author"),
    "/studio/preview/([0-9a-f]+)/([0-9]+)/(.*)": ("/studio/preview/0/1/", "author", "-"),
    "/studio/history/([0-9a-f]+)": ("/studio/history/0", "author", "author"),
    "/studio/images": ("/studio/images", "author", "author"),
    r"/studio/images/([0-9a-f]+-[0-9]+\.webp)": ("/studio/images/0-1.webp", "author", "-"),
    "/studio/history/([0-9a-f]+)/([0-9]+)/([0-9]+)": ("/studio/history/0/1/2", "author", "-"),
    "/studio/story": ("/studio/story?id=0", "author", "-"),
    "/desk": ("/desk", "curator", "-"),
    "/desk/([0-9a-f]{10})": ("/desk/0123456789", "curator", "curator"),
    "/desk/front": ("/desk/front", "curator", "curator"),
    "/desk/collections": ("/desk/collections", "curator", "curator"),
    "/desk/figures": ("/desk/figures", "curator", "-"),
    "/desk/log": ("/desk/log", "curator", "-"),
    "/collections/([a-z0-9-]+)": ("/collections/x", None, "-"),
    "/api/count": ("/api/count", "-", None),
    "/desk/catalog": ("/desk/catalog", "curator", "curator"),
    "/stories\\.atom": ("/stories.atom", None, "-"),
    "/sitemap\\.xml": ("/sitemap.xml", None, "-"),
    "/oembed": ("/oembed?url=x", None, "-"),
    "/datasets/([^/]+)/files/([^/]+)": ("/datasets/x/files/y", None, "-"),
    "/datasets/([^/]+)/check/([^/]+)": ("/datasets/x/check/y", None, "curator"),
    "/build": ("/build", None, "-"),
    "/charts/([0-9a-f]+)": ("/charts/0", None, "-"),
    "/embed/([0-9a-f]+)": ("/embed/0", None, "-"),
    r"/api/charts/([0-9a-f]+)\.(json|csv|xlsx|svg|png|pdf|py|spec\.json|bokeh\.json)": (
        "/api/charts/0.json",
        None,
        "-",
    ),
    r"/api/chart\.(json|csv|xlsx|svg|png|pdf|py|spec\.json|bokeh\.json)": ("/api/chart.json", None, "-"),
    "/api/query": ("/api/query", "-", None),
    r"/api/chart-schema\.json": ("/api/chart-schema.json", None, "-"),
    "/search": ("/search", None, "-"),
    "/datasets/([^/]+)": ("/datasets/x", None, None),
    "/api/datasets": ("/api/datasets", None, "-"),
    "/api/suggest": ("/api/suggest", None, "-"),
    "/api/datasets/([^/]+)": ("/api/datasets/x", None, "-"),
    "/api/openapi.json": ("/api/openapi.json", None, "-"),
    "/assets/(.*)": ("/assets/relato.css", None, "-"),
    "/components/(.*)": ("/components/x/y/z/w", None, "-"),
}
CLOSED = [
    pattern for pattern, (_, get, post) in NEEDS.items() if get not in (None, "-") or post not in (None, "-")
]
OTHER_METHODS = ("PUT", "DELETE", "PATCH", "PROPFIND")
WAYS = [
    "{}/", "{}//", "/{}", "/.{}", "{}?x=1", "{}/ws", "{}/autoload.js", "{}/metadata", "{}%2f", "{}/%2e",
    "/%2e%2e{}", "{}%00", "{};a", "{}.json", "{}\\", "/x/..{}", "{}/..;/", "{}?bokeh-token=x", "{}?lang=en",
]  # fmt: skip


@pytest.fixture(scope="module")
def visitors(served: Served) -> dict[str | None, Client]:
    """Clients of the demo accounts, whose passwords the terminal shows, and of an administrator."""
    shown = dict(re.findall(r"(\w+)@demo\.local.*?(\w+)$", served.log.read_text(), re.M))
    command = [
        sys.executable,
        "-m",
        "web",
        "account",
        "admin@demo.local",
        "--role",
        "admin",
        "--data",
        served.data,
    ]
    subprocess.run(command, cwd=ROOT, input="admin password\n", text=True, check=True, capture_output=True)
    clients: dict[str | None, Client] = {None: Client(served.url)}
    for role, password in {**shown, "admin": "admin password"}.items():
        clients[role] = Client(served.url)
        assert clients[role].sign_in(f"{role}@demo.local", password, "/").status == 303
    assert set(clients) == set(RANK)
    return clients


def test_every_route_has_an_entry(tmp_path: Path) -> None:
    relato = serve.furnish(Settings(data=tmp_path))
    patterns = {pattern for pattern, *_ in serve.routes(relato)} | set(serve.screens(relato))
    assert patterns - set(NEEDS) == set(), "say in NEEDS who may open the new route"
    assert set(NEEDS) - patterns == set()


def let_in(status: int) -> bool:
    """Say whether a status means that the visitor got past the door, be it to find nothing there."""
    return status in (200, 303, 304, 400, 404, 409)


@pytest.mark.parametrize("pattern", NEEDS)
@pytest.mark.parametrize("role", RANK)
def test_a_page_opens_to_the_role_it_needs(visitors, pattern: str, role: str | None) -> None:
    address, needs, _ = NEEDS[pattern]
    answer = visitors[role].ask(address)
    if needs == "-":
        assert answer.status == 405
    elif needs == "closed":
        assert answer.status == 403
    elif needs is None:
        assert answer.status != 403
        assert not answer.headers.get("Location", "").startswith("/login")
    elif RANK[role] >= RANK[needs]:
        assert let_in(answer.status), answer.status
    elif role is None:
        assert (answer.status, answer.headers["Location"].split("=")[0]) == (302, "/login?next")
    else:
        assert answer.status == 403


@pytest.mark.parametrize("pattern", NEEDS)
@pytest.mark.parametrize("role", RANK)
def test_a_post_needs_our_form_and_the_role(visitors, pattern: str, role: str | None) -> None:
    address, _, needs = NEEDS[pattern]
    client = visitors[role]
    if pattern in ("/login", "/logout", "/api/query", "/api/count"):
        return  # tried in test_login.py; the API takes posts from anywhere
    assert client.post(address, story="", chart="0", decision="approve").status in (401, 403, 405)
    answer = client.post(address, _xsrf=client.form_token(), story="", chart="0", decision="withdraw")
    if needs == "-":
        assert answer.status in (401, 403, 405)
    elif needs == "closed":
        assert answer.status == 403
    elif RANK[role] < RANK[needs]:
        assert answer.status == (401 if role is None else 403)
    else:
        assert let_in(answer.status) or answer.status == 302


@pytest.mark.parametrize("role", RANK)
@pytest.mark.parametrize("pattern", CLOSED)
def test_no_other_spelling_opens_a_closed_route(visitors, pattern: str, role: str | None) -> None:
    address, needs, _ = NEEDS[pattern]
    path = address.split("?")[0]
    spellings = [way.format(path) for way in WAYS] + [
        path.upper(),
        path.title(),
        path.replace("/", "/%73", 1),
    ]
    for spelling in spellings:
        answer = visitors[role].ask(spelling)
        if answer.status == 200:
            assert needs not in (None, "-"), spelling
            assert RANK[role] >= RANK[needs], spelling
        if role is None and answer.status in (301, 302, 303, 307):
            assert re.fullmatch(r"/(login\?next=.*|[^/\\].*|)", answer.headers["Location"]), spelling


@pytest.mark.parametrize("role", RANK)
@pytest.mark.parametrize("pattern", NEEDS)
def test_no_other_method_is_answered(visitors, pattern: str, role: str | None) -> None:
    for method in OTHER_METHODS:
        answer = visitors[role].ask(NEEDS[pattern][0], method)
        assert answer.status in (403, 404, 405), method


def test_the_matrix_has_two_thousand_cells() -> None:
    methods = 1 + 2 + len(OTHER_METHODS)  # GET, POST without our form and with it, the others
    assert len(RANK) * (len(NEEDS) * methods + len(CLOSED) * (len(WAYS) + 3)) >= 2000


def test_the_builder_of_readers_never_saves(visitors) -> None:
    for address in ("/charts", "/api/charts", "/build"):
        for method in ("POST", "PUT", "DELETE", "PATCH"):
            assert visitors[None].ask(address, method).status in (403, 404, 405)
