"""The story as a value: a list of blocks with a title, a lead and a byline."""

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


Block = Annotated[Heading | Text | Chart | Quote | Number | Divider, Field(discriminator="kind")]
WRITTEN: dict[str, tuple[str, ...]] = {
    "heading": ("text",),
    "text": ("markdown",),
    "chart": ("caption",),
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


def read_story(document: dict[str, Any]) -> Story:
    """Read a stored story, upgraded from any past version by pure steps.

    Raises pydantic.ValidationError when the document is not a story.
    """
    return Story.model_validate(document)
