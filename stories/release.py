"""A published release as a server reads it: by its manifest, precompressed."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

ENCODINGS = (("br", ".br"), ("gzip", ".gz"))


@dataclass(frozen=True)
class Served:
    """One file to send: where it is, how it is compressed, and its ETag."""

    path: Path
    encoding: str
    etag: str


@dataclass(frozen=True)
class Release:
    """The files of one edition; ``hashes`` maps each path to the SHA-256 of its bytes.

    ``datasets`` maps the beginning of a chart's files to the dataset it was counted from.
    """

    folder: Path
    hashes: dict[str, str]
    compressed: frozenset[str]
    datasets: dict[str, str]

    @staticmethod
    def of(published: Path, slug: str) -> "Release | None":
        """Return what readers see under an address now, or None."""
        link = published / slug
        return _read(link.parent / link.readlink()) if link.is_symlink() else None

    @property
    def story(self) -> dict[str, Any]:
        """The story as it was published, as data."""
        document: dict[str, Any] = json.loads((self.folder / "story.json").read_bytes())
        return document

    def file(self, path: str, accepted: str) -> Served | None:
        """Return a file in the smallest encoding accepted; None when the manifest does not name it."""
        digest = "" if path == "manifest.json" else self.hashes.get(path)
        if digest is None:
            return None
        offered = {part.split(";")[0].strip() for part in accepted.split(",")}
        for encoding, tail in ENCODINGS:
            if encoding in offered and path + tail in self.compressed:
                return Served(self.folder / (path + tail), encoding, f'"{digest[:16]}-{encoding}"')
        return Served(self.folder / path, "", f'"{digest[:16] or self.folder.name}"')


@lru_cache(maxsize=256)
def _read(folder: Path) -> Release:
    manifest = json.loads((folder / "manifest.json").read_bytes())
    hashes: dict[str, str] = manifest["files"]
    compressed = frozenset(
        path + tail for path in hashes for _, tail in ENCODINGS if (folder / (path + tail)).is_file()
    )
    return Release(folder, hashes, compressed, manifest.get("datasets", {}))
