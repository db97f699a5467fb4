"""How much room words need: widths without a browser, wrapping, and labels kept apart."""

from collections.abc import Sequence

WIDTHS_EM = {
    **dict.fromkeys("iljíI.,:;'|! ", 0.33),
    **dict.fromkeys("ftr-/·()[]", 0.41),
    **dict.fromkeys("csvxyzkJ", 0.58),
    **dict.fromkeys("mMwW%@…", 1.0),
    **dict.fromkeys("ABCDEFGHKNOPQRSTUVXYZÁÉÍÓÚÑ&", 0.74),
}
AVERAGE_EM = 0.635
"""Widths of the widest usual sans faces (Verdana's kin): words never need more than estimated."""


def text_width(text: str, size: float = 13) -> float:
    """Return the pixels of the longest line of a text."""
    lines = text.split("\n")
    return size * max(sum(WIDTHS_EM.get(letter, AVERAGE_EM) for letter in line) for line in lines)


def shorten(text: str, room: float, size: float = 13) -> str:
    """Return the text, cut with an ellipsis when it is wider than the room."""
    if text_width(text, size) <= room:
        return text
    kept = text
    while kept and text_width(kept + "…", size) > room:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def wrap(text: str, room: float, lines: int = 2, size: float = 13) -> str:
    """Break a text at spaces into at most ``lines`` lines of ``room`` pixels; the last may be shortened."""
    done: list[str] = []
    rest = text.split()
    while rest and len(done) < lines - 1:
        line = rest.pop(0)
        while rest and text_width(f"{line} {rest[0]}", size) <= room:
            line = f"{line} {rest.pop(0)}"
        done.append(shorten(line, room, size))
    if rest:
        done.append(shorten(" ".join(rest), room, size))
    return "\n".join(done)


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move places as little as needed so that neighbours are ``gap`` apart within low and high.

    The order of the places is kept; with too little room the gap shrinks evenly.
    """
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    if len(order) > 1:
        gap = min(gap, (high - low) / (len(order) - 1))
    moved: list[float] = []
    for rank, i in enumerate(order):
        place = max(wanted[i], low + rank * gap)
        moved.append(max(place, moved[-1] + gap) if moved else place)
    limit = high
    for rank in reversed(range(len(moved))):
        moved[rank] = min(moved[rank], limit)
        limit = moved[rank] - gap
    places = [0.0] * len(wanted)
    for rank, i in enumerate(order):
        places[i] = moved[rank]
    return places
