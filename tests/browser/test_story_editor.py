"""An author writes, arranges, previews and publishes in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
AUTHOR = "author@demo.local"


@pytest.fixture
def page(served, browser):
    context = browser.new_context(locale="es-MX", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.failures = []
    page.on("pageerror", lambda error: page.failures.append(str(error)))
    page.on("request", lambda request: _only_ours(page, request.url, served.url))
    yield page
    assert page.failures == []
    context.close()


def _only_ours(page: Page, url: str, ours: str) -> None:
    if not url.startswith((ours, "data:", "blob:")):
        page.failures.append(f"asked {url}")


def sign_in(page: Page, served) -> None:
    password = re.search(rf"{AUTHOR} .*?(\w{{12}})$", served.log.read_text(), re.MULTILINE)[1]
    page.goto(f"{served.url}/login?next=/studio")
    page.fill("#email", AUTHOR)
    page.fill("#password", password)
    page.click("main button.primary")
    page.wait_for_url("**/studio")


def new_story(page: Page, served) -> None:
    sign_in(page, served)
    page.get_by_role("button", name="Historia nueva").click()
    page.wait_for_url("**/studio/story?id=*")
    expect(page.locator("#title")).to_be_visible(timeout=30_000)


def add(page: Page, kind: str, place: int = -1) -> None:
    page.locator(".gap").nth(place).get_by_role("button").click()
    page.locator(".gap").nth(place).get_by_role("button", name=kind, exact=True).click()


def saved(page: Page) -> None:
    expect(page.locator(".status")).to_contain_text("Guardado", timeout=5000)


def kinds(page: Page) -> list[str]:
    return [box.get_attribute("class").split()[1] for box in page.locator(".block").all()]


def test_from_an_empty_page_to_a_reader(page, served, browser):
    new_story(page, served)
    expect(page.get_by_role("button", name="Publicar")).to_be_disabled()
    expect(page.locator(".missing .blocking")).to_have_count(2)
    page.fill("#title", "Una prueba de <b>escritura</b>")
    page.fill("#lead", "La entrada.")
    add(page, "Texto")
    page.locator(".block.text textarea").fill(
        "Hay **{valor de Iztapalapa}** escuelas <script>alert(1)</script>"
    )
    add(page, "Gráfica")
    page.get_by_role("button", name="Escuelas privadas en cada alcaldía").click()
    expect(page.locator(".block.chart svg").first).to_be_attached(timeout=10_000)
    expect(page.locator(".block.text .shown strong")).to_have_text("636")
    saved(page)
    page.get_by_role("button", name="Publicar").click()
    link = page.locator(".told a")
    expect(link).to_be_visible(timeout=60_000)
    reader = browser.new_context(java_script_enabled=False).new_page()
    reader.goto(served.url + link.get_attribute("href"))
    assert reader.locator("h1").inner_text() == "Una prueba de <b>escritura</b>"
    assert reader.locator(".text strong").inner_text() == "636"
    assert reader.locator("svg.drawing:visible").count() == 1
    assert reader.context.cookies() == []
    reader.context.close()


def test_undo_goes_back_over_everything_and_saving_follows(page, served):
    new_story(page, served)
    page.fill("#title", "Deshacer")
    add(page, "Texto")
    page.locator(".block textarea").fill("uno")
    add(page, "Subtítulo")
    page.locator(".block.heading textarea").fill("dos")
    saved(page)
    page.get_by_role("button", name=re.compile("^Borrar")).first.click()
    expect(page.locator(".block")).to_have_count(1)
    for _ in range(2):
        page.keyboard.press("Control+z")
    expect(page.locator(".block")).to_have_count(2)
    page.get_by_role("button", name="Rehacer").click()
    saved(page)
    page.reload()
    expect(page.locator("#title")).to_have_value("Deshacer", timeout=30_000)
    assert kinds(page) == ["text", "heading"]


def test_blocks_move_by_keyboard_by_button_and_by_dragging(page, served):
    new_story(page, served)
    add(page, "Texto")
    page.locator(".block.text textarea").fill("uno")
    add(page, "Subtítulo")
    page.locator(".block.heading textarea").fill("dos")
    expect(page.locator(".block")).to_have_count(2)
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator(".block").first).to_have_class(re.compile("heading"))
    page.get_by_role("button", name="Bajar").first.click()
    expect(page.locator(".block").first).to_have_class(re.compile("text"))
    handle = page.locator(".block.heading .handle")
    page.locator(".block.heading").hover()
    handle.hover()
    page.mouse.down()
    target = page.locator(".block.text").bounding_box()
    page.mouse.move(target["x"] + 50, target["y"] - 20, steps=5)
    page.mouse.up()
    expect(page.locator(".block").first).to_have_class(re.compile("heading"))
    page.get_by_role("button", name="Duplicar").last.click()
    expect(page.locator(".block.text")).to_have_count(2)
    saved(page)


def test_the_preview_is_the_page_itself(page, served):
    sign_in(page, served)
    page.locator("a.name", has_text="El Metrobús").click()
    expect(page.locator("#title")).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Teléfono").click()
    frame = page.frame_locator("iframe.preview")
    expect(frame.locator("h1")).to_have_text("El Metrobús se vuelve a llenar", timeout=20_000)
    assert page.locator("iframe.preview").bounding_box()["width"] == 390
    expect(frame.locator("svg.drawing.narrow").first).to_be_visible()
    expect(frame.locator("svg.drawing.wide").first).to_be_hidden()


def test_every_kind_of_block_is_written_and_shown(page, served):
    new_story(page, served)
    add(page, "Cita")
    page.get_by_placeholder("Sus palabras").fill("Aquí no hay escuelas")
    page.get_by_placeholder("Quién lo dijo").fill("Una vecina")
    add(page, "Cifra grande")
    page.get_by_placeholder("Un número, o una marca").fill("{total}")
    expect(page.locator(".missing .blocking")).to_contain_text(["título", "no tiene gráfica"])
    add(page, "Gráfica")
    page.get_by_role("button", name="Escuelas privadas en cada alcaldía").click()
    expect(page.locator(".big-number strong")).to_have_text("3,696", timeout=10_000)
    add(page, "Separador")
    expect(page.locator(".block.divider hr")).to_be_attached()
    page.locator("summary", has_text="Números que responden").click()
    expect(page.locator(".numbers li").first).to_have_text("{1: valor de Iztapalapa} 636")
    page.locator(".block.number .shown").click()
    page.locator(".numbers li button").first.click()
    expect(page.get_by_placeholder("Un número, o una marca")).to_have_value(re.compile("valor de Iztapalapa"))
    saved(page)
    page.get_by_role("link", name="Versiones anteriores").click()
    expect(page.locator("h2").first).to_have_text("Versiones anteriores")
    expect(page.locator(".chip", has_text="Actual")).to_be_visible()


def test_a_second_editor_is_told_and_keeps_its_text(page, served, browser):
    new_story(page, served)
    page.fill("#title", "Entre dos")
    saved(page)
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator("#title")).to_have_value("Entre dos", timeout=30_000)
    other.fill("#title", "Entre dos, dijo la otra")
    saved(other)
    page.fill("#title", "Entre dos, dijo la primera")
    expect(page.locator(".status.trouble")).to_contain_text("no se sobrescribió nada", timeout=5000)
    page.get_by_role("button", name="Conservar este texto como copia").click()
    page.locator(".told a").wait_for()
    other.goto(served.url + page.locator(".told a").get_attribute("href"))
    expect(other.locator("#title")).to_have_value("Entre dos, dijo la primera", timeout=30_000)


def test_a_cut_connection_loses_no_word(page, served):
    """What is typed while nothing answers is there, and saved, once the connection is back."""
    sockets, away = [], []

    def between(ours):
        theirs = ours.connect_to_server()
        ours.on_message(lambda message: None if away else theirs.send(message))
        theirs.on_message(lambda message: None if away else ours.send(message))
        sockets.append(theirs)

    page.route_web_socket(re.compile("/ws"), between)
    page.route("**/healthz", lambda route: route.abort() if away else route.continue_())
    new_story(page, served)
    page.fill("#title", "Antes del corte")
    saved(page)
    add(page, "Texto")
    page.locator(".block.text textarea").fill("uno")
    saved(page)
    away.append(True)
    page.locator(".block.text textarea").fill("uno dos tres")
    page.fill("#lead", "Escrita sin conexión")
    expect(page.locator(".status.trouble")).to_contain_text("Sin conexión", timeout=15_000)
    page.fill("#title", "Después del corte")
    away.clear()
    expect(page.locator("#title")).to_have_value("Después del corte", timeout=40_000)
    expect(page.locator("#lead")).to_have_value("Escrita sin conexión", timeout=20_000)
    expect(page.locator(".block.text .shown")).to_have_text("uno dos tres")
    saved(page)
    page.reload()
    expect(page.locator("#title")).to_have_value("Después del corte", timeout=30_000)


def test_a_chart_of_any_dataset_is_put_in_from_within(page, served):
    new_story(page, served)
    add(page, "Pasos sobre una gráfica")
    page.get_by_role("searchbox", name="O buscar en todos los datos").fill("escuelas privadas")
    page.locator(".results .file").first.click(timeout=15_000)
    page.locator(".results .picture").first.click(timeout=30_000)
    expect(page.locator(".step-written svg").first).to_be_attached(timeout=15_000)
    page.locator(".step-written textarea").fill("Todo lo que hay")
    page.get_by_role("button", name="Añadir un paso con esta gráfica").click()
    expect(page.locator(".step-written")).to_have_count(2)
    second = page.locator(".step-written").nth(1)
    second.locator("summary", has_text="Destaca").click()
    second.locator(".several input").first.check()
    expect(second.locator("svg .faint").first).to_be_attached(timeout=10_000)
    saved(page)
