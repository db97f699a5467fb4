"""Videos and pages of others: which may be shown in a story, and the address that shows them."""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import parse_qs, urlsplit

from stories.story import Embed, Story
from web.values import Problem

YOUTUBE = ("youtube.com", "m.youtube.com", "youtu.be", "youtube-nocookie.com")
VIDEO = re.compile(r"[\w-]{6,20}")


def host_of(url: str) -> str:
    """Return the host of a web address, or nothing."""
    try:
        found = urlsplit(url.strip())
    except ValueError:
        return ""
    return (found.hostname or "") if found.scheme == "https" else ""


def frame_address(url: str) -> str:
    """Return the address that shows a page in a frame; that of a video's page becomes its player's."""
    host = host_of(url).removeprefix("www.")
    if host in YOUTUBE:
        return _youtube(url)
    if host == "vimeo.com":
        number = urlsplit(url).path.strip("/").split("/")[0]
        return f"https://player.vimeo.com/video/{number}" if number.isdigit() else ""
    return url.strip() if host else ""


def refused(story: Story, hosts: Sequence[str]) -> Iterator[Problem]:
    """Yield a problem for each page that may not be shown here."""
    for block in story.blocks:
        if isinstance(block, Embed) and block.url.strip():
            frame = frame_address(block.url)
            if host_of(frame) not in hosts:
                facts = {"host": host_of(block.url) or block.url.strip()[:80], "hosts": ", ".join(hosts)}
                yield Problem(code="story_embed_refused", where=block.id, facts=facts)


def _youtube(url: str) -> str:
    found = urlsplit(url.strip())
    video = parse_qs(found.query).get("v", [found.path.rstrip("/").rsplit("/", 1)[-1]])[0]
    return f"https://www.youtube-nocookie.com/embed/{video}" if VIDEO.fullmatch(video) else ""
