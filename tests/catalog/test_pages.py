"""Search and dataset pages and the API, served over HTTP."""

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

import pytest
import tornado.web
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from catalog import pages
from catalog.catalog import Catalog
from catalog.models import Impact, Reading, Ready, Table, Use
from catalog.views import Card, Views, contact_href
from tests.catalog.tables import FILES, catalog
from web import accounts
from web.assets import AssetHandler
from web.database import Database
from web.site import Site
from web.values import Problem

ROOT = Path(__file__).parents[2]


def ready(table: Table, resource_id: str, language: str, limit: int) -> list[Ready]:
    if resource_id == "r-escuelas":
        raise RuntimeError("a chart that cannot be drawn")
    one = Ready(
        question="¿Cuántos por alcaldía?",
        title="Filas",
        svg="<svg></svg>",
        href=f"/build?resource={resource_id}",
    )
    return [one] * limit


def uses(resources: Sequence[str], *, inside: bool) -> list[Use]:
    if "r-delitos" not in resources:
        return []
    story = Use(kind="story", title="Los <robos>", href="/stories/robos/", fields=("delito",))
    chart = Use(kind="chart", title="Mi gráfica", href="/charts/c1", fields=("fecha",))
    return [story, chart] if inside else [story]


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    text: str


@dataclass
class Served:
    port: int
    catalog: Catalog
    site: Site

    def ask(self, path: str, **headers: str) -> Answer:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(
            "GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )
        response = connection.getresponse()
        return Answer(response.status, dict(response.getheaders()), response.read().decode())

    def sign_in(self, role: str) -> str:
        """Return the cookie of a new account with a role."""
        account = self.site.accounts.create(f"{role}@example.org", role, role, "a-long-password")
        return f"sid={self.site.accounts.open_session(account)}"

    def once_read(self, path: str) -> Answer:
        """Ask until no file of the page is being read."""
        deadline = time.monotonic() + 90
        while 'http-equiv="refresh"' in (answer := self.ask(path)).text:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        return answer


def serve(known: Catalog) -> Iterator[Served]:
    site = Site(
        known.settings,
        Database(known.settings.data / "stories.db", accounts.migrations),
        [pages.TEMPLATES],
        [pages.STATIC, ROOT / "builder" / "static"],
    )
    routes = [
        *pages.routes(site, known, ready, uses),
        ("/assets/(.*)", AssetHandler, {"assets": site.assets}),
    ]
    started, stop = threading.Event(), asyncio.Event()
    found: list = []

    async def run() -> None:
        sockets = bind_sockets(0, "127.0.0.1")
        server = HTTPServer(tornado.web.Application(routes, cookie_secret=site.secret))
        server.add_sockets(sockets)
        found.extend([sockets[0].getsockname()[1], asyncio.get_running_loop()])
        started.set()
        await stop.wait()
        server.stop()

    thread = threading.Thread(target=lambda: asyncio.run(run()), daemon=True)
    thread.start()
    started.wait(10)
    yield Served(found[0], known, site)
    found[1].call_soon_threadsafe(stop.set)
    thread.join(10)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    yield from serve(catalog(tmp_path_factory.mktemp("pages")))


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Served]:
    yield from serve(catalog(tmp_path))


def test_an_unread_dataset_says_so_and_reloads_by_itself(fresh: Served):
    first = fresh.ask("/datasets/delitos")
    assert first.status == 200
    assert first.text.count("esta página se recarga sola") == 2
    assert '<meta http-equiv="refresh" content="3">' in first.text
    assert first.headers["Cache-Control"] == "no-store"
    read = fresh.once_read("/datasets/delitos")
    assert "Registros 1–9 de 9" in read.text
    assert "Qué contiene la tabla" in read.text
    assert read.headers["Cache-Control"] == "public, no-cache"


def test_a_broken_file_has_its_sentence_and_the_others_work(served: Served):
    text = served.once_read("/datasets/delitos").text
    assert text.count('<p class="problem">') == 1
    assert "Esto es una página web" in text or "This is a web page" in text
    assert text.count("Hacer una gráfica") == 1
    assert "No es una tabla: se abre en su origen." in text
    assert text.count("¿Cuántos por alcaldía?") == 6


