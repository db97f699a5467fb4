"""Dates as people write them, in Spanish and English, decided from a whole column."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from catalog.models import Grain

Order = Literal["dmy", "mdy"]
Moment = dt.date | dt.datetime

MONTHS_ES = ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre")  # fmt: skip
MONTHS_EN = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")  # fmt: skip
MONTHS_FR = ("janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre", "decembre")  # fmt: skip
MONTHS_PT = ("janeiro", "fevereiro", "marco", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro", "dezembro")  # fmt: skip
MONTHS_DE = ("januar", "februar", "marz", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "dezember")  # fmt: skip
MONTHS_IT = ("gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre")  # fmt: skip
MONTHS_CA = ("gener", "febrer", "marc", "abril", "maig", "juny", "juliol", "agost", "setembre", "octubre", "novembre", "desembre")  # fmt: skip
WEEKDAYS_ES = ("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo")
WEEKDAYS_EN = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

OTHERS = (MONTHS_CA, MONTHS_IT, MONTHS_DE)
MONTH_OF = {
    name: i + 1
    for names in (*OTHERS, MONTHS_PT, MONTHS_FR, MONTHS_EN, MONTHS_ES)
    for i, name in enumerate(names)
}
MONTH_OF |= {
    name[:4]: i + 1
    for names in (MONTHS_FR, MONTHS_EN, MONTHS_ES)
    for i, name in enumerate(names)
    if name[:3] != "jui"
}
MONTH_OF |= {name[:3]: i + 1 for names in (MONTHS_EN, MONTHS_ES) for i, name in enumerate(names)}
MONTH_OF |= {
    "setiembre": 9,
    "set": 9,
    "fev": 2,
    "mai": 5,
    "out": 10,
    "dez": 12,
    "avr": 4,
    "juin": 6,
    "juil": 7,
    "okt": 10,
    "mrz": 3,
    "maerz": 3,
    "jaenner": 1,
    "janner": 1,
    "agto": 8,
}
WEEKDAY_OF = {name: i + 1 for names in (WEEKDAYS_EN, WEEKDAYS_ES) for i, name in enumerate(names)}
WEEKDAY_OF |= {name[:3]: i + 1 for names in (WEEKDAYS_EN, WEEKDAYS_ES) for i, name in enumerate(names)}

TIME = r"(?:[T\s,]+(\d{1,2})[:.h](\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*([ap]\.?\s?m\.?)?\s*(?:hrs?\.?|h)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?"
WORD = r"([a-zà-ÿ]{3,10})\.?"
YEAR = r"((?:1[5-9]|2[01])\d{2})"
SEP = r"\s*[-/. ]\s*"

PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("ymd", rf"^{YEAR}[-/.](\d{{1,2}})[-/.](\d{{1,2}}){TIME}$"),
        ("numeric", rf"^(\d{{1,2}})[-/.](\d{{1,2}})[-/.](\d{{4}}|\d{{2}}){TIME}$"),
        ("compact", rf"^{YEAR}(\d{{2}})(\d{{2}})(?:T?(\d{{2}})(\d{{2}})(\d{{2}})?)?$"),
        ("dmony", rf"^(?:{WORD},?\s+)?(\d{{1,2}})(?:st|nd|rd|th|o|º|er)?(?:\s*[-/. ]?\s*|\s+(?:de|of)\s+){WORD}(?:\s*[-/., ]?\s*|\s+(?:de|del)\s+)(\d{{4}}|\d{{2}}){TIME}$"),
        ("mondy", rf"^(?:{WORD},?\s+)?{WORD}\s*[-/. ]\s*(\d{{1,2}})(?:st|nd|rd|th)?\s*[-/., ]\s*(\d{{4}}){TIME}$"),
        ("ymond", rf"^{YEAR}[-/. ]{WORD}[-/. ](\d{{1,2}})$"),
        ("mony", rf"^{WORD}(?:\s*[-/., _]?\s*|\s+(?:de|del|of)\s+)(\d{{4}}|'?\d{{2}})$"),
        ("ymon", rf"^{YEAR}\s*[-/. _]?\s*{WORD}$"),
        ("ym", rf"^{YEAR}(?:[-/._]?|[-/. _]?m|\s(?=\d\d$))(\d{{1,2}})$"),
        ("my", rf"^(\d{{1,2}})[-/]{YEAR}$"),
        ("yq", rf"^{YEAR}[-\s/_]*(?:[qt]|trim(?:estre)?)[-\s]*0?([1-4]|iv|i{{1,3}})$"),
        ("yq", rf"^{YEAR}[-\s/_]+0?([1-4])\s*(?:er|do|to|[ºo°])?\.?\s*(?:[qt]|trim(?:estre|\.)?)$"),
        ("qy", r"^(?:[qt]([1-4])[-\s/]*'?|([1-4])[qt][-\s/]*'?)(\d{2})$"),
        ("span", rf"^{WORD}\s*(?:-|–|a|to|/)\s*{WORD}(?:\s*[-/., ]\s*|\s+(?:de|del|of)\s+){YEAR}$"),
        ("qy", rf"^(?=.*[a-z])(?:[qt]|trim(?:estre)?)?[-\s]*([1-4]|iv|i{{1,3}})\s*(?:er|do|to|[ºo°]|st|nd|rd|th)?\.?\s*(?:[qt]|trim(?:estre|\.)?|quarter)?[-\s/_]*(?:de\s+|del\s+|of\s+)?{YEAR}$"),
        ("qy", rf"^(primer|segundo|tercer|cuarto|first|second|third|fourth)\s+(?:trimestre|quarter)(?:\s*[-/.,]?\s*|\s+(?:de|del|of)\s+){YEAR}$"),
        ("yw", rf"^{YEAR}[-\s]?(?:[ws]|sem(?:ana)?\.?|week|kw)\s*(\d{{1,2}})$"),
        ("wy", rf"^(?:[ws]|sem(?:ana)?\.?|week|kw)\s*(\d{{1,2}})(?:\s*[-/., ]\s*|\s+(?:de|del|of)\s+){YEAR}$"),
        ("cjk", rf"^{YEAR}\s*年\s*(\d{{1,2}})\s*月(?:\s*(\d{{1,2}})\s*日)?$"),
        ("json", r"^/date\((-?\d{{9,14}})(?:[+-]\d{{4}})?\)/$".replace("{{", "{").replace("}}", "}")),
        ("us12", r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([ap])\.?\s?m\.?$"),
    )
)  # fmt: skip
GRAINS: dict[str, Grain] = {"mony": "month", "ymon": "month", "ym": "month", "my": "month", "yq": "quarter", "qy": "quarter", "span": "quarter", "yw": "week", "wy": "week"}  # fmt: skip
ROMAN = {
    "i": 1,
    "ii": 2,
    "iii": 3,
    "iv": 4,
    "primer": 1,
    "segundo": 2,
    "tercer": 3,
    "cuarto": 4,
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
}
SPECIAL = frozenset(("compact", "ym"))
HALF = r"(?:s(?:em(?:estre|\.)?)?|h)"
HALVES = (
    (re.compile(rf"^{YEAR}[-\s/_]*{HALF}[-\s]*0?([12]|ii?)$"), 1, 2),
    (re.compile(rf"^{HALF}[-\s]*0?([12]|ii?)[-\s/_]*(?:de\s+|del\s+)?{YEAR}$"), 2, 1),
    (
        re.compile(
            rf"^([12]|ii?|primer|segundo)\s*(?:er|do|[º°])?\.?\s*{HALF}[-\s/_]*(?:de\s+|del\s+)?{YEAR}$"
        ),
        2,
        1,
    ),
)
FISCAL = re.compile(rf"^{YEAR}\s*[-/–]\s*(\d{{2}}|\d{{4}})$")


def plain(text: str) -> str:
    """Return the text in lower case without accents."""
    return "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))


@dataclass(frozen=True)
class Found:
    """A text matched by one of the patterns."""

    form: str
    parts: tuple[str | None, ...]


def match(text: str) -> Found | None:
    """Return the first pattern that fits a text, and its pieces."""
    if not 4 <= len(text) <= 48 or not any(c.isdigit() for c in text):
        return None
    bare = plain(text.strip())
    for form, pattern in PATTERNS:
        found = pattern.match(bare)
        if found and _words_known(form, found.groups()):
            return Found(form, found.groups())
    return None


def _words_known(form: str, parts: tuple[str | None, ...]) -> bool:
    at = {"dmony": 2, "mondy": 1, "ymond": 1, "mony": 0, "ymon": 1, "span": 0}.get(form)
    if at is None:
        return True
    if form in ("dmony", "mondy") and parts[0] and parts[0] not in WEEKDAY_OF:
        return False
    if form == "span":
        return MONTH_OF.get(str(parts[1]), 0) - MONTH_OF.get(str(parts[0]), 9) == 2
    return parts[at] in MONTH_OF


def moment(found: Found, order: Order = "dmy") -> Moment | None:
    """Return the date or datetime of a match, or None when the calendar has no such day."""
    try:
        return _moment(found.form, found.parts, order)
    except (ValueError, OverflowError):
        return None


def _moment(form: str, p: tuple[str | None, ...], order: Order) -> Moment | None:
    if form == "ymd":
        return _at(_int(p[0]), _int(p[1]), _int(p[2]), p[3:])
    if form in ("numeric", "us12"):
        day, month = (_int(p[0]), _int(p[1])) if order == "dmy" else (_int(p[1]), _int(p[0]))
        return _at(_year(p[2]), month, day, (p[3], p[4], p[5], None, p[6], None) if form == "us12" else p[3:])
    if form == "compact":
        return _at(_int(p[0]), _int(p[1]), _int(p[2]), (p[3], p[4], p[5], None, None, None))
    if form == "dmony":
        return _at(_year(p[3]), MONTH_OF[str(p[2])], _int(p[1]), p[4:])
    if form == "mondy":
        return _at(_year(p[3]), MONTH_OF[str(p[1])], _int(p[2]), p[4:])
    if form == "ymond":
        return dt.date(_int(p[0]), MONTH_OF[str(p[1])], _int(p[2]))
    if form == "mony":
        return dt.date(_year(str(p[1]).lstrip("'")), MONTH_OF[str(p[0])], 1)
    if form == "ymon":
        return dt.date(_int(p[0]), MONTH_OF[str(p[1])], 1)
    if form in ("ym", "my"):
        at, of = (0, 1) if form == "ym" else (1, 0)
        return dt.date(_int(p[at]), _int(p[of]), 1)
    if form == "qy" and len(p) == 3:
        return dt.date(_year(p[2]), 3 * _int(p[0] or p[1]) - 2, 1)
    if form == "span":
        return dt.date(_int(p[2]), MONTH_OF[str(p[0])], 1)
    if form == "cjk":
        return dt.date(_int(p[0]), _int(p[1]), _int(p[2] or "1"))
    if form == "json":
        return dt.datetime(1970, 1, 1) + dt.timedelta(milliseconds=_int(p[0]))
    if form in ("yq", "qy"):
        at, of = (0, 1) if form == "yq" else (1, 0)
        return dt.date(_int(p[at]), 3 * (ROMAN.get(str(p[of])) or _int(p[of])) - 2, 1)
    at, of = (0, 1) if form == "yw" else (1, 0)
    return dt.date.fromisocalendar(_int(p[at]), _int(p[of]), 1)


def _int(text: str | None) -> int:
    return int(text or "")


def _year(text: str | None) -> int:
    year = _int(text)
    return year if len(text or "") == 4 else year + (2000 if year < 69 else 1900)


def _at(year: int, month: int, day: int, clock: tuple[str | None, ...]) -> Moment:
    """Return the day, or the moment when a clock was written; hour 24 is the next midnight."""
    if not clock or clock[0] is None:
        return dt.date(year, month, day)
    hour, minute = int(clock[0]), int(clock[1] or 0)
    half = (clock[4] or "").strip()[:1]
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    extra = dt.timedelta(days=1) if hour == 24 and minute == 0 else dt.timedelta()
    micro = int((clock[3] or "").ljust(6, "0")[:6] or 0)
    return (
        dt.datetime(year, month, day, hour % 24 if extra else hour, minute, int(clock[2] or 0), micro) + extra
    )


def as_day(at: Moment) -> dt.date:
    """Return the day of a moment."""
    return at.date() if isinstance(at, dt.datetime) else at


def as_moment(at: Moment) -> dt.datetime:
    """Return a day as its midnight."""
    return at if isinstance(at, dt.datetime) else dt.datetime.combine(at, dt.time())


def order_of(matches: Iterable[Found]) -> tuple[Order, bool]:
    """Return the order of day and month of numeric dates, and whether any value proves it."""
    day_first = month_first = 0
    for found in matches:
        if found.form in ("numeric", "us12"):
            day_first += _int(found.parts[0]) > 12
            month_first += _int(found.parts[1]) > 12
    return ("mdy" if month_first > day_first else "dmy"), bool(day_first or month_first)


def grain_of(forms: Iterable[str]) -> Grain:
    """Return the coarsest grain among the forms of a column; days when none says more."""
    coarse = {GRAINS[form] for form in forms if form in GRAINS}
    ranked: tuple[Grain, ...] = ("quarter", "month", "week")
    return next((grain for grain in ranked if grain in coarse), "day")


def is_fiscal(texts: Iterable[str]) -> bool:
    """Tell whether all texts are years that span two, such as '2010-11' or '2010/2011'."""
    seen = False
    for text in texts:
        found = FISCAL.match(text.strip())
        if not found or int(found[2]) % 100 != (int(found[1]) + 1) % 100:
            return False
        seen = True
    return seen


def half_of(text: str) -> tuple[int, int] | None:
    """Return the year and the half that a text names: '2020-S1', '1S2020', 'II semestre de 2020'."""
    bare = plain(text.strip())
    for pattern, year, half in HALVES:
        found = pattern.match(bare)
        if found:
            return int(found[year]), ROMAN.get(found[half]) or int(found[half])
    return None


def from_excel(serial: float) -> Moment | None:
    """Return the day an Excel serial number (1900 system) stands for."""
    if not 1 <= serial < 100_000:
        return None
    at = dt.datetime(1899, 12, 30) + dt.timedelta(days=serial)
    return at.date() if float(serial).is_integer() else at.replace(microsecond=0)
