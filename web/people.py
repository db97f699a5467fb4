"""Pages about accounts: joining, one's own account, and the people of this Relato."""

import asyncio
from http import HTTPStatus

from tornado.web import HTTPError

from web import urls
from web.accounts import PASSWORD_LENGTH, RANK, Account, Role
from web.i18n import explain
from web.login import sign_in
from web.pages import Page, status_of
from web.site import Site
from web.values import Problem, Refused

ROLES: tuple[Role, ...] = ("author", "curator", "admin")


class Entering(Page):
    """A form that makes an account or a password and signs in."""

    open_to_all = True

    def form(self, problem: Problem | None = None, **values: str) -> None:
        """Show the form, with what was wrong."""
        if problem is not None:
            self.set_status(status_of(problem))
        self.set_header("Cache-Control", "no-store")
        self.set_header("Referrer-Policy", "no-referrer")
        sentence = explain(problem, self.language) if problem else ""
        shown = {"kind": "invite", "email": "", "name": "", "token": "", "role": "author"} | values
        self.page("join.html", sentence=sentence, length=PASSWORD_LENGTH, **shown)

    def password(self) -> str:
        return self.get_body_argument("password", "", strip=False)

    def name(self) -> str:
        return " ".join(self.get_body_argument("name", "").split())[:100]


class Join(Entering):
    """``/join/<token>``: an invited person makes their account, or a forgotten password is set anew."""

    def get(self, token: str) -> None:
        found = self.site.invitations.find(token)
        self.form(kind=found.kind, email=found.email, role=found.role, token=token)

    async def post(self, token: str) -> None:
        found = self.site.invitations.find(token)
        try:
            account = await asyncio.to_thread(self._enter, token)
        except Refused as refused:
            self.form(refused.problem, kind=found.kind, email=found.email, name=self.name(), token=token)
            return
        sign_in(self, account)
        self.redirect(urls.STUDIO, status=303)

    def _enter(self, token: str) -> Account:
        """Check everything before the link is used up."""
        password, found, site = self.password(), self.site.invitations.find(token), self.site
        if len(password) < PASSWORD_LENGTH:
            raise Refused("password_short", length=PASSWORD_LENGTH)
        known = site.accounts.by_email(found.email)
        if found.kind == "reset" and known is not None:
            site.invitations.use(token)
            site.sign_out_everywhere(known.id)
            site.accounts.set_password(known, password)
            site.audit.note(known, "password", known.email)
            return known
        if not self.name():
            raise Refused("account_incomplete")
        if known is not None:
            raise Refused("account_exists_conflict", found.email)
        site.invitations.use(token)
        made = site.accounts.add(found.email, self.name(), found.role, password)
        site.audit.note(made, "joined", made.email)
        return made


class Register(Entering):
    """``/register``: anybody makes an account, where the settings say so."""

    def prepare(self) -> None:
        super().prepare()
        if self.site.settings.registration != "open":
            raise Refused("registration_forbidden")

    def get(self) -> None:
        self.form(kind="register")

    async def post(self) -> None:
        email = self.get_body_argument("email", "").strip()
        try:
            if "@" not in email or not self.name():
                raise Refused("account_incomplete")
            self.site.accounts.count_registration(self.request.remote_ip or "")
            account = await asyncio.to_thread(
                self.site.accounts.add, email, self.name(), "author", self.password()
            )
        except Refused as refused:
            self.form(refused.problem, kind="register", email=email, name=self.name())
            return
        self.site.audit.note(account, "joined", account.email)
        sign_in(self, account)
        self.redirect(urls.STUDIO, status=303)


class Own(Page):
    """``/account``: one's name, password and open sessions."""

    def get(self) -> None:
        account = self.require("author")
        done = self.get_query_argument("done", "")
        self.page("account.html", person=account, length=PASSWORD_LENGTH, done=done)

    async def post(self) -> None:
        account, what = self.require("author"), self.get_body_argument("change", "")
        if what == "name" and (name := " ".join(self.get_body_argument("name", "").split())[:100]):
            self.site.accounts.change(account.id, name=name)
        elif what == "password":
            await asyncio.to_thread(self._change_password, account)
            sign_in(self, account)
        elif what == "sessions":
            self.site.sign_out_everywhere(account.id)
            sign_in(self, account)
        else:
            raise Refused("account_incomplete")
        self.redirect(f"{urls.ACCOUNT}?done={what}", status=303)

    def _change_password(self, account: Account) -> None:
        present, new = (self.get_body_argument(name, "", strip=False) for name in ("present", "password"))
        try:
            self.site.accounts.check(account.email, present, self.request.remote_ip or "")
        except Refused as refused:
            if refused.problem.code == "login_wrong":
                raise Refused("password_wrong") from None
            raise
        self.site.sign_out_everywhere(account.id)
        self.site.accounts.set_password(account, new)


