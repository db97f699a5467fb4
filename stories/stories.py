"""The stories of one running Relato: what pages, screens and commands ask for."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote

import builder.store
from builder.chart import Drawing
from builder.charts import Charts
from catalog.catalog import Catalog
from catalog.models import Use
from stories import actions, check, curation, facts, links, publish, store, uses
from stories.bundle import Makers, bundle, card_of, makers
from stories.destination import PAGES, Destination
from stories.drawn import Drawings, drawn
from stories.edit import insert, new_id
from stories.edition import Badge, Correction, Earlier, Edition
from stories.images import Images
from stories.store import Card, Event, Kept, Publication, Revision
from stories.story import Chart, Pictured, Story, pictured
from stories.story import Step as StoryStep
from stories.workflow import Step
from web import accounts, urls
from web.accounts import Account
from web.assets import Assets
from web.database import Database
from web.settings import Settings
from web.values import Problem, Refused

ROOT = Path(__file__).parent.parent
log = logging.getLogger("relato")


def furnish(settings: Settings) -> "Stories":
    """Open the stories of a data folder with the rooms below, without a server."""
    database = Database(
        settings.data / "stories.db",
        accounts.migrations,
        builder.store.migrations,
        store.migrations,
    )
    catalog = Catalog(settings)
    return Stories(settings, database, catalog, Charts(settings, database, catalog))


class Stories:
    """Read, write and publish stories; opening it makes the published folder follow the record."""

    def __init__(self, settings: Settings, database: Database, catalog: Catalog, charts: Charts):
        self.settings = settings
        self.database = database
        self.catalog = catalog
        self.charts = charts
        self.assets = Assets([ROOT / room / "static" for room in ("web", "builder", "stories")])
        self.images = Images(settings.data / "uploads")
        self.published = settings.data / "published"
        self.destination = Destination(settings.destination) if settings.destination else None
        with database.write() as db:
            publish.reconcile(self.published, store.addresses(db))

    def find(self, story_id: str) -> Kept:
        """Return a story as it stands; raises Refused ``story_unknown``."""
        kept = store.find(self.database.read, story_id)
        if kept is None:
            raise Refused("story_unknown", where=story_id)
        return kept

    def every(self) -> list[Kept]:
        """Return all stories, the latest touched first."""
        return store.every(self.database.read)

    def of(self, account: Account) -> list[Kept]:
        """Return the stories of an account, the latest touched first."""
        return store.of_owner(self.database.read, account.id)

    def revision(self, story_id: str, number: int) -> Revision:
        """Return one revision of a story; raises Refused ``story_unknown``."""
        revision = store.revision(self.database.read, story_id, number)
        if revision is None:
            raise Refused("story_unknown", where=story_id)
        return revision

    def events(self, story_id: str) -> list[Event]:
        """Return what happened to a story, the oldest first."""
        return store.events(self.database.read, story_id)

    def revisions(self, story_id: str) -> list[Revision]:
        """Return every revision of a story, the newest first."""
        return store.revisions(self.database.read, story_id)

    def waiting(self) -> list[Revision]:
        """Return the revisions that wait for approval, the oldest first."""
        return store.waiting(self.database.read)

    def live(self, limit: int = -1) -> list[Publication]:
        """Return the editions readers see, the newest first."""
        return store.live(self.database.read, limit)

    def live_of(self, story_id: str) -> Publication | None:
        """Return the edition of a story that readers see, or None."""
        return next((one for one in self.editions(story_id) if one.ended is None), None)

    def editions(self, story_id: str) -> list[Publication]:
        """Return every edition of a story, the oldest first; one written again comes again."""
        return store.editions(self.database.read, story_id)

    def uses(self, resources: Sequence[str], *, inside: bool) -> list[Use]:
        """Return the published stories made with these files; ``inside``, saved charts and drafts too."""
        return list(uses.of(self.database.read, self.charts, resources, inside=inside))

    def new(self, account: Account, language: str) -> Kept:
        """Start an empty story signed by its author."""
        story = Story(language="en" if language == "en" else "es", byline=account.name)
        return actions.create(self.database, account, story)

    def add_chart(self, account: Account, story_id: str | None, chart_id: str, language: str) -> Kept:
        """Put a copy of a saved chart at the end of a story, or of a new one in a language.

        The copy is pinned to the table it was counted from. Raises Refused ``story_chart_unknown``
        or what :func:`stories.actions.save` raises.
        """
        saved = self.charts.get(chart_id)
        if saved is None:
            raise Refused("story_chart_unknown", where=chart_id)
        kept = self.find(story_id) if story_id else self.new(account, language)
        block = Chart(id=new_id(), spec=saved.spec, origin=saved.id)
        actions.save(self.database, account, kept.id, insert(kept.story, block), kept.standing.revision)
        return self.find(kept.id)

    def draw(self, story: Story) -> Drawings:
        """Return the drawing of each chart, table and step by its id, or the problem that prevents it."""
        return {part.id: self._drawing(part, story.language) for part in pictured(story)}

    def _drawing(self, block: Pictured, language: str) -> Drawing | Problem:
        try:
            return self.charts.draw(block.spec, language)
        except Refused as refused:
            return refused.problem

    def problems(self, story: Story) -> tuple[Problem, ...]:
        """Return what is missing before publishing, and what became newer than the story."""
        leads_nowhere = links.broken(story, self._exists, self.settings.origin)
        return (*self._missing(story, self.draw(story)), *leads_nowhere, *self._newer(story))

    def _exists(self, path: str) -> bool:
        """Tell whether a page of ours that a story links to is there."""
        kind, _, name = path.strip("/").partition("/")
        name = unquote(name.split("/")[0])
        if kind == "datasets":
            return self.catalog.dataset(name) is not None
        if kind == "charts":
            return self.charts.get(name) is not None
        if kind == "stories" and name:
            return (self.published / name).is_symlink()
        return kind in ("", "search", "stories", "build", "collections")

    def has_cover(self, story: Story) -> bool:
        """Tell whether a story has a chart to show itself with."""
        return next(drawn(self.draw(story)), None) is not None

    def _missing(self, story: Story, drawings: Drawings) -> tuple[Problem, ...]:
        return check.problems(story, drawings, hosts=self.settings.embeds, has_image=self.images.has)

    def renewed(self, block: Pictured) -> Pictured:
        """Return a chart block as its saved chart is now, with the newest data of its file."""
        origin = "" if isinstance(block, StoryStep) else block.origin
        saved = self.charts.get(origin) if origin else None
        renewed = block.model_copy(update={"spec": saved.spec}) if saved else block
        spec = renewed.spec.model_copy(update={"table": self._newest_table(renewed)})
        return renewed.model_copy(update={"spec": spec})

    def _newest_table(self, block: Pictured) -> str:
        """Return the table a chart's file was last read into, else the one it pins."""
        table = self.catalog.table_of(block.spec.resource) if block.spec.resource else None
        return table.id if table else block.spec.table

    def _newer(self, story: Story) -> Iterator[Problem]:
        """Yield each chart that became newer than the story, and what that does to the numbers of the text."""
        newer = {part.id: self.renewed(part) for part in pictured(story)}
        changed = [part for part in pictured(story) if newer[part.id].spec != part.spec]
        for part in changed:
            spec = newer[part.id].spec
            same_look = spec.model_copy(update={"table": part.spec.table}) == part.spec
            code = "story_data_newer" if same_look else "story_chart_newer"
            yield Problem(code=code, severity="warning", where=part.id, facts={"title": part.spec.title})
        if changed:
            after = {name: self._drawing(part, story.language) for name, part in newer.items()}
            yield from facts.compared(story, self.draw(story), after)

    def preview(self, story: Story) -> Makers:
        """Return how to make each file of the page as it would be published now."""
        edition = Edition(home="", site=self.settings.title, draft=True)
        return makers(story, self.draw(story), edition, self.assets, self.images.file)

    def publish(self, account: Account, story_id: str) -> Publication:
        """Publish the newest revision.

        Raises Refused: ``story_not_ready`` with the number of blocking problems,
        ``story_not_kept`` when the disk refuses, or the rule that forbids it.
        """
        kept = self._may(account, story_id, "publish")
        return self._release(account, kept, kept.standing.revision, "publish")

    def approve(self, account: Account, story_id: str, seen: str = "") -> Publication:
        """Publish exactly the revision that waits for approval; raises as :meth:`publish`.

        ``seen`` is the hash of the revision the curator read; another one that waits meanwhile
        raises Refused ``story_conflict``.
        """
        kept = self._may(account, story_id, "approve")
        assert kept.standing.submitted is not None
        if seen and self.revision(story_id, kept.standing.submitted).hash != seen:
            raise Refused("story_conflict", where=story_id, version=kept.standing.submitted)
        return self._release(account, kept, kept.standing.submitted, "approve")

    def rebake(self, account: Account, edition: Publication) -> Publication:
        """Write a live edition again, from the same revision with its own dates, as Relato writes it now.

        Nothing is recorded when the bytes are the same.
        """
        kept = self._may(account, edition.story, "rebake")
        return self._release(account, kept, edition.revision, "rebake", live=edition)

    def correct(self, account: Account, story_id: str, text: str) -> Publication:
        """Tell readers on the story itself what was put right in it; raises Refused."""
        if not text.strip():
            raise Refused("story_correction_missing")
        actions.correct(self.database, account, story_id, text.strip())
        live = self.live_of(story_id)
        assert live is not None
        return self.rebake(account, live)

    def withdraw(self, account: Account, story_id: str, note: str = "") -> None:
        """Take a story and all its editions away from readers."""
        slug = self.find(story_id).slug or ""
        actions.withdraw(
            self.database, account, story_id, note, lambda: publish.take_down(self.published, slug)
        )
        if self.destination:
            numbers = {one.edition for one in self.editions(story_id)}
            self.destination.take_down([slug, *(f"{slug}@{n}" for n in sorted(numbers))])

    def today(self, block: Pictured, language: str) -> Drawing:
        """Return a published chart as the newest table of its file draws it; raises Refused."""
        return self.charts.draw(block.spec.model_copy(update={"table": self._newest_table(block)}), language)

    def files(self, revision: Revision, edition: Edition) -> Mapping[str, bytes]:
        """Return the bundle of a revision; raises Refused ``story_not_ready``."""
        drawings = self.draw(revision.document)
        blocking = check.blocking(self._missing(revision.document, drawings))
        if blocking:
            raise Refused("story_not_ready", where=revision.story, n=len(blocking))
        return bundle(revision.document, drawings, edition, self.assets, self.images.file)

    def edition(self, story_id: str, slug: str, number: int, time: str, badge: Badge = "") -> Edition:
        """Return what the pages of an edition published at a time say of themselves."""
        before = {one.edition: one for one in self.editions(story_id) if one.edition < number}
        told = curation.corrections(self.database.read, story_id)
        first = min((one.time for one in before.values()), default=time)
        return Edition(
            home=self._home,
            address=self.settings.public_url and self._home + urls.story(slug),
            site=self.settings.title,
            slug=slug,
            number=number,
            published=first[:10],
            updated=time[:10],
            badge=badge,
            earlier=tuple(Earlier(number=n, day=one.time[:10]) for n, one in sorted(before.items())),
            corrections=tuple(Correction(day=one.time[:10], text=one.text) for one in told),
        )

    def _release(
        self, account: Account, kept: Kept, number: int, step: Step, live: Publication | None = None
    ) -> Publication:
        """Write the bundle of a revision aside and put it before readers; ``live`` is what it replaces as is."""
        revision = self.revision(kept.id, number)
        slug = actions.take_slug(self.database, kept)
        time = live.time if live else actions.now()
        nth = live.edition if live else 1 + store.newest_edition(self.database.read, kept.id)
        badge = live.card.badge if live else self._badge(account, step)
        edition = self.edition(kept.id, slug, nth, time, badge)
        files = self.files(revision, edition)
        try:
            release = publish.put(self.published, files)
            if live and live.release == release:
                self._copy(revision, edition, release, files)
                return live
            published = actions.go_live(
                self.database,
                account,
                revision,
                slug=slug,
                number=nth,
                release=release,
                card=self._card(revision.document, badge),
                time=time,
                step=step,
                authors_publish=self.settings.open_publishing,
                swap=lambda: self._show(slug, nth, release),
            )
        except OSError as error:
            log.error("publishing %s failed: %s", slug, error)
            raise Refused("story_not_kept", where=slug) from error
        self._copy(revision, edition, release, files)
        return published

    def _copy(self, revision: Revision, edition: Edition, release: str, files: Mapping[str, bytes]) -> None:
        """Put an edition also where the settings say; its pages there name the release they belong to."""
        if self.destination is None:
            return
        self.destination.put(release, files)
        there = edition.model_copy(update={"root": f"../{publish.RELEASES}/{release}/"})
        made = makers(revision.document, self.draw(revision.document), there, self.assets)
        pages = {page: made[page]() for page in PAGES}
        self.destination.show((f"{edition.slug}@{edition.number}", edition.slug), pages)

    def _show(self, slug: str, number: int, release: str) -> None:
        publish.point(self.published, f"{slug}@{number}", release)
        publish.point(self.published, slug, release)

    def _card(self, story: Story, badge: Badge) -> Card:
        """Return how a story shows itself in lists, with the themes and datasets of its charts."""
        drawings = self.draw(story)
        names = dict.fromkeys(one.provenance.dataset for one in drawn(drawings) if one.provenance.dataset)
        known = [dataset for name in names if (dataset := self.catalog.dataset(name))]
        themes = dict.fromkeys(group for dataset in known for group in dataset.groups)
        more = {"badge": badge, "themes": tuple(themes), "datasets": tuple(names)}
        return card_of(story, drawings).model_copy(update=more)

    @staticmethod
    def _badge(account: Account, step: Step) -> Badge:
        """A story is official when a curator answers for it."""
        return "official" if step == "approve" or account.may("curator") else "community"

    def _may(self, account: Account, story_id: str, step: Step) -> Kept:
        return actions.check_step(
            self.database, account, story_id, step, authors_publish=self.settings.open_publishing
        )

    @property
    def _home(self) -> str:
        """Where Relato is for a reader of ``/stories/<slug>/``: absolute when the operator says it."""
        return self.settings.public_url.rstrip("/") or "../.."
