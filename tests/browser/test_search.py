"""A search box offers what a text begun may mean, by keyboard, and searches without it."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser) -> Page:
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="es-MX")
    yield context.new_page()
    context.close()


def test_offers_are_reached_by_keyboard(served, page: Page):
    page.goto(f"{served.url}/")
    box = page.get_by_role("combobox")
    box.press_sequentially("escuel")
    offers = page.get_by_role("option")
    expect(offers.first).to_contain_text("Escuelas privadas de la Ciudad de México")
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("ArrowDown")
    expect(offers.first).to_have_attribute("aria-selected", "true")
    assert box.get_attribute("aria-activedescendant") == offers.first.get_attribute("id")
    box.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    box.press("ArrowDown")
    expect(page.get_by_role("listbox")).to_be_visible()
    box.press("ArrowDown")
    expect(offers.first).to_have_attribute("aria-selected", "true")
    box.press("Enter")
    expect(page).to_have_url(f"{served.url}/datasets/escuelas-privadas")


def test_enter_searches_for_the_text_when_nothing_is_chosen(served, page: Page):
    page.goto(f"{served.url}/search")
    box = page.get_by_role("combobox")
    box.press_sequentially("metrobus")
    expect(page.get_by_role("option").first).to_be_visible()
    box.press("Enter")
    expect(page).to_have_url(f"{served.url}/search?q=metrobus")
