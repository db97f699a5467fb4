"""A visitor makes a chart in a real browser: the sentence, the pictures, filters, numbers, undo, save."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
AUTHOR = "author@demo.local"
METROBUS = "78ee19f5-c509-514e-830d-1d197dafc49c"
SCHOOLS = "0960689a-2093-57af-9aff-b6848d2c0be4"
LIVE = ".chart-drawing[data-state=live] canvas"


def visitor(browser, served, **given):
    context = browser.new_context(**{"locale": "es-MX", "viewport": {"width": 1280, "height": 900}} | given)
    page = context.new_page()
    page.failures = []
    page.on("pageerror", lambda error: page.failures.append(str(error)))
    page.on("request", lambda request: _only_ours(page, request.url, served.url))
    return page


def _only_ours(page: Page, url: str, ours: str) -> None:
    if not url.startswith((ours, ours.replace("http", "ws"), "data:", "blob:")):
        page.failures.append(f"asked {url}")


@pytest.fixture
def page(served, browser):
    page = visitor(browser, served)
    yield page
    assert page.failures == []
    page.context.close()


def opened(page: Page, served, address: str = f"/build?resource={METROBUS}") -> Page:
    page.goto(served.url + address)
    expect(page.locator("#builder[data-ready]")).to_be_visible(timeout=30_000)
    expect(page.locator(LIVE).first).to_be_visible(timeout=30_000)
    return page


def sentence(page: Page) -> list[str]:
    return [
        select.evaluate("select => select.selectedOptions[0].text")
        for select in page.locator(".sentence select").all()
    ]


def test_the_page_comes_with_its_chart_before_any_script(served, browser):
    page = visitor(browser, served, java_script_enabled=False)
    page.goto(f"{served.url}/build?resource={METROBUS}")
    expect(page.locator("svg.drawing.wide")).to_be_visible()
    expect(page.locator(".chart-counted").first).to_contain_text("11,284 de 11,284")
    page.context.close()


def test_the_sentence_asks_and_the_chart_answers(page, served):
    opened(page, served)
    assert sentence(page) == ["suma de afluencia", "tal como se contaron", "mes", "un solo color"]
    page.select_option("#group", label="año")
    expect(page.locator("#title")).to_have_value("Afluencia por año")
    page.select_option("#measure", label="promedio de afluencia")
    expect(page.locator("#title")).to_have_value(re.compile("[Pp]romedio"))
    page.click("#mark-bar")
    expect(page.locator("#mark-bar")).to_have_attribute("aria-pressed", "true")
    assert sentence(page) == ["promedio de afluencia", "tal como se contaron", "año", "un solo color"]
    page.select_option("#color", label="linea")
    expect(page.locator(".chart-legend li").first).to_be_visible()
    expect(page.locator(LIVE).first).to_be_visible()


def test_undo_redo_and_start_again(page, served):
    opened(page, served)
    expect(page.locator("#undo")).to_be_disabled()
    page.select_option("#group", label="año")
    expect(page.locator("#title")).to_have_value("Afluencia por año")
    page.keyboard.press("Control+z")
    expect(page.locator("#title")).to_have_value("Afluencia por mes")
    page.click("#redo")
    expect(page.locator("#title")).to_have_value("Afluencia por año")
    page.click("#reset")
    expect(page.locator("#title")).to_have_value("Afluencia por mes")
    page.click("#undo")
    expect(page.locator("#title")).to_have_value("Afluencia por año")


def test_filters_are_counted_said_and_taken_off(page, served):
    opened(page, served)
    page.click("summary:has-text('linea')")
    expect(page.locator(".value")).to_have_count(7)
    page.get_by_label("Línea 3").check()
    expect(page.locator(".chart-counted").first).to_contain_text("1,612 de 11,284")
    expect(page.locator(".chart-subtitle")).to_have_text("Solo: Línea 3")
    page.get_by_label("Línea 4").check()
    expect(page.locator(".chart-counted").first).to_contain_text("3,224 de 11,284")
    page.locator(".sentence .chip").click()
    expect(page.locator(".chart-counted").first).to_contain_text("11,284 de 11,284")
    expect(page.get_by_label("Línea 3")).not_to_be_checked()


def test_no_rows_are_said_and_the_old_chart_is_gone(page, served):
    opened(page, served)
    page.click("summary:has-text('fecha')")
    page.locator("[data-do=range] input").first.fill("2031-01-01")
    page.keyboard.press("Tab")
    expect(page.locator(".build-empty")).to_contain_text("No quedan registros")
    expect(page.locator("canvas")).to_have_count(0)
    page.locator(".build-empty button").first.click()
    expect(page.locator(LIVE).first).to_be_visible()


def test_the_numbers_are_one_tab_away(page, served):
    opened(page, served)
    page.select_option("#group", label="año")
    expect(page.locator("#title")).to_have_value("Afluencia por año")
    page.click("[data-show=numbers]")
    expect(page.locator("#numbers tbody tr")).to_have_count(5)
    expect(page.locator("#numbers th")).to_have_text(["Año", "Suma de afluencia"])
    expect(page.locator("svg.drawing.wide")).to_be_hidden()


def test_what_is_not_possible_says_why(page, served):
    opened(page, served)
    points = page.locator("#mark-points")
    expect(points).to_have_attribute("aria-disabled", "true")
    points.click(force=True)
    expect(page.locator("#said")).to_contain_text("latitud")
    expect(page.locator("#mark-line")).to_have_attribute("aria-pressed", "true")


def test_the_address_is_the_chart(page, served, browser):
    opened(page, served)
    page.click("#mark-bar")
    expect(page.locator("#mark-bar")).to_have_attribute("aria-pressed", "true")
    expect(page).to_have_url(re.compile("spec="))
    other = visitor(browser, served, locale="en-US")
    opened(other, served, page.url.removeprefix(served.url))
    expect(other.locator("#mark-bar")).to_have_attribute("aria-pressed", "true")
    expect(other.locator(".kicker")).to_have_text("Make a chart")
    other.context.close()
    page.click("a[hreflang=en]")
    expect(page.locator("#mark-bar")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".kicker")).to_have_text("Make a chart")


def test_an_own_title_stays_until_the_question_is_another(page, served):
    opened(page, served)
    page.fill("#title", "Quién viaja en Metrobús")
    page.keyboard.press("Enter")
    expect(page.locator("#undo")).to_be_enabled()
    expect(page.locator("#title")).to_have_value("Quién viaja en Metrobús")
    page.select_option("#group", label="año")
    expect(page.locator("#title")).to_have_value("Afluencia por año")
    expect(page.locator("#said")).to_contain_text("título automático")


@pytest.mark.parametrize(("form", "start"), [("csv", b"\xef\xbb\xbf"), ("svg", b"<svg"), ("png", b"\x89PNG")])
def test_a_chart_is_taken_away_as_a_file(page, served, form, start):
    opened(page, served)
    with page.expect_download() as download:
        page.click(".menu > summary")
        page.click(f"button[value={form}]")
    assert download.value.suggested_filename == f"afluencia-por-mes.{form}"
    assert download.value.path().read_bytes().startswith(start)


def sign_in(page: Page, served) -> None:
    password = re.search(rf"{AUTHOR} .*?(\w{{12}})$", served.log.read_text(), re.MULTILINE)[1]
    page.fill("#email", AUTHOR)
    page.fill("#password", password)
    page.click("main button.primary")


def test_saving_asks_for_an_account_and_comes_back_to_the_very_chart(page, served):
    opened(page, served)
    page.click("#mark-bar")
    expect(page.locator("#mark-bar")).to_have_attribute("aria-pressed", "true")
    expect(page).to_have_url(re.compile("spec="))
    page.click(".build-ways a.enter")
    sign_in(page, served)
    expect(page.locator("#mark-bar")).to_have_attribute("aria-pressed", "true", timeout=30_000)
    expect(page.locator("#builder[data-ready]")).to_be_visible(timeout=30_000)
    page.click("#save")
    saved = page.locator(".build-ways a.button")
    expect(saved).to_contain_text("Guardada")
    page.click("#story")
    page.wait_for_url(re.compile(r"/studio/(add|story)\?"))


def test_a_phone_shows_the_chart_first_and_nothing_is_cut(served, browser):
    page = visitor(browser, served, viewport={"width": 360, "height": 780}, color_scheme="dark")
    opened(page, served, f"/build?resource={SCHOOLS}")
    expect(page.locator("svg.drawing.narrow")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    chart, ask = page.locator(".build-chart").bounding_box(), page.locator(".build-ask").bounding_box()
    assert chart["y"] < ask["y"]
    page.click("#mark-choropleth")
    expect(page.locator("#mark-choropleth")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(LIVE).first).to_be_visible(timeout=30_000)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.failures == []
    page.context.close()


@pytest.mark.parametrize(
    "address", ["/build", "/build?chart=nope", "/build?spec=nope", "/build?resource=nope"]
)
def test_an_address_of_nothing_says_so(page, served, address):
    page.goto(served.url + address)
    expect(page.locator(".still [role=alert]")).to_be_visible()
    expect(page.locator(".still input[type=search]")).to_be_visible()


def test_the_chart_is_in_sight_and_its_map_of_totals_warns(page, served):
    opened(page, served, f"/build?resource={SCHOOLS}")
    assert page.locator(".build-chart .chart-title").bounding_box()["y"] < 400
    expect(page.locator(".build-where h1 a")).to_have_attribute("href", "/datasets/escuelas-privadas")
    expect(page.locator(".cautions")).to_have_count(0)
    page.click("#mark-choropleth")
    expect(page.locator(".cautions")).to_contain_text("Un mapa de totales")
    expect(page.locator(".build-questions")).to_contain_text("¿Qué nivel tiene más registros?")


@pytest.mark.parametrize("width", [320, 360])
def test_its_controls_fit_a_small_phone(served, browser, width):
    page = visitor(browser, served, viewport={"width": width, "height": 700})
    opened(page, served)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.click(".build-ways .menu summary")
    box = page.locator(".build-ways .menu menu").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert page.failures == []
    page.context.close()
