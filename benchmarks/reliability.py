"""What survives: processes killed while saving and publishing, many writers, a full disk, a backup of a busy house.

Every figure is a count of what was promised and not kept; each should be 0.
"""

import multiprocessing
import os
import random
import resource
import shutil
import signal
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path

from benchmarks.report import RELIABILITY, arguments, p95, publish, table
from stories import actions, store
from stories import publish as releases
from stories.state import Editing
from stories.stories import Stories, furnish
from stories.story import Story, Text
from web import accounts, backup
from web.accounts import Account, Accounts
from web.database import Database, is_sound
from web.settings import Settings
from web.values import Refused

FORK = multiprocessing.get_context("fork")
PARTS = 6
WRITERS = 6


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--kills", type=int, default=500, help="while saving")
    parser.add_argument("--publishes", type=int, default=200, help="kills while publishing")
    parser.add_argument("--saves", type=int, default=300, help="of each of six writers")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = [
            *killed_saving(Path(folder) / "saving", given.kills),
            *killed_publishing(Path(folder) / "publishing", given.publishes),
            *many_writers(Path(folder) / "writers", given.saves),
            *full_disk(Path(folder) / "full"),
            *backed_up_busy(Path(folder) / "busy"),
        ]
    publish(
        "reliability", table(["Trial", "Times", "Lost, torn or shown wrongly", "Besides"], rows),
        write=given.write, document=RELIABILITY,
    )  # fmt: skip


Row = list[object]


def people(folder: Path) -> tuple[Database, Account]:
    """Open the database of a folder with an author in it."""
    database = Database(folder / "stories.db", accounts.migrations, store.migrations)
    known = Accounts(database)
    author = known.by_email("ana@example.org") or known.create(
        "ana@example.org", "Ana", "admin", "a long password"
    )
    return database, author


def text(words: str) -> Story:
    return Story(title="Agua", lead=words, byline="Ana", blocks=(Text(id="a", markdown=words),))


def aside(
    work: Callable[..., None], *given: object
) -> tuple[multiprocessing.process.BaseProcess, Connection]:
    """Run work in a process of its own that reports through a pipe."""
    here, there = FORK.Pipe(duplex=False)
    process = FORK.Process(target=work, args=(*given, there), daemon=True)
    process.start()
    there.close()
    return process, here


def killed_after(process: multiprocessing.process.BaseProcess, pipe: Connection, seconds: float) -> list[int]:
    """Kill a process some time after its first report; return all that it reported."""
    heard = [pipe.recv()]
    time.sleep(seconds)
    os.kill(process.pid or 0, signal.SIGKILL)
    process.join()
    try:
        while pipe.poll():
            heard.append(pipe.recv())
    except EOFError:
        pass
    return heard


def killed_saving(folder: Path, kills: int) -> list[Row]:
    """Kill an author's process while it saves without pause; count acknowledged revisions that are gone."""
    database, author = people(folder)
    kept = actions.create(database, author, text("0"))
    database.close()
    lost = acknowledged = unsound = 0
    for _ in range(kills):
        heard = killed_after(*aside(_save_on, folder, kept.id), seconds=random.uniform(0, 0.03))
        acknowledged += len(heard)
        database, _author = people(folder)
        lost += max(0, heard[-1] - store.find(database.read, kept.id).standing.revision)  # type: ignore[union-attr]
        database.close()
        unsound += not is_sound(folder / "stories.db")
    return [
        ["kill -9 while saving", kills, lost, f"{acknowledged:,} saves acknowledged, {unsound} unsound files"]
    ]


def _save_on(folder: Path, story_id: str, pipe: Connection) -> None:
    database, author = people(folder)
    base = store.find(database.read, story_id).standing.revision  # type: ignore[union-attr]
    while True:
        base = actions.save(database, author, story_id, text(f"save {base}"), base)
        pipe.send(base)


