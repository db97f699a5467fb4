"""People who may sign in: accounts, passwords, sessions and the throttle on guessing."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable
from typing import Any, Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlite_utils import Database as Tables
from sqlite_utils import Migrations

from web.database import Database
from web.values import Refused, Value

Role = Literal["author", "curator", "admin"]
RANK: dict[Role | None, int] = {None: 0, "author": 1, "curator": 2, "admin": 3}

SESSION_DAYS = 14
PASSWORD_LENGTH = 10
WINDOW_MINUTES = 15
GUESSES = {"account": 10, "pair": 5, "address": 30}
"""Wrong passwords in :data:`WINDOW_MINUTES` before no more are tried: for an account from
anywhere, for an account from one address, and from one address for any account."""

migrations = Migrations("accounts")


@migrations()
def accounts_sessions_and_guesses(db: Tables) -> None:
    db.execute(
        "CREATE TABLE account (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE COLLATE NOCASE, "
        "name TEXT NOT NULL, role TEXT NOT NULL, password TEXT NOT NULL, created TEXT NOT NULL)"
    )
    db.execute(
        "CREATE TABLE session (id TEXT PRIMARY KEY, account INTEGER NOT NULL "
        "REFERENCES account(id) ON DELETE CASCADE, expires TEXT NOT NULL)"
    )
    db.execute("CREATE TABLE guess (who TEXT NOT NULL, at TEXT NOT NULL)")
    db.execute("CREATE INDEX guess_who ON guess (who, at)")


@migrations()
def invitations_and_audit(db: Tables) -> None:
    db.executescript(
        """
        CREATE TABLE invitation (
            id INTEGER PRIMARY KEY, token TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, email TEXT NOT NULL COLLATE NOCASE,
            role TEXT NOT NULL, made_by INTEGER NOT NULL, expires TEXT NOT NULL);
        CREATE TABLE audit (
            id INTEGER PRIMARY KEY, time TEXT NOT NULL, account INTEGER NOT NULL, step TEXT NOT NULL,
            about TEXT NOT NULL);
        """
    )


@migrations()
def counts_by_day(db: Tables) -> None:
    db.execute(
        "CREATE TABLE counts (day TEXT NOT NULL, what TEXT NOT NULL, about TEXT NOT NULL, n INTEGER NOT NULL, "
        "PRIMARY KEY (day, what, about)) WITHOUT ROWID"
    )


class Account(Value):
    """A person who signed in; never holds the password."""

    id: int
    email: str
    name: str
    role: Role

    def may(self, role: Role | None) -> bool:
        """Say whether this account has at least the role."""
        return RANK[self.role] >= RANK[role]


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Accounts:
    """Accounts and their sessions in ``stories.db``.

    Passwords are kept as argon2id hashes, session ids as SHA-256: who reads the file
    can neither sign in nor take over a session.
    """

    def __init__(self, database: Database, now: Callable[[], dt.datetime] = _now):
        self._database = database
        self._now = now
        self._hasher = PasswordHasher()
        self._nobody = self._hasher.hash(secrets.token_hex(16))

    def create(self, email: str, name: str, role: Role, password: str) -> Account:
        """Create an account, or replace the name, role and password of one with that e-mail.

        A replaced account is signed out everywhere. Raises Refused: ``password_short``.
        """
        if len(password) < PASSWORD_LENGTH:
            raise Refused("password_short", email, length=PASSWORD_LENGTH)
        row = {"email": email.strip(), "name": name, "role": role, "password": self._hasher.hash(password)}
        with self._database.write() as db:
            db.execute(
                "INSERT INTO account (email, name, role, password, created) "
                "VALUES (:email, :name, :role, :password, :created) ON CONFLICT (email) DO UPDATE "
                "SET name = :name, role = :role, password = :password",
                {**row, "created": self._now().isoformat()},
            )
            db.execute(
                "DELETE FROM session WHERE account = (SELECT id FROM account WHERE email = ?)", [email]
            )
        account = self.by_email(email)
        assert account is not None
        return account

    def add(self, email: str, name: str, role: Role, password: str | None) -> Account:
        """Make a new account; without a password it is entered through the provider alone.

        Raises Refused: ``password_short``, ``account_exists_conflict``.
        """
        if self.by_email(email) is not None:
            raise Refused("account_exists_conflict", email)
        return self.create(email, name, role, secrets.token_urlsafe(32) if password is None else password)

    def count_registration(self, address: str) -> None:
        """Note that an address makes an account; raises Refused ``registration_throttled``."""
        keys = {"pair": _digest(f"register {address}")}
        if self._throttled(keys):
            raise Refused("registration_throttled", minutes=WINDOW_MINUTES)
        self._remember_guess(keys)

    def every(self) -> list[Account]:
        """Return all accounts by name."""
        return [_account(row) for row in self._database.read.query("SELECT * FROM account ORDER BY name")]

    def change(self, account_id: int, *, name: str | None = None, role: Role | None = None) -> None:
        """Change the name or the role of an account; a new role signs out everywhere."""
        with self._database.write() as db:
            if name is not None:
                db.execute("UPDATE account SET name = ? WHERE id = ?", [name, account_id])
            if role is not None:
                db.execute("UPDATE account SET role = ? WHERE id = ?", [role, account_id])
                db.execute("DELETE FROM session WHERE account = ?", [account_id])

    def set_password(self, account: Account, password: str) -> None:
        """Change a password, which signs out everywhere and opens a locked account."""
        self.create(account.email, account.name, account.role, password)
        self.unlock(account.email)

    def close_sessions(self, account_id: int) -> None:
        """Close every session of an account."""
        with self._database.write() as db:
            db.execute("DELETE FROM session WHERE account = ?", [account_id])

    def is_locked(self, email: str) -> bool:
        """Say whether too many wrong passwords keep an account closed for a while."""
        return self._throttled({"account": _guess_keys(email.strip().casefold(), "")["account"]})

    def unlock(self, email: str) -> None:
        """Forget the wrong passwords of an account."""
        with self._database.write() as db:
            db.execute(
                "DELETE FROM guess WHERE who = ?", [_guess_keys(email.strip().casefold(), "")["account"]]
            )

    def remove(self, email: str) -> None:
        """Forget an account and its sessions."""
        with self._database.write() as db:
            db.execute("DELETE FROM account WHERE email = ?", [email])

    def by_email(self, email: str) -> Account | None:
        """Return the account of an e-mail address, in any case."""
        return self._account("SELECT * FROM account WHERE email = ?", [email.strip()])

    def by_id(self, account_id: int) -> Account | None:
        """Return an account by its number."""
        return self._account("SELECT * FROM account WHERE id = ?", [account_id])

    def check(self, email: str, password: str, address: str = "") -> Account:
        """Return the account whose password this is.

        Takes as long for an unknown address as for a wrong password, so neither tells
        who has an account. Raises Refused: ``login_wrong``, ``login_throttled``.
        """
        keys = _guess_keys(email.strip().casefold(), address)
        if self._throttled(keys):
            raise Refused("login_throttled", minutes=WINDOW_MINUTES)
        rows = list(self._database.read.query("SELECT * FROM account WHERE email = ?", [email.strip()]))
        stored = rows[0]["password"] if rows else self._nobody
        if not self._matches(stored, password) or not rows:
            self._remember_guess(keys)
            raise Refused("login_wrong")
        self._forget_guesses(keys)
        return _account(rows[0])

    def open_session(self, account: Account) -> str:
        """Open a session and return its id: new at every sign-in, never reused."""
        sid = secrets.token_urlsafe(32)
        expires = self._now() + dt.timedelta(days=SESSION_DAYS)
        with self._database.write() as db:
            db.execute("DELETE FROM session WHERE expires < ?", [self._now().isoformat()])
            db.execute(
                "INSERT INTO session (id, account, expires) VALUES (?, ?, ?)",
                [_digest(sid), account.id, expires.isoformat()],
            )
        return sid

    def account_of(self, sid: str | None) -> Account | None:
        """Return who a session belongs to; None when it is unknown, closed or expired."""
        if not sid:
            return None
        return self._account(
            "SELECT account.* FROM session JOIN account ON account.id = session.account "
            "WHERE session.id = ? AND session.expires > ?",
            [_digest(sid), self._now().isoformat()],
        )

    def close_session(self, sid: str | None) -> None:
        """Close one session; unknown ones are already closed."""
        with self._database.write() as db:
            db.execute("DELETE FROM session WHERE id = ?", [_digest(sid or "")])

    def _account(self, query: str, values: list[Any]) -> Account | None:
        row = next(iter(self._database.read.query(query, values)), None)
        return _account(row) if row else None

    def _matches(self, stored: str, password: str) -> bool:
        try:
            return bool(self._hasher.verify(stored, password))
        except (VerificationError, InvalidHashError):
            return False

    def _throttled(self, keys: dict[str, str]) -> bool:
        since = (self._now() - dt.timedelta(minutes=WINDOW_MINUTES)).isoformat()
        count = "SELECT count(*) FROM guess WHERE who = ? AND at > ?"
        read = self._database.read
        return any(
            read.execute(count, [who, since]).fetchone()[0] >= GUESSES[kind] for kind, who in keys.items()
        )

    def _remember_guess(self, keys: dict[str, str]) -> None:
        now = self._now()
        with self._database.write() as db:
            db.execute("DELETE FROM guess WHERE at < ?", [(now - dt.timedelta(days=1)).isoformat()])
            for who in keys.values():
                db.execute("INSERT INTO guess (who, at) VALUES (?, ?)", [who, now.isoformat()])

    def _forget_guesses(self, keys: dict[str, str]) -> None:
        with self._database.write() as db:
            db.execute("DELETE FROM guess WHERE who = ?", [keys["pair"]])


def _guess_keys(email: str, address: str) -> dict[str, str]:
    keys = {"account": email, "pair": f"{email} {address}", "address": address}
    return {kind: _digest(f"{kind} {who}") for kind, who in keys.items()}


def _account(row: dict[str, Any]) -> Account:
    return Account(id=row["id"], email=row["email"], name=row["name"], role=row["role"])


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
