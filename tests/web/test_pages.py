"""Plain pages: languages, errors, headers, assets."""

import gzip
import json
import re

import pytest

from tests.conftest import Served
from tests.web.client import Client, document_of, signed_in
from web.assets import BOKEH_JS


@pytest.fixture
def reader(house: Served) -> Client:
    return Client(house.url)


@pytest.mark.parametrize(
    ("accept", "spoken"),
    [
        ("", "es"),
        ("en-US,en;q=0.9", "en"),
        ("fr,en;q=0.5", "en"),
        ("es-MX,en", "es"),
        ("fr", "es"),
        ("*", "es"),
    ],
)
def test_the_browser_chooses_the_language(reader: Client, accept: str, spoken: str) -> None:
    headers = {"Accept_Language": accept} if accept else {}
    answer = reader.ask("/hello", **headers)
    assert f'<html lang="{spoken}">' in answer.text
    assert "Accept-Language" in answer.headers["Vary"]


def test_the_switch_keeps_the_page_and_is_remembered(reader: Client) -> None:
    answer = reader.ask("/hello?q=a%26b&lang=en", Accept_Language="es")
    assert "hello en" in answer.text
    assert 'href="/hello?q=a%26b&amp;lang=es"' in answer.text
    assert "hello en" in reader.ask("/hello", Accept_Language="es").text
    assert "hello es" in reader.ask("/hello?lang=es").text
    assert "hello es" in reader.ask("/hello?lang=xx").text


def test_the_switch_works_on_screens(reader: Client) -> None:
    assert '<html lang="en">' in reader.ask("/build?lang=en").text
    html = reader.ask("/build?resource=r1").text
    assert '<html lang="en">' in html
    assert 'href="/build?resource=r1&amp;lang=es"' in html


@pytest.mark.parametrize(
    ("code", "status"),
    [("page_unknown", 404), ("page_forbidden", 403), ("account_needed", 401), ("request_wrong", 400)],
)
def test_a_refusal_is_a_sentence_with_its_status(reader: Client, code: str, status: int) -> None:
    page, answer = reader.ask(f"/refusing/{code}"), reader.ask(f"/api/refusing/{code}?lang=en")
    assert page.status == answer.status == status
    assert 'role="alert"' in page.text
    error = json.loads(answer.body)["error"]
    assert error["code"] == code
    assert error["message"].endswith(".")


def test_an_unknown_address_is_a_page_and_in_the_api_json(reader: Client) -> None:
    page = reader.ask("/no<b>where")
    assert (page.status, "/no&lt;b&gt;where" in page.text) == (404, True)
    answer = reader.ask("/api/nowhere")
    assert (answer.status, json.loads(answer.body)["error"]["code"]) == (404, "page_unknown")


def test_a_slash_too_many_leads_to_the_page(reader: Client) -> None:
    answer = reader.ask("/hello/")
    assert (answer.status, answer.headers["Location"]) == (301, "/hello")
    assert reader.ask("//evil.example/").status == reader.ask("/\\evil.example/").status == 404


def test_head_answers_as_get_without_a_body(reader: Client) -> None:
    answer = reader.ask("/hello", "HEAD")
    assert (answer.status, answer.body) == (200, b"")
    assert reader.ask("/nowhere", "HEAD").status == 404


@pytest.mark.parametrize("path", ["/broken", "/api/broken"])
def test_our_faults_are_admitted_without_details(reader: Client, path: str) -> None:
    answer = reader.ask(path)
    assert answer.status == 500
    assert "canary" not in answer.text
    assert "de nuestro lado" in answer.text


def test_a_screen_that_fails_says_so_without_details(reader: Client) -> None:
    shown = document_of(reader, "/build?fail=1")
    assert "canary" not in shown
    assert "de nuestro lado" in shown
    assert "El correo o la contrase" in document_of(reader, "/build?fail=refused")


def test_a_screen_knows_who_came_in_which_language(house: Served) -> None:
    assert "STUDIO en author@example.org" in document_of(signed_in(house.url, "author"), "/studio?lang=en")
    assert "BUILDER es None" in document_of(Client(house.url), "/build")


