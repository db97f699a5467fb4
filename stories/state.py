"""What one open editor holds: the story with its past, what is saved, and what stands in the way."""

import logging
import sqlite3
from collections.abc import Callable

import param

from stories import actions
from stories.page import word_count
from stories.store import Kept
from stories.stories import Stories
from stories.story import Story
from web.accounts import Account
from web.history import History
from web.values import Problem, Refused

log = logging.getLogger("relato")


class Editing(param.Parameterized):
    """The story being written; the screen only reads it and calls its methods.

    ``version`` is the revision it was last saved as, ``saved`` that revision's story.
    ``conflict`` is set once somebody else saved in between; from then on nothing is overwritten.
    """

    history = param.ClassSelector(class_=History)
    saved = param.ClassSelector(class_=Story)
    version = param.Integer()
    saved_at = param.String()
    trouble = param.ClassSelector(class_=Problem)

    def __init__(self, stories: Stories, account: Account, kept: Kept):
        super().__init__(
            history=History(kept.story),
            saved=kept.story,
            version=kept.standing.revision,
            saved_at=kept.updated,
        )
        self.stories, self.account, self.story_id = stories, account, kept.id
        self._typing: object = None

    @property
    def story(self) -> Story:
        return self.history.present

    @property
    def words(self) -> int:
        """How many words there are to read."""
        return word_count(self.story)

    @property
    def is_saved(self) -> bool:
        return self.story == self.saved

    @property
    def is_conflict(self) -> bool:
        return self.trouble is not None and self.trouble.code == "story_conflict"

    def change(self, step: Callable[[Story], Story], typing: object = None) -> None:
        """Take a step; steps that name the same place in ``typing`` are undone together."""
        merge = typing is not None and typing == self._typing
        self.history = self.history.record(step(self.story), merge=merge)
        self._typing = typing

    def undo(self) -> None:
        """Go back one step."""
        self._typing = None
        self.history = self.history.undo()

    def redo(self) -> None:
        """Go forward again."""
        self._typing = None
        self.history = self.history.redo()

    def save(self) -> bool:
        """Keep the story if it changed; tell whether all of it is kept now.

        A refusal stays in ``trouble`` and the text stays in the editor.
        """
        if self.is_saved or self.is_conflict:
            return self.is_saved
        story = self.story
        try:
            version = actions.save(self.stories.database, self.account, self.story_id, story, self.version)
        except Refused as refused:
            self.trouble = refused.problem
            return False
        except sqlite3.OperationalError as error:
            log.error("story %s was not saved: %s", self.story_id, error)
            self.trouble = Problem(code="story_not_saved")
            return False
        self.param.update(version=version, saved=story, saved_at=actions.now(), trouble=None)
        return True

    def keep_as_copy(self) -> Kept:
        """Save this text as a story of its own (after a conflict)."""
        return actions.create(self.stories.database, self.account, self.story)
