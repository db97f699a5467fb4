import os
import signal
import subprocess
import sys
import threading

import pytest

from stories import actions, store
from stories.store import Card
from stories.story import Story, Text
from web import accounts
from web.accounts import Accounts
from web.database import Database
from web.values import Refused


def story(text="uno"):
    return Story(title="Agua", blocks=(Text(id="a", markdown=text),))


def code_of(raised):
    return raised.value.problem.code


def test_saving_appends_and_unchanged_text_does_not(database, people):
    kept = actions.create(database, people["ana"], story())
    assert kept.standing.revision == 1
    assert actions.save(database, people["ana"], kept.id, story("dos"), base=1) == 2
    assert actions.save(database, people["ana"], kept.id, story("dos"), base=2) == 2
    texts = [revision.document.blocks[0].markdown for revision in store.revisions(database.read, kept.id)]
    assert texts == ["dos", "uno"]


def test_a_second_editor_is_told_and_nothing_is_overwritten(database, people):
    kept = actions.create(database, people["ana"], story())
    actions.save(database, people["carla"], kept.id, story("de Carla"), base=1)
    with pytest.raises(Refused) as refused:
        actions.save(database, people["ana"], kept.id, story("de Ana"), base=1)
    assert code_of(refused) == "story_conflict"
    assert refused.value.problem.facts["version"] == 2
    assert store.find(database.read, kept.id).story == story("de Carla")


def test_others_do_not_write_my_story(database, people):
    kept = actions.create(database, people["ana"], story())
    for step in (
        lambda: actions.save(database, people["beto"], kept.id, story("x"), base=1),
        lambda: actions.submit(database, people["beto"], kept.id),
        lambda: actions.withdraw(database, people["beto"], kept.id, "", lambda: None),
    ):
        with pytest.raises(Refused) as refused:
            step()
        assert code_of(refused) == "story_forbidden"
    with pytest.raises(Refused) as refused:
        actions.save(database, people["ana"], "nothing", story(), base=1)
    assert code_of(refused) == "story_unknown"
    assert store.find(database.read, kept.id).standing.revision == 1


def go_live(database, account, kept, number=None, *, step="publish", swap=lambda: None, authors_publish=True):
    revision = store.revision(database.read, kept.id, number or kept.standing.revision)
    return actions.go_live(
        database, account, revision, slug="agua", number=1 + store.newest_edition(database.read, kept.id), release="r1", card=Card(title="Agua"),
        time="2026-01-02T00:00:00+00:00", step=step, authors_publish=authors_publish, swap=swap,
    )  # fmt: skip


def test_a_life(database, people):
    ana, carla = people["ana"], people["carla"]
    kept = actions.create(database, ana, story())
    actions.submit(database, ana, kept.id)
    assert [(one.story, one.number) for one in store.waiting(database.read)] == [(kept.id, 1)]
    actions.send_back(database, carla, kept.id, "falta la fuente")
    actions.save(database, ana, kept.id, story("con fuente"), base=1)
    actions.submit(database, ana, kept.id)
    actions.save(database, ana, kept.id, story("más"), base=2)
    go_live(database, carla, kept, 2, step="approve")
    now = store.find(database.read, kept.id)
    assert (now.standing.state, now.standing.published, now.standing.has_newer_edits) == (
        "published",
        2,
        True,
    )
    assert [card.slug for card in store.live(database.read)] == ["agua"]
    actions.withdraw(database, ana, kept.id, "", lambda: None)
    assert store.find(database.read, kept.id).standing.state == "withdrawn"
    assert store.live(database.read) == []
    steps = [(event.step, event.revision, event.note) for event in store.events(database.read, kept.id)]
    assert steps == [
        ("create", 1, ""),
        ("submit", 1, ""),
        ("send_back", 1, "falta la fuente"),
        ("submit", 2, ""),
        ("approve", 2, ""),
        ("withdraw", 3, ""),
    ]


