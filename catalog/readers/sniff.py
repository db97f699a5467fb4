"""Tell what bytes are by looking at them, never at their name."""

import re
import zipfile
from pathlib import Path

from web.values import Refused

HEAD = 8192
REFUSED_MAGIC = (
    (b"%PDF", "file_pdf"), (b"\x89PNG", "file_image"), (b"\xff\xd8\xff", "file_image"), (b"GIF8", "file_image"),
    (b"II*\x00", "file_image"), (b"MM\x00*", "file_image"), (b"Rar!", "file_archive"), (b"7z\xbc\xaf", "file_archive"),
    (b"{\\rtf", "file_document"), (b"\x7fELF", "file_binary"), (b"MZ\x90", "file_binary"),
)  # fmt: skip
HTML = re.compile(rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|title|script|meta|div|table|h1|p\b)", re.IGNORECASE | re.DOTALL)  # fmt: skip
JSONP = re.compile(rb"^(?:/\*\*/\s*)?(?:(?:var|const)\s+)?[A-Za-z_$][\w.$]*\s*[(=]\s*[\[{]\s*[\[{\"\]}]")
BINARY = bytes(set(range(32)) - {9, 10, 11, 12, 13, 26, 27})


def sniff(path: Path) -> str:
    """Return the kind of a file: csv, json, xml, kml, xls, xlsx, ods, parquet, gpkg, fgb, dbf, zip, gz, bz2, xz.

    Raises Refused for what holds no table: file_empty, file_html, file_pdf, file_image…
    """
    with path.open("rb") as source:
        head = source.read(HEAD)
    if not head:
        raise Refused("file_empty")
    for magic, code in REFUSED_MAGIC:
        if head.startswith(magic):
            raise Refused(code)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(path)
    starts = (
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"), (b"\x1f\x8b", "gz"), (b"BZh", "bz2"), (b"\xfd7zXZ\x00", "xz"),
        (b"PAR1", "parquet"), (b"SQLite format 3\x00", "gpkg"), (b"\x09\x08\x10\x00", "xls"),
    )  # fmt: skip
    for magic, kind in starts:
        if head.startswith(magic):
            return kind
    if head.startswith(b"fgb\x03fgb"):
        return "fgb"
    return "dbf" if _is_dbase(head) else _text_kind(head)


def _is_dbase(head: bytes) -> bool:
    """Tell the table of a shapefile standing alone: version, a date, and a header that ends where it says."""
    if (
        len(head) < 65
        or head[0] not in (0x03, 0x30, 0x83, 0x8B)
        or not (1 <= head[2] <= 12 and 1 <= head[3] <= 31)
    ):
        return False
    ends = int.from_bytes(head[8:10], "little")
    return ends >= 65 and (ends > len(head) or 0x0D in head[ends - 2 : ends])


def _zip_kind(path: Path) -> str:
    """Tell office files and map files from a plain archive by the names inside."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = [info.filename.lower() for info in archive.infolist()[:2000]]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Refused("file_broken", reason=str(error)[:120]) from error
    if any(name.startswith("xl/") for name in names) and "[content_types].xml" in names:
        return "xlsx"
    if "content.xml" in names and "mimetype" in names:
        return "ods"
    if any(name.startswith(("word/", "ppt/")) for name in names) and "[content_types].xml" in names:
        raise Refused("file_document")
    return "zip"


def _text_kind(head: bytes) -> str:
    text = head
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or _is_wide(head):
        big = head.startswith(b"\xfe\xff") or (head[:1] == b"\x00")
        text = head[: len(head) // 2 * 2].decode("utf-16-be" if big else "utf-16-le", "ignore").encode()
    elif sum(head.count(byte) for byte in BINARY) > 0.002 * len(head) + 2:
        raise Refused("file_binary")
    text = text.removeprefix(b"\xef\xbb\xbf").removeprefix("\ufeff".encode()).lstrip(b"\x00 \t\r\n")
    if not text:
        return "csv"
    if b"<kml" in text[:4000].lower() and text.startswith(b"<"):
        return "kml"
    if HTML.match(text):
        return "html"
    if text.startswith(b"<?xml") or re.match(rb"<[A-Za-z][\w:.-]*[\s>]", text):
        return "xml"
    if JSONP.match(text):
        return "jsonp"
    if text[:1] in b"{[" and re.match(rb"^(?:\{\s*[\"}]|\[\s*[\[{\"\]\d-])", text):
        return "json"
    return "csv"


def _is_wide(head: bytes) -> bool:
    """Tell UTF-16 without a byte order mark: zeros on every other byte."""
    even, odd = head[0::2], head[1::2]
    zeros = (even.count(0) / max(1, len(even)), odd.count(0) / max(1, len(odd)))
    return max(zeros) > 0.4 and min(zeros) < 0.05
