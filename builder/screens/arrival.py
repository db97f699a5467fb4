"""Opening the builder: its first chart is made before the page is sent, without holding up anybody else."""

import asyncio
from collections.abc import Callable
from typing import Any

from bokeh.application.handlers import Handler
from panel.io.state import set_curdoc

from builder.charts import Charts
from builder.screens.opening import Opened, opened
from web.session import Visit, visit

PATIENCE = 2.0
"""Seconds a page waits for its first chart before it is sent without."""


class Arrival(Handler):
    """The Bokeh application of the builder; ``screen`` makes it of what was opened."""

    def __init__(self, charts: Charts, screen: Callable[[Opened | None], Any]):
        super().__init__()
        self._charts, self._screen = charts, screen
        self._opened: dict[str, Opened] = {}

    async def on_session_created(self, session_context: Any) -> None:
        """Open the address in a thread; a slow chart goes on there and is found when the page asks again."""
        with set_curdoc(session_context._document):
            visitor = visit()
        work = asyncio.ensure_future(asyncio.to_thread(_open, self._charts, visitor))
        finished, _ = await asyncio.wait([work], timeout=PATIENCE)
        if finished:
            self._opened[session_context.id] = work.result()

    def modify_document(self, doc: Any) -> None:
        """Put the screen in the document of a session."""
        first = self._opened.pop(doc.session_context.id, None)
        with set_curdoc(doc):
            self._screen(first).server_doc(doc, location=False)


def _open(charts: Charts, visitor: Visit) -> Opened:
    return opened(visitor.query, charts, visitor.account, visitor.language)
