"""A file on its way: how far it is, and the wish to stop it."""

from dataclasses import dataclass

from web.values import Refused


@dataclass
class Underway:
    """What the thread that fetches and reads a file tells, and what it is told."""

    done: int = 0
    total: int | None = None
    reading: bool = False
    stopped: bool = False

    def fetched(self, done: int, total: int | None) -> None:
        """Hear of the bytes fetched."""
        self._hear(done, total, reading=False)

    def read(self, done: int, total: int | None) -> None:
        """Hear of the bytes read."""
        self._hear(done, total, reading=True)

    def stop(self) -> None:
        """Have the work stopped at the next word from it, at most a second later."""
        self.stopped = True

    def _hear(self, done: int, total: int | None, *, reading: bool) -> None:
        if self.stopped:
            raise Refused("reading_stopped")
        self.done, self.total, self.reading = done, total, reading
