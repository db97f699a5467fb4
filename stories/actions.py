"""What people do to stories: each checks the role, writes and logs in one short transaction."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable

from sqlite_utils import Database as Db

from stories import curation, store
from stories.edit import new_id
from stories.store import Card, Event, Kept, Publication, Revision
from stories.story import Story
from stories.workflow import Step, refusal
from web.accounts import Account
from web.database import Database
from web.values import Refused, content_hash

LONGEST_NAME = 120


def now() -> str:
    """Return this second in UTC, as ISO text."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def create(database: Database, account: Account, story: Story) -> Kept:
    """Keep a new story of this account."""
    revision = _revision(new_id(), 1, 0, account, story)
    with database.write() as db:
        store.add_story(db, revision)
        _log(db, account, "create", revision)
        return _existing(db, revision.story)


def save(database: Database, account: Account, story_id: str, story: Story, base: int) -> int:
    """Append a revision written from version ``base`` and return its number.

    An unchanged story is not written again. Raises Refused: ``story_conflict`` when somebody
    saved in between (nothing is overwritten), ``story_unknown``, ``story_forbidden``.
    """
    with database.write() as db:
        kept = _allowed(db, account, story_id, "edit")
        if content_hash(story) == content_hash(kept.story):
            return kept.standing.revision
        revision = _revision(story_id, kept.standing.revision + 1, base, account, story)
        if not store.advance(db, revision):
            raise Refused("story_conflict", where=story_id, version=kept.standing.revision)
        return revision.number


def submit(database: Database, account: Account, story_id: str) -> None:
    """Hand the newest revision to the curators."""
    with database.write() as db:
        kept = _allowed(db, account, story_id, "submit")
        revision = _newest(db, kept)
        store.set_submitted(db, story_id, revision.number)
        _log(db, account, "submit", revision)


def send_back(database: Database, account: Account, story_id: str, note: str) -> None:
    """Return a waiting story to its author with a note."""
    with database.write() as db:
        kept = _allowed(db, account, story_id, "send_back")
        revision = _newest(db, kept)
        store.set_submitted(db, story_id, None)
        _log(db, account, "send_back", revision, note)


def name_version(database: Database, account: Account, story_id: str, number: int, name: str) -> None:
    """Give one version of a story a name to find it by; raises Refused ``story_unknown``, ``story_forbidden``."""
    with database.write() as db:
        _allowed(db, account, story_id, "edit")
        revision = store.revision(db, story_id, number)
        if revision is None:
            raise Refused("story_unknown", where=story_id)
        _log(db, account, "name", revision, " ".join(name.split())[:LONGEST_NAME])


def check_step(
    database: Database, account: Account, story_id: str, step: Step, *, authors_publish: bool = False
) -> Kept:
    """Return the story when this account may take the step now.

    Raises Refused: ``story_unknown``, ``story_forbidden`` or the rule that forbids it.
    """
    return _allowed(database.read, account, story_id, step, authors_publish=authors_publish)


def take_slug(database: Database, kept: Kept) -> str:
    """Return the address of a story for good, made from its title the first time."""
    if kept.slug:
        return kept.slug
    wanted = slug_of(kept.story.title)
    with database.write() as db:
        for tail in ("", *(f"-{n}" for n in range(2, 1000))):
            if store.take_slug(db, kept.id, wanted + tail):
                return wanted + tail
            if found := _existing(db, kept.id).slug:
                return found
    raise Refused("story_address_taken", where=wanted)


def go_live(
    database: Database,
    account: Account,
    revision: Revision,
    *,
    slug: str,
    number: int,
    release: str,
    card: Card,
    time: str,
    step: Step,
    authors_publish: bool,
    swap: Callable[[], None],
) -> Publication:
    """Record an edition and swap it in, both or neither; one with a known number is written again.

    ``swap`` runs last inside the transaction; if it fails nothing is recorded, and after a crash
    between the two :func:`stories.publish.reconcile` makes the folder follow the record.
    """
    publication = Publication(
        story=revision.story,
        edition=number,
        revision=revision.number,
        slug=slug,
        release=release,
        time=time,
        card=card,
    )
    with database.write() as db:
        kept = _allowed(db, account, revision.story, step, authors_publish=authors_publish)
        newest = store.newest_edition(db, kept.id)
        is_late = number not in ((newest,) if step == "rebake" else (newest + 1,))
        if is_late or (step == "approve" and kept.standing.submitted != revision.number):
            raise Refused("story_conflict", where=revision.story, version=kept.standing.revision)
        store.go_live(db, publication)
        _log(db, account, step, revision)
        swap()
    return publication


def correct(database: Database, account: Account, story_id: str, text: str) -> None:
    """Write down what was put right in a published story, for its readers to see."""
    with database.write() as db:
        kept = _allowed(db, account, story_id, "rebake")
        published = store.revision(db, story_id, kept.standing.published or 0)
        assert published is not None
        curation.add_correction(db, story_id, now(), account.id, text)
        _log(db, account, "correct", published, text)


def withdraw(
    database: Database, account: Account, story_id: str, note: str, swap: Callable[[], None]
) -> None:
    """Take a published story away from readers; its editions and revisions stay."""
    with database.write() as db:
        kept = _allowed(db, account, story_id, "withdraw")
        store.end_live(db, story_id, now())
        _log(db, account, "withdraw", _newest(db, kept), note)
        swap()


def slug_of(title: str) -> str:
    """Return a title as part of an address: ``¿Dónde viven?`` is ``donde-viven``."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    slug = ""
    for word in words:
        if len(slug) + len(word) > 60:
            break
        slug = f"{slug}-{word}" if slug else word
    return slug or "historia"


def _existing(db: Db, story_id: str) -> Kept:
    kept = store.find(db, story_id)
    if kept is None:
        raise Refused("story_unknown", where=story_id)
    return kept


def _allowed(db: Db, account: Account, story_id: str, step: Step, *, authors_publish: bool = False) -> Kept:
    kept = _existing(db, story_id)
    owns = kept.owner == account.id
    code = refusal(step, kept.standing, account.role, owns=owns, authors_publish=authors_publish)
    if code:
        raise Refused(code, where=story_id)
    return kept


def _newest(db: Db, kept: Kept) -> Revision:
    revision = store.revision(db, kept.id, kept.standing.revision)
    assert revision is not None
    return revision


def _revision(story_id: str, number: int, base: int, account: Account, story: Story) -> Revision:
    return Revision(
        story=story_id,
        number=number,
        base=base,
        author=account.id,
        time=now(),
        hash=content_hash(story),
        document=story,
    )


def _log(db: Db, account: Account, step: str, revision: Revision, note: str = "") -> None:
    store.add_event(
        db,
        Event(
            story=revision.story,
            time=now(),
            account=account.id,
            step=step,
            revision=revision.number,
            hash=revision.hash,
            note=note,
        ),
    )
