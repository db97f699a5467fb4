"""``python -m web account``."""

import io
from pathlib import Path

import pytest

from web import accounts
from web.__main__ import main
from web.database import Database


@pytest.fixture
def people(tmp_path: Path) -> accounts.Accounts:
    return accounts.Accounts(Database(tmp_path / "stories.db", accounts.migrations))


def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, password: str, *arguments: str) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
    return main(["account", "ana@example.org", "--data", str(tmp_path), *arguments])


def test_an_account_is_made_changed_and_removed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, people: accounts.Accounts
) -> None:
    assert run(monkeypatch, tmp_path, "a long password", "--name", "Ana Pérez", "--role", "curator") == 0
    account = people.check("ana@example.org", "a long password")
    assert (account.name, account.role) == ("Ana Pérez", "curator")
    assert run(monkeypatch, tmp_path, "another password") == 0
    assert people.check("ana@example.org", "another password").role == "author"
    assert run(monkeypatch, tmp_path, "", "--remove") == 0
    assert people.by_email("ana@example.org") is None


def test_a_short_password_is_refused_in_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, people: accounts.Accounts, capsys
) -> None:
    assert run(monkeypatch, tmp_path, "short") == 1
    assert "al menos 10 caracteres" in capsys.readouterr().err
    assert people.by_email("ana@example.org") is None
