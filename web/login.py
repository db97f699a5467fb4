"""Signing in and out."""

import asyncio
from dataclasses import fields
from http import HTTPStatus

from tornado.web import HTTPError

from web import urls
from web.accounts import Account
from web.i18n import explain
from web.next import safe_next
from web.oidc import Journey, Person
from web.pages import Page, status_of
from web.site import Site
from web.values import Problem, Refused
from web.visitors import is_https, session_cookie, visitor_of

JOURNEY = "oidc"


def sign_in(page: Page, account: Account) -> None:
    """Open a session for an account in this browser, in place of any other."""
    _close(page)
    page.set_cookie(
        session_cookie(page.site.settings),
        page.site.accounts.open_session(account),
        httponly=True,
        samesite="Lax",
        secure=is_https(page.site.settings),
        path="/",
    )


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
        sign_in(self, account)
        self.redirect(safe_next(following or urls.STUDIO), status=303)

    def show(self, following: str, email: str = "", problem: Problem | None = None) -> None:
        if problem is not None:
            self.set_status(status_of(problem) if problem.code == "login_throttled" else 401)
        sentence = explain(problem, self.language) if problem else ""
        self.set_header("Cache-Control", "no-store")
        self.page(
            "login.html",
            next=safe_next(following) if following else "",
            email=email,
            sentence=sentence,
            provider=self.site.provider,
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


class Leave(Page):
    """``/login/oidc``: off to the provider, with a journey only this browser can end."""

    open_to_all = True

    async def get(self) -> None:
        provider, journey = self.site.provider, Journey.new()
        if provider is None:
            raise HTTPError(HTTPStatus.NOT_FOUND)
        address = await asyncio.to_thread(provider.leave, journey)
        kept = ".".join((journey.state, journey.nonce, journey.verifier))
        secure = is_https(self.site.settings)
        self.set_cookie(JOURNEY, kept, httponly=True, samesite="Lax", secure=secure, path=urls.OIDC)
        self.redirect(address)


class Back(Page):
    """``/login/oidc/back``: whom the provider vouches for signs in; a new account needs a way to make one."""

    open_to_all = True

    async def get(self) -> None:
        provider, kept = self.site.provider, (self.get_cookie(JOURNEY) or "").split(".")
        self.clear_cookie(JOURNEY, path=urls.OIDC)
        if provider is None:
            raise HTTPError(HTTPStatus.NOT_FOUND)
        if len(kept) != len(fields(Journey)):
            raise Refused("provider_failed", provider.name)
        state, code = self.get_query_argument("state", ""), self.get_query_argument("code", "")
        person = await asyncio.to_thread(provider.arrive, Journey(*kept), state, code)
        sign_in(self, account_for(self.site, person))
        self.redirect(urls.STUDIO, status=303)


def account_for(site: Site, person: Person) -> Account:
    """Return the account of a person, made now if they were invited or anybody may register.

    Raises Refused ``registration_forbidden``.
    """
    known = site.accounts.by_email(person.email)
    if known is not None:
        return known
    invitation = site.invitations.for_email(person.email)
    if invitation is None and site.settings.registration != "open":
        raise Refused("registration_forbidden")
    made = site.accounts.add(person.email, person.name, invitation.role if invitation else "author", None)
    if invitation is not None:
        site.invitations.revoke(invitation.id)
    site.audit.note(made, "joined", made.email)
    return made


class Health(Page):
    """``/healthz``: answers when the process serves pages."""

    open_to_all = True

    def get(self) -> None:
        self.set_header("Cache-Control", "no-store")
        self.json({"status": "ok"})


def routes(site: Site) -> list[tuple[str, type, dict[str, object]]]:
    """Return the routes of the ground floor; the public role has nobody to sign in."""
    table: list[tuple[str, type]] = [(urls.HEALTH, Health)]
    if site.settings.role != "public":
        table += [(urls.LOGIN, Login), (urls.LOGOUT, Logout), (urls.OIDC, Leave), (urls.OIDC_BACK, Back)]
    return [(path, handler, {"site": site}) for path, handler in table]
