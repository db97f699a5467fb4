"""What every page about a chart shares."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from markupsafe import Markup

from builder.chart import Drawing, Links, chart_html
from builder.charts import Charts
from builder.exports import forms
from builder.remembered import Remembered
from builder.spec import ChartSpec
from builder.store import SavedChart
from web import urls
from web.assets import BOKEH_JS
from web.pages import Page

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

    async def figure(self, saved: SavedChart, drawn: Drawing, base: str = "") -> Markup:
        """Return the chart's figure; ``base`` is the site's address when it is shown outside of it."""
        links = self.links(saved, drawn, base)
        return await self.off_loop(lambda: chart_html(drawn, links=links, level=1))

    def links(self, saved: SavedChart, drawn: Drawing, base: str = "") -> Links:
        """Return where the figure's buttons lead."""
        language = f"lang={self.language}"
        dataset = drawn.provenance.dataset
        return Links(
            item=f"{urls.chart(saved.id, 'bokeh.json')}?width={{width}}&{language}",
            bokeh=self.site.assets.url(BOKEH_JS),
            csv=f"{urls.chart(saved.id, 'csv')}?{language}",
            xlsx=f"{urls.chart(saved.id, 'xlsx')}?{language}",
            pdf=f"{urls.chart(saved.id, 'pdf')}?{language}",
            python=f"{urls.chart(saved.id, 'py')}?{language}" if "py" in forms(saved.spec) else "",
            svg=f"{urls.chart(saved.id, 'svg')}?{language}",
            png=f"{urls.chart(saved.id, 'png')}?{language}",
            embed="" if base else "#embed",
            explore=base + urls.build(chart=saved.id),
            dataset=base + urls.dataset(dataset) if dataset else "",
        )
