"""The vocabulary of the drawings: pixels of one plan, and its shapes and words as SVG text."""

from collections.abc import Iterable, Sequence
from html import escape

from builder.lettering import text_width
from builder.parts import Datum, Label, Plan, Ring, Rule

LINE = 16


def n(value: float) -> str:
    """Write a coordinate with at most one decimal."""
    return f"{value:.1f}".removesuffix(".0").replace("-0", "0" if abs(value) < 0.05 else "-0")


def text(x: float, y: float, words: str, anchor: str = "start", tone: str = "", size: int = 13) -> str:
    """Return words at a place, vertically centred on y; a newline starts another line."""
    lines = words.split("\n")
    cls = f' class="{tone}"' if tone else ""
    anchored = f' text-anchor="{anchor}"' if anchor != "start" else ""
    sized = f' style="font-size:{size}px"' if size != 13 else ""
    first = y + size * 0.35 - (len(lines) - 1) * LINE / 2
    if len(lines) == 1:
        return f'<text x="{n(x)}" y="{n(first)}"{anchored}{cls}{sized}>{escape(words)}</text>'
    spans = "".join(
        f'<tspan x="{n(x)}" y="{n(first + i * LINE)}">{escape(line)}</tspan>' for i, line in enumerate(lines)
    )
    return f"<text{anchored}{cls}{sized}>{spans}</text>"


def told(datum: Datum) -> str:
    """Return what a browser shows when the pointer rests on a mark."""
    return f"<title>{escape(datum.name)}&#10;{escape(datum.told)}</title>"


