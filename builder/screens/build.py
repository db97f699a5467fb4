"""One open builder: messages of the page in, the regions of the page that changed out."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import panel as pn
from pydantic import ValidationError

from builder.chart import Drawing
from builder.charts import Charts
from builder.facets import Facet, facet
from builder.link import encode
from builder.screens import filtering, view
from builder.screens.files import file_of
from builder.screens.live import Live
from builder.screens.opening import Asked, asked, first_chart, table_at_hand
from builder.screens.regions import Regions
from builder.screens.shown import shown
from builder.screens.steps import Desk, Message, step
from builder.screens.touchable import touchable
from builder.state import State
from builder.suggest import Suggestion, questions
from catalog.models import Table
from web import urls
from web.i18n import explain, words
from web.session import Visit
from web.site import Site
from web.values import Problem, Refused

log = logging.getLogger("relato")
FIRST_LOOK = 0.25
"""Seconds a page waits for its first chart before it is sent without."""
PROGRESS = 0.4
"""Seconds between two looks at a file on its way."""

Drawn = tuple[Drawing | None, dict[str, Any], Problem | None]
_first_charts = ThreadPoolExecutor(max_workers=4, thread_name_prefix="first-chart")


class Builder:
    """What one person does at one builder; lives as long as their session.

    ``drawing`` is the chart now (None with a ``problem``, or while ``waiting``), ``picture`` what
    shows it, ``facets`` the open filters, ``wanted`` what the address asked for.
    """

    def __init__(self, site: Site, charts: Charts, visit: Visit):
        self.charts, self.visit, self.say = charts, visit, words(visit.language)
        self.state = State()
        self.regions = Regions(site, visit.language)
        self.live = Live(self.receive)
        self.pane = pn.pane.Bokeh(None, sizing_mode="stretch_width", margin=0)
        self.drawing: Drawing | None = None
        self.picture = view.NO_PICTURE
        self.problem: Problem | None = None
        self.waiting: dict[str, Any] | None = None
        self.suggested: tuple[Suggestion, ...] = ()
        self.facets: dict[str, Facet] = {}
        self.sought: dict[str, str] = {}
        self.wanted = Asked()
        self._layout, self._dark, self._width = "wide", False, 0
        self._turn = 0

    # Opening

    def open(self) -> None:
        """Open what is at hand before the page is sent: the chart itself when it is quick to make."""
        try:
            self.wanted = asked(self.visit.query, self.charts, self.visit.account)
            table = table_at_hand(self.wanted, self.charts)
            if table is None:
                self._await_file()
                return
            self._begin(table)
        except Refused as refusal:
            self.problem = refusal.problem
            return
        try:
            self._hold(_first_charts.submit(self._draw).result(timeout=FIRST_LOOK))
        except TimeoutError:
            self._wait(self.say("Counting every row…"))

    def _begin(self, table: Table) -> None:
        spec = first_chart(self.wanted, table)
        self.suggested = questions(table)
        self.state.open(table, spec, self.wanted.chart_id)

    def _await_file(self) -> None:
        if not self.wanted.resource:
            raise Refused("table_unknown" if self.wanted.spec else "build_nothing_chosen")
        self._wait(self.say("Fetching the file from its portal…"))

    def _wait(self, sentence: str, share: float | None = None, told: str = "") -> None:
        self.waiting = {"sentence": sentence, "share": share, "told": told}

    async def _read_file(self) -> None:
        """Fetch and read the file in the background, telling how far it is."""
        got: tuple[int, int | None] = (0, None)

        def progress(done: int, total: int | None) -> None:
            nonlocal got
            got = done, total

        opening = asyncio.to_thread(self.charts.catalog.open, self.wanted.resource, progress)
        work = asyncio.ensure_future(opening)
        while not (await asyncio.wait([work], timeout=PROGRESS))[0]:
            self._tell_progress(*got)
        try:
            self._begin(work.result())
        except Refused as refusal:
            self.waiting, self.problem = None, refusal.problem
            self.refresh()
        else:
            await self.show()

    def _tell_progress(self, done: int, total: int | None) -> None:
        if total and done < total:
            sentence, share = self.say("Fetching the file from its portal…"), done / total
        else:
            sentence, share = self.say("Reading the file…"), None
        self._wait(sentence, share, f"{done / 1e6:.1f} MB" if done else "")
        self.refresh()

    # Messages

    async def receive(self, data: Any) -> None:
        """Do what a message of the page asks; whatever it is, the person gets an answer."""
        try:
            await self._do(Message.model_validate(data))
        except ValidationError:
            self._answer(self.say("That cannot be used here. Choose again."))
        except Refused as refusal:
            self._answer(explain(refusal.problem, self.visit.language))
        except Exception:
            log.exception("a message to the builder failed")
            self._answer(self.say("Something went wrong here. Try again, or undo."))

    def _answer(self, sentence: str) -> None:
        """Say something, and put every control back to what the chart is."""
        self.live.send(regions=self.regions.all(shown(self)), say=sentence)

    async def _do(self, message: Message) -> None:
        if message.do in ("ready", "look"):
            await self._look(message)
            return
        if self.state.spec is None:
            raise Refused("build_nothing_chosen")
        match message.do:
            case "undo" | "redo" | "reset":
                if getattr(self.state, message.do)():
                    await self.show()
            case "facet":
                await self._open_facet(message)
            case "seek":
                self._seek(message)
            case "download":
                await self._download(message.value)
            case "save" | "story":
                await self._save(then_story=message.do == "story")
            case _:
                await self._step(message)

    async def _look(self, message: Message) -> None:
        """Learn how wide the chart is and in which scheme; then it becomes touchable."""
        self._layout = "narrow" if message.value == "narrow" else "wide"
        self._dark, self._width = message.on, message.width
        if self.state.spec is None:
            if self.waiting and message.do == "ready":
                await self._read_file()
        elif self.waiting:
            await self.show()
        else:
            self.refresh()
            await self._make_touchable(self._turn)

    async def _step(self, message: Message) -> None:
        desk = Desk(
            table=self.state.table,
            examples=(*self.state.asked_before, *(each.spec for each in self.suggested)),
            questions=tuple(each.spec for each in self.suggested),
        )
        own_title = self.state.spec.title
        if not self.state.change(step(message, desk)):
            self.refresh()
            return
        await self.show()
        if own_title and not self.state.spec.title and message.do != "title":
            told = "The title went back to the automatic one: yours was for another question."
            self.live.send(say=self.say(told))

    async def _open_facet(self, message: Message) -> None:
        column = self.state.table.column(message.field)
        if not message.on:
            self.facets.pop(message.field, None)
            self.sought.pop(message.field, None)
        elif column is None:
            raise Refused("edit_column_none", message.field)
        elif filtering.kind(column) == "values":
            self.facets[message.field] = await asyncio.to_thread(self._count, message.field)
            self.refresh()

    def _seek(self, message: Message) -> None:
        if message.field in self.facets:
            self.sought[message.field] = message.value
            self.refresh()

    async def _download(self, form: str) -> None:
        if self.drawing is None or self.picture["is_empty"]:
            raise Refused("build_nothing_drawn")
        self.live.send(regions={}, file=await asyncio.to_thread(file_of, self.drawing, form))

    async def _save(self, then_story: bool) -> None:
        account, state = self.visit.account, self.state
        if account is None:
            raise Refused("account_needed", self.say("Save"))
        if self.drawing is None:
            raise Refused("build_nothing_drawn")
        if not state.is_saved:
            name = self.drawing.wide.title[:200]
            saved = await asyncio.to_thread(self.charts.save, account, state.spec, name, state.chart_id)
            state.keep(saved.id)
        self.refresh()
        if then_story:
            self.live.send(go=urls.add_to_story(state.chart_id))
        else:
            self.live.send(say=self.say("Saved among your charts."))

    # Showing

    def _draw(self) -> Drawn:
        """Return the chart now and what shows it, or why there is none. Blocks."""
        try:
            drawing = self.charts.draw(self.state.spec, self.visit.language)
            return drawing, view.picture(drawing), None
        except Refused as refusal:
            return None, view.NO_PICTURE, refusal.problem
        except Exception:
            log.exception("a chart could not be drawn: %s", self.state.spec)
            return None, view.NO_PICTURE, Problem(code="build_failed")

    def _hold(self, drawn: Drawn) -> None:
        self.drawing, self.picture, self.problem = drawn
        self.waiting = None

    def _count(self, field: str) -> Facet:
        return facet(self.charts.engine, self.state.spec, self.state.table, field)

    async def show(self) -> None:
        """Count and draw the chart now; a later change overtakes an earlier one."""
        self._turn += 1
        turn = self._turn
        drawn = await asyncio.to_thread(self._draw)
        if turn != self._turn:
            return
        self._hold(drawn)
        self.live.send(live=False)
        self.refresh()
        await self._recount(turn)
        await self._make_touchable(turn)

    async def _recount(self, turn: int) -> None:
        """Count the open filters again under the other filters."""
        for field in list(self.facets):
            counted = await asyncio.to_thread(self._count, field)
            if turn != self._turn:
                return
            if field in self.facets:
                self.facets[field] = counted
        if self.facets:
            self.refresh()

    async def _make_touchable(self, turn: int) -> None:
        if self.drawing is None or self.picture["is_empty"]:
            self.pane.object = None
            return
        plan = self.drawing.narrow if self._layout == "narrow" else self.drawing.wide
        drawn = await asyncio.to_thread(touchable, plan, self._dark, self._width)
        if turn == self._turn:
            self.pane.object = drawn
            self.live.send(live=True)

    def refresh(self) -> None:
        """Send the regions that changed, and the address of the chart now."""
        address = {"address": self.address} if self.state.spec else {}
        self.live.send(regions=self.regions.changed(shown(self)), **address)

    @property
    def address(self) -> str:
        """The address that opens this very chart."""
        spec = self.state.spec
        return urls.build(spec=encode(spec)) if spec else urls.build(resource=self.wanted.resource)
