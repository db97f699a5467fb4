"""How a file was read, seen by anybody, corrected by a curator, told to everybody."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
CURATOR = "curator@demo.local"


@pytest.mark.parametrize("width", [1280, 360])
def test_a_curator_corrects_a_column_and_forgets_it_again(served, browser, width):
    context = browser.new_context(locale="es-MX", viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(f"{served.url}/datasets/fotocivicas")
    page.get_by_role("link", name="Revisar cómo se leyó").click()
    address = page.url
    head = page.locator("th a", has_text="latitud").first
    head.click()
    expect(page.get_by_role("button", name="Leer así de nuevo").first).to_be_disabled()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    sign_in(page, served)
    page.goto(address)
    page.locator("th a").first.click()
    name = page.locator("#c-name").input_value()
    page.fill("#c-name", f"{name} corregida {width}")
    page.fill("#c-unit", "piezas")
    page.get_by_role("button", name="Leer así de nuevo").first.click()
    expect(page.get_by_role("status")).to_contain_text(f"{name} corregida {width}")
    expect(page.locator("thead").last).to_contain_text("corregida")
    expect(page.locator("#who")).to_be_visible()
    page.get_by_role("button", name="Olvidar todas las correcciones").click()
    expect(page.locator("thead").last).not_to_contain_text("corregida")
    context.close()


def sign_in(page, served):
    password = re.search(rf"{CURATOR} .*?(\w{{12}})$", served.log.read_text(), re.MULTILINE)[1]
    page.goto(f"{served.url}/login?next=/desk")
    page.fill("#email", CURATOR)
    page.fill("#password", password)
    page.click("main button.primary")
    page.wait_for_url("**/desk")
