"""The builder at /build: a Panel session behind a page that is readable before the session is there."""

from typing import Any

import panel as pn
from jinja2 import Template
from panel.io.application import Application

from builder.charts import Charts
from builder.screens.arrival import Arrival
from builder.screens.build import Builder
from builder.screens.opening import Opened
from builder.screens.shown import shown
from web import urls
from web.session import screen, visit
from web.site import Site

SLOT = "<!-- a place for Panel -->"
PAGE = Template(
    "{% from macros import embed %}"
    """{% set nonced = '<script nonce="' ~ nonce ~ '"' %}"""
    "{{ page[0] }}{{ bokeh_css }}{{ bokeh_js | replace('<script', nonced) }}{{ page[1] }}"
    "{{ embed(roots.chart) }}{{ page[2] }}{{ embed(roots.live) }}"
    "{{ plot_script | replace('<script', nonced) }}{{ page[3] }}"
)
"""Panel's parts between the pieces of our page; the pieces are values, never templates again."""


def screens(site: Site, charts: Charts) -> dict[str, Application]:
    """Return the Panel applications of this room by path."""

    def made(opened: Opened | None) -> Any:
        return screen(lambda: _build(site, charts, opened), "Make a chart")()

    return {urls.BUILD: Application(Arrival(charts, made))}


def _build(site: Site, charts: Charts, opened: Opened | None) -> Any:
    pn.state.curdoc.config.notify_connection_status = False  # our page says it, in the reader's language
    builder = Builder(site, charts, visit(), opened)
    values = shown(builder)
    frame = pn.state.curdoc.session_context.request.entrance.frame
    regions = builder.regions.all(values)
    html = site.render(
        "builder_build.html", builder.visit.language, **{**frame, **values, "regions": regions, "slot": SLOT}
    )
    template = pn.Template(PAGE)
    template.add_variable("page", html.split(SLOT))
    template.add_panel("chart", builder.pane)
    template.add_panel("live", builder.live)
    return template
