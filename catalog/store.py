"""Packages as published, in SQLite, and what search knows of them."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import sqlite_utils

from catalog import search
from catalog.models import Dataset, Impact, Portal, Reading, Resource, Table
from catalog.packages import understand
from catalog.portals import Portals
from catalog.readings import Readings
from web.database import Database
from web.values import Refused, content_hash

PACKAGES = (
    "SELECT packages.*, portals.source AS portal_source, portals.title AS portal_title,"
    " labels.title AS organization_title FROM packages JOIN portals ON portals.id = packages.portal"
    " LEFT JOIN facets ON facets.package = packages.number AND facets.kind = 'organization'"
    " LEFT JOIN labels ON labels.portal = packages.portal AND labels.kind = 'organization'"
    " AND labels.name = facets.value"
)
REMEMBERED = 2000
_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), check_circular=False).encode


class Tally(NamedTuple):
    """How a batch of packages compared with what was stored."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0

    def __add__(self, other: "Tally") -> "Tally":  # type: ignore[override]
        return Tally(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))


class Store:
    """Packages of one catalogue, with its ``portals`` and ``readings``; every method is one transaction."""

    def __init__(self, database: Database):
        self.database = database
        self.portals = Portals(database)
        self.readings = Readings(database)
        self._remembered: tuple[int, dict[int, Dataset]] = (-1, {})

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
                chosen = "packages.portal = ? AND facets.value IN (SELECT value FROM json_each(?))"
                self._index(db, self._rows(db, chosen, [portal.id, json.dumps(list(fresh))]))

    def _labels(self, portal: str, kind: str) -> dict[str, str]:
        rows = self.database.read.execute(
            "SELECT name, title FROM labels WHERE portal = ? AND kind = ?", [portal, kind]
        )
        return dict(rows)

    def put(self, portal: Portal, packages: Iterable[Mapping[str, Any]]) -> Tally:
        """Store a batch of packages as published; those already stored alike write nothing."""
        published = {
            str(package.get("id") or f"without id {place}"): _Published(package)
            for place, package in enumerate(packages)
        }
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
        described = self.readings.described([r.id for entry in entries for r in entry.dataset.resources])
        numbered = _write_packages(db, portal, entries)
        search.index(
            db,
            [(n, _with_titles(each, titles), _merge(described, each.resources)) for n, each in numbered],
        )
        self.readings.outdate(db, (r for _, each in numbered for r in each.resources))

    def _index(self, db: sqlite_utils.Database, rows: Sequence[Mapping[str, Any]]) -> None:
        datasets = [(row["number"], _dataset(row)) for row in rows]
        described = self.readings.described([r.id for _, dataset in datasets for r in dataset.resources])
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
        return next(iter(self._read("packages.slug = ?", [slug])), None)

    def datasets(self, numbers: Sequence[int]) -> tuple[Dataset, ...]:
        """Return datasets by number, in the order given."""
        revision: int = self.database.read.execute("SELECT number FROM revision").fetchone()[0]
        if self._remembered[0] != revision or len(self._remembered[1]) > REMEMBERED:
            self._remembered = revision, {}
        known = self._remembered[1]
        missing = [number for number in numbers if number not in known]
        if missing:
            chosen = "packages.number IN (SELECT value FROM json_each(?))"
            rows = self._rows(self.database.read, chosen, [json.dumps(missing)])
            known.update((row["number"], _dataset(row)) for row in rows)
        return tuple(known[number] for number in numbers if number in known)

    def _read(self, chosen: str, values: Sequence[object]) -> list[Dataset]:
        return [_dataset(row) for row in self._rows(self.database.read, chosen, values)]

    def _rows(self, db: sqlite_utils.Database, chosen: str, values: Sequence[object]) -> list[Any]:
        rows: list[Any] = db.execute(f"{PACKAGES} WHERE {chosen}", values).fetchall()
        return rows

    def files(self) -> int:
        """Return how many resources there are."""
        count: int = self.database.read.execute("SELECT count(*) FROM resources").fetchone()[0]
        return count

    def newest(self, limit: int) -> tuple[Dataset, ...]:
        """Return the datasets modified last."""
        chosen = "packages.number IN (SELECT number FROM packages ORDER BY modified DESC, number LIMIT ?)"
        return tuple(self._read(f"{chosen} ORDER BY packages.modified DESC, packages.number", [limit]))

    def resource(self, resource_id: str) -> tuple[Dataset, Resource] | None:
        """Return a resource with its dataset, or None."""
        chosen = "packages.number = (SELECT min(package) FROM resources WHERE id = ?)"
        for dataset in self._read(chosen, [resource_id]):
            return next(((dataset, r) for r in dataset.resources if r.id == resource_id), None)
        return None

    def add_visits(self, visits: Mapping[str, int]) -> None:
        """Add visits to those of datasets, by name."""
        if not visits:
            return
        with self.database.write() as db:
            db.conn.executemany(
                "INSERT INTO visits (package, times) SELECT number, ? FROM packages WHERE slug = ?"
                " ON CONFLICT (package) DO UPDATE SET times = times + excluded.times",
                [(times, name) for name, times in visits.items()],
            )

    def titles(self, kind: str) -> dict[str, str]:
        """Return the titles of facet values of a kind: organisations, themes, licences or portals."""
        if kind == "portal":
            return self.portals.titles()
        rows = self.database.read.execute("SELECT name, title FROM labels WHERE kind = ?", [kind])
        return dict(rows)

    def note(
        self, resource_id: str, reading: Reading, table: Table | None = None, impact: Impact | None = None
    ) -> None:
        """Save a reading; with its table, the columns and values become searchable."""
        with self.database.write() as db:
            self.readings.write(db, resource_id, reading, table)
            if impact is not None:
                self.readings.add_impact(db, impact)
            if table is None:
                return
            where = "packages.number IN (SELECT package FROM resources WHERE id = ?)"
            db.conn.execute(
                f"UPDATE packages SET rows = max(rows, ?) WHERE {where}", [table.rows, resource_id]
            )
            self._index(db, self._rows(db, where, [resource_id]))


