"""A reader of a published story: any static server, no account, with and without JavaScript."""

import re
import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
SLUG = "donde-estan-las-escuelas-privadas-de-la-ciudad-de-mexico"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args):
        """Say nothing."""


@contextmanager
def files_of(directory):
    """Python's own file server over a folder."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(directory)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.fixture(scope="module")
def folder(served):
    """The published folder alone."""
    with files_of((served.data / "published" / SLUG).resolve()) as address:
        yield address


@pytest.fixture
def reader(browser):
    """Open a page that notes whatever is asked of anybody."""
    contexts = []

    def open_page(**options):
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.asked, page.failures = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("pageerror", lambda error: page.failures.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_nothing_is_cut_and_nothing_moves(reader, folder, width):
    page = reader(viewport={"width": width, "height": 800})
    page.add_init_script(
        "window.moved = 0; new PerformanceObserver(list => list.getEntries().forEach(e => moved += e.value))"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    page.goto(folder)
    page.mouse.wheel(0, 6000)
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("window.moved") == 0
    assert page.locator("svg.drawing:visible").count() == 4
    assert page.failures == []


def test_without_javascript_the_whole_story_is_there(reader, folder):
    page = reader(java_script_enabled=False, viewport={"width": 360, "height": 800})
    page.goto(folder)
    expect(page.locator("h1")).to_contain_text("escuelas privadas")
    assert page.locator("svg.drawing:visible").count() == 4
    page.locator("details.chart-table summary").first.click()
    expect(page.locator("details.chart-table td", has_text="Milpa Alta").first).to_be_visible()
    expect(page.locator(".chart-touch").first).to_be_hidden()


def test_before_a_touch_little_is_asked_and_of_nobody_else(reader, folder):
    page = reader()
    page.goto(folder, wait_until="networkidle")
    assert {url.split("?")[0].removeprefix(folder) for url in page.asked} == {
        "", "relato.css", "chart.css", "story.css", "chart.js", "story.js", "relato.svg",
        "fonts/newsreader-600.woff2",
    }  # fmt: skip
    assert page.context.cookies() == []


def test_a_touched_chart_becomes_interactive_from_the_folder_alone(reader, folder):
    page = reader(viewport={"width": 1280, "height": 900})
    page.goto(folder)
    figure = page.locator("figure.chart").nth(1)
    figure.locator(".chart-drawing").click()
    expect(figure.locator(".chart-live canvas").first).to_be_attached(timeout=20_000)
    assert any("bokeh-" in url for url in page.asked)
    assert all(url.startswith(folder) for url in page.asked)
    assert page.failures == []


def test_our_own_server_lets_nothing_else_run(reader, served):
    page = reader(viewport={"width": 360, "height": 800}, color_scheme="dark")
    refused = []
    page.on(
        "console",
        lambda message: refused.append(message.text) if "Content Security" in message.text else None,
    )
    page.goto(f"{served.url}/stories/{SLUG}/")
    page.locator("figure.chart .chart-drawing").first.click()
    expect(page.locator(".chart-live canvas").first).to_be_attached(timeout=20_000)
    assert refused == []
    assert page.context.cookies() == []
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(23, 22, 21)"


def test_explore_opens_the_same_chart_in_the_builder(reader, served):
    page = reader()
    page.goto(f"{served.url}/stories/{SLUG}/")
    address = page.locator("figure.chart").nth(1).get_by_role("link", name="Explorar").get_attribute("href")
    assert address.startswith("../../build?spec=")


def test_on_paper_no_controls_are_left(reader, folder):
    page = reader()
    page.goto(folder)
    page.emulate_media(media="print")
    for control in (".masthead nav", "button", ".share button"):
        for one in page.locator(control).all():
            expect(one).to_be_hidden()
    assert page.locator("svg.drawing:visible").count() == 4


def test_an_embedded_chart_tells_the_page_around_its_height(reader, served, tmp_path):
    """A page of another origin, with a policy of its own, frames a published chart."""
    page = reader(viewport={"width": 700, "height": 900})
    page.goto(f"{served.url}/stories/{SLUG}/")
    snippet = page.locator(".chart-copy textarea").first.input_value()
    refused = []
    page.on("console", lambda said: refused.append(said.text) if said.type == "error" else None)
    policy = f"default-src 'none'; style-src 'unsafe-inline'; frame-src {served.url}; script-src {served.url}"
    (tmp_path / "index.html").write_text(
        f'<meta http-equiv="Content-Security-Policy" content="{policy}"><h1>Diario</h1>{snippet}'
    )
    with files_of(tmp_path) as newspaper:
        page.goto(newspaper)
        frame = page.frame_locator("iframe")
        expect(frame.locator("figure.chart svg.drawing:visible")).to_have_count(1)
        page.wait_for_function("document.querySelector('iframe').style.height.endsWith('px')")
        inside = frame.locator("html").evaluate("e => [e.scrollHeight, innerHeight]")
        assert inside[0] <= inside[1]
        assert refused == []


def test_a_chart_switches_between_published_and_today(reader, served):
    page = reader()
    page.goto(f"{served.url}/stories/{SLUG}/")
    figure = page.locator("figure.chart").first
    figure.get_by_role("button", name="Hoy").click()
    expect(figure.locator(".chart-now-shown svg.drawing:visible")).to_have_count(1)
    expect(figure.get_by_text("Los datos siguen siendo los de la publicación.")).to_be_visible()
    expect(figure.locator(".chart-drawing")).to_be_hidden()
    figure.get_by_role("button", name="Como se publicó").click()
    expect(figure.locator(".chart-drawing")).to_be_visible()
    assert page.failures == []


@pytest.mark.parametrize("path", ["", "embed.html"])
def test_nothing_stands_in_the_way_of_a_screen_reader(reader, served, path):
    page = reader(bypass_csp=True)
    page.goto(f"{served.url}/stories/{SLUG}/{path}")
    for closed in page.locator("details").all():
        closed.evaluate("one => { one.open = true; }")
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []


def test_the_desk_is_free_of_obstacles_and_fits_a_phone(reader, served):
    """Every page of the desk, signed in as the curator whose password the terminal shows."""
    page = reader(viewport={"width": 360, "height": 800}, bypass_csp=True)
    password = re.search(r"curator@demo\.local.*?(\w+)$", served.log.read_text(), re.M)[1]
    page.goto(f"{served.url}/login")
    page.locator("#email").fill("curator@demo.local")
    page.locator("#password").fill(password)
    page.locator("form.card button").click()
    for path in ("", "/front", "/collections", "/figures", "/log", "/people"):
        page.goto(f"{served.url}/desk{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
        found = Axe().run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], path
