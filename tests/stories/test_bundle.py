import gzip
import hashlib
import json
import re
import struct
from pathlib import Path

import brotli
import pytest

from stories.bundle import bundle, card_of
from stories.edition import Edition
from stories.story import Chart, Story, Text
from tests.stories.drawings import SCHOOLS
from web.assets import Assets

ROOT = Path(__file__).parents[2]
STORY = Story(
    title="Agua",
    lead="{máximo} primero",
    byline="Ana",
    blocks=(Text(id="t", markdown="[fuente](https://example.org)"), Chart(id="c", spec=SCHOOLS.spec)),
)


@pytest.fixture(scope="module")
def assets():
    return Assets([ROOT / room / "static" for room in ("web", "builder", "stories")])


@pytest.fixture(scope="module")
def files(assets):
    return bundle(STORY, {"c": SCHOOLS}, Edition(home="../..", published="2026-01-02"), assets)


def test_the_same_story_gives_the_same_bytes(files, assets):
    assert bundle(STORY, {"c": SCHOOLS}, Edition(home="../..", published="2026-01-02"), assets) == files


def test_every_link_of_the_page_is_a_file_of_the_folder(files):
    html = files["index.html"].decode()
    links = re.findall(r'(?:href|src|data-bokeh)="([^"#]+)"', html)
    inside = {link.split("?")[0] for link in links if not link.startswith(("https://", "../"))}
    inside |= {
        link.replace("{width}", width)
        for link in re.findall(r'data-item="([^"]+)"', html)
        for width in ("wide", "narrow")
    }
    assert inside <= set(files)
    assert {"chart.js", "story.json", "relato.css"} < inside


def test_nothing_is_loaded_from_anybody_else(files):
    html = files["index.html"].decode()
    loaded = re.findall(r'<(?:script|link|img|source|iframe)[^>]*(?:src|href|srcset)="([^"]+)"', html)
    assert loaded
    assert not [address for address in loaded if "//" in address]
    assert not re.search(r"<script(?![^>]*src=)", html)
    css = b"".join(content for path, content in files.items() if path.endswith(".css"))
    assert not re.search(rb'url\((?!"fonts/)', css)
    assert b"@import" not in css


def test_before_a_touch_a_reader_needs_little(files):
    needed = ("index.html", "relato.css", "chart.css", "story.css", "chart.js", "story.js")
    assert sum(len(files[f"{name}.br"] if f"{name}.br" in files else files[name]) for name in needed) < 30_000


def test_the_manifest_names_every_file_with_its_hash(files):
    named = json.loads(files["manifest.json"])["files"]
    plain = {path for path in files if not path.endswith((".gz", ".br")) and path != "manifest.json"}
    assert set(named) == plain
    assert all(hashlib.sha256(files[path]).hexdigest() == digest for path, digest in named.items())


def test_compressed_files_are_the_same_files(files):
    packed = [path for path in files if path.endswith((".gz", ".br"))]
    assert "index.html.gz" in packed
    assert "index.html.br" in packed
    for path in packed:
        unpack = gzip.decompress if path.endswith(".gz") else brotli.decompress
        assert unpack(files[path]) == files[path[:-3]]


def test_the_story_can_be_read_back_with_its_pinned_tables(files):
    again = Story.model_validate_json(files["story.json"])
    assert again == STORY
    assert again.blocks[1].spec.table == "t1"


def test_the_social_picture_has_the_size_networks_ask_for(files):
    assert struct.unpack(">II", files["social.png"][16:24]) == (1200, 630)


def test_the_card_shows_the_lead_as_readers_see_it():
    card = card_of(STORY, {"c": SCHOOLS})
    assert (card.lead, card.cover) == ("Iztapalapa primero", "cover.svg")
    assert "Iztapalapa" in card.alt
