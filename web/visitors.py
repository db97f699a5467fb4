"""Who asks, and in which language: read from cookies, on plain pages and Panel routes alike."""

from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlencode

from tornado.httputil import HTTPServerRequest
from tornado.web import RequestHandler

from web.accounts import Account
from web.i18n import LANGUAGES, pick_language
from web.settings import Settings
from web.site import Site
from web.values import content_hash

LANGUAGE_COOKIE = "lang"
YEAR_DAYS = 365


def session_cookie(settings: Settings) -> str:
    """Return the cookie's name; browsers send a ``__Host-`` cookie over HTTPS and to this host alone."""
    return "__Host-sid" if is_https(settings) else "sid"


def is_https(settings: Settings) -> bool:
    return settings.public_url.startswith("https://")


def account_of(handler: RequestHandler, site: Site) -> Account | None:
    """Return the account signed in on this request; the public role knows none."""
    if site.settings.role == "public":
        return None
    return site.accounts.account_of(handler.get_cookie(session_cookie(site.settings)))


def language_of(handler: RequestHandler, settings: Settings) -> str:
    """Return ``?lang=`` (remembered in a cookie), else the cookie, else what the browser asks for."""
    asked = handler.get_query_argument("lang", None)
    if asked in LANGUAGES:
        handler.set_cookie(
            LANGUAGE_COOKIE,
            asked,
            expires_days=YEAR_DAYS,
            httponly=True,
            samesite="Lax",
            secure=is_https(settings),
        )
        return asked
    accepted = handler.request.headers.get("Accept-Language", "")
    return pick_language(handler.get_cookie(LANGUAGE_COOKIE), accepted or settings.language)


def visitor_of(handler: RequestHandler, site: Site, account: Account | None) -> str:
    """Return who a builder session belongs to: one sign-in of an account, or any reader at an address."""
    if account is None:
        return f"reader {handler.request.remote_ip}"
    sid = handler.get_cookie(session_cookie(site.settings)) or ""
    return f"{account.id} {content_hash(sid)}"


def path_in(request: HTTPServerRequest, language: str) -> str:
    """Return the address of the same page in a language."""
    query = [(name, value) for name, value in parse_qsl(request.query) if name != "lang"]
    return f"{request.path}?{urlencode([*query, ('lang', language)])}"


def frame_of(handler: RequestHandler, account: Account | None) -> dict[str, Any]:
    """Return what the header shows of a request, by the names its template uses."""
    return {
        "account": account,
        "path_in": partial(path_in, handler.request),
        "xsrf": handler.xsrf_form_html,
    }
