"""Reading tells how far it is, by bytes, and stops when a person says so."""

import threading
from pathlib import Path

import pytest

from builder.screens.underway import Underway
from catalog.reading import read_file
from tests.catalog.tables import catalog
from web.settings import Settings
from web.values import Refused


def large(folder: Path) -> Path:
    file = folder / "large.csv"
    file.write_text("a,b,c\n" + "".join(f"{n},texto {n % 9},{n * 7}.5\n" for n in range(300_000)))
    return file


def test_reading_tells_its_bytes(tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []
    file = large(tmp_path)
    read_file(file, tmp_path / "tables", Settings(), progress=lambda *one: told.append(one))
    assert {total for _, total in told} - {None} == {file.stat().st_size}
    shares = [done for done, _ in told]
    assert len(set(shares)) > 3
    assert shares == sorted(shares)


def test_a_stopped_reading_leaves_nothing_behind(tmp_path: Path) -> None:
    underway = Underway()
    underway.stop()
    with pytest.raises(Refused, match="reading_stopped"):
        read_file(large(tmp_path), tmp_path / "tables", Settings(), progress=underway.read)
    assert list((tmp_path / "tables").iterdir()) == []


def test_what_was_stopped_can_be_opened_again(tmp_path: Path) -> None:
    known = catalog(tmp_path)
    underway = Underway()
    underway.stop()
    with pytest.raises(Refused, match="reading_stopped"):
        known.open("r-delitos", underway.fetched, underway.read)
    assert known.open("r-delitos").rows


def _stop() -> None:
    raise Refused("reading_stopped")


def test_others_who_wait_for_a_file_are_not_stopped(tmp_path: Path) -> None:
    known = catalog(tmp_path)
    started, go_on = threading.Event(), threading.Event()

    def hold(done: int, total: int | None) -> None:
        started.set()
        go_on.wait(20)
        raise Refused("reading_stopped")

    def stopped() -> None:
        with pytest.raises(Refused, match="reading_stopped"):
            known.open("r-delitos", reading=hold)

    first = threading.Thread(target=stopped)
    first.start()
    assert started.wait(20)
    told: list[tuple[int, int | None]] = []
    rows: list[int] = []
    second = threading.Thread(
        target=lambda: rows.append(known.open("r-delitos", reading=lambda *one: told.append(one)).rows)
    )
    second.start()
    with pytest.raises(Refused, match="reading_stopped"):
        known.open("r-delitos", reading=lambda *one: _stop())
    go_on.set()
    first.join(30)
    second.join(30)
    assert rows
    assert rows[0] > 0
    assert told
