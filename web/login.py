"""Signing in and out."""

import asyncio

from web import urls
from web.accounts import Account
from web.i18n import explain
from web.next import safe_next
from web.pages import Page, status_of
from web.site import Site
from web.values import Problem, Refused
from web.visitors import is_https, session_cookie, visitor_of


class Login(Page):
    """``/login``: a form; a new session id at every sign-in."""

    open_to_all = True

    def get(self) -> None:
        self.show(self.get_query_argument("next", ""))

    async def post(self) -> None:
        email, password = (
            self.get_body_argument("email", ""),
            self.get_body_argument("password", "", strip=False),
        )
        following = self.get_body_argument("next", "")
        try:
            account = await asyncio.to_thread(
                self.site.accounts.check, email, password, self.request.remote_ip or ""
            )
        except Refused as refused:
            self.show(following, email, refused.problem)
            return
        self.sign_in(account)
        self.redirect(safe_next(following or urls.STUDIO), status=303)

    def sign_in(self, account: Account) -> None:
        _close(self)
        self.set_cookie(
            session_cookie(self.site.settings),
            self.site.accounts.open_session(account),
            httponly=True,
            samesite="Lax",
            secure=is_https(self.site.settings),
            path="/",
        )

    def show(self, following: str, email: str = "", problem: Problem | None = None) -> None:
        if problem is not None:
            self.set_status(status_of(problem) if problem.code == "login_throttled" else 401)
        sentence = explain(problem, self.language) if problem else ""
        self.set_header("Cache-Control", "no-store")
        self.page(
            "login.html", next=safe_next(following) if following else "", email=email, sentence=sentence
        )


class Logout(Page):
    """``POST /logout``: closes the session and every screen opened with it."""

    def post(self) -> None:
        _close(self)
        self.clear_cookie(session_cookie(self.site.settings), path="/", secure=is_https(self.site.settings))
        self.redirect(urls.HOME, status=303)


def _close(page: Page) -> None:
    if page.account is None:
        return
    page.site.accounts.close_session(page.get_cookie(session_cookie(page.site.settings)))
    for close_screens in page.site.when_signed_out:
        close_screens(visitor_of(page, page.site, page.account))


class Health(Page):
    """``/healthz``: answers when the process serves pages."""

    open_to_all = True

    def get(self) -> None:
        self.set_header("Cache-Control", "no-store")
        self.json({"status": "ok"})


def routes(site: Site) -> list[tuple[str, type, dict[str, object]]]:
    """Return the routes of the ground floor; the public role has nobody to sign in."""
    signing = [] if site.settings.role == "public" else [(urls.LOGIN, Login), (urls.LOGOUT, Logout)]
    return [(path, handler, {"site": site}) for path, handler in [*signing, (urls.HEALTH, Health)]]
