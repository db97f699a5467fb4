"""The one renderer of a story: the editor's preview and the published page are both written here."""

import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial

from markupsafe import escape

from builder.chart import Drawing, Links, chart_html
from catalog.models import Provenance
from stories.blocks import IMAGES, LinksOf, block_html, templates
from stories.drawn import Drawings, drawn
from stories.edition import Edition, snippet
from stories.facts import filled
from stories.share import networks
from stories.story import WRITTEN, Heading, Story, parts, pictured
from web import i18n
from web.i18n import words

WORDS_PER_MINUTE = 220
LONG_STORY = 4
"""Headings from which a story opens with its contents."""


def story_html(
    story: Story,
    drawings: Drawings,
    *,
    links: LinksOf,
    edition: Edition,
    asset: Callable[[str], str],
    framed: bool = False,
) -> str:
    """Return the whole page of a story; ``asset`` gives the address of a stylesheet or script.

    ``framed``, the page is made for a frame in another site's page.
    """
    story = filled(story, drawings)
    headings = [block for block in story.blocks if isinstance(block, Heading) and block.text.strip()]
    return (
        templates()
        .get_template("stories_framed.html" if framed else "stories_page.html")
        .render(
            _=words(story.language),
            date=partial(_day, language=story.language),
            story=story,
            edition=edition,
            asset=asset,
            blocks=[
                block_html(block, drawings, links, story.language, level, f"{edition.root}{IMAGES}")
                for block, level in zip(story.blocks, _levels(story), strict=True)
            ],
            contents=headings if len(headings) >= LONG_STORY else [],
            minutes=minutes_to_read(story),
            sources=sources(drawings),
            snippet=snippet(edition, "embed.html", story.title),
            networks=networks(edition, story),
        )
    )


def chart_page(
    story: Story, drawing: Drawing, links: Links, edition: Edition, asset: Callable[[str], str]
) -> str:
    """Return the page of one chart of a published story, made for a frame in another site's page."""
    bare = links.model_copy(update={"snippet": "", "cite": "", "today": ""})
    return (
        templates()
        .get_template("stories_chart.html")
        .render(
            _=words(story.language),
            story=story,
            edition=edition,
            asset=asset,
            title=drawing.wide.title,
            figure=chart_html(drawing, links=bare, level=1),
        )
    )


def _levels(story: Story) -> Iterator[int]:
    """Yield the heading level of a chart in each block's place: below the last heading, if there is one."""
    level = 2
    for block in story.blocks:
        if isinstance(block, Heading) and block.text.strip():
            level = 3
        yield level


def word_count(story: Story) -> int:
    """Return how many words the author wrote."""
    every = (part for block in story.blocks for part in parts(block))
    written = (getattr(part, name) for part in every for name in WRITTEN[part.kind])
    return sum(len(text.split()) for text in (story.title, story.lead, *written))


def minutes_to_read(story: Story) -> int:
    """Return how long an unhurried reader takes, at least one minute."""
    charts = sum(1 for _ in pictured(story))
    return max(1, round(word_count(story) / WORDS_PER_MINUTE + charts / 3))


def sources(drawings: Drawings) -> list[Provenance]:
    """Return where the charts' data come from, each file once, in the order of the story."""
    found = {
        (drawing.provenance.resource, drawing.provenance.sha256): drawing.provenance
        for drawing in drawn(drawings)
    }
    return list(found.values())


def _day(text: str, language: str) -> str:
    try:
        return i18n.date(dt.date.fromisoformat(text[:10]), language)
    except ValueError:
        return str(escape(text))
