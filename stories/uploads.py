"""Pictures that authors upload: one form to send them, and each size to look at while writing."""

import asyncio
from typing import Any

from stories.stories import Stories
from web import urls
from web.pages import Page
from web.site import Site
from web.values import Refused

KEPT = "private, max-age=31536000, immutable"
Route = tuple[str, type[Page], dict[str, Any]]


class Upload(Page):
    """``/studio/images``: send a picture; the editor does it from within, anyone else with this form."""

    stories: Stories

    def get(self) -> None:
        self.require("author")
        self.page("stories_upload.html")

    async def post(self) -> None:
        self.require("author")
        sent = self.request.files.get("image", [])
        if not sent:
            raise Refused("image_needed_first")
        picture = await asyncio.to_thread(self.stories.images.keep, sent[0]["body"])
        self.json(picture)


class Uploaded(Page):
    """``/studio/images/<name>``: one size of a picture, for those who write."""

    stories: Stories

    def get(self, name: str) -> None:
        self.require("author")
        content = self.stories.images.file(name)
        self.set_header("Content-Type", "image/webp")
        self.set_header("Content-Disposition", "attachment")
        self.set_header("Cache-Control", KEPT)
        self.finish(content)


def routes(site: Site, stories: Stories) -> list[Route]:
    """Return the url table of uploaded pictures."""
    room = {"site": site, "stories": stories}
    return [(urls.IMAGES, Upload, room), (rf"{urls.IMAGES}/([0-9a-f]+-[0-9]+\.webp)", Uploaded, room)]
