"""What changed between two revisions of a story: block by block, and word by word inside them."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Literal

from stories.story import WRITTEN, Block, Part, Pictured, Story, parts
from web.values import Value

Kind = Literal["same", "changed", "added", "removed", "moved"]
Piece = tuple[Literal["same", "added", "removed"], str]
WORDS = re.compile(r"\s+|[^\s]+")
FRAME = ("title", "lead", "byline")


class Written(Value):
    """One text of a block before and after, in pieces that stayed, came or went."""

    name: str
    pieces: tuple[Piece, ...]

    @property
    def is_same(self) -> bool:
        return all(kind == "same" for kind, _ in self.pieces)


class Change(Value):
    """What became of one block, or of the frame of the story (``id`` empty); ``redrawn`` names its charts
    that show something else now."""

    id: str = ""
    block: str = ""
    kind: Kind
    texts: tuple[Written, ...] = ()
    redrawn: tuple[str, ...] = ()


def difference(before: Story, after: Story) -> tuple[Change, ...]:
    """Return what became of the frame and of every block, in the order of the later story, what is gone in its place."""
    return (_frame(before, after), *_blocks(before, after))


def pieces(before: str, after: str) -> tuple[Piece, ...]:
    """Return two texts as one, word by word."""
    old, new = WORDS.findall(before), WORDS.findall(after)
    found: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(("same", "".join(old[a:b])))
            continue
        found += [("removed", "".join(old[a:b]))] if b > a else []
        found += [("added", "".join(new[c:d]))] if d > c else []
    return tuple(found)


def _frame(before: Story, after: Story) -> Change:
    texts = tuple(Written(name=n, pieces=pieces(getattr(before, n), getattr(after, n))) for n in FRAME)
    return Change(kind="same" if all(text.is_same for text in texts) else "changed", texts=texts)


def _blocks(before: Story, after: Story) -> Iterator[Change]:
    old = {block.id: block for block in before.blocks}
    new = {block.id: block for block in after.blocks}
    order = SequenceMatcher(a=list(old), b=list(new), autojunk=False)
    for kind, a, b, c, d in order.get_opcodes():
        for name in list(old)[a:b] if kind in ("delete", "replace") else ():
            if name not in new:
                yield _change("removed", old[name], None)
        for name in list(new)[c:d]:
            known = old.get(name)
            moved = kind != "equal" and known is not None
            yield _change("moved" if moved else "changed", known, new[name])


def _change(kind: Kind, before: Block | None, after: Block | None) -> Change:
    shown = after or before
    assert shown is not None
    if before is None:
        kind = "added"
    elif before == after and kind == "changed":
        kind = "same"
    old = {part.id: part for part in parts(before)} if before else {}
    new = {part.id: part for part in parts(after)} if after else {}
    every = dict.fromkeys([*new, *old])
    texts = tuple(text for name in every for text in _texts(old.get(name), new.get(name)))
    redrawn = tuple(name for name in every if _is_redrawn(old.get(name), new.get(name)))
    return Change(id=shown.id, block=shown.kind, kind=kind, texts=texts, redrawn=redrawn)


def _texts(before: Part | None, after: Part | None) -> Iterator[Written]:
    shown = after or before
    assert shown is not None
    for name in WRITTEN[shown.kind]:
        was, now = getattr(before, name, ""), getattr(after, name, "")
        if was or now:
            yield Written(name=name, pieces=pieces(was, now))


def _is_redrawn(before: Part | None, after: Part | None) -> bool:
    if not isinstance(before, Pictured) or not isinstance(after, Pictured):
        return isinstance(before or after, Pictured)
    return before.spec != after.spec
