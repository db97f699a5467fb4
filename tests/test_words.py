"""Everything a person reads exists in both languages, and every refusal has its sentence."""

import ast
import importlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from web.i18n import LOCALE_DIR, SENTENCES

ROOT = Path(__file__).parents[1]
ROOMS = ("web", "catalog", "builder", "stories")
KEYWORDS = {"_": None, "N_": None, "say": None, "plural": (1, 2), "screen": (2,)}
PLURAL = re.compile(r"_\.plural\(\s*\"([^\"]+)\"")
"""A plural in a template: Babel finds only plain calls there."""
FIELD = re.compile(r"\{(\w+)\}")


def python_files() -> Iterator[Path]:
    for room in ROOMS:
        yield from (ROOT / room).rglob("*.py")
    yield ROOT / "serve.py"


@cache
def extracted() -> dict[str, str]:
    """Return each message of the product with where it is."""
    found: dict[str, str] = {}
    templates = [path for room in ROOMS for path in (ROOT / room).rglob("templates/*.html")]
    for method, files in (("python", python_files()), ("jinja2", templates)):
        for path in files:
            options = {"trimmed": "true", "silent": "false"} if method == "jinja2" else {}
            for line, message, _, _ in extract_from_file(method, str(path), KEYWORDS, options=options):
                found[message[0] if isinstance(message, tuple) else message] = (
                    f"{path.relative_to(ROOT)}:{line}"
                )
    for path in templates:
        found |= dict.fromkeys(PLURAL.findall(path.read_text("utf-8")), str(path.relative_to(ROOT)))
    return found


def translated() -> dict[str, tuple[str, ...]]:
    """Return every Spanish text by its message id; plurals have two."""
    texts: dict[str, tuple[str, ...]] = {}
    for path in sorted((LOCALE_DIR / "es").glob("*.po")):
        for message in read_po(path.open("rb"), locale="es"):
            if not message.id or message.fuzzy:
                continue
            one = message.id[0] if isinstance(message.id, tuple) else message.id
            strings = message.string if isinstance(message.string, tuple) else (message.string,)
            texts[one] = tuple(str(string) for string in strings)
    return texts


def test_every_sentence_has_a_spanish_translation() -> None:
    spanish = translated()
    missing = {
        text: where
        for text, where in extracted().items()
        if not all(spanish.get(text, ("",))) and text not in ("", "API")
    }
    assert not missing, "\n".join(f"{where}: {text!r}" for text, where in sorted(missing.items()))


def test_nothing_is_translated_that_nobody_says() -> None:
    assert sorted(set(translated()) - set(extracted())) == []


def test_translations_keep_the_facts_of_their_sentences() -> None:
    wrong = [
        (source, text)
        for source, texts in translated().items()
        for text in texts
        if set(FIELD.findall(text)) - {"n"} != set(FIELD.findall(source)) - {"n"}
    ]
    assert not wrong


def test_no_message_is_translated_in_two_ways() -> None:
    seen: dict[str, tuple[str, str]] = {}
    clashes = []
    for path in sorted((LOCALE_DIR / "es").glob("*.po")):
        for message in read_po(path.open("rb"), locale="es"):
            said = seen.setdefault(str(message.id), (str(message.string), path.name))
            if message.id and said[0] != str(message.string):
                clashes.append(f"{message.id}: {said[0]} ({said[1]}) / {message.string} ({path.name})")
    assert not clashes, "\n".join(clashes)


def _codes(path: Path) -> Iterator[tuple[str, int]]:
    """Return the codes a module refuses with or tells, as far as they are written out."""
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call) or getattr(node.func, "id", "") not in ("Refused", "Problem"):
            continue
        given = [keyword.value for keyword in node.keywords if keyword.arg == "code"]
        given = given or node.args[:1] if getattr(node.func, "id", "") == "Refused" else given
        for part in (piece for code in given for piece in ast.walk(code)):
            if isinstance(part, ast.Constant) and isinstance(part.value, str) and "_" in part.value:
                yield part.value, node.lineno


def test_every_refusal_has_its_sentence() -> None:
    for room in ROOMS:
        importlib.import_module(f"{room}.problems")
    importlib.import_module("serve")
    unsaid = [
        f"{path.relative_to(ROOT)}:{line}: {code}"
        for path in python_files()
        for code, line in _codes(path)
        if code not in SENTENCES
    ]
    assert not unsaid, "\n".join(unsaid)


@pytest.mark.parametrize("spanish", [" tú ", " tu ", " tus ", "¡Haz", "Puedes", "puedes ", "tienes "])
def test_spanish_does_not_use_the_familiar_form(spanish: str) -> None:
    assert not [text for texts in translated().values() for text in texts if spanish in f" {text} "]
