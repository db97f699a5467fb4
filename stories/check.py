"""What is missing or doubtful in a story before readers see it, as data."""

from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest

from builder.honesty import cautions
from stories.drawn import Drawings
from stories.embeds import refused
from stories.facts import unanswered
from stories.story import (
    WRITTEN,
    Block,
    Embed,
    Heading,
    Image,
    Number,
    Pictured,
    Quote,
    Steps,
    Story,
    Text,
    pictured,
)
from web.i18n import explain
from web.values import Problem


def problems(
    story: Story,
    drawings: Drawings,
    *,
    hosts: Sequence[str] = (),
    has_image: Callable[[Image], bool] = bool,
) -> tuple[Problem, ...]:
    """Return what is missing, the blocking ones (``severity="error"``) first.

    ``where`` is ``title``, ``lead``, ``byline``, ``story`` or the id of a block or step. ``hosts`` may be shown in
    frames; ``has_image`` tells whether an uploaded picture is here.
    """
    found = [
        *_frame(story),
        *_texts(story),
        *_images(story, has_image),
        *refused(story, hosts),
        *_charts(story, drawings),
        *unanswered(story, drawings),
    ]
    return tuple(sorted(found, key=lambda problem: problem.severity != "error"))


def blocking(found: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Return the problems that forbid publishing."""
    return tuple(problem for problem in found if problem.severity == "error")


def _frame(story: Story) -> Iterator[Problem]:
    if not story.title.strip():
        yield Problem(code="story_title_missing", where="title")
    if not any(_says_something(block) for block in story.blocks):
        yield Problem(code="story_empty", where="story")
    if not story.lead.strip():
        yield _doubt("story_lead_missing", "lead")
    if not story.byline.strip():
        yield _doubt("story_byline_missing", "byline")


def _texts(story: Story) -> Iterator[Problem]:
    for block, following in zip_longest(story.blocks, story.blocks[1:]):
        if isinstance(block, Heading) and not block.text.strip():
            yield _doubt("story_heading_empty", block.id)
        elif isinstance(block, Heading) and (following is None or isinstance(following, Heading)):
            yield _doubt("story_heading_alone", block.id, text=block.text)
        elif isinstance(block, Text | Quote | Number | Embed) and not _says_something(block):
            yield _doubt("story_block_empty", block.id)
        elif isinstance(block, Quote) and not block.who.strip():
            yield _doubt("story_quote_nobody", block.id)
        elif isinstance(block, Embed) and not block.title.strip():
            yield Problem(code="story_embed_unnamed", where=block.id)
        elif isinstance(block, Steps):
            yield from (
                _doubt("story_step_silent", one.id) for one in block.steps if not one.markdown.strip()
            )


def _images(story: Story, has_image: Callable[[Image], bool]) -> Iterator[Problem]:
    for block in story.blocks:
        if not isinstance(block, Image):
            continue
        if not block.image:
            yield _doubt("story_block_empty", block.id)
        elif not has_image(block):
            yield Problem(code="story_image_lost", where=block.id)
        elif not block.alt.strip():
            yield Problem(code="story_image_undescribed", where=block.id)


def _charts(story: Story, drawings: Drawings) -> Iterator[Problem]:
    charts = list(pictured(story))
    if story.blocks and not charts:
        yield _doubt("story_no_chart", "story")
    for block in charts:
        drawing = drawings[block.id]
        if isinstance(drawing, Problem):
            why = explain(drawing, story.language)
            yield Problem(code="story_chart_broken", where=block.id, facts={"why": why})
            continue
        title, provenance = drawing.wide.title, drawing.provenance
        if not provenance.organization:
            yield _doubt("story_source_missing", block.id, title=title)
        elif not provenance.license_title:
            yield _doubt("story_licence_missing", block.id, title=title)
        if not drawing.wide.alt:
            yield _doubt("story_alt_missing", block.id, title=title)
        for caution in cautions(drawing.spec, drawing.result):
            why = explain(caution, story.language)
            yield _doubt("story_chart_caution", block.id, title=title, why=why)


def _says_something(block: Block) -> bool:
    if isinstance(block, Pictured | Steps):
        return True
    if isinstance(block, Image):
        return bool(block.image)
    own = WRITTEN[block.kind][:1]
    return not isinstance(block, Heading) and any(getattr(block, name).strip() for name in own)


def _doubt(code: str, where: str, **facts: str) -> Problem:
    return Problem(code=code, severity="warning", where=where, facts=dict(facts))
