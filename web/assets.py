"""The files pages are made of: read once, named with the hash of their content, compressed once."""

import gzip
import hashlib
import mimetypes
from collections.abc import Iterable
from functools import cached_property
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import tornado.web

from web import urls

BOKEH_JS = f"bokeh-{version('bokeh')}.min.js"
"""Asset name of BokehJS; loaded only when a reader touches a chart."""

YEAR = 365 * 24 * 3600
COMPRESSIBLE = ("text/", "application/javascript", "application/json", "image/svg+xml")


class Asset:
    """One static file."""

    def __init__(self, path: Path):
        self.bytes = path.read_bytes()
        self.hash = hashlib.sha256(self.bytes).hexdigest()[:12]
        self.media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"

    @cached_property
    def gzipped(self) -> bytes | None:
        """The bytes compressed once; None where compressing does not pay."""
        if len(self.bytes) < 512 or not self.media_type.startswith(COMPRESSIBLE):
            return None
        return gzip.compress(self.bytes, 9, mtime=0)


class Assets:
    """Every file of the static folders, by its path inside its folder; nothing else can be asked for."""

    def __init__(self, folders: Iterable[Path]):
        self._files = {BOKEH_JS: Asset(_bokeh_js())}
        for folder in folders:
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    self._files[path.relative_to(folder).as_posix()] = Asset(path)

    def __getitem__(self, name: str) -> Asset:
        return self._files[name]

    def get(self, name: str) -> Asset | None:
        return self._files.get(name)

    def url(self, name: str) -> str:
        """Return the address of an asset, which changes when its content does; KeyError when unknown."""
        return f"{urls.asset(name)}?v={self._files[name].hash}"


def _bokeh_js() -> Path:
    package = find_spec("bokeh")
    assert package is not None
    assert package.origin is not None
    return Path(package.origin).parent / "server/static/js/bokeh.min.js"


class AssetHandler(tornado.web.RequestHandler):
    """``/assets/<name>``: cached for a year when asked with its hash."""

    def initialize(self, assets: Assets) -> None:
        self.assets = assets

    def get(self, name: str) -> None:
        asset = self.assets.get(name)
        if asset is None:
            raise tornado.web.HTTPError(404)
        fresh = self.get_query_argument("v", "") == asset.hash
        self.set_header("Cache-Control", f"public, max-age={YEAR}, immutable" if fresh else "no-cache")
        self.set_header("Content-Type", asset.media_type)
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Access-Control-Allow-Origin", "*")
        self.set_header("Vary", "Accept-Encoding")
        wants_gzip = "gzip" in self.request.headers.get("Accept-Encoding", "")
        body = asset.gzipped if wants_gzip else None
        self.set_header("Etag", f'"{asset.hash}{"-gz" if body else ""}"')
        if self.check_etag_header():
            self.set_status(304)
            return
        if body is not None:
            self.set_header("Content-Encoding", "gzip")
        self.write(body or asset.bytes)

    def head(self, name: str) -> None:
        self.get(name)