def killed_publishing(folder: Path, kills: int) -> list[Row]:
    """Kill a process that publishes without pause while two others read; count pages with parts of two editions."""
    published = folder / "published"
    database, author = people(folder)
    kept = actions.create(database, author, text("0"))
    slug = actions.take_slug(database, kept)
    database.close()
    (published / releases.RELEASES).mkdir(parents=True)
    readers = [aside(_read_on, published, slug) for _ in range(2)]
    editions = wrong = 0
    for _ in range(kills):
        heard = killed_after(*aside(_publish_on, folder, kept.id, slug), seconds=random.uniform(0, 0.05))
        editions += len(heard)
        database, _author = people(folder)
        with database.write() as db:
            releases.reconcile(published, store.addresses(db))
        live = store.live(database.read)[0]
        wrong += live.edition < heard[-1] or _marks(published / slug) != {str(live.revision).encode()}
        database.close()
    reads, torn = (sum(pair) for pair in zip(*map(_ended, readers), strict=True))
    return [
        [
            "kill -9 while publishing",
            kills,
            wrong + torn,
            f"{editions:,} editions, {reads:,} pages read meanwhile",
        ]
    ]


def _publish_on(folder: Path, story_id: str, slug: str, pipe: Connection) -> None:
    database, author = people(folder)
    published = folder / "published"
    while True:
        base = store.find(database.read, story_id).standing.revision  # type: ignore[union-attr]
        number = actions.save(database, author, story_id, text(f"edition {base}"), base)
        revision = store.revision(database.read, story_id, number)
        assert revision is not None
        release = releases.put(published, {f"part{n}": str(number).encode() * 1000 for n in range(PARTS)})
        nth = 1 + store.newest_edition(database.read, story_id)

        def swap(release: str = release, nth: int = nth) -> None:
            releases.point(published, f"{slug}@{nth}", release)
            releases.point(published, slug, release)

        actions.go_live(
            database, author, revision, slug=slug, number=nth, release=release, card=store.Card(title="Agua"),
            time=actions.now(), step="publish", authors_publish=True, swap=swap,
        )  # fmt: skip
        pipe.send(nth)


def _read_on(published: Path, slug: str, pipe: Connection) -> None:
    """Read the live edition on and on, as a server does: once where the address leads, then its files."""
    reads = torn = 0
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    while not stop.is_set():
        try:
            torn += len(_marks(published / slug)) != 1
            reads += 1
        except FileNotFoundError:
            torn += (published / slug).is_symlink() and reads > 0
        time.sleep(0.001)
    pipe.send((reads, torn))


