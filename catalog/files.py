"""Open the files of resources as tables: fetch, read, remember; once at a time for each file."""

import contextlib
import datetime as dt
import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import lru_cache, partial
from pathlib import Path

from catalog import choices
from catalog.choices import Choices, Kept
from catalog.fetch import fetch
from catalog.impact import compare
from catalog.models import Dataset, Impact, RawFile, Reading, Resource, Table
from catalog.packages import stamp_of
from catalog.portals import now
from catalog.reading import read_file
from catalog.store import Store
from catalog.sync import is_address
from web.database import Database
from web.settings import Settings
from web.values import Problem, Refused

RETRY = dt.timedelta(hours=1)

Fetched = Callable[[int, int | None], None]
Told = tuple[Fetched | None, Fetched | None]
"""Who hears of the bytes fetched, and of those read."""
FETCHING, READING = 0, 1
STOPPED = "reading_stopped"
log = logging.getLogger(__name__)


class Files:
    """The fetched files and the tables read from them; safe to use from many threads."""

    def __init__(self, settings: Settings, store: Store):
        self._settings, self._store = settings, store
        self._raw, self._tables = settings.data / "files", settings.data / "tables"
        self.kept = Kept(Database(settings.data / "choices.db", choices.migrations))
        self._opening: dict[str, Future[Table]] = {}
        self._heard: dict[str, tuple[int, int, int | None]] = {}
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

    def raw(self, file: RawFile) -> Path:
        """Return where the bytes of a file are, as they were fetched."""
        return self._raw / file.sha256

    def reading(self, resource_id: str) -> Reading | None:
        """Return how far a resource's file is, or None when nobody opened it yet."""
        if resource_id in self._opening:
            return Reading(state="reading")
        return self._store.readings.get(resource_id)

    def open(
        self, resource_id: str, progress: Fetched | None = None, reading: Fetched | None = None, *,
        at_most_mb: int | None = None,
    ) -> Table:  # fmt: skip
        """Return a resource's table; see :meth:`catalog.catalog.Catalog.open`.

        A file larger than ``at_most_mb`` is refused without being remembered as refused.
        """
        found = self._store.resource(resource_id)
        if found is None:
            raise Refused("resource_unknown", resource_id)
        dataset, resource = found
        with self._lock:
            opening = self._opening.get(resource_id)
            if opening is None:
                known = self._remembered(resource)
                if known is not None:
                    return known
                ours = self._opening[resource_id] = Future()
        if opening is not None:
            try:
                return self._joined(opening, resource_id, (progress, reading))
            except Refused as refusal:
                if refusal.problem.code != STOPPED or not opening.done():
                    raise
            return self.open(resource_id, progress, reading, at_most_mb=at_most_mb)
        try:
            told = self._heard_by(resource_id, (progress, reading))
            ours.set_result(self._opened(dataset, resource, told, at_most_mb))
        except BaseException as error:
            ours.set_exception(error)
        finally:
            with self._lock:
                del self._opening[resource_id]
                self._heard.pop(resource_id, None)
        return ours.result()

    def _heard_by(self, resource_id: str, told: Told) -> Told:
        """Return who hears of a file's bytes: those who join the work later too, and the one who began it."""

        def hear(stage: int, done: int, total: int | None) -> None:
            self._heard[resource_id] = stage, done, total
            tell = told[stage]
            if tell:
                tell(done, total)

        return partial(hear, FETCHING), partial(hear, READING)

    def _joined(self, opening: "Future[Table]", resource_id: str, told: Told) -> Table:
        """Wait for work that another began, hearing of it each second; who stops waiting stops only that."""
        while True:
            with contextlib.suppress(TimeoutError):
                return opening.result(timeout=1.0)
            stage, done, total = self._heard.get(resource_id, (FETCHING, 0, None))
            tell = told[stage]
            if tell and not opening.done():
                tell(done, total)

    def correct(self, resource_id: str, corrections: Choices, by: str = "") -> Table:
        """Read a resource's file again as a person says, and remember it for its later versions.

        Raises Refused, and then remembers nothing: the file is unknown or not fetched, or the corrections do not fit.
        """
        found, reading = self._store.resource(resource_id), self._store.readings.get(resource_id)
        if found is None or reading is None or reading.file is None:
            raise Refused("resource_unknown", resource_id)
        said = None if corrections == Choices() else corrections
        table = read_file(self.raw(reading.file), self._tables, self._settings, choices=said)
        self.kept.keep(resource_id, corrections, by)
        fresh = reading.model_copy(update={"state": "ready", "table": table.id, "problem": None, "at": now()})
        self._store.note(resource_id, fresh, table)
        return table

    def _remembered(self, resource: Resource) -> Table | None:
        reading = self._store.readings.get(resource.id)
        if reading is None or reading.stamp != stamp_of(resource) or is_stale(reading):
            return None
        if reading.state == "refused" and reading.problem:
            raise refused(reading.problem)
        return self.table(reading.table)

    def _opened(self, dataset: Dataset, resource: Resource, told: Told, at_most_mb: int | None) -> Table:
        """Fetch and read a file; a refusal is remembered, unless a person stopped it, and leaves a table read
        before in place."""
        try:
            return self._fetch_and_read(dataset, resource, told, at_most_mb)
        except Refused as refusal:
            error = refusal
        except Exception:
            log.exception("reading %s", resource.id)
            error = Refused("reading_failed", resource.name or resource.url)
        if error.problem.code == STOPPED or (at_most_mb is not None and error.problem.code == "fetch_large"):
            raise error
        before = self._store.readings.get(resource.id) or Reading(state="refused")
        changes = {"problem": error.problem, "stamp": stamp_of(resource), "at": now()}
        self._store.note(resource.id, before.model_copy(update=changes))
        table = self.table(before.table)
        if table is None:
            raise error
        return table

    def _fetch_and_read(
        self, dataset: Dataset, resource: Resource, told: Told, at_most_mb: int | None
    ) -> Table:
        portal = self._store.portals.get(dataset.portal)
        source = portal.source if portal else ""
        folder = Path(source).parent if source and not is_address(source) else None
        change = {"portals": (*self._settings.portals, source)} | (
            {"fetch_mb": at_most_mb} if at_most_mb else {}
        )
        settings = self._settings.model_copy(update=change)
        file = fetch(resource.url, self._raw, settings, folder=folder, progress=told[0])
        corrections = self.kept.of(resource.id)
        table = read_file(self.raw(file), self._tables, settings, choices=corrections, progress=told[1])
        reading = Reading(state="ready", table=table.id, file=file, stamp=stamp_of(resource), at=now())
        self._store.note(resource.id, reading, table, self._impact(resource, reading, table))
        return table

    def _impact(self, resource: Resource, reading: Reading, table: Table) -> Impact | None:
        before = self._store.readings.get(resource.id)
        old = self.table(before.table) if before else None
        if old is None or old.sha256 == table.sha256:
            return None
        changes = compare(old, table)
        return Impact(resource=resource.id, at=reading.at, old=old.id, new=table.id, changes=changes)

    def _load_table(self, table_id: str) -> Table:
        rows = self.parquet(table_id)
        if not rows.is_file():
            raise FileNotFoundError(rows)
        return Table.model_validate_json(rows.with_suffix(".json").read_bytes())


def refused(problem: Problem) -> Refused:
    """Return the refusal of a remembered problem."""
    return Refused(problem.code, problem.where, **problem.facts)


def is_stale(reading: Reading) -> bool:
    """Say whether a refusal is old enough to try the file again."""
    if reading.problem is None:
        return False
    return dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(reading.at) > RETRY
