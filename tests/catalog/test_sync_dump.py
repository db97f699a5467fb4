"""Dumps as portals: every form of file, the refused ones, several runs, and runs that are killed."""

import gzip
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalog.dump import ahead
from catalog.schema import migrations
from catalog.store import Store
from catalog.sync import sync
from tests.catalog.portal import package
from web.database import Database
from web.i18n import explain
from web.values import Refused

SHARED = Path(os.environ.get("RELATO_SHARED", Path(__file__).parents[3] / "shared")) / "data" / "ckan"
PACKAGES = [package(number) for number in range(7)]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(Database(tmp_path / "catalog.db", migrations))


def lines(packages: list[dict]) -> bytes:
    return b"".join(json.dumps(package, ensure_ascii=False).encode() + b"\n" for package in packages)


FORMS = {
    "packages.jsonl": lines(PACKAGES),
    "bom.jsonl": b"\xef\xbb\xbf" + lines(PACKAGES),
    "blank-lines.jsonl": lines(PACKAGES[:3]) + b"\n\n" + lines(PACKAGES[3:]),
    "packages.jsonl.gz": gzip.compress(lines(PACKAGES)),
    "list.json": json.dumps(PACKAGES, indent=2).encode(),
    "answer.json": json.dumps(
        {"success": True, "result": {"count": 7, "results": PACKAGES}}, indent=1
    ).encode(),
    "result.json": json.dumps({"count": 7, "results": PACKAGES}).encode(),
}


@pytest.mark.parametrize("name", FORMS)
def test_every_form_of_dump(store: Store, tmp_path: Path, name: str):
    dump = tmp_path / name
    dump.write_bytes(FORMS[name])
    report = sync(store, str(dump))
    assert (report.problem, report.new) == (None, 7)
    assert store.dataset("conjunto-3").tags == ("agua",)  # type: ignore[union-attr]
    again = sync(store, str(dump))
    assert (again.new, again.changed, again.gone, again.unchanged) == (0, 0, 0, 7)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "dump_broken"),
        (b"<!doctype html>", "dump_broken"),
        (lines(PACKAGES)[:-40], "dump_broken"),
        (gzip.compress(lines(PACKAGES))[:-60], "dump_damaged"),
        (b"\xff\xfe\x00", "dump_broken"),
        (b"[" * 100_000, "dump_broken"),
        (b"{}", "dump_not_ckan"),
        (b'["a", "b"]', "dump_not_ckan"),
        (lines([{"id": "1", "name": "organización", "title": "x"}]), "dump_not_ckan"),
    ],
)
def test_a_file_that_is_no_dump_is_refused_and_the_last_data_stays(
    store: Store, tmp_path: Path, content: bytes, code: str
):
    dump = tmp_path / "packages.jsonl"
    dump.write_bytes(lines(PACKAGES))
    sync(store, str(dump))
    dump.write_bytes(content)
    report = sync(store, str(dump))
    assert report.problem is not None
    assert (report.problem.code, report.gone) == (code, 0)
    assert len(store.ids(store.portals.states()[0].portal)) == 7
    assert "packages.jsonl" in explain(report.problem, "es")


def test_missing_dump_is_refused(store: Store, tmp_path: Path):
    report = sync(store, str(tmp_path / "none.jsonl"))
    assert report.problem is not None
    assert report.problem.code == "dump_missing"


def test_one_page_of_a_portal_adds_but_never_removes(store: Store, tmp_path: Path):
    dump = tmp_path / "page.json"
    dump.write_text(json.dumps({"count": 38, "results": PACKAGES}))
    report = sync(store, str(dump))
    assert report.problem is not None
    assert (report.problem.code, report.problem.severity, report.new) == ("dump_partial", "info", 7)
    dump.write_text(json.dumps({"count": 38, "results": PACKAGES[:1]}))
    assert sync(store, str(dump)).gone == 0
    assert store.portals.states()[0].checked_at