def test_a_large_file_is_read_only_when_asked_for(fresh: Served):
    fresh.catalog.settings.__dict__["prefetch_mb"] = 0
    portal = fresh.catalog.portals()[0].portal
    packages = [row["raw"] for row in fresh.catalog.store.database.read.execute("SELECT raw FROM packages")]
    large = json.loads(next(raw for raw in packages if '"escuelas"' in raw))
    large["resources"][0]["size"] = 5_000_000
    fresh.catalog.store.put(portal, [large])
    text = fresh.ask("/datasets/escuelas").text
    assert "Leer este archivo" in text
    assert "refresh" not in text
    assert "esta página se recarga sola" in fresh.ask("/datasets/escuelas?resource=r-escuelas").text
    assert "Registros 1–3 de 3" in fresh.once_read("/datasets/escuelas").text


def offered(served: Served, text: str) -> list[tuple[str, str, str]]:
    answer = json.loads(served.ask(f"/api/suggest?q={quote(text)}&lang=en").text)
    return [(each["kind"], each["text"], each["url"]) for each in answer["offers"]]


def test_a_text_begun_offers_datasets_themes_publishers_and_what_was_meant(served: Served):
    assert offered(served, "  ") == []
    assert ("dataset", "Schools of the city", "/datasets/escuelas") in offered(served, "escuel")
    assert ("theme", "Seguridad", "/search?theme=seguridad") in offered(served, "segu")
    assert ("organization", "Fiscalía General de Justicia", "/search?organization=fgj") in offered(
        served, "general fis"
    )
    assert offered(served, "escuellas") == [("meant", "escuelas", "/search?q=escuelas")]


def test_a_tall_picture_shows_its_top_at_a_size_to_read():
    def card(height: int) -> Card:
        svg = f'<svg viewBox="0 0 360 {height}" width="360" height="{height}"></svg>'
        return Card(name="a", title="A", language="", organization="", modified=None, facts=(), formats=(), matches=(), picture=svg)  # fmt: skip

    assert [card(height).is_tall for height in (240, 600)] == [False, True]


def test_files_of_the_most_visited_datasets_are_read_first(fresh: Served):
    store = fresh.catalog.store
    newest = [identity for identity in store.readings.unread() if identity != "r-pdf"]
    store.add_visits({"delitos": 1})
    store.add_visits({"delitos": 1, "escuelas": 3})
    first = [identity for identity in store.readings.unread() if identity != "r-pdf"]
    assert (first[0], newest != first) == ("r-escuelas", newest[0] != "r-escuelas")
    store.add_visits({"delitos": 2})
    assert store.readings.unread()[0] == "r-delitos"


def test_a_stopped_file_waits_until_it_is_asked_for(fresh: Served, monkeypatch: pytest.MonkeyPatch):
    jobs = fresh.catalog.jobs
    is_reading, go_on = threading.Event(), threading.Event()

    def slow(*given: object, progress: Callable[[int, int | None], None], **named: object) -> None:
        is_reading.set()
        assert go_on.wait(20)
        progress(1, 2)
        raise AssertionError("was not stopped")

    monkeypatch.setattr("catalog.files.read_file", slow)
    jobs.read("r-escuelas")
    assert is_reading.wait(20)
    assert "Detener la lectura" in fresh.ask("/datasets/escuelas").text
    jobs.stop("r-escuelas")
    go_on.set()
    while fresh.catalog.reading("r-escuelas"):
        time.sleep(0.01)
    monkeypatch.undo()
    text = fresh.ask("/datasets/escuelas").text
    assert "Leer este archivo" in text
    assert "refresh" not in text
    fresh.ask("/datasets/escuelas?resource=r-escuelas")
    assert "Registros 1–3 de 3" in fresh.once_read("/datasets/escuelas").text


def test_charts_that_fail_leave_the_page_standing(served: Served):
    text = served.once_read("/datasets/escuelas").text
    assert "Gráficas listas" not in text
    assert "Registros 1–3 de 3" in text


def test_notes_and_titles_are_shown_safely(served: Served):
    text = served.once_read("/datasets/delitos").text
    assert "Denuncias de la <em>fiscalía</em>" in text
    assert "<script>" not in text
    assert "javascript:" not in text.replace("[mal](javascript:alert(1))", "")
    title = served.ask("/datasets/vacio").text
    assert "Población &lt;b&gt;por&lt;/b&gt; municipio" in title
    assert "<b>por" not in title


