"""What a search box offers while somebody types: datasets, then the themes and publishers of that name."""

from typing import Literal

from catalog.catalog import Catalog
from catalog.models import Count
from catalog.search import MAX_WORDS
from catalog.views import title_of
from catalog.words import asked, words_of
from web import urls
from web.i18n import N_, words
from web.values import Value

DATASETS, FACETS = 5, 3
KINDS = {"theme": N_("Theme"), "organization": N_("Institution")}


class Offer(Value):
    """One thing to open: ``detail`` says what it is, or who publishes it."""

    kind: Literal["dataset", "theme", "organization", "meant"]
    text: str
    detail: str
    url: str


class Offers(Value):
    """Answer of ``/api/suggest``, the best first."""

    offers: tuple[Offer, ...]


def offers(text: str, catalog: Catalog, language: str) -> Offers:
    """Return what a text begun in a search box may mean; nothing for an empty one."""
    if not text.strip():
        return Offers(offers=())
    _ = words(language)
    found = catalog.search(text, limit=DATASETS, language=language)
    datasets = [
        Offer(
            kind="dataset",
            text=title_of(hit.dataset, language),
            detail=hit.dataset.organization_title,
            url=urls.dataset(hit.dataset.name),
        )
        for hit in found.results
    ]
    named = [
        Offer(kind=kind, text=count.title, detail=_(title), url=urls.search(**{kind: count.value}))  # type: ignore[arg-type]
        for kind, title in KINDS.items()
        for count in found.facets[kind]
        if _is_begun(count, asked(text, MAX_WORDS))
    ]
    meant = (
        [Offer(kind="meant", text=found.meant, detail=_("Did you mean"), url=urls.search(found.meant))]
        if found.meant
        else []
    )
    return Offers(offers=(*datasets, *named[:FACETS], *meant))


def _is_begun(count: Count, typed: list[str]) -> bool:
    """Say whether every word typed begins a word of a facet value's title."""
    said = words_of(count.title)
    return bool(typed) and all(any(word.startswith(begun) for word in said) for begun in typed)
