"""Decide what a whole column is: null words, type, and how each text becomes a value."""

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from catalog.models import Grain, Scalar, Type
from catalog.readers import dates, numbers
from catalog.readers.numbers import Style
from web.values import Problem

Counts = Mapping[str, int]
Parse = Callable[[str], object]

NULL_WORDS = frozenset(
    ["na", "n/a", "#n/a", "n.a.", "n.a", "nan", "null", "none", "(null)", "<null>", "nil", "\\n", "-", "--", "---", "–", "—", ".", "..", "...", "…", "*", "**", "***", "****", "*****", "******", ":", "?", "s/d", "sd", "s.d.", "n/d", "nd", "n.d.", "s/n/d", "sin dato", "sin datos", "no disponible", "no data", "not available", "missing", "no aplica", "not applicable", "#ref!", "#div/0!", "#value!", "#¡div/0!", "#¡valor!", "#¡ref!", "#name?", "#null!", "#num!", "desconocido", "unknown", "x", "c", "z", "s", "nil return", "no practice", "no reportado", "sin informacion", "sin información", "n/e", "s/i", "s.i.", "no especificado", "no especificada", "no identificado", "se ignora", "ns", "nr", "ns/nr", "n/r", "n.e.", "not applicable", "not stated", "suppressed", "redacted", "confidencial", "#n/d", "#¡num!", "#¿nombre?", "#¡nulo!", "<na>", "nd*", "sin registro", "inap", "inap.", "inapreciable", "no determinado", "(en blanco)", "(blank)", "[z]", "[x]", "[c]", "[u]", "[low]", "(x)", "(d)", "(s)", "(z)", "(na)"]
)  # fmt: skip
ALWAYS_NULL = frozenset(
    ["na", "n/a", "#n/a", "nan", "null", "none", "(null)", "<null>", "\\n", "-", "--", "---", "–", "—", "...", "…", "s/d", "n/d", "n.d.", "s.d.", "sin dato", "sin datos", "no disponible", "#ref!", "#div/0!", "#value!", "#¡div/0!", "#¡valor!", "#¡ref!", "#name?", "#null!", "#num!", "#n/d", "#¡num!", "#¿nombre?", "#¡nulo!", "<na>"]
)  # fmt: skip
TRUE_FALSE = (("si", "no"), ("yes", "no"), ("true", "false"), ("verdadero", "falso"), ("s", "n"), ("y", "n"), ("t", "f"), ("v", "f"), ("oui", "non"), ("sim", "nao"))  # fmt: skip
SEX = re.compile(r"sex|g[eé]nero|gender", re.IGNORECASE)
CODED = re.compile(r"^[A-Z\d][A-Z\d./_-]{0,9}$", re.IGNORECASE)
CODE = re.compile(r"^0\d+$")
TIMELIKE = re.compile(r"(?:^|[\W_])(?:mes|month|d[ií]a|day|hora|hour|minuto|minute|a[ñn]o|anio|year)(?:$|[\W_])", re.IGNORECASE)  # fmt: skip
DATELIKE = re.compile(r"fec|date|d[ií]a|periodo|period|mes|month|time|hora|yyyy|aaaa|actuali|updat|creat|_at$|datum", re.IGNORECASE)  # fmt: skip
CODELIKE = re.compile(r"(?:^|[\W_])(?:id|cve|clave|c[oó]digo|code|cod|cp|zip|postal|folio|tel[eé]fono|phone|tel|nss|rfc|curp|fips|isbn|cvegeo|postcode)(?:$|[\W_])|_?id$|^cve|^cod", re.IGNORECASE)  # fmt: skip
COMPASS = re.compile(r"orient|direc|bound|hemis|sentido|rumbo|heading|\bside\b|\blat|\blon", re.IGNORECASE)
"""Names of columns in which S and N are south and north, not yes and no."""
AGED = re.compile(r"(?:^|[\W_])(?:edad|age)(?:$|[\W_])", re.IGNORECASE)
SENTINELS = (-9, -99, -999, -9999, -99999, 99, 999, 9999, 99999, 999999, 9999999, -1)
GEOJSON = re.compile(r'^\{\s*"(?:type|coordinates)"\s*:')
WKT = re.compile(r"^(?:SRID=\d+;)?\s*(?:MULTI)?(?:POINT|LINESTRING|POLYGON)(?:\s*ZM?|\s*M)?\s*\(|^GEOMETRYCOLLECTION\s*\(", re.IGNORECASE)  # fmt: skip
WKB = re.compile(r"^(?:010[1-7]0000[0-9A-F]0|00[0-9A-F]000000[1-7])[0-9A-F]{32,}$", re.IGNORECASE)
PERIOD_TOTAL = re.compile(r"^\d{4}[-/. _]?[mM]?13$|^\d{4}[-\s]?[wWsS](?:99|00)$|^\d{4}[-\s]?[qQtT]5$")
FLAGGED_NULL = re.compile(r"^(?::|\.\.+|…)\s*\(?[a-z]{1,3}\)?$|^[$€£]\s*[-–—]+$", re.IGNORECASE)
NO_DATE = re.compile(r"^(?:9999|0000)[-/.]\d\d[-/.]\d\d(?:[T ].*)?$|^(?:00|99)[-/.](?:00|99)[-/.](?:0000|9999)(?: .*)?$|^31[-/.]12[-/.]9999")  # fmt: skip
DMS = re.compile(r"^([NSEOW])?\s*(-?\d{1,3})\s*[°º]\s*(\d{1,2}(?:[.,]\d+)?)\s*['’′´]\s*(?:(\d{1,2}(?:[.,]\d+)?)\s*(?:\"|”|″|''|’’)?)?\s*([NSEOW])?$", re.IGNORECASE)  # fmt: skip
HEMISPHERE = re.compile(r"^(?=.*[NSEWO])([NSEOW])?\s*(\d{1,3}(?:[.,]\d+)?)\s*°?\s*([NSEOW])?$", re.IGNORECASE)
EXPONENT = re.compile(r"\de[+-]?\d", re.IGNORECASE)
COUNTED = re.compile(r"poblaci|\bpob|habitant|\bhab\b|personas|casos|hogares|viviendas|votos|v[ií]ctimas|alumnos|matr[ií]cula|empleos|trabajadores|population|people|cases|votes", re.IGNORECASE)  # fmt: skip
MANY = re.compile(
    r"miles|millon|thous|millio|tasa|rate|por |per |%|promedio|media\b|densidad|density", re.IGNORECASE
)
ENOUGH = 0.95


