"""From a CKAN package as published to a :class:`Dataset`: pure, and forgiving about types.

Portals put lists, JSON strings and per-language objects where CKAN's own schema has text;
everything is kept in ``Dataset.raw`` and read here as the plain text a person expects.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, TypeGuard

from catalog.models import Dataset, Portal, Resource
from web.values import Refused, content_hash

FREQUENCY_KEYS = (
    "frequency", "frecuencia", "accrualPeriodicity", "accrual_periodicity", "update_frequency",
    "data_update_frequency", "updateInterval", "frecuencia_actualizacion", "periodicidad",
)  # fmt: skip
METHOD_KEYS = (
    "methodology", "methodology_other", "metodologia", "metodología", "nota_metodologica", "notas_metodologicas",
    "method_notes", "caveats", "data_quality", "limitaciones",
)  # fmt: skip
CONTACT_KEYS = (
    ("maintainer", "maintainer_email"),
    ("author", "author_email"),
    ("contact_name", "contact_email"),
)
FORMATS = {
    "TEXT/CSV": "CSV", "APPLICATION/JSON": "JSON", "APPLICATION/GEO+JSON": "GEOJSON", "TXT/CSV": "CSV",
    "APPLICATION/VND.MS-EXCEL": "XLS", "APPLICATION/ZIP": "ZIP", "APPLICATION/PDF": "PDF", "TEXT/PLAIN": "TXT",
    "APPLICATION/VND.OPENXMLFORMATS-OFFICEDOCUMENT.SPREADSHEETML.SHEET": "XLSX", "EXCEL": "XLSX",
    "SHAPEFILE": "SHP", "ESRI SHAPEFILE": "SHP", "COMMA SEPARATED VALUES": "CSV", "TEXT/HTML": "HTML",
}  # fmt: skip


def understand(package: Mapping[str, Any], portal: Portal) -> Dataset:
    """Return the dataset a CKAN package describes.

    Raises Refused ``package_invalid`` when it has no id or no name, or its resources are no list.
    """
    identity, name = package.get("id"), package.get("name")
    resources = package.get("resources") or []
    if not (_is_key(identity) and isinstance(resources, list)):
        raise Refused("package_invalid", clean(str(name or identity or "?")[:80]))
    name = name if _is_key(name) else identity
    extras = _extras(package.get("extras"))
    titles = by_language(package, "title")
    organization = _mapping(package.get("organization"))
    return Dataset(
        id=identity,
        portal=portal.id,
        name=name,
        title=_preferred(titles) or name,
        titles=titles,
        notes=_said(package, "notes"),
        organization=text(organization.get("name")),
        organization_title=title_in(organization) or text(organization.get("name")),
        groups=_names(package.get("groups")),
        tags=_names(package.get("tags")),
        license_id=text(package.get("license_id")),
        license_title=text(package.get("license_title")),
        license_url=_web(package.get("license_url")),
        url=_page(package, name, portal),
        contact=_contact(package),
        frequency=_frequency(package, extras),
        created=text(package.get("metadata_created")) or None,
        modified=text(package.get("metadata_modified")) or None,
        resources=tuple(
            _resource(resource, position)
            for position, resource in enumerate(resources)
            if isinstance(resource, dict) and _is_key(resource.get("id"))
        ),
        extras=extras,
        raw=dict(package),
    )


def _frequency(package: Mapping[str, Any], extras: Mapping[str, str]) -> str:
    stated = (package.get(key) or extras.get(key) for key in FREQUENCY_KEYS)
    return next((said for value in stated if value and (said := text(value))), "")


def method_of(dataset: Dataset) -> str:
    """Return how the data were made, as far as their portal says."""
    stated = (text(dataset.raw.get(key) or dataset.extras.get(key)) for key in METHOD_KEYS)
    return "\n\n".join(dict.fromkeys(filter(None, stated)))


def _said(values: Mapping[str, Any], field: str) -> str:
    """Return a field's text in the language preferred, at once where it is plain text."""
    value = values.get(field)
    if isinstance(value, str) and f"{field}_translated" not in values and "{" not in value[:1]:
        plain = clean(value)
        if not plain.startswith("{"):
            return plain
    return _preferred(by_language(values, field))


def by_language(values: Mapping[str, Any], field: str) -> dict[str, str]:
    """Return a field's texts by language code, ``""`` when the portal states none."""
    value = values.get(field)
    plain = text(value)
    if isinstance(value, str) and f"{field}_translated" not in values and not plain.startswith("{"):
        return {"": plain} if plain else {}
    spoken = _translations(values.get(f"{field}_translated")) or _translations(value)
    return spoken or ({"": plain} if plain else {})


def text(value: object) -> str:
    """Return any JSON value as a line of text: lists joined by commas, an object by its values."""
    if isinstance(value, str):
        return clean(value) if value else ""
    if value is None or value is False:
        return ""
    if isinstance(value, list):
        return ", ".join(filter(None, map(text, value)))
    if isinstance(value, dict):
        return _preferred(_translations(value)) or ", ".join(filter(None, map(text, value.values())))
    return str(value)


