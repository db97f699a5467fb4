"""The public API of charts: their files, and questions to tables."""

from urllib.parse import quote

from builder.answers import ChartAnswer, QueryAnswer, chart_answer, query_answer
from builder.chart import Drawing
from builder.chart_page import ChartPage
from builder.exports import MEDIA, TEXTS, file_name, made
from builder.link import MOST_BYTES, decode, read_spec
from builder.spec import ChartSpec
from web.api import Operation
from web.values import Refused, content_hash

DOWNLOADS = ("csv", "xlsx", "png", "pdf")
INLINE = ("csv", "svg", "png")


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
        self.set_header("Content-Type", MEDIA[form] + ("; charset=UTF-8" if form in TEXTS else ""))
        if form in DOWNLOADS and drawn.provenance.dataset:
            self.site.counts.add("download", drawn.provenance.dataset)
        if form != "bokeh.json":
            shown = "inline" if form in INLINE else "attachment"
            self.set_header(
                "Content-Disposition", f"{shown}; filename*=UTF-8''{quote(file_name(drawn, form))}"
            )
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
        width, dark, notes = choices
        return self.files.get(
            key,
            lambda: made(drawn, form, narrow=width == "narrow", dark=dark == "yes", notes=notes != "no"),
        )


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


def operations() -> list[Operation]:
    """Return the operations of this API."""
    language = {"lang": "es or en, for titles and words"}
    look = {**language, "width": "wide or narrow", "dark": "yes for the dark colours"}
    own = {
        "json": ("A chart: its specification, words, source and numbers", language),
        "csv": ("The numbers of a chart", {**language, "notes": "no leaves out the comment lines (#) that name what was counted and the source"}),
        "svg": ("A chart as a drawing", look),
        "png": ("A chart as a picture, at twice its size", look),
        "xlsx": ("The numbers of a chart as a workbook, with a sheet about them", language),
        "pdf": ("A chart as a page to print", {**language, "width": "wide or narrow"}),
        "py": ("Python that draws a chart again with hvPlot from its CSV", language),
        "spec.json": ("The specification of a chart, as the builder and this API read it", language),
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
        found.append(
            Operation(saved, summary, answer, query=query, media_type=MEDIA.get(form, "application/json"))
        )
        found.append(
            Operation(
                unsaved,
                f"{summary} (not saved)",
                answer,
                query={**spec, **query},
                media_type=MEDIA.get(form, "application/json"),
            )
        )
    return found
