"""Where published stories are copied to besides our own folder: a folder or any fsspec URL, as ``s3://bucket/stories``.

A release is written first, under a name that is never written again; then one file for each
address, its page, which names the release. A store of objects replaces a file at once, so readers
see the old edition or the new one, never parts of both. Old releases stay.
"""

import mimetypes
from collections.abc import Iterable, Mapping
from typing import Any

import fsspec

from web.values import Refused

RELEASES = ".releases"
PAGES = ("embed.html", "index.html")
"""What stands at an address, the page readers open last."""


class Destination:
    """One place that a static server or a CDN reads from; raises Refused ``story_not_copied``."""

    def __init__(self, url: str):
        self.url = url
        self._fs, self._root = fsspec.core.url_to_fs(url)

    def has(self, release: str) -> bool:
        """Tell whether a release is there whole: its manifest is written last."""
        return bool(self._try(lambda: self._fs.exists(f"{self._root}/{RELEASES}/{release}/manifest.json")))

    def put(self, release: str, files: Mapping[str, bytes]) -> None:
        """Write a release that nobody sees yet, once."""
        if not self.has(release):
            self.write(files, f"{RELEASES}/{release}")

    def write(self, files: Mapping[str, bytes], folder: str = "") -> None:
        """Write files, the manifest after all others."""
        for path in sorted(files, key=lambda path: path == "manifest.json"):
            self._write("/".join(filter(None, (folder, path))), files[path])

    def show(self, addresses: Iterable[str], pages: Mapping[str, bytes]) -> None:
        """Show a release, by its pages, at each address."""
        for address in addresses:
            for page in PAGES:
                self._write(f"{address}/{page}", pages[page])

    def take_down(self, addresses: Iterable[str]) -> None:
        """Stop showing addresses, the pages readers open first; the releases stay."""
        for address in addresses:
            for page in reversed(PAGES):
                path = f"{self._root}/{address}/{page}"
                self._try(lambda path=path: self._fs.exists(path) and self._fs.rm_file(path))

    def _write(self, path: str, content: bytes) -> None:
        whole = f"{self._root}/{path}"
        about: dict[str, str] = {}
        if "s3" in self._fs.protocol:
            kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
            keep = "no-cache" if path.endswith(".html") else "public, max-age=31536000, immutable"
            about = {"ContentType": kind, "CacheControl": keep}
        self._try(lambda: self._fs.makedirs(whole.rsplit("/", 1)[0], exist_ok=True))
        self._try(lambda: self._fs.pipe_file(whole, content, **about))

    def _try(self, act: Any) -> Any:
        try:
            return act()
        except (OSError, ValueError) as error:
            raise Refused("story_not_copied", where=self.url) from error
