"""The numbers behind a chart as a table of text: as read in HTML, and in full in files."""

import csv
import datetime as dt
import io
from collections.abc import Iterator

from builder.asked import Asked, plain, sentence
from builder.describe import measure, measured
from builder.parts import Sheet
from builder.spec import Encoding
from web.i18n import date, number

MOST_ROWS = 200


def sheet(asked: Asked, most: int = MOST_ROWS) -> Sheet:
    """Return the frame as words, in drawing order where groups have one, at most ``most`` rows."""
    frame = asked.frame.head(most)
    rows = [tuple(_cell(asked, str(name), plain(value)) for name, value in zip(frame, row, strict=True))
            for row in frame.itertuples(index=False)]  # fmt: skip
    numeric = tuple(_is_number(asked, str(name)) for name in frame)
    heads = tuple(_head(asked, str(name)) for name in frame)
    return Sheet(columns=heads, numeric=numeric, rows=tuple(rows), total=len(asked.frame))


def to_csv(asked: Asked) -> str:
    """Return all rows as CSV: words for groups, plain digits for numbers, ISO dates."""
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\r\n")
    write.writerow(heads(asked))
    for row in asked.frame.itertuples(index=False):
        write.writerow(_plain(asked, str(name), plain(v)) for name, v in zip(asked.frame, row, strict=True))
    return out.getvalue()


def heads(asked: Asked) -> list[str]:
    """Return what each column of the numbers is called."""
    return [_head(asked, str(name)) for name in asked.frame]


def typed_rows(asked: Asked) -> Iterator[list[object]]:
    """Yield all rows with their types: dates, numbers, words for groups, None for no number."""
    for row in asked.frame.itertuples(index=False):
        yield [_typed(asked, str(name), plain(v)) for name, v in zip(asked.frame, row, strict=True)]


def _typed(asked: Asked, name: str, value: object) -> object:
    keeps = isinstance(value, dt.date) or (_is_number(asked, name) and value is None)
    return value if keeps else _plain(asked, name, value)


def _encoding(asked: Asked, name: str) -> Encoding | None:
    return asked.spec.channels().get(_channel(name))


def _channel(name: str) -> str:
    """Return the channel of a frame's column; ``x_end`` holds the upper edges of x."""
    return name.removesuffix("_end")


def _is_number(asked: Asked, name: str) -> bool:
    encoding = _encoding(asked, name)
    return (encoding is None and name in ("y", "size")) or bool(
        encoding and (encoding.aggregate or encoding.bins)
    )


def _head(asked: Asked, name: str) -> str:
    encoding = _encoding(asked, name)
    if name == "label":
        return asked.say("Name")
    if encoding is None or encoding.aggregate:
        return sentence(measure(asked, name if encoding else measured(asked), axis=True))
    label = sentence(asked.label(_channel(name)))
    if not encoding.bins:
        return label
    return (
        asked.say("{column}, up to", column=label)
        if name.endswith("_end")
        else asked.say("{column}, from", column=label)
    )


def _cell(asked: Asked, name: str, value: object) -> str:
    if _is_number(asked, name):
        return "–" if value is None else number(value, asked.language)
    if name == "label":
        return "" if value is None else str(value)
    if isinstance(value, dt.date) and asked.grain(name):
        return date(value, asked.language, asked.grain(name))
    return asked.group(name, value)  # type: ignore[arg-type]


def _plain(asked: Asked, name: str, value: object) -> object:
    if value is None:
        return "" if _is_number(asked, name) or name == "label" else asked.group(name, None)
    if isinstance(value, dt.date):
        return value.isoformat() if asked.grain(name) == "hour" else value.isoformat()[:10]
    return value if name == "label" or isinstance(value, int | float) else asked.group(name, value)  # type: ignore[arg-type]
