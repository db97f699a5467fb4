"""Bring a portal's datasets into the store: all of them at first, then what changed, daily all again.

Each batch is one transaction and writes only what differs, so a run can be stopped at any moment
and started again. Datasets are removed only after a complete run, and never many at once.
"""

import datetime as dt
import fcntl
import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from catalog import problems  # noqa: F401  (registers the sentences of its refusals)
from catalog.ckan import Ckan
from catalog.dump import Dump, Package, ahead
from catalog.models import Portal, SyncReport
from catalog.packages import text, titles_in
from catalog.portals import PortalState, portal_of
from catalog.store import Store, Tally
from web.values import Problem, Refused

FULL_EVERY = dt.timedelta(hours=20)
SMALL = 1000
ACTIONS = {"organization": "organization", "theme": "group"}
OVERLAP = dt.timedelta(minutes=10)
VANISHED_SHARE = 0.2

Progress = Callable[[int, int | None], None]
log = logging.getLogger(__name__)


def sync(
    store: Store,
    source: str,
    *,
    title: str = "",
    progress: Progress | None = None,
    full: bool = False,
    accept_gone: bool = False,
) -> SyncReport:
    """Synchronise one portal (a CKAN address or a dump's path) and report what it did.

    A portal that fails keeps its last good datasets; the report's ``problem`` says why.
    ``title`` replaces the one that the portal gives itself. ``accept_gone`` removes datasets even when more than a fifth of them vanished.
    Raises Refused ``sync_running`` when another run is writing.
    """
    place = source if is_address(source) else str(Path(source).expanduser().absolute())
    portal = portal_of(place, title)
    with _one_writer(store.database.path.with_suffix(".sync")):
        run = _Run(store, portal, progress or (lambda done, total: None))
        store.portals.add(portal)
        try:
            report = run.complete(full, accept_gone)
        except Refused as refusal:
            report = run.report(problem=refusal.problem)
            run.newest = None
        store.portals.finish(portal, full_at=run.full_at, newest=run.newest, problem=report.problem)
        return report


def is_address(source: str) -> bool:
    """Say whether a portal's source is a web address rather than a file."""
    return source.lower().startswith(("http://", "https://"))


class _Run:
    """One synchronisation: what it saw and how it compared with what was stored."""

    def __init__(self, store: Store, portal: Portal, progress: Progress):
        self._store, self._portal, self._progress = store, portal, progress
        self._tally = Tally()
        self._gone = 0
        self._seen: set[str] = set()
        self._untitled = {*ACTIONS, "license"}
        self.full_at: str | None = None
        self.newest: str | None = None

    def report(self, problem: Problem | None = None) -> SyncReport:
        new, changed, unchanged, rejected = self._tally
        return SyncReport(
            portal=self._portal.source, new=new, changed=changed, gone=self._gone, unchanged=unchanged,
            rejected=rejected, problem=problem,
        )  # fmt: skip

    def complete(self, full: bool, accept_gone: bool) -> SyncReport:
        if not is_address(self._portal.source):
            return self._from_dump(Dump(Path(self._portal.source)), accept_gone)
        ckan = Ckan(self._portal.source)
        self._name(ckan.title)
        for kind, action in ACTIONS.items():
            titles = ckan.titles(action)
            if titles:
                self._untitled.discard(kind)
                self._store.label(self._portal, kind, titles)
        state = self._store.portals.state(self._portal.id)
        names = None if full or state is None or _is_full_due(state) else ckan.names()
        if state is None or names is None:
            self._all(ckan, accept_gone)
        else:
            self._changes(ckan, names, state, accept_gone)
        return self.report()

    def _from_dump(self, dump: Dump, accept_gone: bool) -> SyncReport:
        self._name(dump.path.name)
        self._take(dump.packages(), None)
        if dump.listed is not None and dump.listed > len(self._seen):
            facts: dict[str, str | int | float] = {"held": len(self._seen), "listed": dump.listed}
            return self.report(
                Problem(code="dump_partial", severity="info", where=dump.path.name, facts=facts)
            )
        self._remove(set(self._store.ids(self._portal)) - self._seen, accept_gone)
        return self.report()

    def _name(self, title: str) -> None:
        if not self._portal.title:
            self._store.portals.add(self._portal.model_copy(update={"title": title}))

    def _all(self, ckan: Ckan, accept_gone: bool) -> None:
        """Read every dataset; one is gone when neither the search index nor the list of names has it."""
        started = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        self._take(ckan.packages(), lambda: ckan.listed)
        stored = self._store.ids(self._portal)
        unseen = stored.keys() - self._seen
        listed = (ckan.names() or set()) if unseen else set()
        self._remove({identity for identity in unseen if stored[identity] not in listed}, accept_gone)
        self.full_at = started

    def _changes(self, ckan: Ckan, names: set[str], state: PortalState, accept_gone: bool) -> None:
        """Read what was modified since the newest dataset known, and the names that came and went."""
        since = (_moment(state.newest or "") or dt.datetime.min + OVERLAP) - OVERLAP
        self._take(ckan.packages(since.isoformat(timespec="seconds")), lambda: ckan.listed)
        known = self._store.ids(self._portal)
        self._take(ckan.named(sorted(names - set(known.values()))), None)
        stored = self._store.ids(self._portal)
        gone = {identity for identity, name in stored.items() if name not in names}
        self._remove(gone, accept_gone)
        untouched = len(stored) - len(gone) - self._tally.new - self._tally.changed
        self._tally = self._tally._replace(unchanged=untouched)

    def _take(self, batches: Iterable[list[Package]], total: Callable[[], int | None] | None) -> None:
        for batch in ahead(batches):
            for kind in self._untitled:
                self._store.label(self._portal, kind, titles_in(batch, kind))
            self._tally += self._store.put(self._portal, batch)
            self._seen.update(text(package.get("id")) for package in batch)
            self._follow(batch)
            self._progress(len(self._seen), total() if total else None)

    def _follow(self, batch: Iterable[Package]) -> None:
        """Move ``newest`` on, never past now: a date in the future would hide every later change."""
        times = (moment for package in batch if (moment := _moment(text(package.get("metadata_modified")))))
        known = _moment(self.newest or "") or dt.datetime.min
        newest = min(max((known, *times)), dt.datetime.now(dt.UTC).replace(tzinfo=None))
        self.newest = newest.isoformat() if newest > dt.datetime.min else None

    def _remove(self, gone: set[str], accept_gone: bool) -> None:
        stored = len(self._store.ids(self._portal))
        if gone and len(gone) > VANISHED_SHARE * stored and not accept_gone:
            raise Refused("portal_shrunk", self._portal.source, gone=len(gone), stored=stored)
        self._gone = self._store.remove(self._portal, sorted(gone))


def _moment(said: str) -> dt.datetime | None:
    """Return a time of a portal, in UTC without saying so, or None for what is no time."""
    try:
        moment = dt.datetime.fromisoformat(said)
        return moment.astimezone(dt.UTC).replace(tzinfo=None) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        return None


def _is_full_due(state: PortalState) -> bool:
    """Say whether everything is to be read again: modification times can stay or go back."""
    if state.full_at is None or state.newest is None or state.datasets <= SMALL:
        return True
    return dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(state.full_at) > FULL_EVERY


@contextmanager
def _one_writer(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refused("sync_running") from error
        yield
