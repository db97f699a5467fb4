"""Open SQLite safely: WAL, one short immediate transaction per write, synchronised to the disk."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlite_utils
from sqlite_utils import Migrations

PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=5000",
    "PRAGMA trusted_schema=OFF",
)


REBUILDABLE = (
    "PRAGMA synchronous=NORMAL",
    "PRAGMA wal_autocheckpoint=8000",
    "PRAGMA cache_size=-8000",
)
"""For what can be made again: whole after any kill, but a power cut may take the last writes back."""


class Database:
    """A SQLite file with one connection per thread; migrations run when it is opened.

    One that ``is_rebuildable`` does not wait for the disk at each write.
    """

    def __init__(self, path: Path, *migrations: Migrations, is_rebuildable: bool = False):
        self.path = path
        self._pragmas = (*PRAGMAS, *REBUILDABLE) if is_rebuildable else PRAGMAS
        self._local = threading.local()
        path.parent.mkdir(parents=True, exist_ok=True)
        for steps in migrations:
            steps.apply(self.read)

    @property
    def read(self) -> sqlite_utils.Database:
        """This thread's connection, for queries."""
        db: sqlite_utils.Database | None = getattr(self._local, "db", None)
        if db is None:
            connection = sqlite3.connect(self.path, isolation_level=None)
            connection.row_factory = sqlite3.Row
            for pragma in self._pragmas:
                connection.execute(pragma)
            db = self._local.db = sqlite_utils.Database(connection)
        return db

    @contextmanager
    def write(self) -> Iterator[sqlite_utils.Database]:
        """Hold the write lock for a short transaction; commit at the end, roll back on any error.

        ``BEGIN IMMEDIATE`` because a deferred transaction that upgrades ignores the busy timeout.
        """
        db = self.read
        db.conn.execute("BEGIN IMMEDIATE")
        try:
            yield db
        except BaseException:
            db.conn.execute("ROLLBACK")
            raise
        else:
            db.conn.execute("COMMIT")

    def copy_to(self, path: Path) -> None:
        """Write the database as of one moment to a new file, while others go on writing."""
        copy = sqlite3.connect(path)
        try:
            self.read.conn.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        finally:
            copy.close()

    def close(self) -> None:
        """Close this thread's connection."""
        db = getattr(self._local, "db", None)
        if db is not None:
            db.conn.close()
            self._local.db = None


def is_sound(path: Path) -> bool:
    """Say whether a file is a database that SQLite finds nothing wrong with."""
    try:
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    except sqlite3.Error:
        return False
    try:
        return bool(connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok")
    except sqlite3.Error:
        return False
    finally:
        connection.close()
