"""Stories, their revisions, what happened to them and what readers see: all SQL of this room."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlite_utils import Database as Db
from sqlite_utils import Migrations

from stories.edition import Badge
from stories.story import Story, read_story
from stories.workflow import Standing
from web.values import Value

migrations = Migrations("stories")


@migrations()
def stories_revisions_events_publications(db: Db) -> None:
    """Everything is append-only but the head row of ``stories`` and the end of a publication."""
    db.executescript(
        """
        CREATE TABLE stories (
            id TEXT PRIMARY KEY, owner INTEGER NOT NULL, slug TEXT UNIQUE,
            version INTEGER NOT NULL, submitted INTEGER, live INTEGER, withdrawn INTEGER NOT NULL DEFAULT 0,
            created TEXT NOT NULL, updated TEXT NOT NULL);
        CREATE INDEX stories_owner ON stories (owner, updated);
        CREATE TABLE revisions (
            story TEXT NOT NULL REFERENCES stories (id), number INTEGER NOT NULL, base INTEGER NOT NULL,
            author INTEGER NOT NULL, time TEXT NOT NULL, hash TEXT NOT NULL, document TEXT NOT NULL,
            PRIMARY KEY (story, number));
        CREATE TABLE story_events (
            id INTEGER PRIMARY KEY, story TEXT NOT NULL REFERENCES stories (id), time TEXT NOT NULL,
            account INTEGER NOT NULL, step TEXT NOT NULL, revision INTEGER NOT NULL, hash TEXT NOT NULL,
            note TEXT NOT NULL DEFAULT '');
        CREATE INDEX story_events_story ON story_events (story, id);
        CREATE TABLE publications (
            id INTEGER PRIMARY KEY, story TEXT NOT NULL REFERENCES stories (id), revision INTEGER NOT NULL,
            slug TEXT NOT NULL, release TEXT NOT NULL, time TEXT NOT NULL, ended TEXT,
            card TEXT NOT NULL);
        CREATE INDEX publications_story ON publications (story, id);
        """
    )


@migrations()
def editions_corrections_features_collections(db: Db) -> None:
    """Number the editions readers saw; keep what curators do with published stories."""
    db.executescript(
        """
        ALTER TABLE publications ADD COLUMN edition INTEGER NOT NULL DEFAULT 1;
        UPDATE publications SET edition = (
            SELECT count(*) FROM publications AS earlier
            WHERE earlier.story = publications.story AND earlier.id <= publications.id);
        CREATE TABLE corrections (
            id INTEGER PRIMARY KEY, story TEXT NOT NULL REFERENCES stories (id), time TEXT NOT NULL,
            account INTEGER NOT NULL, text TEXT NOT NULL);
        CREATE INDEX corrections_story ON corrections (story, id);
        CREATE TABLE features (
            story TEXT PRIMARY KEY REFERENCES stories (id), place INTEGER NOT NULL, until TEXT NOT NULL);
        CREATE TABLE collections (
            slug TEXT PRIMARY KEY, title TEXT NOT NULL, lead TEXT NOT NULL, created TEXT NOT NULL);
        CREATE TABLE collected (
            collection TEXT NOT NULL REFERENCES collections (slug) ON DELETE CASCADE,
            story TEXT NOT NULL REFERENCES stories (id), place INTEGER NOT NULL,
            PRIMARY KEY (collection, story));
        """
    )


class Revision(Value):
    """One saved state of a story; never rewritten. ``base`` is the version it was written from."""

    story: str
    number: int
    base: int
    author: int
    time: str
    hash: str
    document: Story


class Kept(Value):
    """A story as it stands now."""

    id: str
    owner: int
    slug: str | None
    created: str
    updated: str
    standing: Standing
    story: Story


class Event(Value):
    """One step in the life of a story: the review history and the audit log."""

    story: str
    time: str
    account: int
    step: str
    revision: int
    hash: str
    note: str = ""


class Card(Value):
    """How a published story shows itself in lists; ``cover`` is a file of its folder.

    ``themes`` and ``datasets`` are those of its charts, by name.
    """

    title: str
    lead: str = ""
    byline: str = ""
    language: str = "es"
    cover: str = ""
    alt: str = ""
    badge: Badge = ""
    themes: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()


class Publication(Value):
    """One edition of a story that readers saw, and until when.

    An edition written again (by a newer Relato, or with a correction) keeps its number.
    """

    story: str
    edition: int = 1
    revision: int
    slug: str
    release: str
    time: str
    card: Card
    ended: str | None = None


KEPT = """SELECT s.*, r.document, p.revision AS published FROM stories s
    JOIN revisions r ON r.story = s.id AND r.number = s.version
    LEFT JOIN publications p ON p.id = s.live"""

NAMES = "EXISTS (SELECT 1 FROM json_each(?) AS one WHERE instr(r.document, one.value))"


def _kept(row: dict[str, Any]) -> Kept:
    standing = Standing(
        revision=row["version"],
        submitted=row["submitted"],
        published=row["published"],
        withdrawn=bool(row["withdrawn"]),
    )
    story = read_story(json.loads(row["document"]))
    names = ("id", "owner", "slug", "created", "updated")
    return Kept(standing=standing, story=story, **{name: row[name] for name in names})


def publications(rows: Iterable[dict[str, Any]]) -> list[Publication]:
    """Return the editions of rows of their table."""
    return [_publication(row) for row in rows]


def _publication(row: dict[str, Any]) -> Publication:
    names = ("story", "edition", "revision", "slug", "release", "time", "ended")
    return Publication(card=Card(**json.loads(row["card"])), **{name: row[name] for name in names})


def find(db: Db, story_id: str) -> Kept | None:
    """Return a story with its newest revision, or None."""
    return next((_kept(row) for row in db.query(f"{KEPT} WHERE s.id = ?", [story_id])), None)


def every(db: Db) -> list[Kept]:
    """Return all stories, the latest touched first."""
    return [_kept(row) for row in db.query(f"{KEPT} ORDER BY s.updated DESC")]


def of_owner(db: Db, owner: int) -> list[Kept]:
    """Return the stories of an account, the latest touched first."""
    return [_kept(row) for row in db.query(f"{KEPT} WHERE s.owner = ? ORDER BY s.updated DESC", [owner])]


def using(db: Db, resources: Sequence[str]) -> list[Kept]:
    """Return the stories whose newest revision names one of these files, the latest touched first."""
    sql = f"{KEPT} WHERE {NAMES} ORDER BY s.updated DESC"
    return [_kept(row) for row in db.query(sql, [json.dumps(list(resources))])]


def live_using(db: Db, resources: Sequence[str]) -> list[tuple[Publication, Story]]:
    """Return the editions readers see that name one of these files, with their story, the newest first."""
    sql = f"""SELECT p.*, r.document FROM publications p
        JOIN revisions r ON r.story = p.story AND r.number = p.revision
        WHERE p.ended IS NULL AND {NAMES} ORDER BY p.time DESC, p.id DESC"""
    rows = db.query(sql, [json.dumps(list(resources))])
    return [(_publication(row), read_story(json.loads(row["document"]))) for row in rows]


def waiting(db: Db) -> list[Revision]:
    """Return the revisions that wait for approval, the oldest first."""
    sql = """SELECT r.* FROM stories s JOIN revisions r ON r.story = s.id AND r.number = s.submitted
        ORDER BY r.time"""
    return [_revision(row) for row in db.query(sql)]


def add_story(db: Db, revision: Revision) -> None:
    """Write a new story with its first revision."""
    row = {"id": revision.story, "owner": revision.author, "version": revision.number}
    db.table("stories").insert({**row, "created": revision.time, "updated": revision.time})
    add_revision(db, revision)


def advance(db: Db, revision: Revision) -> bool:
    """Append a revision if nobody else did since its base; return whether it was written."""
    changed = db.execute(
        "UPDATE stories SET version = ?, updated = ? WHERE id = ? AND version = ?",
        [revision.number, revision.time, revision.story, revision.base],
    ).rowcount
    if changed:
        add_revision(db, revision)
    return bool(changed)


def add_revision(db: Db, revision: Revision) -> None:
    """Append a revision."""
    row = revision.model_dump(exclude={"document"})
    db.table("revisions").insert({**row, "document": revision.document.model_dump_json()})


def revision(db: Db, story_id: str, number: int) -> Revision | None:
    """Return one revision of a story, or None."""
    rows = db.query("SELECT * FROM revisions WHERE story = ? AND number = ?", [story_id, number])
    return next((_revision(row) for row in rows), None)


def revisions(db: Db, story_id: str) -> list[Revision]:
    """Return all revisions of a story, the newest first."""
    rows = db.query("SELECT * FROM revisions WHERE story = ? ORDER BY number DESC", [story_id])
    return [_revision(row) for row in rows]


def _revision(row: dict[str, Any]) -> Revision:
    return Revision(**{**row, "document": read_story(json.loads(row["document"]))})


def set_submitted(db: Db, story_id: str, number: int | None) -> None:
    """Note which revision waits for approval, or that none does."""
    db.execute("UPDATE stories SET submitted = ? WHERE id = ?", [number, story_id])


def add_event(db: Db, event: Event) -> None:
    """Append to the log."""
    db.table("story_events").insert(event.model_dump())


def events(db: Db, story_id: str) -> list[Event]:
    """Return what happened to a story, the oldest first."""
    rows = db.query("SELECT * FROM story_events WHERE story = ? ORDER BY id", [story_id])
    return [Event(**{name: row[name] for name in Event.model_fields}) for row in rows]


def go_live(db: Db, publication: Publication) -> None:
    """Record an edition as the one readers see and end the one before it."""
    end_live(db, publication.story, publication.time)
    row = publication.model_dump(exclude={"card"})
    added = db.table("publications").insert({**row, "card": publication.card.model_dump_json()})
    db.execute(
        """UPDATE stories SET live = ?, withdrawn = 0,
        submitted = CASE WHEN submitted > ? THEN submitted END WHERE id = ?""",
        [added.last_pk, publication.revision, publication.story],
    )


def end_live(db: Db, story_id: str, time: str) -> None:
    """Note that readers no longer see the story."""
    db.execute("UPDATE publications SET ended = ? WHERE story = ? AND ended IS NULL", [time, story_id])
    db.execute("UPDATE stories SET live = NULL, withdrawn = 1 WHERE id = ? AND live IS NOT NULL", [story_id])


def live(db: Db, limit: int = -1) -> list[Publication]:
    """Return the editions readers see, the newest first."""
    sql = "SELECT * FROM publications WHERE ended IS NULL ORDER BY time DESC, id DESC LIMIT ?"
    return publications(db.query(sql, [limit]))


def addresses(db: Db) -> dict[str, str]:
    """Return the release each address of a live story shows: its own, and that of each edition."""
    shown: dict[str, str] = {}
    for one in live(db):
        shown |= {f"{each.slug}@{each.edition}": each.release for each in editions(db, one.story)}
        shown[one.slug] = one.release
    return shown


def editions(db: Db, story_id: str) -> list[Publication]:
    """Return every edition of a story, the oldest first."""
    rows = db.query("SELECT * FROM publications WHERE story = ? ORDER BY id", [story_id])
    return [_publication(row) for row in rows]


def publication_times(db: Db, since: str) -> list[str]:
    """Return when each edition since an ISO day was first published."""
    sql = "SELECT min(time) FROM publications GROUP BY story, edition HAVING min(time) >= ?"
    return [row[0] for row in db.execute(sql, [since])]


def newest_events(db: Db, limit: int) -> list[Event]:
    """Return what happened to any story, the newest first."""
    sql = """SELECT story, time, account, step, revision, hash, note FROM story_events
        ORDER BY id DESC LIMIT ?"""
    return [Event(**row) for row in db.query(sql, [limit])]


def newest_edition(db: Db, story_id: str) -> int:
    """Return the number of the newest edition of a story, 0 before the first."""
    row = db.execute("SELECT max(edition) FROM publications WHERE story = ?", [story_id]).fetchone()
    return row[0] or 0


def take_slug(db: Db, story_id: str, slug: str) -> bool:
    """Give a story its address for good, unless another holds it; return whether it has it now."""
    db.execute(
        """UPDATE stories SET slug = ? WHERE id = ? AND slug IS NULL
        AND NOT EXISTS (SELECT 1 FROM stories WHERE slug = ?)""",
        [slug, story_id, slug],
    )
    return any(db.query("SELECT 1 FROM stories WHERE id = ? AND slug = ?", [story_id, slug]))
