"""Pure changes of a story: each takes a story and returns another."""

import secrets

from stories.story import Block, Story


def new_id() -> str:
    """Return a fresh id for a block or a story."""
    return secrets.token_hex(5)


def place_of(story: Story, block_id: str) -> int | None:
    """Return the position of a block, or None."""
    return next((place for place, block in enumerate(story.blocks) if block.id == block_id), None)


def block_of(story: Story, block_id: str) -> Block | None:
    """Return a block by its id, or None."""
    return next((block for block in story.blocks if block.id == block_id), None)


def insert(story: Story, block: Block, at: int | None = None) -> Story:
    """Put a block at a position, by default at the end."""
    at = len(story.blocks) if at is None else at
    return _with(story, (*story.blocks[:at], block, *story.blocks[at:]))


def replace(story: Story, block: Block) -> Story:
    """Put a block in the place of the one with its id."""
    return _with(story, tuple(block if old.id == block.id else old for old in story.blocks))


def remove(story: Story, block_id: str) -> Story:
    """Take a block out."""
    return _with(story, tuple(block for block in story.blocks if block.id != block_id))


def move(story: Story, block_id: str, to: int) -> Story:
    """Move a block to a position among the blocks; beyond the ends it stays at the end."""
    block = block_of(story, block_id)
    if block is None:
        return story
    rest = remove(story, block_id)
    return insert(rest, block, max(0, min(to, len(rest.blocks))))


def duplicate(story: Story, block_id: str, copy_id: str) -> Story:
    """Put a copy of a block, with its own id, right after it."""
    place = place_of(story, block_id)
    if place is None:
        return story
    return insert(story, story.blocks[place].model_copy(update={"id": copy_id}), place + 1)


def _with(story: Story, blocks: tuple[Block, ...]) -> Story:
    return story.model_copy(update={"blocks": blocks})
