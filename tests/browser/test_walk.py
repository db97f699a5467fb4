"""The whole path in one go: from a word in the search box to a story a stranger reads on a phone."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import Served

pytestmark = pytest.mark.browser
AUTHOR = "author@demo.local"
LIVE = ".chart-drawing[data-state=live] canvas"


@pytest.fixture
def page(browser: Browser, served: Served) -> Page:
    page = browser.new_context(locale="es-MX", viewport={"width": 1280, "height": 900}).new_page()
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.on("console", lambda line: failures.append(line.text) if line.type == "error" else None)
    page.on("response", lambda answer: failures.append(answer.url) if answer.status >= 400 else None)
    yield page
    assert failures == []
    page.context.close()


def test_from_a_word_to_a_published_story(page: Page, served: Served, browser: Browser) -> None:
    find_a_chart(page, served)
    change_it(page)
    sign_in_and_save(page, served)
    address = tell(page)
    read_without_scripts(browser, served.url + address)
    touch_on_a_phone(browser, served.url + address)


def find_a_chart(page: Page, served: Served) -> None:
    """Three steps from home to a chart that can be changed."""
    page.goto(served.url)
    page.fill("#q", "metrobus")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Afluencia del Metrobús, 2021–2025").first.click()
    expect(page.locator("main svg").first).to_be_visible()
    page.locator("main a[href^='/build?']").filter(has=page.locator("svg")).first.click()
    expect(page.locator("#builder[data-ready]")).to_be_visible(timeout=60_000)
    expect(page.locator(LIVE).first).to_be_visible(timeout=60_000)
    expect(page.locator(".chart-counted").first).to_contain_text("742 de 742")


def change_it(page: Page) -> None:
    """The group, the type, and back and forth; the numbers behind stay those of the file."""
    page.select_option("#group", label="año")
    page.click("#mark-bar")
    expect(page.locator("#mark-bar")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#title")).to_have_value("Afluencia por año")
    page.click("#undo")
    expect(page.locator("#mark-bar")).to_have_attribute("aria-pressed", "false")
    page.click("#redo")
    expect(page.locator("#mark-bar")).to_have_attribute("aria-pressed", "true")
    page.click("[data-show=numbers]")
    expect(page.locator("#numbers")).to_contain_text("529,699,509")
    page.click("[data-show=chart]")


def sign_in_and_save(page: Page, served: Served) -> None:
    """Signing in leads back to the very chart."""
    found = re.search(rf"{AUTHOR} .*?(\w{{12}})$", served.log.read_text(), re.MULTILINE)
    assert found
    page.get_by_role("link", name="Entrar para guardar").click()
    page.fill("#email", AUTHOR)
    page.fill("#password", found[1])
    page.click("main button.primary")
    expect(page.locator("#mark-bar")).to_have_attribute("aria-pressed", "true", timeout=60_000)
    expect(page.locator("#builder[data-ready]")).to_be_visible(timeout=60_000)
    page.click("#save")
    expect(page.locator("#save")).to_have_count(0, timeout=20_000)


def tell(page: Page) -> str:
    """Add the chart to a new story, write around it, publish; return its address."""
    page.click("#story")
    page.wait_for_url("**/studio/add?*", timeout=30_000)
    page.locator("main form button.primary").click()
    page.wait_for_url("**/studio/story?id=*", timeout=30_000)
    expect(page.locator(".block.chart svg").first).to_be_attached(timeout=60_000)
    page.fill("#title", "El Metrobús vuelve")
    page.fill("#lead", "Cuatro años de pasajeros, contados uno por uno.")
    expect(page.locator(".status")).to_contain_text("Guardado", timeout=10_000)
    page.get_by_role("button", name="Publicar").click()
    link = page.locator(".told a").first
    expect(link).to_be_visible(timeout=60_000)
    address = link.get_attribute("href")
    assert address
    return address


def read_without_scripts(browser: Browser, address: str) -> None:
    reader = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 700}).new_page()
    reader.goto(address)
    expect(reader.locator("h1")).to_have_text("El Metrobús vuelve")
    expect(reader.locator("figure svg:visible").first).to_contain_text("2024")
    assert reader.context.cookies() == []
    assert reader.evaluate("document.documentElement.scrollWidth") <= 360
    reader.context.close()


def touch_on_a_phone(browser: Browser, address: str) -> None:
    phone = browser.new_context(has_touch=True, viewport={"width": 390, "height": 800}).new_page()
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    phone.goto(address)
    phone.wait_for_load_state("networkidle")
    assert not [url for url in asked if "bokeh" in url]
    phone.locator("figure.chart svg:visible").first.tap()
    expect(phone.locator("figure.chart canvas").first).to_be_visible(timeout=30_000)
    assert [url for url in asked if "bokeh" in url]
    assert not [url for url in asked if not url.startswith((address.split("/stories")[0], "data:", "blob:"))]
    phone.context.close()
