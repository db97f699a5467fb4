"""The canvas: a story shown as readers will see it, to write in."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import param
from panel.custom import JSComponent

from builder.link import encode
from stories.drawn import Drawings
from stories.facts import filled
from stories.page import LinksOf, block_html
from stories.story import WRITTEN, Block, Chart, Heading, Story
from web import urls

HERE = Path(__file__).parent


class Canvas(JSComponent):
    """Sends what the author does as messages; is told what changed, block by block."""

    story = param.Dict()
    desk = param.Dict()
    words = param.Dict()
    charts = param.List()
    focus = param.String()
    data_href = param.String(urls.search())
    studio_href = param.String(urls.STUDIO)

    _esm = "\n".join((HERE / name).read_text("utf-8") for name in ("around.js", "canvas.js"))

    def __init__(self, heard: Callable[[dict[str, Any]], None], **params: Any):
        super().__init__(**params)
        self._heard = heard

    def _handle_msg(self, data: Any) -> None:
        if isinstance(data, dict):
            self._heard(data)

    def show(self, change: dict[str, Any]) -> None:
        """Tell the page what changed."""
        self._send_msg(change)


def view(story: Story, drawings: Drawings, links: LinksOf) -> dict[str, Any]:
    """Return everything the canvas shows of a story."""
    return {
        "language": story.language,
        "title": story.title,
        "lead": story.lead,
        "byline": story.byline,
        "order": [block.id for block in story.blocks],
        "blocks": [
            _block(block, shown, drawings, links, story.language)
            for block, shown in zip(story.blocks, filled(story, drawings).blocks, strict=True)
        ],
    }


def difference(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Return only what the canvas must be told to go from one view to the other."""
    changed = {name: value for name, value in after.items() if name != "blocks" and before[name] != value}
    known = {block["id"]: block for block in before["blocks"]}
    blocks = [block for block in after["blocks"] if known.get(block["id"]) != block]
    return changed | ({"blocks": blocks} if blocks else {})


def _block(block: Block, shown: Block, drawings: Drawings, links: LinksOf, language: str) -> dict[str, Any]:
    """Return a block as written, and as ``shown`` with its numbers filled in."""
    bare = shown.model_copy(update={"caption": ""}) if isinstance(shown, Chart) else shown
    return {
        "id": block.id,
        "kind": block.kind,
        "texts": {name: getattr(block, name) for name in WRITTEN[block.kind]},
        "html": "" if isinstance(block, Heading) else str(block_html(bare, drawings, links, language)),
        "href": urls.build(spec=encode(block.spec)) if isinstance(block, Chart) else "",
    }