class People(Page):
    """``/desk/people``: who has an account, and links for new ones.

    Curators invite authors and help them with their password; administrators do all.
    """

    def get(self) -> None:
        self.show(self.require("curator"))

    async def post(self) -> None:
        account, what = self.require("curator"), self.get_body_argument("change", "")
        steps = {"invite": self._invite, "reset": self._reset, "revoke": self._revoke, "role": self._role,
                 "unlock": self._unlock, "remove": self._remove, "sign_out": self._sign_out}  # fmt: skip
        if what not in steps:
            raise HTTPError(HTTPStatus.BAD_REQUEST)
        link = steps[what](account)
        if link:
            self.show(account, link, self.get_body_argument("email", ""))
        else:
            self.redirect(urls.PEOPLE, status=303)

    def show(self, account: Account, link: str = "", email: str = "") -> None:
        site = self.site
        people = [(one, site.accounts.is_locked(one.email)) for one in site.accounts.every()]
        self.set_header("Cache-Control", "no-store")
        self.page(
            "people.html",
            wide=True,
            people=people,
            invitations=site.invitations.open(),
            roles=[role for role in ROLES if _hands_out(account, role)],
            link=link,
            email=email,
            may=lambda other: _rules(account, other),
        )

    def _invite(self, account: Account) -> str:
        if self.site.settings.registration == "off":
            raise Refused("registration_forbidden")
        email, role = self.get_body_argument("email", "").strip(), self._asked_role(account)
        if "@" not in email:
            raise Refused("account_incomplete")
        if self.site.accounts.by_email(email) is not None:
            raise Refused("account_exists_conflict", email)
        token = self.site.invitations.make("invite", email, role, account)
        self.site.audit.note(account, "invited", f"{email} ({role})")
        return self.site.settings.origin + urls.join(token)

    def _reset(self, account: Account) -> str:
        other = self._other(account)
        token = self.site.invitations.make("reset", other.email, other.role, account)
        self.site.audit.note(account, "reset", other.email)
        return self.site.settings.origin + urls.join(token)

    def _revoke(self, account: Account) -> None:
        asked = self.get_body_argument("invitation", "")
        found = next((one for one in self.site.invitations.open() if str(one.id) == asked), None)
        if found is not None and _hands_out(account, found.role):
            self.site.invitations.revoke(found.id)
            self.site.audit.note(account, "revoked", found.email)

    def _role(self, account: Account) -> None:
        other, role = self._other(account), self._asked_role(account)
        self._keep_one_admin(other, role)
        self.site.accounts.change(other.id, role=role)
        self.site.sign_out_everywhere(other.id)
        self.site.audit.note(account, "role", f"{other.email} ({role})")

    def _unlock(self, account: Account) -> None:
        other = self._other(account)
        self.site.accounts.unlock(other.email)
        self.site.audit.note(account, "unlocked", other.email)

    def _sign_out(self, account: Account) -> None:
        other = self._other(account)
        self.site.sign_out_everywhere(other.id)
        self.site.audit.note(account, "signed_out", other.email)

    def _remove(self, account: Account) -> None:
        other = self._other(account)
        self._keep_one_admin(other, None)
        self.site.sign_out_everywhere(other.id)
        self.site.accounts.remove(other.email)
        self.site.audit.note(account, "removed", other.email)

    def _other(self, account: Account) -> Account:
        """Return the account a form is about, if this one may change it."""
        asked = self.get_body_argument("account", "")
        other = self.site.accounts.by_id(int(asked)) if asked.isdigit() else None
        if other is None:
            raise Refused("account_incomplete")
        if not _rules(account, other):
            raise Refused("page_forbidden", urls.PEOPLE)
        return other

    def _asked_role(self, account: Account) -> Role:
        role = self.get_body_argument("role", "author")
        if role not in ROLES or not _hands_out(account, role):
            raise Refused("page_forbidden", urls.PEOPLE)
        return role

    def _keep_one_admin(self, other: Account, role: Role | None) -> None:
        admins = [one for one in self.site.accounts.every() if one.role == "admin"]
        if admins == [other] and role != "admin":
            raise Refused("account_last")


def _hands_out(account: Account, role: Role) -> bool:
    """Say whether an account gives this role to others: administrators any, others those below theirs."""
    return account.role == "admin" or RANK[role] < RANK[account.role]


def _rules(account: Account, other: Account) -> bool:
    """Say whether an account may change another one."""
    return account.role == "admin" or RANK[other.role] < RANK[account.role]


def routes(site: Site) -> list[tuple[str, type, dict[str, object]]]:
    """Return the routes about accounts; the public role has none."""
    if site.settings.role == "public":
        return []
    table = [(f"{urls.JOIN}/([A-Za-z0-9_-]+)", Join), (urls.REGISTER, Register), (urls.ACCOUNT, Own)]
    return [(path, page, {"site": site}) for path, page in [*table, (urls.PEOPLE, People)]]
