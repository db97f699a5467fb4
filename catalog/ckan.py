"""Ask a CKAN portal, over ckanapi, as slowly as it wishes and no longer than we can wait.

Datasets are paged by id (``id:{"last" TO *]``): CKAN's default order loses datasets while others
are written. A portal that ignores filters is paged by offset instead.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from ckanapi import RemoteCKAN
from ckanapi.errors import CKANAPIError, NotAuthorized, NotFound
from requests.adapters import HTTPAdapter
from urllib3 import Retry

from catalog.dump import Package, batches
from catalog.packages import text, title_in
from web.values import Refused

ROWS = 1000
MAX_ANSWER = 300_000_000
SECONDS = 120.0
PATIENT_WITH: dict[str, Any] = {
    "status_forcelist": (429, 500, 502, 503, 504),
    "retry_after_max": 60,
    "redirect": 0,
    "raise_on_status": False,
}
PATIENCE = Retry(total=5, backoff_factor=0.5, backoff_max=30, backoff_jitter=0.5, **PATIENT_WITH)
AGENT = "Relato (reads open data catalogues)"


class Ckan:
    """A CKAN portal; every call raises Refused with one of the ``portal_…`` codes when it cannot answer."""

    def __init__(self, address: str):
        self.address = address.rstrip("/")
        self._remote = _Remote(self.address, SECONDS, PATIENCE)
        self.title = text(self._optional("status_show", "site_title"))
        self.listed: int | None = None

    def packages(self, since: str = "") -> Iterator[list[Package]]:
        """Yield the public datasets in pages, of those modified since a UTC time if one is given.

        Raises Refused ``portal_incomplete`` at the end when the portal gave fewer than it counts.
        """
        within = f"metadata_modified:[{since}Z TO *]" if since else ""
        last, start, got, by_id = "", 0, set[str](), True
        while True:
            beyond = f'id:{{"{last}" TO *]' if last and by_id else ""
            page, count = self._search(f"{within} {beyond}".strip(), 0 if by_id else start)
            ids = [str(package.get("id")) for package in page]
            if by_id and (ids != sorted(ids) or (last and ids and ids[0] <= last)):
                by_id = False
                if last:
                    continue
            self.listed = self.listed or count
            got.update(ids)
            yield page
            start, last = start + len(page), ids[-1] if ids else last
            if not page or len(page) >= count or (not by_id and start >= count):
                missing = count - (len(page) if by_id else len(got))
                break
        if missing > 0:
            raise Refused("portal_incomplete", self.address, missing=missing)

    def names(self) -> set[str] | None:
        """Return the names of all public datasets, or None when the portal does not list them."""
        try:
            names = self._call("package_list")
        except Refused:
            return None
        return (
            set(names) if isinstance(names, list) and all(isinstance(name, str) for name in names) else None
        )

    def named(self, names: Sequence[str]) -> Iterator[list[Package]]:
        """Yield the datasets of these names; those the portal does not show are left out."""
        for some in batches(names, 40):
            asked = " OR ".join(f'"{name}"' for name in some)
            yield self._search(f"name:({asked})", 0)[0]

    def titles(self, kind: str) -> dict[str, str]:
        """Return the current titles of organisations or groups; empty when the portal hides them."""
        titles: dict[str, str] = {}
        while True:
            try:
                page = self._call(f"{kind}_list", all_fields="true", offset=len(titles))
            except Refused:
                return titles
            entries = [entry for entry in page if isinstance(entry, dict)] if isinstance(page, list) else []
            fresh = {text(entry.get("name")): title_in(entry) for entry in entries} if entries else {}
            if not fresh.keys() - titles.keys():
                return titles
            titles.update(fresh)

    def _search(self, within: str, start: int) -> tuple[list[Package], int]:
        filters = {"fq": within} if within else {}
        answer = self._call("package_search", rows=ROWS, start=start, sort="id asc", **filters)
        page = answer.get("results") if isinstance(answer, dict) else None
        count = answer.get("count") if isinstance(answer, dict) else None
        if not (isinstance(page, list) and isinstance(count, int) and all(isinstance(p, dict) for p in page)):
            raise Refused("portal_not_ckan", self.address)
        return page, count

    def _call(self, action: str, **parameters: str | int) -> Any:
        try:
            return self._remote.call_action(action, parameters)
        except (NotAuthorized, NotFound) as error:
            raise Refused("portal_forbidden", self.address, action=action) from error
        except CKANAPIError as error:
            raise Refused("portal_not_ckan", self.address) from error
        except (ValueError, RecursionError) as error:
            raise Refused("portal_broken", self.address) from error

    def _optional(self, action: str, field: str) -> object:
        """Return one field of an answer that a portal may keep to itself."""
        try:
            answer = self._call(action)
        except Refused as refusal:
            if refusal.problem.code == "portal_silent":
                raise
            return None
        return answer.get(field) if isinstance(answer, dict) else None


class _Remote(RemoteCKAN):  # type: ignore[misc]
    """ckanapi with a deadline and a size limit for each answer, read strictly as UTF-8."""

    def __init__(self, address: str, seconds: float, patience: Retry):
        session = requests.Session()
        session.trust_env = False
        for scheme in ("http://", "https://"):
            session.mount(scheme, HTTPAdapter(max_retries=patience))
        super().__init__(address, user_agent=AGENT, get_only=True, session=session)
        self._seconds = seconds

    def _request_fn_get(
        self, url: str, data_dict: Mapping[str, Any], headers: Mapping[str, str], requests_kwargs: object
    ) -> tuple[int, str]:
        return _within(self._seconds, self.address, lambda: self._get(url, data_dict, headers))

    def _get(self, url: str, parameters: Mapping[str, Any], headers: Mapping[str, str]) -> tuple[int, str]:
        for _hop in range(4):
            with self.session.get(
                url, params=parameters, headers=headers, stream=True, allow_redirects=False, timeout=(10, 60)
            ) as answer:
                if not answer.is_redirect:
                    return answer.status_code, self._body(answer).decode("utf-8-sig")
                url, parameters = urljoin(url, answer.headers["location"]), {}
            if not _same_host(url, self.address):
                break
        raise Refused("portal_moved", self.address, to=urlsplit(url).hostname or "?")

    def _body(self, answer: requests.Response) -> bytes:
        body = bytearray()
        for part in answer.iter_content(1 << 20):
            body += part
            if len(body) > MAX_ANSWER:
                raise Refused("portal_broken", self.address)
        return bytes(body)


def _same_host(url: str, address: str) -> bool:
    hosts = {(urlsplit(place).hostname or "").removeprefix("www.") for place in (url, address)}
    return len(hosts) == 1 and urlsplit(url).scheme in ("http", "https")


def _within(seconds: float, where: str, work: Callable[[], tuple[int, str]]) -> tuple[int, str]:
    """Do the work in a thread we stop waiting for: a server that drips its headers outlasts every timeout."""
    outcome: list[tuple[int, str] | Exception] = []

    def run() -> None:
        try:
            outcome.append(work())
        except Exception as error:
            outcome.append(error)

    thread = threading.Thread(target=run, daemon=True, name="portal")
    thread.start()
    thread.join(seconds)
    if not outcome or isinstance(outcome[0], requests.RequestException):
        raise Refused("portal_silent", where) from (outcome[0] if outcome else None)  # type: ignore[misc]
    if isinstance(outcome[0], Exception):
        raise outcome[0]
    return outcome[0]
