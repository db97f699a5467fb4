"""The Panel side of a visit: who opened a screen, the frame around it, and what the server needs."""

import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import panel as pn
import panel.io.server as panel_server
from jinja2 import Template
from tornado.web import HTTPError

from web.access import VISITOR, Access, Entrance
from web.accounts import Account
from web.i18n import explain, words
from web.pages import Unknown
from web.site import Site
from web.values import Problem, Refused
from web.visitors import is_https

log = logging.getLogger("relato")

FACES = ("newsreader-600", "newsreader-400", "inter")
SCREEN = Template((Path(__file__).parent / "templates/screen.html").read_text("utf-8"))
FRAME_BYTES = 1_000_000
TOKEN_SECONDS = 300
COMPONENT_PACKAGES = ("panel", "builder", "stories")


@dataclass(frozen=True)
class Visit:
    """Who opened a screen, in which language, and what the address asked for."""

    account: Account | None
    language: str
    query: dict[str, str]


def visit() -> Visit:
    """Return who opened the screen being built, for use inside a Panel app function."""
    request = pn.state.curdoc.session_context.request
    entrance: Entrance = request.entrance
    query = {
        name: values[-1].decode("utf-8", "replace") for name, values in request.arguments.items() if values
    }
    return Visit(entrance.account, entrance.language, query)


def screen(build: Callable[[], Any], title: str = "") -> Callable[[], Any]:
    """Wrap a Panel app function that returns one Viewable: our frame around it, its errors in words.

    ``title`` is English source text. The frame is our header and footer; the Viewable fills
    the width between them.
    """

    def app() -> Any:
        entrance: Entrance = pn.state.curdoc.session_context.request.entrance
        _dress(pn.state.curdoc, entrance, words(entrance.language)(title))
        pn.config.exception_handler = lambda error: _say(error, entrance.language)
        try:
            return build()
        except Refused as refused:
            return _sorry(refused.problem, entrance.language)
        except Exception:
            log.exception("The screen %s could not be built", title)
            return _sorry(Problem(code="page_failed"), entrance.language)

    return app


def _dress(document: Any, entrance: Entrance, title: str) -> None:
    site = entrance.site
    document.template = SCREEN
    document.template_variables.update(
        dist_url="/static/extensions/panel/",  # a late websocket would otherwise ask a CDN
        screen_title=" · ".join(filter(None, [title, site.settings.title])),
        language=entrance.language,
        nonce=entrance.nonce,
        styles=site.assets.url("relato.css"),
        faces=[site.assets.url(f"fonts/{face}.woff2") for face in FACES],
        icon=site.assets.url("relato.svg"),
        header=site.render("header.html", entrance.language, **entrance.frame),
    )


def _say(error: Exception, language: str) -> None:
    """Tell the person at the screen what a callback could not do; the rest of the screen lives on."""
    problem = error.problem if isinstance(error, Refused) else Problem(code="page_failed")
    if not isinstance(error, Refused):
        log.error("A callback failed", exc_info=error)
    if pn.state.notifications is not None:
        pn.state.notifications.error(escape(explain(problem, language)), duration=8000)


def _sorry(problem: Problem, language: str) -> Any:
    return pn.pane.HTML(f'<p role="alert">{escape(explain(problem, language))}</p>', margin=40)


class SafeComponents(panel_server.ComponentResourceHandler):
    """Files of components already loaded from our own packages; nothing is ever imported by an address."""

    def parse_url_path(self, path: str) -> str:
        module = path.split("/")[0]
        if module not in sys.modules or module.split(".")[0] not in COMPONENT_PACKAGES:
            raise HTTPError(404)
        return super().parse_url_path(path)


def panel_options(site: Site, access: Access) -> dict[str, Any]:
    """Return what ``pn.serve`` needs to keep its routes closed and its frames small."""
    return {
        "auth_provider": access,
        "secret_key": site.secret,
        "sign_sessions": True,
        "session_token_expiration": TOKEN_SECONDS,
        "include_cookies": [],
        "include_headers": ["Host", VISITOR],
        "xsrf_cookies": True,
        "xsrf_cookie_kwargs": {"httponly": True, "samesite": "Strict", "secure": is_https(site.settings)},
        "websocket_max_message_size": FRAME_BYTES,
        "websocket_origin": site.settings.hosts,
        "use_xheaders": site.settings.behind_proxy,
        "check_unused_sessions_milliseconds": 5_000,
        "unused_session_lifetime_milliseconds": 15_000,
        "use_index": False,
        "compress_response": True,
        "default_handler_class": Unknown,
        "default_handler_args": {"site": site},
    }
