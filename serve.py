"""Start Relato: settings → stores → url table → server. The first file to read.

Five rooms, each of which may use those below it and none above: this file, ``stories``,
``builder``, ``catalog``, ``web``. Plain pages are documents; only /build and the story
editor are Panel applications, and those go through ``web.access.Access``.
"""

import argparse
import os
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import panel as pn
from pydantic import ValidationError

import builder.pages
import builder.screens
import builder.store
import catalog.pages
import stories.desk
import stories.pages
import stories.reader
import stories.screens
import stories.store
import stories.uploads
from builder.charts import Charts
from catalog.catalog import Catalog
from stories.front import Front
from stories.opening import opening
from stories.stories import Stories
from web import VERSION, access, accounts, api, assets, backup, login, people, session, urls
from web.database import Database
from web.i18n import explain
from web.secret import WeakSecret
from web.settings import Settings, from_command_line, from_environment
from web.site import Site
from web.values import Problem, Refused

ROOMS = [Path(__file__).parent / room for room in ("catalog", "builder", "stories")]
Route = tuple[str, type, dict[str, Any]]


@dataclass(frozen=True)
class Relato:
    """One running Relato: the ground floor and the facade of each room."""

    site: Site
    catalog: Catalog
    charts: Charts
    stories: Stories


def furnish(settings: Settings) -> Relato:
    """Open the stores and put the rooms on top of one another."""
    migrations = accounts.migrations, builder.store.migrations, stories.store.migrations
    database = Database(settings.data / "stories.db", *migrations)
    site = Site(
        settings, database, [room / "templates" for room in ROOMS], [room / "static" for room in ROOMS]
    )
    known = Catalog(settings)
    charts = Charts(settings, database, known)
    return Relato(site, known, charts, Stories(settings, database, known, charts))


def routes(relato: Relato) -> list[Route]:
    """Return who makes which plain page; the paths themselves are spelled in ``web/urls.py``."""
    site, front = relato.site, Front(relato.stories, relato.site.audit)
    table: list[Route] = [
        *login.routes(site),
        *people.routes(site),
        *stories.pages.routes(site, relato.stories, front),
        *stories.desk.routes(site, relato.stories, front),
        *stories.reader.routes(site, relato.stories),
        *stories.uploads.routes(site, relato.stories),
        *builder.pages.routes(site, relato.charts, stories.reader.Embeds(relato.stories)),
        *catalog.pages.routes(site, relato.catalog, relato.charts.ready, relato.stories.uses),
        (urls.OPENAPI, api.OpenApi, {"site": site, "document": openapi(site.settings)}),
        (f"{urls.STATIC}/(.*)", assets.AssetHandler, {"assets": site.assets}),
        ("/components/(.*)", session.SafeComponents, {}),
    ]
    if site.settings.role == "public":
        return [route for route in table if not route[0].startswith((urls.STUDIO, urls.DESK))]
    return table


def screens(relato: Relato) -> dict[str, Callable[[], Any]]:
    """Return the Panel application of each route that has one."""
    making = builder.screens.screens(relato.site, relato.charts)
    if relato.site.settings.role == "public":
        return making
    return making | stories.screens.screens(relato.site, relato.stories)


def openapi(settings: Settings) -> dict[str, Any]:
    """Return the description of the public API."""
    operations = [*catalog.pages.operations(), *builder.pages.operations()]
    return api.openapi(operations, title=settings.title, version=VERSION, origin=settings.origin)


def ready_page(relato: Relato, query: dict[str, str]) -> str | None:
    """Return the page that shows the data of a builder address without a session."""
    if "chart" in query:
        return urls.chart(query["chart"])
    found = relato.catalog.resource(query.get("resource", ""))
    return urls.dataset(found[0].name) if found else None


def serve(relato: Relato) -> None:
    """Serve until SIGINT or SIGTERM."""
    site = relato.site
    gate = access.Access(site, lambda query: ready_page(relato, query))
    server = pn.serve(
        screens(relato),
        port=site.settings.port,
        address=site.settings.address,
        show=False,
        start=False,
        verbose=False,
        extra_patterns=routes(relato),
        **session.panel_options(site, gate),
    )
    signal.signal(signal.SIGTERM, lambda *_: server.io_loop.add_callback_from_signal(server.io_loop.stop))
    server.start()
    opening(site, relato.stories)
    server.io_loop.start()
    server.stop()
    site.counts.flush()
    sys.stdout.flush()
    os._exit(0)  # files still being read have their own processes, which end with this one


def keep(command: str, arguments: Sequence[str]) -> int:
    """Back up or restore what is precious: ``serve.py backup FILE``, ``serve.py restore FILE``."""
    parser = argparse.ArgumentParser(f"serve.py {command}")
    parser.add_argument("file", type=Path, help="the backup, a .tar.gz")
    parser.add_argument("--data", type=Path, metavar="DIR", help="the data folder (data)")
    given = parser.parse_args(arguments)
    settings = from_environment(data=given.data)
    try:
        if command == "backup":
            made = backup.backup(settings.data, given.file.absolute())
            backup.check(made)
            said = Problem(
                code="backup_made", where=str(made), facts={"mb": round(made.stat().st_size / 1e6, 1)}
            )
        else:
            files = backup.restore(given.file, settings.data)
            said = Problem(code="backup_restored", where=str(settings.data), facts={"files": files})
    except Refused as refused:
        return _stop(explain(refused.problem, settings.language))
    except OSError as error:
        return _stop(f"{given.file}: {error.strerror or error}")
    print(explain(said, settings.language))
    return 0


def main(arguments: Sequence[str]) -> int:
    """Run Relato; return 2 with one clear line when it cannot start as asked."""
    if arguments and arguments[0] in ("backup", "restore"):
        return keep(arguments[0], arguments[1:])
    try:
        settings = from_command_line(arguments)
        serve(furnish(settings))
    except WeakSecret as weak:
        return _stop(str(weak))
    except ValidationError as wrong:
        return _stop("; ".join(f"{error['loc'][0]}: {error['msg']}" for error in wrong.errors()))
    except OSError as error:
        return _stop(
            f"Relato cannot use {settings.address}:{settings.port} or {settings.data}: {error.strerror}."
        )
    return 0


def _stop(reason: str) -> int:
    print(reason, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
