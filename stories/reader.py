"""What readers are served: published folders, their editions, embeds, and a chart beside today's data."""

import asyncio
import json
import mimetypes
import re
from http import HTTPStatus
from typing import Any

import tornado.web
from markupsafe import Markup

from builder.answers import EmbedAnswer
from builder.chart import Drawing, Links, chart_html, legend_html
from builder.link import encode
from builder.svg import svg
from stories.edition import EMBED_HEIGHT, Edition, snippet
from stories.release import Release
from stories.stories import Stories
from stories.story import Pictured, pictured, read_story
from stories.today import compare
from web import urls
from web.i18n import pick_language, words
from web.pages import POLICY, Page
from web.site import Site
from web.values import Refused, content_hash

FOREVER = "public, max-age=31536000, immutable"
EMBED_WIDTH = 760
MOST_BYTES = 1000
SHARED = re.compile(r".*/stories/([a-z0-9-]+)(?:@[0-9]+)?/")
SLUG = r"([a-z0-9-]+(?:@[0-9]+)?)"
Route = tuple[str, type[Page], dict[str, Any]]


class Reader(Page):
    """A page for readers: it sets no cookie, knows no account and reads no database.

    Where people come with an account only, it asks for one like any other page.
    """

    stories: Stories

    def prepare(self) -> None:
        if self.site.settings.role == "studio":
            super().prepare()
        accepted = self.request.headers.get("Accept-Language", "")
        self.language = pick_language(None, accepted or self.site.settings.language)
        self._, self.account = words(self.language), None

    def release(self, slug: str) -> Release:
        """Return what is published under a slug, or under one of its editions; raises Refused."""
        release = Release.of(self.stories.published, slug)
        if release is None:
            raise Refused("story_unknown", where=self.request.path)
        return release


class Published(Reader):
    """``/stories/<slug>/…``: files of a release, and nothing that is not in its manifest."""

    def get(self, slug: str, path: str) -> None:
        release, path = self.release(slug), path or "index.html"
        self.set_header("Content-Security-Policy", self._policy("'self'"))
        found = release.file(path, self.request.headers.get("Accept-Encoding", ""))
        if found is None:
            raise tornado.web.HTTPError(HTTPStatus.NOT_FOUND)
        if is_embed(path):
            self._open_to_frames()
        self.set_header("Content-Type", media_type(path))
        self.set_header("Vary", "Accept-Encoding")
        self.set_header("Cache-Control", FOREVER if self.get_query_argument("v", "") else "no-cache")
        self.set_header("Etag", found.etag)
        if self.check_etag_header():
            self.set_status(HTTPStatus.NOT_MODIFIED)
            return
        if found.encoding:
            self.set_header("Content-Encoding", found.encoding)
        self.write(found.path.read_bytes())

    def on_finish(self) -> None:
        """Count a page opened and numbers taken away, by story and by dataset; of whom nobody knows."""
        if self.request.method != "GET" or self.get_status() not in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED):
            return
        slug, path = self.path_args
        if not path or path == "embed.html":
            self.site.counts.add("open", slug.split("@")[0])
        elif path.endswith((".csv", ".png")) and path.startswith("charts/"):
            dataset = self.release(slug).datasets.get(path.rsplit(".", 1)[0])
            if dataset:
                self.site.counts.add("download", dataset)

    def _policy(self, framing: str) -> str:
        """Let the page show pages of the hosts an operator allows, once a reader asks for one."""
        frames = " ".join(f"https://{host}" for host in self.site.settings.embeds)
        return POLICY.format(framing=framing).replace("frame-src 'self'", f"frame-src 'self' {frames}")

    def _open_to_frames(self) -> None:
        self.set_header("Content-Security-Policy", self._policy("*"))
        self.clear_header("Cross-Origin-Opener-Policy")


class Slashless(Reader):
    """``/stories/<slug>``: relative links need the slash at the end."""

    def get(self, slug: str) -> None:
        self.redirect(f"{urls.STORIES}/{slug}/", permanent=True)


