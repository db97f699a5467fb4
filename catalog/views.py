"""What the search and dataset pages show, gathered from the catalogue as plain values."""

import datetime as dt
import logging
import math
import re
import threading
import time
from collections.abc import Callable, Sequence
from urllib.parse import quote

from catalog import preview
from catalog.card import TableCard, facts, match_sentences, table_card
from catalog.catalog import Catalog
from catalog.cite import bibtex, citation
from catalog.files import is_stale
from catalog.jobs import is_readable
from catalog.models import Dataset, Hit, Portal, Reading, Ready, Resource, Table
from catalog.packages import by_language, file_format, method_of, stamp_of
from web import urls
from web.i18n import date, explain, number, words
from web.markdown import markdown
from web.values import Value

ReadyCharts = Callable[[Table, str, str, int], list[Ready]]
CHARTS = 6
DRAW_SECONDS = 0.5
KEPT_DRAWINGS = 3000
READ_AT_ONCE = 4
LISTED_FILES = 200
VIEW_BOX = re.compile(r'viewBox="[\d.-]+ [\d.-]+ ([\d.]+) ([\d.]+)"')
TALL = 0.85
log = logging.getLogger(__name__)


class Card(Value):
    """A search result."""

    name: str
    title: str
    language: str
    organization: str
    modified: str | None
    facts: tuple[str, ...]
    formats: tuple[str, ...]
    matches: tuple[str, ...]
    question: str = ""
    picture: str = ""

    @property
    def is_tall(self) -> bool:
        """Whether the picture is so tall that only its top is shown, at a size that can be read."""
        found = VIEW_BOX.search(self.picture)
        return found is not None and float(found[2]) > TALL * float(found[1])


class FileRow(Value):
    """One file of a dataset: its state, and a sentence when it cannot be opened."""

    id: str
    name: str
    description: str
    format: str
    size: str
    modified: str | None
    url: str
    kept: str
    state: str
    sentence: str = ""
    facts: tuple[str, ...] = ()
    progress: tuple[int, int] | None = None


class DatasetView(Value):
    """A dataset's page: its words, its files, and the file chosen with charts, card and rows."""

    dataset: Dataset
    title: str
    language: str
    notes: str
    method: str
    portal: Portal | None
    files: tuple[FileRow, ...]
    more_files: int
    chosen: FileRow | None
    table: Table | None
    charts: tuple[Ready, ...]
    card: TableCard | None
    rows: preview.Rows | None
    look: preview.Look
    is_number: tuple[bool, ...]
    citation: str
    bibtex: str
    is_waiting: bool
    contact_href: str = ""


class Views:
    """Gathers pages; finished charts come from above through ``ready``."""

    def __init__(self, catalog: Catalog, ready: ReadyCharts):
        self._catalog = catalog
        self._ready = ready
        self._drawn: dict[tuple[str, str, str, int], tuple[Ready, ...]] = {}

    def cards(self, hits: Sequence[Hit], language: str) -> list[Card]:
        """Return search results; charts not drawn within half a second are drawn for the next visitor."""
        until = time.monotonic() + DRAW_SECONDS
        cards = [self.card(hit, language, until) for hit in hits]
        if time.monotonic() > until:
            late = (self.card(hit, language, math.inf) for hit in hits)
            threading.Thread(target=lambda: list(late), daemon=True, name="pictures").start()
        return cards

    def card(self, hit: Hit, language: str, until: float = math.inf) -> Card:
        """Return a search result, with the best chart of its first file that was read, if drawn by then."""
        dataset = hit.dataset
        first = next(
            (
                (r.id, table)
                for r in dataset.resources[:LISTED_FILES]
                if (table := self._catalog.table_of(r.id))
            ),
            None,
        )
        best = self._charts(first[1], first[0], language, 1, until) if first else ()
        return Card(
            name=dataset.name,
            title=title_of(dataset, language),
            language=language_of(dataset, language),
            organization=dataset.organization_title,
            modified=dataset.modified,
            facts=facts(first[1], language) if first else (),
            formats=tuple(dict.fromkeys(filter(None, map(file_format, dataset.resources))))[:5],
            matches=match_sentences(hit, language),
            question=best[0].question if best else "",
            picture=best[0].svg if best else "",
        )

    def dataset(self, dataset: Dataset, resource_id: str, look: preview.Look, language: str) -> DatasetView:
        """Return a dataset's page with the file of ``resource_id`` open, else its first one that was read."""
        self._catalog.jobs.visited(dataset.name)
        readings = {r.id: self._catalog.reading(r.id) for r in dataset.resources[:LISTED_FILES]}
        chosen = _chosen(dataset, readings, resource_id)
        if chosen and resource_id and chosen.id not in readings:
            readings[chosen.id] = self._catalog.reading(chosen.id)
        self._ask_for(dataset, readings, resource_id)
        files = tuple(
            self._file(dataset, r, readings[r.id], language) for r in dataset.resources if r.id in readings
        )
        table = self._catalog.table_of(chosen.id) if chosen else None
        title = title_of(dataset, language)
        portal = self._catalog.portal(dataset.portal)
        return DatasetView(
            dataset=dataset,
            title=title,
            language=language_of(dataset, language),
            notes=markdown(notes_of(dataset, language)),
            method=markdown(method_of(dataset)),
            portal=portal,
            files=files,
            more_files=len(dataset.resources) - len(files),
            chosen=next((file for file in files if chosen and file.id == chosen.id), None),
            table=table,
            charts=self._charts(table, chosen.id, language, CHARTS) if chosen else (),
            card=table_card(table, language) if table else None,
            rows=preview.rows(self._catalog.parquet(table.id), table, look, language) if table else None,
            look=look,
            is_number=tuple(c.type in ("integer", "number") for c in table.columns) if table else (),
            citation=citation(dataset, title, portal, dt.date.today(), language),
            bibtex=bibtex(dataset, title, portal),
            is_waiting=any(file.state in ("waiting", "reading") for file in files),
            contact_href=contact_href(dataset.contact),
        )

    def _charts(
        self, table: Table | None, resource_id: str, language: str, limit: int, until: float = math.inf
    ) -> tuple[Ready, ...]:
        """Return finished charts of a table, none when they cannot be drawn or it is too late to."""
        if table is None:
            return ()
        key = table.id, resource_id, language, limit
        if key not in self._drawn and time.monotonic() < until:
            try:
                charts = tuple(self._ready(table, resource_id, language, limit))
            except Exception:
                log.exception("drawing %s", resource_id)
                return ()
            if len(self._drawn) >= KEPT_DRAWINGS:
                self._drawn.clear()
            self._drawn[key] = charts
        return self._drawn.get(key, ())

    def _ask_for(self, dataset: Dataset, readings: dict[str, Reading | None], asked: str) -> None:
        """Queue the file asked for, and the first small ones that are unread, changed, or worth another try."""
        limit = self._catalog.settings.prefetch_mb * 1_000_000
        unread = [
            r for r in dataset.resources if r.id in readings and is_readable(r) and _is_due(r, readings[r.id])
        ]
        is_stopped = self._catalog.jobs.is_stopped
        small = [r for r in unread if (r.size or 0) <= limit and not is_stopped(r.id)][:READ_AT_ONCE]
        for resource in (*(r for r in unread if r.id == asked and r not in small), *small):
            self._catalog.jobs.read(resource.id)
            readings[resource.id] = Reading(state="waiting")

    def _file(self, dataset: Dataset, resource: Resource, reading: Reading | None, language: str) -> FileRow:
        _ = words(language)
        table = self._catalog.table(reading.table) if reading and reading.state == "ready" else None
        file = reading.file if reading else None
        return FileRow(
            id=resource.id,
            name=resource.name or resource.url.rsplit("/", 1)[-1] or _("File {n}", n=resource.position + 1),
            description=resource.description[:500],
            format=file_format(resource),
            size=size(resource.size or (file.bytes if file else None), language),
            modified=resource.modified,
            url=resource.url if resource.url.lower().startswith(("http://", "https://")) else "",
            kept=urls.file(dataset.name, resource.id) if file else "",
            state=reading.state if reading else "closed" if is_readable(resource) else "none",
            sentence=_sentence(resource, reading, language),
            facts=facts(table, language) if table else (),
            progress=self._catalog.jobs.progress(resource.id),
        )


