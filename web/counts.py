"""How often things happen, by day: counters without cookies, addresses or anything else about people.

Counts gather in memory and are written a few seconds later in one transaction; a crash loses
those seconds at most. Several processes may count into one database.
"""

import datetime as dt
import logging
import sqlite3
import threading
from collections import Counter
from typing import Literal

from web.database import Database

What = Literal["open", "share", "download"]
SECONDS = 5.0
KINDS: tuple[What, ...] = ("open", "share", "download")
log = logging.getLogger("relato")


class Counts:
    """Counters of one database; ``about`` is the address of a story or the name of a dataset."""

    def __init__(self, database: Database):
        self._database = database
        self._lock = threading.Lock()
        self._waiting: Counter[tuple[str, What, str]] = Counter()

    def add(self, what: What, about: str) -> None:
        """Count one more; costs no disk."""
        with self._lock:
            is_first = not self._waiting
            self._waiting[dt.datetime.now(dt.UTC).date().isoformat(), what, about] += 1
        if is_first:
            timer = threading.Timer(SECONDS, self.flush)
            timer.daemon = True
            timer.start()

    def flush(self) -> None:
        """Write what waits; what cannot be written waits on."""
        with self._lock:
            waiting, self._waiting = self._waiting, Counter()
        rows = [(*key, n) for key, n in waiting.items()]
        try:
            with self._database.write() as db:
                db.conn.executemany(
                    "INSERT INTO counts (day, what, about, n) VALUES (?, ?, ?, ?) "
                    "ON CONFLICT (day, what, about) DO UPDATE SET n = n + excluded.n",
                    rows,
                )
        except sqlite3.OperationalError as error:
            log.warning("counters wait: %s", error)
            with self._lock:
                self._waiting.update(waiting)

    def by_day(self, what: What, since: str) -> dict[str, int]:
        """Return the count of each day from an ISO day on."""
        sql = "SELECT day, sum(n) FROM counts WHERE what = ? AND day >= ? GROUP BY day"
        return dict(self._database.read.execute(sql, [what, since]))

    def by_about(self, what: What, since: str) -> dict[str, int]:
        """Return the count of each story or dataset since an ISO day, the largest first."""
        sql = "SELECT about, sum(n) FROM counts WHERE what = ? AND day >= ? GROUP BY about ORDER BY 2 DESC, 1"
        return dict(self._database.read.execute(sql, [what, since]))
