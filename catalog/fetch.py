"""Download a resource in a child that can be killed, never from inside the operator's own network.

Addresses of the portals the operator configured are trusted by their host name; everything
else must resolve to a public address, at each redirect anew.
"""

import datetime as dt
import hashlib
import ipaddress
import tempfile
import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from catalog import child, problems
from catalog.models import RawFile
from catalog.readers.sniff import sniff
from web.settings import Settings
from web.values import Refused

HOPS = 5
BUSY = (429, 503)
ATTEMPTS = 6
FOREVER = 1e9
CHUNK = 1 << 16
PORTS = frozenset((80, 443, 8080, 8443))
IPV4_COMPATIBLE = ipaddress.ip_network("::/96")
MEDIA = {
    "csv": "text/csv", "json": "application/json", "html": "text/html", "xml": "application/xml",
    "kml": "application/vnd.google-earth.kml+xml", "gpkg": "application/geopackage+sqlite3",
    "parquet": "application/vnd.apache.parquet", "zip": "application/zip", "gz": "application/gzip",
    "xls": "application/vnd.ms-excel", "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip
__all__ = ["fetch", "problems"]


def fetch(
    url: str, files: Path, settings: Settings, *, folder: Path | None = None,
    headers: Mapping[str, str] | None = None, progress: child.Report | None = None,
) -> RawFile:  # fmt: skip
    """Return the file behind an address, its bytes kept as ``<files>/<sha256>``.

    ``folder`` is a dump's own folder, in which relative addresses are files. ``headers`` go to
    the first host only. Raises Refused: url_…, fetch_… and child_… codes.
    """
    if not url.strip():
        raise Refused("url_missing")
    files.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=files, prefix=".fetching-") as work:
        target = Path(work, "file")
        if folder is not None and not urlsplit(url).scheme:
            _copy(url, folder, target, settings)
        else:
            _download(url.strip(), target, settings, dict(headers or {}), progress)
        return _keep(target, files, url)


def _copy(url: str, folder: Path, target: Path, settings: Settings) -> None:
    """Copy a file of a dump, refusing every way out of its folder."""
    root = folder.resolve()
    source = (root / unquote(url)).resolve()
    if not source.is_relative_to(root):
        raise Refused("url_outside", url)
    if not source.is_file():
        raise Refused("fetch_missing", url, status=404)
    if source.stat().st_size > settings.fetch_mb * 2**20:
        raise Refused("fetch_large", url, megabytes=settings.fetch_mb)
    target.write_bytes(source.read_bytes())


def _download(
    url: str, target: Path, settings: Settings, headers: dict[str, str], progress: child.Report | None
) -> None:
    trusted = [urlsplit(portal).hostname for portal in settings.portals if urlsplit(portal).hostname]
    arguments = {
        "url": url, "target": str(target), "trusted": trusted, "megabytes": settings.fetch_mb,
        "seconds": settings.fetch_seconds, "headers": headers,
    }  # fmt: skip
    limits = child.Limits(
        memory_mb=1024, seconds=settings.fetch_seconds, output_mb=settings.fetch_mb + 1, network=True
    )
    try:
        child.run("catalog.fetch:fetch_here", arguments, limits, progress)
    except Refused as refusal:
        if refusal.problem.code == "child_time":
            raise Refused("fetch_time", url, seconds=settings.fetch_seconds) from refusal
        if refusal.problem.code == "child_output":
            raise Refused("fetch_large", url, megabytes=settings.fetch_mb) from refusal
        raise


def _keep(target: Path, files: Path, url: str) -> RawFile:
    with target.open("rb") as source:
        sha256 = hashlib.file_digest(source, "sha256").hexdigest()
    size, media = target.stat().st_size, _media(target)
    target.replace(files / sha256)
    at = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    return RawFile(sha256=sha256, bytes=size, media_type=media, url=url, fetched=at)


def _media(path: Path) -> str:
    try:
        return MEDIA.get(sniff(path), "application/octet-stream")
    except Refused as refusal:
        return {"file_pdf": "application/pdf", "file_image": "image/*"}.get(
            refusal.problem.code, "application/octet-stream"
        )


def fetch_here(
    url: str, target: str, trusted: list[str], megabytes: int, seconds: float, headers: dict[str, str],
    progress: Callable[[int, int | None], None],
) -> None:  # fmt: skip
    """Download in this process within so many seconds, walking redirects by hand; raises Refused."""
    import requests
    from urllib3.exceptions import HTTPError

    first, until = url, time.monotonic() + seconds
    try:
        for hop in range(HOPS + 1):
            answer = _ask_patiently(url, trusted, headers if hop == 0 else {}, until)
            if answer.status_code not in (301, 302, 303, 307, 308):
                break
            url = urljoin(url, answer.headers.get("location", ""))
            answer.close()
        else:
            raise Refused("fetch_redirects", first, n=HOPS)
        _refuse_status(answer.status_code, first)
        _pour(answer, Path(target), first, megabytes * 2**20, progress)
    except (requests.RequestException, HTTPError, OSError, UnicodeError) as error:
        if isinstance(error, OSError) and error.errno in (27, 28):
            raise
        if type(error).__name__ == "InvalidIPAddress" or "InvalidIPAddress" in repr(error):
            raise Refused("url_forbidden", url) from error
        raise Refused("fetch_failed", first, reason=type(error).__name__) from error


