"""The life of stories under any order of steps: a model beside the real thing."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from stories import actions, store
from stories.store import Card
from stories.story import Story, Text
from web import accounts
from web.accounts import Accounts
from web.database import Database
from web.values import Refused

WHO = st.sampled_from(["ana", "beto", "carla", "dora"])
ROLES = {"ana": "author", "beto": "author", "carla": "curator", "dora": "admin"}


@dataclass
class Model:
    """What a story should be."""

    owner: str
    revision: int = 1
    submitted: int | None = None
    live: int | None = None
    editions: int = 0
    withdrawn: bool = False

    @property
    def state(self) -> str:
        if self.submitted:
            return "submitted"
        return "published" if self.live else "withdrawn" if self.withdrawn else "draft"


class Workflow(RuleBasedStateMachine):
    """Four people take steps on stories; whoever may not is refused and nothing changes."""

    stories = Bundle("stories")

    @initialize()
    def open(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.database = Database(Path(self.folder.name) / "stories.db", accounts.migrations, store.migrations)
        self.database.read.execute("PRAGMA synchronous=OFF")
        known = Accounts(self.database)
        known._hasher = SimpleNamespace(hash=lambda password: "no password")
        self.people = {
            name: known.create(f"{name}@example.org", name, role, "a long password")
            for name, role in ROLES.items()
        }
        self.models: dict[str, Model] = {}

    def teardown(self) -> None:
        self.database.close()
        self.folder.cleanup()

    @rule(target=stories, who=WHO)
    def create(self, who: str) -> str:
        kept = actions.create(self.database, self.people[who], Story(title=f"Historia de {who}"))
        self.models[kept.id] = Model(owner=who)
        return kept.id

    def may(self, who: str, model: Model) -> bool:
        return who == model.owner or ROLES[who] != "author"

    def attempt(self, allowed: bool, step) -> None:
        if allowed:
            step()
            return
        with pytest.raises(Refused):
            step()

    @rule(story=stories, who=WHO, stale=st.booleans(), words=st.text(max_size=5))
    def save(self, story: str, who: str, stale: bool, words: str) -> None:
        model = self.models[story]
        base = model.revision - stale
        document = Story(title="Título", blocks=(Text(id="a", markdown=f"{words} {model.revision}"),))
        allowed = self.may(who, model) and not stale
        self.attempt(allowed, lambda: actions.save(self.database, self.people[who], story, document, base))
        if allowed:
            model.revision += 1

    @rule(story=stories, who=WHO)
    def submit(self, story: str, who: str) -> None:
        model = self.models[story]
        allowed = self.may(who, model)
        self.attempt(allowed, lambda: actions.submit(self.database, self.people[who], story))
        if allowed:
            model.submitted = model.revision

    @rule(story=stories, who=WHO)
    def send_back(self, story: str, who: str) -> None:
        model = self.models[story]
        allowed = ROLES[who] != "author" and model.submitted is not None
        self.attempt(allowed, lambda: actions.send_back(self.database, self.people[who], story, "nota"))
        if allowed:
            model.submitted = None

    @rule(story=stories, who=WHO, step=st.sampled_from(["approve", "publish", "rebake"]), open_house=st.booleans(),
          late=st.booleans())  # fmt: skip
    def go_live(self, story: str, who: str, step: str, open_house: bool, late: bool) -> None:
        model, curates = self.models[story], ROLES[who] != "author"
        number = {"approve": model.submitted, "publish": model.revision, "rebake": model.live}[
            step
        ] or model.revision
        allowed = self.may(who, model) and {
            "approve": curates and model.submitted is not None,
            "publish": curates or open_house,
            "rebake": model.live is not None,
        }[step] and not late  # fmt: skip
        nth = model.editions + (step != "rebake") + late
        swapped: list[int] = []
        revision = store.revision(self.database.read, story, number)
        self.attempt(
            allowed,
            lambda: actions.go_live(
                self.database, self.people[who], revision, slug=f"s-{story}", number=nth, release=f"r{nth}",
                card=Card(title="t"), time=actions.now(), step=step, authors_publish=open_house,
                swap=lambda: swapped.append(number),
            ),
        )  # fmt: skip
        assert swapped == ([number] if allowed else [])
        if allowed:
            model.live, model.editions, model.withdrawn = number, nth, False
            if model.submitted is not None and model.submitted <= number:
                model.submitted = None

    @rule(story=stories, who=WHO)
    def withdraw(self, story: str, who: str) -> None:
        model = self.models[story]
        allowed = self.may(who, model) and model.live is not None
        self.attempt(
            allowed, lambda: actions.withdraw(self.database, self.people[who], story, "", lambda: None)
        )
        if allowed:
            model.live, model.withdrawn = None, True

    @rule(story=stories, who=WHO)
    def correct(self, story: str, who: str) -> None:
        model = self.models[story]
        allowed = self.may(who, model) and model.live is not None
        self.attempt(allowed, lambda: actions.correct(self.database, self.people[who], story, "corregido"))

    @invariant()
    def the_record_is_as_the_model(self) -> None:
        if not hasattr(self, "models"):
            return
        live = {one.story: one.revision for one in store.live(self.database.read)}
        assert live == {story: model.live for story, model in self.models.items() if model.live}
        for story, model in self.models.items():
            standing = store.find(self.database.read, story).standing
            assert (standing.state, standing.revision, standing.submitted, standing.published) == (
                model.state, model.revision, model.submitted, model.live,
            )  # fmt: skip
            assert len(store.revisions(self.database.read, story)) == model.revision


def checked(examples: int, steps: int):
    return settings(
        max_examples=examples, stateful_step_count=steps, deadline=None,
        suppress_health_check=list(HealthCheck), derandomize=True,
    )  # fmt: skip


class TestWorkflow(Workflow.TestCase):
    settings = checked(5, 25)


@pytest.mark.load
class TestWorkflowAtLength(Workflow.TestCase):
    settings = checked(100, 50)
