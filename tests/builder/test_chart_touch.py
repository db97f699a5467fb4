"""Figures in Chromium: nothing cut or overlapping at any width, and alive when touched, under a strict CSP."""

import json
import shutil
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import bokeh
import pytest

from builder.chart import Links, chart_html, drawing
from builder.interactive import item
from builder.marks import MARKS

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src 'self' data:; font-src 'self'"
OUTSIDE = """[...document.querySelectorAll('svg.drawing')].filter(s => s.getClientRects().length).flatMap(s => {
  const r = s.getBoundingClientRect();
  return [...s.querySelectorAll('text')].filter(t => {
    const b = t.getBoundingClientRect();
    return b.left < r.left - 1 || b.right > r.right + 1 || b.top < r.top - 1 || b.bottom > r.bottom + 1;
  }).map(t => t.textContent); })"""
OVERLAPPING = """[...document.querySelectorAll('svg.drawing')].filter(s => s.getClientRects().length).flatMap(s => {
  const all = [...s.querySelectorAll('text')].map(t => [t.textContent, t.getBoundingClientRect()]);
  return all.flatMap(([one, a], i) => all.slice(i + 1).filter(([, b]) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3).map(([other]) => one + ' × ' + other)); })"""
SHIFT = """() => { window.shifted = 0; new PerformanceObserver(list => {
  for (const entry of list.getEntries()) window.shifted += entry.value;
}).observe({ type: 'layout-shift', buffered: true }); }"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def end_headers(self):
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A static folder with the example of every mark, its items and BokehJS; all links relative."""
    place = tmp_path_factory.mktemp("figures")
    figures = []
    for name, mark in MARKS.items():
        asked = mark.example()
        drawn = drawing(asked.spec, asked.table, asked.result, "es", asked.provenance)
        for layout in ("wide", "narrow"):
            (place / f"{name}-{layout}.json").write_text(json.dumps(item(getattr(drawn, layout))))
        links = Links(item=f"{name}-{{width}}.json", bokeh="bokeh.min.js", csv=f"{name}.csv")
        figures.append(chart_html(drawn, links=links))
    shutil.copy(Path(bokeh.__file__).parent / "server/static/js/bokeh.min.js", place)
    for source in ("builder/static/chart.css", "builder/static/chart.js", "web/static/relato.css"):
        shutil.copy(ROOT / source, place)
    shutil.copytree(ROOT / "web/static/fonts", place / "fonts")
    (place / "index.html").write_text(
        '<!doctype html><html lang="es"><meta charset="utf-8"><title>Gráficas</title>'
        '<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">'
        '<link rel="stylesheet" href="relato.css"><link rel="stylesheet" href="chart.css">'
        f"<main>{''.join(figures)}</main><script type=module src=chart.js></script>",
        encoding="utf-8",
    )
    return place


@pytest.fixture(scope="module")
def address(folder):
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.fixture
def opened(browser, address):
    """Open the page at a width; whatever the browser complains of is kept in ``page.complaints``."""
    contexts = []

    def at(width, **how):
        context = browser.new_context(viewport={"width": width, "height": 900}, **how)
        contexts.append(context)
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(address)
        return page

    yield at
    for context in contexts:
        context.close()


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_nothing_is_cut_or_overlaps(opened, width):
    page = opened(width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(OUTSIDE) == []
    assert page.evaluate(OVERLAPPING) == []
    assert page.evaluate("[...document.querySelectorAll('figure')].every(f => "
                         "[...f.querySelectorAll('svg')].filter(s => s.getClientRects().length).length === 1)")  # fmt: skip


@pytest.mark.parametrize("width", [360, 1280])
def test_a_touch_makes_each_chart_live_in_its_place(opened, width):
    page = opened(width)
    page.evaluate(SHIFT)
    before = page.evaluate("[...document.querySelectorAll('.chart-drawing')].map(d => d.offsetHeight)")
    for place in page.query_selector_all(".chart-drawing"):
        place.click(position={"x": 20, "y": 20})
    page.locator(".chart-drawing:not([data-state=live])").first.wait_for(state="detached")
    assert page.locator(".chart-live").count() == len(MARKS)
    assert (
        page.evaluate("[...document.querySelectorAll('.chart-drawing')].map(d => d.offsetHeight)") == before
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("window.shifted") == 0
    assert page.complaints == []


def test_the_keyboard_reaches_the_live_chart(opened):
    page = opened(1280)
    page.locator(".chart-touch").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-state=live] canvas")
    assert page.evaluate("document.querySelectorAll('[data-state=live]').length") == 1


def hovered(page):
    """Touch the first chart, rest on its first bar, and return what is told there."""
    place = page.locator("figure.chart .chart-drawing").first
    place.click(position={"x": 5, "y": 5})
    page.wait_for_selector("[data-state=live] canvas")
    box = place.bounding_box()
    told = page.locator("div", has_text=": 4,120").last
    for step in range(40):
        page.mouse.move(box["x"] + 120 + step, box["y"] + 230)
        if told.is_visible():
            return told
    raise AssertionError("nothing is told")


def test_hovering_tells_the_full_name_and_the_number(opened):
    told = hovered(opened(1280))
    assert told.inner_text().split("\n") == ["Iztapalapa", "Registros: 4,120"]


def test_names_stay_words_when_hovered(opened, folder):
    page = opened(1280)
    hostile = "<img src=x onerror=alert(1)> @told{safe} {{x}}"
    text = (folder / "bar-wide.json").read_text().replace('"Iztapalapa"', json.dumps(hostile))
    page.route("**/bar-wide.json", lambda route: route.fulfill(body=text))
    assert hovered(page).inner_text().split("\n")[0] == hostile
    assert page.complaints == []


def test_a_failure_leaves_the_drawing_and_says_so(opened, folder, address):
    page = opened(1280)
    page.route("**/bar-wide.json", lambda route: route.fulfill(status=500))
    place = page.locator(".chart-drawing").first
    place.click()
    page.wait_for_selector(".chart-failed")
    assert "No se pudo cargar la gráfica interactiva" in page.locator(".chart-failed").inner_text()
    assert place.locator("svg.wide").is_visible()
    page.unroute("**/bar-wide.json")
    place.click()
    page.wait_for_selector("[data-state=live] canvas")


def test_dark_pages_get_dark_figures(opened):
    page = opened(1280, color_scheme="dark")
    page.locator(".chart-drawing").first.click()
    page.wait_for_selector("[data-state=live] canvas")
    colours = page.evaluate("JSON.stringify(Bokeh.documents[0].to_json())")
    assert "#467cde" in colours
    assert "#004290" not in colours


def test_everything_is_there_without_javascript(opened):
    page = opened(360, java_script_enabled=False)
    assert page.locator("svg.narrow").first.is_visible()
    assert not page.locator(".chart-touch").first.is_visible()
    page.locator("summary").first.click()
    assert page.locator("table").first.is_visible()
