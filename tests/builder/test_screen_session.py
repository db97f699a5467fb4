"""One open builder, from its address to its answers: real catalogue, real engine, no browser."""

import asyncio
import json
from pathlib import Path

import pytest

import builder
from builder.charts import Charts, migrations
from builder.link import encode
from builder.screens.build import Builder
from builder.screens.opening import opened
from builder.screens.shown import shown
from builder.spec import ChartSpec, Encoding
from catalog.catalog import Catalog
from web import accounts
from web.database import Database
from web.session import Visit
from web.settings import Settings
from web.site import Site

RIDES = "linea,viajes\n" + "".join(f"L{n % 4},{n}\n" for n in range(1, 41))
PACKAGE = {
    "id": "p1",
    "name": "viajes",
    "title": "Viajes en Metro",
    "resources": [
        {"id": "good", "name": "Viajes", "format": "CSV", "url": "files/viajes.csv"},
        {"id": "fresh", "name": "Otra vez", "format": "CSV", "url": "files/viajes.csv"},
        {"id": "broken", "name": "Página", "format": "CSV", "url": "files/pagina.csv"},
    ],
}


class Opened:
    """A builder whose page is a list of what it was sent."""

    def __init__(self, relato, query, account=None, language="es"):
        site, charts = relato
        visit = Visit(account, language, query)
        self.builder = Builder(site, charts, visit, opened(query, charts, account, language))
        self.sent = []
        self.builder.live.send = lambda **said: self.sent.append(said)

    def say(self, **message):
        asyncio.run(self.builder.receive(message))
        return self

    @property
    def page(self) -> dict:
        return shown(self.builder)

    @property
    def told(self) -> str:
        return next((said["say"] for said in reversed(self.sent) if said.get("say")), "")


@pytest.fixture(scope="module")
def relato(tmp_path_factory):
    tmp_path = tmp_path_factory.mktemp("relato")
    files = tmp_path / "files"
    files.mkdir()
    (files / "viajes.csv").write_text(RIDES)
    (files / "pagina.csv").write_text("<!doctype html><html><body>Not found</body></html>")
    (tmp_path / "packages.jsonl").write_text(json.dumps(PACKAGE) + "\n")
    settings = Settings(data=tmp_path / "data", portals=(str(tmp_path / "packages.jsonl"),))
    database = Database(settings.data / "stories.db", accounts.migrations, migrations)
    known = Catalog(settings)
    known.sync()
    rooms = [Path(builder.__file__).parent]
    site = Site(
        settings, database, [room / "templates" for room in rooms], [room / "static" for room in rooms]
    )
    charts = Charts(settings, database, known)
    yield site, charts
    charts.engine.close()


def test_a_file_not_yet_read_is_read_while_the_page_tells_so(relato):
    opening = Opened(relato, {"resource": "fresh"})
    assert opening.page["waiting"]["sentence"] == "Trayendo el archivo de su portal…"
    opening.say(do="ready", value="wide", width=700)
    assert opening.page["waiting"] is None
    assert opening.page["plan"].counted == "40 de 40 registros"
    assert opening.sent[-1] == {"live": True}
    assert opening.builder.pane.object is not None


def test_a_broken_file_says_so_and_offers_the_others(relato):
    opening = Opened(relato, {"resource": "broken"}).say(do="ready")
    page = opening.page
    assert page["problem"]
    assert [each["name"] for each in page["siblings"]] == ["Viajes", "Otra vez"]
    assert page["spec"] is None
    assert "Viajes" in opening.builder.regions.all(page)["still"]
    assert opening.say(do="mark", value="line").told


def test_messages_change_the_chart_and_send_only_what_changed(relato):
    opening = Opened(relato, {"resource": "good"}).say(do="ready")
    opening.sent.clear()
    opening.say(do="measure", value="count:")
    names = {name for said in opening.sent for name in said.get("regions", {})}
    assert {"ask", "still", "caption"} <= names
    assert "where" not in names
    assert opening.builder.state.spec.y == Encoding(aggregate="count")
    opening.say(do="undo")
    assert opening.builder.state.spec.y == Encoding(field="viajes", aggregate="sum")


