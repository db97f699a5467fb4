"""The one renderer of a story: the editor's preview and the published page are both written here."""

import datetime as dt
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from builder.chart import Drawing, Links, chart_html
from catalog.models import Provenance
from stories.drawn import Drawings, drawn
from stories.edition import Edition, snippet
from stories.facts import filled
from stories.share import networks
from stories.story import WRITTEN, Block, Chart, Divider, Heading, Number, Quote, Story
from web import i18n
from web.i18n import explain, words
from web.markdown import markdown
from web.values import Problem

WORDS_PER_MINUTE = 220
LONG_STORY = 4
"""Headings from which a story opens with its contents."""

LinksOf = Callable[[Drawing], Links]


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
        _templates()
        .get_template("stories_framed.html" if framed else "stories_page.html")
        .render(
            _=words(story.language),
            date=partial(_day, language=story.language),
            story=story,
            edition=edition,
            asset=asset,
            blocks=[
                block_html(block, drawings, links, story.language, level)
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
        _templates()
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


def block_html(block: Block, drawings: Drawings, links: LinksOf, language: str, level: int = 2) -> Markup:
    """Return one block as the reader sees it, a chart's title at ``level``; an empty one is nothing."""
    if isinstance(block, Heading):
        return Markup('<h2 id="{}">{}</h2>').format(block.id, block.text) if block.text.strip() else Markup()
    if isinstance(block, Chart):
        return _chart(block, drawings[block.id], links, language, level)
    if isinstance(block, Quote):
        return _quote(block)
    if isinstance(block, Number):
        return _number(block)
    if isinstance(block, Divider):
        return Markup('<hr class="pause">')
    text = markdown(block.markdown)
    return Markup('<div class="text">{}</div>').format(text) if text.strip() else Markup()


def _quote(block: Quote) -> Markup:
    if not block.text.strip():
        return Markup()
    who = Markup("<figcaption>{}</figcaption>").format(block.who) if block.who.strip() else ""
    return Markup('<figure class="quote"><blockquote><p>{}</p></blockquote>{}</figure>').format(
        block.text, who
    )


def _number(block: Number) -> Markup:
    if not block.number.strip():
        return Markup()
    return Markup('<p class="big-number"><strong>{}</strong> <span>{}</span></p>').format(
        block.number, block.label
    )


def _chart(block: Chart, drawing: Drawing | Problem, links: LinksOf, language: str, level: int) -> Markup:
    if isinstance(drawing, Problem):
        return Markup('<p class="problem" id="{}">{}</p>').format(block.id, explain(drawing, language))
    figure = chart_html(drawing, links=links(drawing), level=level)
    caption = Markup('<div class="caption">{}</div>').format(markdown(block.caption)) if block.caption else ""
    return Markup('<div class="drawn" id="{}">{}{}</div>').format(block.id, figure, caption)


def word_count(story: Story) -> int:
    """Return how many words the author wrote."""
    written = (getattr(block, name) for block in story.blocks for name in WRITTEN[block.kind])
    return sum(len(text.split()) for text in (story.title, story.lead, *written))


def minutes_to_read(story: Story) -> int:
    """Return how long an unhurried reader takes, at least one minute."""
    charts = sum(isinstance(block, Chart) for block in story.blocks)
    return max(1, round(word_count(story) / WORDS_PER_MINUTE + charts / 3))


def sources(drawings: Drawings) -> list[Provenance]:
    """Return where the charts' data come from, each file once, in the order of the story."""
    found = {
        (drawing.provenance.resource, drawing.provenance.sha256): drawing.provenance
        for drawing in drawn(drawings)
    }
    return list(found.values())


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )


def _day(text: str, language: str) -> str:
    try:
        return i18n.date(dt.date.fromisoformat(text[:10]), language)
    except ValueError:
        return str(escape(text))
