"""The base of every plain page: language, account, frame, headers, errors."""

import json
import logging
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import tornado.web
from pydantic import BaseModel

import web.problems  # noqa: F401  (registers the sentences of error pages)
from web import urls
from web.accounts import Account, Role
from web.i18n import explain, words
from web.next import safe_next
from web.site import Site
from web.values import Problem, Refused
from web.visitors import account_of, frame_of, language_of

STATUS = {"unknown": 404, "forbidden": 403, "conflict": 409, "needed": 401, "throttled": 429, "full": 503}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "connect-src 'self'; font-src 'self' data:; frame-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors {framing}"
)


def status_of(problem: Problem) -> int:
    """Return the HTTP status that the last word of a problem's code stands for, else 400."""
    return STATUS.get(problem.code.rsplit("_", 1)[-1], 400)


class Page(tornado.web.RequestHandler):
    """A page: ``self.site``, ``self.language``, ``self._`` (Words) and ``self.account`` are ready.

    Keyword arguments of its route become attributes. A raised :class:`Refused` becomes a
    page (under ``/api/``, JSON) that says it. The API knows no accounts: what it answers
    is public, so it needs no defence against forged requests.
    """

    framing = "'self'"
    """Who may show this page in a frame; ``*`` for embeds."""

    open_to_all = False
    """Whether the page is shown without an account even when this process is the studio alone."""

    def initialize(self, site: Site, **room: object) -> None:
        self.site = site
        for name, value in room.items():
            setattr(self, name, value)

    def head(self, *parts: str, **named: str) -> Any:
        """Answer as to GET; Tornado leaves the body out."""
        return self.get(*parts, **named)

    @property
    def is_api(self) -> bool:
        return self.request.path.startswith("/api/")

    def set_default_headers(self) -> None:
        self.clear_header("Server")
        self.set_header("Content-Security-Policy", POLICY.format(framing=self.framing))
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "strict-origin-when-cross-origin")
        self.set_header("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        if self.is_api or self.framing == "*":
            self.set_header("Access-Control-Allow-Origin", "*")
        else:
            self.set_header("Cross-Origin-Opener-Policy", "same-origin")

    def prepare(self) -> None:
        self.language = language_of(self, self.site.settings)
        self._ = words(self.language)
        self.account: Account | None = None if self.is_api else account_of(self, self.site)
        if self.account is not None:
            self.set_header("Cache-Control", "private, no-cache")
        if self.site.settings.role == "studio" and not self.open_to_all:
            self.require("author")

    def check_xsrf_cookie(self) -> None:
        if not self.is_api:
            super().check_xsrf_cookie()

    def require(self, role: Role) -> Account:
        """Return the account when it has the role; else send the visitor to sign in, or refuse.

        Raises Refused ``account_needed`` (401) or ``page_forbidden`` (403).
        """
        if self.account is None:
            if self.request.method in ("GET", "HEAD") and not self.is_api:
                self.redirect(f"{urls.LOGIN}?{urlencode({'next': self.request.uri or '/'})}")
                raise tornado.web.Finish
            raise Refused("account_needed", self.request.path)
        if not self.account.may(role):
            raise Refused("page_forbidden", self.request.path)
        return self.account

    def page(self, template: str, **values: Any) -> None:
        """Finish with a template in the frame."""
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        self.set_header("Vary", "Accept-Language, Cookie")
        self.finish(self.site.render(template, self.language, **frame_of(self, self.account) | values))

    def json(self, value: object) -> None:
        """Finish with a value as JSON; models are dumped, NaN is refused."""
        plain = value.model_dump(mode="json") if isinstance(value, BaseModel) else value
        self.set_header("Content-Type", "application/json; charset=UTF-8")
        self.finish(json.dumps(plain, ensure_ascii=False, allow_nan=False, default=_plain))

    def refuse(self, problem: Problem, status: int) -> None:
        """Finish with a problem in the visitor's words."""
        self.set_status(status)
        sentence = explain(problem, self.language)
        if self.is_api:
            self.json({"error": problem.model_dump(mode="json") | {"message": sentence}})
        else:
            self.page("error.html", status=status, sentence=sentence)

    def write_error(self, status_code: int, **about: Any) -> None:
        if not hasattr(self, "language"):  # failed before prepare
            self.language, self.account = self.site.settings.language, None
        error = about["exc_info"][1] if "exc_info" in about else None
        problem = error.problem if isinstance(error, Refused) else self._problem_of(status_code, error)
        self.refuse(problem, status_of(problem) if isinstance(error, Refused) else status_code)

    def _problem_of(self, status: int, error: BaseException | None) -> Problem:
        code = {404: "page_unknown", 401: "account_needed"}.get(status)
        if status == HTTPStatus.FORBIDDEN:
            code = "page_forbidden" if self.request.method in ("GET", "HEAD") else "request_stale"
        fallback = "page_failed" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "request_wrong"
        return Problem(code=code or fallback, where=self.request.path)

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        if isinstance(value, Refused):
            logging.getLogger("relato").info("%s %s: %s", self.request.method, self.request.path, value)
        else:
            super().log_exception(typ, value, tb)


def _plain(value: object) -> object:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if hasattr(value, "isoformat"):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is not JSON")


class Unknown(Page):
    """Every address nobody claimed; one with a slash too many leads to the one without."""

    def prepare(self) -> None:
        super().prepare()
        path = self.request.path
        if path.endswith("/") and safe_next(path[:-1]) == path[:-1]:
            self.redirect(path[:-1], permanent=True)
            raise tornado.web.Finish
        raise tornado.web.HTTPError(HTTPStatus.NOT_FOUND)
