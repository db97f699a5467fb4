"""The catalogue's SQLite file: packages as published, what search knows of them, and readings.

Everything here can be deleted and synchronised again.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import sqlite_utils
from sqlite_utils import Migrations

from catalog import search
from catalog.models import Dataset, Portal, Reading, Resource, Table
from catalog.packages import understand
from web.database import Database
from web.values import Problem, Refused, Value, content_hash

migrations = Migrations("catalog")


@migrations()
def lay_out(db: sqlite_utils.Database) -> None:
    """Create the tables: ``number`` is our own key of a package, ``slug`` its name in addresses."""
    for statement in (
        "CREATE TABLE portals (id TEXT PRIMARY KEY, source TEXT, title TEXT, full_at TEXT, checked_at TEXT,"
        " newest TEXT, problem TEXT)",
        "CREATE TABLE packages (number INTEGER PRIMARY KEY, portal TEXT NOT NULL REFERENCES portals, id TEXT NOT NULL,"
        " slug TEXT NOT NULL UNIQUE, name TEXT NOT NULL, title TEXT NOT NULL, modified TEXT, rows INTEGER NOT NULL DEFAULT 0,"
        " hash TEXT NOT NULL, raw TEXT NOT NULL, UNIQUE (portal, id))",
        "CREATE INDEX packages_modified ON packages (modified)",
        "CREATE TABLE resources (id TEXT, package INTEGER REFERENCES packages ON DELETE CASCADE, PRIMARY KEY (id, package))"
        " WITHOUT ROWID",
        "CREATE INDEX resources_package ON resources (package)",
        "CREATE TABLE labels (portal TEXT, kind TEXT, name TEXT, title TEXT, PRIMARY KEY (portal, kind, name)) WITHOUT ROWID",
        "CREATE TABLE readings (resource TEXT PRIMARY KEY, state TEXT NOT NULL, table_id TEXT, stamp TEXT, at TEXT,"
        " document TEXT NOT NULL, described TEXT NOT NULL DEFAULT '{}')",
        "CREATE INDEX readings_table ON readings (table_id)",
        *search.CREATE,
    ):
        db.conn.execute(statement)


class Tally(NamedTuple):
    """How a batch of packages compared with what was stored."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0

    def __add__(self, other: "Tally") -> "Tally":  # type: ignore[override]
        return Tally(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))


class PortalState(Value):
    """A portal and its last synchronisation: ``newest`` is the latest modification seen."""

    portal: Portal
    full_at: str | None = None
    checked_at: str | None = None
    newest: str | None = None
    problem: Problem | None = None
    datasets: int = 0


def portal_of(source: str, title: str = "") -> Portal:
    """Return the portal of an address or a dump's path; its id is a short hash of it."""
    return Portal(id=content_hash(source.rstrip("/"))[:8], source=source.rstrip("/"), title=title)


