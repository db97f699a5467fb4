"""Frozen values, their content hashes, and problems as data."""

import hashlib
import json
from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """A frozen value that refuses unknown fields; replace it with ``model_copy(update=…)``."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Problem(Value):
    """Something a person should know, as data; :func:`web.i18n.explain` puts it in words.

    ``code`` names the sentence, ``facts`` fill it, ``where`` is the place it speaks of
    (a file, a column, a block id).
    """

    code: str
    severity: Literal["info", "warning", "error"] = "error"
    where: str = ""
    facts: Mapping[str, str | int | float] = {}


class Refused(Exception):
    """A clear refusal that reaches the person who asked, as its :class:`Problem`."""

    def __init__(self, code: str, where: str = "", **facts: str | int | float):
        self.problem = Problem(code=code, where=where, facts=facts)
        super().__init__(f"{code} {where} {facts}")


def content_hash(value: object) -> str:
    """Return 16 hex digits of SHA-256 over the canonical JSON of a value or plain data."""
    plain = value.model_dump(mode="json") if isinstance(value, BaseModel) else value
    text = json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
