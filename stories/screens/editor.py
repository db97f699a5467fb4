"""The editor: the story itself to write in, what is missing beside it, publishing always in sight."""

import asyncio
from functools import partial
from typing import Any

import panel as pn

from builder.chart import Links
from stories import actions
from stories.said import said
from stories.screens.canvas import Canvas, difference, view
from stories.screens.finding import asked, datasets
from stories.screens.standing import publishes, standing
from stories.screens.steps import step
from stories.state import Editing
from stories.stories import Stories
from web import urls
from web.i18n import explain, words
from web.session import visit
from web.site import Site
from web.values import Refused

STYLES = ("relato.css", "chart.css", "story.css", "editor.css")
SAVE_AFTER, TRY_AGAIN_AFTER = 1000, 5000
"""Milliseconds from a change to its saving, and from a failure to the next attempt."""


def editor(site: Site, stories: Stories) -> Any:
    """Return the screen of the story named by ``?id=``; raises Refused."""
    here = visit()
    kept = actions.check_step(stories.database, here.account, here.query.get("id", ""), "edit")
    state = Editing(stories, here.account, kept)
    return Editor(site, state, here.language, here.query.get("block", "")).canvas


class Editor:
    """Ties one open story to the canvas that shows it."""

    def __init__(self, site: Site, state: Editing, language: str, focus: str = ""):
        self.state, self._ = state, words(language)
        self._saving: Any = None
        self._seen = self._view()
        charts = state.stories.charts.of(state.account)
        self.canvas = Canvas(
            self._heard,
            story=self._seen,
            focus=focus,
            desk=standing(state, self._),
            words=said(self._),
            story_id=state.story_id,
            charts=[{"id": one.id, "name": one.name, "svg": urls.chart(one.id, "svg")} for one in charts],
            stylesheets=[site.assets.url(name) for name in STYLES],
            sizing_mode="stretch_width",
        )
        state.param.watch(self._changed, "history")
        state.param.watch(lambda *_: self._tell(), ["saved", "trouble"])
        pn.state.on_session_destroyed(lambda _: state.save())

    def _heard(self, message: dict[str, Any]) -> None:
        """Do what the canvas asks; what it cannot say is passed over."""
        does = {
            "undo": self.state.undo,
            "redo": self.state.redo,
            "save": self.state.save,
            "publish": self._publish,
            "keep": self._keep_as_copy,
            "find": partial(self._find, message),
            "ask": partial(self._ask, message),
        }
        what = str(message.get("do"))
        does[what]() if what in does else step(self.state, message)
        if "n" in message:
            self._tell(heard=message["n"])

    def _find(self, message: dict[str, Any]) -> None:
        text = str(message.get("text", ""))[:200]
        self.canvas.show({"found": datasets(self.state.stories, text, self._.language)})

    def _ask(self, message: dict[str, Any]) -> None:
        """Look for the questions of a file, which may have to be fetched: without holding up the others."""
        resource, language = str(message.get("resource", "")), self.state.story.language

        async def look() -> None:
            try:
                offered = await asyncio.to_thread(asked, self.state.stories, resource, language)
                self.canvas.show({"asked": offered, "resource": resource})
            except Refused as refused:
                said = explain(refused.problem, self._.language)
                self.canvas.show({"asked": [], "resource": resource, "refused": said})

        pn.state.curdoc.add_next_tick_callback(look)

    def _view(self) -> dict[str, Any]:
        story = self.state.story
        return view(story, self.state.stories.draw(story), lambda _: Links())

    def _changed(self, event: Any) -> None:
        seen = self._view()
        change = difference(self._seen, seen)
        self._seen = seen
        stepped_back = bool(event.new.future) or len(event.new.past) < len(event.old.past)
        self._tell(**change, force=stepped_back)
        self._save_in(SAVE_AFTER)

    def _save_in(self, milliseconds: int) -> None:
        if self._saving is None:
            self._saving = pn.state.curdoc.add_timeout_callback(self._save, milliseconds)

    def _save(self) -> None:
        self._saving = None
        if not self.state.save() and not self.state.is_conflict:
            self._save_in(TRY_AGAIN_AFTER)

    def _tell(self, **change: Any) -> None:
        self.canvas.show({**change, "desk": standing(self.state, self._)})

    def _publish(self) -> None:
        """Publish what is on the canvas, or send it to a curator, and say so."""
        state = self.state
        if not state.save():
            return
        try:
            if publishes(state):
                edition = state.stories.publish(state.account, state.story_id)
                told = {"text": self._("Published. Readers see it at:"), "href": urls.story(edition.slug)}
            else:
                actions.submit(state.stories.database, state.account, state.story_id)
                told = {
                    "text": self._("Sent. A curator will approve it or return it with a note."),
                    "href": "",
                }
            self._tell(told=told)
        except Refused as refused:
            state.trouble = refused.problem

    def _keep_as_copy(self) -> None:
        kept = self.state.keep_as_copy()
        self._tell(told={"text": self._("Kept as a story of its own:"), "href": urls.editor(kept.id)})
