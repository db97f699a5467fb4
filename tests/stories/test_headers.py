"""Headers by class of route: what may run, who may frame it, what is kept, and no cookie where readers come."""

import re

import pytest

from tests.conftest import ROOT, Served
from tests.web.client import Client
from web.pages import POLICY

COMMON = {"X-Content-Type-Options": "nosniff"}
PAGES = ["/", "/stories", "/search", "/stories.atom", "/sitemap.xml", "/healthz", "/login", "/nothing-here"]
API = ["/api/openapi.json", "/api/datasets?q=agua", "/api/chart-schema.json", "/oembed?url=x"]


@pytest.fixture(scope="module")
def slug(served: Served) -> str:
    return re.search(r'href="/stories/([^"/@]+)/"', Client(served.url).ask("/stories").text)[1]


def policy(answer) -> dict[str, str]:
    parts = (
        part.split(maxsplit=1)
        for part in answer.headers["Content-Security-Policy"].split(";")
        if part.strip()
    )
    return {name: rest[0] if rest else "" for name, *rest in parts}


def expect_policy(answer, framing: str) -> None:
    found = policy(answer)
    assert found["default-src"] == "'none'"
    assert found["script-src"] == "'self'"
    assert found["frame-ancestors"] == framing
    assert found["base-uri"] == "'none'"
    assert found["form-action"] == "'self'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Server" not in answer.headers


@pytest.mark.parametrize("path", PAGES)
def test_pages(served: Served, path: str) -> None:
    answer = Client(served.url).ask(path)
    expect_policy(answer, "'self'")
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("path", API)
def test_the_api_answers_everybody_and_knows_nobody(served: Served, path: str) -> None:
    answer = Client(served.url).ask(path)
    expect_policy(answer, "'self'")
    assert answer.cookies == []


def test_published_stories(served: Served, slug: str) -> None:
    ask = Client(served.url).ask
    page = ask(f"/stories/{slug}/")
    expect_policy(page, "'self'")
    chart = re.search(r"charts/[0-9a-f]+\.html", page.text)[0]
    for path in ("embed.html", chart):
        framed = ask(f"/stories/{slug}/{path}")
        expect_policy(framed, "*")
        assert "Cross-Origin-Opener-Policy" not in framed.headers
    for path in ("", "embed.html", chart, "story.json", "manifest.json", chart.replace(".html", ".csv")):
        assert ask(f"/stories/{slug}/{path}").cookies == []
    today = re.search(r'href="(?:\.\./\.\.)(/today/[^"]+)"', page.text)[1]
    expect_policy(ask(today), "'self'")


def test_assets_are_kept_and_never_guessed_at(served: Served) -> None:
    answer = Client(served.url).ask("/assets/embed.js")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Type"].startswith(("text/javascript", "application/javascript"))


def test_the_builder_runs_only_what_bears_its_nonce(served: Served) -> None:
    answer = Client(served.url).ask("/build")
    found = policy(answer)
    assert re.fullmatch(r"'self' 'nonce-[\w-]{16,}' blob:", found["script-src"])
    assert found["frame-ancestors"] == "'none'"
    assert "unsafe-eval" not in answer.headers["Content-Security-Policy"]


def test_nginx_sends_the_same_policy() -> None:
    shipped = (ROOT / "docs/deploy/nginx.conf").read_text("utf-8")
    assert POLICY.format(framing="$relato_framing") in shipped
    for header in ("X-Content-Type-Options nosniff", "Cross-Origin-Opener-Policy $relato_opener"):
        assert header in shipped
