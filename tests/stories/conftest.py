import asyncio
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from tornado.web import Application

from stories import demo, desk, reader, store
from stories import pages as stories_pages
from stories.front import Front
from stories.stories import Stories, furnish
from tests.web.client import Client
from web import accounts, login
from web.accounts import Accounts
from web.database import Database
from web.pages import Unknown
from web.settings import Settings
from web.site import Site

ROOT = Path(__file__).parents[2]
ROOMS = ("catalog", "builder", "stories")


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


@dataclass(frozen=True)
class House:
    """The demo portal with its example stories, and plain pages served in a thread."""

    stories: Stories
    accounts: Accounts
    url: str
    examples: tuple[str, ...]

    def visitor(self, name: str | None = None) -> Client:
        """Return a visitor, signed in when named."""
        client = Client(self.url)
        if name:
            client.cookies["sid"] = self.accounts.open_session(self.accounts.by_email(f"{name}@example.org"))
        return client


@pytest.fixture(scope="session")
def house(tmp_path_factory):
    stories = furnish(Settings(data=tmp_path_factory.mktemp("house"), authors_publish=False))
    site = Site(
        stories.settings,
        stories.database,
        [ROOT / room / "templates" for room in ROOMS],
        [ROOT / room / "static" for room in ROOMS],
    )
    stories.catalog.sync()
    for name, role in (("ana", "author"), ("beto", "author"), ("carla", "curator")):
        site.accounts.create(f"{name}@example.org", name.title(), role, "a long password")
    demo.write(stories, site.accounts.by_email("carla@example.org"))
    examples = tuple(kept.id for kept in stories.every())
    front = Front(stories, site.audit)
    with served(
        site,
        [
            *stories_pages.routes(site, stories, front),
            *desk.routes(site, stories, front),
            *reader.routes(site, stories),
            *login.routes(site),
        ],
    ) as url:
        yield House(stories, site.accounts, url, examples)


@contextmanager
def served(site, routes):
    """Serve plain routes in a thread of their own."""
    started, loop = threading.Event(), asyncio.new_event_loop()
    address = []

    def run():
        asyncio.set_event_loop(loop)
        application = Application(
            [*routes, (".*", Unknown, {"site": site})], xsrf_cookies=True, cookie_secret="x"
        )
        server = application.listen(0, "127.0.0.1")
        address.append(next(iter(server._sockets.values())).getsockname()[1])
        started.set()
        loop.run_forever()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    started.wait(10)
    yield f"http://127.0.0.1:{address[0]}"
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)