class Canvas:
    """Turns the data units of one plan into pixels of its drawing."""

    def __init__(self, plan: Plan):
        self.plan = plan
        room = plan.room
        self._x = (room.left, room.across / (plan.x.high - plan.x.low), plan.x.low)
        self._y = (room.top + room.down, room.down / (plan.y.high - plan.y.low), plan.y.low)

    def x(self, value: float) -> float:
        start, scale, low = self._x
        return start + (value - low) * scale

    def y(self, value: float) -> float:
        start, scale, low = self._y
        return start - (value - low) * scale

    def box(self, datum: Datum, cls: str = "fill") -> str:
        """Return a rectangle from (x0, y0) to (x, y)."""
        left, right = sorted((self.x(datum.x0), self.x(datum.x)))
        top, bottom = sorted((self.y(datum.y0), self.y(datum.y or 0)))
        cls = f"{datum.color} {cls}{' faint' if datum.faint else ''}"
        return (
            f'<rect class="{cls}" x="{n(left)}" y="{n(top)}" width="{n(right - left)}" '
            f'height="{n(bottom - top)}">{told(datum)}</rect>'
        )

    def trace(self, line: Sequence[Datum]) -> str:
        """Return a line with its gaps; a lone value between gaps is a dot, an incomplete end is paler."""
        color = line[0].color
        parts = []
        for piece in pieces(line):
            whole = [datum for datum in piece if not datum.faint]
            if len(whole) == 1:
                parts.append(self.dot(whole[0], 2.6))
            elif whole:
                parts.append(f'<path class="{color} trace" d="{self._path(whole)}"/>')
            if len(whole) < len(piece):
                tail = [*whole[-1:], *(datum for datum in piece if datum.faint)]
                parts.append(
                    f'<path class="{color} trace faint" stroke-dasharray="2 5" d="{self._path(tail)}"/>'
                )
                parts.append(self.dot(tail[-1], 2.6))
        return "".join(parts)

    def _path(self, piece: Iterable[Datum]) -> str:
        return "M" + "L".join(f"{n(self.x(datum.x))} {n(self.y(datum.y or 0))}" for datum in piece)

    def band(self, piece: Sequence[Datum]) -> str:
        """Return the area between y0 and y of a stretch, its incomplete end paler."""
        whole = [datum for datum in piece if not datum.faint]
        tail = [*whole[-1:], *piece[len(whole) :]] if len(whole) < len(piece) else []
        return "".join(self._band(part) for part in (whole, tail) if len(part) > 1)

    def _band(self, piece: Sequence[Datum]) -> str:
        back = "".join(f"L{n(self.x(d.x))} {n(self.y(d.y0))}" for d in reversed(piece))
        faint = " faint" if piece[-1].faint else ""
        return f'<path class="{piece[0].color} cell{faint}" d="{self._path(piece)}{back}Z"/>'

    def dot(self, datum: Datum, radius: float | None = None, cls: str = "fill") -> str:
        """Return a circle at (x, y)."""
        faint = " faint" if datum.faint else ""
        return (
            f'<circle class="{datum.color} {cls}{faint}" cx="{n(self.x(datum.x))}" cy="{n(self.y(datum.y or 0))}" '
            f'r="{n(datum.size if radius is None else radius)}">{told(datum)}</circle>'
        )

    def spots(self, data: Iterable[Datum], cls: str) -> str:
        """Return many dots of one colour and size as one path."""
        held = list(data)
        d = "".join(f"M{n(self.x(datum.x))} {n(self.y(datum.y or 0))}h0" for datum in held)
        return f'<path class="{cls} spots" stroke-width="{n(2 * held[0].size)}" d="{d}"/>'

    def area(self, ring: Ring, cls: str, inner: str = "") -> str:
        """Return one closed outline."""
        return self.outline((ring,), cls, inner)

    def outline(self, rings: Iterable[Ring], cls: str, inner: str = "") -> str:
        """Return closed outlines as one shape with its holes."""
        d = "".join(_closed((self.x(x), self.y(y)) for x, y in ring) for ring in rings)
        return f'<path class="{cls}" fill-rule="evenodd" d="{d}">{inner}</path>'

    def grid(self) -> str:
        """Return the light lines of the value axes."""
        room, lines = self.plan.room, ""
        if "y" in self.plan.grid:
            right = room.width - room.right
            lines += "".join(f"M{room.left} {n(self.y(tick.at))}H{right}" for tick in self.plan.y.ticks)
        if "x" in self.plan.grid:
            bottom = room.height - room.bottom
            lines += "".join(f"M{n(self.x(tick.at))} {room.top}V{bottom}" for tick in self.plan.x.ticks)
        return f'<path class="grid" d="{lines}"/>' if lines else ""

    def rules(self) -> str:
        """Return the light lines of every panel, those at zero darker."""
        return "".join(
            f'<path class="{cls}" d="{"".join(self._rule(rule) for rule in held)}"/>'
            for cls, dark in (("grid", False), ("zero", True))
            if (held := [rule for rule in self.plan.rules if rule.dark == dark])
        )

    def _rule(self, rule: Rule) -> str:
        return f"M{n(self.x(rule.x0))} {n(self.y(rule.y0))}L{n(self.x(rule.x1))} {n(self.y(rule.y1))}"

    def zero(self) -> str:
        """Return the line at zero, drawn darker than the grid."""
        plan, room = self.plan, self.plan.room
        if plan.zero == "x":
            return f'<path class="zero" d="M{n(self.x(0))} {room.top}V{room.height - room.bottom}"/>'
        if plan.zero == "y" and min(plan.y.low, plan.y.high) <= 0 <= max(plan.y.low, plan.y.high):
            return f'<path class="zero" d="M{room.left} {n(self.y(0))}H{room.width - room.right}"/>'
        return ""

    def ticks(self) -> str:
        """Return the words on both axes and the name of the horizontal one."""
        plan, room = self.plan, self.plan.room
        bottom = room.height - room.bottom
        side = "".join(
            text(room.left - 8, self.y(tick.at), tick.label, "end", _tone(plan.y.kind))
            for tick in plan.y.ticks
        )
        foot = "".join(self._foot(tick.at, tick.label, bottom) for tick in plan.x.ticks)
        named = (
            text(room.width - room.right, room.height - 9, plan.x.title, "end", "muted", 12)
            if plan.x.title
            else ""
        )
        return f'<g class="yticks">{side}</g><g class="xticks">{foot}</g>{named}'

    def _foot(self, at: float, words: str, bottom: float) -> str:
        half = text_width(words) / 2
        x = min(max(self.x(at), half), self.plan.room.width - half)
        lines = words.count("\n")
        return text(x, bottom + 14 + lines * LINE / 2, words, "middle", _tone(self.plan.x.kind))

    def labels(self) -> str:
        """Return the words written beside the marks."""
        return f'<g class="labels">{"".join(self._label(label) for label in self.plan.labels)}</g>'

    def _label(self, label: Label) -> str:
        x, y = self.x(label.x) + label.dx, self.y(label.y) + label.dy
        tone = label.tone if label.tone != "ink" else ""
        if not label.color:
            return text(x, y, label.text, label.anchor, tone, label.size)
        return f'<circle class="{label.color} fill" cx="{n(x - 3)}" cy="{n(y)}" r="3.5"/>' + text(
            x + 5, y, label.text, label.anchor, tone, label.size
        )


def _tone(kind: str) -> str:
    return "" if kind == "category" else "muted"


def _closed(points: Iterable[tuple[float, float]]) -> str:
    """Return a closed outline in relative steps, its corners on half pixels so that neighbours agree."""
    snapped = [(round(x * 2), round(y * 2)) for x, y in points]
    x, y = snapped[0]
    steps = [f"M{n(x / 2)} {n(y / 2)}l"]
    for right, down in snapped[1:]:
        if (right, down) != (x, y):
            steps.append(f"{n((right - x) / 2)} {n((down - y) / 2)} ")
            x, y = right, down
    return "".join(steps).rstrip() + "z"


def pieces(line: Sequence[Datum]) -> list[list[Datum]]:
    """Cut a line at its gaps."""
    found: list[list[Datum]] = [[]]
    for datum in line:
        if datum.y is None:
            found.append([])
        else:
            found[-1].append(datum)
    return [piece for piece in found if piece]
