"""Unwrap zip, gz, bz2 and xz: numbered names, bounded entries, bytes counted while writing."""

import bz2
import errno
import gzip
import lzma
import re
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO, Any

from web.values import Refused

MAX_ENTRIES = 1000
MAX_RATIO = 200
MAX_BYTES = 4 * 2**30
SMALL = 50 * 2**20
OPENERS: dict[str, Any] = {"gz": gzip.open, "bz2": bz2.open, "xz": lzma.open}
SIDE = (".shp", ".shx", ".dbf", ".prj", ".cpg", ".qpj", ".sbn", ".sbx", ".xml", ".txt", ".pdf", ".md", ".html", ".htm", ".jpg", ".png")  # fmt: skip


ABOUT = re.compile(r"diccionario|dictionary|metadat|cat[aá]logo|catalog|readme|l[eé]eme|(?:^|[\W_])(?:dic|dd|codebook|nota?s?|notes?|license|licencia)(?:$|[\W_])", re.IGNORECASE)  # fmt: skip


def gunzip(path: Path, kind: str, work: Path) -> Path:
    """Return the one file inside a gz, bz2 or xz; raises Refused when it is a bomb or broken."""
    target = work / f"{path.name[:20]}.{kind}-inner"
    try:
        with OPENERS[kind](path) as source:
            _pour(source, target, path.stat().st_size)
    except (OSError, EOFError, zlib.error, lzma.LZMAError) as error:
        if isinstance(error, OSError) and error.errno in (27, 28):
            raise
        raise Refused("file_broken", reason=str(error)[:120]) from error
    return target


def _pour(source: IO[bytes], target: Path, packed: int) -> None:
    written = 0
    with target.open("wb") as out:
        while chunk := source.read(1 << 20):
            written += len(chunk)
            if written > MAX_BYTES or (written > SMALL and written > MAX_RATIO * max(packed, 1)):
                raise Refused("archive_bomb", megabytes=written // 2**20)
            out.write(chunk)


def members(path: Path) -> list[zipfile.ZipInfo]:
    """Return the files of a zip that could hold data; raises Refused when it cannot be trusted."""
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Refused("file_broken", reason=str(error)[:120]) from error
    if len(infos) > MAX_ENTRIES:
        raise Refused("archive_entries", n=len(infos))
    files = [
        info for info in infos if not info.is_dir() and not _hidden(info.filename) and not _is_link(info)
    ]
    if not files:
        raise Refused("archive_empty")
    if all(info.flag_bits & 1 for info in files):
        raise Refused("file_encrypted")
    return [info for info in files if not info.flag_bits & 1]


def _hidden(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return any(part.startswith((".", "__MACOSX")) for part in parts)


def _is_link(info: zipfile.ZipInfo) -> bool:
    return (info.external_attr >> 16) & 0o170000 == 0o120000


def extract(path: Path, info: zipfile.ZipInfo, target: Path) -> Path:
    """Write one member of a zip to ``target``, whatever its name says."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(info) as source:
            _pour(source, target, max(info.compress_size, 1))
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        lzma.LZMAError,
    ) as error:
        raise Refused("file_broken", reason=str(error)[:120]) from error
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
        raise Refused("file_broken", reason=str(error)[:120]) from error
    return target


def layers(infos: list[zipfile.ZipInfo]) -> dict[str, list[zipfile.ZipInfo]]:
    """Return the shapefiles of a zip: stem → its files, in any folder and letter case."""
    found: dict[str, list[zipfile.ZipInfo]] = {}
    for info in infos:
        stem, dot, end = info.filename.rpartition(".")
        if dot and end.lower() in ("shp", "shx", "dbf", "prj", "cpg", "qpj"):
            found.setdefault(stem, []).append(info)
    return {
        stem: files
        for stem, files in found.items()
        if any(f.filename.lower().endswith(".shp") for f in files)
    }


def data_members(infos: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    """Return the members that may be tables, largest first; those that describe the others last, notes and
    pictures only when alone."""
    likely = [info for info in infos if not info.filename.lower().endswith(SIDE)]
    return sorted(likely or infos, key=lambda info: (bool(ABOUT.search(info.filename)), -info.file_size))
