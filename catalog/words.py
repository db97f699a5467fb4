"""Words as search compares them: without case and accents, and as Spanish and English stems."""

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

WORD = re.compile(r"[^\W_]+")
_STEMMERS = {
    language: snowballstemmer.stemmer(name) for language, name in (("es", "spanish"), ("en", "english"))
}
_MARKS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")
_LONGEST = 40
_JOINING = frozenset((
    "a", "al", "and", "by", "con", "de", "del", "el", "en", "entre", "for", "from", "in", "la",
    "las", "los", "of", "on", "or", "para", "por", "se", "sin", "sobre", "the", "to", "un", "una", "y",
))  # fmt: skip


def fold(text: str) -> str:
    """Return a text without case and accents: ``fold("Álvaro ÑU")`` is ``"alvaro nu"``."""
    if text.isascii():
        return text.lower()
    return _MARKS.sub("", unicodedata.normalize("NFKD", text.casefold()))


def words_of(text: str) -> list[str]:
    """Return the folded words of a text, in order."""
    return WORD.findall(fold(text))


def asked(text: str, most: int) -> list[str]:
    """Return the words a search is about: without the small ones that only join others."""
    words = words_of(text)[: 2 * most]
    telling = [word for word in words[:-1] if word not in _JOINING]
    return [*telling, *words[-1:]][:most]


@lru_cache(maxsize=100_000)
def stem(word: str, language: str) -> str:
    """Return the Snowball stem of a folded word in ``es`` or ``en``."""
    found: str = _STEMMERS[language].stemWord(word) if len(word) <= _LONGEST and word.isalpha() else word
    return fold(found)


def stems(text: str) -> tuple[str, str]:
    """Return the Spanish and English stems of a text's words, each once, as texts to index."""
    found = set(map(_stems, set(text.split())))
    return " ".join({spanish for spanish, _ in found}), " ".join({english for _, english in found})


@lru_cache(maxsize=100_000)
def _stems(piece: str) -> tuple[str, str]:
    """Return the stems of what stands between two blanks: a word with its punctuation, or several."""
    words = words_of(piece)
    return " ".join(stem(word, "es") for word in words), " ".join(stem(word, "en") for word in words)


def nearby(word: str) -> set[str]:
    """Return every text one letter away from a word: dropped, swapped, changed or added."""
    letters = "abcdefghijklmnopqrstuvwxyz0123456789"
    halves = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    return (
        {a + b[1:] for a, b in halves if b}
        | {a + b[1] + b[0] + b[2:] for a, b in halves if len(b) > 1}
        | {a + c + b[1:] for a, b in halves if b for c in letters}
        | {a + c + b for a, b in halves for c in letters}
    ) - {word}
