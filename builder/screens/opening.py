"""What an address of the builder asks to open: a file, a saved chart, or a chart written in the address."""

from collections.abc import Mapping
from dataclasses import dataclass

from builder.charts import Charts
from builder.check import problems
from builder.link import decode
from builder.spec import ChartSpec
from builder.suggest import best
from catalog.models import Table
from web.accounts import Account
from web.values import Refused


@dataclass(frozen=True)
class Asked:
    """What to open; without ``spec`` the best chart of the table, without anything a choice of data.

    ``chart_id`` is the saved chart that saving again changes: only the author's own.
    """

    resource: str = ""
    spec: ChartSpec | None = None
    chart_id: str | None = None


def asked(query: Mapping[str, str], charts: Charts, account: Account | None) -> Asked:
    """Return what an address asks for. Raises ``Refused`` for an unknown chart or an unreadable one."""
    if "spec" in query:
        spec = decode(query["spec"])
        return Asked(query.get("resource") or spec.resource or _resource(spec, charts), spec)
    if "chart" in query:
        saved = charts.get(query["chart"])
        if saved is None:
            raise Refused("chart_unknown", query["chart"])
        is_own = account is not None and account.id == saved.owner
        return Asked(saved.spec.resource, saved.spec, saved.id if is_own else None)
    return Asked(query.get("resource", ""))


def table_at_hand(wanted: Asked, charts: Charts) -> Table | None:
    """Return the table when its file is already read: the one the chart was made of, else the newest."""
    pinned = charts.catalog.table(wanted.spec.table) if wanted.spec and wanted.spec.table else None
    return pinned or (charts.catalog.table_of(wanted.resource) if wanted.resource else None)


def first_chart(wanted: Asked, table: Table) -> ChartSpec:
    """Return the chart to begin with. Raises ``Refused`` when the table has nothing to draw."""
    found = wanted.spec or best(table)
    if found is None:
        raise Refused("build_nothing_to_draw")
    spec = found.model_copy(update={"table": table.id, "resource": wanted.resource or found.resource})
    for problem in problems(spec, table):
        raise Refused(problem.code, problem.where, **problem.facts)
    return spec


def _resource(spec: ChartSpec, charts: Charts) -> str:
    return next(iter(charts.catalog.resources_of_table(spec.table)), "") if spec.table else ""
