"""Classes of numbers for maps and cells: few, named by their ranges, from light to dark."""

from collections.abc import Sequence
from dataclasses import dataclass

from builder.asked import Asked
from builder.describe import measured
from builder.parts import Key
from builder.scale import breaks, class_of, writer
from builder.theme import NONE, ramp


@dataclass(frozen=True)
class Classes:
    """Limits between classes and the colour token of each."""

    limits: tuple[float, ...]
    tokens: tuple[str, ...]

    def token(self, value: float | None) -> str:
        """Return the colour of a value; that of no value without one."""
        return NONE if value is None else self.tokens[class_of(value, self.limits)]


def classes(values: Sequence[float], most: int = 5) -> Classes:
    """Return quantile classes of numbers, fewer where they repeat."""
    limits = tuple(breaks(values, most))
    return Classes(limits, ramp(len(limits) + 1))


def class_keys(asked: Asked, values: Sequence[float], found: Classes) -> tuple[Key, ...]:
    """Return the legend: the lowest and highest number that each class really holds."""
    write = writer(values, asked.language, asked.unit(measured(asked)))
    keys = []
    for index, token in enumerate(found.tokens):
        held = sorted(value for value in values if class_of(value, found.limits) == index)
        if held:
            low, high = write(held[0]), write(held[-1])
            keys.append(Key(color=token, label=low if low == high else f"{low}–{high}"))
    return tuple(keys)