def now() -> str:
    """Return the current time in UTC, to the second."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


class Store:
    """Packages, readings and portals of one catalogue; every method is one transaction."""

    def __init__(self, database: Database):
        self.database = database

    # Portals

    def add_portal(self, portal: Portal) -> None:
        """Make a portal known; nothing is written when it is already."""
        known = self.database.read.execute("SELECT title FROM portals WHERE id = ?", [portal.id]).fetchone()
        if known is None or (portal.title and known[0] != portal.title):
            with self.database.write() as db:
                db.conn.execute(
                    "INSERT INTO portals (id, source, title) VALUES (?, ?, ?)"
                    " ON CONFLICT (id) DO UPDATE SET title = excluded.title",
                    [portal.id, portal.source, portal.title],
                )

    def portals(self) -> tuple[PortalState, ...]:
        """Return every portal with the state of its last synchronisation."""
        rows = self.database.read.execute(
            "SELECT portals.*, (SELECT count(*) FROM packages WHERE portal = portals.id) AS datasets FROM portals ORDER BY rowid"
        )
        return tuple(_portal_state(row) for row in rows)

    def portal_state(self, portal_id: str) -> PortalState | None:
        """Return one portal's state, or None."""
        return next((state for state in self.portals() if state.portal.id == portal_id), None)

    def finish(
        self, portal: Portal, *, full_at: str | None, newest: str | None, problem: Problem | None
    ) -> None:
        """Note how a synchronisation ended; a failed one keeps the dates of the last good one."""
        failed = problem is not None and problem.severity == "error"
        with self.database.write() as db:
            db.conn.execute(
                "UPDATE portals SET problem = ?, checked_at = CASE WHEN ? THEN checked_at ELSE ? END,"
                " full_at = coalesce(?, full_at), newest = coalesce(?, newest) WHERE id = ?",
                [
                    problem and problem.model_dump_json(),
                    failed,
                    now(),
                    full_at,
                    newest,
                    portal.id,
                ],
            )

    def label(self, portal: Portal, kind: str, titles: Mapping[str, str]) -> None:
        """Set the titles of a portal's organisations or groups; datasets of renamed ones are indexed again."""
        known = self._labels(portal.id, kind)
        fresh = {name: title for name, title in titles.items() if title and known.get(name) != title}
        if not fresh:
            return
        with self.database.write() as db:
            db.conn.executemany(
                "INSERT OR REPLACE INTO labels (portal, kind, name, title) VALUES (?, ?, ?, ?)",
                [(portal.id, kind, name, title) for name, title in fresh.items()],
            )
            if kind == "organization":
                rows = db.execute(
                    "SELECT packages.* FROM facets JOIN packages ON packages.number = facets.package WHERE facets.kind = ?"
                    " AND facets.value IN (SELECT value FROM json_each(?)) AND packages.portal = ?",
                    [kind, json.dumps(list(fresh)), portal.id],
                ).fetchall()
                self._index(db, rows)

    def _labels(self, portal: str, kind: str) -> dict[str, str]:
        rows = self.database.read.execute(
            "SELECT name, title FROM labels WHERE portal = ? AND kind = ?", [portal, kind]
        )
        return dict(rows)

    # Packages

    def put(self, portal: Portal, packages: Iterable[Mapping[str, Any]]) -> Tally:
        """Store a batch of packages as published; those already stored alike write nothing."""
        published = {str(package.get("id")): _Published(package) for package in packages}
        known = self._hashes(portal, list(published))
        fresh = [each for identity, each in published.items() if known.get(identity) != each.hash]
        entries = [entry for each in fresh if (entry := each.understood(portal))]
        new = sum(entry.dataset.id not in known for entry in entries)
        if entries:
            with self.database.write() as db:
                self._write(db, portal, entries)
        rejected = len(fresh) - len(entries)
        return Tally(new, len(entries) - new, len(published) - len(fresh), rejected)

    def _hashes(self, portal: Portal, ids: Sequence[str]) -> dict[str, str]:
        rows = self.database.read.execute(
            "SELECT id, hash FROM packages WHERE portal = ? AND id IN (SELECT value FROM json_each(?))",
            [portal.id, json.dumps(ids)],
        )
        return dict(rows)

    def _write(self, db: sqlite_utils.Database, portal: Portal, entries: Sequence["_Entry"]) -> None:
        titles = self._labels(portal.id, "organization")
        described = self._described_of([r.id for entry in entries for r in entry.dataset.resources])
        indexed = []
        for entry in entries:
            number = _write_package(db, entry)
            dataset = _with_titles(entry.dataset, titles)
            indexed.append((number, dataset, _merge(described, dataset.resources)))
        search.index(db, indexed)

    def _index(self, db: sqlite_utils.Database, rows: Sequence[Mapping[str, Any]]) -> None:
        datasets = [(row["number"], self._dataset(row)) for row in rows]
        described = self._described_of([r.id for _, dataset in datasets for r in dataset.resources])
        search.index(
            db, [(number, dataset, _merge(described, dataset.resources)) for number, dataset in datasets]
        )

    def ids(self, portal: Portal) -> dict[str, str]:
        """Return the names of a portal's stored packages by their id."""
        rows = self.database.read.execute("SELECT id, name FROM packages WHERE portal = ?", [portal.id])
        return dict(rows)

    def remove(self, portal: Portal, ids: Sequence[str]) -> int:
        """Drop packages that the portal no longer has; return how many there were."""
        if not ids:
            return 0
        with self.database.write() as db:
            chosen = [portal.id, json.dumps(list(ids))]
            where = "portal = ? AND id IN (SELECT value FROM json_each(?))"
            numbers = [row[0] for row in db.execute(f"SELECT number FROM packages WHERE {where}", chosen)]
            search.forget(db, numbers)
            db.conn.execute(f"DELETE FROM packages WHERE {where}", chosen)
        return len(numbers)

    def dataset(self, slug: str) -> Dataset | None:
        """Return the dataset of a name, or None."""
        row = self.database.read.execute("SELECT * FROM packages WHERE slug = ?", [slug]).fetchone()
        return self._dataset(row) if row else None

    def datasets(self, numbers: Sequence[int]) -> tuple[Dataset, ...]:
        """Return datasets by number, in the order given."""
        rows = self.database.read.execute(
            "SELECT * FROM packages WHERE number IN (SELECT value FROM json_each(?))",
            [json.dumps(list(numbers))],
        )
        found = {row["number"]: self._dataset(row) for row in rows}
        return tuple(found[number] for number in numbers if number in found)

    def files(self) -> int:
        """Return how many resources there are."""
        count: int = self.database.read.execute("SELECT count(*) FROM resources").fetchone()[0]
        return count

    def newest(self, limit: int) -> tuple[Dataset, ...]:
        """Return the datasets modified last."""
        rows = self.database.read.execute(
            "SELECT * FROM packages ORDER BY modified DESC, number LIMIT ?", [limit]
        )
        return tuple(self._dataset(row) for row in rows.fetchall())

    def resource(self, resource_id: str) -> tuple[Dataset, Resource] | None:
        """Return a resource with its dataset, or None."""
        row = self.database.read.execute(
            "SELECT packages.* FROM resources JOIN packages ON packages.number = resources.package WHERE resources.id = ?"
            " ORDER BY packages.number LIMIT 1",
            [resource_id],
        ).fetchone()
        dataset = self._dataset(row) if row else None
        found = next((r for r in dataset.resources if r.id == resource_id), None) if dataset else None
        return (dataset, found) if dataset and found else None

    def titles(self, kind: str) -> dict[str, str]:
        """Return the titles of facet values of a kind: organisations, themes, licences or portals."""
        if kind == "portal":
            return {state.portal.id: state.portal.title or state.portal.source for state in self.portals()}
        if kind == "license":
            rows = self.database.read.execute(
                "SELECT DISTINCT coalesce(nullif(raw ->> 'license_id', ''), raw ->> 'license_title'), raw ->> 'license_title'"
                " FROM packages"
            )
        else:
            rows = self.database.read.execute("SELECT name, title FROM labels WHERE kind = ?", [kind])
        return {name: title for name, title in rows if name and title}

    def _dataset(self, row: Mapping[str, Any]) -> Dataset:
        portal = self._portal(row["portal"])
        dataset = understand(json.loads(row["raw"]), portal)
        labelled = _with_titles(dataset, self._labels(portal.id, "organization"))
        return labelled.model_copy(update={"name": row["slug"]})

    def _portal(self, portal_id: str) -> Portal:
        row = self.database.read.execute(
            "SELECT id, source, title FROM portals WHERE id = ?", [portal_id]
        ).fetchone()
        return Portal(id=row["id"], source=row["source"], title=row["title"] or "")

    # Readings

    def reading(self, resource_id: str) -> Reading | None:
        """Return how far a resource's file is, or None when nobody asked for it yet."""
        row = self.database.read.execute(
            "SELECT document FROM readings WHERE resource = ?", [resource_id]
        ).fetchone()
        return Reading.model_validate_json(row[0]) if row else None

    def note(self, resource_id: str, reading: Reading, table: Table | None = None) -> None:
        """Save a reading; with its table, the columns and values become searchable."""
        described = _describe(table) if table else {}
        with self.database.write() as db:
            db.conn.execute(
                "INSERT OR REPLACE INTO readings (resource, state, table_id, stamp, at, document, described)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                [resource_id, reading.state, reading.table, reading.stamp, reading.at, reading.model_dump_json(),
                 json.dumps(described, ensure_ascii=True)],
            )  # fmt: skip
            if table is None:
                return
            db.conn.execute(
                "UPDATE packages SET rows = max(rows, ?) WHERE number IN (SELECT package FROM resources WHERE id = ?)",
                [table.rows, resource_id],
            )
            rows = db.execute(
                "SELECT packages.* FROM resources JOIN packages ON packages.number = resources.package WHERE resources.id = ?",
                [resource_id],
            ).fetchall()
            self._index(db, rows)

    def resources_of_table(self, table_id: str) -> tuple[str, ...]:
        """Return the ids of the resources whose file gave this table."""
        rows = self.database.read.execute("SELECT resource FROM readings WHERE table_id = ?", [table_id])
        return tuple(row[0] for row in rows)

    def unread(self) -> tuple[str, ...]:
        """Return the resources whose file nobody read yet, newest datasets first."""
        rows = self.database.read.execute(
            "SELECT resources.id FROM resources JOIN packages ON packages.number = resources.package"
            " LEFT JOIN readings ON readings.resource = resources.id WHERE readings.resource IS NULL"
            " ORDER BY packages.modified DESC, resources.id"
        )
        return tuple(row[0] for row in rows)

    def described(self, dataset: Dataset) -> list[tuple[str, dict[str, list[str]]]]:
        """Return the column labels and values known of a dataset's resources."""
        known = self._described_of([resource.id for resource in dataset.resources])
        return [(resource.id, known[resource.id]) for resource in dataset.resources if resource.id in known]

    def _described_of(self, resource_ids: Sequence[str]) -> dict[str, dict[str, list[str]]]:
        rows = self.database.read.execute(
            "SELECT resource, described FROM readings WHERE state = 'ready' AND resource IN (SELECT value FROM json_each(?))",
            [json.dumps(list(resource_ids))],
        )
        return {resource: json.loads(described) for resource, described in rows}


