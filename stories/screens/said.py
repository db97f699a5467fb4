"""The words of the canvas, which speaks through its script."""

from web.i18n import Words


def said(_: Words) -> dict[str, str]:
    """Return every word the canvas shows, by the name its script knows."""
    return {
        "title": _("Title: what the reader will learn"),
        "lead": _("Lead: one or two sentences that say why it matters"),
        "byline": _("Who signs it"),
        "write": _("Write here. **bold**, *italic*, [link](https://…), - list"),
        "heading": _("Heading"),
        "text": _("Text"),
        "chart": _("Chart"),
        "caption": _("Add a caption"),
        "add": _("Add a block here"),
        "close": _("Close"),
        "no_charts": _("No saved chart yet."),
        "find_data": _("Find data and save a chart"),
        "edit_chart": _("Open in the builder"),
        "drag": _("Drag to move; or Alt and the arrow keys"),
        "up": _("Move up"),
        "down": _("Move down"),
        "copy": _("Duplicate"),
        "remove": _("Delete; it can be undone"),
        "bold": _("Bold"),
        "italic": _("Italic"),
        "link": _("Link"),
        "list": _("List"),
        "quote": _("Quote"),
        "tools": _("Story tools"),
        "studio": _("Studio"),
        "undo": _("Undo"),
        "redo": _("Redo"),
        "mode_write": _("Write"),
        "mode_phone": _("Phone"),
        "mode_desktop": _("Desktop"),
        "preview": _("Preview"),
        "saving": _("Saving…"),
        "before": _("Before publishing"),
        "complete": _("Nothing is missing."),
        "read": _("Read the published story"),
        "newer": _("with newer edits here"),
        "keep": _("Keep this text as a copy"),
    }