def test_the_api_takes_posts_from_anywhere_and_knows_no_account(house: Served) -> None:
    author = signed_in(house.url, "author")
    answer = author.ask("/api/echo", "POST", "{}", Content_Type="application/json")
    assert (answer.status, json.loads(answer.body)["account"]) == (200, None)
    assert author.ask("/echo", "POST", "{}", Content_Type="application/json").status == 403


COMMON = {"X-Content-Type-Options": "nosniff"}
PAGE = {
    **COMMON,
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@pytest.mark.parametrize(
    ("path", "expected", "framing", "scripts"),
    [
        ("/hello", PAGE, "'self'", "script-src 'self';"),
        ("/nowhere", PAGE, "'self'", "script-src 'self';"),
        ("/broken", PAGE, "'self'", "script-src 'self';"),
        ("/login", {**PAGE, "Cache-Control": "no-store"}, "'self'", "script-src 'self';"),
        ("/embed/1", {**COMMON, "Access-Control-Allow-Origin": "*"}, "*", "script-src 'self';"),
        ("/api/nowhere", {**COMMON, "Access-Control-Allow-Origin": "*"}, "'self'", "script-src 'self';"),
        (
            "/build",
            {**COMMON, "Referrer-Policy": "same-origin"},
            "'none'",
            "script-src 'self' 'nonce-",
        ),
        ("/build/metadata", COMMON, "'none'", "script-src 'self' 'nonce-"),
    ],
)
def test_headers_of_each_kind_of_page(
    reader: Client, path: str, expected: dict[str, str], framing: str, scripts: str
) -> None:
    headers = reader.ask(path).headers
    assert {name: headers.get(name) for name in expected} == expected
    assert f"frame-ancestors {framing}" in headers["Content-Security-Policy"]
    assert scripts in headers["Content-Security-Policy"]
    if path != "/embed/1" and not path.startswith("/api"):
        assert "Access-Control-Allow-Origin" not in headers


def test_a_screen_runs_only_the_scripts_written_into_it_for_this_page(reader: Client) -> None:
    first, second = reader.ask("/build"), reader.ask("/build")
    policies = [answer.headers["Content-Security-Policy"] for answer in (first, second)]
    assert "unsafe-eval" not in policies[0]
    assert "'unsafe-inline'" not in policies[0].split("style-src")[0]
    nonces = [re.search(r"'nonce-([\w-]{22})'", policy)[1] for policy in policies]
    assert nonces[0] != nonces[1]
    scripts = re.findall(r"<script[^>]*>", first.text)
    assert scripts
    assert all(f'nonce="{nonces[0]}"' in script for script in scripts)


def test_public_pages_set_no_cookie_for_readers(reader: Client) -> None:
    assert reader.ask("/hello").cookies == []
    assert reader.ask("/build").cookies == []


def test_assets_are_cached_by_content_and_compressed_once(reader: Client) -> None:
    html = reader.ask("/hello").text
    address = next(part for part in html.split('"') if part.startswith("/assets/relato.css?v="))
    answer = reader.ask(address, Accept_Encoding="gzip")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Type"] == "text/css"
    assert b"--accent" in gzip.decompress(answer.body)
    again = reader.ask(address, Accept_Encoding="gzip", If_None_Match=answer.headers["Etag"])
    assert (again.status, again.body) == (304, b"")
    plain = reader.ask("/assets/relato.css")
    assert (plain.headers["Cache-Control"], plain.body) == ("no-cache", gzip.decompress(answer.body))


def test_bokehjs_is_our_own_copy(reader: Client) -> None:
    answer = reader.ask(f"/assets/{BOKEH_JS}", Accept_Encoding="gzip")
    assert BOKEH_JS.startswith("bokeh-3.")
    assert 300_000 < len(answer.body) < 400_000


@pytest.mark.parametrize(
    "path", ["../site.py", "..%2fsite.py", "%2e%2e/site.py", "/etc/hostname", "relato.css/", "x"]
)
def test_nothing_else_is_an_asset(reader: Client, path: str) -> None:
    assert reader.ask(f"/assets/{path}").status == 404
