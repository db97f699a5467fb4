"""What an address of the builder asks to open: a file, a saved chart, or a chart written in the address."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from builder.charts import Charts
from builder.check import problems
from builder.link import decode
from builder.screens.drawn import Drawn, draw
from builder.spec import ChartSpec
from builder.suggest import best
from catalog.models import Table
from web.accounts import Account
from web.values import Problem, Refused

log = logging.getLogger("relato")


@dataclass(frozen=True)
class Opened:
    """How far an address could be opened: with neither a table nor a problem, its file is to be read.

    ``wanted`` is the chart the address names, if any; ``spec`` the one to begin with. ``chart_id`` is
    the saved chart that saving again changes: only the author's own.
    """

    resource: str = ""
    wanted: ChartSpec | None = None
    chart_id: str | None = None
    table: Table | None = None
    spec: ChartSpec | None = None
    drawn: Drawn = field(default_factory=Drawn)
    problem: Problem | None = None


def opened(query: Mapping[str, str], charts: Charts, account: Account | None, language: str) -> Opened:
    """Open an address as far as it goes without fetching a file. Blocks, and raises nothing."""
    try:
        asked = _asked(query, charts, account)
        table = _table_at_hand(asked, charts)
        return begun(asked, table, charts, language) if table else asked
    except Refused as refusal:
        return Opened(resource=query.get("resource", ""), problem=refusal.problem)
    except Exception:
        log.exception("an address of the builder could not be opened: %s", query)
        return Opened(problem=Problem(code="build_failed"))


def begun(asked: Opened, table: Table, charts: Charts, language: str) -> Opened:
    """Return an opened table with its first chart drawn. Raises ``Refused`` when it has nothing to draw."""
    found = asked.wanted or best(table)
    if found is None:
        raise Refused("build_nothing_to_draw")
    spec = found.model_copy(update={"table": table.id, "resource": asked.resource or found.resource})
    for problem in problems(spec, table):
        raise Refused(problem.code, problem.where, **problem.facts)
    return replace(asked, table=table, spec=spec, drawn=draw(charts, spec, language))


def _asked(query: Mapping[str, str], charts: Charts, account: Account | None) -> Opened:
    if "spec" in query:
        spec = decode(query["spec"])
        known = query.get("resource") or spec.resource
        return Opened(known or next(iter(charts.catalog.resources_of_table(spec.table)), ""), spec)
    if "chart" in query:
        saved = charts.find(query["chart"])
        is_own = account is not None and account.id == saved.owner
        return Opened(saved.spec.resource, saved.spec, saved.id if is_own else None)
    if not query.get("resource"):
        raise Refused("build_nothing_chosen")
    return Opened(query["resource"])


def _table_at_hand(asked: Opened, charts: Charts) -> Table | None:
    """The table the chart was made of, else the newest of its file; None when the file is to be read."""
    pinned = charts.catalog.table(asked.wanted.table) if asked.wanted and asked.wanted.table else None
    table = pinned or (charts.catalog.table_of(asked.resource) if asked.resource else None)
    if table is None and not asked.resource:
        raise Refused("table_unknown")
    return table
