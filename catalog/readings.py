"""What is known of resources' files: how far each is, and the words of its table."""

import json
import re
from collections.abc import Iterable, Sequence

import sqlite_utils

from catalog.models import Impact, Reading, Resource, Table
from catalog.packages import stamp_of
from web.database import Database

YEAR = re.compile(r"([12][0-9]{3})(?![0-9])")
MOST_YEARS = 200
Described = dict[str, list[str]]
"""The texts among the most frequent values of each column, by its label."""


class Readings:
    """Readings by resource; :meth:`catalog.store.Store.note` writes them with the search index."""

    def __init__(self, database: Database):
        self._database = database

    def get(self, resource_id: str) -> Reading | None:
        """Return how far a resource's file is, or None when nobody asked for it yet."""
        row = self._database.read.execute(
            "SELECT document FROM readings WHERE resource = ?", [resource_id]
        ).fetchone()
        return Reading.model_validate_json(row[0]) if row else None

    def write(
        self, db: sqlite_utils.Database, resource_id: str, reading: Reading, table: Table | None
    ) -> None:
        """Save a reading within a transaction; without a table, the words known before stay."""
        described = json.dumps(describe(table)) if table else None
        db.conn.execute(
            "INSERT INTO readings (resource, state, table_id, stamp, at, document, described, shows, years)"
            " VALUES (:resource, :state, :table, :stamp, :at, :document, coalesce(:described, '{}'),"
            " coalesce(:shows, '[]'), coalesce(:years, '[]'))"
            " ON CONFLICT (resource) DO UPDATE SET state = excluded.state, table_id = excluded.table_id,"
            " stamp = excluded.stamp, at = excluded.at, document = excluded.document,"
            " described = coalesce(:described, described), shows = coalesce(:shows, shows),"
            " years = coalesce(:years, years)",
            {
                "resource": resource_id,
                "state": reading.state,
                "table": reading.table,
                "stamp": reading.stamp,
                "at": reading.at,
                "document": reading.model_dump_json(),
                "described": described,
                "shows": json.dumps(sorted(shows(table))) if table else None,
                "years": json.dumps(years(table)) if table else None,
            },
        )

    def impacts(self, limit: int) -> tuple[Impact, ...]:
        """Return what newer versions of files changed, the last first."""
        rows = self._database.read.execute(
            "SELECT document FROM impacts ORDER BY at DESC, rowid DESC LIMIT ?", [limit]
        )
        return tuple(Impact.model_validate_json(row[0]) for row in rows)

    def add_impact(self, db: sqlite_utils.Database, impact: Impact) -> None:
        """Keep an impact within a transaction."""
        db.conn.execute(
            "INSERT INTO impacts (resource, at, document) VALUES (?, ?, ?)",
            [impact.resource, impact.at, impact.model_dump_json()],
        )

    def outdate(self, db: sqlite_utils.Database, resources: Iterable[Resource]) -> None:
        """Mark the readings of files that the portal now stamps otherwise, within a transaction."""
        given = {resource.id: resource for resource in resources}
        known = db.execute(
            "SELECT resource, stamp FROM readings WHERE resource IN (SELECT value FROM json_each(?))",
            [json.dumps(list(given))],
        )
        changed = [(identity,) for identity, stamp in known if stamp_of(given[identity]) != stamp]
        db.conn.executemany("UPDATE readings SET stamp = '' WHERE resource = ?", changed)

    def resources_of_table(self, table_id: str) -> tuple[str, ...]:
        """Return the ids of the resources whose file gave this table."""
        rows = self._database.read.execute("SELECT resource FROM readings WHERE table_id = ?", [table_id])
        return tuple(row[0] for row in rows)

    def unread(self) -> tuple[str, ...]:
        """Return the resources whose file nobody read yet or has changed since.

        Those of the most visited datasets come first, then those of the newest.
        """
        rows = self._database.read.execute(
            "SELECT resources.id FROM resources JOIN packages ON packages.number = resources.package"
            " LEFT JOIN visits ON visits.package = packages.number"
            " LEFT JOIN readings ON readings.resource = resources.id WHERE readings.resource IS NULL OR readings.stamp = ''"
            " ORDER BY coalesce(visits.times, 0) DESC, packages.modified DESC, resources.id"
        )
        return tuple(row[0] for row in rows)

    def described(self, resource_ids: Sequence[str]) -> dict[str, Described]:
        """Return the column labels and values of those resources that were read."""
        rows = self._database.read.execute(
            "SELECT resource, described FROM readings WHERE state = 'ready' AND resource IN (SELECT value FROM json_each(?))",
            [json.dumps(list(resource_ids))],
        )
        return {resource: json.loads(described) for resource, described in rows}


def describe(table: Table) -> Described:
    """Return the labels of a table's columns with the texts among their most frequent values."""
    return {
        column.label or column.name: [value for value, _ in column.top if isinstance(value, str)]
        if column.role in ("category", "ordered", "place", "constant")
        else []
        for column in table.columns
    }


def years(table: Table) -> list[str]:
    """Return the years from the first to the last time of a table; none when they are more than ``MOST_YEARS``."""
    times = (column for column in table.columns if column.role == "time" and column.min is not None)
    column = next(times, None)
    if column is None:
        return []
    first, last = (YEAR.match(str(end)) for end in (column.min, column.max))
    span = range(int(first[1]), int(last[1]) + 1) if first and last else range(0)
    return [str(year) for year in span] if len(span) <= MOST_YEARS else []


def shows(table: Table) -> set[str]:
    """Return what a table can show beyond its numbers: ``map``, ``time``."""
    roles = {column.role for column in table.columns}
    on_map = roles & {"place", "geometry"} or {"latitude", "longitude"} <= roles
    return ({"map"} if on_map else set()) | ({"time"} if "time" in roles else set())
