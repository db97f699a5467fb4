"""The frame in a browser: nothing overflows, the keyboard is seen, contrast is enough."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.conftest import ROOT, Served
from web.assets import Asset

CSS = (ROOT / "web/static/relato.css").read_text("utf-8")
LIGHT, DARK = (
    dict(re.findall(r"--([\w-]+): (#\w{6});", part)) for part in CSS.split("@media (prefers-color")[:2]
)


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "card", "wash"])
def test_text_stands_out_from_every_ground(tokens: dict[str, str], ground: str) -> None:
    for ink in ("ink", "muted", "accent", "accent-strong"):
        assert contrast(tokens[ink], tokens[ground]) >= 4.5, (ink, ground)
    assert contrast(tokens["focus"], tokens[ground]) >= 3
    assert contrast(tokens["accent-ink"], tokens["accent"]) >= 4.5
    assert contrast(tokens["grey"], tokens["paper"]) >= 3


def test_typefaces_are_ours_and_named_with_their_hash() -> None:
    named = re.findall(r'url\("([^"]+)"\)', CSS)
    kept = {f"fonts/{path.name}": Asset(path).hash for path in (ROOT / "web/static/fonts").glob("*.woff2")}
    assert named
    assert set(named) == {f"{name}?v={digest}" for name, digest in kept.items()}


def test_both_schemes_name_the_same_tokens() -> None:
    assert set(LIGHT) == set(DARK)


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_no_page_is_wider_than_its_window(house: Served, browser: Browser, width: int) -> None:
    page = browser.new_context(viewport={"width": width, "height": 800}).new_page()
    for path in ("/hello", "/login", "/nowhere", "/build"):
        page.goto(house.url + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    page.context.close()


@pytest.mark.browser
def test_the_keyboard_is_seen_and_skips_to_the_content(house: Served, browser: Browser) -> None:
    page = browser.new_context(locale="es-MX").new_page()
    page.goto(f"{house.url}/login")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["y"] >= 0
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.context.close()


@pytest.mark.browser
def test_small_targets_are_large_enough(house: Served, browser: Browser) -> None:
    page = browser.new_context(viewport={"width": 360, "height": 800}).new_page()
    page.goto(f"{house.url}/login")
    for control in page.locator("header a, button, main input:not([type=hidden])").all():
        box = control.bounding_box()
        assert box["height"] >= 24, control.inner_text()
    page.context.close()


def test_the_frame_is_small() -> None:
    import gzip

    assert len(gzip.compress(CSS.encode(), 9)) < 5_000
    assert "@import" not in CSS
    assert not re.search(r"https?://", (Path(ROOT) / "web/templates/frame.html").read_text("utf-8"))
