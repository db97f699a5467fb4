"""The pages and the public API of charts, over HTTP."""

import asyncio
import csv
import json
import threading
import xml.etree.ElementTree as ElementTree
from http.client import HTTPConnection
from urllib.parse import quote

import pytest
import tornado.httpserver
import tornado.web

import serve
from builder.link import encode
from builder.pages import embed_height, operations
from builder.spec import ChartSpec, Encoding, Filter
from web.api import openapi
from web.settings import Settings

BAR = ChartSpec(mark="bar", x=Encoding(field="linea"), y=Encoding(field="afluencia", aggregate="sum"))


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """The demo portal with one file read and one chart saved, served by the plain routes."""
    relato = serve.furnish(Settings(data=tmp_path_factory.mktemp("pages")))
    relato.catalog.sync()
    dataset = relato.catalog.dataset("afluencia-metrobus")
    resource = next(r for r in dataset.resources if "mensual" in r.url)
    relato.catalog.open(resource.id)
    author = relato.site.accounts.create("ana@example.org", "Ana", "author", "a long password")
    saved = relato.charts.save(author, BAR.model_copy(update={"resource": resource.id}), "Líneas")
    port = served(tornado.web.Application(serve.routes(relato)))
    yield port, saved, relato
    relato.charts.engine.close()


def served(application):
    """Serve an application from a thread of its own and return its port."""
    found = []
    ready = threading.Event()

    async def run():
        server = tornado.httpserver.HTTPServer(application)
        server.listen(0, "127.0.0.1")
        found.append(next(iter(server._sockets.values())).getsockname()[1])
        ready.set()
        await asyncio.Event().wait()

    threading.Thread(target=lambda: asyncio.run(run()), daemon=True).start()
    assert ready.wait(10)
    return found[0]


def ask(port, path, body=None, method=None):
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request(method or ("POST" if body is not None else "GET"), path, body)
    answer = connection.getresponse()
    return answer.status, dict(answer.getheaders()), answer.read()


def query(port, spec):
    status, _, body = ask(
        port, "/api/query", spec if isinstance(spec, bytes) else spec.model_dump_json().encode()
    )
    return status, json.loads(body)


def test_a_question_is_answered_with_every_row_accounted_for(house):
    port, saved, _ = house
    spec = saved.spec.model_copy(update={"filters": (Filter(field="linea", values=("Línea 1", "Línea 2")),)})
    status, answer = query(port, spec)
    assert status == 200
    assert answer["columns"] == ["x", "y"]
    assert [row[0] for row in answer["rows"]] == ["Línea 1", "Línea 2"]
    assert answer["total"] == 742 == answer["counted"] + answer["left_out"] + sum(answer["missing"].values())
    by_resource = spec.model_copy(update={"table": ""})
    assert query(port, by_resource) == (200, answer)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "spec_unreadable"),
        (b"[]", 400, "spec_unreadable"),
        (b'{"mark": 3}', 400, "spec_unreadable"),
        (b'{"mark": "bar", "sql": "select 1"}', 400, "spec_unreadable"),
        (b'{"mark": "bar"}', 404, "table_unknown"),
        (b'{"mark": "bar", "table": "../../secret"}', 404, "table_unknown"),
        (b'{"mark": "bar", "title": "' + b"x" * 70_000 + b'"}', 400, "body_too_large"),
        (b"[" * 60_000, 400, "spec_unreadable"),
    ],
)
def test_a_bad_question_gets_a_sentence(house, body, status, code):
    answered, answer = query(house[0], body)
    assert (answered, answer["error"]["code"]) == (status, code)
    assert "{" not in answer["error"]["message"]


def test_an_unknown_column_is_named_with_those_near_it(house):
    port, saved, _ = house
    status, answer = query(port, saved.spec.model_copy(update={"x": Encoding(field="linia")}))
    assert status == 400
    assert "“linia”" in answer["error"]["message"]
    assert "linea" in answer["error"]["message"]


def test_the_page_shows_the_chart_its_numbers_its_source_and_how_to_reuse_it(house):
    port, saved, relato = house
    status, headers, body = ask(port, f"/charts/{saved.id}?lang=es")
    html = body.decode()
    assert status == 200
    drawn = relato.charts.draw(saved.spec, "es")
    assert f'<h1 class="chart-title">{drawn.wide.title}</h1>' in html
    for part in ("<svg", "<table", "BibTeX", "@misc{", drawn.provenance.sha256, drawn.provenance.license_title,
                 f'href="/build?chart={saved.id}"', f"/api/charts/{saved.id}.png", "&lt;iframe"):  # fmt: skip
        assert part in html, part
    assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]
    assert "<script>" not in html


def test_the_embed_may_be_framed_by_anyone_and_leads_back(house):
    port, saved, relato = house
    status, headers, body = ask(port, f"/embed/{saved.id}?lang=en")
    assert status == 200
    assert "frame-ancestors *" in headers["Content-Security-Policy"]
    assert f"{relato.site.settings.origin}/charts/{saved.id}" in body.decode()