def _ask_patiently(url: str, trusted: list[str], headers: dict[str, str], until: float) -> Any:
    """Ask again while the server says that it is busy, as late as it wishes; not beyond half of the time left."""
    for attempt in range(ATTEMPTS):
        answer = _ask(url, trusted, headers)
        pause = _pause(answer.headers.get("retry-after", ""), attempt)
        if (
            answer.status_code not in BUSY
            or attempt == ATTEMPTS - 1
            or pause > (until - time.monotonic()) / 2
        ):
            break
        answer.close()
        time.sleep(pause)
    return answer


def _pause(stated: str, attempt: int) -> float:
    """Return the seconds to wait: those of a ``Retry-After`` (RFC 9110 10.2.3), else 1, 2, 4…"""
    if stated.strip().isdecimal():
        return min(float(stated), FOREVER)
    try:
        moment = parsedate_to_datetime(stated)
    except ValueError:
        return 2.0**attempt
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    return max(0.0, (moment - dt.datetime.now(dt.UTC)).total_seconds())


def _ask(url: str, trusted: list[str], headers: dict[str, str]) -> Any:
    """Send one GET without following redirects; raises Refused for addresses we never visit."""
    import requests

    try:
        prepared = requests.Request("GET", url).prepare()
    except (requests.RequestException, ValueError, UnicodeError) as error:
        raise Refused("url_scheme", url[:200]) from error
    parts = urlsplit(prepared.url or "")
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not host:
        raise Refused("url_scheme", url[:200])
    known = host in trusted
    port = parts.port or (443 if parts.scheme == "https" else 80)
    if parts.username or parts.password or "\\" in url or not (known or port in PORTS):
        raise Refused("url_forbidden", url[:200])
    sent = {"Accept-Encoding": "identity", "User-Agent": "Relato (reads open data)", **headers}
    return _session(known).get(
        prepared.url, headers=sent, stream=True, allow_redirects=False, timeout=(10, 30)
    )


def _session(known: bool) -> Any:
    import requests
    from requests_hardened import Config, Manager
    from requests_hardened.ip_filter import InvalidIPAddress
    from requests_hardened.ip_filter_adapter import IPFilterAdapter

    class PublicOnly(IPFilterAdapter):  # type: ignore[misc]
        """Also refuse ::a.b.c.d, the deprecated spelling of IPv4 addresses."""

        def build_connection_pool_key_attributes(self, *given: Any, **named: Any) -> Any:
            host, pool = super().build_connection_pool_key_attributes(*given, **named)
            address = ipaddress.ip_address(host["host"].strip("[]"))
            if address.version == 6 and address in IPV4_COMPATIBLE:
                raise InvalidIPAddress(address)
            return host, pool

    if known:
        session = requests.Session()
    else:
        session = Manager(
            Config(
                ip_filter_enable=True, ip_filter_allow_loopback_ips=False, never_redirect=False,
                default_timeout=(10, 30),
            )
        ).get_session()  # fmt: skip
        session.mount("http://", PublicOnly(is_https_proto=False))
        session.mount("https://", PublicOnly(is_https_proto=True))
    session.trust_env = False
    return session


def _refuse_status(status: int, url: str) -> None:
    if status in (404, 410):
        raise Refused("fetch_missing", url, status=status)
    if status != 200:
        raise Refused("fetch_status", url, status=status)


def _pour(
    answer: Any, target: Path, url: str, limit: int, progress: Callable[[int, int | None], None]
) -> None:
    """Write the body as it arrives; ``read1`` hands over what is there, so a drip cannot hide."""
    stated = answer.headers.get("content-length", "")
    expected = int(stated) if stated.isdigit() else None
    if expected is not None and expected > limit:
        raise Refused("fetch_large", url, megabytes=limit // 2**20)
    answer.raw.enforce_content_length = False
    got = told = 0
    with target.open("wb") as out:
        while chunk := answer.raw.read1(CHUNK, decode_content=False):
            got += len(chunk)
            if got > limit:
                raise Refused("fetch_large", url, megabytes=limit // 2**20)
            out.write(chunk)
            if got - told > 1 << 20:
                told = got
                progress(got, expected)
    if expected is not None and got < expected:
        raise Refused("fetch_short", url, got=got, expected=expected)
