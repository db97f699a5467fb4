"""The catalogue as the rooms above see it: find datasets, open their files as tables."""

import datetime as dt
import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import lru_cache
from pathlib import Path
from typing import Any

from catalog import problems  # noqa: F401  (registers the room's sentences)
from catalog.models import (
    Count,
    Dataset,
    Hit,
    Portal,
    Provenance,
    Reading,
    Resource,
    Results,
    SyncReport,
    Table,
)
from catalog.search import FACETS, SORTS, Search, matches
from catalog.store import PortalState, Store, migrations, now
from catalog.sync import Progress, is_address, sync
from catalog.words import words_of
from web.database import Database
from web.settings import Settings
from web.values import Problem, Refused, content_hash

DEMO = Path(__file__).parent / "demo" / "packages.jsonl"
RETRY = dt.timedelta(hours=1)
MAX_RESULTS = 100

Fetched = Callable[[int, int | None], None]
log = logging.getLogger(__name__)


class Catalog:
    """Everything a running Relato knows of its portals; safe to use from many threads."""

    def __init__(self, settings: Settings):
        self.settings = settings
        self.store = Store(Database(settings.data / "catalog.db", migrations))
        self._search = Search(self.store.database)
        self._opening: dict[str, Future[Table]] = {}
        self._lock = threading.Lock()
        self._load = lru_cache(maxsize=256)(self._load_table)

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

        ``facets`` choose values of ``portal organization theme format license``; unknown ones are ignored.
        """
        chosen = {kind: _several(facets.get(kind, ())) for kind in FACETS}
        numbers, counts = self._search.find(text, chosen, sort if sort in SORTS else "relevance")
        page = numbers[max(0, offset) : max(0, offset) + min(max(0, limit), MAX_RESULTS)]
        words = words_of(text)
        hits = tuple(self._hit(dataset, words) for dataset in self.store.datasets(page))
        return Results(
            total=len(numbers),
            results=hits,
            facets={kind: self._counted(kind, values, chosen[kind]) for kind, values in counts.items()},
            meant="" if numbers else self._search.meant(text),
        )

    def _hit(self, dataset: Dataset, words: Sequence[str]) -> Hit:
        shown = set(words_of(f"{dataset.title} {dataset.organization_title}"))
        unseen = [word for word in words if not any(said.startswith(word) for said in shown)]
        found = tuple(dict.fromkeys(matches(unseen, self.store.described(dataset)))) if unseen else ()
        return Hit(dataset=dataset, matches=found)

    def _counted(self, kind: str, counts: dict[str, int], chosen: Sequence[str]) -> tuple[Count, ...]:
        titles = self.store.titles(kind) if kind != "format" else {}
        every = counts | {value: 0 for value in chosen if value not in counts}
        listed = [
            Count(value=value, title=titles.get(value, value), count=count, chosen=value in chosen)
            for value, count in every.items()
        ]
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
            "portals": len(self.store.portals()),
        }

    def portals(self) -> tuple[PortalState, ...]:
        """Return every portal with the state of its last synchronisation."""
        return self.store.portals()

    def portal(self, portal_id: str) -> Portal | None:
        """Return a portal, or None."""
        state = self.store.portal_state(portal_id)
        return state.portal if state else None

    def sync(
        self, progress: Progress | None = None, *, full: bool = False, accept_gone: bool = False
    ) -> tuple[SyncReport, ...]:
        """Synchronise every portal of the settings, or the demo portal when they name none."""
        sources = self.settings.portals or (str(DEMO),)
        return tuple(
            sync(self.store, source, progress=progress, full=full, accept_gone=accept_gone)
            for source in sources
        )

    # Tables

    def table(self, table_id: str) -> Table | None:
        """Return a table by id, or None when it was never read."""
        try:
            return self._load(table_id)
        except (FileNotFoundError, Refused):
            return None

    def parquet(self, table_id: str) -> Path:
        """Return where the rows of a table are.

        Raises Refused ``table_unknown`` for an id that is none of ours.
        """
        if not table_id.isalnum():
            raise Refused("table_unknown", table_id)
        return self.settings.data / "tables" / f"{table_id}.parquet"

    def table_of(self, resource_id: str) -> Table | None:
        """Return the table read from a resource, or None when it is not read yet."""
        reading = self.store.reading(resource_id)
        return self.table(reading.table) if reading and reading.state == "ready" else None

    def reading(self, resource_id: str) -> Reading | None:
        """Return how far a resource's file is, or None when nobody asked for it yet."""
        if resource_id in self._opening:
            return Reading(state="reading")
        return self.store.reading(resource_id)

    def resources_of_table(self, table_id: str) -> tuple[str, ...]:
        """Return the ids of the resources whose file gave this table."""
        return self.store.resources_of_table(table_id)

    def provenance(self, resource_id: str) -> Provenance:
        """Return where a resource's numbers come from; empty for a resource that is no longer known."""
        found = self.store.resource(resource_id)
        if found is None:
            return Provenance(resource=resource_id)
        dataset, resource = found
        reading = self.store.reading(resource_id)
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

    def open(self, resource_id: str, progress: Fetched | None = None) -> Table:
        """Return a resource's table, fetching and reading its file unless that is done.

        Blocks; several callers of one resource wait for the same work. A refusal is remembered
        for an hour, or until the portal says that the file changed.
        Raises nothing but Refused.
        """
        found = self.store.resource(resource_id)
        if found is None:
            raise Refused("resource_unknown", resource_id)
        dataset, resource = found
        stamp = content_hash([resource.url, resource.size, resource.modified])
        known = self._remembered(resource_id, stamp)
        if known is not None:
            return known
        with self._lock:
            waiting = self._opening.get(resource_id)
            ours = self._opening.setdefault(resource_id, Future())
        if waiting is None:
            self._work(ours, dataset, resource, stamp, progress)
        return ours.result()

    def _remembered(self, resource_id: str, stamp: str) -> Table | None:
        reading = self.store.reading(resource_id)
        if reading is None or reading.stamp != stamp:
            return None
        if reading.state == "refused" and reading.problem:
            if dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(reading.at) < RETRY:
                raise refused(reading.problem)
            return None
        return self.table(reading.table) if reading.state == "ready" else None

    def _work(
        self,
        future: "Future[Table]",
        dataset: Dataset,
        resource: Resource,
        stamp: str,
        progress: Fetched | None,
    ) -> None:
        """Fetch and read, remember the outcome, then let every waiting caller go."""
        try:
            future.set_result(self._fetch_and_read(dataset, resource, stamp, progress))
        except Refused as refusal:
            self.store.note(
                resource.id, Reading(state="refused", problem=refusal.problem, stamp=stamp, at=now())
            )
            future.set_exception(refusal)
        except Exception:
            log.exception("reading %s", resource.id)
            refusal = Refused("reading_failed", resource.name or resource.url)
            self.store.note(
                resource.id, Reading(state="refused", problem=refusal.problem, stamp=stamp, at=now())
            )
            future.set_exception(refusal)
        finally:
            with self._lock:
                self._opening.pop(resource.id, None)

    def _fetch_and_read(
        self, dataset: Dataset, resource: Resource, stamp: str, progress: Fetched | None
    ) -> Table:
        from catalog.fetch import fetch
        from catalog.reading import read_file

        portal = self.portal(dataset.portal)
        folder = None if portal is None or is_address(portal.source) else Path(portal.source).parent
        file = fetch(
            resource.url, self.settings.data / "files", self.settings, folder=folder, progress=progress
        )
        table = read_file(
            self.settings.data / "files" / file.sha256, self.settings.data / "tables", self.settings
        )
        self.store.note(
            resource.id, Reading(state="ready", table=table.id, file=file, stamp=stamp, at=now()), table
        )
        return table

    def _load_table(self, table_id: str) -> Table:
        document = self.parquet(table_id)
        if not document.is_file():
            raise FileNotFoundError(document)
        return Table.model_validate_json(document.with_suffix(".json").read_bytes())


def refused(problem: Problem) -> Refused:
    """Return the refusal of a remembered problem."""
    return Refused(problem.code, problem.where, **problem.facts)


def _several(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(str(item) for item in value or ())
