"""Marked texts in drafts, notes and accounts; then everything public is read, and none of them may be there."""

import re
from html import unescape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest

from stories import actions
from stories.stories import furnish
from stories.story import Heading, Quote, Story, Text
from tests.conftest import Served
from tests.web.client import Client
from web import demo
from web.accounts import Accounts
from web.invitations import Invitations
from web.settings import Settings

CANARY = "canario7f3a"
MOST_PAGES = 120
STARTS = (
    "/", "/stories", "/stories.atom", "/sitemap.xml", "/search", "/login", "/api/openapi.json", "/api/datasets?q=",
    "/stories?q=a", "/nothing", "/studio", "/desk", "/desk/people", "/account",
)  # fmt: skip
FORBIDDEN = (CANARY, "@demo.local", "$argon2")


@pytest.fixture(scope="module")
def marked(served: Served) -> Served:
    """A draft, a returned story with a note, a submitted one, and an invitation, all marked."""
    stories = furnish(Settings(data=Path(served.data)))
    known = Accounts(stories.database)
    author, curator = known.by_email(demo.AUTHOR), known.by_email("curator@demo.local")
    blocks = (
        Heading(id="h", text=f"{CANARY} heading"), Text(id="t", markdown=f"{CANARY} text"),
        Quote(id="q", text=f"{CANARY} quote", who=CANARY),
    )  # fmt: skip
    secret = Story(title=f"{CANARY} title", lead=f"{CANARY} lead", byline=CANARY, blocks=blocks)
    for step in ("draft", "returned", "submitted"):
        kept = actions.create(stories.database, author, secret)
        if step != "draft":
            actions.submit(stories.database, author, kept.id)
        if step == "returned":
            actions.send_back(stories.database, curator, kept.id, f"{CANARY} note")
    live = stories.live()[0]
    newer = stories.find(live.story)
    changed = newer.story.model_copy(update={"lead": f"{CANARY} newer edits"})
    actions.save(stories.database, author, live.story, changed, newer.standing.revision)
    Invitations(stories.database).make("invite", f"{CANARY}@demo.local", "author", curator)
    return served


def test_nothing_marked_is_ever_public(marked: Served) -> None:
    reader, waiting, seen = Client(marked.url), list(STARTS), set()
    published = 0
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        if path in seen or "/build" in path or "/bokeh-" in path or path.endswith(".png"):
            continue
        seen.add(path)
        answer = reader.ask(path)
        for canary in FORBIDDEN:
            assert canary not in answer.text, (path, canary)
            assert canary not in str(answer.headers), (path, canary)
        published += path.startswith("/stories/")
        found = found_in(answer.text, path, marked.url)
        files = [one for one in found if one.startswith("/stories/")]
        waiting = [*files, *waiting, *(one for one in found if one not in files)]
    assert published > 10
    assert len(seen) > 50


def found_in(page: str, path: str, url: str) -> list[str]:
    """Return the addresses of this Relato a page names."""
    named = re.findall(r'(?:href|src|srcset|data-item)="([^"#]+)', page) + re.findall(r"<loc>([^<]+)", page)
    whole = [urljoin(url + path, unescape(one).replace("{width}", "wide").split(" ")[0]) for one in named]
    ours = [one for one in whole if urlsplit(one).hostname in ("127.0.0.1", "localhost")]
    return [urlsplit(one)._replace(scheme="", netloc="").geturl() for one in ours]
