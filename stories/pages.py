"""Plain pages of the stories room: home, gallery, studio, desk, previews and published stories."""

import asyncio
from collections import Counter
from collections.abc import Collection
from http import HTTPStatus
from typing import Any

import tornado.web
from markupsafe import Markup

import stories.problems  # noqa: F401  (registers its sentences)
from builder.chart import chart_html
from catalog.models import Count
from stories import actions
from stories.answers import plain
from stories.difference import difference
from stories.front import Front
from stories.reader import media_type
from stories.said import said
from stories.store import Publication, Revision
from stories.stories import Stories
from web import urls
from web.i18n import explain
from web.pages import Page
from web.site import Site
from web.values import Problem, Refused

RECENT = 6
FRONT = 7
COLLECTIONS = 4
FEED_LENGTH = 1000


class Room(Page):
    """A page that knows the stories."""

    stories: Stories
    front: Front

    def name_of(self, account_id: int) -> str:
        """Return the name of an account, or nothing for one that is gone."""
        account = self.site.accounts.by_id(account_id)
        return account.name if account else ""


class Home(Room):
    """``/``: search, what others found out, themes, and what is new in the data."""

    def get(self) -> None:
        catalog = self.stories.catalog
        self.page(
            "stories_home.html",
            wide=True,
            counts=catalog.counts(),
            live=self._first(),
            collections=[one for one in self.front.collections() if one.stories][:COLLECTIONS],
            themes=catalog.themes(),
            recent=catalog.recent(RECENT),
        )

    def _first(self) -> list[Publication]:
        """Return the featured stories in the curators' order, then the newest others."""
        featured = [one.edition for one in self.front.features()]
        shown = {one.story for one in featured}
        return [*featured, *(one for one in self.stories.live() if one.story not in shown)][:FRONT]


class Gallery(Room):
    """``/stories``: everything published, the newest first.

    ``?q=`` keeps those with all its words, ``?theme=`` those made with data of a theme.
    """

    def get(self) -> None:
        text = self.get_query_argument("q", "").strip()
        theme = self.get_query_argument("theme", "")
        every = self.stories.live()
        live = [one for one in found(every, text) if not theme or theme in one.card.themes]
        self.page(
            "stories_gallery.html",
            wide=True,
            text=text,
            theme=theme,
            themes=self._themes(every),
            live=live,
            collections=[] if text or theme else [one for one in self.front.collections() if one.stories],
        )

    def _themes(self, live: list[Publication]) -> list[Count]:
        """Return the themes of the published stories, with how many each has, the largest first."""
        times = Counter(theme for one in live for theme in one.card.themes)
        titles = {count.value: count.title for count in self.stories.catalog.themes()}
        return [Count(value=one, title=titles.get(one, one), count=n) for one, n in times.most_common()]


class Feed(Room):
    """``/stories.atom``: the newest stories for feed readers."""

    media_type = "application/atom+xml; charset=utf-8"
    template = "stories_feed.xml"

    def get(self) -> None:
        live, collections = self.stories.live(FEED_LENGTH), self.front.collections()
        self.set_header("Content-Type", self.media_type)
        self.finish(
            self.site.render(
                self.template,
                self.language,
                live=live,
                collections=collections,
                origin=self.site.settings.origin,
            )
        )


class SiteMap(Feed):
    """``/sitemap.xml``: every published story for search engines."""

    media_type = "application/xml; charset=utf-8"
    template = "stories_sitemap.xml"


class Studio(Room):
    """``/studio``: my charts and my stories."""

    def get(self) -> None:
        account = self.require("author")
        self.page(
            "stories_studio.html",
            wide=True,
            charts=self.stories.charts.of(account),
            stories=self.stories.of(account),
        )


class New(Room):
    """``POST /studio/new``: start an empty story and open it."""

    def post(self) -> None:
        kept = self.stories.new(self.require("author"), self.language)
        self.redirect(urls.editor(kept.id))


class Add(Room):
    """``/studio/add?chart=``: choose the story a chart goes to."""

    def get(self) -> None:
        account = self.require("author")
        chart = self.stories.charts.get(self.get_query_argument("chart", ""))
        if chart is None:
            raise Refused("story_chart_unknown")
        self.page("stories_add.html", chart=chart, stories=self.stories.of(account))

    def post(self) -> None:
        account = self.require("author")
        story_id = self.get_body_argument("story", "") or None
        kept = self.stories.add_chart(account, story_id, self.get_body_argument("chart", ""), self.language)
        self.redirect(urls.editor(kept.id, block=kept.story.blocks[-1].id))


