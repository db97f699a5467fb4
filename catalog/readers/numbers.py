"""Numbers as people write them: separators, currency, percent, accounting minus, marks and limits."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

Style = Literal["dot", "comma"]

CURRENCY = r"(?:US\$|MX\$|R\$|[$€£¥₱₡]|S/\.?|MXN|MNX|USD|EUR|GBP|CAD|CHF|M\.?N\.?)"
AFFIXES = re.compile(rf"^{CURRENCY}\s*|\s*{CURRENCY}$", re.IGNORECASE)
MARKS = re.compile(
    r"(?:\s*[*†‡¹²³⁴⁵⁶⁷⁸⁹]+|\s+(?:[a-z]{1,2}|\d)/|[a-z]/|\s+[a-z]{1,3}|\s*\([a-z]{1,2}\)|\s*\[[a-z0-9]{1,2}\]"
    r"|\s+[\[(]\d+(?:[.,]\d+)?\s*[-–,;]\s*\d+(?:[.,]\d+)?[\])])$"
)
LIMIT = re.compile(r"^(?:<=?|>=?|≤|≥|menos de|más de|less than|more than)\s*[\d.,]+\s*%?$", re.IGNORECASE)
SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
SPACED = re.compile(r"^[1-9]\d{0,2}(?:[\s\u00a0\u2007\u2009\u202f'’´]\d{3})+(?:[.,]\d+)?$")
APOSTROPHES = str.maketrans("", "", "'’´")
PLAIN = re.compile(r"^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$")
COMMA_GROUPS = re.compile(r"^\d{1,3}(?:,\d{3})+(?:\.\d*)?$")
INDIAN_GROUPS = re.compile(r"^\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d*)?$")
DOT_GROUPS = re.compile(r"^\d{1,3}(?:\.\d{3})+(?:,\d*)?$")
COMMA_DECIMAL = re.compile(r"^(?:\d+,\d*|,\d+)(?:[eE][+-]?\d{1,3})?$")
HAS_DIGIT = re.compile(r"\d")
DIGITS = re.compile(r"^(?=.*\d)[\d.,]+(?:[eE][+-]?\d{1,3})?$")
AMBIGUOUS = re.compile(r"^[1-9]\d{0,2}[.,]\d{3}$")


@dataclass(frozen=True)
class Written:
    """One text taken apart: its bare digits and what stood around them."""

    digits: str
    negative: bool = False
    percent: bool = False
    currency: str = ""
    mark: str = ""


def take_apart(text: str) -> Written | None:
    """Return the parts of a text that may be a number, or None."""
    if len(text) > 40 or text.isalpha():
        return None
    if PLAIN.match(text):
        return Written(text.lstrip("+-"), text.startswith("-"))
    if not HAS_DIGIT.search(text):
        return None
    bare = text.strip().replace("−", "-").replace("–", "-") if text[:1] in "−–" else text.strip()
    mark = MARKS.search(bare)
    if mark and any(c.isdigit() for c in bare[: mark.start()]):
        bare = bare[: mark.start()]
    negative = False
    if bare.startswith("(") and bare.endswith(")"):
        bare, negative = bare[1:-1].strip(), True
    currency = ""
    for _ in range(2):
        sign = re.match(r"^([+-])\s*", bare)
        if sign:
            negative, bare = negative or sign[1] == "-", bare[sign.end() :]
        found = AFFIXES.search(bare)
        if found:
            currency, bare = found[0].strip(), AFFIXES.sub("", bare, count=1)
    percent = bare.endswith("%")
    bare = bare.rstrip("%").rstrip() if percent else bare
    if bare.endswith("-") and bare[:-1].replace(",", "").replace(".", "").isdigit():
        negative, bare = True, bare[:-1]
    if SPACED.match(bare):
        bare = SPACES.sub("", bare).translate(APOSTROPHES)
    if not DIGITS.match(bare) or not (bare.isdigit() or AMBIGUOUS.match(bare) or style_of(bare)):
        return None
    return Written(bare, negative, percent, currency, mark[0].strip() if mark else "")


def style_of(digits: str) -> Style | None:
    """Return which mark separates decimals when the text alone proves it."""
    if AMBIGUOUS.match(digits) or digits.isdigit():
        return None
    if COMMA_GROUPS.match(digits) or INDIAN_GROUPS.match(digits) or PLAIN.match(digits):
        return "dot"
    if DOT_GROUPS.match(digits) or COMMA_DECIMAL.match(digits):
        return "comma"
    return None


def number(digits: str, style: Style) -> float | int | None:
    """Return the number of bare digits; a text that proves its own style is read by that."""
    own = style_of(digits) or style
    plain = digits.replace(",", "") if own == "dot" else digits.replace(".", "").replace(",", ".")
    if own == "dot" and "," in digits and not (COMMA_GROUPS.match(digits) or INDIAN_GROUPS.match(digits)):
        return None
    if own == "comma" and "." in digits and not DOT_GROUPS.match(digits):
        return None
    if not PLAIN.match(plain):
        return None
    if plain.isdigit():
        return int(plain)
    value = float(plain)
    return value if abs(value) != float("inf") else None


def read(text: str, style: Style) -> float | int | None:
    """Return the number a text says under a decimal style, or None."""
    parts = take_apart(text)
    value = number(parts.digits, style) if parts else None
    if value is None or parts is None:
        return None
    return -value if parts.negative else value


def is_limit(text: str) -> bool:
    """Tell whether the text is only a bound, such as '<5': a published limit, not a number."""
    return bool(LIMIT.match(text.strip()))


@dataclass
class Evidence:
    """What the texts of a column say about their decimal mark."""

    dot: int = 0
    comma: int = 0
    ambiguous: list[str] = field(default_factory=list)
    longest_bare: int = 0
    bare: int = 0


def evidence(texts: Iterable[str]) -> Evidence:
    """Weigh the decimal style of a column's distinct texts."""
    found = Evidence()
    for text in texts:
        parts = take_apart(text)
        if parts is None:
            continue
        style = style_of(parts.digits)
        if style == "dot":
            found.dot += 1
        elif style == "comma":
            found.comma += 1
        elif AMBIGUOUS.match(parts.digits):
            found.ambiguous.append(parts.digits)
        else:
            found.longest_bare = max(found.longest_bare, len(parts.digits))
            found.bare += 1
    return found


def decide_style(found: Evidence, elsewhere: Style | None) -> tuple[Style, bool]:
    """Return the decimal style of a column, and whether it had to be assumed.

    '1,234' alone reads as thousands and '1.234' as decimals, unless other values of the column,
    or ``elsewhere`` (the other columns of the file), prove the contrary; beside whole numbers from
    1,000 on without a mark, the thousands are assumed. Whole numbers below
    1,000 beside '1.234' and '12.000' speak for thousands: decimals would not all have three places.
    """
    if found.dot or found.comma:
        return ("dot" if found.dot >= found.comma else "comma"), False
    if not found.ambiguous:
        return "dot", False
    if elsewhere:
        return elsewhere, False
    commas = sum("," in text for text in found.ambiguous)
    if commas and commas == len(found.ambiguous):
        return "dot", found.longest_bare > 3
    grouped = found.bare > 0 and found.longest_bare <= 3 and len(found.ambiguous) > 1
    return ("comma" if grouped else "dot"), True