def test_only_the_submitted_revision_can_be_approved(database, people):
    kept = actions.create(database, people["ana"], story())
    actions.submit(database, people["ana"], kept.id)
    actions.save(database, people["ana"], kept.id, story("otra"), base=1)
    with pytest.raises(Refused) as refused:
        go_live(database, people["carla"], kept, 2, step="approve")
    assert code_of(refused) == "story_conflict"


def test_authors_publish_only_where_the_house_is_open(database, people):
    kept = actions.create(database, people["ana"], story())
    with pytest.raises(Refused) as refused:
        go_live(database, people["ana"], kept, authors_publish=False)
    assert code_of(refused) == "story_publish_forbidden"


def test_a_swap_that_fails_records_nothing(database, people):
    kept = actions.create(database, people["ana"], story())

    def full():
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        go_live(database, people["ana"], kept, swap=full)
    assert store.live(database.read) == []
    assert store.find(database.read, kept.id).standing.state == "draft"


def test_addresses_are_stable_and_never_shared(database, people):
    one, two = (actions.create(database, people["ana"], story()) for _ in range(2))
    assert actions.take_slug(database, one) == "agua"
    assert actions.take_slug(database, two) == "agua-2"
    renamed = store.find(database.read, one.id).model_copy(update={"story": Story(title="Otra cosa")})
    assert actions.take_slug(database, renamed) == "agua"


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("¿Dónde viven los niños?", "donde-viven-los-ninos"),
        ("  ", "historia"),
        ("../../etc/passwd", "etc-passwd"),
        ("日本", "historia"),
        ("a" * 80, "historia"),
    ],
)
def test_slugs_are_plain(title, slug):
    assert actions.slug_of(title) == slug


def test_many_hands_at_once_lose_nothing(database, people):
    """Each of four writers retries on conflict until its ten saves stand."""
    kept = actions.create(database, people["ana"], story())

    def write(name):
        for n in range(10):
            while True:
                base = store.find(database.read, kept.id).standing.revision
                try:
                    actions.save(database, people["ana"], kept.id, story(f"{name}{n}"), base)
                    break
                except Refused:
                    continue
        database.close()

    writers = [threading.Thread(target=write, args=(name,)) for name in "wxyz"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    written = {revision.document.blocks[0].markdown for revision in store.revisions(database.read, kept.id)}
    assert written == {"uno"} | {f"{name}{n}" for name in "wxyz" for n in range(10)}


SAVER = """
import sys, itertools
from pathlib import Path
from stories import actions, store
from stories.story import Story, Text
from web import accounts
from web.accounts import Accounts
from web.database import Database
database = Database(Path(sys.argv[1]), accounts.migrations, store.migrations)
ana = Accounts(database).by_email("ana@example.org")
base = store.find(database.read, sys.argv[2]).standing.revision
for n in itertools.count(base):
    text = Text(id="a", markdown=f"save {n}")
    base = actions.save(database, ana, sys.argv[2], Story(title="t", blocks=(text,)), base)
    print(base, flush=True)
"""


def test_killed_while_saving_no_acknowledged_save_is_lost(tmp_path):
    path = tmp_path / "stories.db"
    database = Database(path, accounts.migrations, store.migrations)
    ana = Accounts(database).create("ana@example.org", "Ana", "author", "a long password")
    kept = actions.create(database, ana, story())
    for round_ in range(4):
        saver = subprocess.Popen(
            [sys.executable, "-c", SAVER, str(path), kept.id], stdout=subprocess.PIPE, text=True
        )
        acknowledged = [int(saver.stdout.readline()) for _ in range(5 + 7 * round_)]
        os.kill(saver.pid, signal.SIGKILL)
        acknowledged += [int(line) for line in saver.stdout.read().split()]
        saver.wait()
        numbers = {revision.number for revision in store.revisions(database.read, kept.id)}
        assert set(acknowledged) <= numbers
        assert numbers == set(range(1, store.find(database.read, kept.id).standing.revision + 1))
    assert database.read.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
