"""The audit log: who did what to accounts and to the front page; never rewritten."""

import datetime as dt

from web.accounts import Account
from web.database import Database
from web.values import Value


class Entry(Value):
    """One thing somebody did; ``account`` 0 is the operator at the machine."""

    time: str
    account: int
    step: str
    about: str


class Audit:
    """Append to the log, and read it."""

    def __init__(self, database: Database):
        self._database = database

    def note(self, account: Account, step: str, about: str) -> None:
        """Write down that an account took a step."""
        now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        with self._database.write() as db:
            db.execute(
                "INSERT INTO audit (time, account, step, about) VALUES (?, ?, ?, ?)",
                [now, account.id, step, about],
            )

    def newest(self, limit: int) -> list[Entry]:
        """Return the latest entries, the newest first."""
        sql = "SELECT time, account, step, about FROM audit ORDER BY id DESC LIMIT ?"
        return [Entry(**row) for row in self._database.read.query(sql, [limit])]
