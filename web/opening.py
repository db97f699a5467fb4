"""What happens between the start and a Relato with all its data: done aside, told to everyone."""

import logging
import threading
import time
from collections.abc import Callable, Sequence

from web.i18n import explain
from web.site import Site
from web.values import Problem, Refused

log = logging.getLogger("relato")
Tell = Callable[[Problem], None]
Step = Callable[[Tell], None]


def say(site: Site, news: Problem) -> None:
    """Print one line in the language of the settings."""
    print(explain(news, site.settings.language), flush=True)


def take(site: Site, steps: Sequence[Step]) -> threading.Thread:
    """Take the steps one after another in a thread; pages and terminal say which one is under way.

    A step that is refused or fails says so, and the next one begins.
    """

    def tell(news: Problem) -> None:
        site.doing = news
        say(site, news)

    def run() -> None:
        started = time.monotonic()
        for step in steps:
            try:
                step(tell)
            except Refused as refused:
                say(site, refused.problem)
            except Exception:
                log.exception("Opening")
        site.doing = None
        say(site, Problem(code="opening_done", facts={"seconds": round(time.monotonic() - started)}))

    thread = threading.Thread(target=run, daemon=True, name="opening")
    thread.start()
    return thread
