"""The chart of a specification with all that shows it, or the reason why there is none."""

import logging
from typing import Any, NamedTuple

from builder.chart import Drawing
from builder.charts import Charts
from builder.screens.view import NO_PICTURE, picture
from builder.spec import ChartSpec
from web.values import Problem, Refused

log = logging.getLogger("relato")


class Drawn(NamedTuple):
    """``drawing`` is None with a ``problem``; ``picture`` holds the values of the templates around it."""

    drawing: Drawing | None = None
    picture: dict[str, Any] = NO_PICTURE
    problem: Problem | None = None

    @property
    def has_rows(self) -> bool:
        return self.drawing is not None and self.drawing.result.counted > 0


def draw(charts: Charts, spec: ChartSpec, language: str) -> Drawn:
    """Return a chart counted, planned and written as SVG; blocks, and raises nothing."""
    try:
        drawing = charts.draw(spec, language)
        return Drawn(drawing, picture(drawing))
    except Refused as refusal:
        return Drawn(problem=refusal.problem)
    except Exception:
        log.exception("a chart could not be drawn: %s", spec)
        return Drawn(problem=Problem(code="build_failed"))
