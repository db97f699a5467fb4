"""The Panel screens of the stories room."""

from collections.abc import Callable
from functools import partial
from typing import Any

from stories.screens.editor import editor
from stories.stories import Stories
from web import urls
from web.session import screen
from web.site import Site


def screens(site: Site, stories: Stories) -> dict[str, Callable[[], Any]]:
    """Return the app function of each Panel route."""
    return {f"{urls.STUDIO}/story": screen(partial(editor, site, stories), "Story")}
