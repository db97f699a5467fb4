"""Work behind the pages: synchronise portals now and then, and read files before somebody asks.

Visitors' files go first, then those of the newest datasets; the queue can be seen.
"""

import itertools
import logging
import queue
import threading
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from catalog.models import Reading, Resource
from catalog.packages import file_format
from web.values import Refused

if TYPE_CHECKING:
    from catalog.catalog import Catalog

WORKERS = 2
VISITOR, AHEAD = 0, 1
SHOWN = 10
VISITS_HELD = 20
NO_TABLE = frozenset(
    [
        "PDF",
        "HTML",
        "HTM",
        "DOC",
        "DOCX",
        "ODT",
        "PPT",
        "PPTX",
        "RTF",
        "WMS",
        "WFS",
        "WMTS",
        "WCS",
        "API",
        "PNG",
        "JPG",
        "JPEG",
        "TIF",
        "TIFF",
        "SVG",
        "MP4",
        "LINK",
        "WEB",
    ]
)
log = logging.getLogger(__name__)


class Work(NamedTuple):
    """The files being read now, the next ones, and how many wait."""

    reading: tuple[str, ...]
    next: tuple[str, ...]
    waiting: int


class Jobs:
    """A small queue of files to read in daemon threads, which start with the first file."""

    def __init__(self, catalog: "Catalog"):
        self._catalog = catalog
        self._queue: queue.PriorityQueue[tuple[int, int, str]] = queue.PriorityQueue()
        self._waiting: dict[str, int] = {}
        self._reading: set[str] = set()
        self._lock = threading.Lock()
        self._progress: dict[str, tuple[int, int]] = {}
        self._large: set[str] = set()
        self._stopped: set[str] = set()
        self._visits: Counter[str] = Counter()
        self._ticket = itertools.count()
        self._threads: list[threading.Thread] = []

    def read(self, resource_id: str, urgency: int = VISITOR) -> None:
        """Put a resource's file in the queue, or forward if it already waits there for less."""
        with self._lock:
            if resource_id in self._reading or self._waiting.get(resource_id, AHEAD + 1) <= urgency:
                return
            self._stopped.discard(resource_id)
            self._waiting[resource_id] = urgency
            self._queue.put((urgency, next(self._ticket), resource_id))
            self._start_workers()

    def stop(self, resource_id: str) -> None:
        """Take a file out of the queue, or end its fetching and reading; it waits until somebody asks for it again."""
        with self._lock:
            if self._waiting.pop(resource_id, None) is not None or resource_id in self._reading:
                self._stopped.add(resource_id)

    def is_stopped(self, resource_id: str) -> bool:
        """Say whether somebody stopped the reading of a file and nobody asked for it since."""
        return resource_id in self._stopped

    def visited(self, dataset_name: str) -> None:
        """Count a visit of a dataset: files of the most visited are read first."""
        with self._lock:
            self._visits[dataset_name] += 1
            held = self._visits.total()
        if held >= VISITS_HELD:
            self._note_visits()

    def _note_visits(self) -> None:
        with self._lock:
            visits, self._visits = self._visits, Counter()
        self._catalog.store.add_visits(visits)

    def read_ahead(self) -> int:
        """Queue every unread file that may be a table and is not known to be large; return how many."""
        self._note_visits()
        limit = self._catalog.settings.prefetch_mb * 1_000_000
        if not limit:
            return 0
        chosen = [
            resource_id
            for resource_id in self._catalog.store.readings.unread()
            if resource_id not in self._large
            and (found := self._catalog.resource(resource_id))
            and is_readable(found[1])
            and (found[1].size or 0) <= limit
        ]
        for resource_id in chosen:
            self.read(resource_id, AHEAD)
        return len(chosen)

    def state(self) -> Work:
        """Return what is being read now, what comes next, and how many files wait."""
        with self._lock:
            in_turn = sorted(self._waiting, key=self._waiting.__getitem__)
            return Work(tuple(self._reading), tuple(in_turn[:SHOWN]), len(in_turn))

    def reading(self, resource_id: str) -> Reading | None:
        """Return that a resource waits or is being read, or None."""
        with self._lock:
            if resource_id in self._reading:
                return Reading(state="reading")
            return Reading(state="waiting") if resource_id in self._waiting else None

    def progress(self, resource_id: str) -> tuple[int, int] | None:
        """Return how many of how many bytes of a file are here, or None when nobody knows."""
        return self._progress.get(resource_id)

    def keep_synchronised(self, minutes: int) -> None:
        """Synchronise all portals every so many minutes from now on, in a daemon thread."""
        threading.Thread(target=self._keep, args=(minutes,), daemon=True, name="sync").start()

    def synchronise(self) -> None:
        """Synchronise all portals once, in a daemon thread, then read ahead."""
        threading.Thread(target=self._synchronise, daemon=True, name="sync").start()

    def _keep(self, minutes: int) -> None:
        pause = threading.Event()
        while not pause.wait(minutes * 60):
            self._synchronise()

    def _synchronise(self) -> None:
        try:
            self._catalog.sync()
            self.read_ahead()
        except Refused as refusal:
            log.warning("synchronisation: %s", refusal)
        except Exception:
            log.exception("synchronisation")

    def _start_workers(self) -> None:
        for _ in range(WORKERS - len(self._threads)):
            thread = threading.Thread(target=self._work, daemon=True, name="files")
            self._threads.append(thread)
            thread.start()

    def _work(self) -> None:
        while True:
            urgency, _, resource_id = self._queue.get()
            with self._lock:
                if self._waiting.pop(resource_id, None) is None:
                    continue
                self._reading.add(resource_id)
            try:
                self._open(resource_id, urgency)
            except Refused as refusal:
                log.info("reading %s: %s", resource_id, refusal)
                if refusal.problem.code == "fetch_large":
                    self._large.add(resource_id)
            except Exception:
                log.exception("reading %s", resource_id)
            finally:
                with self._lock:
                    self._reading.discard(resource_id)
                    self._progress.pop(resource_id, None)

    def _open(self, resource_id: str, urgency: int) -> None:
        limit = self._catalog.settings.prefetch_mb if urgency == AHEAD else None
        tell = partial(self._advance, resource_id)
        self._catalog.files.open(resource_id, tell, tell, at_most_mb=limit)

    def _advance(self, resource_id: str, done: int, total: int | None) -> None:
        if resource_id in self._stopped:
            raise Refused("reading_stopped")
        if total:
            self._progress[resource_id] = (done, total)


def is_readable(resource: Resource) -> bool:
    """Say whether a resource may hold a table, as far as its stated format tells."""
    return bool(resource.url) and file_format(resource) not in NO_TABLE
