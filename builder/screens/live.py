"""The wire between the page and its session: the page sends messages, the session sends HTML of regions."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from panel.custom import JSComponent


class Live(JSComponent):
    """Keeps a page rendered by the server alive.

    ``receive`` is awaited with every message of the page, which are plain data of unknown shape.
    """

    _esm = Path(__file__).with_name("live.js")

    def __init__(self, receive: Callable[[Any], Awaitable[None]], **params: Any):
        super().__init__(**params)
        self._receive = receive

    async def _handle_msg(self, data: Any) -> None:
        await self._receive(data)

    def send(self, **message: Any) -> None:
        """Send the page what changed: ``regions`` (name → HTML), ``say``, ``address``, ``go``, ``file``."""
        self._send_msg(message)
