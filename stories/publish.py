"""Put a bundle in front of readers: written aside, flushed, swapped in with one rename.

``published/.releases/<release>/`` holds every edition for good; ``published/<slug>`` is a
symbolic link to the one readers see, ``published/<slug>@2`` to the second.
"""

import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Mapping
from pathlib import Path

RELEASES = ".releases"
ABANDONED_SECONDS = 600
"""Age from which what was written aside belongs to nobody any more."""


def name_of(files: Mapping[str, bytes]) -> str:
    """Return the name of a release: 16 hex digits over its paths and bytes."""
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(f"{path}\0{len(files[path])}\0".encode() + files[path])
    return digest.hexdigest()[:16]


def put(published: Path, files: Mapping[str, bytes]) -> str:
    """Write a release that nobody sees yet and return its name; the same files are written once.

    Raises OSError (disk full); then nothing readers see has changed.
    """
    release = name_of(files)
    folder = published / RELEASES / release
    if folder.exists():
        return release
    try:
        write(folder, files)
    except OSError:
        if not folder.exists():
            raise
    return release


def write(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write a folder that is there whole or not at all; raises OSError when it exists or the disk is full."""
    aside = folder.with_name(f".aside-{secrets.token_hex(6)}")
    try:
        for path, content in files.items():
            _write(aside / path, content)
        for inner in {(aside / path).parent for path in files} | {aside}:
            _flush(inner)
        os.rename(aside, folder)
    except OSError:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    _flush(folder.parent)
    return folder


def point(published: Path, slug: str, release: str) -> None:
    """Show a release under an address, from one moment to the next."""
    link = published / slug
    target = Path(RELEASES) / release
    if link.is_symlink() and link.readlink() == target:
        return
    aside = published / f".{slug}-{secrets.token_hex(6)}"
    aside.symlink_to(target, target_is_directory=True)
    os.replace(aside, link)
    _flush(published)


def take_down(published: Path, slug: str) -> None:
    """Stop showing an address and those of its editions; the releases stay."""
    for link in (published / slug, *published.glob(f"{slug}@*")):
        link.unlink(missing_ok=True)
    _flush(published)


def reconcile(published: Path, live: Mapping[str, str]) -> None:
    """After a crash, make the folder show what the database says: ``live`` maps addresses to releases.

    Call it while holding the database's write lock, as every swap does.
    """
    (published / RELEASES).mkdir(parents=True, exist_ok=True)
    for aside in [*published.glob(".*-????????????"), *(published / RELEASES).glob(".aside-*")]:
        if time.time() - aside.lstat().st_mtime > ABANDONED_SECONDS:
            aside.unlink() if aside.is_symlink() else shutil.rmtree(aside, ignore_errors=True)
    for link in published.iterdir():
        if link.is_symlink() and link.name not in live:
            link.unlink()
    for slug, release in live.items():
        if (published / RELEASES / release).is_dir():
            point(published, slug, release)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
