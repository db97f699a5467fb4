"""Answers kept in memory by what they were made of; the oldest go when they grow too large."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Generic, TypeVar

Made = TypeVar("Made")


class Remembered(Generic[Made]):
    """A bounded memory of made things; two who ask for the same at once wait for one making.

    ``most`` bounds the sum of ``size_of`` over all kept. Refusals are not kept.
    """

    def __init__(self, most: int, size_of: Callable[[Made], int]):
        self.most, self.size = most, 0
        self._size_of = size_of
        self._kept: OrderedDict[Hashable, tuple[Made, int]] = OrderedDict()
        self._making: dict[Hashable, Future[Made]] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what is kept under a key, or make and keep it; raises what ``make`` raises."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key][0]
            waiting = self._making.get(key)
            if waiting is None:
                mine = self._making[key] = Future()
        if waiting is not None:
            return waiting.result()
        return self._make(key, make, mine)

    def _make(self, key: Hashable, make: Callable[[], Made], promise: "Future[Made]") -> Made:
        try:
            made = make()
        except BaseException as error:
            with self._lock:
                del self._making[key]
            promise.set_exception(error)
            raise
        with self._lock:
            del self._making[key]
            self._keep(key, made)
        promise.set_result(made)
        return made

    def _keep(self, key: Hashable, made: Made) -> None:
        size = self._size_of(made)
        if size > self.most:
            return
        self._kept[key] = (made, size)
        self.size += size
        while self.size > self.most:
            _, (_, gone) = self._kept.popitem(last=False)
            self.size -= gone