@dataclass
class Decision:
    """How one column is read: ``parse`` gives the value of a text, None where it says none.

    ``totals`` are texts of periods that sum others, such as month 13 or week 99.
    """

    type: Type
    parse: Parse
    nulls: frozenset[str] = frozenset()
    grain: Grain | None = None
    unit: str = ""
    failed: dict[str, int] = field(default_factory=dict)
    changes: list[Problem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    totals: frozenset[str] = frozenset()
    style: Style = "dot"
    order: dates.Order = "dmy"

    def value(self, text: str | None) -> object:
        """Return the typed value of one published text."""
        if text is None:
            return None
        bare = text.strip()
        return None if not bare or bare in self.nulls else self.parse(bare)


def stripped(counts: Counts) -> dict[str, int]:
    """Return the counts of the texts without outer spaces and blanks."""
    bare: dict[str, int] = {}
    for text, n in counts.items():
        key = text.strip()
        if key:
            bare[key] = bare.get(key, 0) + n
    return bare


def file_style(columns: Sequence[Counts]) -> Style | None:
    """Return the decimal style that most columns of a file prove, or None."""
    votes = {"dot": 0, "comma": 0}
    for counts in columns:
        numeric = [text for text in list(counts)[:2000] if numbers.take_apart(text)]
        if len(numeric) >= 0.5 * min(len(counts), 2000):
            found = numbers.evidence(numeric)
            votes["dot"] += found.dot > found.comma
            votes["comma"] += found.comma > found.dot
    if votes["dot"] == votes["comma"]:
        return None
    return "dot" if votes["dot"] > votes["comma"] else "comma"


def decide(label: str, counts: Counts, *, dotted: bool = False, elsewhere: Style | None = None) -> Decision:
    """Return how to read a column from the counts of its distinct texts.

    ``dotted`` says that its numbers came from typed cells, so a dot is certainly a decimal
    point. ``elsewhere`` is the decimal style that other columns of the file prove.
    """
    bare = stripped(counts)
    nulls = _null_words(bare)
    rest = {text: n for text, n in bare.items() if text not in nulls}
    always = frozenset(text for text in nulls if text.lower() in ALWAYS_NULL)
    if not rest:
        return _noted(Decision("text", str, always), label, bare)
    for attempt in (_geometry, _boolean, _codes, _degrees, _dates, _numbers):
        found = attempt(label, rest, dotted, elsewhere)
        if found:
            found.nulls = found.nulls | nulls
            return _noted(found, label, bare)
    return _noted(Decision("text", str, always if not _two_letter(rest) else frozenset()), label, bare)


def _null_words(bare: Counts) -> set[str]:
    """Return the texts that may mean 'no data'; single letters only beside many other values."""
    nulls = {
        text for text in bare if text.lower() in NULL_WORDS or FLAGGED_NULL.match(text) or NO_DATE.match(text)
    }
    letters = {text for text in nulls if len(text) == 1 and text.isalpha()}
    return nulls - letters if len(bare) < 30 or len(letters) > 2 else nulls


def _noted(decision: Decision, label: str, bare: Counts) -> Decision:
    """Add what was read as nothing to the changes."""
    gone = {text: n for text, n in bare.items() if text in decision.nulls}
    if gone:
        shown = ", ".join(f"«{text}»" for text in sorted(gone, key=lambda t: -gone[t])[:4])
        decision.changes.append(
            Problem(code="read_nulls", severity="info", where=label, facts={"n": sum(gone.values()), "words": shown})
        )  # fmt: skip
    return decision


def _two_letter(rest: Counts) -> bool:
    """Tell codes such as countries, among which 'NA' is Namibia and 'ND' North Dakota."""
    return len(rest) >= 5 and all(len(text) == 2 and text.isalpha() and text.isupper() for text in rest)


def _geometry(label: str, rest: Counts, dotted: bool, elsewhere: Style | None) -> Decision | None:
    sample = list(rest)[:50]
    shapes = sum(
        bool(WKT.match(text) or WKB.match(text) or (GEOJSON.match(text) and '"coordinates"' in text))
        for text in sample
    )
    return Decision("geometry", str) if shapes >= 0.8 * len(sample) else None


def _boolean(label: str, rest: Counts, dotted: bool, elsewhere: Style | None) -> Decision | None:
    if len(rest) > 20:
        return None
    words = {dates.plain(text) for text in rest}
    yes = next((yes for yes, no in TRUE_FALSE if words == {yes, no}), None)
    if (
        yes is None
        or (words == {"s", "n"} and COMPASS.search(label))
        or (words == {"v", "f"} and SEX.search(label))
    ):
        return None
    change = _change("read_booleans", label, rest, words=" / ".join(sorted(rest)))
    return Decision("boolean", lambda text: dates.plain(text) == yes, changes=[change])


def _codes(label: str, rest: Counts, dotted: bool, elsewhere: Style | None) -> Decision | None:
    """Keep as text what loses its meaning as a number: leading zeros and very long digits."""
    if dotted or TIMELIKE.search(label):
        return None
    digits = {text: n for text, n in rest.items() if text.isdigit() and text.isascii()}
    if not digits or sum(digits.values()) < 0.9 * sum(rest.values()):
        return None
    zeros = {text: n for text, n in digits.items() if CODE.match(text)}
    looks_like_dates = all(len(text) == 8 for text in digits) and not zeros
    if zeros or (max(map(len, digits)) > 15 and not looks_like_dates):
        change = _change("kept_codes", label, zeros or digits)
        return Decision("text", str, changes=[change])
    return None


def _degrees(label: str, rest: Counts, dotted: bool, elsewhere: Style | None) -> Decision | None:
    """Read degrees, minutes and seconds such as 19°25'42"N."""
    if all(map(HEMISPHERE.match, rest)) and any("." in text or "," in text for text in rest):
        return Decision("number", _from_hemisphere, unit="°", changes=[_change("read_numbers", label, rest)])
    if not all(DMS.match(text) for text in list(rest)[:20]) or not all(map(DMS.match, rest)):
        return None
    return Decision("number", _from_degrees, unit="°", changes=[_change("read_numbers", label, rest)])


def _from_hemisphere(text: str) -> float | None:
    found = HEMISPHERE.match(text)
    if not found:
        return None
    value = float((found[2]).replace(",", "."))
    return -value if (found[1] or found[3] or "").upper() in ("S", "W", "O") else value


def _from_degrees(text: str) -> float | None:
    found = DMS.match(text)
    if not found:
        return None
    degrees, minutes, seconds = (float((part or "0").replace(",", ".")) for part in found.groups()[1:4])
    west = (found[1] or found[5] or "").upper() in ("S", "W", "O")
    value = abs(degrees) + minutes / 60 + seconds / 3600
    return round(-value if west or text.startswith("-") else value, 8)


def _change(code: str, label: str, counts: Counts, **facts: str | int) -> Problem:
    example = max(counts, key=lambda text: counts[text])
    told = {"n": sum(counts.values()), "example": example[:60], **facts}
    return Problem(code=code, severity="info", where=label, facts=told)


def _dates(label: str, rest: Counts, dotted: bool, elsewhere: Style | None) -> Decision | None:
    total = sum(rest.values())
    if dates.is_fiscal(rest) or all(map(dates.half_of, rest)):
        return None
    hinted = bool(DATELIKE.search(label))
    found = {text: match for text in rest if (match := dates.match(text))}
    if sum(rest[text] for text in found) < 0.5 * total:
        return _epochs(label, rest) if hinted else None
    if not _credible(label, found):
        return None
    order, proven = dates.order_of(found.values())
    moments = {text: dates.moment(match, order) for text, match in found.items()}
    serials = {text: _serial(text) for text in rest if text not in found} if len(found) < len(rest) else {}
    in_range = _same_years(moments.values())
    moments |= {text: at for text, at in serials.items() if at and in_range(at)}
    totals = frozenset(text for text in rest if moments.get(text) is None and PERIOD_TOTAL.match(text))
    failed = {text: n for text, n in rest.items() if moments.get(text) is None and text not in totals}
    if sum(failed.values()) > (1 - ENOUGH) * total and not _few_words(failed, total):
        return None
    decision = _moments(label, rest, order, {match.form for match in found.values()}, failed, in_range)
    if not proven and any(m.form in ("numeric", "us12") for m in found.values()):
        decision.problems.append(_warning("date_order_assumed", label, next(iter(found))))
    decision.totals = totals
    if totals:
        decision.problems.append(
            _warning("period_totals", label, min(totals), n=sum(rest[t] for t in totals))
        )
    mixed = {text: rest[text] for text, at in serials.items() if at and in_range(at)}
    if mixed:
        decision.changes.append(_change("read_serials", label, mixed))
    return decision


def _moments(
    label: str, rest: Counts, order: dates.Order, forms: set[str], failed: dict[str, int],
    in_range: Callable[[dates.Moment], bool],
) -> Decision:  # fmt: skip
    grain = dates.grain_of(forms)

    def parse(text: str) -> object:
        match = dates.match(text)
        at = dates.moment(match, order) if match else _serial(text)
        return at if match or (at and in_range(at)) else None

    clocked = any(not _is_midnight(parse(text)) for text in list(rest)[:5000])
    type_: Type = "datetime" if clocked else "date"
    shaped = _as_datetime(parse) if clocked else _as_date(parse)
    decision = Decision(type_, shaped, grain="hour" if clocked else grain, failed=failed, order=order)
    if forms != {"ymd"}:
        decision.changes.append(
            _change("read_dates", label, {t: n for t, n in rest.items() if t not in failed})
        )
    return decision


def _is_midnight(at: object) -> bool:
    return not isinstance(at, dt.datetime) or at.time() == dt.time()


def _as_date(parse: Parse) -> Parse:
    def date(text: str) -> object:
        at = parse(text)
        return at.date() if isinstance(at, dt.datetime) else at

    return date


def _as_datetime(parse: Parse) -> Parse:
    def moment(text: str) -> object:
        at = parse(text)
        if isinstance(at, dt.datetime) or at is None:
            return at
        return dt.datetime.combine(at, dt.time()) if isinstance(at, dt.date) else None

    return moment


def _credible(label: str, found: Mapping[str, dates.Found]) -> bool:
    """Refuse bare digits as dates unless the name or all the values speak for it."""
    forms = {match.form for match in found.values()}
    if not forms <= dates.SPECIAL:
        return True
    if len(forms) == 1 and all(not text.isdigit() for text in found):
        return True
    valid = sum(
        dates.moment(match) is not None or bool(PERIOD_TOTAL.match(text)) for text, match in found.items()
    )
    if DATELIKE.search(label) and not CODELIKE.search(label):
        return valid >= 0.9 * len(found)
    return forms == {"compact"} and len(found) >= 10 and valid == len(found)


def _epochs(label: str, rest: Counts) -> Decision | None:
    """Read whole numbers of seconds or milliseconds since 1970 in a column named like a date."""
    values = [int(text) for text in rest if text.isdigit()]
    if len(values) < len(rest):
        return None
    for scale, low, high in ((1000, 10**11, 5 * 10**12), (1, 3 * 10**8, 5 * 10**9)):
        if all(low < value < high for value in values):
            change = _change("read_epochs", label, rest)
            return Decision("datetime", partial(_epoch, scale=scale), grain="hour", changes=[change])
    serials = re.search(r"fec|date", label, re.IGNORECASE) and all(20000 < v < 60000 for v in values)
    if serials:
        return Decision("date", _serial, grain="day", changes=[_change("read_serials", label, rest)])
    return None


def _epoch(text: str, scale: int) -> dt.datetime:
    return dt.datetime(1970, 1, 1) + dt.timedelta(seconds=int(text) / scale)


def _serial(text: str) -> dates.Moment | None:
    try:
        return dates.from_excel(float(text))
    except ValueError:
        return None


def _same_years(moments: object) -> Callable[[dates.Moment], bool]:
    years = [at.year for at in moments if at]  # type: ignore[attr-defined]
    low, high = (min(years) - 2, max(years) + 2) if years else (1, 0)
    return lambda at: low <= at.year <= high


def _few_words(failed: Counts, total: int) -> bool:
    """Tell failures that are a few repeated words, such as 'No Practice', not another type."""
    wordy = all(len(text) > 2 and not any(c.isdigit() for c in text) for text in failed)
    return wordy and len(failed) <= 3 and sum(failed.values()) <= 0.4 * total


def _are_codes(failed: Counts, good: Mapping[str, float | int]) -> bool:
    """Tell a column of codes, most of them digits ('1', '12', 'A', '7B'), from numbers with odd notes."""
    coded = [text for text in failed if CODED.match(text)]
    whole = all(isinstance(value, int) for value in good.values())
    return whole and len(coded) > 0.5 * len(failed) and len(good) < 200 * len(coded)


def _warning(code: str, label: str, example: str, **facts: str | int) -> Problem:
    return Problem(code=code, severity="warning", where=label, facts={"example": example[:60], **facts})


def _numbers(label: str, rest: Counts, dotted: bool, elsewhere: Style | None) -> Decision | None:
    total = sum(rest.values())
    parts = {text: taken for text in rest if (taken := numbers.take_apart(text))}
    limits = {text: n for text, n in rest.items() if text not in parts and numbers.is_limit(text)}
    style: Style
    told = numbers.evidence(parts)
    style, assumed = ("dot", False) if dotted else numbers.decide_style(told, elsewhere)
    if assumed and _counts_people(label, told.ambiguous):
        style = "comma"
    shares = _percents(parts, rest)
    values = {text: numbers.read(text, style) for text in parts if text not in shares}
    good = {text: value for text, value in values.items() if value is not None}
    failed = {text: n for text, n in rest.items() if text not in good and text not in limits}
    words = {text: n for text, n in failed.items() if text not in shares}
    if not good or (
        sum(words.values()) > (1 - ENOUGH) * (total - sum(limits.values())) and not _few_words(words, total)
    ):
        return None
    if _marks_are_units(parts, rest) or (words and _are_codes(words, good)):
        return None
    sentinels = _sentinels(label, good, rest)
    whole = all(isinstance(value, int) or float(value).is_integer() for value in good.values())
    whole = whole and all(abs(value) < 2**62 for value in good.values())
    written_whole = whole and not any(EXPONENT.search(text) for text in list(good)[:1000])
    decision = Decision(
        "integer" if written_whole else "number",
        partial(_amount, style=style, whole=written_whole, shares=bool(shares)),
        nulls=frozenset(sentinels) | frozenset(limits),
        unit=_unit(parts, rest),
        failed=failed,
        style=style,
    )  # fmt: skip
    odd = {text: rest[text] for text in good if not numbers.PLAIN.match(text)}
    if odd:
        decision.changes.append(_change("read_numbers", label, odd))
    if limits:
        decision.problems.append(
            _warning("limits_left_out", label, next(iter(limits)), n=sum(limits.values()))
        )
    if assumed:
        example = numbers.evidence(parts).ambiguous[0]
        code = "decimals_assumed" if style == ("comma" if "," in example else "dot") else "thousands_assumed"
        decision.problems.append(_warning(code, label, example))
    return decision


def _counts_people(label: str, ambiguous: Sequence[str]) -> bool:
    """Tell '1.234', '12.345' and '123.456' of things counted: nobody counts them to the thousandth."""
    lengths = {len(text) for text in ambiguous}
    dots = all("." in text for text in ambiguous)
    return (
        dots
        and len(ambiguous) >= 3
        and len(lengths) > 1
        and bool(COUNTED.search(label))
        and not MANY.search(label)
    )


def _percents(parts: Mapping[str, numbers.Written], rest: Counts) -> frozenset[str]:
    """Return the texts that are percentages among a majority that are not: they say something else."""
    odd = frozenset(text for text, taken in parts.items() if taken.percent)
    n = sum(rest[text] for text in odd)
    return odd if n <= 0.3 * sum(rest[text] for text in parts) else frozenset()


def _amount(text: str, style: Style, whole: bool, shares: bool) -> float | int | None:
    """Return the number a text says; none for a percentage among ``shares`` that say something else."""
    value = None if shares and text.endswith("%") else numbers.read(text, style)
    return None if value is None else int(value) if whole else float(value)


def _marks_are_units(parts: Mapping[str, numbers.Written], rest: Counts) -> bool:
    """Refuse codes such as '12 B' whose letters differ from value to value and mean something."""
    marked = [taken.mark for text, taken in parts.items() if taken.mark and taken.mark.isalpha()]
    return len(marked) > 0.5 * len(parts) and len(set(marked)) > 3


def _unit(parts: Mapping[str, numbers.Written], rest: Counts) -> str:
    total = sum(rest[text] for text in parts)
    if sum(rest[text] for text, taken in parts.items() if taken.percent) > 0.5 * total:
        return "%"
    written = {taken.currency for taken in parts.values() if taken.currency}
    written |= {taken.mark for taken in parts.values() if len(taken.mark) > 1 and taken.mark.isalpha()}
    return written.pop() if len(written) == 1 else ""


def _sentinels(label: str, values: Mapping[str, float | int], counts: Counts) -> set[str]:
    """Return the texts that stand for 'no data' by their distance from all the others.

    A sentinel repeats, and lies far outside: above three times the rest (twice for negatives:
    the only negative of the column).
    """
    found: set[str] = set()
    if len(values) < 5:
        return found
    for sentinel in SENTINELS:
        texts = [text for text, value in values.items() if value == sentinel]
        rest = [value for value in values.values() if value not in SENTINELS]
        if not texts or len(rest) < 4 or sum(counts[text] for text in texts) < 2:
            continue
        low, high = min(rest), max(rest)
        aged = sentinel == -1 and bool(AGED.search(label))
        outside = ((sentinel < -1 or aged) and low >= 0) or (
            sentinel > 0 and high * 3 < sentinel and sentinel > 900
        )
        if outside and not math.isclose(high, sentinel):
            found.update(texts)
    return found


def describe_failures(label: str, failed: Counts) -> Problem:
    """Return the warning about the texts that a typed column could not read."""
    example = ", ".join(f"«{text[:40]}»" for text in sorted(failed, key=lambda t: -failed[t])[:3])
    facts: dict[str, str | int | float] = {"n": sum(failed.values()), "example": example}
    return Problem(code="cells_not_read", severity="warning", where=label, facts=facts)


def scalar(value: object) -> Scalar:
    """Return a value as JSON can hold it: dates in ISO."""
    if isinstance(value, dt.date):
        return value.isoformat()
    return value if isinstance(value, str | int | float | bool) else None
