"""The figure to touch, in the colours of the reader's scheme."""

from dataclasses import replace
from typing import Any

from bokeh.core.property.vectorization import Value
from bokeh.models import ColumnDataSource

from builder.interactive import figure
from builder.parts import Plan
from builder.theme import TOKENS

DARK = {TOKENS["light"][token]: shown for token, shown in TOKENS["dark"].items()}
TEXT = ("O", "U", "T")


def touchable(plan: Plan, dark: bool, width: int = 0) -> Any:
    """Return the Bokeh figure of a plan, as high as its drawing becomes at a width in pixels (0: as planned)."""
    drawn = figure(plan)
    if width:
        drawn.height = round(plan.room.height * min(max(width / plan.room.width, 0.5), 2))
    if dark:
        for model in drawn.references():
            _darken(model)
    return drawn


def _darken(model: Any) -> None:
    if isinstance(model, ColumnDataSource):
        model.data = {name: _dark(column) for name, column in model.data.items()}
    for name, value in model.properties_with_values(include_defaults=False).items():
        changed = _dark(value) if name != "data" else value
        if changed is not value:
            setattr(model, name, changed)


def _dark(value: Any) -> Any:
    """The same value with each light colour replaced; the very same object when it has none."""
    if isinstance(value, str):
        return DARK.get(value, value)
    if isinstance(value, Value):
        inner = _dark(value.value)
        return value if inner is value.value else replace(value, value=inner)
    if isinstance(value, list | tuple) or getattr(getattr(value, "dtype", None), "kind", "") in TEXT:
        plain = [_dark(each) for each in value]
        return plain if any(new is not old for new, old in zip(plain, value, strict=True)) else value
    return value
