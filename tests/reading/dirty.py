"""Write a clean table in one of the dirty ways people publish them, remembering what it says."""

import csv
import datetime as dt
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

Clean = dict[str, list[Any]]

MONTHS = ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre")  # fmt: skip
PLACES = (
    "Coyoacán",
    "Benito Juárez",
    "Álvaro Obregón",
    "Tláhuac",
    "Peñón de los Baños",
    "O’Higgins y Cía.",
    "San Ángel, Inn",
)
NUMBERS: dict[str, Callable[[float], str]] = {
    "plain": lambda v: f"{v:.2f}",
    "english": lambda v: f"{v:,.2f}",
    "spanish": lambda v: f"{v:,.2f}".translate(str.maketrans(",.", ".,")),
    "spaced": lambda v: f"{v:,.2f}".replace(",", "\u00a0"),
    "money": lambda v: f"$ {v:,.2f}" if v >= 0 else f"-$ {-v:,.2f}",
    "accounting": lambda v: f"{v:,.2f}" if v >= 0 else f"({-v:,.2f})",
    "euro": lambda v: f"{v:,.2f}".translate(str.maketrans(",.", ".,")) + " €",
}
DATES: dict[str, Callable[[dt.date], str]] = {
    "iso": lambda d: d.isoformat(),
    "slashes": lambda d: f"{d:%d/%m/%Y}",
    "dashes": lambda d: f"{d:%d-%m-%Y}",
    "dots": lambda d: f"{d.day}.{d.month}.{d.year}",
    "words": lambda d: f"{d.day} de {MONTHS[d.month - 1]} de {d.year}",
    "short": lambda d: f"{d.day:02d}-{MONTHS[d.month - 1][:3]}-{d.year % 100:02d}",
    "compact": lambda d: f"{d:%Y%m%d}",
    "american": lambda d: f"{d:%m/%d/%Y}",
    "clocked": lambda d: f"{d:%d/%m/%Y} 00:00:00",
}
NULLS = ("", "-", "N/D", "NA", "…", "sin dato")


@dataclass(frozen=True)
class Dirt:
    """One way of writing a table."""

    separator: str
    encoding: str
    line_end: str
    number: str
    date: str
    null: str
    preamble: int
    notes: int
    trailing: bool
    padded: bool
    blank_tail: int

    def write(self, clean: Clean) -> bytes:
        """Return the bytes of the table written this way."""
        out = io.StringIO(newline="")
        writer = csv.writer(out, delimiter=self.separator, lineterminator=self.line_end)
        for line in range(self.preamble):
            writer.writerow([f"Título {line + 1} de la publicación"])
        if self.preamble:
            writer.writerow([])
        tail = [""] if self.trailing else []
        writer.writerow([*clean, *tail])
        for row in zip(*clean.values(), strict=True):
            writer.writerow([self._cell(cell) for cell in row] + tail)
        for _ in range(self.blank_tail):
            writer.writerow([""] * (len(clean) + len(tail)))
        for line in range(self.notes):
            writer.writerow([f"Fuente: registros administrativos, nota {line + 1}"])
        return out.getvalue().encode(self.encoding)

    def _cell(self, value: Any) -> str:
        if value is None:
            return self.null
        if isinstance(value, float):
            return NUMBERS[self.number](value)
        if isinstance(value, dt.date):
            return DATES[self.date](value)
        return f"  {value} " if self.padded else str(value)


dirt = st.builds(
    Dirt,
    separator=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(("utf-8", "utf-8-sig", "cp1252", "utf-16")),
    line_end=st.sampled_from(("\n", "\r\n", "\r")),
    number=st.sampled_from(sorted(NUMBERS)),
    date=st.sampled_from(sorted(DATES)),
    null=st.sampled_from(NULLS),
    preamble=st.integers(0, 3),
    notes=st.integers(0, 2),
    trailing=st.booleans(),
    padded=st.booleans(),
    blank_tail=st.integers(0, 3),
)


@st.composite
def clean_tables(draw: st.DrawFn) -> Clean:
    """Draw a table of 14 to 60 rows: a code, a place, an amount, a count and a date."""
    n = draw(st.integers(14, 60))
    amounts = st.integers(-(10**7), 10**9).map(lambda cents: cents / 100)
    days = draw(
        st.lists(st.dates(dt.date(1990, 1, 1), dt.date(2029, 12, 31)), min_size=n - 1, max_size=n - 1)
    )
    gaps = draw(st.sets(st.integers(0, n - 1), max_size=n // 5))
    amount = draw(st.lists(amounts, min_size=n, max_size=n))
    return {
        "clave": [f"{draw(st.integers(1, 999)):05d}" for _ in range(n)],
        "lugar": [draw(st.sampled_from(PLACES)) for _ in range(n)],
        "importe": [None if at in gaps else value for at, value in enumerate(amount)],
        "casos": draw(st.lists(st.integers(0, 900), min_size=n, max_size=n)),
        "fecha": [dt.date(2020, 1, 31), *days],
    }
