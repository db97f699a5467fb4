"""Accounts by invitation, by registration and by a provider; new passwords; signing out everywhere."""

import datetime as dt
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.conftest import Served
from tests.web.client import Client, signed_in
from web import accounts
from web.accounts import Accounts
from web.audit import Audit
from web.database import Database
from web.invitations import Invitations
from web.values import Refused


def link_in(page: str) -> str:
    return urlsplit(re.search(r'id="link"[^>]*value="([^"]+)"', page)[1]).path


def change(client: Client, path: str = "/desk/people", **fields: str):
    return client.post(path, _xsrf=client.form_token(), **fields)


def joined(house: Served, link: str, name: str = "Nora", password: str = "a new password") -> Client:
    client = Client(house.url)
    answer = client.post(link, _xsrf=client.form_token(), name=name, password=password)
    assert answer.status == 303, answer.text
    return client


def test_a_curator_invites_an_author_who_joins_once(house: Served) -> None:
    curator = signed_in(house.url, "curator")
    link = link_in(change(curator, change="invite", email="nora@example.org", role="author").text)
    page = Client(house.url).ask(link)
    assert page.headers["Cache-Control"] == "no-store"
    assert "nora@example.org" in page.text
    short = Client(house.url)
    assert short.post(link, _xsrf=short.form_token(), name="Nora", password="short").status == 400
    nora = joined(house, link)
    assert "author" in nora.ask("/hello").text
    assert Client(house.url).ask(link).status == 404
    assert "joined" in [one.step for one in audit(house)]


def audit(house: Served):
    return Audit(Database(house.data / "stories.db")).newest(50)


@pytest.mark.parametrize("role", ["curator", "admin"])
def test_a_curator_hands_out_no_role_like_their_own(house: Served, role: str) -> None:
    curator = signed_in(house.url, "curator")
    assert change(curator, change="invite", email=f"{role}-2@example.org", role=role).status == 403
    admin_id = next(one.id for one in people(house).every() if one.role == "admin")
    for what in ("reset", "role", "remove", "unlock", "sign_out"):
        assert change(curator, change=what, account=str(admin_id), role="author").status == 403


def people(house: Served) -> Accounts:
    return Accounts(Database(house.data / "stories.db"))


def test_a_new_password_signs_out_everywhere(house: Served) -> None:
    admin = signed_in(house.url, "admin")
    link = link_in(change(admin, change="invite", email="olga@example.org", role="curator").text)
    olga = joined(house, link, "Olga")
    account = people(house).by_email("olga@example.org")
    link = link_in(change(admin, change="reset", account=str(account.id), email=account.email).text)
    again = joined(house, link, password="another password")
    assert "curator" in again.ask("/hello").text
    assert "None" in olga.ask("/hello").text
    assert Client(house.url).sign_in("olga@example.org", "a new password").status == 401


def test_signing_out_everywhere_leaves_this_browser_alone(house: Served) -> None:
    people(house).create("pia@example.org", "Pia", "author", "pias password")
    here, there = Client(house.url), Client(house.url)
    for client in (here, there):
        client.sign_in("pia@example.org", "pias password")
    assert change(here, "/account", change="sessions").status == 303
    assert "author" in here.ask("/hello").text
    assert "None" in there.ask("/hello").text
    wrong = change(here, "/account", change="password", present="nope", password="next password")
    assert wrong.status == 400
    assert (
        change(here, "/account", change="password", present="pias password", password="next password").status
        == 303
    )
    assert change(here, "/account", change="name", name="Pía").status == 303
    assert people(house).by_email("pia@example.org").name == "Pía"


