"""Each block of a story as the reader sees it."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from builder.chart import Drawing, Links, chart_html
from stories.drawn import Drawings
from stories.embeds import frame_address, host_of
from stories.images import sizes
from stories.story import (
    Block,
    Chart,
    Divider,
    Embed,
    Heading,
    Image,
    Number,
    Quote,
    Step,
    Steps,
    Table,
)
from web.i18n import explain, words
from web.markdown import markdown
from web.values import Problem

IMAGES = "images/"
LinksOf = Callable[[Drawing], Links]


def block_html(
    block: Block, drawings: Drawings, links: LinksOf, language: str, level: int = 2, images: str = IMAGES
) -> Markup:
    """Return one block as the reader sees it, a chart's title at ``level``; an empty one is nothing.

    ``images`` is the way to the pictures of the story.
    """
    match block:
        case Heading():
            return _heading(block)
        case Chart():
            return _chart(block, drawings[block.id], links, language, level)
        case Table():
            return _table(block, drawings[block.id], links, language, level)
        case Steps():
            return _steps(block, drawings, links, language, level)
        case Image():
            return _image(block, images)
        case Embed():
            return _embed(block, language)
        case Quote():
            return _quote(block)
        case Number():
            return _number(block)
        case Divider():
            return Markup('<hr class="pause">')
    text = markdown(block.markdown)
    return Markup('<div class="text">{}</div>').format(text) if text.strip() else Markup()


def step_html(step: Step, drawing: Drawing | Problem, links: LinksOf, language: str, level: int) -> Markup:
    """Return one step: its words and its view of the chart."""
    figure = _figure(step.id, drawing, links, language, level)
    return Markup('<div class="step-said">{}</div><div class="step-seen">{}</div>').format(
        markdown(step.markdown), figure
    )


@cache
def templates() -> Environment:
    """Return the templates of published pages."""
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )


def _heading(block: Heading) -> Markup:
    return Markup('<h2 id="{}">{}</h2>').format(block.id, block.text) if block.text.strip() else Markup()


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
        return _broken(block.id, drawing, language)
    figure = _figure(block.id, drawing, links, language, level)
    return Markup('<div class="drawn" id="{}">{}{}</div>').format(block.id, figure, _caption(block.caption))


def _figure(key: str, drawing: Drawing | Problem, links: LinksOf, language: str, level: int) -> Markup:
    if isinstance(drawing, Problem):
        return _broken(key, drawing, language)
    return chart_html(drawing, links=links(drawing), level=level, key=key)


def _broken(block_id: str, problem: Problem, language: str) -> Markup:
    return Markup('<p class="problem" id="{}">{}</p>').format(block_id, explain(problem, language))


def _caption(text: str) -> Markup:
    return Markup('<div class="caption">{}</div>').format(markdown(text)) if text.strip() else Markup()


def _table(block: Table, drawing: Drawing | Problem, links: LinksOf, language: str, level: int) -> Markup:
    if isinstance(drawing, Problem):
        return _broken(block.id, drawing, language)
    html = templates().get_template("stories_table.html").render(
        _=words(language), id=block.id, plan=drawing.wide, sheet=drawing.sheet, links=links(drawing),
        level=level, caption=_caption(block.caption),
    )  # fmt: skip
    return Markup(html)


def _steps(block: Steps, drawings: Drawings, links: LinksOf, language: str, level: int) -> Markup:
    steps = Markup("").join(
        Markup('<li class="step" id="{}">{}</li>').format(
            step.id, step_html(step, drawings[step.id], links, language, level)
        )
        for step in block.steps
    )
    return Markup('<ol class="steps" id="{}">{}</ol>').format(block.id, steps) if steps else Markup()


def _image(block: Image, images: str) -> Markup:
    if not block.image:
        return Markup()
    offered = sizes(block.width)
    srcset = ", ".join(f"{images}{block.image}-{width}.webp {width}w" for width in offered)
    html = templates().get_template("stories_image.html").render(
        block=block, src=f"{images}{block.image}-{offered[-1]}.webp", srcset=srcset,
        caption=markdown(block.caption),
    )  # fmt: skip
    return Markup(html)


def _embed(block: Embed, language: str) -> Markup:
    if not block.url.strip():
        return Markup()
    html = templates().get_template("stories_embed.html").render(
        _=words(language), block=block, host=host_of(block.url), frame=frame_address(block.url),
        caption=markdown(block.caption),
    )  # fmt: skip
    return Markup(html)