class Share(Reader):
    """``POST /api/count``: a reader shared a published story; of whom nobody knows."""

    def post(self) -> None:
        try:
            told = json.loads(self.request.body[:MOST_BYTES])
            path = str(told["path"]) if told["what"] == "share" else ""
        except (ValueError, KeyError, TypeError):
            raise tornado.web.HTTPError(HTTPStatus.BAD_REQUEST) from None
        found = SHARED.fullmatch(path)
        if found and Release.of(self.stories.published, found[1]):
            self.site.counts.add("share", found[1])
        self.set_status(HTTPStatus.NO_CONTENT)


class Today(Reader):
    """``/today/<slug>/<chart>``: a published chart beside the same one counted from today's file.

    ``?part=now`` is what a published page puts in the chart's place.
    """

    async def get(self, slug: str, chart: str) -> None:
        release = self.release(slug)
        block, language = _chart_of(release, chart)
        today = await asyncio.to_thread(self.stories.today, block, language)
        values = {
            "title": today.wide.title,
            "compared": compare((release.folder / f"charts/{chart}.csv").read_text("utf-8"), today),
            "data": (block.spec.table, today.table.id),
            "drawn": today,
            "drawing": _drawing_of(today),
            "back": f"{urls.STORIES}/{slug}/#{block.id}",
            "path": urls.today(slug, chart),
        }
        self.language, self._ = language, words(language)
        self.set_header("Cache-Control", "no-cache")
        if self.get_query_argument("part", "") == "now":
            self.finish(self.site.render("stories_now.html", language, **values))
            return
        self.page(
            "stories_today.html",
            wide=True,
            was=f"{urls.STORIES}/{slug}/charts/{chart}",
            figure=chart_html(today, links=self._links(today), level=2),
            story=str(release.story["title"]),
            **values,
        )

    def _links(self, today: Drawing) -> Links:
        dataset = today.provenance.dataset
        return Links(
            explore=urls.build(spec=encode(today.spec)), dataset=urls.dataset(dataset) if dataset else ""
        )


def _chart_of(release: Release, chart: str) -> tuple[Pictured, str]:
    """Return the block of a release whose chart has this hash, and the story's language."""
    story = read_story(release.story)
    for part in pictured(story):
        if content_hash(part.spec) == chart:
            return part, story.language
    raise Refused("chart_unknown", where=chart)


def _drawing_of(drawn: Drawing) -> Markup:
    """Return both drawings with their legends, as they stand in a figure."""
    plans = (drawn.wide, drawn.narrow)
    return Markup("").join([*map(legend_html, plans), *(Markup(svg(plan)) for plan in plans)])


def is_embed(path: str) -> bool:
    """Tell whether a file of a bundle is a page made to be shown in a frame of any site."""
    return path == "embed.html" or (path.startswith("charts/") and path.endswith(".html"))


def media_type(name: str) -> str:
    """Return the media type of a file of a bundle."""
    guessed = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"{guessed}; charset=utf-8" if guessed.startswith("text/") else guessed


class Embeds:
    """How the embed routes of charts find published stories: by the id, and by the address."""

    def __init__(self, stories: Stories):
        self.stories, self.origin = stories, stories.settings.origin

    def page(self, story_id: str) -> str | None:
        """Return the path of the page to frame of a published story, or None."""
        live = self.stories.live_of(story_id)
        return f"{urls.story(live.slug)}embed.html" if live else None

    def answer(self, path: str) -> EmbedAnswer | None:
        """Return how to embed the published story at a path, or None."""
        found = next(
            (live for live in self.stories.live() if path.rstrip("/") == urls.story(live.slug).rstrip("/")),
            None,
        )
        if found is None:
            return None
        settings, edition = (
            self.stories.settings,
            Edition(home="", address=self.origin + urls.story(found.slug)),
        )
        return EmbedAnswer(
            title=found.card.title,
            html=str(snippet(edition, "embed.html", found.card.title)),
            width=EMBED_WIDTH,
            height=EMBED_HEIGHT,
            provider_name=settings.title,
            provider_url=self.origin,
        )


def routes(site: Site, stories: Stories) -> list[Route]:
    """Return the url table of published stories."""
    room = {"site": site, "stories": stories}
    table: list[tuple[str, type[Page]]] = [
        (rf"{urls.STORIES}/{SLUG}", Slashless),
        (rf"{urls.STORIES}/{SLUG}/(.*)", Published),
        (urls.COUNT, Share),
        (rf"{urls.TODAY}/{SLUG}/([0-9a-f]+)", Today),
    ]
    return [(pattern, page, room) for pattern, page in table]