def title_of(dataset: Dataset, language: str) -> str:
    """Return a dataset's title in a language, or as published."""
    return dataset.titles.get(language) or dataset.title


def notes_of(dataset: Dataset, language: str) -> str:
    """Return a dataset's notes in a language, or as published."""
    return by_language(dataset.raw, "notes").get(language) or dataset.notes


def contact_href(contact: str) -> str:
    """Return where a dataset's contact leads: its one mail address or web page, else nowhere."""
    if contact.lower().startswith(("http://", "https://")) and not re.search(r"\s", contact):
        return contact
    addresses = re.findall(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", contact)
    return f"mailto:{quote(addresses[0], safe='@+')}" if len(set(addresses)) == 1 else ""


def language_of(dataset: Dataset, language: str) -> str:
    """Return the language a title is shown in, ``""`` when its portal does not say."""
    return (
        language
        if language in dataset.titles
        else next((k for k, v in dataset.titles.items() if v == dataset.title), "")
    )


def _is_due(resource: Resource, reading: Reading | None) -> bool:
    """Say whether a file is to be read: never was, changed since, or was refused a while ago."""
    if reading is None:
        return True
    is_settled = reading.state in ("ready", "refused")
    return is_settled and (reading.stamp != stamp_of(resource) or is_stale(reading))


def _sentence(resource: Resource, reading: Reading | None, language: str) -> str:
    """Return what a visitor must know of a file: that it is no table, or why it was refused."""
    _ = words(language)
    if reading is None:
        return "" if is_readable(resource) else _("Not a table: open it at its source.")
    if reading.problem is None:
        return ""
    said = explain(reading.problem, language)
    if reading.state == "ready" and reading.file:
        day = date(dt.datetime.fromisoformat(reading.file.fetched), language)
        return _("The newer version cannot be used, so this is the one of {day}. {why}", day=day, why=said)
    return said


def size(count: int | None, language: str) -> str:
    """Return a number of bytes as people say it: ``1.2 MB``."""
    if not count:
        return ""
    for unit, factor in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= factor:
            return f"{number(round(count / factor, 1), language)} {unit}"
    return f"{number(count, language)} B"


def _chosen(dataset: Dataset, readings: dict[str, Reading | None], resource_id: str) -> Resource | None:
    """Return the file asked for; else the first that is read, else the first that can be."""
    asked = next((r for r in dataset.resources if r.id == resource_id), None)
    listed = [r for r in dataset.resources if r.id in readings]
    ready = next((r for r in listed if (known := readings[r.id]) and known.state == "ready"), None)
    return asked or ready or next((r for r in listed if is_readable(r)), None)
