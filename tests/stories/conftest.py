import pytest

from stories import store
from web import accounts
from web.accounts import Accounts
from web.database import Database


@pytest.fixture
def database(tmp_path):
    database = Database(tmp_path / "stories.db", accounts.migrations, store.migrations)
    yield database
    database.close()


@pytest.fixture
def people(database):
    """An author, another author and a curator."""
    known = Accounts(database)
    return {
        name: known.create(f"{name}@example.org", name.title(), role, "a long password")
        for name, role in (("ana", "author"), ("beto", "author"), ("carla", "curator"))
    }
