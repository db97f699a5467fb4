"""A chart in a page: its figure in HTML, readable without JavaScript, to touch when there is some."""

from dataclasses import dataclass, replace
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from builder.asked import Asked
from builder.parts import Plan, Sheet
from builder.plan import plan_of
from builder.result import Result
from builder.sheet import sheet
from builder.spec import ChartSpec
from builder.svg import svg
from catalog.models import Provenance, Table
from web.i18n import words
from web.values import Value, content_hash

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=StrictUndefined,
)


class Links(Value):
    """Where a figure's buttons lead; an empty one has no button.

    ``item`` is the JSON to touch, with ``{width}`` for ``wide`` or ``narrow``; it needs ``bokeh``,
    the script. ``dataset`` is the page the source links to, ``today`` one that counts the chart again.
    ``snippet`` (HTML that embeds it) and ``cite`` (a line) are texts to copy. Paths may be relative.
    """

    item: str = ""
    bokeh: str = ""
    csv: str = ""
    xlsx: str = ""
    svg: str = ""
    png: str = ""
    pdf: str = ""
    python: str = ""
    embed: str = ""
    explore: str = ""
    dataset: str = ""
    today: str = ""
    snippet: str = ""
    cite: str = ""


@dataclass(frozen=True)
class Drawing:
    """One chart asked, counted and planned for both widths."""

    spec: ChartSpec
    table: Table
    result: Result
    provenance: Provenance
    language: str
    wide: Plan
    narrow: Plan

    @property
    def asked(self) -> Asked:
        return Asked(self.spec, self.table, self.result, self.language, "wide", self.provenance)

    @property
    def sheet(self) -> Sheet:
        """The numbers behind the drawing, as read."""
        return sheet(self.asked)


def drawing(
    spec: ChartSpec, table: Table, result: Result, language: str, provenance: Provenance | None = None
) -> Drawing:
    """Return a chart planned for both widths."""
    asked = Asked(spec, table, result, language, "wide", provenance or Provenance())
    narrow = plan_of(replace(asked, layout="narrow"))
    return Drawing(spec, table, result, asked.provenance or Provenance(), language, plan_of(asked), narrow)


def legend_html(plan: Plan) -> Markup:
    """Return the colours of a drawing with their names, empty when it has one colour."""
    return Markup(TEMPLATES.get_template("builder_legend.html").render(plan=plan))


def chart_html(drawing: Drawing, *, links: Links | None = None, level: int = 2, key: str = "") -> Markup:
    """Return the whole ``<figure class="chart">``; ``level`` is that of its heading; ``key``
    tells apart charts of one page that ask the same.

    The page links ``chart.css`` and, to make charts touchable, ``chart.js``.
    """
    figure = TEMPLATES.get_template("builder_figure.html").render(
        _=words(drawing.language), language=drawing.language, wide=drawing.wide, narrow=drawing.narrow,
        drawings=(Markup(svg(drawing.wide)), Markup(svg(drawing.narrow))), sheet=drawing.sheet,
        links=links or Links(), level=level,
        id="chart-" + content_hash({"spec": drawing.spec.model_dump(mode="json"), "table": drawing.table.id} | ({"key": key} if key else {})),
    )  # fmt: skip
    return Markup(figure)
