"""The builder's plain pages and public API: a chart, its embed, its files, and questions."""

import asyncio
import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from builder.answers import ChartAnswer, QueryAnswer, chart_answer, query_answer
from builder.chart import Drawing, Links, chart_html
from builder.charts import Charts, csv_of
from builder.interactive import item
from builder.link import MOST_BYTES, decode, read_spec
from builder.remembered import Remembered
from builder.spec import ChartSpec
from builder.store import SavedChart
from builder.svg import png, svg
from catalog.cite import bibtex, citation
from web import urls
from web.api import Operation
from web.assets import BOKEH_JS
from web.pages import Page
from web.site import Site
from web.values import Refused, content_hash

HERE = Path(__file__).parent
TEMPLATES, STATIC = HERE / "templates", HERE / "static"
FILES_BYTES = 32_000_000
EMBED_HEIGHT = 560
MEDIA = {
    "json": "application/json",
    "csv": "text/csv",
    "svg": "image/svg+xml",
    "png": "image/png",
    "bokeh.json": "application/json",
}
Made = TypeVar("Made")


class ChartPage(Page):
    """A page about one chart; counting and drawing run in a thread, answers may be revalidated."""

    charts: Charts
    files: Remembered[bytes]

    async def off_loop(self, work: Callable[[], Made]) -> Made:
        return await asyncio.get_running_loop().run_in_executor(None, work)

    def keep(self) -> None:
        """Let caches keep the answer as long as they ask whether it is still the same."""
        if self.account is None:
            self.set_header("Cache-Control", "public, no-cache")

    async def drawn(self, spec: ChartSpec) -> Drawing:
        return await self.off_loop(lambda: self.charts.draw(spec, self.language))

    def links(self, saved: SavedChart, drawn: Drawing, base: str = "") -> Links:
        """Return where the figure's buttons lead; ``base`` is the site's address outside of it."""
        language = f"lang={self.language}"
        dataset = drawn.provenance.dataset
        return Links(
            item=f"{urls.chart(saved.id, 'bokeh.json')}?width={{width}}&{language}",
            bokeh=self.site.assets.url(BOKEH_JS),
            csv=f"{urls.chart(saved.id, 'csv')}?{language}",
            svg=f"{urls.chart(saved.id, 'svg')}?{language}",
            png=f"{urls.chart(saved.id, 'png')}?{language}",
            embed="" if base else "#embed",
            explore=base + urls.build(chart=saved.id),
            dataset=base + urls.dataset(dataset) if dataset else "",
        )