def test_a_locked_account_is_opened_at_the_desk(house: Served) -> None:
    people(house).create("quin@example.org", "Quin", "author", "quins password")
    known = people(house)
    for n in range(10):
        with pytest.raises(Refused):
            known.check("quin@example.org", "wrong", f"10.0.0.{n}")
    assert known.is_locked("quin@example.org")
    client = Client(house.url)
    assert client.sign_in("quin@example.org", "quins password").status == 429
    curator = signed_in(house.url, "curator")
    quin = known.by_email("quin@example.org")
    assert change(curator, change="unlock", account=str(quin.id)).status == 303
    assert client.sign_in("quin@example.org", "quins password").status == 303


def test_the_last_administrator_stays(house: Served) -> None:
    admin = signed_in(house.url, "admin")
    own = next(one.id for one in people(house).every() if one.role == "admin")
    for fields in ({"change": "remove"}, {"change": "role", "role": "author"}):
        assert change(admin, account=str(own), **fields).status == 400


def test_nobody_registers_unless_the_settings_say_so(house: Served, open_house) -> None:
    assert Client(house.url).ask("/register").status == 403
    everybody = open_house(registration="open")
    client = Client(everybody.url)
    fields = {"email": "rosa@example.org", "name": "Rosa", "password": "rosas password"}
    assert change(client, "/register", **fields).status == 303
    assert "author" in client.ask("/hello").text
    assert change(Client(everybody.url), "/register", **fields).status == 409
    for n in range(4):
        more = fields | {"email": f"rosa{n}@example.org"}
        last = change(Client(everybody.url), "/register", **more).status
    assert last == 429
    closed = open_house(registration="off")
    curator = signed_in(closed.url, "curator")
    assert change(curator, change="invite", email="sol@example.org", role="author").status == 403


def test_links_are_kept_as_hashes_and_grow_old(tmp_path) -> None:
    clock = [dt.datetime(2026, 1, 1, tzinfo=dt.UTC)]
    database = Database(tmp_path / "stories.db", accounts.migrations)
    admin = Accounts(database).create("a@example.org", "A", "admin", "a long password")
    known = Invitations(database, lambda: clock[0])
    token = known.make("invite", "b@example.org", "author", admin)
    assert token.encode() not in (tmp_path / "stories.db").read_bytes()
    assert known.find(token).role == "author"
    newer = known.make("invite", "B@example.org", "curator", admin)
    with pytest.raises(Refused):
        known.find(token)
    clock[0] += dt.timedelta(days=15)
    with pytest.raises(Refused):
        known.use(newer)


def test_the_provider_answers_for_people_who_may_come(open_house, provider) -> None:
    house = open_house(
        registration="invitation",
        oidc_issuer=provider.url,
        oidc_client_id="relato",
        oidc_client_secret="hidden",
    )
    people(house).create("tere@example.org", "Tere", "curator", "teres password")
    assert sign_in_with(house, provider, email="tere@example.org").ask("/hello").text.count("curator") == 1
    for claims in (
        {"email": "stranger@example.org"},
        {"email": "tere@example.org", "email_verified": False},
        {"email": "tere@example.org", "nonce": "another"},
        {"email": "tere@example.org", "aud": "another"},
        {"email": "tere@example.org", "iss": "http://evil.example"},
        {"email": "tere@example.org", "exp": 1},
        {"email": "tere@example.org", "forged": True},
    ):
        assert "None" in sign_in_with(house, provider, **claims).ask("/hello").text, claims
    curator = signed_in(house.url, "curator")
    change(curator, change="invite", email="ulla@example.org", role="author")
    assert "author" in sign_in_with(house, provider, email="ulla@example.org").ask("/hello").text
    stranger = Client(house.url)
    assert stranger.ask("/login/oidc/back?state=x&code=y").status == 400


def sign_in_with(house: Served, provider, **claims: object) -> Client:
    client = Client(house.url)
    leaving = urlsplit(client.ask("/login/oidc").headers["Location"])
    asked = {name: values[0] for name, values in parse_qs(leaving.query).items()}
    assert asked["code_challenge_method"] == "S256"
    code = provider.approve(asked, claims)
    client.ask(f"/login/oidc/back?state={asked['state']}&code={code}")
    return client
