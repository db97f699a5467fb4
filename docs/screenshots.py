"""Take the pictures of the README from a fresh Relato with the demo portal: ``make screenshots``."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page

from benchmarks.browser import chromium
from benchmarks.server import serving

IMAGES = Path(__file__).parent / "images"
DATASET = "/datasets/afluencia-metrobus"


@contextmanager
def relato() -> Iterator[str]:
    """Serve the demo portal from a new data folder until its story is published and its charts are ready."""
    with tempfile.TemporaryDirectory() as data, serving(Path(data)) as server:
        for path, holds in (("/stories", 'href="/stories/'), (DATASET, 'href="/build'), ("/", "<img")):
            server.wait(path, holds)
        yield server.url


def take(page: Page, name: str) -> None:
    page.screenshot(path=IMAGES / f"{name}.png")
    print(f"docs/images/{name}.png")


def main() -> None:
    with relato() as address, chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 1100}, locale="es-MX")
        page.goto(address)
        take(page, "home")
        page.goto(f"{address}{DATASET}")
        build = page.locator('a[href^="/build"]').first.get_attribute("href")
        page.goto(f"{address}{build}")
        page.wait_for_selector("canvas, .bk-Canvas", timeout=60_000)
        page.wait_for_timeout(1500)
        take(page, "builder")
        page.goto(f"{address}/stories")
        published = page.locator('[href^="/stories/"]')
        page.locator("a", has_text=re.compile(r".{12,}")).and_(published).first.click()
        page.wait_for_load_state("networkidle")
        take(page, "story")


if __name__ == "__main__":
    main()
