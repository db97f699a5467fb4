"""The links an author wrote: where each stands, and which lead nowhere on this Relato."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from markdown_it import MarkdownIt

from stories.story import WRITTEN, Story, parts
from web.values import Problem

PARSER = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}|localhost|\[[0-9a-f:]+\]|\d+\.\d+\.\d+\.\d+", re.IGNORECASE)


def links(story: Story) -> Iterator[tuple[str, str]]:
    """Yield the block or step and the address of each link, in the order of the story."""
    for block in (part for each in story.blocks for part in parts(each)):
        for name in WRITTEN[block.kind]:
            if name in ("markdown", "caption"):
                for token in PARSER.parse(getattr(block, name)):
                    for child in token.children or ():
                        if child.type == "link_open":
                            yield block.id, str(child.attrs["href"])


def broken(story: Story, exists: Callable[[str], bool], origin: str) -> Iterator[Problem]:
    """Yield a doubt for each link that names no host, or a page of ours that ``exists`` does not know."""
    for where, address in links(story):
        parts = urlsplit(address)
        is_ours = (not parts.netloc and not parts.scheme) or f"{parts.scheme}://{parts.netloc}" == origin
        if parts.scheme == "mailto":
            fails = "@" not in parts.path
        elif is_ours:
            fails = bool(parts.path) and not exists(parts.path)
        else:
            fails = parts.scheme not in ("http", "https") or not HOST.fullmatch(parts.hostname or "")
        if fails:
            yield Problem(
                code="story_link_broken", severity="warning", where=where, facts={"address": address}
            )
