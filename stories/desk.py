"""The desk: what waits for a decision, one story in review, and what became of published ones."""

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import tornado.web

from stories import actions, store
from stories.front import Front
from stories.pages import Room
from stories.stories import Stories
from stories.story import Block, Chart, Story
from web import urls
from web.accounts import Account
from web.i18n import explain
from web.pages import Page
from web.site import Site
from web.values import Problem, Refused

SHOWN = 200


class DeskRoom(Room):
    """A page for curators."""

    front: Front

    def prepare(self) -> None:
        super().prepare()
        self.require("curator")

    @property
    def curator(self) -> Account:
        return self.require("curator")

    def said(self, story_id: str, problems: tuple[Problem, ...]) -> list[dict[str, str]]:
        """Return problems in words, each with the way to its place in the editor and in the preview."""
        return [
            {
                "severity": one.severity,
                "where": one.where,
                "sentence": explain(one, self.language),
                "href": urls.editor(story_id, block=one.where),
            }
            for one in problems
        ]


class Desk(DeskRoom):
    """``/desk``: what waits for a curator's decision."""

    def get(self) -> None:
        self.page(
            "stories_desk.html",
            wide=True,
            queue=[
                (
                    one,
                    self.said(one.story, self.stories.problems(one.document)),
                    self.stories.has_cover(one.document),
                )
                for one in self.stories.waiting()
            ],
            author=self.name_of,
            live=self.stories.live(),
        )


class Review(DeskRoom):
    """``/desk/<id>``: one story as it would be published, its checks, and the decision; what is live of it."""

    def get(self, story_id: str) -> None:
        kept = self.stories.find(story_id)
        number = kept.standing.submitted or kept.standing.revision
        revision = self.stories.revision(story_id, number)
        self.page(
            "stories_review.html",
            wide=True,
            kept=kept,
            revision=revision,
            problems=self.said(story_id, self.stories.problems(revision.document)),
            blocks=[
                (block.id, named(block, at)) for at, block in enumerate(revision.document.blocks, start=1)
            ],
            editions=self.stories.editions(story_id),
            corrections=self.front.corrections(story_id),
            feature=self.front.feature_of(story_id),
            events=self.stories.events(story_id),
            author=self.name_of,
        )

    async def post(self, story_id: str) -> None:
        account, decision = self.curator, self.get_body_argument("decision", "")
        await asyncio.to_thread(self._take, account, story_id, decision)
        self.redirect(urls.DESK if decision in ("approve", "return") else urls.review(story_id))

    def _take(self, account: Account, story_id: str, decision: str) -> None:
        note = self.get_body_argument("note", "").strip()
        steps: dict[str, Callable[[], object]] = {
            "approve": lambda: self.stories.approve(account, story_id, self.get_body_argument("hash", "")),
            "return": lambda: self._send_back(account, story_id, note),
            "withdraw": lambda: self.stories.withdraw(account, story_id, note),
            "correct": lambda: self.stories.correct(account, story_id, note),
            "feature": lambda: self.front.feature(account, story_id, self.get_body_argument("until", "")),
            "unfeature": lambda: self.front.unfeature(account, story_id),
        }
        if decision not in steps:
            raise tornado.web.HTTPError(HTTPStatus.BAD_REQUEST)
        steps[decision]()

    def _send_back(self, account: Account, story_id: str, note: str) -> None:
        """Return a story with a note for the whole and one for each block that has its own."""
        kept = self.stories.find(story_id)
        waiting = self.stories.revision(story_id, kept.standing.submitted or kept.standing.revision)
        notes = [note, *self._block_notes(waiting.document)]
        if not any(notes):
            raise Refused("story_note_missing")
        actions.send_back(self.stories.database, account, story_id, "\n".join(filter(None, notes)))

    def _block_notes(self, story: Story) -> list[str]:
        found = []
        for at, block in enumerate(story.blocks, start=1):
            text = " ".join(self.get_body_argument(f"note-{block.id}", "").split())
            if text:
                found.append(f"{named(block, at)}: {text}")
        return found


class FrontPage(DeskRoom):
    """``/desk/front``: which stories the front page shows first, in which order, until when."""

    def get(self) -> None:
        featured = self.front.every_feature()
        shown = {one.edition.story for one in featured}
        others = [one for one in self.stories.live() if one.story not in shown]
        self.page("stories_front.html", wide=True, featured=featured, others=others, today=actions.now()[:10])

    def post(self) -> None:
        story, what = self.get_body_argument("story", ""), self.get_body_argument("change", "")
        if what == "off":
            self.front.unfeature(self.curator, story)
        elif what in ("up", "down"):
            self.front.move(story, -1 if what == "up" else 1)
        else:
            self.front.feature(self.curator, story, self.get_body_argument("until", ""))
        self.redirect(urls.FRONT)


class Collections(DeskRoom):
    """``/desk/collections``: stories that belong together, each collection with its own page."""

    def get(self) -> None:
        self.page(
            "stories_collections.html",
            wide=True,
            collections=self.front.collections(),
            live=self.stories.live(),
        )

    def post(self) -> None:
        if self.get_body_argument("change", "") == "drop":
            self.front.drop_collection(self.curator, self.get_body_argument("slug", ""))
        else:
            self.front.keep_collection(
                self.curator,
                self.get_body_argument("slug", ""),
                self.get_body_argument("title", ""),
                self.get_body_argument("lead", ""),
                self.get_body_arguments("story"),
            )
        self.redirect(urls.COLLECTIONS_DESK)


class Figures(DeskRoom):
    """``/desk/figures``: charts made, stories published, opens, shares and downloads of the last days."""

    def get(self) -> None:
        self.page("stories_figures.html", wide=True, figures=self.front.figures(self.site.counts))


class Log(DeskRoom):
    """``/desk/log``: who did what, and every correction; never rewritten."""

    def get(self) -> None:
        self.page(
            "stories_log.html",
            wide=True,
            entries=self.site.audit.newest(SHOWN),
            events=store.newest_events(self.stories.database.read, SHOWN),
            corrections=self.front.every_correction(SHOWN),
            titles=self.front.titles(),
            author=self.name_of,
        )


def named(block: Block, at: int) -> str:
    """Return a short name of a block for a note about it."""
    texts = (getattr(block, name, "") for name in ("text", "markdown", "number", "caption"))
    told = block.spec.title if isinstance(block, Chart) else next((text for text in texts if text), "")
    words = " ".join(str(told).split())
    return f"{at}. {words[:60]}{'…' if len(words) > 60 else ''}" if words else f"{at}. {block.kind}"


def routes(site: Site, stories: Stories, front: Front) -> list[tuple[str, type[Page], dict[str, Any]]]:
    """Return the url table of the desk."""
    room = {"site": site, "stories": stories, "front": front}
    table: list[tuple[str, type[Page]]] = [
        (urls.DESK, Desk),
        (urls.FRONT, FrontPage),
        (urls.COLLECTIONS_DESK, Collections),
        (urls.FIGURES, Figures),
        (urls.LOG, Log),
        (rf"{urls.DESK}/([0-9a-f]{{10}})", Review),
    ]
    return [(pattern, page, room) for pattern, page in table]
