"""A backup holds what is precious as of one moment, and comes back only whole and only where nothing is."""

import tarfile

import pytest

from web import accounts, backup
from web.accounts import Accounts
from web.database import Database
from web.values import Refused


@pytest.fixture
def data(tmp_path):
    """A data folder in use: a database being written, one published story, a secret and a rebuildable file."""
    folder = tmp_path / "data"
    Accounts(Database(folder / "stories.db", accounts.migrations)).create(
        "a@x.org", "A", "admin", "a long password"
    )
    release = folder / "published/.releases/0123"
    release.mkdir(parents=True)
    (release / "index.html").write_text("Hola")
    (folder / "published/agua").symlink_to(".releases/0123", target_is_directory=True)
    (folder / "secret").write_text("s" * 64)
    (folder / "catalog.db").write_text("rebuildable")
    return folder


def code_of(raised):
    return raised.value.problem.code


def test_what_is_precious_comes_back(data, tmp_path):
    made = backup.backup(data, tmp_path / "b.tar.gz")
    again = tmp_path / "again"
    assert backup.restore(made, again) == 4
    assert Accounts(Database(again / "stories.db", accounts.migrations)).by_email("a@x.org").role == "admin"
    assert (again / "published/agua/index.html").read_text() == "Hola"
    assert (again / "secret").read_text() == "s" * 64
    assert not (again / "catalog.db").exists()


def test_nothing_is_overwritten(data, tmp_path):
    made = backup.backup(data, tmp_path / "b.tar.gz")
    with pytest.raises(Refused) as refused:
        backup.restore(made, data)
    assert code_of(refused) == "backup_in_the_way"


@pytest.mark.parametrize("wound", ["cut", "changed", "none"])
def test_a_damaged_backup_leaves_the_folder_empty(data, tmp_path, wound):
    made = backup.backup(data, tmp_path / "b.tar.gz")
    if wound == "cut":
        made.write_bytes(made.read_bytes()[:-200])
    elif wound == "none":
        made.write_bytes(b"not a backup")
    else:
        with tarfile.open(made) as archive:
            archive.extractall(tmp_path / "open", filter="data")
        (tmp_path / "open/published/.releases/0123/index.html").write_text("Otro")
        with tarfile.open(made, "w:gz") as archive:
            archive.add(tmp_path / "open", ".")
    again = tmp_path / "again"
    with pytest.raises(Refused) as refused:
        backup.restore(made, again)
    assert code_of(refused) == "backup_damaged"
    assert list(again.iterdir()) == []


def test_without_a_database_there_is_nothing_to_back_up(tmp_path):
    with pytest.raises(Refused) as refused:
        backup.backup(tmp_path, tmp_path / "b.tar.gz")
    assert code_of(refused) == "backup_nothing"
    assert not (tmp_path / "b.tar.gz").exists()
