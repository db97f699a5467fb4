"""Charts as the pages, the builder and the stories use them: ask, draw, offer, save."""

import logging

from markupsafe import Markup

from builder.chart import Drawing, drawing, legend_html
from builder.check import problems
from builder.engine import Engine
from builder.interactive import item
from builder.link import encode
from builder.marks import MARKS
from builder.parts import Plan, Ring
from builder.plan import plan_of
from builder.remembered import Remembered
from builder.result import Result
from builder.spec import ChartSpec
from builder.store import ChartStore, SavedChart, migrations
from builder.suggest import Suggestion, questions
from builder.svg import svg
from catalog.catalog import Catalog
from catalog.models import Provenance, Ready, Table
from web import urls
from web.accounts import Account
from web.database import Database
from web.i18n import explain
from web.settings import Settings
from web.values import Problem, Refused, content_hash

__all__ = ["Charts", "SavedChart", "migrations"]
log = logging.getLogger(__name__)
RESULTS_BYTES, DRAWINGS_BYTES = 64_000_000, 128_000_000
LOOKS = ("resource", "title", "subtitle", "note", "alt", "stack", "highlight")
NAME_LENGTH = 200


class Charts:
    """Every chart of a running Relato; safe to use from many threads, but slow calls block."""

    def __init__(self, settings: Settings, database: Database, catalog: Catalog):
        self.catalog = catalog
        self.engine = Engine(settings)
        self.store = ChartStore(database)
        self._results: Remembered[Result] = Remembered(RESULTS_BYTES, _result_size)
        self._drawings: Remembered[Drawing] = Remembered(DRAWINGS_BYTES, _drawing_size)

    def warm(self) -> None:
        """Load what the first chart would wait for."""
        self.engine.warm()
        for mark in ("bar", "choropleth", "points"):
            item(plan_of(MARKS[mark].example()))

    # Asking

    def table(self, spec: ChartSpec) -> Table:
        """Return the table a spec is about: the one it pins, else the one of its resource.

        Raises Refused ``table_unknown``.
        """
        table = self.catalog.table(spec.table) if spec.table else self.catalog.table_of(spec.resource)
        if table is None:
            raise Refused("table_unknown", where=spec.table or spec.resource)
        return table

    def check(self, spec: ChartSpec) -> tuple[Problem, ...]:
        """Return why a spec cannot be answered; empty when it can."""
        try:
            return problems(spec, self.table(spec))
        except Refused as refused:
            return (refused.problem,)

    def ask(self, spec: ChartSpec) -> Result:
        """Return the answer to a spec, counted over all rows; raises Refused."""
        table = self.table(spec)
        plain = {"table": table.id} | {name: ChartSpec.model_fields[name].default for name in LOOKS}
        question = spec.model_copy(update=plain)
        return self._results.get(content_hash(question), lambda: self.engine.run(question, table))

    def draw(self, spec: ChartSpec, language: str) -> Drawing:
        """Return a spec drawn in a language; raises Refused."""
        table, provenance = self.table(spec), self.provenance(spec)
        key = (content_hash(spec), table.id, language, content_hash(provenance))
        return self._drawings.get(key, lambda: drawing(spec, table, self.ask(spec), language, provenance))

    def provenance(self, spec: ChartSpec) -> Provenance:
        """Return where a spec's numbers come from."""
        known = spec.resource or next(iter(self.catalog.resources_of_table(spec.table)), "")
        return self.catalog.provenance(known) if known else Provenance()

    # Offering

    def ready(self, table: Table, resource_id: str, language: str, limit: int) -> list[Ready]:
        """Return finished charts of a table, the best first, each with the question it answers."""
        made = (self._ready(each, resource_id, language) for each in questions(table, limit))
        return [one for one in made if one]

    def _ready(self, suggestion: Suggestion, resource_id: str, language: str) -> Ready | None:
        spec = suggestion.spec.model_copy(update={"resource": resource_id})
        try:
            drawn = self.draw(spec, language)
        except Refused as refused:
            log.warning("a suggested chart was refused: %s", refused)
            return None
        return Ready(
            question=explain(suggestion.question, language),
            title=drawn.wide.title,
            svg=Markup(svg(drawn.narrow)),
            legend=legend_html(drawn.narrow),
            href=urls.build(resource=resource_id, spec=encode(spec)),
            reason=" ".join(explain(p, language) for p in (suggestion.reason, suggestion.caution) if p),
        )

    # Saving

    def get(self, chart_id: str) -> SavedChart | None:
        """Return a saved chart as it is now, or None."""
        return self.store.get(chart_id)

    def find(self, chart_id: str) -> SavedChart:
        """Return a saved chart; raises Refused ``chart_unknown``."""
        saved = self.store.get(chart_id)
        if saved is None:
            raise Refused("chart_unknown", where=chart_id)
        return saved

    def of(self, account: Account) -> tuple[SavedChart, ...]:
        """Return the account's charts, the last saved first."""
        return self.store.of(account.id)

    def versions(self, chart_id: str) -> tuple[SavedChart, ...]:
        """Return every version of a chart, the newest first."""
        return self.store.versions(chart_id)

    def save(self, account: Account, spec: ChartSpec, name: str, chart_id: str | None = None) -> SavedChart:
        """Save a new chart, or a new version of one's own; a curator may change any.

        The chart is pinned to its table. Raises Refused: ``chart_unnamed``, ``chart_unknown``,
        ``chart_forbidden``, or why the spec cannot be answered.
        """
        title = " ".join(name.split())
        if not 1 <= len(title) <= NAME_LENGTH:
            raise Refused("chart_unnamed")
        table = self.table(spec)
        for problem in problems(spec, table):
            raise Refused(problem.code, problem.where, **problem.facts)
        pinned = spec.model_copy(update={"table": table.id})
        if chart_id is None:
            return self.find(self.store.add(account.id, title, pinned))
        return self._change(account, pinned, title, self.find(chart_id))

    def _change(self, account: Account, spec: ChartSpec, name: str, saved: SavedChart) -> SavedChart:
        if saved.owner != account.id and not account.may("curator"):
            raise Refused("chart_forbidden", where=saved.id)
        if (spec, name) != (saved.spec, saved.name):
            self.store.change(saved.id, account.id, name, spec)
        return self.find(saved.id)


def _result_size(result: Result) -> int:
    return 2_000 + int(result.frame.memory_usage(deep=True).sum())


def _drawing_size(drawn: Drawing) -> int:
    data = len(drawn.wide.data) + len(drawn.narrow.data)
    corners = sum(len(ring) for plan in (drawn.wide, drawn.narrow) for ring in _rings(plan))
    return _result_size(drawn.result) + 1_500 * data + 150 * corners


def _rings(plan: Plan) -> list[Ring]:
    return [*plan.land, *(ring for datum in plan.data for ring in datum.rings)]
