"""Read a ckanapi dump or a saved CKAN answer from a file: JSON Lines, gzipped or not, or one JSON document."""

import gzip
import json
import queue
import threading
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO, TypeVar, cast

from web.values import Refused

Package = dict[str, Any]
Item = TypeVar("Item")
BATCH = 500
MAX_DOCUMENT = 500_000_000


class Dump:
    """A file that stands for a portal; ``listed`` is how many datasets it says the portal has."""

    def __init__(self, path: Path):
        self.path = path
        self.listed: int | None = None

    def packages(self) -> Iterator[list[Package]]:
        """Yield the packages in batches.

        Raises Refused ``dump_missing``, ``dump_damaged``, ``dump_broken`` (with the line) or ``dump_not_ckan``.
        """
        try:
            with self._open() as file:
                yield from batches(self._read(file), BATCH)
        except (OSError, EOFError, zlib.error) as error:
            is_damaged = isinstance(error, gzip.BadGzipFile | EOFError | zlib.error)
            raise Refused("dump_damaged" if is_damaged else "dump_missing", self.path.name) from error

    def _open(self) -> BinaryIO:
        file = self.path.open("rb")
        if file.peek(2)[:2] == b"\x1f\x8b":
            return cast(BinaryIO, gzip.GzipFile(fileobj=file))
        return file

    def _read(self, file: BinaryIO) -> Iterator[Package]:
        first = file.readline(MAX_DOCUMENT)
        try:
            value = self._parsed(first, 1)
            lines = file
        except Refused:
            value, lines = self._parsed(first + file.read(MAX_DOCUMENT), 1), cast(BinaryIO, ())
        yield from chain(self._listed_in(value), self._lines(lines))

    def _lines(self, lines: BinaryIO) -> Iterator[Package]:
        for number, line in enumerate(lines, 2):
            if line.strip():
                yield self._package(self._parsed(line, number))

    def _parsed(self, text: bytes, line: int) -> Any:
        try:
            return json.loads(text.decode("utf-8-sig"))
        except (ValueError, RecursionError) as error:
            raise Refused("dump_broken", self.path.name, line=line) from error

    def _listed_in(self, value: Any) -> list[Package]:
        """Return the packages of one document: a list, a search answer with or without envelope, or one package."""
        if isinstance(value, dict) and isinstance(value.get("result"), dict | list):
            value = value["result"]
        if isinstance(value, dict) and isinstance(value.get("results"), list):
            count = value.get("count")
            self.listed = count if isinstance(count, int) else None
            value = value["results"]
        return [self._package(package) for package in (value if isinstance(value, list) else [value])]

    def _package(self, value: Any) -> Package:
        if (
            isinstance(value, dict)
            and isinstance(value.get("id"), str)
            and isinstance(value.get("resources"), list)
        ):
            return value
        raise Refused("dump_not_ckan", self.path.name)


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Yield the items in lists of at most ``size``."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


def ahead(items: Iterable[Item]) -> Iterator[Item]:
    """Yield the items, getting each next one in a thread while the one before is used."""
    ready: queue.Queue[tuple[Item | None, BaseException | None]] = queue.Queue(1)
    is_over = threading.Event()

    def read() -> None:
        try:
            for item in items:
                ready.put((item, None))
                if is_over.is_set():
                    return
            ready.put((None, None))
        except BaseException as error:
            ready.put((None, error))

    threading.Thread(target=read, daemon=True, name="ahead").start()
    try:
        while True:
            item, error = ready.get()
            if error is not None:
                raise error
            if item is None:
                return
            yield item
    finally:
        is_over.set()
        with suppress(queue.Empty):
            ready.get_nowait()
