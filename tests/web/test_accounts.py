"""Accounts: passwords, sessions, and the throttle on guessing."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from web import accounts
from web.accounts import GUESSES, WINDOW_MINUTES, Accounts
from web.database import Database
from web.values import Refused

PASSWORD = "correct horse"


class Clock:
    now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now

    def pass_minutes(self, minutes: float) -> None:
        self.now += dt.timedelta(minutes=minutes)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def people(tmp_path: Path, clock: Clock) -> Accounts:
    people = Accounts(Database(tmp_path / "stories.db", accounts.migrations), clock)
    people.create("ana@example.org", "Ana", "author", PASSWORD)
    return people


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(Refused) as caught:
        call()
    return caught.value.problem.code


def test_the_right_password_opens_the_account_in_any_case_of_the_address(people: Accounts) -> None:
    account = people.check(" ANA@Example.org ", PASSWORD)
    assert (account.email, account.name, account.role) == ("ana@example.org", "Ana", "author")


@pytest.mark.parametrize(
    ("email", "password"), [("ana@example.org", "wrong"), ("nobody@example.org", PASSWORD)]
)
def test_wrong_password_and_unknown_account_are_refused_alike(
    people: Accounts, email: str, password: str
) -> None:
    assert refused(lambda: people.check(email, password)) == "login_wrong"


def test_a_thousand_wrong_passwords_are_hardly_tried(people: Accounts) -> None:
    codes = [
        refused(lambda n=n: people.check("ana@example.org", f"guess {n}", f"10.0.0.{n}")) for n in range(1000)
    ]
    assert codes.count("login_wrong") == GUESSES["account"] == 10
    assert codes.count("login_throttled") == 990


def test_one_address_is_stopped_sooner_and_others_are_not(people: Accounts) -> None:
    for _ in range(GUESSES["pair"]):
        refused(lambda: people.check("ana@example.org", "wrong", "10.0.0.1"))
    assert refused(lambda: people.check("ana@example.org", PASSWORD, "10.0.0.1")) == "login_throttled"
    assert people.check("ana@example.org", PASSWORD, "10.0.0.2").name == "Ana"


def test_one_address_cannot_try_many_accounts(people: Accounts) -> None:
    codes = [refused(lambda n=n: people.check(f"{n}@example.org", "wrong", "10.0.0.1")) for n in range(40)]
    assert codes.count("login_wrong") == GUESSES["address"]


def test_the_throttle_ends(people: Accounts, clock: Clock) -> None:
    for _ in range(GUESSES["pair"]):
        refused(lambda: people.check("ana@example.org", "wrong", "10.0.0.1"))
    clock.pass_minutes(WINDOW_MINUTES + 0.1)
    assert people.check("ana@example.org", PASSWORD, "10.0.0.1").name == "Ana"


def test_sessions_open_expire_and_close(people: Accounts, clock: Clock) -> None:
    account = people.check("ana@example.org", PASSWORD)
    first, second = people.open_session(account), people.open_session(account)
    assert first != second
    assert people.account_of(first) == people.account_of(second) == account
    people.close_session(first)
    assert people.account_of(first) is None
    assert people.account_of(second) == account
    clock.pass_minutes(accounts.SESSION_DAYS * 24 * 60 + 1)
    assert people.account_of(second) is None


@pytest.mark.parametrize("sid", [None, "", "x", "' OR 1=1 --"])
def test_made_up_sessions_belong_to_nobody(people: Accounts, sid: str | None) -> None:
    assert people.account_of(sid) is None


def test_a_new_password_signs_out_everywhere(people: Accounts) -> None:
    sid = people.open_session(people.check("ana@example.org", PASSWORD))
    people.create("ana@example.org", "Ana", "curator", "another password")
    assert people.account_of(sid) is None
    assert refused(lambda: people.check("ana@example.org", PASSWORD)) == "login_wrong"
    assert people.check("ana@example.org", "another password").role == "curator"


def test_a_removed_account_loses_its_sessions(people: Accounts) -> None:
    sid = people.open_session(people.check("ana@example.org", PASSWORD))
    people.remove("ana@example.org")
    assert people.account_of(sid) is None
    assert people.by_email("ana@example.org") is None


def test_short_passwords_are_refused(people: Accounts) -> None:
    assert refused(lambda: people.create("b@example.org", "B", "author", "short")) == "password_short"


def test_the_file_holds_neither_passwords_nor_session_ids(people: Accounts, tmp_path: Path) -> None:
    sid = people.open_session(people.check("ana@example.org", PASSWORD))
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert PASSWORD.encode() not in kept
    assert sid.encode() not in kept
    assert b"$argon2id$" in kept


@pytest.mark.parametrize(
    ("role", "needed", "may"),
    [
        ("author", None, True),
        ("author", "author", True),
        ("author", "curator", False),
        ("admin", "curator", True),
    ],
)
def test_roles_include_those_below(role: str, needed: str | None, may: bool) -> None:
    assert accounts.Account(id=1, email="a", name="a", role=role).may(needed) is may