class Shown(ChartPage):
    """``/charts/<id>``: a chart with its numbers, its source, how to cite and to embed it."""

    async def get(self, chart_id: str) -> None:
        saved = self.charts.find(chart_id)
        drawn = await self.drawn(saved.spec)
        self.keep()
        self.page(
            "builder_chart.html",
            wide=True,
            saved=saved,
            drawn=drawn,
            figure=chart_html(drawn, links=self.links(saved, drawn), level=1),
            author=self.site.accounts.by_id(saved.owner),
            cited=self._cited(drawn),
            address=self.site.settings.origin + urls.chart(saved.id),
            image=f"{self.site.settings.origin}{urls.chart(saved.id, 'png')}?lang={self.language}",
            snippet=self._snippet(saved, drawn),
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

    def _snippet(self, saved: SavedChart, drawn: Drawing) -> str:
        return self.site.render(
            "builder_snippet.html",
            self.language,
            source=self.site.settings.origin + urls.embed(saved.id),
            title=drawn.wide.title,
            height=EMBED_HEIGHT,
        ).strip()


class Embedded(ChartPage):
    """``/embed/<id>``: the figure alone, to be shown in a frame of any site."""

    framing = "*"

    async def get(self, chart_id: str) -> None:
        saved = self.charts.find(chart_id)
        drawn = await self.drawn(saved.spec)
        self.keep()
        links = self.links(saved, drawn, base=self.site.settings.origin)
        self.page(
            "builder_embed.html", drawn=drawn, figure=chart_html(drawn, links=links, level=1), saved=saved
        )


class File(ChartPage):
    """A chart as a file: ``/api/charts/<id>.<form>``, or ``/api/chart.<form>?spec=`` for one not saved."""

    async def get(self, *address: str) -> None:
        *chart_id, form = address
        saved = self.charts.find(chart_id[0]) if chart_id else None
        spec = saved.spec if saved else decode(self.get_query_argument("spec", ""))
        drawn = await self.drawn(spec)
        self.keep()
        if form == "json":
            self.json(chart_answer(drawn, saved))
            return
        content = await self.off_loop(lambda: self._made(drawn, form))
        self.set_header("Content-Type", MEDIA[form] + ("" if form == "png" else "; charset=UTF-8"))
        if form != "bokeh.json":
            name = (
                "".join(c if c.isalnum() else "-" for c in drawn.wide.title.lower())[:60].strip("-")
                or "chart"
            )
            self.set_header("Content-Disposition", f"inline; filename*=UTF-8''{quote(name)}.{form}")
        self.finish(content)

    def _made(self, drawn: Drawing, form: str) -> bytes:
        choices = tuple(self.get_query_argument(name, "") for name in ("width", "dark", "notes"))
        key = (
            form,
            *choices,
            drawn.language,
            drawn.table.id,
            content_hash(drawn.spec),
            content_hash(drawn.provenance),
        )
        return self.files.get(key, lambda: _file(drawn, form, *choices))


def _file(drawn: Drawing, form: str, width: str, dark: str, notes: str) -> bytes:
    plan = drawn.narrow if width == "narrow" else drawn.wide
    match form:
        case "svg":
            return svg(plan, standalone=True, dark=dark == "yes").encode()
        case "png":
            return png(plan, dark=dark == "yes")
        case "csv":
            return csv_of(drawn, notes=notes != "no").encode()
    return json.dumps(item(plan), ensure_ascii=False, separators=(",", ":")).encode()


class Query(ChartPage):
    """``POST /api/query``: a ChartSpec, answered with the numbers it asks for."""

    async def post(self) -> None:
        if len(self.request.body) > MOST_BYTES:
            raise Refused("body_too_large", most=MOST_BYTES)
        spec = read_spec(self.request.body)
        result = await self.off_loop(lambda: self.charts.ask(spec))
        self.set_header("Cache-Control", "no-store")
        self.json(query_answer(result))

    def options(self) -> None:
        """Allow pages of other sites to ask."""
        self.set_header("Access-Control-Allow-Methods", "POST")
        self.set_header("Access-Control-Allow-Headers", "Content-Type")
        self.set_status(204)


class Schema(ChartPage):
    """``/api/chart-schema.json``: the JSON Schema of a chart's specification."""

    def get(self) -> None:
        self.keep()
        self.json(ChartSpec.model_json_schema())


def routes(site: Site, charts: Charts) -> list[tuple[str, type[Page], dict[str, Any]]]:
    """Return the room's routes."""
    room = {"site": site, "charts": charts, "files": Remembered(FILES_BYTES, len)}
    forms = "|".join(form.replace(".", r"\.") for form in MEDIA)
    return [
        (r"/charts/([0-9a-f]+)", Shown, room),
        (r"/embed/([0-9a-f]+)", Embedded, room),
        (rf"/api/charts/([0-9a-f]+)\.({forms})", File, room),
        (rf"/api/chart\.({forms})", File, room),
        (r"/api/query", Query, room),
        (r"/api/chart-schema\.json", Schema, room),
    ]


def operations() -> list[Operation]:
    """Return what the room adds to the public API."""
    language = {"lang": "es or en, for titles and words"}
    look = {**language, "width": "wide or narrow", "dark": "yes for the dark colours"}
    own = {
        "json": ("A chart: its specification, words, source and numbers", language),
        "csv": ("The numbers of a chart", {**language, "notes": "no leaves out the comment lines (#) that name what was counted and the source"}),
        "svg": ("A chart as a drawing", look),
        "png": ("A chart as a picture, at twice its size", look),
        "bokeh.json": ("A chart as a Bokeh document, to embed with BokehJS", {**language, "width": "wide or narrow"}),
    }  # fmt: skip
    spec = {"spec": "A ChartSpec as JSON, or packed as in the builder's address"}
    asked = Operation(
        "/api/query",
        "Ask a table: a ChartSpec naming its table or resource",
        QueryAnswer,
        method="post",
        body=ChartSpec,
    )
    found = [asked, Operation("/api/chart-schema.json", "JSON Schema of a ChartSpec")]
    for form, (summary, query) in own.items():
        answer = ChartAnswer if form == "json" else None
        saved, unsaved = f"/api/charts/{{id}}.{form}", f"/api/chart.{form}"
        found.append(Operation(saved, summary, answer, query=query, media_type=MEDIA[form]))
        found.append(
            Operation(
                unsaved, f"{summary} (not saved)", answer, query={**spec, **query}, media_type=MEDIA[form]
            )
        )
    return found