def clean(value: str) -> str:
    """Return a text without the NULs and lone surrogates that neither SQLite nor a page can carry."""
    if not value.isascii():
        value = value.encode("utf-8", "replace").decode()
    return (value.replace("\0", "") if "\0" in value else value).strip()


def titles_in(packages: Iterable[Mapping[str, Any]], kind: str) -> dict[str, str]:
    """Return the titles that packages state of their ``organization``, ``license``, or groups (``theme``)."""
    titles: dict[str, str] = {}
    for package in packages:
        for name, entry in _entries(package, kind):
            titles[name] = title_in(entry)
    return {name: title for name, title in titles.items() if name and title}


def _entries(package: Mapping[str, Any], kind: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if kind == "license":
        yield license_of(package), {"title": package.get("license_title")}
        return
    groups = package.get("groups")
    stated = (
        [package.get("organization")]
        if kind == "organization"
        else groups
        if isinstance(groups, list)
        else []
    )
    for entry in map(_mapping, stated):
        yield text(entry.get("name")), entry


def license_of(package: Mapping[str, Any]) -> str:
    """Return what identifies a licence: its id, else its title."""
    return text(package.get("license_id")) or text(package.get("license_title"))


def title_in(entry: Mapping[str, Any]) -> str:
    """Return the title of an organisation or group, or an empty text."""
    return _said(entry, "title") or text(entry.get("display_name"))


def file_format(resource: Resource) -> str:
    """Return the format of a resource in one spelling (``CSV``), from its ending when none is stated."""
    said = resource.format.strip().strip(".").upper()
    if not said:
        said = PurePosixPath(re.split("[?#]", resource.url)[0]).suffix.strip(".").upper()
        said = said if len(said) <= 8 else ""
    return FORMATS.get(said, said)


def stamp_of(resource: Resource) -> str:
    """Return what changes when the portal says that a file changed."""
    return content_hash([resource.url, resource.size, resource.modified])


def _translations(value: object) -> dict[str, str]:
    found = _mapping(value)
    if not found or not all(isinstance(said, str) and _is_language(key) for key, said in found.items()):
        return {}
    return {key[:2].lower(): said for key, text in found.items() if (said := clean(text))}


def _is_language(key: str) -> bool:
    return key[:2].isalpha() and (len(key) == 2 or (len(key) == 5 and key[2] in "_-"))


def _mapping(value: object) -> dict[str, Any]:
    """Return an object, also one written as JSON text; else an empty one."""
    if isinstance(value, str) and value.lstrip().startswith("{"):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return {}
    return value if isinstance(value, dict) else {}


def _preferred(spoken: Mapping[str, str]) -> str:
    return next(
        (spoken[code] for code in ("es", "", "en") if spoken.get(code)), next(iter(spoken.values()), "")
    )


def _extras(extras: object) -> dict[str, str]:
    if isinstance(extras, dict):
        return {str(key): text(value) for key, value in extras.items()}
    return {
        text(extra.get("key")): text(extra.get("value"))
        for extra in (extras if isinstance(extras, list) else [])
        if isinstance(extra, dict) and extra.get("key")
    }


def _names(values: object) -> tuple[str, ...]:
    """Return the names of a list of tags or groups, given as objects or as texts."""
    names = (
        text(value.get("name") or value.get("display_name")) if isinstance(value, dict) else text(value)
        for value in (values if isinstance(values, list) else [])
    )
    return tuple(dict.fromkeys(filter(None, names)))


def _web(value: object) -> str:
    address = text(value)
    return address if address.lower().startswith(("http://", "https://")) else ""


def _page(package: Mapping[str, Any], name: str, portal: Portal) -> str:
    if _web(portal.source):
        return f"{portal.source.rstrip('/')}/dataset/{name}"
    return _web(package.get("url"))


def _contact(package: Mapping[str, Any]) -> str:
    for who, mail in CONTACT_KEYS:
        person = _mapping(package.get(who))
        name = (
            text([person.get("given_name"), person.get("name")]).replace(", ", " ")
            if person
            else text(package.get(who))
        )
        address = text(person.get("email") or package.get(mail))
        if name or address:
            return f"{name} <{address}>" if name and address else name or address
    return ""


def _resource(resource: Mapping[str, Any], position: int) -> Resource:
    return Resource(
        id=resource["id"],
        name=_said(resource, "name"),
        description=_said(resource, "description"),
        format=text(resource.get("format")),
        url=text(resource.get("url")),
        size=_size(resource.get("size")),
        modified=text(resource.get("last_modified")) or None,
        position=position,
    )


def _is_key(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and bool(value) and clean(value) == value


def _size(value: object) -> int | None:
    said = text(value) if not isinstance(value, bool) else ""
    return int(said) if said.isascii() and said.isdigit() and len(said) < 16 else None