class _Entry(NamedTuple):
    dataset: Dataset
    hash: str
    raw: str


class _Published:
    """A package as published, with the hash that tells whether it changed."""

    def __init__(self, package: Mapping[str, Any]):
        self._package = package
        self._raw = _canonical(package)
        self.hash = hashlib.sha256(self._raw.encode()).hexdigest()[:32]

    def understood(self, portal: Portal) -> _Entry | None:
        """Return its dataset, or None when it cannot be one."""
        try:
            return _Entry(understand(self._package, portal), self.hash, self._raw)
        except Refused:
            return None


def _write_packages(
    db: sqlite_utils.Database, portal: Portal, entries: Sequence[_Entry]
) -> list[tuple[int, Dataset]]:
    """Replace packages of a portal within a transaction; return their datasets by our number."""
    db.conn.executemany(
        "INSERT INTO packages (portal, id, slug, name, title, modified, hash, raw) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (portal, id) DO UPDATE SET slug = excluded.slug, name = excluded.name, title = excluded.title,"
        " modified = excluded.modified, hash = excluded.hash, raw = excluded.raw",
        [
            (portal.id, each.id, slug, each.name, each.title, each.modified, entry.hash, entry.raw)
            for entry, slug in zip(entries, _slugs(db, portal, entries), strict=True)
            for each in [entry.dataset]
        ],
    )
    ids = json.dumps([entry.dataset.id for entry in entries])
    chosen = "FROM packages WHERE portal = ? AND id IN (SELECT value FROM json_each(?))"
    numbers = dict(db.execute(f"SELECT id, number {chosen}", [portal.id, ids]).fetchall())
    db.conn.execute(f"DELETE FROM resources WHERE package IN (SELECT number {chosen})", [portal.id, ids])
    numbered = [(numbers[entry.dataset.id], entry.dataset) for entry in entries]
    db.conn.executemany(
        "INSERT OR IGNORE INTO resources (id, package) VALUES (?, ?)",
        [(resource.id, number) for number, dataset in numbered for resource in dataset.resources],
    )
    return numbered


def _slugs(db: sqlite_utils.Database, portal: Portal, entries: Sequence[_Entry]) -> Iterator[str]:
    """Yield the name of each package, with a suffix when another portal's dataset has it already."""
    names = json.dumps([entry.dataset.name for entry in entries])
    rows = db.execute(
        "SELECT slug, portal, id FROM packages WHERE slug IN (SELECT value FROM json_each(?))", [names]
    )
    holders = {slug: (holder, identity) for slug, holder, identity in rows}
    for entry in entries:
        own = portal.id, entry.dataset.id
        is_free = holders.setdefault(entry.dataset.name, own) == own
        yield entry.dataset.name if is_free else f"{entry.dataset.name}--{content_hash(list(own))[:8]}"


def _dataset(row: Mapping[str, Any]) -> Dataset:
    """Return the dataset of a row of ``PACKAGES``, its organisation called as the portal calls it now."""
    portal = Portal(id=row["portal"], source=row["portal_source"], title=row["portal_title"] or "")
    dataset = understand(json.loads(row["raw"]), portal)
    title = row["organization_title"] or dataset.organization_title
    return dataset.model_copy(update={"name": row["slug"], "organization_title": title})


def _with_titles(dataset: Dataset, titles: Mapping[str, str]) -> Dataset:
    title = titles.get(dataset.organization)
    is_current = title in (None, "", dataset.organization_title)
    return dataset if is_current else dataset.model_copy(update={"organization_title": title})


def _merge(
    described: Mapping[str, Mapping[str, list[str]]], resources: Iterable[Resource]
) -> dict[str, list[str]]:
    merged: dict[str, list[str]] = {}
    for resource in resources:
        for column, values in described.get(resource.id, {}).items():
            merged.setdefault(column, []).extend(values)
    return merged
