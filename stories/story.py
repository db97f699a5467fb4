"""The story as a value: a list of blocks with a title, a lead and a byline."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from builder.spec import ChartSpec
from web.values import Value


class Heading(Value):
    """A heading between parts of the story."""

    kind: Literal["heading"] = "heading"
    id: str
    text: str = ""


class Text(Value):
    """A passage in Markdown."""

    kind: Literal["text"] = "text"
    id: str
    markdown: str = ""


class Chart(Value):
    """A chart with its own copy of the specification, pinned to one version of the table.

    ``origin`` is the id of the saved chart it was copied from.
    """

    kind: Literal["chart"] = "chart"
    id: str
    spec: ChartSpec
    caption: str = ""
    origin: str = ""


class Table(Value):
    """The numbers of a chart as a table; its specification is pinned like that of a :class:`Chart`."""

    kind: Literal["table"] = "table"
    id: str
    spec: ChartSpec
    caption: str = ""
    origin: str = ""


class Step(Value):
    """One step over a chart: what is said, and the view of the chart it is said of."""

    kind: Literal["step"] = "step"
    id: str
    spec: ChartSpec
    markdown: str = ""


class Steps(Value):
    """Steps over one chart; readers scroll through them, or see one after another."""

    kind: Literal["steps"] = "steps"
    id: str
    steps: tuple[Step, ...] = ()


class Image(Value):
    """A picture that was uploaded: ``image`` is its name, ``width`` and ``height`` those of its largest size."""

    kind: Literal["image"] = "image"
    id: str
    image: str = ""
    width: int = 0
    height: int = 0
    alt: str = ""
    caption: str = ""
    credit: str = ""


class Embed(Value):
    """A video or page of somebody else, loaded when the reader asks for it."""

    kind: Literal["embed"] = "embed"
    id: str
    url: str = ""
    title: str = ""
    caption: str = ""


class Quote(Value):
    """Somebody's words and who said them."""

    kind: Literal["quote"] = "quote"
    id: str
    text: str = ""
    who: str = ""


class Number(Value):
    """One number said large, with what it means; usually a mark such as ``{value of A}``."""

    kind: Literal["number"] = "number"
    id: str
    number: str = ""
    label: str = ""


class Divider(Value):
    """A pause between parts."""

    kind: Literal["divider"] = "divider"
    id: str


Block = Annotated[
    Heading | Text | Chart | Steps | Table | Image | Embed | Quote | Number | Divider,
    Field(discriminator="kind"),
]
Part = Block | Step
"""A block, or a step of one: what has an id and may be written in."""
WRITTEN: dict[str, tuple[str, ...]] = {
    "heading": ("text",),
    "text": ("markdown",),
    "chart": ("caption",),
    "steps": (),
    "step": ("markdown",),
    "table": ("caption",),
    "image": ("alt", "caption", "credit"),
    "embed": ("url", "title", "caption"),
    "quote": ("text", "who"),
    "number": ("number", "label"),
    "divider": (),
}
"""The fields of each kind of block that an author writes."""


class Story(Value):
    """One story; ``version`` is of this document format."""

    version: Literal[1] = 1
    language: Literal["es", "en"] = "es"
    title: str = ""
    lead: str = ""
    byline: str = ""
    blocks: tuple[Block, ...] = ()


Pictured = Chart | Table | Step


def parts(block: Block) -> tuple[Part, ...]:
    """Return a block with the steps inside it."""
    return (block, *block.steps) if isinstance(block, Steps) else (block,)


def pictured(story: Story) -> Iterator[Pictured]:
    """Yield everything that is counted and drawn, in the order of the story."""
    for block in story.blocks:
        yield from (part for part in parts(block) if isinstance(part, Pictured))


def read_story(document: dict[str, Any]) -> Story:
    """Read a stored story, upgraded from any past version by pure steps.

    Raises pydantic.ValidationError when the document is not a story.
    """
    return Story.model_validate(document)
