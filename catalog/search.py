"""Full text over titles, notes, tags, organisations, column names and values, with counts by facet.

One FTS5 table (``unicode61 remove_diacritics 2``) holds the words as published and, in two more
columns, their Spanish and English Snowball stems. Facet counts are set operations on integers
used as bit sets, one bit per dataset, rebuilt when the catalogue changes.
"""

import json
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from itertools import islice
from operator import and_, or_
from typing import NamedTuple

import sqlite_utils

from catalog.models import Dataset, Match
from catalog.packages import file_format
from catalog.words import asked, nearby, stem, stems, words_of
from web.database import Database

FIELDS = ("title", "name", "tags", "organization", "columns", "vals", "notes", "stems_es", "stems_en")
WEIGHTS = (12.0, 5.0, 6.0, 3.0, 5.0, 3.0, 2.0, 1.0, 0.5)
FACETS = ("portal", "organization", "theme", "shows", "year", "format", "license")
SORTS = {"modified": "modified DESC", "title": "title COLLATE NOCASE", "rows": "rows DESC"}
MAX_WORDS = 12
NOTES_INDEXED = 20_000

CREATE = (
    f'CREATE VIRTUAL TABLE texts USING fts5({", ".join(FIELDS)}, tokenize="unicode61 remove_diacritics 2")',
    "CREATE VIRTUAL TABLE terms USING fts5vocab(texts, row)",
    "CREATE TABLE facets (kind TEXT, value TEXT, package INTEGER, PRIMARY KEY (kind, value, package)) WITHOUT ROWID",
    "CREATE INDEX facets_package ON facets (package)",
    "CREATE TABLE revision (number INTEGER)",
    "INSERT INTO revision VALUES (0)",
)
_INSERT = f"INSERT INTO texts (rowid, {', '.join(FIELDS)}) VALUES ({', '.join('?' * (len(FIELDS) + 1))})"

_READ = tuple(
    f"INSERT OR IGNORE INTO facets (kind, value, package) SELECT '{kind}', json_each.value, resources.package"
    f" FROM resources JOIN readings ON readings.resource = resources.id, json_each(readings.{column})"
    " WHERE resources.package IN (SELECT value FROM json_each(?))"
    for kind, column in (("shows", "shows"), ("year", "years"))
)

Described = Mapping[str, Sequence[str]]
Chosen = Mapping[str, Sequence[str]]
Counts = dict[str, dict[str, int]]


def index(db: sqlite_utils.Database, entries: Iterable[tuple[int, Dataset, Described]]) -> None:
    """Replace what search knows of datasets; ``Described`` maps their column labels to values."""
    entries = list(entries)
    forget(db, [number for number, _, _ in entries])
    db.conn.executemany(
        _INSERT, ((number, *_texts(dataset, columns)) for number, dataset, columns in entries)
    )
    db.conn.executemany(
        "INSERT OR IGNORE INTO facets (package, kind, value) VALUES (?, ?, ?)",
        ((number, kind, value) for number, dataset, _ in entries for kind, value in facets_of(dataset)),
    )
    for statement in _READ:
        db.conn.execute(statement, [json.dumps([number for number, _, _ in entries])])


def forget(db: sqlite_utils.Database, numbers: Sequence[int]) -> None:
    """Drop datasets from the index."""
    indexed = "SELECT DISTINCT package FROM facets WHERE package IN (SELECT value FROM json_each(?))"
    keys = db.execute(indexed, [json.dumps(list(numbers))]).fetchall()
    db.conn.executemany("DELETE FROM texts WHERE rowid = ?", keys)
    db.conn.executemany("DELETE FROM facets WHERE package = ?", keys)
    db.conn.execute("UPDATE revision SET number = number + 1")


def facets_of(dataset: Dataset) -> set[tuple[str, str]]:
    """Return the facet values of a dataset."""
    formats = {label for resource in dataset.resources if (label := file_format(resource))}
    return {
        ("portal", dataset.portal),
        *((("organization", dataset.organization),) if dataset.organization else ()),
        *(("theme", group) for group in dataset.groups),
        *(("format", label) for label in formats),
        *(
            (("license", dataset.license_id or dataset.license_title),)
            if dataset.license_id or dataset.license_title
            else ()
        ),
    }


def _texts(dataset: Dataset, columns: Described) -> tuple[str, ...]:
    titles = dict.fromkeys((dataset.title, *dataset.titles.values()))
    notes = dataset.notes[:NOTES_INDEXED]
    resources = " ".join(f"{resource.name} {resource.description[:500]}" for resource in dataset.resources)
    parts = (
        " ".join(titles),
        dataset.name,
        " ".join((*dataset.tags, *dataset.groups)),
        f"{dataset.organization_title} {dataset.organization}",
        " ".join(columns),
        " ".join(value for values in columns.values() for value in values),
        f"{notes} {resources[:NOTES_INDEXED]}",
    )
    return (*parts, *stems(" ".join(parts)))


def expression(words: Sequence[str], *, last_is_prefix: bool = True) -> str:
    """Return the FTS5 query that asks for every word, in any order, or one of its forms.

    Only folded words of letters and digits enter it, each quoted: no text is a syntax error.
    """
    asked = []
    for place, word in enumerate(words):
        prefix = "*" if last_is_prefix and place == len(words) - 1 else ""
        forms = f'stems_es : "{stem(word, "es")}" OR stems_en : "{stem(word, "en")}"'
        asked.append(f'("{word}"{prefix} OR {forms})')
    return " AND ".join(asked)


