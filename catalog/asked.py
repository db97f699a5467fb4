"""What a search page was asked for, and the addresses that ask for a little more or less."""

from collections.abc import Callable
from urllib.parse import urlencode

from catalog.search import FACETS
from web import urls
from web.values import Value

PER_PAGE = 20
SORTS = ("relevance", "modified", "rows", "title")


class Asked(Value):
    """A search as its address states it; every method returns the address of a neighbour."""

    text: str = ""
    sort: str = "relevance"
    page: int = 1
    facets: dict[str, tuple[str, ...]] = {}

    @property
    def offset(self) -> int:
        return (self.page - 1) * PER_PAGE

    @property
    def has_choice(self) -> bool:
        return any(self.facets.values())

    def with_text(self, text: str) -> str:
        return self._address(text=text, page=1)

    def without_facets(self) -> str:
        return self._address(facets={}, page=1)

    def at_page(self, page: int) -> str:
        return self._address(page=page)

    def sorted_by(self, sort: str) -> str:
        return self._address(sort=sort, page=1)

    def toggled(self, kind: str, value: str) -> str:
        """Return the address with a facet value chosen, or no longer."""
        chosen = self.facets.get(kind, ())
        changed = tuple(v for v in chosen if v != value) if value in chosen else (*chosen, value)
        return self._address(facets=self.facets | {kind: changed}, page=1)

    def hidden(self) -> list[tuple[str, str]]:
        """Return what a new text keeps, as form fields."""
        pairs = [(kind, value) for kind in FACETS for value in self.facets.get(kind, ())]
        return [*pairs, ("sort", self.sort)] if self.sort != "relevance" else pairs

    def _address(self, **change: object) -> str:
        other = self.model_copy(update=change)
        pairs = [("q", other.text)] if other.text else []
        pairs += other.hidden()
        if other.page > 1:
            pairs.append(("page", str(other.page)))
        return f"{urls.SEARCH}?{urlencode(pairs)}" if pairs else urls.SEARCH


def asked(argument: Callable[[str], str], several: Callable[[str], list[str]]) -> Asked:
    """Return what an address asks for; what makes no sense is ignored."""
    sort = argument("sort")
    return Asked(
        text=argument("q")[:300],
        sort=sort if sort in SORTS else "relevance",
        page=max(1, whole(argument("page"), 1)),
        facets={kind: tuple(dict.fromkeys(several(kind)))[:50] for kind in FACETS},
    )


def whole(text: str, otherwise: int) -> int:
    """Return the number an address states in up to nine digits, else the other one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else otherwise
