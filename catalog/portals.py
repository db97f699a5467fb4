"""Portals and how their last synchronisation ended."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from catalog.models import Portal
from web.database import Database
from web.values import Problem, Value, content_hash


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


class Portals:
    """The portals of one catalogue."""

    def __init__(self, database: Database):
        self._database = database

    def add(self, portal: Portal) -> None:
        """Make a portal known; nothing is written when it is already."""
        known = self._database.read.execute("SELECT title FROM portals WHERE id = ?", [portal.id]).fetchone()
        if known is None or (portal.title and known[0] != portal.title):
            with self._database.write() as db:
                db.conn.execute(
                    "INSERT INTO portals (id, source, title) VALUES (?, ?, ?)"
                    " ON CONFLICT (id) DO UPDATE SET title = excluded.title",
                    [portal.id, portal.source, portal.title],
                )

    def states(self) -> tuple[PortalState, ...]:
        """Return every portal with the state of its last synchronisation."""
        rows = self._database.read.execute(
            "SELECT portals.*, (SELECT count(*) FROM packages WHERE portal = portals.id) AS datasets FROM portals ORDER BY rowid"
        )
        return tuple(_state(row) for row in rows)

    def state(self, portal_id: str) -> PortalState | None:
        """Return one portal's state, or None."""
        return next((state for state in self.states() if state.portal.id == portal_id), None)

    def finish(
        self, portal: Portal, *, full_at: str | None, newest: str | None, problem: Problem | None
    ) -> None:
        """Note how a synchronisation ended; a failed one keeps the dates of the last good one."""
        failed = problem is not None and problem.severity == "error"
        with self._database.write() as db:
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

    def get(self, portal_id: str) -> Portal | None:
        """Return a portal, or None."""
        row = self._database.read.execute(
            "SELECT id, source, title FROM portals WHERE id = ?", [portal_id]
        ).fetchone()
        return _portal(row) if row else None

    def titles(self) -> dict[str, str]:
        """Return the portals' titles, or where they are, by id."""
        rows = self._database.read.execute("SELECT id, coalesce(nullif(title, ''), source) FROM portals")
        return dict(rows)


def _portal(row: Mapping[str, Any]) -> Portal:
    return Portal(id=row["id"], source=row["source"], title=row["title"] or "")


def _state(row: Mapping[str, Any]) -> PortalState:
    return PortalState(
        portal=_portal(row),
        full_at=row["full_at"],
        checked_at=row["checked_at"],
        newest=row["newest"],
        problem=Problem.model_validate_json(row["problem"]) if row["problem"] else None,
        datasets=row["datasets"],
    )
