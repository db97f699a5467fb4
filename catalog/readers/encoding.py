"""Turn any text file into UTF-8 with plain line ends, saying what it was."""

import codecs
import math
import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from web.values import Problem

CHUNK = 1 << 20
BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
CP1252_HOLES = b"\x81\x8d\x8f\x90\x9d"
MOJIBAKE = re.compile("[ÃÂ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ¡-¿]")


def to_utf8(path: Path, work: Path) -> tuple[Path, str, list[Problem]]:
    """Return a UTF-8 file with the same text and LF line ends, the encoding found, and remarks.

    A file that already is UTF-8 with LF or CRLF is returned as it is.
    """
    encoding, carriage = _look(path)
    if encoding == "utf-8" and not carriage:
        return path, encoding, _mojibake(path)
    target = work / "text-utf8"
    errors = "replace"
    if encoding == "utf-8-broken":
        codecs.register_error("latin", _as_cp1252)
        errors = "latin"
    name = "utf-8" if encoding == "utf-8-broken" else encoding
    with path.open("rb") as source, target.open("w", encoding="utf-8", newline="") as out:
        decoder = codecs.getincrementaldecoder(name)(errors)
        held = ""
        while True:
            raw = source.read(CHUNK)
            text = held + decoder.decode(raw, not raw)
            held = "\r" if text.endswith("\r") and raw else ""
            text = text.removesuffix("\r") if held else text
            out.write(text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", ""))
            if not raw:
                break
    problems = _mojibake(target)
    if encoding == "utf-8-broken":
        problems.append(Problem(code="encoding_mixed", severity="warning"))
    elif encoding not in ("utf-8", "utf-8-sig", "ascii"):
        problems.append(Problem(code="encoding_read", severity="info", facts={"encoding": encoding}))
    return target, encoding, problems


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    bad = error.object[error.start : error.end]
    return bad.decode("cp1252", "replace"), error.end


def _look(path: Path) -> tuple[str, bool]:
    """Return the encoding of a file and whether its line ends or NULs must be rewritten."""
    with path.open("rb") as source:
        head = source.read(CHUNK)
        for bom, name in BOMS:
            if head.startswith(bom):
                return name, True
        wide = _utf16_without_mark(head)
        if wide:
            return wide, True
        source.seek(0)
        return _narrow(source, head)


def _utf16_without_mark(head: bytes) -> str:
    even, odd = head[0:4096:2], head[1:4096:2]
    if odd.count(0) > 0.4 * len(odd) and even.count(0) < 0.05 * len(even):
        return "utf-16-le"
    if even.count(0) > 0.4 * len(even) and odd.count(0) < 0.05 * len(odd):
        return "utf-16-be"
    return ""


def _narrow(source: object, head: bytes) -> tuple[str, bool]:
    decoder = codecs.getincrementaldecoder("utf-8")()
    bad, high, carriage = False, bytearray(), False
    good_runs = 0
    while raw := source.read(CHUNK):  # type: ignore[attr-defined]
        carriage = carriage or b"\x00" in raw or bool(re.search(rb"\r(?!\n|$)", raw))
        if not bad:
            try:
                decoder.decode(raw)
            except UnicodeDecodeError:
                bad = True
        if len(high) < CHUNK and not raw.isascii():
            high += b"\n".join(line for line in raw.split(b"\n") if not line.isascii())
            good_runs += len(re.findall(rb"[\xc3][\x80-\xbf]", raw))
    try:
        decoder.decode(b"", True)
    except UnicodeDecodeError:
        bad = True
    if not bad:
        return "utf-8", carriage
    sample = bytes(high[:CHUNK])
    lines = sample.split(b"\n")
    valid = sum(_is_utf8(line) for line in lines)
    if valid > 0.8 * len(lines) and len(lines) > 4:
        return "utf-8-broken", True
    return _single_byte(sample), True


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _single_byte(sample: bytes) -> str:
    """Choose between Western single-byte and East Asian encodings by what the text becomes."""
    found = _east_asian(sample) or _other_script(sample)
    if found:
        return found
    eastern = _central_european(sample)
    if eastern:
        return eastern
    if re.search(rb"[\x80-\x9f]", sample):
        dos, mac, windows = (_sense(sample, name) for name in ("cp850", "mac_roman", "cp1252"))
        if dos > max(mac, windows):
            return "cp850"
        if mac > windows:
            return "mac_roman"
        return "latin-1" if re.search(b"[" + re.escape(CP1252_HOLES) + b"]", sample) else "cp1252"
    return "latin-1"


def _central_european(sample: bytes) -> str:
    """Return the encoding of Polish, Czech or Turkish text, which has signs within words when read as Western."""
    western = sample.decode("cp1252", "replace")
    foreign = len(re.findall(r"[^\x00-\x7f]", western))
    if len(re.findall(r"[þð]|(?<=[a-z])ý(?=[a-z])", western)) > max(1, 0.1 * foreign) and "þ" in western:
        return "cp1254"
    signs = len(re.findall(r"(?<=[A-Za-z])[¹³¿¶±¼¾½œŸ¡£¦¯ž](?=[a-zæêñó])|(?<=[a-z])[œ¶Ÿ¼]æ?\b", western))
    if signs <= max(1, 0.1 * foreign):
        return ""
    read = {name: sample.decode(name, "replace") for name in ("cp1250", "iso8859_2")}
    return max(read, key=lambda name: len(re.findall(r"[ąćęłńóśźżĄĆĘŁŃŚŹŻčďěňřšťůžőű]", read[name])))


def _sense(sample: bytes, encoding: str) -> float:
    """Score how much a decoding looks like words: accented letters beside letters, quotes and signs at edges."""
    text = sample.decode(encoding, "replace")
    good = len(
        re.findall(r"(?<=[A-Za-zß-ü])[áéíóúñüàèìòùâêîôûçãõäößëïÁÉÍÓÚÑÜÀÈÇÃÕÄÖ](?=[A-Za-zß-ü\s,;.\"])", text)
    )
    good += len(re.findall(r"(?<![A-Za-z])[ÁÉÍÓÚÑÜáéíóúñü](?=[A-Za-z])", text))
    good += len(
        re.findall(r"[€£](?=\s?\d)|(?<=\d)\s?[€°º]|[“‘](?=\w)|(?<=[\w.])[”’]|\s[–—]\s|(?<=\d)[–](?=\d)", text)
    )
    return good


def _east_asian(sample: bytes) -> str:
    """Return the double-byte encoding under which nearly all letters are everyday ones, else ''."""
    high = len(re.findall(rb"[\x80-\xff]", sample))
    for encoding, usual in _likely(sample):
        text = sample.decode(encoding, "replace")
        foreign = re.findall(r"[^\x00-\x7f]", text)
        everyday = sum(bool(usual.match(letter)) for letter in foreign)
        if (
            foreign
            and everyday >= 0.9 * len(foreign)
            and high >= 1.2 * len(foreign)
            and _first_level(sample, encoding)
        ):
            return encoding
    return ""


def _likely(sample: bytes) -> Sequence[tuple[str, re.Pattern[str]]]:
    """Return the encodings to try, the one first for which the first and last bytes of letters speak.

    In Big5 four letters in ten end in a low byte, in the everyday part of GB none; Korean syllables
    begin with fewer bytes than Chinese or Japanese words do, and Japanese is full of kana.
    """
    pairs = re.findall(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]", sample)
    if len(pairs) < 6 or any(pair[1] < 0xA1 for pair in pairs):
        return USUAL
    kana = sum(pair[0] in (0xA4, 0xA5) for pair in pairs)
    hangul = sum(0xB0 <= pair[0] <= 0xC8 for pair in pairs)
    first = "euc_jp" if kana > 0.05 * len(pairs) else "euc_kr" if hangul > 0.97 * len(pairs) else "gb18030"
    return sorted(USUAL, key=lambda one: one[0] != first)


USUAL = (
    ("shift_jis", re.compile(r"[ぁ-んァ-ヶー一-龠、。・「」（）：　％]")),
    ("euc_jp", re.compile(r"[ぁ-んァ-ヶー一-龠、。・「」（）：　％]")),
    ("euc_kr", re.compile(r"[가-힣]")),
    ("big5hkscs", re.compile(r"[一-龥、。，：；（）「」　％]")),
    ("gb18030", re.compile(r"[一-龥、。，：；（）《》“”　％]")),
)
LEADS = {
    "big5hkscs": rb"[\xa1-\xc6]",
    "gb18030": rb"[\xa1-\xd7]",
    "euc_kr": rb"[\xa1-\xc8]",
    "euc_jp": rb"[\xa1-\xcf]",
}


def _first_level(sample: bytes, encoding: str) -> bool:
    """Tell whether letters come from the everyday part of an encoding, where Western accents do not fall."""
    if encoding == "shift_jis":
        return len(re.findall(r"[ぁ-んァ-ヶ]", sample.decode(encoding, "replace"))) > 2
    pairs = re.findall(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]", sample)
    return sum(bool(re.match(LEADS[encoding], pair)) for pair in pairs) >= 0.75 * len(pairs)


def _other_script(sample: bytes) -> str:
    """Return the Cyrillic, Greek, Hebrew or Arabic encoding of a text that is mostly not Western, else ''."""
    high, letters = len(re.findall(rb"[\x80-\xff]", sample)), len(re.findall(rb"[A-Za-z]", sample))
    runs = re.findall(rb"[\x80-\xff]{3,}", sample)
    if sum(map(len, runs)) < 0.6 * high or high < 0.3 * letters:
        return ""
    scored = {encoding: _script_sense(sample[:100_000], encoding) for encoding in SCRIPTS}
    best = max(scored, key=lambda encoding: scored[encoding])
    return best if scored[best] > NO_SCRIPT else ""


LETTERS = {
    "cyrillic": "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфё", "greek": "αοιετσνηυρπκμλςάίέόήωγδβχύώφθξζψ",
    "hebrew": "יוהלאתרשמבנקדחעםפסטגזצכןךףץ", "arabic": "اليمنرتبوةهدعفسحكأقجشصطخإىضزثذئغءؤظآ",
}  # fmt: skip
"""The letters of scripts, the most frequent first."""
SCRIPTS = {
    "cp1251": "cyrillic", "koi8_r": "cyrillic", "cp866": "cyrillic", "iso8859_5": "cyrillic", "mac_cyrillic": "cyrillic",
    "cp1253": "greek", "iso8859_7": "greek", "cp1255": "hebrew", "cp1256": "arabic", "iso8859_6": "arabic",
}  # fmt: skip
NO_SCRIPT = -3.8


def _script_sense(sample: bytes, encoding: str) -> float:
    """Score how much a decoding looks like words of its script: by how frequent its letters are, the more
    when small ones follow capitals and never the reverse."""
    letters = LETTERS[SCRIPTS[encoding]]
    weight = {letter: -math.log(at + 4) for at, letter in enumerate(letters)}
    weight |= {letter.upper(): value - 0.1 for letter, value in weight.items() if letter.upper() != letter}
    foreign = [letter for letter in sample.decode(encoding, "replace") if letter > "\x7f"]
    raised = sum(a.islower() and b.isupper() for a, b in pairwise(foreign))
    total = sum(weight.get(letter, -6.0) for letter in foreign)
    return (total - 2 * raised) / max(1, len(foreign))


def _mojibake(path: Path) -> list[Problem]:
    """Notice text that was decoded wrongly before it was published (Ã¡ for á)."""
    with path.open("r", encoding="utf-8", errors="replace") as source:
        sample = source.read(4 * CHUNK)
    if sample.isascii():
        return []
    problems = []
    found = MOJIBAKE.findall(sample)
    if found and len(found) > 0.1 * len(re.findall(r"[^\x00-\x7f]+", sample)):
        example = MOJIBAKE.search(sample)
        assert example
        around = sample[max(0, example.start() - 12) : example.end() + 12].split("\n")[0]
        problems.append(
            Problem(code="mojibake", severity="warning", facts={"n": len(found), "example": around})
        )
    lost = sample.count("\ufffd")
    if lost:
        problems.append(Problem(code="characters_lost", severity="warning", facts={"n": lost}))
    return problems