class _Entry(NamedTuple):
    dataset: Dataset
    hash: str
    raw: str


class _Published:
    """A package as published, with the hash that tells whether it changed."""

    def __init__(self, package: Mapping[str, Any]):
        self._package = package
        self._raw = json.dumps(package, sort_keys=True, separators=(",", ":"))
        self.hash = hashlib.sha256(self._raw.encode()).hexdigest()[:32]

    def understood(self, portal: Portal) -> _Entry | None:
        """Return its dataset, or None when it cannot be one."""
        try:
            return _Entry(understand(self._package, portal), self.hash, self._raw)
        except Refused:
            return None


def _write_package(db: sqlite_utils.Database, entry: _Entry) -> int:
    dataset = entry.dataset
    taken = db.execute(
        "SELECT 1 FROM packages WHERE slug = ? AND NOT (portal = ? AND id = ?)",
        [dataset.name, dataset.portal, dataset.id],
    ).fetchone()
    slug = f"{dataset.name}--{content_hash([dataset.portal, dataset.id])[:8]}" if taken else dataset.name
    number: int = db.execute(
        "INSERT INTO packages (portal, id, slug, name, title, modified, hash, raw) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (portal, id) DO UPDATE SET slug = excluded.slug, name = excluded.name, title = excluded.title,"
        " modified = excluded.modified, hash = excluded.hash, raw = excluded.raw RETURNING number",
        [
            dataset.portal,
            dataset.id,
            slug,
            dataset.name,
            dataset.title,
            dataset.modified,
            entry.hash,
            entry.raw,
        ],
    ).fetchone()[0]
    db.conn.execute("DELETE FROM resources WHERE package = ?", [number])
    db.conn.executemany(
        "INSERT OR IGNORE INTO resources (id, package) VALUES (?, ?)",
        [(r.id, number) for r in dataset.resources],
    )
    return number


def _with_titles(dataset: Dataset, titles: Mapping[str, str]) -> Dataset:
    title = titles.get(dataset.organization)
    return dataset.model_copy(update={"organization_title": title}) if title else dataset


def _merge(
    described: Mapping[str, Mapping[str, list[str]]], resources: Iterable[Resource]
) -> dict[str, list[str]]:
    merged: dict[str, list[str]] = {}
    for resource in resources:
        for column, values in described.get(resource.id, {}).items():
            merged.setdefault(column, []).extend(values)
    return merged


def _describe(table: Table) -> dict[str, list[str]]:
    """Return the labels of a table's columns with the texts among their most frequent values."""
    return {
        column.label or column.name: [value for value, _ in column.top if isinstance(value, str)]
        if column.role in ("category", "ordered", "place", "constant")
        else []
        for column in table.columns
    }


def _portal_state(row: Mapping[str, Any]) -> PortalState:
    return PortalState(
        portal=Portal(id=row["id"], source=row["source"], title=row["title"] or ""),
        full_at=row["full_at"],
        checked_at=row["checked_at"],
        newest=row["newest"],
        problem=Problem.model_validate_json(row["problem"]) if row["problem"] else None,
        datasets=row["datasets"],
    )
