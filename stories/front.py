"""What curators show and tell of published stories: the front page, collections, figures."""

import datetime as dt
import re
from collections import Counter

from stories import actions, curation, store
from stories.curation import Collection, Correction, Feature
from stories.stories import Stories
from web.accounts import Account
from web.audit import Audit
from web.counts import KINDS, Counts
from web.values import Refused, Value

DAYS = 30
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class DayFigures(Value):
    """What happened on one day."""

    day: str
    charts: int = 0
    stories: int = 0
    open: int = 0
    share: int = 0
    download: int = 0


class Figures(Value):
    """The last days, the newest first, and the same days by story and by dataset."""

    days: tuple[DayFigures, ...]
    opens: dict[str, int]
    shares: dict[str, int]
    downloads: dict[str, int]

    def total(self, name: str) -> int:
        return sum(getattr(day, name) for day in self.days)

    @property
    def most(self) -> int:
        """The opens of the busiest day, at least one."""
        return max(1, *(day.open for day in self.days))


class Front:
    """The curators' side of the stories; each change is in the audit log."""

    def __init__(self, stories: Stories, audit: Audit):
        self.stories, self.audit, self.database = stories, audit, stories.database

    def features(self) -> list[Feature]:
        """Return what the front page shows first today, in its order."""
        return curation.features(self.database.read, actions.now()[:10])

    def every_feature(self) -> list[Feature]:
        """Return every feature of a published story, ended ones too."""
        return curation.features(self.database.read, "")

    def feature_of(self, story_id: str) -> Feature | None:
        """Return how a story is featured, or None."""
        return next((one for one in self.every_feature() if one.edition.story == story_id), None)

    def feature(self, account: Account, story_id: str, until: str) -> None:
        """Show a published story first, until the end of a day (empty: for good); raises Refused."""
        if self.stories.live_of(story_id) is None:
            raise Refused("story_not_published", where=story_id)
        if until and not DAY.fullmatch(until):
            raise Refused("story_day_unreadable", where=until[:20])
        known = self.feature_of(story_id)
        place = known.place if known else 1 + max((one.place for one in self.every_feature()), default=0)
        with self.database.write() as db:
            curation.feature(db, story_id, place, until)
        self.audit.note(account, "featured", self._title(story_id))

    def unfeature(self, account: Account, story_id: str) -> None:
        """Show a story in its turn again."""
        with self.database.write() as db:
            curation.unfeature(db, story_id)
        self.audit.note(account, "unfeatured", self._title(story_id))

    def move(self, story_id: str, by: int) -> None:
        """Move a featured story up (-1) or down (1)."""
        order = [one.edition.story for one in self.every_feature()]
        if story_id not in order:
            return
        at = order.index(story_id)
        order.insert(max(0, at + by), order.pop(at))
        until = {one.edition.story: one.until for one in self.every_feature()}
        with self.database.write() as db:
            for place, one in enumerate(order, start=1):
                curation.feature(db, one, place, until[one])

    def collections(self) -> list[Collection]:
        """Return every collection, the newest first."""
        return curation.collections(self.database.read)

    def collection(self, slug: str) -> Collection:
        """Return a collection; raises Refused ``collection_unknown``."""
        found = curation.collection(self.database.read, slug)
        if found is None:
            raise Refused("collection_unknown", where=slug)
        return found

    def keep_collection(self, account: Account, slug: str, title: str, lead: str, stories: list[str]) -> None:
        """Make a collection, or change the one of that slug; raises Refused ``collection_unnamed``."""
        title, lead = " ".join(title.split())[:200], " ".join(lead.split())[:500]
        if not title:
            raise Refused("collection_unnamed")
        known = [one for one in dict.fromkeys(stories) if self.stories.live_of(one)]
        slug = slug if curation.collection(self.database.read, slug) else self._free_slug(title)
        with self.database.write() as db:
            curation.keep_collection(db, slug, title, lead, actions.now())
            curation.collect(db, slug, known)
        self.audit.note(account, "collected", title)

    def drop_collection(self, account: Account, slug: str) -> None:
        """Forget a collection; its stories stay."""
        found = self.collection(slug)
        with self.database.write() as db:
            curation.drop_collection(db, slug)
        self.audit.note(account, "dropped", found.title)

    def corrections(self, story_id: str) -> list[Correction]:
        """Return what was put right in a story, the oldest first."""
        return curation.corrections(self.database.read, story_id)

    def every_correction(self, limit: int) -> list[Correction]:
        """Return the latest corrections, the newest first."""
        return curation.every_correction(self.database.read, limit)

    def figures(self, counts: Counts) -> Figures:
        """Return the counters of the last days."""
        counts.flush()
        today = dt.datetime.now(dt.UTC).date()
        days = [(today - dt.timedelta(days=n)).isoformat() for n in range(DAYS)]
        since, db = days[-1], self.database.read
        by_kind = {kind: counts.by_day(kind, since) for kind in KINDS}
        charts = Counter(self.stories.charts.store.days(since))
        published = Counter(one[:10] for one in store.publication_times(db, since))
        made = tuple(
            DayFigures(
                day=day,
                charts=charts[day],
                stories=published[day],
                **{kind: found.get(day, 0) for kind, found in by_kind.items()},
            )
            for day in days
        )
        return Figures(
            days=made,
            opens=counts.by_about("open", since),
            shares=counts.by_about("share", since),
            downloads=counts.by_about("download", since),
        )

    def titles(self) -> dict[str, str]:
        """Return the title of every story by its id."""
        return {kept.id: kept.story.title for kept in self.stories.every()}

    def _title(self, story_id: str) -> str:
        return self.stories.find(story_id).story.title

    def _free_slug(self, title: str) -> str:
        wanted, taken = actions.slug_of(title), {one.slug for one in self.collections()}
        return next(
            slug for n in range(1, 1000) if (slug := wanted if n == 1 else f"{wanted}-{n}") not in taken
        )
