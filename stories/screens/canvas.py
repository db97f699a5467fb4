"""The canvas: a story shown as readers will see it, to write in."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import param
from panel.custom import JSComponent

from builder.link import encode
from stories.blocks import LinksOf, block_html, step_html
from stories.drawn import Drawings
from stories.facts import filled
from stories.screens.views import view_of
from stories.story import WRITTEN, Block, Heading, Part, Pictured, Step, Steps, Story
from web import urls

HERE = Path(__file__).parent


class Canvas(JSComponent):
    """Sends what the author does as messages; is told what changed, block by block."""

    story = param.Dict()
    desk = param.Dict()
    words = param.Dict()
    charts = param.List()
    focus = param.String()
    story_id = param.String()
    data_href = param.String(urls.search())
    studio_href = param.String(urls.STUDIO)
    images_href = param.String(urls.IMAGES)

    _esm = "\n".join((HERE / name).read_text("utf-8") for name in ("keep.js", "around.js", "canvas.js"))

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
    if isinstance(block, Steps) and isinstance(shown, Steps):
        pairs = zip(block.steps, shown.steps, strict=True)
        steps = [_step(step, told, drawings, links, language) for step, told in pairs]
        return {**_written(block), "html": "", "steps": steps}
    bare = shown.model_copy(update={"caption": ""}) if hasattr(shown, "caption") else shown
    html = block_html(bare, drawings, links, language, images=f"{urls.IMAGES}/")
    inner = str(html).replace(f' id="{block.id}"', "", 1)  # the canvas gives it to the whole block
    return {**_written(block), "html": "" if isinstance(block, Heading) else inner}


def _step(step: Step, told: Step, drawings: Drawings, links: LinksOf, language: str) -> dict[str, Any]:
    drawing = drawings[step.id]
    return {
        **_written(step),
        "html": str(step_html(told, drawing, links, language, level=2)),
        "view": view_of(step.spec, drawing),
    }


def _written(part: Part) -> dict[str, Any]:
    return {
        "id": part.id,
        "kind": part.kind,
        "texts": {name: getattr(part, name) for name in WRITTEN[part.kind]},
        "href": urls.build(spec=encode(part.spec)) if isinstance(part, Pictured) else "",
    }
