"""Undo and redo over frozen values."""

from dataclasses import dataclass, replace
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class History(Generic[T]):
    """The present value with what was before it and what was undone."""

    present: T
    past: tuple[T, ...] = ()
    future: tuple[T, ...] = ()

    def record(self, value: T, *, merge: bool = False, limit: int = 200) -> "History[T]":
        """Make ``value`` the present; ``merge`` folds it into the last step (typing on)."""
        if value == self.present:
            return self
        past = self.past if merge and self.past else (*self.past, self.present)[-limit:]
        return History(value, past)

    def undo(self) -> "History[T]":
        """Step back, or stay when nothing was done."""
        if not self.past:
            return self
        return replace(self, present=self.past[-1], past=self.past[:-1], future=(self.present, *self.future))

    def redo(self) -> "History[T]":
        """Step forward again, or stay when nothing was undone."""
        if not self.future:
            return self
        return replace(self, present=self.future[0], past=(*self.past, self.present), future=self.future[1:])