class Preview(Room):
    """``/studio/preview/<id>/<revision>/…``: a revision exactly as publishing would write it."""

    async def get(self, story_id: str, number: str, path: str) -> None:
        account = self.require("author")
        actions.check_step(self.stories.database, account, story_id, "edit")
        name = path or "index.html"
        content = await asyncio.to_thread(self._made, story_id, int(number), name)
        self.set_header("Content-Type", media_type(name))
        self.set_header("Cache-Control", "private, no-cache")
        self.finish(content)

    def _made(self, story_id: str, number: int, name: str) -> bytes:
        make = self.stories.preview(self.stories.revision(story_id, number).document).get(name)
        if make is None:
            raise tornado.web.HTTPError(HTTPStatus.NOT_FOUND)
        return make()


class Difference(Room):
    """``/studio/history/<id>/<before>/<after>``: what changed between two versions, rendered."""

    async def get(self, story_id: str, before: str, after: str) -> None:
        account = self.require("author")
        kept = actions.check_step(self.stories.database, account, story_id, "edit")
        old, new = (self.stories.revision(story_id, int(number)) for number in (before, after))
        was, now = await asyncio.to_thread(lambda: (self._figures(old), self._figures(new)))
        self.page(
            "stories_difference.html",
            wide=True,
            kept=kept,
            before=old,
            after=new,
            changes=difference(old.document, new.document),
            names=said(self._),
            was=was,
            now=now,
            author=self.name_of,
        )

    def _figures(self, revision: Revision) -> dict[str, Markup]:
        """Return every chart of a version, drawn."""
        drawings = self.stories.draw(revision.document)
        return {
            name: Markup('<p class="problem">{}</p>').format(explain(drawn, self.language))
            if isinstance(drawn, Problem)
            else chart_html(drawn, level=3, key=f"{revision.number}-{name}")
            for name, drawn in drawings.items()
        }


class History(Room):
    """``/studio/history/<id>``: every saved version, to look at and to restore."""

    def get(self, story_id: str) -> None:
        account = self.require("author")
        kept = actions.check_step(self.stories.database, account, story_id, "edit")
        events = self.stories.events(story_id)
        named = {event.revision: event.note for event in events if event.step == "name"}
        versions = days_of(
            self.stories.revisions(story_id), [number for number, name in named.items() if name]
        )
        self.page(
            "stories_history.html",
            wide=True,
            kept=kept,
            versions=versions,
            named=named,
            events=events,
            author=self.name_of,
        )

    def post(self, story_id: str) -> None:
        account = self.require("author")
        kept = actions.check_step(self.stories.database, account, story_id, "edit")
        if named := self.get_body_argument("named", ""):
            name = self.get_body_argument("name", "")
            actions.name_version(self.stories.database, account, story_id, int(named), name)
            self.redirect(urls.history(story_id))
            return
        old = self.stories.revision(story_id, int(self.get_body_argument("revision", "0")))
        actions.save(self.stories.database, account, story_id, old.document, kept.standing.revision)
        self.redirect(urls.editor(story_id))


class CollectionPage(Room):
    """``/collections/<slug>``: stories that belong together."""

    def get(self, slug: str) -> None:
        self.page("stories_collection.html", wide=True, collection=self.front.collection(slug))


def found(live: list[Publication], text: str) -> list[Publication]:
    """Return the stories whose title, lead or byline have every word of a text, accents aside."""
    words = plain(text).split()
    cards = (
        (edition, plain(f"{edition.card.title} {edition.card.lead} {edition.card.byline}"))
        for edition in live
    )
    return [edition for edition, told in cards if all(word in told for word in words)]


def days_of(revisions: list[Revision], named: Collection[int] = ()) -> dict[str, list[Revision]]:
    """Return revisions by day, the last of each minute, for autosave writes many; those with a name always."""
    days: dict[str, dict[str, Revision]] = {}
    for revision in revisions:
        moment = f"{revision.time[:16]} {revision.number}" if revision.number in named else revision.time[:16]
        days.setdefault(revision.time[:10], {}).setdefault(moment, revision)
    return {day: list(minutes.values()) for day, minutes in days.items()}


def routes(site: Site, stories: Stories, front: Front) -> list[tuple[str, type[Page], dict[str, Any]]]:
    """Return the url table of this room."""
    room = {"site": site, "stories": stories, "front": front}
    table: list[tuple[str, type[Page]]] = [
        (urls.HOME, Home),
        (urls.STORIES, Gallery),
        (urls.FEED.replace(".", r"\."), Feed),
        (urls.SITEMAP.replace(".", r"\."), SiteMap),
        (urls.STUDIO, Studio),
        (f"{urls.STUDIO}/new", New),
        (f"{urls.STUDIO}/add", Add),
        (rf"{urls.STUDIO}/history/([0-9a-f]+)", History),
        (rf"{urls.STUDIO}/history/([0-9a-f]+)/([0-9]+)/([0-9]+)", Difference),
        (rf"{urls.STUDIO}/preview/([0-9a-f]+)/([0-9]+)/(.*)", Preview),
        (urls.collection("([a-z0-9-]+)"), CollectionPage),
    ]
    return [(pattern, page, room) for pattern, page in table]
