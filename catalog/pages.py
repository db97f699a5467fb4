"""The catalogue's pages and public API: ``/search``, ``/datasets/<name>``, ``/api/datasets``."""

import re
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlencode, urlsplit

from catalog.answers import DatasetAnswer, FoundDatasets, dataset_answer, found_datasets
from catalog.asked import PER_PAGE, SORTS, Asked, asked, whole
from catalog.catalog import Catalog
from catalog.catalog_page import CatalogPage
from catalog.check_page import CheckPage
from catalog.impacts import Told, Uses, nobody, told
from catalog.models import Count, Dataset, Impact, Resource, Results
from catalog.offers import Offers, offers
from catalog.preview import Look
from catalog.search import FACETS
from catalog.views import DatasetView, ReadyCharts, Views
from web import urls
from web.api import Operation
from web.i18n import N_, explain
from web.pages import Page
from web.site import Site
from web.values import Refused

HERE = Path(__file__).parent
TEMPLATES, STATIC = HERE / "templates", HERE / "static"
FACET_TITLES = {
    "theme": N_("Theme"), "organization": N_("Institution"), "shows": N_("It can show"), "year": N_("Years covered"), "format": N_("Format"), "license": N_("Licence"), "portal": N_("Portal"),
}  # fmt: skip
SORT_TITLES = {
    "relevance": N_("Best match"), "modified": N_("Newest"), "rows": N_("Most rows"), "title": N_("Title"),
}  # fmt: skip
LISTED = 8
CHUNK = 1 << 16


