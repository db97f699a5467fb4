"""One running Relato as its pages see it: settings, accounts, templates and assets."""

import datetime as dt
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from web import i18n, urls
from web.accounts import Accounts
from web.assets import Assets
from web.audit import Audit
from web.counts import Counts
from web.database import Database
from web.invitations import Invitations
from web.oidc import Provider
from web.secret import load_secret
from web.settings import Settings
from web.values import Problem

HERE = Path(__file__).parent


class Site:
    """What every page needs before it knows about data.

    ``template_dirs`` and ``static_dirs`` are those of the rooms above; our own come first.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        template_dirs: Iterable[Path] = (),
        static_dirs: Iterable[Path] = (),
    ):
        self.settings = settings
        self.database = database
        self.accounts = Accounts(database)
        self.invitations = Invitations(database)
        self.audit = Audit(database)
        self.counts = Counts(database)
        self.provider = Provider(settings, settings.origin + urls.OIDC_BACK) if settings.oidc_issuer else None
        self.secret = load_secret(settings.data / "secret")
        self.assets = Assets([HERE / "static", *static_dirs])
        self.doing: Problem | None = None
        self.when_signed_out: list[Callable[[str], None]] = []
        self._templates = Environment(
            loader=FileSystemLoader([HERE / "templates", *template_dirs]),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=StrictUndefined,
        )
        self._templates.globals.update(urls=urls, asset=self.assets.url, settings=settings)

    def sign_out_everywhere(self, account_id: int) -> None:
        """Close every session of an account and the screens opened with them."""
        self.accounts.close_sessions(account_id)
        for close_screens in self.when_signed_out:
            close_screens(str(account_id))

    def render(self, template: str, language: str, **values: Any) -> str:
        """Return a template in a language.

        Templates know ``_``, ``number``, ``percent``, ``date``, ``urls``, ``asset``, ``settings``,
        ``language``, ``doing`` (what is still being prepared), and, on a page asked for by someone, ``account``, ``path_in`` and ``xsrf``.
        """
        words = {
            "_": i18n.words(language),
            "language": language,
            "number": partial(i18n.number, language=language),
            "percent": partial(i18n.percent, language=language),
            "date": partial(_date, language),
            "account": None,
            "doing": self.doing and i18n.explain(self.doing, language),
            "path_in": None,
            "xsrf": None,
        }
        return self._templates.get_template(template).render(words | values)


def _date(language: str, value: dt.date | str, grain: str = "day") -> str:
    """Write a date, given as such or as ISO text."""
    return i18n.date(dt.datetime.fromisoformat(value) if isinstance(value, str) else value, language, grain)
