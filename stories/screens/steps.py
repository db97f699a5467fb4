"""What the canvas asks for, as steps of the story."""

from collections.abc import Callable
from typing import Any

from builder.spec import ChartSpec
from stories import edit
from stories.edit import new_id
from stories.screens.finding import chosen
from stories.screens.views import seen
from stories.state import Editing
from stories.story import (
    WRITTEN,
    Block,
    Chart,
    Divider,
    Embed,
    Heading,
    Image,
    Number,
    Pictured,
    Quote,
    Step,
    Steps,
    Story,
    Table,
    Text,
)
from web.values import Refused

FIELDS = {"title", "lead", "byline"}
EMPTY = {
    "heading": Heading, "text": Text, "quote": Quote, "number": Number, "divider": Divider,
    "image": Image, "embed": Embed,
}  # fmt: skip
DRAWN = ("chart", "table", "steps")


def step(state: Editing, message: dict[str, Any]) -> None:
    """Change the story as a message of the canvas says; one that fits nothing changes nothing."""
    known = {
        "write": _write, "add": _add, "move": _move, "copy": _copy, "remove": _remove, "renew": _renew,
        "add_step": _add_step, "move_step": _move_step, "view": _view, "picture": _picture,
    }  # fmt: skip
    take = known.get(str(message.get("do")))
    if take is not None:
        take(state, message)


def _write(state: Editing, message: dict[str, Any]) -> None:
    block_id, name, text = (str(message.get(key, "")) for key in ("block", "name", "text"))
    block = edit.part_of(state.story, block_id)
    if block is None and name in FIELDS:
        state.change(lambda story: story.model_copy(update={name: text}), typing=name)
    elif block is not None and name in WRITTEN[block.kind]:
        written = block.model_copy(update={name: text})
        state.change(lambda story: edit.replace(story, written), typing=(block_id, name))


def _add(state: Editing, message: dict[str, Any]) -> None:
    block = _new_block(state, message)
    at = int(message.get("at", len(state.story.blocks)))
    state.change(lambda story: edit.insert(story, block, at))


def _new_block(state: Editing, message: dict[str, Any]) -> Block:
    kind = str(message.get("kind"))
    if kind not in DRAWN:
        return EMPTY.get(kind, Text)(id=new_id())
    spec, origin = _chart_chosen(state, message)
    if kind == "steps":
        return Steps(id=new_id(), steps=(Step(id=new_id(), spec=spec),))
    made = Table if kind == "table" else Chart
    return made(id=new_id(), spec=spec, origin=origin)


def _chart_chosen(state: Editing, message: dict[str, Any]) -> tuple[ChartSpec, str]:
    """Return the chart of a message with the saved one it copies: one's own, or an offered question."""
    if message.get("spec"):
        return chosen(state.stories, str(message["spec"])), ""
    saved = state.stories.charts.get(str(message.get("chart", "")))
    if saved is None:
        raise Refused("story_chart_unknown")
    return saved.spec, saved.id


def _add_step(state: Editing, message: dict[str, Any]) -> None:
    _on_block(state, message, lambda story, step_id: edit.add_step(story, step_id, new_id()))


def _move_step(state: Editing, message: dict[str, Any]) -> None:
    by = 1 if message.get("by") == 1 else -1
    _on_block(state, message, lambda story, step_id: edit.move_step(story, step_id, by))


def _view(state: Editing, message: dict[str, Any]) -> None:
    """Change what a step or a chart shows: which groups stand out, stay, and how many."""
    part = edit.part_of(state.story, str(message.get("block", "")))
    if isinstance(part, Pictured):
        changed = part.model_copy(update={"spec": seen(state.stories.charts, part.spec, message)})
        state.change(lambda story: edit.replace(story, changed))


def _picture(state: Editing, message: dict[str, Any]) -> None:
    """Put an uploaded picture into its block."""
    block = edit.block_of(state.story, str(message.get("block", "")))
    given = {name: message.get(name) for name in ("image", "width", "height")}
    if isinstance(block, Image):
        wanted = Image.model_validate(block.model_dump() | given)
        if not state.stories.images.has(wanted):
            raise Refused("image_unknown")
        state.change(lambda story: edit.replace(story, wanted))


def _move(state: Editing, message: dict[str, Any]) -> None:
    _on_block(state, message, lambda story, block_id: edit.move(story, block_id, int(message.get("to", 0))))


def _copy(state: Editing, message: dict[str, Any]) -> None:
    _on_block(state, message, lambda story, block_id: edit.duplicate(story, block_id, new_id()))


def _remove(state: Editing, message: dict[str, Any]) -> None:
    _on_block(state, message, edit.remove)


def _renew(state: Editing, message: dict[str, Any]) -> None:
    block = edit.part_of(state.story, str(message.get("block", "")))
    if isinstance(block, Pictured):
        renewed = state.stories.renewed(block)
        state.change(lambda story: edit.replace(story, renewed))


def _on_block(state: Editing, message: dict[str, Any], change: Callable[[Story, str], Story]) -> None:
    state.change(lambda story: change(story, str(message.get("block", ""))))
