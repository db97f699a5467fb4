"""What stands around the canvas: whether the story is saved, what is missing, and the way to readers."""

import datetime as dt
from typing import Any

from stories.check import blocking
from stories.facts import examples
from stories.state import Editing
from stories.story import Heading
from stories.workflow import refusal
from web import urls
from web.i18n import Words, explain

NEWER = ("story_chart_newer", "story_data_newer")


def standing(state: Editing, _: Words) -> dict[str, Any]:
    """Return what the bar and the side of the editor show, as plain data."""
    drawings = state.stories.draw(state.story)
    found = state.stories.problems(state.story)
    kept = state.stories.find(state.story_id)
    return {
        "can_undo": bool(state.history.past),
        "can_redo": bool(state.history.future),
        "saved": state.is_saved,
        "status": _status(state, _),
        "trouble": state.trouble is not None,
        "conflict": state.is_conflict,
        "publish": _("Publish") if publishes(state) else _("Send for approval"),
        "ready": not blocking(found) and not state.is_conflict,
        "live": urls.story(kept.slug) if kept.slug and kept.standing.published is not None else "",
        "newer": kept.standing.has_newer_edits,
        "preview": urls.preview(state.story_id, state.version),
        "note": _note(state),
        "history": urls.history(state.story_id),
        "examples": examples(state.story, drawings),
        "outline": [
            {"id": block.id, "text": block.text}
            for block in state.story.blocks
            if isinstance(block, Heading) and block.text.strip()
        ],
        "count": _.plural("{n} word", "{n} words", state.words),
        "missing": [
            {
                "where": one.where,
                "text": explain(one, _.language),
                "severity": one.severity,
                "newer": one.code in NEWER,
            }
            for one in found
        ],
    }


def publishes(state: Editing) -> bool:
    """Tell whether this account publishes itself, or hands the story to a curator."""
    kept = state.stories.find(state.story_id)
    return not refusal(
        "publish",
        kept.standing,
        state.account.role,
        owns=kept.owner == state.account.id,
        authors_publish=state.stories.settings.open_publishing,
    )


def _note(state: Editing) -> str:
    """Return why a curator sent the story back, until it is sent again."""
    events = [event for event in state.stories.events(state.story_id) if event.step not in ("create", "name")]
    return events[-1].note if events and events[-1].step == "send_back" else ""


def _status(state: Editing, _: Words) -> str:
    """Say the truth about what is kept."""
    if state.trouble is not None:
        return explain(state.trouble, _.language)
    if not state.is_saved:
        return _("Saving…")
    at = dt.datetime.fromisoformat(state.saved_at).astimezone()
    return _("Saved at {time}", time=f"{at:%H:%M:%S}")