class SearchPage(CatalogPage):
    """``/search``."""

    async def get(self) -> None:
        query = asked(self.argument, self.get_query_arguments)
        values = await self.off_loop(lambda: self._gathered(query))
        self.keep()
        self.page("catalog_search.html", wide=True, query=query, **values)

    def _gathered(self, query: Asked) -> dict[str, Any]:
        found = self.catalog.search(
            query.text,
            limit=PER_PAGE,
            offset=query.offset,
            language=self.language,
            sort=query.sort,
            **query.facets,
        )
        return {
            "found": found,
            "cards": self.views.cards(found.results, self.language),
            "facets": [
                (kind, self._(title), *_listed(found.facets[kind]))
                for kind, title in FACET_TITLES.items()
                if _tells(kind, found)
            ],
            "chips": [(kind, count) for kind in FACETS for count in found.facets[kind] if count.chosen],
            "sorts": [(sort, self._(SORT_TITLES[sort])) for sort in SORTS],
            "pages": -(-found.total // PER_PAGE),
            "everywhere": self._everywhere(query, found),
        }

    def _everywhere(self, query: Asked, found: Results) -> int:
        """Return how many the words alone find when the choices leave nothing."""
        return self.catalog.search(query.text, limit=0).total if query.has_choice and not found.total else 0


class DatasetPage(CatalogPage):
    """``/datasets/<name>``; ``?resource=`` opens one of its files, ``?row=``, ``find``, ``sort`` and ``desc`` choose its rows."""

    async def get(self, name: str) -> None:
        look = Look(
            start=max(0, whole(self.argument("row"), 1) - 1),
            text=self.argument("find")[:100],
            sort=self.argument("sort"),
            is_descending=bool(self.argument("desc")),
        )
        dataset = self.find(name)
        chosen = self.argument("resource")
        view = await self.off_loop(lambda: self.views.dataset(dataset, chosen, look, self.language))
        uses = self.uses([r.id for r in dataset.resources], inside=self.account is not None)
        if view.is_waiting:
            self.set_header("Cache-Control", "no-store")
        else:
            self.keep()
        self.page(
            "catalog_dataset.html", wide=True, view=view, dataset=dataset, uses=uses, at=partial(_at, view)
        )

    def post(self, name: str) -> None:
        """Stop the reading of the file named ``stop``."""
        stopped = self.get_body_argument("stop", "") or ""
        if any(resource.id == stopped for resource in self.find(name).resources):
            self.catalog.jobs.stop(stopped)
        self.redirect(urls.dataset(name))


class FilePage(CatalogPage):
    """``/datasets/<name>/files/<resource id>``: the bytes we fetched, never shown by the browser itself."""

    async def get(self, name: str, resource_id: str) -> None:
        resource = next((r for r in self.find(name).resources if r.id == resource_id), None)
        reading = self.catalog.reading(resource_id)
        if resource is None or reading is None or reading.file is None:
            raise Refused("resource_unknown", resource_id)
        path = self.catalog.files.raw(reading.file)
        ending = PurePosixPath(urlsplit(resource.url).path).suffix if resource.url else ""
        self.set_header("Content-Type", "application/octet-stream")
        self.set_header("Content-Disposition", f'attachment; filename="{slug(name, ending)}"')
        self.set_header("Content-Security-Policy", "sandbox")
        self.set_header("Content-Length", path.stat().st_size)
        with path.open("rb") as file:
            while part := file.read(CHUNK):
                self.write(part)
                await self.flush()
        self.site.counts.add("download", name)


class DeskPage(CatalogPage):
    """``/desk/catalog``: how each portal's last synchronisation ended, and what is being read."""

    def get(self) -> None:
        self.require("curator")
        work = self.catalog.jobs.state()
        states = [
            (state, state.problem and explain(state.problem, self.language))
            for state in self.catalog.portals()
        ]
        self.page(
            "catalog_desk.html",
            states=states,
            impacts=[
                (found[0], found[1], impact, self._told(impact))
                for impact in self.catalog.impacts()
                if (found := self.catalog.resource(impact.resource))
            ],
            syncing=self.catalog.syncing,
            work=work,
            reading=self._named(work.reading),
            coming=self._named(work.next),
            progress=self.catalog.jobs.progress,
        )

    def _named(self, ids: tuple[str, ...]) -> list[tuple[Dataset, Resource]]:
        return [found for resource_id in ids if (found := self.catalog.resource(resource_id))]

    def _told(self, impact: Impact) -> list[Told]:
        tables = [table for each in (impact.old, impact.new) if (table := self.catalog.table(each))]
        return told(impact, tables, self.uses([impact.resource], inside=True), self.language)

    def post(self) -> None:
        self.require("curator")
        self.catalog.jobs.synchronise()
        self.redirect(self.request.path)


class DatasetsApi(CatalogPage):
    """``GET /api/datasets?q=``."""

    async def get(self) -> None:
        query = asked(self.argument, self.get_query_arguments)
        limit = whole(self.argument("limit"), PER_PAGE)
        offset = whole(self.argument("offset"), query.offset)
        found = await self.off_loop(
            lambda: self.catalog.search(
                query.text,
                limit=limit,
                offset=offset,
                language=self.language,
                sort=query.sort,
                **query.facets,
            )
        )
        self.keep()
        self.json(found_datasets(found, self.language))


class SuggestApi(CatalogPage):
    """``GET /api/suggest?q=``: what a text begun in a search box may mean."""

    async def get(self) -> None:
        text = self.argument("q")[:300]
        answer = await self.off_loop(lambda: offers(text, self.catalog, self.language))
        self.keep()
        self.json(answer)


class DatasetApi(CatalogPage):
    """``GET /api/datasets/<name>``."""

    async def get(self, name: str) -> None:
        dataset = self.find(name)
        answer = await self.off_loop(lambda: dataset_answer(dataset, self.catalog))
        self.keep()
        self.json(answer)


def _at(view: DatasetView, **change: Any) -> str:
    """Return the address of other rows of the file shown: the same look but for the change."""
    look = view.look.model_copy(update=change)
    query = {
        "resource": view.chosen.id if view.chosen else "",
        "find": look.text,
        "sort": look.sort,
        "desc": "1" if look.is_descending else "",
        "row": str(look.start + 1) if look.start else "",
    }
    kept = {name: value for name, value in query.items() if value}
    return f"{urls.dataset(view.dataset.name)}?{urlencode(kept)}#rows"


def _tells(kind: str, found: Results) -> bool:
    """Say whether a facet offers a choice: one portal alone does not."""
    return len(found.facets[kind]) > 1 or any(count.chosen for count in found.facets[kind])


def _listed(counts: tuple[Count, ...]) -> tuple[list[Count], list[Count]]:
    """Return the counts shown at once (the chosen among them) and the rest."""
    first = [count for place, count in enumerate(counts) if place < LISTED or count.chosen]
    return first, [count for count in counts if count not in first]


def slug(name: str, ending: str) -> str:
    """Return a file name of plain letters for a download."""
    return re.sub(r"[^A-Za-z0-9._-]", "-", f"{name[:80]}{ending[:12]}")


def routes(
    site: Site, catalog: Catalog, ready: ReadyCharts, uses: Uses = nobody
) -> list[tuple[str, type[Page], dict[str, Any]]]:
    """Return the room's routes; ``ready`` draws the finished charts of a table, ``uses`` tells who reads it."""
    room = {"site": site, "catalog": catalog, "views": Views(catalog, ready), "uses": uses}
    return [
        (r"/search", SearchPage, room),
        (r"/datasets/([^/]+)", DatasetPage, room),
        (r"/datasets/([^/]+)/files/([^/]+)", FilePage, room),
        (r"/datasets/([^/]+)/check/([^/]+)", CheckPage, room),
        (rf"{urls.DESK}/catalog", DeskPage, room),
        (r"/api/datasets", DatasetsApi, room),
        (r"/api/datasets/([^/]+)", DatasetApi, room),
        (urls.SUGGEST, SuggestApi, room),
    ]


def operations() -> list[Operation]:
    """Return what the room adds to the public API."""
    query = {
        "q": "Words that all must be found; empty lists every dataset",
        "limit": "At most so many results (20, up to 100)",
        "offset": "Leave out so many results",
        "sort": "relevance, modified, rows or title",
        "lang": "es or en, for titles given in both",
        **{kind: f"Only datasets with this {kind}; repeat it for any of several" for kind in FACETS},
    }
    return [
        Operation("/api/datasets", "Search datasets, with counts by facet", FoundDatasets, query=query),
        Operation(
            urls.SUGGEST,
            "Datasets, themes and publishers for a text begun in a search box",
            Offers,
            query={"q": "The text so far", "lang": "es or en"},
        ),
        Operation("/api/datasets/{name}", "One dataset with its files and their columns", DatasetAnswer),
    ]
