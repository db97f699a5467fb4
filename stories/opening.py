"""What is prepared while the first pages are already served: the catalogue, its files, the examples."""

import threading
import time

from catalog.catalog import Catalog
from stories import demo as example
from stories.stories import Stories
from web import demo
from web.opening import Step, Tell, say, take
from web.site import Site
from web.values import Problem

PAUSE_SECONDS = 0.5


def opening(site: Site, stories: Stories) -> threading.Thread:
    """Say where Relato is and who may try it, then prepare everything in a thread."""
    settings = site.settings
    say(site, Problem(code="opening_address", where=settings.origin, facts={"data": str(settings.data)}))
    for email, password in demo.accounts(site).items():
        say(site, Problem(code="opening_account", where=email, facts={"password": password}))
    if settings.sync_minutes:
        stories.catalog.jobs.keep_synchronised(settings.sync_minutes)
    return take(site, _steps(site, stories))


def _steps(site: Site, stories: Stories) -> list[Step]:
    catalog = stories.catalog

    def synchronise(tell: Tell) -> None:
        tell(Problem(code="opening_sync"))
        for report in catalog.sync():
            if report.problem:
                say(site, report.problem)
        for state in catalog.portals():
            facts = {"datasets": state.datasets}
            say(site, Problem(code="opening_synced", where=state.portal.title, facts=facts))

    def warm(tell: Tell) -> None:
        tell(Problem(code="opening_warming"))
        stories.charts.warm()

    def write_examples(tell: Tell) -> None:
        author = site.accounts.by_email(demo.AUTHOR)
        if author is not None:
            tell(Problem(code="opening_stories"))
            example.write(stories, author)

    def read_files(tell: Tell) -> None:
        """Tell at every tenth of the files."""
        total, told = catalog.jobs.read_ahead(), -1
        while left := _left(catalog):
            done = max(0, total - left)
            tenth = done * 10 // max(total, 1)
            if total and tenth > told:
                told = tenth
                tell(Problem(code="opening_reading", facts={"done": done, "total": total}))
            time.sleep(PAUSE_SECONDS)

    return [synchronise, warm, write_examples, read_files]


def _left(catalog: Catalog) -> int:
    work = catalog.jobs.state()
    return len(work.reading) + work.waiting
