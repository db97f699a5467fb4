"""What curators do with published stories: corrections, the front page, collections; all SQL of the desk."""

from sqlite_utils import Database as Db

from stories.store import Publication, publications
from web.values import Value


class Correction(Value):
    """What was put right in a published story."""

    story: str
    time: str
    account: int
    text: str


class Feature(Value):
    """A published story on the front page until a day (ISO, the last one; empty means for good)."""

    edition: Publication
    place: int
    until: str


class Collection(Value):
    """Stories that belong together, with a page of their own."""

    slug: str
    title: str
    lead: str = ""
    stories: tuple[Publication, ...] = ()


def add_correction(db: Db, story_id: str, time: str, account: int, text: str) -> None:
    """Append to the corrections of a story."""
    db.table("corrections").insert({"story": story_id, "time": time, "account": account, "text": text})


def corrections(db: Db, story_id: str) -> list[Correction]:
    """Return what was put right in a story, the oldest first."""
    sql = "SELECT story, time, account, text FROM corrections WHERE story = ? ORDER BY id"
    return [Correction(**row) for row in db.query(sql, [story_id])]


def every_correction(db: Db, limit: int) -> list[Correction]:
    """Return the latest corrections of all stories, the newest first."""
    sql = "SELECT story, time, account, text FROM corrections ORDER BY id DESC LIMIT ?"
    return [Correction(**row) for row in db.query(sql, [limit])]


def feature(db: Db, story_id: str, place: int, until: str) -> None:
    """Put a story on the front page at a place, or move it there."""
    db.table("features").upsert({"story": story_id, "place": place, "until": until}, pk="story")


def unfeature(db: Db, story_id: str) -> None:
    """Take a story off the front page."""
    db.execute("DELETE FROM features WHERE story = ?", [story_id])


def features(db: Db, today: str) -> list[Feature]:
    """Return what the front page shows on a day, in its order; withdrawn stories are left out."""
    sql = """SELECT f.place, f.until, p.* FROM features f
        JOIN publications p ON p.story = f.story AND p.ended IS NULL
        WHERE f.until = '' OR f.until >= ? ORDER BY f.place, p.id DESC"""
    rows = list(db.query(sql, [today]))
    return [
        Feature(edition=one, place=row["place"], until=row["until"])
        for one, row in zip(publications(rows), rows, strict=True)
    ]


def keep_collection(db: Db, slug: str, title: str, lead: str, time: str) -> None:
    """Make a collection, or change its title and lead."""
    db.execute(
        """INSERT INTO collections (slug, title, lead, created) VALUES (?, ?, ?, ?)
        ON CONFLICT (slug) DO UPDATE SET title = excluded.title, lead = excluded.lead""",
        [slug, title, lead, time],
    )


def drop_collection(db: Db, slug: str) -> None:
    """Forget a collection; its stories stay."""
    db.execute("DELETE FROM collections WHERE slug = ?", [slug])


def collect(db: Db, slug: str, stories: list[str]) -> None:
    """Make these the stories of a collection, in this order."""
    db.execute("DELETE FROM collected WHERE collection = ?", [slug])
    rows = [{"collection": slug, "story": one, "place": place} for place, one in enumerate(stories)]
    db.table("collected").insert_all(rows)


def collections(db: Db) -> list[Collection]:
    """Return every collection with its published stories, the newest first."""
    rows = list(db.query("SELECT slug, title, lead FROM collections ORDER BY created DESC, slug"))
    return [Collection(**row, stories=_collected(db, row["slug"])) for row in rows]


def collection(db: Db, slug: str) -> Collection | None:
    """Return one collection, or None."""
    rows = db.query("SELECT slug, title, lead FROM collections WHERE slug = ?", [slug])
    return next((Collection(**row, stories=_collected(db, slug)) for row in rows), None)


def _collected(db: Db, slug: str) -> tuple[Publication, ...]:
    sql = """SELECT p.* FROM collected c JOIN publications p ON p.story = c.story AND p.ended IS NULL
        WHERE c.collection = ? ORDER BY c.place"""
    return tuple(publications(db.query(sql, [slug])))
