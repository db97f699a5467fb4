"""The charts of a story as drawn: by block id, a drawing or the problem that prevents it."""

from collections.abc import Iterator, Mapping

from builder.chart import Drawing
from web.values import Problem

Drawings = Mapping[str, Drawing | Problem]


def drawn(drawings: Drawings) -> Iterator[Drawing]:
    """Yield the charts that could be drawn, in the order of the story."""
    return (drawing for drawing in drawings.values() if not isinstance(drawing, Problem))
