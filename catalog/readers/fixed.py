"""Split text whose columns stand at fixed positions, with no separator at all."""

from collections.abc import Sequence

from catalog.readers.grid import Row

ENOUGH = 0.98
MIN_LINES = 3


def edges(lines: Sequence[str]) -> list[int]:
    """Return where columns begin: after positions that are blank in nearly every line.

    Empty when the lines show no columns: single gaps between words do not count, unless a run
    of two blanks or a digit column proves the split.
    """
    full = [line.rstrip("\r\n").expandtabs() for line in lines if line.strip()]
    if len(full) < MIN_LINES:
        return []
    width = max(map(len, full))
    padded = [line.ljust(width) for line in full]
    blank = [sum(line[at] == " " for line in padded) >= ENOUGH * len(padded) for at in range(width)]
    starts = [at for at in range(width) if not blank[at] and (at == 0 or blank[at - 1])]
    doubled = sum("  " in line.strip() for line in full) >= 0.5 * len(full)
    return starts if len(starts) >= 2 and doubled else []


def split(line: str, starts: Sequence[int]) -> Row:
    """Return the cells of one line."""
    text = line.rstrip("\r\n").expandtabs()
    ends = [*starts[1:], len(text)]
    return [text[start:end].strip() for start, end in zip(starts, ends, strict=True)]
