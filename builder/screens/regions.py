"""The regions of the page as HTML; once sent, only those that changed are sent again."""

from collections.abc import Mapping
from typing import Any

from web.site import Site

NAMES = ("where", "bar", "ask", "caption", "still", "foot", "numbers", "filters", "questions")


class Regions:
    """What a page of the builder was last sent, kept as hashes."""

    def __init__(self, site: Site, language: str):
        self._site, self._language = site, language
        self._sent: dict[str, int] = {}

    def all(self, values: Mapping[str, Any]) -> dict[str, str]:
        """Return every region, for the page itself."""
        made = {
            name: self._site.render(f"builder_build_{name}.html", self._language, **values) for name in NAMES
        }
        self._sent = {name: hash(html) for name, html in made.items()}
        return made

    def changed(self, values: Mapping[str, Any]) -> dict[str, str]:
        """Return the regions that are not as they were last sent."""
        before = self._sent
        return {name: html for name, html in self.all(values).items() if before.get(name) != hash(html)}
