"""Open the files of resources as tables: fetch, read, remember; once at a time for each file."""

import datetime as dt
import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import lru_cache
from pathlib import Path

from catalog.models import Dataset, Reading, Resource, Table
from catalog.store import Store, now
from catalog.sync import is_address
from web.settings import Settings
from web.values import Problem, Refused, content_hash

RETRY = dt.timedelta(hours=1)

Fetched = Callable[[int, int | None], None]
log = logging.getLogger(__name__)


class Files:
    """The fetched files and the tables read from them; safe to use from many threads."""

    def __init__(self, settings: Settings, store: Store):
        self._settings, self._store = settings, store
        self._raw, self._tables = settings.data / "files", settings.data / "tables"
        self._opening: dict[str, Future[Table]] = {}
        self._lock = threading.Lock()
        self._load = lru_cache(maxsize=256)(self._load_table)

    def table(self, table_id: str) -> Table | None:
        """Return a table by id, or None when it was never read."""
        try:
            return self._load(table_id)
        except (FileNotFoundError, Refused):
            return None

    def parquet(self, table_id: str) -> Path:
        """Return where the rows of a table are; raises Refused ``table_unknown`` for what is no id."""
        if not (table_id.isascii() and table_id.isalnum()):
            raise Refused("table_unknown", table_id)
        return self._tables / f"{table_id}.parquet"

    def reading(self, resource_id: str) -> Reading | None:
        """Return how far a resource's file is, or None when nobody opened it yet."""
        if resource_id in self._opening:
            return Reading(state="reading")
        return self._store.reading(resource_id)

    def open(self, resource_id: str, progress: Fetched | None = None) -> Table:
        """Return a resource's table; see :meth:`catalog.catalog.Catalog.open`."""
        found = self._store.resource(resource_id)
        if found is None:
            raise Refused("resource_unknown", resource_id)
        dataset, resource = found
        with self._lock:
            opening = self._opening.get(resource_id)
            if opening is None:
                known = self._remembered(resource_id, stamp_of(resource))
                if known is not None:
                    return known
                ours = self._opening[resource_id] = Future()
        if opening is None:
            self._work(ours, dataset, resource, progress)
            return ours.result()
        return opening.result()

    def _remembered(self, resource_id: str, stamp: str) -> Table | None:
        reading = self._store.reading(resource_id)
        if reading is None or reading.stamp != stamp:
            return None
        if reading.state == "refused" and reading.problem and not _is_stale(reading):
            raise refused(reading.problem)
        return self.table(reading.table) if reading.state == "ready" else None

    def _work(
        self, future: "Future[Table]", dataset: Dataset, resource: Resource, progress: Fetched | None
    ) -> None:
        """Fetch and read, remember the outcome, and let every waiting caller go."""
        try:
            future.set_result(self._fetch_and_read(dataset, resource, progress))
        except Refused as refusal:
            future.set_exception(refusal)
        except Exception:
            log.exception("reading %s", resource.id)
            future.set_exception(Refused("reading_failed", resource.name or resource.url))
        finally:
            error = future.exception()
            if isinstance(error, Refused):
                self._note_refusal(resource, error.problem)
            with self._lock:
                self._opening.pop(resource.id, None)

    def _note_refusal(self, resource: Resource, problem: Problem) -> None:
        try:
            self._store.note(
                resource.id, Reading(state="refused", problem=problem, stamp=stamp_of(resource), at=now())
            )
        except Exception:
            log.exception("remembering the refusal of %s", resource.id)

    def _fetch_and_read(self, dataset: Dataset, resource: Resource, progress: Fetched | None) -> Table:
        from catalog.fetch import fetch
        from catalog.reading import read_file

        state = self._store.portal_state(dataset.portal)
        folder = (
            None if state is None or is_address(state.portal.source) else Path(state.portal.source).parent
        )
        file = fetch(resource.url, self._raw, self._settings, folder=folder, progress=progress)
        table = read_file(self._raw / file.sha256, self._tables, self._settings)
        self._store.note(
            resource.id,
            Reading(state="ready", table=table.id, file=file, stamp=stamp_of(resource), at=now()),
            table,
        )
        return table

    def _load_table(self, table_id: str) -> Table:
        rows = self.parquet(table_id)
        if not rows.is_file():
            raise FileNotFoundError(rows)
        return Table.model_validate_json(rows.with_suffix(".json").read_bytes())


def stamp_of(resource: Resource) -> str:
    """Return what changes when the portal says that a file changed."""
    return content_hash([resource.url, resource.size, resource.modified])


def refused(problem: Problem) -> Refused:
    """Return the refusal of a remembered problem."""
    return Refused(problem.code, problem.where, **problem.facts)


def _is_stale(reading: Reading) -> bool:
    return dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(reading.at) > RETRY
