"""A story as a folder of static files: needs no Python, no database and no third party."""

import gzip
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, partial

import brotli

from builder.chart import Drawing
from builder.exports import csv_of
from builder.interactive import item
from builder.parts import Plan
from builder.svg import picture, png, svg
from stories.blocks import IMAGES
from stories.drawn import Drawings, drawn
from stories.edition import Edition, links_of, stem_of
from stories.facts import filled
from stories.images import every_file
from stories.page import chart_page, story_html
from stories.social import social_png
from stories.store import Card
from stories.story import Story
from web.assets import BOKEH_JS, Assets
from web.values import Refused

HEADLINE_FONT = "fonts/newsreader-600.woff2"
ASSETS = (
    "relato.css",
    "relato.svg",
    "chart.css",
    "chart.js",
    "story.css",
    "story.js",
    "embed.js",
    "embedded.js",
    HEADLINE_FONT,
    BOKEH_JS,
)
COMPRESSED = (".html", ".css", ".js", ".json", ".svg", ".csv")
SMALLEST = 512

Makers = dict[str, Callable[[], bytes]]
ReadImage = Callable[[str], bytes]


def no_images(name: str) -> bytes:
    """Read no picture: of stories without any."""
    raise Refused("image_unknown", where=name)


def bundle(
    story: Story, drawings: Drawings, edition: Edition, assets: Assets, images: ReadImage = no_images
) -> dict[str, bytes]:
    """Return every file of a published story by its path; the same input gives the same bytes.

    Each text comes also compressed (``.gz``, ``.br``); ``manifest.json`` names each file's SHA-256.
    """
    files = {path: make() for path, make in makers(story, drawings, edition, assets, images).items()}
    files["manifest.json"] = _manifest(files, drawings)
    return files | dict(_compressed(files))


def makers(
    story: Story, drawings: Drawings, edition: Edition, assets: Assets, images: ReadImage = no_images
) -> Makers:
    """Return how to make each file, so that a preview makes only those it is asked for."""
    made: Makers = {name: partial(_asset, assets, name) for name in ASSETS}
    told, cover = filled(story, drawings), next(drawn(drawings), None)
    for drawing in drawn(drawings):
        made |= _chart_files(drawing)
        made[f"{stem_of(drawing)}.html"] = partial(_chart_page, told, drawing, edition.inside, assets)
    made |= {IMAGES + name: partial(images, name) for name in every_file(story)}
    if cover is not None:
        made["cover.svg"] = lambda: picture(cover_plan(cover)).encode()
        made["cover-dark.svg"] = lambda: picture(cover_plan(cover), dark=True).encode()
    made["social.png"] = lambda: social_png(story.title, story.byline, edition.site, cover)
    made["story.json"] = lambda: json.dumps(
        story.model_dump(mode="json"), ensure_ascii=False, indent=1
    ).encode()
    made["index.html"] = partial(front_page, story, drawings, edition, assets)
    made["embed.html"] = partial(front_page, story, drawings, edition, assets, framed=True)
    return made


def front_page(
    story: Story, drawings: Drawings, edition: Edition, assets: Assets, *, framed: bool = False
) -> bytes:
    """Return the page of the whole story; ``framed``, as it is shown inside another site's page."""
    return story_html(
        story,
        drawings,
        links=partial(links_of, edition=edition, story=story),
        edition=edition.model_copy(update={"image": "social.png"}),
        asset=partial(_address, assets, edition.root),
        framed=framed,
    ).encode()


def _chart_page(story: Story, drawing: Drawing, edition: Edition, assets: Assets) -> bytes:
    links = links_of(drawing, edition, story)
    return chart_page(story, drawing, links, edition, partial(_address, assets, edition.root)).encode()


def _address(assets: Assets, root: str, name: str) -> str:
    return f"{root}{name}?v={assets[name].hash}"


def cover_plan(drawing: Drawing) -> Plan:
    """Return the drawing that fills a card better: the narrow one unless it is much taller than wide."""
    room = drawing.narrow.room
    return drawing.narrow if room.height < 1.2 * room.width else drawing.wide


def card_of(story: Story, drawings: Drawings) -> Card:
    """Return how the story shows itself in lists."""
    cover = next(drawn(drawings), None)
    return Card(
        title=story.title,
        lead=filled(story, drawings).lead,
        byline=story.byline,
        language=story.language,
        cover="cover.svg" if cover else "",
        alt=cover.narrow.alt if cover else "",
    )


def _chart_files(drawing: Drawing) -> Makers:
    stem = stem_of(drawing)
    return {
        f"{stem}-wide.json": lambda: _json(item(drawing.wide)),
        f"{stem}-narrow.json": lambda: _json(item(drawing.narrow)),
        f"{stem}.csv": lambda: csv_of(drawing).encode(),
        f"{stem}-wide.svg": lambda: svg(drawing.wide, standalone=True).encode(),
        f"{stem}-narrow.svg": lambda: svg(drawing.narrow, standalone=True).encode(),
        f"{stem}.png": lambda: png(drawing.wide),
    }


def _asset(assets: Assets, name: str) -> bytes:
    return assets[name].bytes


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _manifest(files: Mapping[str, bytes], drawings: Drawings) -> bytes:
    hashes = {path: hashlib.sha256(files[path]).hexdigest() for path in sorted(files)}
    datasets = {stem_of(drawing): drawing.provenance.dataset for drawing in drawn(drawings)}
    return json.dumps({"version": 1, "datasets": datasets, "files": hashes}, indent=1).encode()


def _compressed(files: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    for path, content in files.items():
        if path.endswith(COMPRESSED) and len(content) >= SMALLEST:
            yield f"{path}.gz", _gzip(content)
            yield f"{path}.br", _brotli(content)


@lru_cache(maxsize=64)
def _gzip(content: bytes) -> bytes:
    return gzip.compress(content, 9, mtime=0)


@lru_cache(maxsize=64)
def _brotli(content: bytes) -> bytes:
    return bytes(brotli.compress(content, quality=9))
