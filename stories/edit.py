"""Pure changes of a story: each takes a story and returns another."""

import secrets

from stories.story import Block, Part, Step, Steps, Story, parts


def new_id() -> str:
    """Return a fresh id for a block or a story."""
    return secrets.token_hex(5)


def place_of(story: Story, block_id: str) -> int | None:
    """Return the position of a block, or None."""
    return next((place for place, block in enumerate(story.blocks) if block.id == block_id), None)


def block_of(story: Story, block_id: str) -> Block | None:
    """Return a block by its id, or None."""
    return next((block for block in story.blocks if block.id == block_id), None)


def part_of(story: Story, part_id: str) -> Part | None:
    """Return a block or a step by its id, or None."""
    return next((part for block in story.blocks for part in parts(block) if part.id == part_id), None)


def insert(story: Story, block: Block, at: int | None = None) -> Story:
    """Put a block at a position, by default at the end."""
    at = len(story.blocks) if at is None else at
    return _with(story, (*story.blocks[:at], block, *story.blocks[at:]))


def replace(story: Story, part: Part) -> Story:
    """Put a block or a step in the place of the one with its id."""
    return _with(story, tuple(_replaced(old, part) for old in story.blocks))


def _replaced(old: Block, part: Part) -> Block:
    if isinstance(part, Step):
        if not isinstance(old, Steps):
            return old
        return old.model_copy(
            update={"steps": tuple(part if step.id == part.id else step for step in old.steps)}
        )
    return part if old.id == part.id else old


def remove(story: Story, part_id: str) -> Story:
    """Take a block out, or a step; the last step of a block stays."""
    blocks = (_without_step(block, part_id) for block in story.blocks if block.id != part_id)
    return _with(story, tuple(blocks))


def _without_step(block: Block, step_id: str) -> Block:
    if not isinstance(block, Steps) or len(block.steps) < 2:
        return block
    return block.model_copy(update={"steps": tuple(step for step in block.steps if step.id != step_id)})


def add_step(story: Story, after: str, step_id: str) -> Story:
    """Put a step after another, with its view and nothing said yet."""
    return _with(story, tuple(_stepped(block, after, step_id) for block in story.blocks))


def _stepped(block: Block, after: str, step_id: str) -> Block:
    place = _step_place(block, after)
    if place is None or not isinstance(block, Steps):
        return block
    added = block.steps[place].model_copy(update={"id": step_id, "markdown": ""})
    return block.model_copy(update={"steps": (*block.steps[: place + 1], added, *block.steps[place + 1 :])})


def move_step(story: Story, step_id: str, by: int) -> Story:
    """Move a step earlier or later among those of its block."""
    return _with(story, tuple(_with_step_moved(block, step_id, by) for block in story.blocks))


def _with_step_moved(block: Block, step_id: str, by: int) -> Block:
    place = _step_place(block, step_id)
    if place is None or not isinstance(block, Steps):
        return block
    rest = [step for step in block.steps if step.id != step_id]
    rest.insert(max(0, min(place + by, len(rest))), block.steps[place])
    return block.model_copy(update={"steps": tuple(rest)})


def _step_place(block: Block, step_id: str) -> int | None:
    if not isinstance(block, Steps):
        return None
    return next((place for place, step in enumerate(block.steps) if step.id == step_id), None)


def move(story: Story, block_id: str, to: int) -> Story:
    """Move a block to a position among the blocks; beyond the ends it stays at the end."""
    block = block_of(story, block_id)
    if block is None:
        return story
    rest = remove(story, block_id)
    return insert(rest, block, max(0, min(to, len(rest.blocks))))


def duplicate(story: Story, block_id: str, copy_id: str) -> Story:
    """Put a copy of a block, with ids of its own, right after it."""
    place = place_of(story, block_id)
    if place is None:
        return story
    return insert(story, _copied(story.blocks[place], copy_id), place + 1)


def _copied(block: Block, copy_id: str) -> Block:
    copy = block.model_copy(update={"id": copy_id})
    if not isinstance(copy, Steps):
        return copy
    steps = tuple(step.model_copy(update={"id": new_id()}) for step in copy.steps)
    return copy.model_copy(update={"steps": steps})


def _with(story: Story, blocks: tuple[Block, ...]) -> Story:
    return story.model_copy(update={"blocks": blocks})
