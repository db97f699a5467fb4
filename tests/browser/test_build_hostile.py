"""Column names, values, titles and search words that are markup stay words everywhere in the builder."""

import importlib.util
import os
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import expect

from builder.link import encode
from builder.spec import ChartSpec, Encoding, Filter
from tests.builder.tables import make_table

pytestmark = pytest.mark.browser
SHARED = Path(os.environ.get("RELATO_SHARED", Path(__file__).parents[3] / "shared"))
PAYLOADS = [
    "<img src=x onerror=X(1)>",
    "</textarea><img src=x onerror=X(2)>",
    '"><svg onload=X(3)>',
    "</script><script>X(4)</script>",
    "{{constructor.constructor('X(5)')()}}",
    "@x{safe}<img src=x onerror=X(6)>",
    "$$\\href{javascript:X(7)}{c}$$",
    "<!-- a place for Panel --><img src=x onerror=X(8)>",
    "{x} {0} {",
]

MORE_THAN_LISTED = 12


def payloads() -> list[str]:
    """Ours, and the longer list where it is at hand."""
    path = SHARED / "security" / "xss_payloads.py"
    if not path.exists():
        return PAYLOADS
    spec = importlib.util.spec_from_file_location("payloads", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return [*PAYLOADS, *(text.replace("\x00", "") for text in module.P)]


@pytest.fixture(scope="module")
def hostile(served):
    """A table whose every word is a payload, kept as one that was read."""
    words = [*payloads(), *(f"word {n}" for n in range(MORE_THAN_LISTED))]
    frame = pd.DataFrame({"a": words * 3, "b": words[::-1] * 3, "n": range(len(words) * 3)})
    corrected = {
        "a": {"label": PAYLOADS[0], "distinct": len(words)},
        "b": {"label": PAYLOADS[1]},
        "n": {"label": PAYLOADS[2], "unit": PAYLOADS[0]},
    }
    table = make_table(served.data / "tables", frame, **corrected)
    (served.data / "tables" / f"{table.id}.json").write_text(table.model_dump_json())
    return table


@pytest.fixture
def page(served, browser):
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.ran = []
    page.expose_function("X", lambda number: page.ran.append(number))
    page.on("dialog", lambda dialog: (page.ran.append(dialog.message), dialog.dismiss()))
    yield page
    assert page.ran == []
    page.context.close()


@pytest.mark.parametrize("mark", ["bar", "treemap", "heatmap", "scatter"])
def test_words_that_are_markup_stay_words(page, served, hostile, mark):
    channels = {
        "bar": {
            "x": Encoding(field="a"),
            "y": Encoding(field="n", aggregate="sum"),
            "color": Encoding(field="b"),
        },
        "treemap": {"x": Encoding(field="a"), "size": Encoding(field="n", aggregate="sum")},
        "heatmap": {"x": Encoding(field="a"), "y": Encoding(field="b"), "color": Encoding(aggregate="count")},
        "scatter": {"x": Encoding(field="n"), "y": Encoding(field="n")},
    }[mark]
    spec = ChartSpec(table=hostile.id, mark=mark, title=PAYLOADS[1], note=PAYLOADS[0], **channels)
    page.goto(f"{served.url}/build?spec={encode(spec)}&lang=en")
    expect(page.locator("#builder[data-ready]")).to_be_visible(timeout=30_000)
    expect(page.locator(".chart-drawing[data-state=live] canvas").first).to_be_visible(timeout=30_000)
    expect(page.locator("#title")).to_have_value(PAYLOADS[1])
    box = page.locator(".chart-drawing").bounding_box()
    for across in (0.3, 0.5, 0.7):
        page.mouse.move(box["x"] + box["width"] * across, box["y"] + 40)
        page.wait_for_timeout(150)
    page.locator(".facet summary").first.click()
    expect(page.locator(".value").first).to_be_visible()
    page.locator("[data-do=seek]").first.fill(PAYLOADS[0])
    expect(page.locator(".value").first).to_contain_text(PAYLOADS[0])
    page.click("[data-show=numbers]")
    page.wait_for_timeout(300)
    assert page.locator("#builder img, #builder iframe, #builder script").count() == 0


def test_a_hostile_filter_is_a_chip_of_words(page, served, hostile):
    kept = (Filter(field="a", values=(PAYLOADS[0], PAYLOADS[3])),)
    spec = ChartSpec(
        table=hostile.id, mark="bar", x=Encoding(field="b"), y=Encoding(aggregate="count"), filters=kept
    )
    page.goto(f"{served.url}/build?spec={encode(spec)}&lang=en")
    expect(page.locator("#builder[data-ready]")).to_be_visible(timeout=30_000)
    expect(page.locator(".sentence .chip")).to_contain_text(PAYLOADS[0])
    expect(page.locator(".chart-subtitle")).to_contain_text(PAYLOADS[3])
