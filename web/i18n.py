"""Spanish and English: sentences through gettext, numbers and dates through Babel."""

import datetime as dt
from collections.abc import Mapping
from functools import cache, lru_cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

from web.values import Problem

LANGUAGES = ("es", "en")
LOCALE_OF = {"es": "es_MX", "en": "en_US"}
LOCALE_DIR = Path(__file__).parent / "locale"
SENTENCES: dict[str, str] = {}


def N_(text: str) -> str:
    """Mark a sentence for extraction without translating it here."""
    return text


def sentences(**texts: str) -> None:
    """Register the English sentence of each problem code a room can raise."""
    SENTENCES.update(texts)


class Words:
    """Sentences of one language: ``_("{n} rows", n=3)``; English is the source text."""

    def __init__(self, language: str, translations: NullTranslations):
        self.language = language
        self._translations = translations

    def __call__(self, text: str, /, **facts: object) -> str:
        said = self._translations.gettext(text) if text else ""
        return said.format_map(_shown(facts, self.language)) if facts else said

    def plural(self, one: str, many: str, n: int, /, **facts: object) -> str:
        """Return the singular or plural sentence for ``n``; ``{n}`` is filled with it."""
        said = self._translations.ngettext(one, many, n)
        return said.format_map(_shown({"n": n, **facts}, self.language))


def _shown(facts: Mapping[str, object], language: str) -> dict[str, object]:
    return {
        name: number(value, language)
        if isinstance(value, int | float) and not isinstance(value, bool)
        else value
        for name, value in facts.items()
    }


@cache
def words(language: str) -> Words:
    """Return the sentences of a language, merged from every room's ``.po`` file."""
    from gettext import GNUTranslations

    merged: NullTranslations | None = None
    for path in sorted((LOCALE_DIR / language).glob("*.po")):
        compiled = BytesIO()
        with path.open("rb") as source:
            write_mo(compiled, read_po(source, locale=language))
        compiled.seek(0)
        room = GNUTranslations(compiled)
        if merged is None:
            merged = room
        else:
            merged.add_fallback(room)
    return Words(language, merged or NullTranslations())


def explain(problem: Problem, language: str) -> str:
    """Return the sentence of a problem in a language."""
    _ = words(language)
    return _(SENTENCES[problem.code], **{"where": problem.where, **problem.facts})


def pick_language(chosen: str | None, accept: str = "") -> str:
    """Return the language chosen, else the first known one of an Accept-Language header, else Spanish."""
    if chosen in LANGUAGES:
        return chosen
    for part in accept.lower().split(","):
        code = part.split(";")[0].strip()[:2]
        if code in LANGUAGES:
            return code
    return LANGUAGES[0]


@lru_cache(maxsize=16_384)
def number(value: float, language: str, decimals: int | None = None) -> str:
    """Write a number as its readers do, never in scientific notation.

    Without ``decimals``, integers show all digits and others at most two decimals
    (more for values below 1, so that none reads as zero).
    """
    if value != value:
        return "–"
    value = value or 0
    if decimals is None:
        if float(value).is_integer():
            decimals = 0
        elif abs(value) >= 1:
            decimals = 2
        else:
            decimals = 2 if value == 0 else min(8, 2 + int(-_log10(abs(value))))
        pattern = "#,##0" + ("." + "#" * decimals if decimals else "")
    else:
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return str(format_decimal(value, format=pattern, locale=LOCALE_OF[language]))


def _log10(value: float) -> float:
    from math import log10

    return log10(value)


def percent(share: float, language: str, decimals: int = 1) -> str:
    """Write a share of 1 as a percentage: ``percent(0.123, "es")`` is ``12.3 %``."""
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "") + "%"
    return str(format_percent(share, format=pattern, locale=LOCALE_OF[language]))


DATE_PATTERNS = {
    "es": {"day": "d MMM y", "week": "d MMM y", "month": "MMM y", "quarter": "'T'Q y", "year": "y"},
    "en": {"day": "MMM d, y", "week": "MMM d, y", "month": "MMM y", "quarter": "'Q'Q y", "year": "y"},
}


@lru_cache(maxsize=16_384)
def date(value: dt.date, language: str, grain: str = "day") -> str:
    """Write a date (or datetime) at a grain: year, quarter, month, week, day, hour."""
    locale = Locale.parse(LOCALE_OF[language])
    if grain == "hour":
        return str(format_datetime(value, DATE_PATTERNS[language]["day"] + " HH:mm", locale=locale))
    return str(format_date(value, DATE_PATTERNS[language][grain], locale=locale)).replace(".", "")
