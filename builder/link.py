"""A chart's specification as a piece of an address, and back."""

import base64
import binascii
import json
import zlib
from typing import Any

from pydantic import ValidationError

from builder.spec import ChartSpec
from web.values import Refused

MOST_BYTES = 65_536


def encode(spec: ChartSpec) -> str:
    """Return the spec in letters, digits, ``-`` and ``_``; what is as usual is left out."""
    text = spec.model_dump_json(exclude_defaults=True)
    packed = zlib.compress(text.encode(), 9)
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def decode(text: str) -> ChartSpec:
    """Return the spec of :func:`encode`, or of plain JSON; raises Refused ``spec_unreadable``."""
    if text.lstrip().startswith("{"):
        return read_spec(text)
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        plain = zlib.decompressobj().decompress(packed, MOST_BYTES)
    except (binascii.Error, ValueError, zlib.error):
        raise Refused("spec_unreadable", reason="not a chart") from None
    return read_spec(plain)


def read_spec(document: str | bytes | dict[str, Any]) -> ChartSpec:
    """Return the ChartSpec of a JSON document; raises Refused ``spec_unreadable`` with the first reason."""
    try:
        given = document if isinstance(document, dict) else json.loads(document)
        return ChartSpec.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Refused("spec_unreadable", reason=f"{where}: {first['msg']}"[:300]) from None
    except (ValueError, RecursionError) as error:
        raise Refused("spec_unreadable", reason=str(error)[:300]) from None