class Search:
    """Finds dataset numbers in the catalogue's database and counts them by facet."""

    def __init__(self, database: Database):
        self._database = database
        self._lock = threading.Lock()
        self._snapshot = Snapshot(-1, {}, {})

    def find(self, text: str, chosen: Chosen, sort: str = "relevance") -> tuple[list[int], Counts]:
        """Return the numbers found, best first, and the counts by facet kind and value.

        Values chosen within one kind widen, kinds narrow; the counts of a kind leave its own choice out.
        """
        snapshot = self._current()
        words = asked(text, MAX_WORDS)
        ranked = self._ranked(words) if words else [] if text.strip() else snapshot.orders["modified"]
        found = _as_bits(ranked)
        allowed = {kind: snapshot.having(kind, values) for kind, values in chosen.items() if values}
        kept = reduce(and_, allowed.values(), found)
        order = ranked if sort == "relevance" else snapshot.orders[sort]
        numbers = ranked if kept == found and order is ranked else [n for n in order if kept >> n & 1]
        return numbers, {kind: snapshot.counts(kind, found, allowed) for kind in FACETS}

    def meant(self, text: str) -> str:
        """Return the text with each unknown word replaced by the commonest known one a letter away."""
        words = asked(text, MAX_WORDS)
        better = [word if self._uses([word]) else self._nearest(word) or word for word in words]
        return " ".join(better) if better != words else ""

    def _ranked(self, words: Sequence[str]) -> list[int]:
        rank = f"bm25(texts, {', '.join(map(str, WEIGHTS))})"
        ranked = f"SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY {rank}, rowid LIMIT -1"
        sql = (
            f"SELECT json_group_array(rowid) FROM ({ranked})"  # one row: each one costs a turn among threads
        )
        numbers: list[int] = json.loads(self._database.read.execute(sql, [expression(words)]).fetchone()[0])
        return numbers

    def _uses(self, words: Sequence[str]) -> dict[str, int]:
        sql = "SELECT term, doc FROM terms WHERE term IN (SELECT value FROM json_each(?))"
        return dict(self._database.read.execute(sql, [json.dumps(words)]))

    def _nearest(self, word: str) -> str:
        known = self._uses(sorted(nearby(word))) if 3 <= len(word) <= 20 else {}
        return max(known, key=lambda term: (known[term], term), default="")

    def _current(self) -> "Snapshot":
        db = self._database.read
        revision = db.execute("SELECT number FROM revision").fetchone()[0]
        with self._lock:
            if self._snapshot.revision != revision:
                self._snapshot = _take(db, revision)
            return self._snapshot


class Snapshot(NamedTuple):
    """The catalogue at one revision: bit sets by facet value, and every dataset in each order."""

    revision: int
    bits: dict[str, dict[str, int]]
    orders: dict[str, list[int]]

    def having(self, kind: str, values: Sequence[str]) -> int:
        """Return the datasets that have any of these values."""
        return reduce(or_, (self.bits.get(kind, {}).get(value, 0) for value in values), 0)

    def counts(self, kind: str, found: int, allowed: Mapping[str, int]) -> dict[str, int]:
        """Count what is found by each value of a kind, under the choices made in the other kinds."""
        within = reduce(and_, (bits for other, bits in allowed.items() if other != kind), found)
        counted = {value: (bits & within).bit_count() for value, bits in self.bits.get(kind, {}).items()}
        return {value: count for value, count in counted.items() if count}


def _take(db: sqlite_utils.Database, revision: int) -> Snapshot:
    members: dict[str, dict[str, list[int]]] = {}
    for kind, value, number in db.execute("SELECT kind, value, package FROM facets"):
        members.setdefault(kind, {}).setdefault(value, []).append(number)
    bits = {
        kind: {value: _as_bits(numbers) for value, numbers in values.items()}
        for kind, values in members.items()
    }
    orders = {
        sort: [row[0] for row in db.execute(f"SELECT number FROM packages ORDER BY {clause}, number")]
        for sort, clause in SORTS.items()
    }
    return Snapshot(revision, bits, orders)


def _as_bits(numbers: Sequence[int]) -> int:
    """Return an integer whose bit ``n`` is set for each number ``n``."""
    marks = bytearray(max(numbers, default=0) // 8 + 1)
    for number in numbers:
        marks[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(marks, "little")


def matches(words: Sequence[str], described: Iterable[tuple[str, Described]]) -> Iterator[Match]:
    """Yield the columns and values, by resource, in which the words of a search are found."""
    for word in words:
        forms = (word, stem(word, "es"), stem(word, "en"))
        found = (hit for resource, columns in described if (hit := _match(word, forms, resource, columns)))
        yield from islice(found, 1)


def _match(word: str, forms: tuple[str, ...], resource: str, columns: Described) -> Match | None:
    for column in columns:
        if _says(column, word, forms):
            return Match(resource=resource, column=column)
    for column, values in columns.items():
        for value in values:
            if _says(value, word, forms):
                return Match(resource=resource, column=column, value=value)
    return None


def _says(text: str, word: str, forms: tuple[str, ...]) -> bool:
    folded = words_of(text)
    return any(
        said.startswith(word) or stem(said, "es") == forms[1] or stem(said, "en") == forms[2]
        for said in folded
    )
