"""The facade: files opened once, refusals remembered, provenance, the queue, the commands."""

import json
import threading
import time
from pathlib import Path

import pytest

from catalog import __main__, files
from catalog.catalog import Catalog
from catalog.models import RawFile, Table
from tests.catalog.tables import catalog
from web.values import Refused


@pytest.fixture
def known(tmp_path: Path) -> Catalog:
    return catalog(tmp_path)


def test_opens_a_file_as_a_table(known: Catalog):
    assert known.reading("r-delitos") is None
    table = known.open("r-delitos")
    assert (table.rows, [column.label for column in table.columns]) == (
        9,
        ["fecha", "alcaldía", "delito", "víctimas"],
    )
    assert known.table_of("r-delitos") == table == known.table(table.id)
    assert known.parquet(table.id).is_file()
    assert known.resources_of_table(table.id) == ("r-delitos",)
    assert known.open("r-delitos") == table


def test_provenance_names_source_and_bytes(known: Catalog):
    known.open("r-delitos")
    told = known.provenance("r-delitos")
    assert (told.dataset, told.organization) == ("delitos", "Fiscalía General de Justicia")
    assert (told.license_title, told.resource_name) == ("Creative Commons Attribution", "files/delitos.csv")
    assert told.modified == "2024-01-01T00:00:01.000000"
    assert told.fetched
    assert (known.settings.data / "files" / told.sha256).is_file()
    assert known.provenance("gone").resource == "gone"


def test_unknown_ids_are_refused(known: Catalog):
    with pytest.raises(Refused, match="resource_unknown"):
        known.open("no-such")
    for table_id in ("no-such", "../catalog", "", "a/b"):
        assert known.table(table_id) is None
    with pytest.raises(Refused, match="table_unknown"):
        known.parquet("../../etc/passwd")


def test_refusal_is_remembered_for_an_hour(known: Catalog, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(Refused, match="file_html"):
        known.open("r-roto")
    reading = known.reading("r-roto")
    assert reading is not None
    assert (reading.state, reading.problem.code if reading.problem else "") == ("refused", "file_html")
    dump = Path(known.settings.portals[0])
    (dump.parent / "files" / "roto.csv").write_text("a,b\n1,2\n3,4\n")
    with pytest.raises(Refused, match="file_html"):
        known.open("r-roto")
    monkeypatch.setattr(files, "RETRY", files.dt.timedelta(0))
    assert known.open("r-roto").rows == 2


def test_a_file_is_read_again_when_the_portal_says_it_changed(known: Catalog):
    first = known.open("r-escuelas")
    dump = Path(known.settings.portals[0])
    (dump.parent / "files" / "escuelas.csv").write_text("school,pupils\nNorth,1\n")
    assert known.open("r-escuelas") == first
    packages = [json.loads(line) for line in dump.read_text().splitlines()]
    packages[1]["resources"][0]["last_modified"] = "2024-05-05T00:00:00"
    dump.write_text("\n".join(map(json.dumps, packages)))
    assert "r-escuelas" not in known.store.readings.unread()
    assert known.sync()[0].changed == 1
    assert "r-escuelas" in known.store.readings.unread()
    assert known.table_of("r-escuelas") == first
    assert known.open("r-escuelas").rows == 1
    assert "r-escuelas" not in known.store.readings.unread()


def test_a_broken_newer_file_leaves_the_table_read_before(known: Catalog):
    first = known.open("r-escuelas")
    dump = Path(known.settings.portals[0])
    (dump.parent / "files" / "escuelas.csv").write_text("<!doctype html><html></html>")
    dump.write_text(dump.read_text().replace('"id": "r-escuelas"', '"id": "r-escuelas", "size": 7'))
    known.sync()
    assert known.open("r-escuelas") == first
    reading = known.reading("r-escuelas")
    assert reading is not None
    assert (reading.state, reading.problem.code if reading.problem else "") == ("ready", "file_html")


def test_two_visitors_wait_for_the_same_work(known: Catalog, monkeypatch: pytest.MonkeyPatch):
    calls: list[str] = []
    whole = files.fetch

    def slow(url: str, *given, **named) -> RawFile:
        calls.append(url)
        time.sleep(0.5)
        return whole(url, *given, **named)

    monkeypatch.setattr(files, "fetch", slow)
    opened: list[Table] = []
    threads = [threading.Thread(target=lambda: opened.append(known.open("r-escuelas"))) for _ in range(6)]
    for thread in threads:
        thread.start()
    time.sleep(0.1)
    reading = known.reading("r-escuelas")
    assert reading is not None
    assert reading.state == "reading"
    for thread in threads:
        thread.join()
    assert len(calls) == 1
    assert len({id(table) for table in opened}) == 1
    assert len(opened) == 6


def test_only_refusals_leave_open(known: Catalog, monkeypatch: pytest.MonkeyPatch):
    def broken(*_given, **_named) -> RawFile:
        raise RuntimeError("canary")

    monkeypatch.setattr(files, "fetch", broken)
    with pytest.raises(Refused, match="reading_failed"):
        known.open("r-escuelas")
    assert "canary" not in str(known.reading("r-escuelas"))


def test_reads_ahead_what_may_be_a_table(known: Catalog):
    assert known.jobs.read_ahead() == 3
    deadline = time.monotonic() + 90
    while (work := known.jobs.state()).waiting or work.reading:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    states = {
        name: reading.state
        for name in ("r-delitos", "r-escuelas", "r-roto")
        if (reading := known.reading(name))
    }
    assert states == {"r-delitos": "ready", "r-escuelas": "ready", "r-roto": "refused"}
    assert known.reading("r-pdf") is None
    assert known.jobs.read_ahead() == 0


def test_counts_recent_and_themes(known: Catalog):
    assert known.counts() == {"datasets": 4, "files": 4, "organizations": 3, "portals": 1}
    assert [dataset.name for dataset in known.recent(2)] == ["agua", "vacio"]
    assert {theme.title: theme.count for theme in known.themes()} == {
        "Movilidad": 1,
        "Seguridad": 1,
        "Educación": 1,
    }


def test_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    known = catalog(tmp_path)
    data = ["--data", str(known.settings.data)]
    assert __main__.main(["sync", "--portal", known.settings.portals[0], *data]) == 0
    assert "0 nuevos, 0 cambiados, 0 retirados, 4 sin cambio" in capsys.readouterr().out
    assert __main__.main(["search", "", "--json", "--limit", "1", *data]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found == {"total": 4, "results": [{"name": "agua", "title": "Consumo de agua potable"}]}
    assert __main__.main(["search", "escuelas", *data]) == 0
    assert capsys.readouterr().out == "escuelas\tEscuelas de la ciudad\n"
    assert __main__.main(["sync", "--portal", str(tmp_path / "none.jsonl"), *data]) == 1
    said = capsys.readouterr().err
    assert "none.jsonl" in said
    assert "Traceback" not in said


def test_sync_reports_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    known = catalog(tmp_path)
    again = ["sync", "--json", "--portal", known.settings.portals[0], "--data", str(known.settings.data)]
    assert __main__.main(again) == 0
    (report,) = json.loads(capsys.readouterr().out)
    assert (report["new"], report["unchanged"], report["problem"]) == (0, 4, None)


def test_a_folder_that_cannot_be_used_is_said_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "file").write_text("")
    assert __main__.main(["search", "", "--data", str(tmp_path / "file")]) == 1
    (tmp_path / "data" / "catalog.db").mkdir(parents=True)
    assert __main__.main(["search", "", "--data", str(tmp_path / "data")]) == 1
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 2
    assert all(line.startswith("No se puede usar") for line in said)
