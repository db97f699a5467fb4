"""Against a real CKAN 2.12: every field as its database has it, before and after changes."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from urllib3 import Retry

from catalog import ckan
from catalog.models import Dataset
from catalog.packages import file_format
from catalog.schema import migrations
from catalog.search import Search
from catalog.store import Store
from catalog.sync import sync
from web.database import Database

SCRIPTS = Path(os.environ.get("RELATO_SHARED", Path(__file__).parents[3] / "shared")) / "ckan"
HOME = Path(os.environ.get("CKAN_HOME", "/tmp/ckan-real"))
MANY = 10_000
ADDRESS = f"http://127.0.0.1:{os.environ.get('CKAN_PORT', '5055')}"
pytestmark = [
    pytest.mark.ckan,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not SCRIPTS.is_dir(), reason="needs the scripts that start a CKAN"),
]


@pytest.fixture(scope="module", autouse=True)
def running() -> None:
    try:
        urlopen(f"{ADDRESS}/api/action/status_show", timeout=20).close()
    except (URLError, OSError):
        subprocess.run([SCRIPTS / "up"], check=True)
    if not (HOME / "truth.json").exists():
        seed()


def seed(*arguments: str) -> None:
    subprocess.run([sys.executable, SCRIPTS / "seed.py", *arguments], check=True, capture_output=True)


def truth() -> dict[str, Any]:
    told: dict[str, Any] = json.loads((HOME / "truth.json").read_text())
    return told


def public(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {n: d for n, d in told["datasets"].items() if d["state"] == "active" and not d["private"]}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(Database(tmp_path / "catalog.db", migrations))


def check(store: Store, told: dict[str, Any]) -> None:
    expected = public(told)
    stored = {row[0] for row in store.database.read.execute("SELECT name FROM packages")}
    assert len(stored) == told["counts"]["anonymous"]
    assert {name for name in stored if name in told["datasets"]} == set(expected)
    for name, package in expected.items():
        dataset = store.dataset(name)
        assert dataset is not None
        assert described(dataset) == as_told(package)


def described(dataset: Dataset) -> dict[str, Any]:
    return {
        "id": dataset.id,
        "title": dataset.raw["title"],
        "notes": dataset.notes,
        "license": dataset.license_id,
        "organization": dataset.organization,
        "groups": sorted(dataset.groups),
        "tags": sorted(dataset.tags),
        "extras": dataset.extras,
        "created": dataset.created,
        "modified": dataset.modified,
        "author": dataset.raw["author"],
        "version": dataset.raw["version"],
        "resources": [
            (r.id, r.name, r.format, r.url, r.size, r.modified, r.position) for r in dataset.resources
        ],
        "raw resources": [
            (r["url_type"], r["mimetype"], r["hash"], r["datastore_active"]) for r in dataset.raw["resources"]
        ],
    }


def as_told(package: dict[str, Any]) -> dict[str, Any]:
    resources = package["resources"]
    return {
        "id": package["id"],
        "title": package["title"],
        "notes": (package["notes"] or "").strip(),
        "license": package["license_id"] or "",
        "organization": package["organization"] or "",
        "groups": sorted(package["groups"]),
        "tags": sorted(package["tags"]),
        "extras": {key.strip(): value.strip() for key, value in package["extras"].items()},
        "created": package["metadata_created"],
        "modified": package["metadata_modified"],
        "author": package["author"],
        "version": package["version"],
        "resources": [
            (r["id"], (r["name"] or "").strip(), (r["format"] or "").strip(), r["url"].strip(), r["size"], r["last_modified"], n)
            for n, r in enumerate(resources)
        ],
        "raw resources": [(r["url_type"], r["mimetype"], r["hash"], r["datastore_active"]) for r in resources],
    }  # fmt: skip


def test_every_field_is_stored_as_published(store: Store):
    told = truth()
    report = sync(store, ADDRESS)
    assert (report.problem, report.new, report.rejected) == (None, told["counts"]["anonymous"], 0)
    check(store, told)
    one_each = told["counts"]["many"]
    assert store.files() == told["counts"]["resources_public"] + one_each
    again = sync(store, ADDRESS)
    assert (again.new, again.changed, again.gone, again.unchanged) == (0, 0, 0, report.new)


def test_facets_are_the_portals_own(store: Store):
    if truth()["counts"]["many"]:
        pytest.skip("the truth of facets is told without the ten thousand; seed again with --reset")
    sync(store, ADDRESS)
    _, counts = Search(store.database).find("", {})
    facets = truth()["facets_without_many"]
    assert counts["organization"] == facets["organization"]
    assert counts["theme"] == facets["groups"]
    formats = Counter(
        label
        for dataset in public(truth())
        for label in {file_format(r) for r in store.dataset(dataset).resources} - {""}  # type: ignore[union-attr]
    )
    assert counts["format"] == formats


@pytest.mark.parametrize("whole", [True, False])
def test_changes_of_the_portal_arrive(store: Store, monkeypatch: pytest.MonkeyPatch, whole: bool):
    monkeypatch.setattr("catalog.sync.SMALL", 10_000 if whole else 0)
    sync(store, ADDRESS)
    before = public(truth())
    seed("--mutate")
    told = truth()
    after = public(told)
    report = sync(store, ADDRESS)
    kept = before.keys() & after.keys()
    ids = {package["id"] for package in before.values()}
    assert report.problem is None
    assert report.new == sum(package["id"] not in ids for package in after.values())
    assert report.gone == len(ids - {package["id"] for package in after.values()})
    assert report.changed >= sum(
        before[n]["metadata_modified"] != after[n]["metadata_modified"] for n in kept
    )
    check(store, told)


@pytest.mark.timeout(2400)
def test_ten_thousand_datasets_arrive_once_and_stay(store: Store):
    if truth()["counts"]["many"] < MANY:
        seed("--many", str(MANY))
    report = sync(store, ADDRESS)
    expected = truth()["counts"]["anonymous"]
    assert (report.problem, report.new, report.rejected) == (None, expected, 0)
    again = sync(store, ADDRESS, full=True)
    assert (again.new, again.changed, again.gone, again.unchanged) == (0, 0, 0, expected)


def test_a_search_index_that_stops_in_mid_run_leaves_the_last_data(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(ckan, "ROWS", 20)
    monkeypatch.setattr(ckan, "PATIENCE", Retry(total=1, backoff_factor=0.01, **ckan.PATIENT_WITH))
    before = sync(store, ADDRESS)
    stopped: list[int] = []

    def stop(done: int, total: int | None) -> None:
        if not stopped:
            stopped.append(int((HOME / "run/solr.pid").read_text().split()[0]))
            os.kill(stopped[0], signal.SIGKILL)

    try:
        report = sync(store, ADDRESS, full=True, progress=stop)
    finally:
        subprocess.run([SCRIPTS / "up"], check=True, capture_output=True)
    assert stopped
    assert report.problem is not None
    assert (report.new, report.changed, report.gone) == (0, 0, 0)
    assert len(store.ids(store.portals.states()[0].portal)) == before.new
    assert sync(store, ADDRESS, full=True).unchanged == before.new
