"""The catalogue as the rooms above see it: find datasets, open their files as tables."""

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from catalog.choices import Choices
from catalog.files import Fetched, Files
from catalog.jobs import Jobs
from catalog.models import (
    Count,
    Dataset,
    Hit,
    Impact,
    Portal,
    Provenance,
    Reading,
    Resource,
    Results,
    SyncReport,
    Table,
)
from catalog.portals import PortalState
from catalog.readings import Described
from catalog.schema import migrations
from catalog.search import FACETS, MAX_WORDS, SORTS, Search, matches
from catalog.store import Store
from catalog.sync import Progress, sync
from catalog.words import asked, words_of
from web.database import Database
from web.i18n import N_, words
from web.settings import Settings

DEMO = Path(__file__).parent / "demo" / "packages.jsonl"
DEMO_TITLE = "Portal de demostración de Relato"
SHOWN = {"map": N_("A map"), "time": N_("A change over time")}
MAX_RESULTS = 100
SEARCHES_AT_ONCE = 2  # more threads only take the interpreter from one another: half as many answers, later


class Catalog:
    """Everything a running Relato knows of its portals; safe to use from many threads."""

    def __init__(self, settings: Settings):
        self.settings = settings
        self.store = Store(Database(settings.data / "catalog.db", migrations, is_rebuildable=True))
        self._search = Search(self.store.database)
        self._turns = threading.BoundedSemaphore(SEARCHES_AT_ONCE)
        self.syncing: tuple[int, int | None] | None = None
        self.files = Files(settings, self.store)
        self.jobs = Jobs(self)

    # Finding

    def search(
        self,
        text: str,
        *,
        limit: int = 20,
        offset: int = 0,
        language: str = "es",
        sort: str = "relevance",
        **facets: Sequence[str],
    ) -> Results:
        """Return the datasets that have every word of a text, best first; an empty text finds all.

        ``facets`` choose values of ``portal organization theme shows year format license``; unknown ones are ignored.
        """
        chosen = {kind: _several(facets.get(kind, ())) for kind in FACETS}
        with self._turns:
            return self._find(text, chosen, limit, offset, language, sort)

    def _find(
        self,
        text: str,
        chosen: dict[str, tuple[str, ...]],
        limit: int,
        offset: int,
        language: str,
        sort: str,
    ) -> Results:
        numbers, counts = self._search.find(text, chosen, sort if sort in SORTS else "relevance")
        page = numbers[max(0, offset) : max(0, offset) + min(max(0, limit), MAX_RESULTS)]
        asked_for = asked(text, MAX_WORDS)
        hits = self._hits(self.store.datasets(page), asked_for)
        return Results(
            total=len(numbers),
            results=hits,
            facets={
                kind: self._counted(kind, values, chosen[kind], language) for kind, values in counts.items()
            },
            meant="" if numbers else self._search.meant(text),
        )

    def _hits(self, datasets: Sequence[Dataset], words: Sequence[str]) -> tuple[Hit, ...]:
        described = self.store.readings.described([r.id for dataset in datasets for r in dataset.resources])
        return tuple(_hit(dataset, words, described) for dataset in datasets)

    def _counted(
        self, kind: str, counts: dict[str, int], chosen: Sequence[str], language: str
    ) -> tuple[Count, ...]:
        _ = words(language)
        titles = (
            {value: _(title) for value, title in SHOWN.items()}
            if kind == "shows"
            else self.store.titles(kind)
        )
        every = counts | {value: 0 for value in chosen if value not in counts}
        listed = [
            Count(value=value, title=titles.get(value, value), count=count, chosen=value in chosen)
            for value, count in every.items()
        ]
        if kind == "year":
            return tuple(sorted(listed, key=lambda count: count.value, reverse=True))
        return tuple(sorted(listed, key=lambda count: (-count.count, count.title.casefold())))

    def dataset(self, name: str) -> Dataset | None:
        """Return the dataset of a name, or None."""
        return self.store.dataset(name)

    def resource(self, resource_id: str) -> tuple[Dataset, Resource] | None:
        """Return a resource with its dataset, or None."""
        return self.store.resource(resource_id)

    def recent(self, n: int) -> tuple[Dataset, ...]:
        """Return the datasets modified last."""
        return self.store.newest(n)

    def themes(self) -> tuple[Count, ...]:
        """Return every theme with how many datasets it has, the largest first."""
        return self.search("", limit=0).facets["theme"]

    def counts(self) -> dict[str, int]:
        """Return how many ``datasets``, ``files``, ``organizations`` and ``portals`` there are."""
        found = self.search("", limit=0)
        return {
            "datasets": found.total,
            "files": self.store.files(),
            "organizations": len(found.facets["organization"]),
            "portals": len(self.store.portals.states()),
        }

    def portals(self) -> tuple[PortalState, ...]:
        """Return every portal with the state of its last synchronisation."""
        return self.store.portals.states()

    def portal(self, portal_id: str) -> Portal | None:
        """Return a portal, or None."""
        return self.store.portals.get(portal_id)

    def sync(
        self, progress: Progress | None = None, *, full: bool = False, accept_gone: bool = False
    ) -> tuple[SyncReport, ...]:
        """Synchronise every portal of the settings, or the demo portal when they name none.

        ``syncing`` says meanwhile how many datasets of how many are done.
        Raises Refused ``sync_running``.
        """
        sources = dict.fromkeys(self.settings.portals, "") or {str(DEMO): DEMO_TITLE}

        def tell(done: int, total: int | None) -> None:
            self.syncing = done, total
            if progress:
                progress(done, total)

        try:
            return tuple(
                sync(self.store, source, title=title, progress=tell, full=full, accept_gone=accept_gone)
                for source, title in sources.items()
            )
        finally:
            self.syncing = None

    # Tables

    def table(self, table_id: str) -> Table | None:
        """Return a table by id, or None when it was never read."""
        return self.files.table(table_id)

    def parquet(self, table_id: str) -> Path:
        """Return where the rows of a table are.

        Raises Refused ``table_unknown`` for an id that cannot be one of ours.
        """
        return self.files.parquet(table_id)

    def table_of(self, resource_id: str) -> Table | None:
        """Return the table read from a resource, or None when it is not read yet."""
        reading = self.store.readings.get(resource_id)
        return self.table(reading.table) if reading and reading.state == "ready" else None

    def reading(self, resource_id: str) -> Reading | None:
        """Return how far a resource's file is, or None when nobody asked for it yet."""
        return self.files.reading(resource_id) or self.jobs.reading(resource_id)

    def open(
        self, resource_id: str, progress: Fetched | None = None, reading: Fetched | None = None
    ) -> Table:
        """Return a resource's table, fetching and reading its file unless that is done.

        Blocks; several callers of one resource wait for the same work. A refusal is remembered
        for an hour, or until the portal says that the file changed. ``progress`` hears of the bytes
        fetched, ``reading`` of those read; either stops the work by raising Refused ``reading_stopped``.
        Raises nothing but Refused.
        """
        return self.files.open(resource_id, progress, reading)

    def correct(self, resource_id: str, corrections: Choices, by: str = "") -> Table:
        """Read a resource's file again as a person says; see :meth:`catalog.files.Files.correct`."""
        return self.files.correct(resource_id, corrections, by)

    def corrections(self, resource_id: str) -> Choices | None:
        """Return what a person corrected in the reading of a resource's file, or None."""
        return self.files.kept.of(resource_id)

    def impacts(self, limit: int = 50) -> tuple[Impact, ...]:
        """Return what newer versions of files changed in their tables, the last first."""
        return self.store.readings.impacts(limit)

    def resources_of_table(self, table_id: str) -> tuple[str, ...]:
        """Return the ids of the resources whose file gave this table."""
        return self.store.readings.resources_of_table(table_id)

    def provenance(self, resource_id: str) -> Provenance:
        """Return where a resource's numbers come from; empty for a resource that is no longer known."""
        found = self.store.resource(resource_id)
        if found is None:
            return Provenance(resource=resource_id)
        dataset, resource = found
        reading = self.store.readings.get(resource_id)
        file = reading.file if reading else None
        portal = self.portal(dataset.portal)
        return Provenance(
            dataset=dataset.name,
            dataset_title=dataset.title,
            resource=resource.id,
            resource_name=resource.name,
            organization=dataset.organization_title,
            license_title=dataset.license_title or dataset.license_id,
            license_url=dataset.license_url,
            source_url=dataset.url or resource.url,
            portal=(portal.title or portal.source) if portal else "",
            modified=resource.modified or dataset.modified,
            fetched=file.fetched if file else None,
            sha256=file.sha256 if file else "",
        )


def _hit(dataset: Dataset, words: Sequence[str], described: Mapping[str, Described]) -> Hit:
    shown = set(words_of(f"{dataset.title} {dataset.organization_title}"))
    unseen = [word for word in words if not any(said.startswith(word) for said in shown)]
    read = [(r.id, described[r.id]) for r in dataset.resources if r.id in described]
    return Hit(dataset=dataset, matches=tuple(dict.fromkeys(matches(unseen, read))) if unseen else ())


def _several(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(str(item) for item in value or ())