@pytest.mark.parametrize("message", [None, 3, {}, {"do": "nothing"}, {"do": "mark", "value": "nothing"}])
def test_a_message_that_cannot_be_is_answered_and_changes_nothing(relato, message):
    opening = Opened(relato, {"resource": "good"}).say(do="ready")
    before = opening.builder.state.spec
    asyncio.run(opening.builder.receive(message))
    assert opening.told
    assert opening.builder.state.spec == before


def test_no_rows_leave_no_figure(relato):
    opening = Opened(relato, {"resource": "good"}).say(do="ready")
    opening.say(do="range", field="viajes", low="100")
    assert opening.page["is_empty"]
    assert opening.builder.pane.object is None
    assert opening.say(do="download", value="csv").told
    assert opening.page["chips"][0].field == "viajes"


def test_a_fault_of_ours_is_told_instead_of_the_old_chart(relato, monkeypatch):
    opening = Opened(relato, {"resource": "good"}).say(do="ready")
    monkeypatch.setattr(relato[1], "draw", lambda *_: 1 / 0)
    opening.say(do="measure", value="count:")
    page = opening.page
    assert "la falla es nuestra" in page["problem"]
    assert (page["plan"], page["drawings"]) == (None, [])


def test_a_later_change_overtakes_an_earlier_one(relato):
    opening = Opened(relato, {"resource": "good"}).say(do="ready")

    async def both():
        first = opening.builder.receive({"do": "measure", "value": "count:"})
        second = opening.builder.receive({"do": "measure", "value": "mean:viajes"})
        await asyncio.gather(first, second)

    asyncio.run(both())
    assert opening.builder.state.spec.y.aggregate == "mean"
    assert opening.builder.drawn.drawing.spec.y.aggregate == "mean"


def test_saving_needs_an_account_and_a_second_save_changes_the_same_chart(relato):
    site, charts = relato
    stranger = Opened(relato, {"resource": "good"}).say(do="ready").say(do="save")
    assert "cuenta" in stranger.told
    ana = site.accounts.create("ana@example.org", "Ana", "author", "una contraseña larga")
    opening = Opened(relato, {"resource": "good"}, ana).say(do="save")
    (saved,) = charts.of(ana)
    assert (saved.spec, saved.name) == (opening.builder.state.spec, "Viajes por linea")
    opening.say(do="mark", value="pie").say(do="story")
    (changed,) = charts.of(ana)
    assert (changed.id, changed.version, changed.spec.mark) == (saved.id, 2, "pie")
    assert opening.sent[-1] == {"go": f"/studio/add?chart={saved.id}"}


def test_another_ones_chart_is_saved_as_an_own_one(relato):
    site, charts = relato
    ana = site.accounts.create("eva@example.org", "Eva", "author", "una contraseña larga")
    luz = site.accounts.create("luz@example.org", "Luz", "author", "otra contraseña larga")
    Opened(relato, {"resource": "good"}, ana).say(do="ready").say(do="save")
    (saved,) = charts.of(ana)
    own = Opened(relato, {"chart": saved.id}, ana)
    assert own.page["is_saved"]
    other = Opened(relato, {"chart": saved.id}, luz)
    assert not other.page["is_saved"]
    other.say(do="save")
    assert len(charts.of(luz)) == len(charts.of(ana)) == 1


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({}, "build_nothing_chosen"),
        ({"chart": "nope"}, "chart_unknown"),
        ({"spec": "nope"}, "spec_unreadable"),
        ({"spec": encode(ChartSpec(table="gone", mark="bar"))}, "table_unknown"),
    ],
)
def test_an_address_of_nothing_is_a_problem_with_a_way_on(relato, query, code):
    opening = Opened(relato, query).say(do="ready")
    assert opening.builder.problem.code == code
    assert [each["name"] for each in opening.page["recent"]] == ["Viajes en Metro"]


def test_a_chart_in_the_address_that_its_table_cannot_make_says_why(relato):
    Opened(relato, {"resource": "good"}).say(do="ready")
    spec = ChartSpec(mark="bar", x=Encoding(field="estacion"), y=Encoding(aggregate="count"))
    opening = Opened(relato, {"resource": "good", "spec": encode(spec)}).say(do="ready")
    assert opening.builder.problem.code == "no_such_column"
