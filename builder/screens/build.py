"""One open builder: messages of the page in, the regions of the page that changed out."""

import asyncio
import logging
from typing import Any

import panel as pn
from pydantic import ValidationError

from builder.charts import Charts
from builder.facets import Facet, facet
from builder.link import encode
from builder.screens import filtering
from builder.screens.drawn import Drawn, draw
from builder.screens.files import file_of
from builder.screens.live import Live
from builder.screens.opening import Opened, begun, opened
from builder.screens.regions import Regions
from builder.screens.shown import shown
from builder.screens.steps import Desk, Message, step
from builder.screens.touchable import touchable
from builder.screens.underway import Underway
from builder.state import State
from builder.suggest import Suggestion, questions
from web import urls
from web.i18n import explain, words
from web.session import Visit
from web.site import Site
from web.values import Problem, Refused

log = logging.getLogger("relato")
PROGRESS = 1.0
"""Seconds between two looks at a file on its way."""


class Builder:
    """What one person does at one builder; lives as long as their session.

    ``opened`` is what its address led to (None while that takes long), ``drawn`` the chart now,
    ``facets`` the open filters. There is always a chart, a ``problem`` to tell, or something to
    be ``waiting`` for.
    """

    def __init__(self, site: Site, charts: Charts, visit: Visit, opened: Opened | None):
        self.charts, self.visit, self.say = charts, visit, words(visit.language)
        self.state = State()
        self.regions = Regions(site, visit.language)
        self.live = Live(self.receive)
        self.pane = pn.pane.Bokeh(None, sizing_mode="stretch_width", margin=0)
        self.opened: Opened | None = None
        self.drawn = Drawn()
        self.problem: Problem | None = None
        self.waiting: dict[str, Any] | None = None
        self.suggested: tuple[Suggestion, ...] = ()
        self.facets: dict[str, Facet] = {}
        self.sought: dict[str, str] = {}
        self._layout, self._dark, self._width = "wide", False, 0
        self._turn = 0
        self._underway = Underway()
        self._open(opened)

    # Opening

    def _open(self, opened: Opened | None) -> None:
        if opened is None:
            self._wait(self.say("Counting every row…"))
            return
        self.opened, self.problem = opened, opened.problem
        if opened.table is None:
            if not opened.problem:
                self._wait(self.say("Fetching the file from its portal…"))
            return
        self.suggested = questions(opened.table)
        self.state.open(opened.table, opened.spec, opened.chart_id)
        self._hold(opened.drawn)

    def _wait(self, sentence: str, share: float | None = None, told: str = "", *, stop: bool = False) -> None:
        self.waiting = {"sentence": sentence, "share": share, "told": told, "stop": stop}

    async def _arrive(self) -> None:
        """Go on where the page had to be sent without a chart."""
        visit, charts = self.visit, self.charts
        if self.opened is None:
            self._open(await asyncio.to_thread(opened, visit.query, charts, visit.account, visit.language))
        if self.opened.table is None and not self.problem:
            await self._read_file()
        self.refresh()
        await self._make_touchable(self._turn)

    async def _read_file(self) -> None:
        """Fetch and read the file in the background, telling how far it is."""
        self._underway = Underway()
        work = asyncio.ensure_future(asyncio.to_thread(self._read, self._underway))
        while not (await asyncio.wait([work], timeout=PROGRESS))[0]:
            self._tell_progress(self._underway)
        self.waiting = None
        try:
            self._open(work.result())
        except Refused as refusal:
            self.problem = refusal.problem

    def _read(self, underway: Underway) -> Opened:
        table = self.charts.catalog.open(self.opened.resource, underway.fetched, underway.read)
        return begun(self.opened, table, self.charts, self.visit.language)

    def _tell_progress(self, underway: Underway) -> None:
        done, total = underway.done, underway.total
        sentence = (
            self.say("Reading the file…")
            if underway.reading
            else self.say("Fetching the file from its portal…")
        )
        if underway.stopped:
            sentence = self.say("Stopping…")
        megabytes = (
            f"{done / 1e6:.1f} / {total / 1e6:.1f} MB" if total else f"{done / 1e6:.1f} MB" if done else ""
        )
        self._wait(sentence, done / total if total else None, megabytes, stop=not underway.stopped)
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
        if message.do == "stop":
            self._underway.stop()
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
        if message.do == "ready" and self.waiting:
            await self._arrive()
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
            told = self.say("The title went back to the automatic one: yours was for another question.")
            self.live.send(say=told)

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
        if not self.drawn.has_rows:
            raise Refused("build_nothing_drawn")
        self.live.send(regions={}, file=await asyncio.to_thread(file_of, self.drawn.drawing, form))

    async def _save(self, then_story: bool) -> None:
        account, state = self.visit.account, self.state
        if account is None:
            raise Refused("account_needed", self.say("Save"))
        if self.drawn.drawing is None:
            raise Refused("build_nothing_drawn")
        if not state.is_saved:
            name = self.drawn.drawing.wide.title[:200]
            saved = await asyncio.to_thread(self.charts.save, account, state.spec, name, state.chart_id)
            state.keep(saved.id)
        self.refresh()
        if then_story:
            self.live.send(go=urls.add_to_story(state.chart_id))
        else:
            self.live.send(say=self.say("Saved among your charts."))

    # Showing

    def _hold(self, drawn: Drawn) -> None:
        self.drawn, self.problem, self.waiting = drawn, drawn.problem, None

    def _count(self, field: str) -> Facet:
        return facet(self.charts.engine, self.state.spec, self.state.table, field)

    async def show(self) -> None:
        """Count and draw the chart now; a later change overtakes an earlier one."""
        self._turn += 1
        turn = self._turn
        drawn = await asyncio.to_thread(draw, self.charts, self.state.spec, self.visit.language)
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
        if not self.drawn.has_rows:
            self.pane.object = None
            return
        drawing = self.drawn.drawing
        plan = drawing.narrow if self._layout == "narrow" else drawing.wide
        touched = await asyncio.to_thread(touchable, plan, self._dark, self._width)
        if turn == self._turn:
            self.pane.object = touched
            self.live.send(live=True)

    def refresh(self) -> None:
        """Send the regions that changed, and the address of the chart now."""
        address = {"address": self.address} if self.state.spec else {}
        self.live.send(regions=self.regions.changed(shown(self)), **address)

    @property
    def resource(self) -> str:
        """The id of the file the chart is made of, as far as known."""
        return self.opened.resource if self.opened else self.visit.query.get("resource", "")

    @property
    def address(self) -> str:
        """The address that opens this very chart."""
        spec = self.state.spec
        return urls.build(spec=encode(spec)) if spec else urls.build(resource=self.resource)