def test_a_dataset_without_files_says_so(served: Served):
    text = served.ask("/datasets/vacio").text
    assert "Este conjunto de datos no tiene archivos." in text
    assert "refresh" not in text


def test_titles_follow_the_language(served: Served):
    assert "Escuelas de la ciudad</h1>" in served.ask("/datasets/escuelas?lang=es").text
    english = served.ask("/datasets/escuelas?lang=en").text
    assert "Schools of the city</h1>" in english
    assert "Licence" in english


def test_unknown_dataset_is_a_404_with_a_way_on(served: Served):
    answer = served.ask("/datasets/no-such")
    assert answer.status == 404
    assert "No existe el conjunto de datos no-such" in unescape(answer.text)
    assert 'action="/search"' in answer.text
    assert served.ask("/datasets/" + quote("../x<b>", safe="")).status == 404


@pytest.mark.parametrize("row", ["5", "9", "10", "999999999", "0", "-1", "x", "9" * 40])
def test_rows_from_anywhere(served: Served, row: str):
    served.once_read("/datasets/delitos")
    answer = served.ask(f"/datasets/delitos?resource=r-delitos&row={row}")
    assert answer.status == 200
    first = {"5": 5, "9": 9, "10": 9, "999999999": 9}.get(row, 1)
    assert f"Registros {first}–9 de 9" in answer.text


def test_search_page(served: Served):
    served.once_read("/datasets/delitos")
    text = unescape(served.ask("/search?q=robos+iztapalapa").text)
    assert "1 conjunto de datos para “robos iztapalapa”" in text
    assert "la columna “alcaldía” tiene “Iztapalapa”" in text
    assert "9 registros · 4 columnas" in text
    assert "<svg></svg>" in text


def test_facets_are_links_and_chips_remove_them(served: Served):
    text = served.ask("/search?theme=seguridad&q=carpetas&sort=rows").text
    assert 'href="/search?q=carpetas&amp;sort=rows"' in text
    assert 'name="theme" value="seguridad"' in text
    assert "1 conjunto de datos para" in text


def test_empty_result_says_what_to_change(served: Served):
    text = unescape(served.ask("/search?q=delitoz&theme=educacion").text)
    assert "Nada reúne todo esto." in text
    assert 'href="/search?q=delitos&theme=educacion"' in text
    assert "Usar menos palabras" in text
    without = unescape(served.ask("/search?q=agua&theme=educacion").text)
    assert "Sin los filtros hay 1 conjunto de datos" in without


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=x", "page=99999", "page=%C2%B2", "page=" + "9" * 5000, "sort=x", "theme=", "q=%00"],
)
def test_odd_addresses_are_answered(served: Served, query: str):
    answer = served.ask(f"/search?{query}")
    assert answer.status == 200
    assert 'role="search"' in answer.text


def test_pages_are_revalidated(served: Served):
    served.once_read("/datasets/delitos")
    for path in ("/search", "/datasets/delitos", "/api/datasets"):
        first = served.ask(path)
        again = served.ask(path, If_None_Match=first.headers["Etag"])
        assert (again.status, again.text) == (304, "")


def test_api_finds_datasets(served: Served):
    answer = json.loads(served.ask("/api/datasets?q=escuelas&lang=en").text)
    assert answer["total"] == 1
    assert answer["results"][0]["name"] == "escuelas"
    assert answer["results"][0]["title"] == "Schools of the city"
    every = json.loads(served.ask("/api/datasets?limit=2&offset=1").text)
    assert (every["total"], [found["name"] for found in every["results"]]) == (4, ["vacio", "escuelas"])


def test_api_describes_a_dataset(served: Served):
    served.once_read("/datasets/delitos")
    answer = json.loads(served.ask("/api/datasets/delitos").text)
    files = {file["id"]: file for file in answer["files"]}
    assert answer["dataset"]["raw"]["notes"].startswith("Denuncias")
    assert (files["r-delitos"]["state"], files["r-delitos"]["rows"]) == ("ready", 9)
    assert [column["label"] for column in files["r-delitos"]["columns"]] == [
        "fecha",
        "alcaldía",
        "delito",
        "víctimas",
    ]
    assert (files["r-roto"]["state"], files["r-roto"]["problem"]["code"]) == ("refused", "file_html")
    assert files["r-pdf"]["state"] is None
    missing = served.ask("/api/datasets/no-such")
    assert (missing.status, json.loads(missing.text)["error"]["code"]) == (404, "dataset_unknown")


