"""Links that make an account or a new password: made at the desk, handed over by any means, used once."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable, Sequence
from typing import Literal

from web.accounts import Account, Role
from web.database import Database
from web.values import Refused, Value

Kind = Literal["invite", "reset"]
DAYS: dict[Kind, int] = {"invite": 14, "reset": 2}


class Invitation(Value):
    """A link that was made; the link itself is kept as a hash alone."""

    id: int
    kind: Kind
    email: str
    role: Role
    made_by: int
    expires: str


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Invitations:
    """Invitations and password resets in ``stories.db``."""

    def __init__(self, database: Database, now: Callable[[], dt.datetime] = _now):
        self._database = database
        self._now = now

    def make(self, kind: Kind, email: str, role: Role, by: Account) -> str:
        """Return the secret of a new link, in place of any other of this kind for the same e-mail."""
        token = secrets.token_urlsafe(24)
        expires = (self._now() + dt.timedelta(days=DAYS[kind])).isoformat(timespec="seconds")
        values = [_digest(token), kind, email.strip(), role, by.id, expires]
        with self._database.write() as db:
            db.execute("DELETE FROM invitation WHERE kind = ? AND email = ?", [kind, email.strip()])
            db.execute(
                "INSERT INTO invitation (token, kind, email, role, made_by, expires) VALUES (?, ?, ?, ?, ?, ?)",
                values,
            )
        return token

    def find(self, token: str) -> Invitation:
        """Return what a link is for; raises Refused ``invitation_unknown`` when used, revoked or expired."""
        found = self._where("token = ? AND expires > ?", [_digest(token), self._now().isoformat()])
        if not found:
            raise Refused("invitation_unknown")
        return found[0]

    def use(self, token: str) -> Invitation:
        """Return what a link is for and end it: only one of two who come at once gets it."""
        found = self.find(token)
        with self._database.write() as db:
            if db.execute("DELETE FROM invitation WHERE id = ?", [found.id]).rowcount != 1:
                raise Refused("invitation_unknown")
        return found

    def for_email(self, email: str) -> Invitation | None:
        """Return the open invitation of an e-mail address, or None."""
        values = [email.strip(), self._now().isoformat()]
        return next(iter(self._where("kind = 'invite' AND email = ? AND expires > ?", values)), None)

    def open(self) -> list[Invitation]:
        """Return every link that can still be used, the newest first."""
        return self._where("expires > ? ORDER BY id DESC", [self._now().isoformat()])

    def revoke(self, invitation_id: int) -> None:
        """End a link before it is used."""
        with self._database.write() as db:
            db.execute("DELETE FROM invitation WHERE id = ?", [invitation_id])

    def _where(self, CONDITION: str, values: Sequence[str]) -> list[Invitation]:
        query = f"SELECT id, kind, email, role, made_by, expires FROM invitation WHERE {CONDITION}"
        return [Invitation(**row) for row in self._database.read.query(query, values)]


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
