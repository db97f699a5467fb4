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
from builder.screens.steps import STEPS, Desk, Message, step
from builder.screens.touchable import touchable
from builder.state import State
from builder.suggest import Suggestion, questions
from web import urls
from web.i18n import explain, words
from web.session import Visit
from web.site import Site
from web.values import Problem, Refused

log = logging.getLogger("relato")
REGIONS = ("bar", "ask", "caption", "still", "foot", "numbers", "filters", "questions")
FIRST_LOOK = 0.25
"""Seconds a page waits for its first chart before it is sent without."""
LOOKS = 0.4

_drawing = ThreadPoolExecutor(max_workers=4, thread_name_prefix="first-chart")


class Builder:
    """What one person does at one builder; lives as long as their session."""

    def __init__(self, site: Site, charts: Charts, visit: Visit):
        self.site, self.charts, self.visit = site, charts, visit
        self.say = words(visit.language)
        self.state = State()
        self.live = Live(self.receive)
        self.pane = pn.pane.Bokeh(None, sizing_mode="stretch_width", margin=0)
        self.drawing: Drawing | None = None
        self.picture = view.NO_PICTURE
        self.problem: Problem | None = None
        self.waiting: dict[str, Any] | None = None
        self.suggested: tuple[Suggestion, ...] = ()
        self.facets: dict[str, Facet] = {}
        self.sought: dict[str, str] = {}
        self.layout, self.dark, self.width = "wide", False, 0
        self._turn = 0
        self._sent: dict[str, int] = {}
        self.wanted = self._wanted()

    def _wanted(self) -> Asked:
        try:
            return asked(self.visit.query, self.charts, self.visit.account)
        except Refused as refusal:
            self.problem = refusal.problem
            return Asked()

    # Opening

    def open(self) -> None:
        """Open what is at hand before the page is sent: the chart itself when it is quick to make."""
        if self.problem:
            return
        try:
            table = table_at_hand(self.wanted, self.charts)
            if table is None:
                self._await_file()
                return
            self._begin(table)
        except Refused as refusal:
            self.problem = refusal.problem
            return
        first = _drawing.submit(self._draw)
        try:
            self._hold(first.result(timeout=FIRST_LOOK))
        except TimeoutError:
            self.waiting = {"sentence": self.say("Counting every row…"), "share": None, "told": ""}

    def _await_file(self) -> None:
        if not self.wanted.resource:
            raise Refused("table_unknown" if self.wanted.spec else "build_nothing_chosen")
        self.waiting = {"sentence": self.say("Fetching the file from its portal…"), "share": None, "told": ""}

    def _begin(self, table: Any) -> None:
        spec = first_chart(self.wanted, table)
        self.suggested = questions(table)
        self.state.open(table, spec, self.wanted.chart_id)

    async def _read_file(self) -> None:
        """Fetch and read the file in the background, telling how far it is."""
        got: dict[str, Any] = {"bytes": 0, "total": None}

        def progress(done: int, total: int | None) -> None:
            got.update(bytes=done, total=total)

        work = asyncio.ensure_future(
            asyncio.to_thread(self.charts.catalog.open, self.wanted.resource, progress)
        )
        while not (await asyncio.wait([work], timeout=LOOKS))[0]:
            self._tell_progress(got["bytes"], got["total"])
        try:
            self._begin(work.result())
        except Refused as refusal:
            self.waiting, self.problem = None, refusal.problem
            self.refresh()
            return
        await self.show()

    def _tell_progress(self, done: int, total: int | None) -> None:
        megabytes = f"{done / 1e6:.1f} MB"
        is_fetched = total is not None and done >= total
        sentence = "Reading the file…" if is_fetched else "Fetching the file from its portal…"
        self.waiting = {
            "sentence": self.say(sentence),
            "share": min(done / total, 1) if total and not is_fetched else None,
            "told": megabytes if done else "",
        }
        self.refresh()

    # Messages

    async def receive(self, data: Any) -> None:
        """Do what a message of the page asks; whatever it is, the person gets an answer."""
        try:
            await self._do(Message.model_validate(data))
        except ValidationError:
            self.live.send(regions={}, say=self.say("That cannot be used here. Choose again."))
        except Refused as refusal:
            self.live.send(regions={}, say=explain(refusal.problem, self.visit.language))
        except Exception:
            log.exception("a message to the builder failed")
            self.live.send(regions={}, say=self.say("Something went wrong here. Try again, or undo."))

    async def _do(self, message: Message) -> None:
        match message.do:
            case "ready":
                await self._look(message)
            case "look":
                await self._look(message)
            case "undo" | "redo" | "reset":
                if getattr(self.state, message.do)():
                    await self.show()
            case "facet":
                await self._open_facet(message)
            case "seek":
                self._seek(message)
            case "download":
                await self._download(message)
            case "save" | "story":
                await self._save(then_story=message.do == "story")
            case _:
                await self._step(message)

    async def _look(self, message: Message) -> None:
        """Learn how wide the chart is and in which scheme; then it becomes touchable."""
        self.layout = "narrow" if message.value == "narrow" else "wide"
        self.dark, self.width = message.on, message.width
        if message.do == "ready" and self.state.spec is None:
            if self.waiting:
                await self._read_file()
        elif self.drawing is None and self.problem is None:
            await self.show()
        else:
            self.refresh()
            await self._touchable(self._turn)

    async def _step(self, message: Message) -> None:
        if self.state.spec is None or message.do not in STEPS:
            raise Refused("edit_choice_none", message.do)
        had_title = bool(self.state.spec.title)
        desk = Desk(
            table=self.state.table,
            examples=(*self.state.asked_before, *(each.spec for each in self.suggested)),
            questions=tuple(each.spec for each in self.suggested),
        )
        if not self.state.change(step(message, desk)):
            self.refresh()
            return
        await self.show()
        if had_title and not self.state.spec.title and message.do != "title":
            self.live.send(
                say=self.say("The title went back to the automatic one: yours was for another question.")
            )

    async def _open_facet(self, message: Message) -> None:
        if self.state.spec is None:
            return
        if not message.on:
            self.facets.pop(message.field, None)
            self.sought.pop(message.field, None)
            return
        column = self.state.table.column(message.field)
        if column is None:
            raise Refused("edit_column_none", message.field)
        if filtering.kind(column) == "values":
            self.facets[message.field] = await asyncio.to_thread(self._count, message.field)
            self.refresh()

    def _seek(self, message: Message) -> None:
        if message.field in self.facets:
            self.sought[message.field] = message.value
            self.refresh()

    async def _download(self, message: Message) -> None:
        if self.drawing is None:
            raise Refused("edit_choice_none", message.value)
        self.live.send(regions={}, file=await asyncio.to_thread(file_of, self.drawing, message.value))

    async def _save(self, then_story: bool) -> None:
        account = self.visit.account
        if account is None or self.drawing is None:
            raise Refused("account_needed")
        if not self.state.is_saved:
            name = self.drawing.wide.title[:200]
            saved = await asyncio.to_thread(
                self.charts.save, account, self.state.spec, name, self.state.chart_id
            )
            self.state.keep(saved.id)
        self.refresh()
        if then_story:
            self.live.send(go=urls.add_to_story(self.state.chart_id))
        else:
            self.live.send(say=self.say("Saved among your charts."))

    # Showing

    def _draw(self) -> tuple[Drawing | None, dict[str, Any], Problem | None]:
        """Return the chart now and what shows it, or why there is none. Blocks."""
        try:
            drawing = self.charts.draw(self.state.spec, self.visit.language)
            return drawing, view.picture(drawing), None
        except Refused as refusal:
            return None, view.NO_PICTURE, refusal.problem
        except Exception:
            log.exception("a chart could not be drawn: %s", self.state.spec)
            return None, view.NO_PICTURE, Problem(code="build_failed")

    def _hold(self, drawn: tuple[Drawing | None, dict[str, Any], Problem | None]) -> None:
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
        await self._touchable(turn)

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

    async def _touchable(self, turn: int) -> None:
        if self.drawing is None or self.drawing.result.counted == 0:
            self.pane.object = None
            return
        plan = self.drawing.narrow if self.layout == "narrow" else self.drawing.wide
        drawn = await asyncio.to_thread(touchable, plan, self.dark, self.width)
        if turn == self._turn:
            self.pane.object = drawn
            self.live.send(live=True)

    def refresh(self) -> None:
        """Send the regions whose HTML is another than the page has."""
        regions = self.regions()
        changed = {name: html for name, html in regions.items() if self._sent.get(name) != hash(html)}
        self._sent.update({name: hash(html) for name, html in changed.items()})
        address = {"address": self.address} if self.state.spec else {}
        self.live.send(regions=changed, **address)

    @property
    def address(self) -> str:
        """The address that opens this very chart."""
        spec = self.state.spec
        return urls.build(spec=encode(spec)) if spec else urls.build(**self.visit.query)

    def regions(self) -> dict[str, str]:
        """Return the HTML of every region as it is now."""
        values = self.values()
        render = self.site.render
        return {name: render(f"builder_build_{name}.html", self.visit.language, **values) for name in REGIONS}

    def first_regions(self) -> dict[str, str]:
        """Return every region for the page itself; from here on only what changes is sent."""
        regions = self.regions()
        self._sent = {name: hash(html) for name, html in regions.items()}
        return regions

    def values(self) -> dict[str, Any]:
        """Return all that the templates show."""
        state, spec = self.state, self.state.spec
        shown: dict[str, Any] = {
            "spec": spec,
            "can_undo": bool(state.past),
            "can_redo": bool(state.future),
            "can_reset": spec is not None and spec != state.start,
            "is_saved": state.is_saved,
            "chart_id": state.chart_id,
            "is_drawn": self.drawing is not None,
            "account": self.visit.account,
            "login_href": urls.sign_in(self.address),
            "waiting": self.waiting,
            "problem": explain(self.problem, self.visit.language) if self.problem else "",
            "caution": "",
            "chips": (),
            "filters": (),
            "questions": (),
            **self._place(),
            **self.picture,
        }
        if spec is not None:
            shown |= view.sentence(spec, state.table, self.say)
            shown["filters"] = filtering.filters(spec, state.table, self.facets, self.sought, self.say)
            shown["questions"] = view.questions(self.suggested, spec, self.visit.language)
        return shown

    def _place(self) -> dict[str, Any]:
        """Return where the table comes from, and the other files there."""
        found = self.charts.catalog.resource(self.wanted.resource) if self.wanted.resource else None
        if found is None:
            return {"heading": self.say("Make a chart"), "dataset_href": "", "siblings": ()}
        dataset, resource = found
        siblings = [
            {"href": urls.build(resource=each.id), "name": each.name or each.url, "format": each.format}
            for each in dataset.resources
            if each.id != resource.id
        ]
        return {"heading": dataset.title, "dataset_href": urls.dataset(dataset.name), "siblings": siblings}