def test_every_file_of_a_saved_chart(house):
    port, saved, _ = house
    made = {
        form: ask(port, f"/api/charts/{saved.id}.{form}?lang=es")
        for form in ("json", "csv", "svg", "png", "bokeh.json")
    }
    assert {form: answer[0] for form, answer in made.items()} == dict.fromkeys(made, 200)
    answer = json.loads(made["json"][2])
    assert (answer["id"], answer["name"], ChartSpec.model_validate(answer["spec"])) == (
        saved.id,
        "Líneas",
        saved.spec,
    )
    lines = [line for line in made["csv"][2].decode().splitlines() if not line.startswith("#")]
    assert list(csv.reader(lines))[1:] == [[str(cell) for cell in row] for row in answer["data"]["rows"]]
    assert ElementTree.fromstring(made["svg"][2]).tag.endswith("svg")
    assert made["png"][2].startswith(b"\x89PNG")
    assert json.loads(made["bokeh.json"][2])["doc"]["roots"]


def test_narrow_and_dark_are_other_drawings(house):
    port, saved, _ = house
    path = f"/api/charts/{saved.id}.svg"
    drawings = {ask(port, path + query)[2] for query in ("", "?width=narrow", "?dark=yes", "?lang=en")}
    assert len(drawings) >= 3


def test_a_chart_that_is_not_saved_has_the_same_files(house):
    port, saved, _ = house
    spec = saved.spec.model_copy(update={"title": "Sin guardar"})
    status, _, body = ask(port, f"/api/chart.json?lang=es&spec={encode(spec)}")
    assert (status, json.loads(body)["title"]) == (200, "Sin guardar")
    assert ask(port, "/api/chart.svg?spec=nonsense")[0] == 400
    assert ask(port, f"/api/chart.svg?spec={encode(spec)}")[1]["Content-Disposition"].endswith(
        "sin-guardar.svg"
    )


def test_an_unchanged_answer_is_not_sent_twice(house):
    port, saved, _ = house
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", f"/api/charts/{saved.id}.csv")
    first = connection.getresponse()
    first.read()
    connection.request("GET", f"/api/charts/{saved.id}.csv", headers={"If-None-Match": first.headers["Etag"]})
    assert connection.getresponse().status == 304


@pytest.mark.parametrize("path", ["/charts/{0}", "/embed/{0}", "/api/charts/{0}.svg", "/api/charts/{0}.json"])
def test_an_unknown_chart_is_not_found(house, path):
    assert ask(house[0], path.format("abcdef"))[0] == 404


def test_hostile_titles_stay_words(house):
    port, saved, relato = house
    hostile = '"><img src=x onerror=alert(1)></script><script>alert(2)</script>{x}'
    author = relato.site.accounts.by_email("ana@example.org")
    spec = saved.spec.model_copy(
        update={"title": hostile, "note": hostile, "alt": hostile, "subtitle": hostile}
    )
    other = relato.charts.save(author, spec, hostile)
    for path in (f"/charts/{other.id}", f"/embed/{other.id}", f"/api/charts/{other.id}.svg"):
        status, _, body = ask(port, path)
        assert status == 200
        assert b"<img" not in body
        assert b"alert(2)</script>" not in body
    assert ask(port, f"/api/charts/{other.id}.bokeh.json")[0] == 200


def test_every_route_of_the_api_is_described():
    described = openapi(operations(), title="t", version="1", origin="http://x")
    assert "/api/query" in described["paths"]
    for form in ("json", "csv", "svg", "png", "bokeh.json"):
        assert f"/api/charts/{{id}}.{form}" in described["paths"]
    body = described["paths"]["/api/query"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert "ChartSpec" in body["$ref"]


def test_other_sites_embed_a_chart_by_its_address(house):
    port, saved, relato = house
    origin = relato.site.settings.origin
    status, headers, body = ask(port, f"/oembed?url={quote(f'{origin}/charts/{saved.id}')}&lang=es")
    answer = json.loads(body)
    assert (status, answer["type"], answer["version"]) == (200, "rich", "1.0")
    assert answer["html"].startswith(f'<iframe src="{origin}/embed/{saved.id}"')
    assert f'height="{answer["height"]}"' in answer["html"]
    assert headers["Access-Control-Allow-Origin"] == "*"
    page = ask(port, f"/charts/{saved.id}")[2].decode()
    assert f'application/json+oembed" href="{origin}/oembed?url=' in page


@pytest.mark.parametrize("address", ["", "https://elsewhere.example/charts/abcdef", "{origin}/stories/x/"])
def test_only_our_charts_are_embedded(house, address):
    port, _, relato = house
    asked = quote(address.format(origin=relato.site.settings.origin))
    assert ask(port, f"/oembed?url={asked}")[0] == 404
    assert ask(port, f"/oembed?url={asked}&format=xml")[0] == 400


@pytest.mark.browser
def test_the_embed_fits_its_frame_on_phones_and_desktops(house, browser):
    port, saved, relato = house
    drawn = relato.charts.draw(saved.spec, "es")
    for width in (320, 360, 760, 1280):
        page = browser.new_page(viewport={"width": width, "height": embed_height(drawn)})
        page.goto(f"http://127.0.0.1:{port}/embed/{saved.id}?lang=es")
        size = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
        assert size[0] <= width
        assert size[1] <= embed_height(drawn)
        page.close()
