"""The builder's plain pages: a chart with its source, its embed, and what embeds it elsewhere."""

import datetime as dt
import re
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from builder import api
from builder.answers import EmbedAnswer
from builder.api import File, Query, Schema
from builder.chart import Drawing
from builder.chart_page import ChartPage
from builder.charts import Charts
from builder.exports import MEDIA
from builder.remembered import Remembered
from builder.store import SavedChart
from catalog.cite import bibtex, citation
from web import urls
from web.api import Operation
from web.pages import Page
from web.site import Site
from web.values import Refused

HERE = Path(__file__).parent
TEMPLATES, STATIC = HERE / "templates", HERE / "static"
FILES_BYTES = 32_000_000
EMBED_WIDTH, AROUND_DRAWING = 760, 300
CHART = re.compile(r"/(?:charts|embed)/([0-9a-f]+)/?")


class Shown(ChartPage):
    """``/charts/<id>``: a chart with its numbers, its source, how to cite and to embed it."""

    async def get(self, chart_id: str) -> None:
        saved = self.charts.find(chart_id)
        drawn = await self.drawn(saved.spec)
        self.keep()
        address = self.site.settings.origin + urls.chart(saved.id)
        self.page(
            "builder_chart.html",
            wide=True,
            saved=saved,
            drawn=drawn,
            figure=await self.figure(saved, drawn),
            author=self.site.accounts.by_id(saved.owner),
            cited=self._cited(drawn),
            address=address,
            image=f"{self.site.settings.origin}{urls.chart(saved.id, 'png')}?lang={self.language}",
            snippet=snippet(self.site, saved, drawn, self.language),
            oembed=self.site.settings.origin + urls.oembed(address),
        )

    def _cited(self, drawn: Drawing) -> tuple[str, str] | None:
        """Return how to cite the data of the chart: as text and as BibTeX."""
        catalog = self.charts.catalog
        found = catalog.resource(drawn.provenance.resource) if drawn.provenance.resource else None
        if found is None:
            return None
        dataset, portal = found[0], catalog.portal(found[0].portal)
        today = dt.datetime.now(dt.UTC).date()
        text = citation(dataset, drawn.provenance.dataset_title, portal, today, self.language)
        return f"{drawn.wide.title}. {text}", bibtex(dataset, drawn.wide.title, portal)


class Stories(Protocol):
    """How the room above says which of its pages can be embedded."""

    def page(self, story_id: str) -> str | None:
        """Return the path of the page to frame of a published story, or None."""

    def answer(self, path: str) -> EmbedAnswer | None:
        """Return how to embed the published story at a path, or None."""


class NoStories:
    """Charts alone."""

    def page(self, story_id: str) -> str | None:
        return None

    def answer(self, path: str) -> EmbedAnswer | None:
        return None


class Embedded(ChartPage):
    """``/embed/<id>``: the figure alone, or a published story, to be shown in a frame of any site."""

    framing = "*"
    stories: Stories

    async def get(self, chart_id: str) -> None:
        story = self.stories.page(chart_id)
        if story is not None:
            self.redirect(story)
            return
        saved = self.charts.find(chart_id)
        drawn = await self.drawn(saved.spec)
        self.keep()
        figure = await self.figure(saved, drawn, self.site.settings.origin)
        self.page("builder_embed.html", drawn=drawn, figure=figure, saved=saved)


class OEmbed(ChartPage):
    """``/oembed?url=``: how a site given the address of a chart or a story embeds it (oembed.com)."""

    stories: Stories

    async def get(self) -> None:
        if self.get_query_argument("format", "json") != "json":
            raise Refused("oembed_format")
        address, origin = self.get_query_argument("url", ""), self.site.settings.origin
        story = self.stories.answer(urlsplit(address).path) if address.startswith(f"{origin}/") else None
        if story is not None:
            self.set_header("Access-Control-Allow-Origin", "*")
            self.json(story)
            return
        saved = self.charts.find(self._chart_id(self.get_query_argument("url", "")))
        drawn = await self.drawn(saved.spec)
        self.keep()
        self.set_header("Access-Control-Allow-Origin", "*")
        self.json(self._answer(saved, drawn))

    def _chart_id(self, address: str) -> str:
        is_ours = address.startswith(self.site.settings.origin + "/")
        found = CHART.fullmatch(urlsplit(address).path) if is_ours else None
        if found is None:
            raise Refused("chart_unknown", where=address[:200])
        return found[1]

    def _answer(self, saved: SavedChart, drawn: Drawing) -> EmbedAnswer:
        settings = self.site.settings
        return EmbedAnswer(
            title=drawn.wide.title,
            html=snippet(self.site, saved, drawn, self.language),
            width=EMBED_WIDTH,
            height=embed_height(drawn),
            provider_name=settings.title,
            provider_url=settings.origin,
        )


def embed_height(drawn: Drawing) -> int:
    """Return the height in pixels a frame needs for the chart with its words, on phones too."""
    return AROUND_DRAWING + max(drawn.wide.room.height, drawn.narrow.room.height)


def snippet(site: Site, saved: SavedChart, drawn: Drawing, language: str) -> str:
    """Return the HTML that embeds a chart in another page."""
    source = site.settings.origin + urls.embed(saved.id)
    height = embed_height(drawn)
    values = {"source": source, "title": drawn.wide.title, "height": height, "width": EMBED_WIDTH}
    return site.render("builder_snippet.html", language, **values).strip()


def routes(
    site: Site, charts: Charts, stories: Stories | None = None
) -> list[tuple[str, type[Page], dict[str, Any]]]:
    """Return the room's routes; ``stories`` tells which of the room above can be embedded."""
    embedding = {"site": site, "charts": charts, "stories": stories or NoStories(), "files": None}
    room = {"site": site, "charts": charts, "files": Remembered(FILES_BYTES, len)}
    forms = "|".join(form.replace(".", r"\.") for form in ("json", *MEDIA))
    return [
        (r"/charts/([0-9a-f]+)", Shown, room),
        (r"/embed/([0-9a-f]+)", Embedded, embedding),
        (urls.OEMBED, OEmbed, embedding),
        (rf"/api/charts/([0-9a-f]+)\.({forms})", File, room),
        (rf"/api/chart\.({forms})", File, room),
        (r"/api/query", Query, room),
        (r"/api/chart-schema\.json", Schema, room),
    ]


def operations() -> list[Operation]:
    """Return what the room adds to the public API."""
    query = {"url": "The address of a chart or a story", "format": "json, the only one"}
    return [
        *api.operations(),
        Operation(urls.OEMBED, "How to embed a chart or a story (oEmbed)", EmbedAnswer, query=query),
    ]
