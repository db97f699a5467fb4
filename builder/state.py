"""What one open builder holds: the chart now, the charts before and after, and what to tell."""

from collections.abc import Callable

import param

from builder.spec import ChartSpec
from catalog.models import Table
from web.values import Problem

REMEMBERED = 50


class State(param.Parameterized):
    """The chart being made; the screen only reads it and calls its methods.

    ``start`` is the chart it opened with, ``saved`` the one last saved under ``chart_id``.
    """

    table = param.ClassSelector(class_=Table)
    spec = param.ClassSelector(class_=ChartSpec)
    past = param.ClassSelector(class_=tuple, default=())
    future = param.ClassSelector(class_=tuple, default=())
    start = param.ClassSelector(class_=ChartSpec)
    saved = param.ClassSelector(class_=ChartSpec)
    chart_id = param.String(default=None, allow_None=True)
    problem = param.ClassSelector(class_=Problem)

    def open(self, table: Table, spec: ChartSpec, chart_id: str | None = None) -> None:
        """Begin with a chart of a table; ``chart_id`` when it is a saved one."""
        self.param.update(
            table=table, spec=spec, start=spec, past=(), future=(), problem=None,
            chart_id=chart_id, saved=spec if chart_id else None,
        )  # fmt: skip

    def change(self, step: Callable[[ChartSpec], ChartSpec]) -> bool:
        """Take a step to another chart; tell whether it is another. Raises what the step raises."""
        changed = step(self.spec)
        if changed == self.spec:
            return False
        self.param.update(past=(*self.past, self.spec)[-REMEMBERED:], future=(), spec=changed)
        return True

    def undo(self) -> bool:
        """Go back to the chart before."""
        if not self.past:
            return False
        *past, spec = self.past
        self.param.update(past=tuple(past), future=(self.spec, *self.future), spec=spec)
        return True

    def redo(self) -> bool:
        """Go forward again to the chart that was undone."""
        if not self.future:
            return False
        spec, *future = self.future
        self.param.update(past=(*self.past, self.spec), future=tuple(future), spec=spec)
        return True

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
        return tuple(reversed(self.past))
