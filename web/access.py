"""Who opens what on Panel's routes: one gate for page and websocket alike, closed by default."""

import secrets
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn
from urllib.parse import parse_qsl, urlencode
from weakref import WeakSet

import psutil
from bokeh.server.auth_provider import AuthProvider
from bokeh.util.token import check_token_signature, get_token_payload
from tornado.web import Finish, HTTPError, RequestHandler
from tornado.websocket import WebSocketHandler

from web import urls
from web.accounts import Account, Role
from web.i18n import explain
from web.site import Site
from web.values import Problem
from web.visitors import account_of, frame_of, language_of, visitor_of

OPEN_TO: dict[str, Role | None] = {urls.BUILD: None, urls.STUDIO: "author", urls.DESK: "curator"}
"""Who may open a Panel route and all below it; a route missing here is open to nobody."""

VISITOR = "X-Relato-Visitor"
RETRY_SECONDS = 60
CHOSEN_SESSION = ("bokeh-token", "bokeh-session-id")
POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self' blob: ws: wss:; frame-src 'self'; worker-src 'self' blob:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


@dataclass(frozen=True)
class Entrance:
    """What the choke point learned of a request it let in; it travels with the request."""

    site: Site
    account: Account | None
    language: str
    visitor: str
    nonce: str
    frame: dict[str, Any]


class Access(AuthProvider):  # type: ignore[misc]
    """The one place that decides who opens a Panel route: page and websocket alike, closed by default.

    ``instead`` maps the query of a builder address to a plain page that shows the same
    data, offered when the house is full.
    """

    def __init__(self, site: Site, instead: Callable[[dict[str, str]], str | None] = lambda _: None):
        self.site = site
        self.instead = instead
        self._sockets: defaultdict[str, WeakSet[WebSocketHandler]] = defaultdict(WeakSet)
        site.when_signed_out.append(self.close_sockets)
        super().__init__()

    @property
    def get_user(self) -> Callable[[RequestHandler], str | None]:
        return self.admit

    @property
    def login_url(self) -> str:
        return urls.LOGIN

    def admit(self, handler: RequestHandler) -> str | None:
        """Return the visitor let in. Raises Finish with a page for everyone else."""
        request: Any = handler.request
        is_socket = isinstance(handler, WebSocketHandler)
        route = request.path.removesuffix("/ws") if is_socket else request.path.rstrip("/")
        account = account_of(handler, self.site)
        visitor = visitor_of(handler, self.site, account)
        self._check_role(handler, route, account)
        nonce = secrets.token_urlsafe(16)
        if isinstance(handler, WebSocketHandler):
            self._check_socket(handler, route, visitor)
        else:
            self._check_page(handler, visitor, account)
            _protect(handler, nonce)
        request.headers[VISITOR] = visitor  # the signed token carries it to the websocket
        language, frame = language_of(handler, self.site.settings), frame_of(handler, account)
        request.entrance = Entrance(self.site, account, language, visitor, nonce, frame)
        return visitor

    def close_sockets(self, visitor: str) -> None:
        """Close the open screens of a sign-in that ended, or of all those of an account (its number)."""
        for known in [one for one in self._sockets if one == visitor or one.startswith(f"{visitor} ")]:
            for socket in list(self._sockets.pop(known)):
                socket.close(4401, "signed out")

    def _check_role(self, handler: RequestHandler, route: str, account: Account | None) -> None:
        known = next((rule for rule in OPEN_TO if route == rule or route.startswith(f"{rule}/")), None)
        is_hidden = self.site.settings.role == "public" and known != urls.BUILD
        if is_hidden:
            self._refuse(handler, 404, Problem(code="page_unknown", where=route))
        if known is None or route.endswith(("/autoload.js", "/metadata")) or self._chose_session(handler):
            self._refuse(handler, 403, Problem(code="page_forbidden", where=route))
        role = OPEN_TO[known]
        if role is None and self.site.settings.role == "studio":
            role = "author"
        if role is None or (account is not None and account.may(role)):
            return
        if account is None and handler.request.method == "GET" and not isinstance(handler, WebSocketHandler):
            handler.redirect(f"{urls.LOGIN}?{urlencode({'next': handler.request.uri})}")
            raise Finish
        self._refuse(handler, 403, Problem(code="page_forbidden", where=route))

    @staticmethod
    def _chose_session(handler: RequestHandler) -> bool:
        """Say whether the request names a session of its own choice; ours are always made by us."""
        request = handler.request
        return any(name in request.arguments or name in request.headers for name in CHOSEN_SESSION)

    def _check_socket(self, handler: WebSocketHandler, route: str, visitor: str) -> None:
        """Let a websocket in with a token we signed for this very visitor on this very route."""
        protocols = handler.request.headers.get("Sec-WebSocket-Protocol", "").split(",")
        token = protocols[1].strip() if len(protocols) == 2 else ""
        if not _is_ours(token, handler, route, visitor):
            raise HTTPError(403)
        sockets = self._sockets[visitor]
        if len(sockets) >= self.site.settings.sessions_per_address:
            raise HTTPError(503)
        sockets.add(handler)

    def _check_page(self, handler: RequestHandler, visitor: str, account: Account | None) -> None:
        settings = self.site.settings
        owners = _owners(handler)
        readers = sum(owner.startswith("reader ") for owner in owners)
        is_full = (
            owners.count(visitor) >= settings.sessions_per_address
            or (account is None and readers >= settings.sessions)
            or psutil.Process().memory_info().rss > settings.session_memory_mb * 1_000_000
        )
        if is_full:
            handler.set_header("Retry-After", str(RETRY_SECONDS))
            self._refuse(handler, 503, Problem(code="house_full"), template="full.html")

    def _refuse(
        self, handler: RequestHandler, status: int, problem: Problem, template: str = "error.html"
    ) -> NoReturn:
        """Finish with a page that says why, on the very address asked for."""
        language = language_of(handler, self.site.settings)
        query = dict(parse_qsl(handler.request.query))
        handler.set_status(status)
        handler.set_header("Content-Type", "text/html; charset=UTF-8")
        handler.set_header("Cache-Control", "no-store")
        _protect(handler, "")
        html = self.site.render(
            template,
            language,
            status=status,
            sentence=explain(problem, language),
            instead=self.instead(query),
            again=handler.request.uri,
            **frame_of(handler, account_of(handler, self.site)),
        )
        raise Finish(html)


def _is_ours(token: str, handler: WebSocketHandler, route: str, visitor: str) -> bool:
    application: Any = handler.application
    try:
        if not check_token_signature(token, secret_key=application.secret_key, signed=True):
            return False
        payload = get_token_payload(token)
    except (ValueError, KeyError):
        return False
    return bool(payload.get("headers", {}).get(VISITOR) == visitor and payload.get("app_path") == route)


def _owners(handler: RequestHandler) -> list[str]:
    """Return the visitor of every live builder session of this process."""
    server: Any = handler.application
    contexts = (
        session.document.session_context
        for application in server.applications.values()
        for session in application.sessions
    )
    return [context.request.entrance.visitor for context in contexts if context is not None]


def _protect(handler: RequestHandler, nonce: str) -> None:
    """Let the page run the scripts Panel writes into it (they bear the nonce) and our files, nothing else."""
    handler.set_header("Content-Security-Policy", POLICY.format(nonce=nonce))
    handler.set_header("X-Content-Type-Options", "nosniff")
    handler.set_header("Referrer-Policy", "same-origin")
    handler.set_header("Cross-Origin-Opener-Policy", "same-origin")
