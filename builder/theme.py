"""The colours of drawings by token, light and dark; the pages' custom properties have the same names.

The seven category colours stay apart under protanopia, deuteranopia and tritanopia and reach
3:1 against their paper; ``tests/builder/test_plan_theme.py`` measures both.
"""

from typing import Literal

Scheme = Literal["light", "dark"]

TOKENS: dict[Scheme, dict[str, str]] = {
    "light": {
        "c1": "#004290", "c2": "#b14402", "c3": "#007861", "c4": "#573c4d",
        "c5": "#8c9915", "c6": "#4993ee", "c7": "#c265aa",
        "s1": "#d6e4f2", "s2": "#a3c5e6", "s3": "#659fd3", "s4": "#2a70b3", "s5": "#053f7d",
        "grey": "#8a8782", "none": "#c9c5be", "land": "#ece8e1", "line": "#ddd8d0",
        "ink": "#1c1b1a", "muted": "#5d5954", "paper": "#fdfcfa",
    },
    "dark": {
        "c1": "#467cde", "c2": "#cd7018", "c3": "#24c591", "c4": "#946a87",
        "c5": "#e0e05a", "c6": "#9de7e1", "c7": "#d897f4",
        "s1": "#1e3a5c", "s2": "#2a5c91", "s3": "#4686c6", "s4": "#83b4e4", "s5": "#cfe3f7",
        "grey": "#8f8b85", "none": "#56524d", "land": "#2d2a27", "line": "#3b3834",
        "ink": "#ece8e1", "muted": "#aaa49b", "paper": "#171615",
    },
}  # fmt: skip

CATEGORIES = ("c1", "c2", "c3", "c4", "c5", "c6", "c7")
GREY = "grey"
NONE = "none"
"""Areas and cells without a value."""
RAMPS = {1: ("s4",), 2: ("s2", "s4"), 3: ("s1", "s3", "s5"), 4: ("s1", "s2", "s4", "s5")}
RAMP = ("s1", "s2", "s3", "s4", "s5")
FONT = "Inter, system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"


def ramp(classes: int) -> tuple[str, ...]:
    """Return tokens from few to many for a number of classes up to five."""
    return RAMPS.get(classes, RAMP)


def color(token: str, scheme: Scheme = "light") -> str:
    """Return the literal colour of a token."""
    return TOKENS[scheme][token]


def style(scheme: Scheme | None = None) -> str:
    """Return the CSS of a drawing: literal colours of a scheme, or (None) the page's custom properties."""
    return "".join(rules(scheme))


def rules(scheme: Scheme | None) -> list[str]:
    def value(token: str) -> str:
        return TOKENS[scheme][token] if scheme else f"var(--{token})"

    prefix = "" if scheme else ".drawing "
    marks = [
        f"{prefix}.{t}{{fill:{value(t)};stroke:{value(t)}}}" for t in (*CATEGORIES, *RAMP, GREY, NONE, "land")
    ]
    return [
        f"{prefix}text{{font-family:{FONT if scheme else 'var(--sans)'};font-size:13px;fill:{value('ink')};stroke:none}}",
        *marks,
        f"{prefix}.fill{{stroke:none}}",
        f"{prefix}.dot{{opacity:.78}}",
        f"{prefix}.spots{{fill:none;stroke-linecap:round}}",
        f"{prefix}.dense{{opacity:.88}}",
        f"{prefix}.cell{{stroke:{value('paper')};stroke-width:1}}",
        f"{prefix}.trace{{fill:none;stroke-width:2.2;stroke-linejoin:round;stroke-linecap:round}}",
        f"{prefix}.faint{{opacity:.45}}",
        f"{prefix}.muted{{fill:{value('muted')}}}",
        f"{prefix}.inverse{{fill:{value('paper')}}}",
        f"{prefix}.strong{{font-weight:600}}",
        f"{prefix}.grid{{fill:none;stroke:{value('line')};stroke-width:1}}",
        f"{prefix}.zero{{fill:none;stroke:{value('muted')};stroke-width:1}}",
        f"{prefix}.paper{{fill:{value('paper')}}}",
    ]
