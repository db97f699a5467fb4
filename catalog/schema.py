"""The tables of ``catalog.db``; everything in it can be deleted and synchronised again."""

import sqlite_utils
from sqlite_utils import Migrations

from catalog import search

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


@migrations()
def keep_impacts(db: sqlite_utils.Database) -> None:
    """Keep what newer versions of files changed in their tables."""
    db.conn.execute("CREATE TABLE impacts (resource TEXT, at TEXT, document TEXT NOT NULL)")
    db.conn.execute("CREATE INDEX impacts_at ON impacts (at)")


@migrations()
def keep_shows(db: sqlite_utils.Database) -> None:
    """Keep what the table of a file can show (see :func:`catalog.readings.shows`)."""
    db.conn.execute("ALTER TABLE readings ADD COLUMN shows TEXT NOT NULL DEFAULT '[]'")


@migrations()
def keep_years(db: sqlite_utils.Database) -> None:
    """Keep the years that the table of a file covers (see :func:`catalog.readings.years`)."""
    db.conn.execute("ALTER TABLE readings ADD COLUMN years TEXT NOT NULL DEFAULT '[]'")


@migrations()
def index_in_larger_steps(db: sqlite_utils.Database) -> None:
    """Let the index gather 16 MB of words before it writes them: a portal's first page then merges less."""
    db.conn.execute("INSERT INTO texts (texts, rank) VALUES ('hashsize', 16000000)")


@migrations()
def count_visits(db: sqlite_utils.Database) -> None:
    """Count the visits of datasets, whose files are read ahead in that order."""
    db.conn.execute(
        "CREATE TABLE visits (package INTEGER PRIMARY KEY REFERENCES packages ON DELETE CASCADE, times INTEGER NOT NULL)"
    )
