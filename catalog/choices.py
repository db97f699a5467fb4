"""What a person corrected in the reading of a file, remembered for its resource.

The corrections live in ``choices.db``, apart from the catalogue: they are people's work and
cannot be synchronised again. They are proposed for every later version of the file: its table
says that they were followed, and warns of those that fit no more.
"""

import datetime as dt

import sqlite_utils
from sqlite_utils import Migrations

from catalog.readers.choices import Choices, ColumnChoice
from web.database import Database

__all__ = ["Choices", "ColumnChoice", "Kept", "migrations"]
migrations = Migrations("choices")


@migrations()
def lay_out(db: sqlite_utils.Database) -> None:
    """Keep every correction ever made; the last one of a resource counts."""
    db.conn.execute(
        "CREATE TABLE choices (resource TEXT NOT NULL, at TEXT NOT NULL, by TEXT NOT NULL, document TEXT NOT NULL)"
    )
    db.conn.execute("CREATE INDEX choices_resource ON choices (resource)")


class Kept:
    """The corrections of all resources; safe to use from many threads."""

    def __init__(self, database: Database):
        self._database = database

    def of(self, resource_id: str) -> Choices | None:
        """Return the corrections of a resource, or None when its file is read as it comes."""
        found = self._database.read.conn.execute(
            "SELECT document FROM choices WHERE resource = ? ORDER BY rowid DESC LIMIT 1", [resource_id]
        ).fetchone()
        choices = Choices.model_validate_json(found["document"]) if found else Choices()
        return choices if choices != Choices() else None

    def keep(self, resource_id: str, choices: Choices, by: str = "") -> None:
        """Remember the corrections of a resource and who made them; empty ones undo all."""
        at = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        with self._database.write() as db:
            db.conn.execute(
                "INSERT INTO choices (resource, at, by, document) VALUES (?, ?, ?, ?)",
                [resource_id, at, by, choices.model_dump_json(exclude_defaults=True)],
            )

    def history(self, resource_id: str) -> list[tuple[str, str, Choices]]:
        """Return (at, by, corrections) of a resource, the last first."""
        found = self._database.read.conn.execute(
            "SELECT at, by, document FROM choices WHERE resource = ? ORDER BY rowid DESC", [resource_id]
        ).fetchall()
        return [(row["at"], row["by"], Choices.model_validate_json(row["document"])) for row in found]
