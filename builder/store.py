"""Saved charts and all their versions in ``stories.db``."""

import datetime as dt
import json
import secrets
from collections.abc import Iterator, Sequence
from typing import Any

from sqlite_utils import Database as Tables
from sqlite_utils import Migrations

from builder.link import read_spec
from builder.spec import ChartSpec
from web.database import Database
from web.values import Value

migrations = Migrations("charts")

NEWEST = (
    "SELECT chart.id, chart.owner, chart.created, version.number, version.name, version.spec, "
    "version.saved FROM chart JOIN chart_version AS version ON version.chart = chart.id "
)
LAST = "version.number = (SELECT max(number) FROM chart_version WHERE chart = chart.id)"


@migrations()
def charts_and_versions(db: Tables) -> None:
    db.execute("CREATE TABLE chart (id TEXT PRIMARY KEY, owner INTEGER NOT NULL, created TEXT NOT NULL)")
    db.execute("CREATE INDEX chart_owner ON chart (owner)")
    db.execute(
        "CREATE TABLE chart_version (chart TEXT NOT NULL REFERENCES chart(id), number INTEGER NOT NULL, "
        "name TEXT NOT NULL, spec TEXT NOT NULL, account INTEGER NOT NULL, saved TEXT NOT NULL, "
        "PRIMARY KEY (chart, number))"
    )


class SavedChart(Value):
    """One version of a saved chart; versions are only ever added. Times are ISO, UTC."""

    id: str
    name: str
    spec: ChartSpec
    owner: int
    version: int
    created: str
    saved: str


class ChartStore:
    """The saved charts of a database."""

    def __init__(self, database: Database):
        self._database = database

    def get(self, chart_id: str, version: int | None = None) -> SavedChart | None:
        """Return a chart as last saved, or one of its versions; None when there is none."""
        which = LAST if version is None else "version.number = :version"
        values = {"id": chart_id, "version": version}
        return next(self._charts(f"WHERE chart.id = :id AND {which}", values), None)

    def versions(self, chart_id: str) -> tuple[SavedChart, ...]:
        """Return every version of a chart, the newest first."""
        found = self._charts("WHERE chart.id = :id ORDER BY version.number DESC", {"id": chart_id})
        return tuple(found)

    def of(self, owner: int) -> tuple[SavedChart, ...]:
        """Return the charts of an account, the last saved first."""
        condition = f"WHERE chart.owner = :owner AND {LAST} ORDER BY version.saved DESC, chart.id"
        return tuple(self._charts(condition, {"owner": owner}))

    def using(self, resources: Sequence[str]) -> tuple[SavedChart, ...]:
        """Return the charts whose last version is of one of these files, the last saved first."""
        named = "json_extract(version.spec, '$.resource') IN (SELECT value FROM json_each(:resources))"
        condition = f"WHERE {LAST} AND {named} ORDER BY version.saved DESC, chart.id"
        return tuple(self._charts(condition, {"resources": json.dumps(list(resources))}))

    def days(self, since: str) -> list[str]:
        """Return the ISO day each chart was made on, from a day on."""
        rows = self._database.read.execute(
            "SELECT substr(created, 1, 10) FROM chart WHERE created >= ?", [since]
        )
        return [row[0] for row in rows]

    def add(self, account: int, name: str, spec: ChartSpec) -> str:
        """Keep a new chart and return its id."""
        chart_id, now = secrets.token_hex(6), _now()
        with self._database.write() as db:
            db.execute("INSERT INTO chart (id, owner, created) VALUES (?, ?, ?)", [chart_id, account, now])
            _add_version(db, chart_id, account, name, spec, now)
        return chart_id

    def change(self, chart_id: str, account: int, name: str, spec: ChartSpec) -> None:
        """Add a version to a chart."""
        with self._database.write() as db:
            _add_version(db, chart_id, account, name, spec, _now())

    def _charts(self, condition: str, values: dict[str, Any]) -> Iterator[SavedChart]:
        for row in self._database.read.query(NEWEST + condition, values):
            yield SavedChart(
                id=row["id"], name=row["name"], spec=read_spec(row["spec"]), owner=row["owner"],
                version=row["number"], created=row["created"], saved=row["saved"],
            )  # fmt: skip


def _add_version(db: Tables, chart_id: str, account: int, name: str, spec: ChartSpec, now: str) -> None:
    db.execute(
        "INSERT INTO chart_version (chart, number, name, spec, account, saved) VALUES (:chart, "
        "1 + coalesce((SELECT max(number) FROM chart_version WHERE chart = :chart), 0), :name, :spec, "
        ":account, :saved)",
        {"chart": chart_id, "name": name, "spec": spec.model_dump_json(exclude_defaults=True),
         "account": account, "saved": now},
    )  # fmt: skip


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
