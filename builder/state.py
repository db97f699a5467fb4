"""What one open builder holds: the chart now, the charts before and after, and what to tell."""

from collections.abc import Callable

import param

from builder.spec import ChartSpec
from catalog.models import Table
from web.history import History
from web.values import Problem

REMEMBERED = 50


class State(param.Parameterized):
    """The chart being made; the screen only reads it and calls its methods.

    ``start`` is the chart it opened with, ``saved`` the one last saved under ``chart_id``.
    """

    table = param.ClassSelector(class_=Table)
    history = param.ClassSelector(class_=History, default=History(None))
    start = param.ClassSelector(class_=ChartSpec)
    saved = param.ClassSelector(class_=ChartSpec)
    chart_id = param.String(default=None, allow_None=True)
    problem = param.ClassSelector(class_=Problem)

    @property
    def spec(self) -> ChartSpec | None:
        return self.history.present

    def open(self, table: Table, spec: ChartSpec, chart_id: str | None = None) -> None:
        """Begin with a chart of a table; ``chart_id`` when it is a saved one."""
        self.param.update(
            table=table, history=History(spec), start=spec, problem=None,
            chart_id=chart_id, saved=spec if chart_id else None,
        )  # fmt: skip

    def change(self, step: Callable[[ChartSpec], ChartSpec]) -> bool:
        """Take a step to another chart; tell whether it is another. Raises what the step raises."""
        return self._turn(self.history.record(step(self.spec), limit=REMEMBERED))

    def undo(self) -> bool:
        """Go back to the chart before; tell whether there was one."""
        return self._turn(self.history.undo())

    def redo(self) -> bool:
        """Go forward again to the chart that was undone; tell whether there was one."""
        return self._turn(self.history.redo())

    def _turn(self, history: History[ChartSpec]) -> bool:
        is_other = history is not self.history
        self.history = history
        return is_other

    def reset(self) -> bool:
        """Return to the chart the builder opened with; it can be undone."""
        return self.change(lambda _: self.start)

    def keep(self, chart_id: str) -> None:
        """Remember that the chart now is saved under an id."""
        self.param.update(chart_id=chart_id, saved=self.spec)

    @property
    def is_saved(self) -> bool:
        return self.chart_id is not None and self.spec == self.saved

    @property
    def asked_before(self) -> tuple[ChartSpec, ...]:
        """The charts before this one, the latest first."""
        return tuple(reversed(self.history.past))
