"""The ground floor alone, served: every Panel route with a screen that names itself, and a few pages."""

import json
import sys
from pathlib import Path

import panel as pn

from web import access, accounts, login, people, session, urls
from web.assets import AssetHandler
from web.database import Database
from web.pages import Page
from web.settings import Settings
from web.site import Site
from web.values import Problem, Refused

PASSWORDS = {"author": "author-password", "curator": "curator-password", "admin": "admin-password"}
SCREENS = {urls.BUILD: "BUILDER", urls.STUDIO: "STUDIO", f"{urls.STUDIO}/story": "EDITOR", urls.DESK: "DESK"}


class Hello(Page):
    def get(self) -> None:
        self.page(
            "error.html", status=200, sentence=f"hello {self.language} {self.account and self.account.role}"
        )


class Embed(Page):
    framing = "*"

    def get(self) -> None:
        self.page("error.html", status=200, sentence="embedded")


class Broken(Page):
    def get(self) -> None:
        raise RuntimeError("canary-of-the-traceback")


class Refusing(Page):
    def get(self, code: str) -> None:
        raise Refused(code, "/somewhere")


class Echo(Page):
    def post(self) -> None:
        self.json({"account": self.account, "problem": Problem(code="login_wrong")})


class Curators(Page):
    def get(self) -> None:
        self.json(self.require("curator"))

    def post(self) -> None:
        self.json(self.require("curator"))


def screen(name: str):
    def build() -> pn.viewable.Viewable:
        if session.visit().query.get("fail") == "refused":
            raise Refused("login_wrong")
        if session.visit().query.get("fail"):
            raise RuntimeError("canary-of-the-traceback")
        visit = session.visit()
        return pn.widgets.TextInput(name=f"{name} {visit.language} {visit.account and visit.account.email}")

    return session.screen(build, name)


def main(settings: Settings) -> None:
    site = Site(settings, Database(settings.data / "stories.db", accounts.migrations))
    for role, password in PASSWORDS.items():
        site.accounts.create(f"{role}@example.org", role.title(), role, password)
    pages = [("/hello", Hello), ("/embed/1", Embed), ("/broken", Broken), ("/api/broken", Broken)]
    pages += [("/refusing/(.+)", Refusing), ("/api/refusing/(.+)", Refusing), ("/api/echo", Echo)]
    pages += [("/curators", Curators), ("/api/curators", Curators), ("/echo", Echo)]
    pn.serve(
        {path: screen(name) for path, name in SCREENS.items()},
        port=settings.port,
        address=settings.address,
        show=False,
        verbose=False,
        extra_patterns=[
            *[(path, handler, {"site": site}) for path, handler in pages],
            *login.routes(site),
            *people.routes(site),
            ("/assets/(.*)", AssetHandler, {"assets": site.assets}),
            ("/components/(.*)", session.SafeComponents, {}),
        ],
        **session.panel_options(site, access.Access(site, lambda query: query.get("chart"))),
    )


if __name__ == "__main__":
    main(Settings(**json.loads(Path(sys.argv[1]).read_text())))
