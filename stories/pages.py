"""Plain pages of the stories room: home, gallery, studio, desk, previews and published stories."""

import asyncio
from http import HTTPStatus
from typing import Any

import tornado.web

import stories.problems  # noqa: F401  (registers its sentences)
from stories import actions
from stories.answers import plain
from stories.reader import media_type
from stories.store import Publication, Revision
from stories.stories import Stories
from web import urls
from web.accounts import Account
from web.i18n import explain
from web.pages import Page
from web.site import Site
from web.values import Refused

RECENT = 6
FRONT = 7
FEED_LENGTH = 1000


class Room(Page):
    """A page that knows the stories."""

    stories: Stories

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
            live=self.stories.live(FRONT),
            themes=catalog.themes(),
            recent=catalog.recent(RECENT),
        )


class Gallery(Room):
    """``/stories``: everything published, the newest first; ``?q=`` keeps those with all its words."""

    def get(self) -> None:
        text = self.get_query_argument("q", "").strip()
        self.page("stories_gallery.html", wide=True, text=text, live=found(self.stories.live(), text))


class Feed(Room):
    """``/stories.atom``: the newest stories for feed readers."""

    media_type = "application/atom+xml; charset=utf-8"
    template = "stories_feed.xml"

    def get(self) -> None:
        live = self.stories.live(FEED_LENGTH)
        self.set_header("Content-Type", self.media_type)
        self.finish(
            self.site.render(self.template, self.language, live=live, origin=self.site.settings.origin)
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


class History(Room):
    """``/studio/history/<id>``: every saved version, to look at and to restore."""

    def get(self, story_id: str) -> None:
        account = self.require("author")
        kept = actions.check_step(self.stories.database, account, story_id, "edit")
        versions = days_of(self.stories.revisions(story_id))
        events = self.stories.events(story_id)
        self.page(
            "stories_history.html",
            wide=True,
            kept=kept,
            versions=versions,
            events=events,
            author=self.name_of,
        )

    def post(self, story_id: str) -> None:
        account = self.require("author")
        kept = actions.check_step(self.stories.database, account, story_id, "edit")
        old = self.stories.revision(story_id, int(self.get_body_argument("revision", "0")))
        actions.save(self.stories.database, account, story_id, old.document, kept.standing.revision)
        self.redirect(urls.editor(story_id))


class Desk(Room):
    """``/desk``: what waits for a curator's decision."""

    def get(self) -> None:
        self.require("curator")
        self.page(
            "stories_desk.html",
            wide=True,
            queue=[(revision, self._problems(revision)) for revision in self.stories.waiting()],
            author=self.name_of,
            live=self.stories.live(),
        )

    def _problems(self, revision: Revision) -> list[tuple[str, str]]:
        problems = self.stories.problems(revision.document)
        return [(problem.severity, explain(problem, self.language)) for problem in problems]


class Decide(Room):
    """``POST /desk/<id>``: approve, return with a note, or withdraw."""

    async def post(self, story_id: str) -> None:
        account = self.require("curator")
        decision = self.get_body_argument("decision", "")
        await asyncio.to_thread(self._take, account, story_id, decision)
        self.redirect(urls.DESK)

    def _take(self, account: Account, story_id: str, decision: str) -> None:
        note = self.get_body_argument("note", "").strip()
        if decision == "approve":
            self.stories.approve(account, story_id)
        elif decision == "return" and not note:
            raise Refused("story_note_missing")
        elif decision == "return":
            actions.send_back(self.stories.database, account, story_id, note)
        elif decision == "withdraw":
            self.stories.withdraw(account, story_id, note)
        else:
            raise tornado.web.HTTPError(HTTPStatus.BAD_REQUEST)


def found(live: list[Publication], text: str) -> list[Publication]:
    """Return the stories whose title, lead or byline have every word of a text, accents aside."""
    words = plain(text).split()
    cards = (
        (edition, plain(f"{edition.card.title} {edition.card.lead} {edition.card.byline}"))
        for edition in live
    )
    return [edition for edition, told in cards if all(word in told for word in words)]


def days_of(revisions: list[Revision]) -> dict[str, list[Revision]]:
    """Return revisions by day, the last of each minute: autosave writes many."""
    days: dict[str, dict[str, Revision]] = {}
    for revision in revisions:
        days.setdefault(revision.time[:10], {}).setdefault(revision.time[:16], revision)
    return {day: list(minutes.values()) for day, minutes in days.items()}


def routes(site: Site, stories: Stories) -> list[tuple[str, type[Page], dict[str, Any]]]:
    """Return the url table of this room."""
    room = {"site": site, "stories": stories}
    table: list[tuple[str, type[Page]]] = [
        (urls.HOME, Home),
        (urls.STORIES, Gallery),
        (urls.FEED.replace(".", r"\."), Feed),
        (urls.SITEMAP.replace(".", r"\."), SiteMap),
        (urls.STUDIO, Studio),
        (f"{urls.STUDIO}/new", New),
        (f"{urls.STUDIO}/add", Add),
        (rf"{urls.STUDIO}/history/([0-9a-f]+)", History),
        (rf"{urls.STUDIO}/preview/([0-9a-f]+)/([0-9]+)/(.*)", Preview),
        (urls.DESK, Desk),
        (rf"{urls.DESK}/([0-9a-f]+)", Decide),
    ]
    return [(pattern, page, room) for pattern, page in table]