def test_two_portals_with_the_same_names_keep_both(store: Store, tmp_path: Path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.jsonl").write_bytes(lines(PACKAGES[:2]))
        assert sync(store, str(tmp_path / f"{name}.jsonl")).new == 2
    slugs = [row[0] for row in store.database.read.execute("SELECT slug FROM packages ORDER BY number")]
    assert slugs[:2] == ["conjunto-0", "conjunto-1"]
    assert len(set(slugs)) == 4
    assert all(store.dataset(slug).raw["name"] in slug for slug in slugs)  # type: ignore[union-attr]


def test_one_writer_at_a_time(store: Store, tmp_path: Path):
    dump = tmp_path / "a.jsonl"
    dump.write_bytes(lines(PACKAGES))
    with pytest.raises(Refused) as refusal:  # noqa: PT012
        for _ in _locked(store):
            sync(store, str(dump))
    assert refusal.value.problem.code == "sync_running"


def _locked(store: Store):
    from catalog.sync import _one_writer

    with _one_writer(store.database.path.with_suffix(".sync")):
        yield


@pytest.mark.parametrize("kills", [3, pytest.param(100, marks=[pytest.mark.load, pytest.mark.timeout(1200)])])
def test_killed_runs_lose_and_double_nothing(tmp_path: Path, kills: int):
    """Each run writes every dataset anew, so a kill at any moment hits a run that is writing."""
    dump = tmp_path / "packages.jsonl"
    command = [
        sys.executable,
        "-m",
        "catalog",
        "sync",
        "--portal",
        str(dump),
        "--data",
        str(tmp_path / "data"),
    ]
    for turn in range(kills):
        dump.write_bytes(lines([package(number, version=turn) for number in range(3000)]))
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(1 + random.Random(turn).random() * 2)
        running.send_signal(signal.SIGKILL)
        running.wait()
    subprocess.run(command, check=True, capture_output=True)
    store = Store(Database(tmp_path / "data" / "catalog.db", migrations))
    count = store.database.read.execute(
        "SELECT count(*), count(DISTINCT id), sum(raw ->> 'version' = ?), (SELECT count(*) FROM texts),"
        " (SELECT count(*) FROM resources), (SELECT count(*) FROM facets) FROM packages",
        [kills - 1],
    ).fetchone()
    assert tuple(count) == (3000, 3000, 3000, 3000, 3000, 15000)
    assert store.database.read.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the shared CKAN answers")
@pytest.mark.parametrize(
    ("name", "new", "resources"),
    [
        ("birmingham_package_search.json", 10, 54),
        ("envidat_package_search.json", 2, 5),
        ("hdx_package_chad.json", 1, 19),
        ("zurich_package_search_result.json", 3, 26),
        ("argentina_justicia_data.json", 0, 0),
        ("canada_organizations.jsonl", 0, 0),
    ],
)
def test_answers_of_real_portals(store: Store, name: str, new: int, resources: int):
    report = sync(store, str(SHARED / name))
    assert (report.new, report.rejected) == (new, 0)
    assert store.files() == resources
    assert (report.problem is not None and report.problem.code == "dump_not_ckan") == (new == 0)


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the shared CKAN answers")
def test_json_inside_fields_and_lists_are_read(store: Store):
    for name in ("envidat_package_search.json", "zurich_package_search_result.json", "hdx_package_chad.json"):
        sync(store, str(SHARED / name))
    envidat = store.dataset(
        "the-importance-of-hot-summers-and-individual-heatwaves-for-permafrost-warming-an"
    )
    zurich = store.dataset("geo_kommunaler_richtplan_verkehr")
    chad = store.dataset("chad-operational-presence")
    assert envidat is not None
    assert zurich is not None
    assert chad is not None
    assert envidat.contact == "Elizaveta Sharaborova <elizaveta.sharaborova@epfl.ch>"
    assert zurich.frequency == "sporadisch oder unregelmaessig"
    assert zurich.organization_title == "Stadt Zürich"
    assert (chad.frequency, chad.license_title) == (
        "90",
        "Creative Commons Attribution International (CC BY)",
    )
    whole = json.loads((SHARED / "hdx_package_chad.json").read_text())
    assert chad.raw == whole


def test_items_come_ahead_in_order_with_the_error_at_its_place():
    def items() -> Iterator[int]:
        yield from (1, 2)
        raise ValueError("three")

    coming = ahead(items())
    assert [next(coming), next(coming)] == [1, 2]
    with pytest.raises(ValueError, match="three"):
        next(coming)


def test_what_nobody_waits_for_is_not_read_on():
    taken: list[int] = []

    def items() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    coming = ahead(items())
    next(coming)
    coming.close()
    until = time.monotonic() + 5
    while any(thread.name == "ahead" for thread in threading.enumerate()):
        assert time.monotonic() < until
        time.sleep(0.01)
    assert len(taken) <= 4