def _marks(link: Path) -> set[bytes]:
    """Return the different contents of an edition's parts, each without its repetitions."""
    folder = link.resolve(strict=True)
    contents = {(folder / f"part{n}").read_bytes() for n in range(PARTS)}
    return {content[: len(content) // 1000] for content in contents}


def _ended(reader: tuple[multiprocessing.process.BaseProcess, Connection]) -> tuple[int, int]:
    process, pipe = reader
    process.terminate()
    told: tuple[int, int] = pipe.recv()
    process.join()
    return told


def many_writers(folder: Path, saves: int) -> list[Row]:
    """Let six processes save at once; count saves that are gone and refusals for a locked database."""
    database, author = people(folder)
    stories = [actions.create(database, author, text("0")).id for _ in range(WRITERS)]
    database.close()
    writers = [aside(_save_many, folder, story, saves) for story in stories]
    told = [pipe.recv() for _, pipe in writers]
    for process, _ in writers:
        process.join()
    database, _author = people(folder)
    kept = sum(store.find(database.read, story).standing.revision - 1 for story in stories)  # type: ignore[union-attr]
    database.close()
    slow = p95(took for times, _ in told for took in times)
    locked = sum(refused for _, refused in told)
    return [
        [f"{WRITERS} writers at once", WRITERS * saves, WRITERS * saves - kept + locked,
         f"{locked} “database is locked”; 95 of 100 saves within {slow * 1000:,.0f} ms"],
    ]  # fmt: skip


def _save_many(folder: Path, story_id: str, saves: int, pipe: Connection) -> None:
    database, author = people(folder)
    times, refused = [], 0
    for base in range(1, saves + 1):
        started = time.perf_counter()
        try:
            actions.save(database, author, story_id, text(f"save {base}"), base)
        except sqlite3.OperationalError:
            refused += 1
        times.append(time.perf_counter() - started)
    pipe.send((times, refused))


def full_disk(folder: Path) -> list[Row]:
    """Save and publish where files may not grow any more; what was kept must stay and the words must be clear."""
    database, author = people(folder)
    kept = actions.create(database, author, text("kept"))
    database.close()
    process, pipe = aside(_fill_up, folder, kept.id)
    told: dict[str, str] = pipe.recv()
    process.join()
    database, _author = people(folder)
    stays = store.find(database.read, kept.id).story == text("kept")  # type: ignore[union-attr]
    database.close()
    page = (folder / "published/agua/index.html").read_text("utf-8")
    wrong = (told["save"] != "story_not_saved") + (told["publish"] != "story_not_kept") + (not stays)
    wrong += "kept" not in page or not is_sound(folder / "stories.db")
    return [
        ["saving and publishing on a full disk", 2, wrong, f"told as {told['save']} and {told['publish']}"]
    ]


def _fill_up(folder: Path, story_id: str, pipe: Connection) -> None:
    """Publish once, then forbid files to grow, as a full disk does."""
    stories = furnish(Settings(data=folder))
    author = Accounts(stories.database).by_email("ana@example.org")
    assert author is not None
    stories.publish(author, story_id)
    before = stories.find(story_id)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    editing = Editing(stories, author, before)
    editing.change(lambda story: text("too much for the disk " * 1000))
    editing.save()
    told = {
        "save": editing.trouble.code if editing.trouble else "",
        "publish": _refusal(stories, author, story_id),
    }
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    pipe.send(told)


def _refusal(stories: Stories, author: Account, story_id: str) -> str:
    """Return the code that publishing is refused with; a new kind of page must be written, so one is asked."""
    stories.settings = stories.settings.model_copy(update={"title": "Otro nombre"})
    try:
        stories.publish(author, story_id)
    except Refused as refused:
        return refused.problem.code
    except sqlite3.OperationalError as error:
        return str(error)
    return ""


def backed_up_busy(folder: Path, rounds: int = 10) -> list[Row]:
    """Back up while an author saves, restore elsewhere, and count backups that miss a save acknowledged before."""
    database, author = people(folder)
    kept = actions.create(database, author, text("0"))
    database.close()
    missed = 0
    process, pipe = aside(_save_on, folder, kept.id)
    seen = pipe.recv()
    for n in range(rounds):
        while pipe.poll():
            seen = pipe.recv()
        made = backup.backup(folder, folder / f"{n}.tar.gz")
        backup.restore(made, folder / f"again-{n}")
        again, _author = people(folder / f"again-{n}")
        found = store.find(again.read, kept.id)
        missed += found is None or found.standing.revision < seen
        again.close()
        shutil.rmtree(folder / f"again-{n}")
    os.kill(process.pid or 0, signal.SIGKILL)
    process.join()
    return [
        [
            "backup while saving, restored and compared",
            rounds,
            missed,
            f"{seen:,} saves acknowledged meanwhile",
        ]
    ]


def every_trial(folder: Path, times: int) -> Iterator[Row]:
    """Yield the row of each trial at a small size."""
    yield from killed_saving(folder / "saving", times)
    yield from killed_publishing(folder / "publishing", times)
    yield from many_writers(folder / "writers", times)
    yield from full_disk(folder / "full")
    yield from backed_up_busy(folder / "busy", 1)


if __name__ == "__main__":
    main()