def test_a_fetched_file_is_only_ever_downloaded(served: Served):
    served.once_read("/datasets/delitos")
    answer = served.ask("/datasets/delitos/files/r-delitos")
    assert (answer.status, answer.text) == (200, FILES["delitos.csv"])
    assert answer.headers["Content-Disposition"] == 'attachment; filename="delitos.csv"'
    assert answer.headers["Content-Security-Policy"] == "sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    for path in ("r-roto", "r-pdf", "no-such", "r-escuelas"):
        assert served.ask(f"/datasets/delitos/files/{path}").status == 404
    assert served.ask("/datasets/no-such/files/r-delitos").status == 404


def test_the_desk_shows_portals_to_curators_only(served: Served):
    assert served.ask("/desk/catalog").status == 302
    author, curator = (served.sign_in(role) for role in ("author", "curator"))
    assert served.ask("/desk/catalog", Cookie=author).status == 403
    text = unescape(served.ask("/desk/catalog", Cookie=curator).text)
    assert "4 conjuntos de datos" in text
    assert "Sincronizar ahora" in text


def test_citation_and_bibtex(served: Served):
    text = unescape(served.ask("/datasets/delitos").text)
    assert "Fiscalía General de Justicia (2024). Carpetas de investigación." in text
    assert "@misc{delitos,\n  title = {{Carpetas de investigación}}," in text


def test_search_does_not_wait_for_slow_drawings(served: Served):
    served.once_read("/datasets/delitos")

    def slow(table: Table, resource_id: str, language: str, limit: int) -> list[Ready]:
        time.sleep(0.1)
        return ready(table, resource_id, language, limit)

    hits = served.catalog.search("carpetas").results
    views = Views(served.catalog, slow)
    assert views.card(hits[0], "es", until=0).picture == ""
    assert views.cards(hits, "es")[0].picture == "<svg></svg>"
    assert views.card(hits[0], "es", until=0).picture == "<svg></svg>"


def test_a_dataset_names_what_is_made_with_it(served: Served):
    seen = served.ask("/datasets/delitos").text
    assert '<a href="/stories/robos/">Los &lt;robos&gt;</a>' in seen
    assert "/charts/c1" not in seen
    inside = served.ask("/datasets/delitos", Cookie=served.sign_in("author")).text
    assert '<a href="/charts/c1">Mi gráfica</a>' in inside
    assert 'id="uses"' not in served.ask("/datasets/vacio").text


def test_a_change_of_a_column_names_the_stories_it_hits(served: Served):
    table = served.catalog.open("r-delitos")
    gone = Problem(code="column_gone", where="delito")
    retyped = Problem(code="column_retyped", where="fecha", facts={"was": "date", "is": "text"})
    impact = Impact(
        resource="r-delitos",
        at="2026-01-02T03:04:05+00:00",
        old=table.id,
        new=table.id,
        changes=(gone, retyped),
    )
    reading = served.catalog.reading("r-delitos")
    assert isinstance(reading, Reading)
    served.catalog.store.note("r-delitos", reading, impact=impact)
    desk = served.ask("/desk/catalog?lang=es", Cookie=served.sign_in("curator")).text
    lines = [unescape(line) for line in desk.split("<li>") if "columna" in line]
    assert "Los <robos>" in lines[0]
    assert "Mi gráfica" not in lines[0]
    assert "era fecha y ahora es texto" in lines[1]
    assert "Mi gráfica" in lines[1]


@pytest.mark.parametrize(
    ("contact", "href"),
    [
        ("Ana <ana.b+x@datos.gob.mx>", "mailto:ana.b+x@datos.gob.mx"),
        ("datos@example.org", "mailto:datos@example.org"),
        ("https://example.org/contacto", "https://example.org/contacto"),
        ("javascript:alert(1)", ""),
        ("mailto:a@example.org?bcc=b@example.net", ""),
        ("a@example.org?subject=x&body=y", "mailto:a@example.org"),
        ("Oficina de datos", ""),
        ("a@example.org, b@example.org", ""),
    ],
)
def test_a_contact_leads_to_one_plain_address(contact: str, href: str):
    assert contact_href(contact) == href
