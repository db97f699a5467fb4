"""One page in headless Chromium on a slow phone: bytes, paints, and when its charts can be read."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 360, "height": 740}
SLOW_CPU = 4
SLOW_NETWORK = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6e6 / 8,
    "uploadThroughput": 750e3 / 8,
}
SVG_READY = "[...document.querySelectorAll('figure svg')].filter(e => e.getBoundingClientRect().height > 20).length >= {n}"
BOKEH_READY = """(() => {{
  const waiting = [...Bokeh.index.roots];
  let drawn = 0;
  while (waiting.length) {{
    const view = waiting.pop();
    if (view.model.type === 'Figure') drawn += view.has_finished() && view.el.getBoundingClientRect().height > 20;
    else waiting.push(...(view.child_views ?? []));
  }}
  return drawn >= {n};
}})()"""
OBSERVE = """(() => {
  const seen = window.__seen = {fcp: 0, lcp: 0, cls: 0, blocked: 0, ready: 0};
  const watch = (type, note) => new PerformanceObserver(
    list => list.getEntries().forEach(note)).observe({type, buffered: true});
  watch('paint', e => { if (e.name === 'first-contentful-paint') seen.fcp = e.startTime; });
  watch('largest-contentful-paint', e => { seen.lcp = e.startTime; });
  watch('layout-shift', e => { if (!e.hadRecentInput) seen.cls += e.value; });
  watch('longtask', e => { seen.blocked += Math.max(0, e.duration - 50); });
  const look = () => {
    let ready = false;
    try { ready = READY; } catch {}
    if (ready) requestAnimationFrame(() => requestAnimationFrame(() => { seen.ready = performance.now(); }));
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})();"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run one headless Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def measure(browser: Browser, url: str, ready: str, *, seconds: int = 120) -> dict[str, float]:
    """Load a page with an empty cache on the slow profile.

    Returns ``bytes`` on the wire (headers included, websocket frames too), ``requests``,
    ``foreign`` requests to other hosts, ``fcp``, ``lcp`` and ``ready`` in ms, ``cls``, and
    ``blocked``, the ms of main thread beyond 50 in long tasks. Raises TimeoutError.
    """
    context = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    try:
        page = context.new_page()
        wire = _listen(context.new_cdp_session(page), url)
        page.add_init_script(OBSERVE.replace("READY", ready))
        page.goto(url, wait_until="commit", timeout=seconds * 1000)
        _wait(page, seconds)
        return {**wire, **page.evaluate("__seen")}
    finally:
        context.close()


def _wait(page: Page, seconds: int) -> None:
    """Wait until the charts are readable, and one second more for late paints.

    Asked from outside: the page's own rules forbid to evaluate text inside it.
    """
    limit = time.monotonic() + seconds
    while not page.evaluate("window.__seen ? __seen.ready : 0"):
        if time.monotonic() > limit:
            raise TimeoutError(f"{page.url} showed no charts within {seconds} s")
        page.wait_for_timeout(50)
    page.wait_for_timeout(1000)


def _listen(session: CDPSession, url: str) -> dict[str, float]:
    wire: dict[str, float] = {"bytes": 0, "requests": 0, "foreign": 0}
    home = "/".join(url.split("/")[:3])

    def count(name: str, much: float) -> None:
        wire[name] += much

    def sent(event: dict[str, Any]) -> None:
        address = event["request"]["url"]
        count("requests", 1)
        count("foreign", address.startswith("http") and not address.startswith(home + "/"))

    session.on("Network.requestWillBeSent", sent)
    session.on("Network.loadingFinished", lambda event: count("bytes", event["encodedDataLength"]))
    session.on(
        "Network.webSocketFrameReceived", lambda event: count("bytes", len(event["response"]["payloadData"]))
    )
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW_NETWORK)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOW_CPU})
    return wire
