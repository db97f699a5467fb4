"""How to cite a dataset: as text and as BibTeX."""

import datetime as dt
import re

from catalog.models import Dataset, Portal
from web.i18n import date, words


def citation(dataset: Dataset, title: str, portal: Portal | None, today: dt.date, language: str) -> str:
    """Return one line: publisher, year, title, portal, address, the day it was looked up."""
    _ = words(language)
    published = _year(dataset)
    who = dataset.organization_title or (portal.title if portal else "")
    parts = [
        f"{who} ({published})" if who and published else who or published,
        title,
        portal.title if portal else "",
        dataset.url,
    ]
    looked_up = _("Looked up on {day}", day=date(today, language))
    return ". ".join([*filter(None, parts), looked_up]) + "."


def bibtex(dataset: Dataset, title: str, portal: Portal | None) -> str:
    """Return a BibTeX ``@misc`` entry, with the characters TeX reads as commands escaped."""
    fields = {
        "title": f"{{{_tex(title)}}}",
        "author": f"{{{_tex(dataset.organization_title)}}}" if dataset.organization_title else "",
        "year": _year(dataset),
        "publisher": _tex(portal.title) if portal else "",
        "url": re.sub(r"[{}\\]", "", dataset.url),
        "note": _tex(dataset.license_title),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    key = re.sub(r"[^a-z0-9-]", "", dataset.name.lower()) or "dataset"
    return "@misc{" + ",\n".join([key, *lines]) + "\n}"


def _year(dataset: Dataset) -> str:
    found = re.match(r"\d{4}", dataset.modified or dataset.created or "")
    return found.group() if found else ""


def _tex(text: str) -> str:
    return re.sub(r"([&%$#_{}])", r"\\\1", re.sub(r"[\\~^]", " ", " ".join(text.split())))
