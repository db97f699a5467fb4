"""The builder at /build: a Panel session behind a page that is readable before the session is there."""

from collections.abc import Callable
from typing import Any

import panel as pn
from jinja2 import Template

from builder.charts import Charts
from builder.screens.build import Builder
from builder.screens.shown import shown
from web import urls
from web.session import screen, visit
from web.site import Site

SLOT = "<!-- a place for Panel -->"
PAGE = Template(
    "{% from macros import embed %}"
    "{{ page[0] }}{{ bokeh_css }}{{ bokeh_js }}{{ page[1] }}{{ embed(roots.chart) }}{{ page[2] }}"
    "{{ embed(roots.live) }}{{ plot_script }}{{ page[3] }}"
)
"""Panel's parts between the pieces of our page; the pieces are values, never templates again."""


def screens(site: Site, charts: Charts) -> dict[str, Callable[[], Any]]:
    """Return the app functions of this room by path."""
    return {urls.BUILD: screen(lambda: _build(site, charts), "Make a chart")}


def _build(site: Site, charts: Charts) -> Any:
    pn.state.curdoc.config.notify_connection_status = False  # our page says it, in the reader's language
    builder = Builder(site, charts, visit())
    builder.open()
    frame = pn.state.curdoc.session_context.request.entrance.frame
    values = shown(builder)
    regions = builder.regions.all(values)
    html = site.render(
        "builder_build.html", builder.visit.language, **{**frame, **values, "regions": regions, "slot": SLOT}
    )
    template = pn.Template(PAGE)
    template.add_variable("page", html.split(SLOT))
    template.add_panel("chart", builder.pane)
    template.add_panel("live", builder.live)
    return template
