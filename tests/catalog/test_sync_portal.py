"""Synchronising a portal over HTTP: paging, what changed, what is gone, and portals that misbehave."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from urllib3 import Retry

from catalog import ckan, sync
from catalog.models import SyncReport
from catalog.schema import migrations
from catalog.store import Store
from tests.catalog.portal import MISBEHAVIOURS, Portal, package, send, serving
from web.database import Database


@dataclasses.dataclass
class House:
    portal: Portal
    store: Store

    def sync(self, **how: bool) -> SyncReport:
        return sync.sync(self.store, self.portal.address, **how)

    def names(self) -> set[str]:
        return {row[0] for row in self.store.database.read.execute("SELECT name FROM packages")}

    def changes(self) -> int:
        """Return how many rows SQLite wrote on this connection."""
        return self.store.database.read.conn.total_changes


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setattr(ckan, "ROWS", 10)
    monkeypatch.setattr(ckan, "SECONDS", 1.5)
    monkeypatch.setattr(ckan, "PATIENCE", Retry(total=2, backoff_factor=0.01, **ckan.PATIENT_WITH))
    portal = Portal([package(number) for number in range(25)])
    with serving(portal):
        yield House(portal, Store(Database(tmp_path / "catalog.db", migrations)))


def tally(report: SyncReport) -> tuple[int, int, int, int]:
    assert report.problem is None
    return report.new, report.changed, report.gone, report.unchanged


def test_pages_by_id(house: House):
    assert tally(house.sync()) == (25, 0, 0, 0)
    asked = [
        asked["fq"] for action, asked in house.portal.asked if action == "package_search" and "fq" in asked
    ]
    assert asked == ['id:{"id-00009" TO *]', 'id:{"id-00019" TO *]']


def test_second_run_writes_nothing_but_its_date(house: House):
    house.sync()
    before = house.changes()
    assert tally(house.sync()) == (0, 0, 0, 25)
    assert house.changes() - before == 1


def test_rows_cut_silently(house: House):
    house.portal.rows_max = 3
    assert tally(house.sync()) == (25, 0, 0, 0)


def test_no_dataset_is_lost_while_others_are_written(house: House):
    def write(handler: object, action: str, asked: dict[str, str]) -> bool:
        if "id-00009" in asked.get("fq", ""):
            house.portal.packages.pop(3)
            house.portal.packages.insert(0, package(99))
        return False

    house.portal.misbehave = write
    assert tally(house.sync())[0] == 26
    assert {f"conjunto-{n}" for n in (*range(25), 99)} == house.names()


def test_portal_that_ignores_filters_is_paged_by_offset(house: House):
    whole = house.portal.search

    def ignoring(asked: dict[str, str]) -> dict:
        return whole({"start": asked.get("start", "0"), "rows": asked["rows"]})

    house.portal.search = ignoring  # type: ignore[method-assign]
    assert tally(house.sync()) == (25, 0, 0, 0)


def test_changes_come_and_go(house: House):
    house.sync()
    house.portal.packages[4]["title"] = "Otro título"
    house.portal.packages[5:7] = []
    house.portal.packages.append(package(30))
    assert tally(house.sync()) == (1, 1, 2, 22)
    assert house.store.dataset("conjunto-4").title == "Otro título"  # type: ignore[union-attr]
    assert house.store.dataset("conjunto-5") is None


def test_a_renamed_dataset_stays_one(house: House):
    house.sync()
    house.portal.packages[0]["name"] = "nombre-nuevo"
    assert tally(house.sync()) == (0, 1, 0, 24)
    assert house.store.dataset("conjunto-0") is None
    assert house.store.dataset("nombre-nuevo") is not None


def test_incremental_run_asks_only_for_what_changed(house: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sync, "SMALL", 3)
    house.sync()
    house.portal.asked.clear()
    house.portal.packages[3] |= {"title": "Nuevo", "metadata_modified": "2024-01-02T00:00:00.000000"}
    house.portal.packages[9:10] = []
    house.portal.packages.append(package(31, metadata_modified="2020-01-01T00:00:00"))
    assert tally(house.sync()) == (1, 1, 1, 23)
    searched = [asked["fq"] for action, asked in house.portal.asked if action == "package_search"]
    assert searched[0].startswith("metadata_modified:[2023-12-31T23:50:24Z TO *]")
    assert searched[-1] == 'name:("conjunto-31")'


def test_full_run_finds_a_change_that_kept_its_time(house: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sync, "SMALL", 3)
    monkeypatch.setattr(sync, "OVERLAP", sync.dt.timedelta(0))
    house.sync()
    house.portal.packages[0]["title"] = "Cambiado sin fecha"
    assert tally(house.sync()) == (0, 0, 0, 25)
    assert tally(house.sync(full=True)) == (0, 1, 0, 24)


@pytest.mark.parametrize(
    "odd", ["2199-01-01T00:00:00", "yesterday", None, 5, "", "2024-01-01T00:00:00+06:00"]
)
def test_odd_times_hide_no_later_change(house: House, monkeypatch: pytest.MonkeyPatch, odd: object):
    monkeypatch.setattr(sync, "SMALL", 3)
    house.portal.packages[2]["metadata_modified"] = odd
    house.sync()
    house.portal.packages[2]["metadata_modified"] = "2024-01-01T00:00:00"
    now = sync.dt.datetime.now(sync.dt.UTC).replace(tzinfo=None)
    house.portal.packages[8] |= {"title": "Nuevo", "metadata_modified": now.isoformat()}
    assert house.sync().problem is None
    assert house.store.dataset("conjunto-8").title == "Nuevo"  # type: ignore[union-attr]


def test_changes_behind_a_broken_page_arrive_with_the_next_run(house: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sync, "SMALL", 3)
    house.sync()
    for each in house.portal.packages:
        each |= {"title": "Nuevo", "metadata_modified": "2024-03-01T00:00:00"}
    house.portal.packages[0]["metadata_modified"] = "2024-06-01T00:00:00"

    def break_second_page(handler, action: str, asked: dict[str, str]) -> bool:
        if "id-00009" not in asked.get("fq", ""):
            return False
        MISBEHAVIOURS["truncated"](handler)
        return True

    house.portal.misbehave = break_second_page
    assert house.sync().problem is not None
    house.portal.misbehave = lambda *_: False
    assert tally(house.sync()) == (0, 15, 0, 10)


def test_many_vanished_at_once_stay(house: House):
    house.sync()
    del house.portal.packages[10:]
    report = house.sync()
    assert report.problem
    assert report.problem.code == "portal_shrunk"
    assert (report.gone, report.problem.facts) == (0, {"gone": 15, "stored": 25})
    assert len(house.names()) == 25
    assert tally(house.sync(accept_gone=True)) == (0, 0, 15, 10)


def test_a_dataset_missing_from_the_index_alone_stays(house: House):
    house.sync()
    whole = house.portal.search
    house.portal.search = lambda asked: whole(asked | {"fq": asked.get("fq") or 'id:{"id-00000" TO *]'})  # type: ignore[method-assign]
    assert tally(house.sync()) == (0, 0, 0, 24)
    assert "conjunto-0" in house.names()


def test_titles_of_organizations_are_the_portals_own(house: House):
    house.sync()
    house.portal.organizations = [{"name": "adip", "title": "Agencia renombrada"}]
    house.sync()
    assert house.store.dataset("conjunto-1").organization_title == "Agencia renombrada"  # type: ignore[union-attr]
    found = house.store.database.read.execute("SELECT count(*) FROM texts WHERE texts MATCH 'renombrada'")
    assert found.fetchone()[0] == 25


def test_bad_packages_are_left_out_and_counted(house: House):
    house.portal.packages[:3] = [{"id": "id-0"}, {"id": "", "name": "x"}, package(2, resources="none")]
    report = house.sync()
    assert (report.new, report.rejected) == (23, 2)


def test_waits_as_the_portal_asks(house: House):
    times: list[int] = []

    def busy(handler, action: str, asked: dict[str, str]) -> bool:
        times.append(1)
        if len(times) > 1:
            return False
        send(handler, "busy", status=429, Retry_After="1")
        return True

    house.portal.misbehave = busy
    assert tally(house.sync()) == (25, 0, 0, 0)


@pytest.mark.parametrize("when", ["at once", "on the second page"])
@pytest.mark.parametrize("how", MISBEHAVIOURS)
def test_misbehaving_portal_keeps_the_last_good_data(house: House, how: str, when: str):
    house.sync()
    house.portal.packages[20]["title"] = "Cambiado"

    def misbehave(handler, action: str, asked: dict[str, str]) -> bool:
        if when == "at once" or "id-00009" in asked.get("fq", ""):
            MISBEHAVIOURS[how](handler)
            return True
        return False

    house.portal.misbehave = misbehave
    report = house.sync()
    assert report.problem is not None
    assert report.problem.code.startswith("portal_")
    assert report.gone == 0
    assert len(house.names()) == 25
    state = house.store.portals.states()[0]
    assert state.problem == report.problem
    assert state.checked_at
    house.portal.misbehave = lambda *_: False
    assert tally(house.sync()) == (0, 1, 0, 24)
    assert house.store.portals.states()[0].problem is None
