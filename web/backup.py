"""What is precious in one file, and back: the database as of one moment, what is published, the secret."""

import hashlib
import json
import os
import shutil
import tarfile
import tempfile
from io import BytesIO
from pathlib import Path

from web.database import Database, is_sound
from web.values import Refused

DATABASE, MANIFEST = "stories.db", "backup.json"
PRECIOUS = ("secret", "published", "uploads")
"""Files and folders of the data folder kept beside the database, those that exist."""


def backup(data: Path, target: Path) -> Path:
    """Write everything precious of a data folder, in use or not, to one ``.tar.gz``; it is there whole or not.

    Raises Refused ``backup_nothing`` without a database, OSError when the disk refuses.
    """
    if not (data / DATABASE).exists():
        raise Refused("backup_nothing", where=str(data))
    aside = target.with_name(f".{target.name}.part")
    try:
        with tempfile.TemporaryDirectory(dir=target.parent) as folder, tarfile.open(aside, "w:gz") as archive:
            copy = Path(folder) / DATABASE
            Database(data / DATABASE).copy_to(copy)
            paths = {DATABASE: copy} | {name: data / name for name in PRECIOUS if (data / name).exists()}
            _add(archive, MANIFEST, json.dumps(_hashes(paths), indent=1).encode())
            for name, path in paths.items():
                archive.add(path, name)
        _flush(aside)
        os.replace(aside, target)
    finally:
        aside.unlink(missing_ok=True)
    return target


def check(source: Path) -> None:
    """Unpack a backup aside and compare it with its hashes; raises Refused ``backup_damaged``."""
    with tempfile.TemporaryDirectory(dir=source.parent) as folder:
        _checked(source, Path(folder))


def restore(source: Path, data: Path) -> int:
    """Put a backup into a data folder without a database and return how many files it held.

    Everything is checked against the hashes in the backup before anything is moved into place. Raises
    Refused: ``backup_in_the_way``, ``backup_damaged``.
    """
    if (data / DATABASE).exists():
        raise Refused("backup_in_the_way", where=str(data))
    data.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=data) as folder:
        aside = Path(folder)
        hashes = _checked(source, aside)
        for name in sorted((one.name for one in aside.iterdir()), key=lambda name: name == DATABASE):
            if (data / name).exists():
                raise Refused("backup_in_the_way", where=str(data / name))
            shutil.move(aside / name, data / name)
    return len(hashes)


def _checked(source: Path, aside: Path) -> dict[str, str]:
    """Unpack a backup and return its hashes, which are those of its files."""
    hashes = _unpacked(source, aside)
    if _hashes({one.name: one for one in aside.iterdir()}) != hashes or not is_sound(aside / DATABASE):
        raise Refused("backup_damaged", where=str(source))
    return hashes


def _unpacked(source: Path, aside: Path) -> dict[str, str]:
    try:
        with tarfile.open(source) as archive:
            archive.extractall(aside, filter="data")
        manifest: dict[str, str] = json.loads((aside / MANIFEST).read_bytes())
    except (tarfile.TarError, OSError, EOFError, ValueError) as error:
        raise Refused("backup_damaged", where=str(source)) from error
    (aside / MANIFEST).unlink()
    return manifest


def _hashes(paths: dict[str, Path]) -> dict[str, str]:
    """Return the SHA-256 of every file, and the target of every link, by its name in the backup."""
    found: dict[str, str] = {}
    for name, top in paths.items():
        inner = (
            [top]
            if top.is_file()
            else sorted(one for one in top.rglob("*") if one.is_file() or one.is_symlink())
        )
        for path in inner:
            label = name if path == top else f"{name}/{path.relative_to(top).as_posix()}"
            if path.is_symlink():
                found[label] = f"→ {path.readlink().as_posix()}"
            else:
                with path.open("rb") as file:
                    found[label] = hashlib.file_digest(file, "sha256").hexdigest()
    return dict(sorted(found.items()))


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    about = tarfile.TarInfo(name)
    about.size, about.mode = len(content), 0o600
    archive.addfile(about, BytesIO(content))


def _flush(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
