"""Take the pictures of the README from a fresh Relato with the demo portal: ``make screenshots``."""

import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Page, sync_playwright

IMAGES = Path(__file__).parent / "images"
ROOT = Path(__file__).parents[1]
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
READY_SECONDS = 180


@contextmanager
def relato() -> Iterator[str]:
    """Serve the demo portal from a new data folder until its story is published and its files are read."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as data:
        command = [sys.executable, "serve.py", "--port", str(port), "--data", data]
        server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout is not None
            for line in server.stdout:
                print(line, end="")
                if line.startswith(("Listo", "Ready")):
                    break
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(20)


def wait_for_pictures(address: str) -> None:
    """Ask for the pages once, so that pictures show them warm."""
    end = time.monotonic() + READY_SECONDS
    for path in ("/", "/search", "/stories"):
        while time.monotonic() < end:
            try:
                urlopen(address + path, timeout=30).read()
                break
            except URLError:
                time.sleep(1)


def take(page: Page, name: str) -> None:
    page.screenshot(path=IMAGES / f"{name}.png")
    print(f"docs/images/{name}.png")


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    with relato() as address, sync_playwright() as player:
        wait_for_pictures(address)
        browser = player.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 1100}, locale="es-MX")
        page.goto(address)
        take(page, "home")
        page.goto(f"{address}/datasets/afluencia-metrobus")
        build = page.locator('a[href^="/build"]').first.get_attribute("href")
        page.goto(f"{address}{build}")
        page.wait_for_selector("canvas, .bk-Canvas", timeout=60_000)
        page.wait_for_timeout(1500)
        take(page, "builder")
        page.goto(f"{address}/stories")
        page.locator("a", has_text=re.compile(r".{12,}")).and_(
            page.locator('[href^="/stories/"]')
        ).first.click()
        page.wait_for_load_state("networkidle")
        take(page, "story")
        browser.close()


if __name__ == "__main__":
    main()
