"""What the canvas asks for, as steps of the story."""

from collections.abc import Callable
from typing import Any

from stories import edit
from stories.edit import new_id
from stories.state import Editing
from stories.story import WRITTEN, Block, Chart, Divider, Heading, Number, Quote, Story, Text
from web.values import Refused

FIELDS = {"title", "lead", "byline"}
EMPTY = {"heading": Heading, "text": Text, "quote": Quote, "number": Number, "divider": Divider}


def step(state: Editing, message: dict[str, Any]) -> None:
    """Change the story as a message of the canvas says; one that fits nothing changes nothing."""
    known = {"write": _write, "add": _add, "move": _move, "copy": _copy, "remove": _remove, "renew": _renew}
    take = known.get(str(message.get("do")))
    if take is not None:
        take(state, message)


def _write(state: Editing, message: dict[str, Any]) -> None:
    block_id, name, text = (str(message.get(key, "")) for key in ("block", "name", "text"))
    block = edit.block_of(state.story, block_id)
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
    if kind != "chart":
        return EMPTY.get(kind, Text)(id=new_id())
    saved = state.stories.charts.get(str(message.get("chart", "")))
    if saved is None:
        raise Refused("story_chart_unknown")
    return Chart(id=new_id(), spec=saved.spec, origin=saved.id)


def _move(state: Editing, message: dict[str, Any]) -> None:
    _on_block(state, message, lambda story, block_id: edit.move(story, block_id, int(message.get("to", 0))))


def _copy(state: Editing, message: dict[str, Any]) -> None:
    _on_block(state, message, lambda story, block_id: edit.duplicate(story, block_id, new_id()))


def _remove(state: Editing, message: dict[str, Any]) -> None:
    _on_block(state, message, edit.remove)


def _renew(state: Editing, message: dict[str, Any]) -> None:
    block = edit.block_of(state.story, str(message.get("block", "")))
    if isinstance(block, Chart):
        renewed = state.stories.renewed(block)
        state.change(lambda story: edit.replace(story, renewed))


def _on_block(state: Editing, message: dict[str, Any], change: Callable[[Story, str], Story]) -> None:
    state.change(lambda story: change(story, str(message.get("block", ""))))
