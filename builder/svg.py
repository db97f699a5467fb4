"""The plan written as SVG, colours by class; a file or picture also carries the words around the drawing."""

from html import escape

from builder import theme
from builder.canvas import Canvas, n, text
from builder.lettering import text_width, wrap
from builder.parts import Plan


def svg(plan: Plan, *, standalone: bool = False, dark: bool = False) -> str:
    """Return the drawing of a plan as one ``<svg role="img">``.

    Its colours are the page's custom properties (``chart.css``); ``standalone`` writes literal
    ones, and the title, subtitle, legend and source around the drawing, for files and pictures.
    """
    inner = drawing(plan)
    width, height = plan.room.width, plan.room.height
    if not standalone:
        return _document(plan, width, height, inner)
    above, top = _header(plan)
    below, bottom = _footer(plan, top + height)
    whole = f'<svg y="{top}" width="{width}" height="{height}">{inner}</svg>'
    total = bottom + 12
    paper = f'<rect class="paper" width="{width}" height="{total}"/>'
    css = f"<style>{theme.style('dark' if dark else 'light')}</style>"
    return _document(plan, width, total, css + paper + above + whole + below)


def picture(plan: Plan, *, dark: bool = False) -> str:
    """Return the drawing alone in literal colours, without its words around: for small pictures."""
    css = f"<style>{theme.style('dark' if dark else 'light')}</style>"
    return _document(plan, plan.room.width, plan.room.height, css + drawing(plan))


def png(plan: Plan, *, dark: bool = False, scale: float = 2) -> bytes:
    """Return the standalone drawing as a PNG of twice its size."""
    import vl_convert

    return bytes(vl_convert.svg_to_png(svg(plan, standalone=True, dark=dark), scale=scale))


def pdf(plan: Plan) -> bytes:
    """Return the standalone drawing as a page of PDF of its size."""
    import vl_convert

    return bytes(vl_convert.svg_to_pdf(svg(plan, standalone=True)))


def drawing(plan: Plan) -> str:
    """Return everything inside the drawing: land, grid, marks, ticks and labels."""
    from builder.marks import MARKS

    canvas = Canvas(plan)
    land = "".join(canvas.area(ring, "land cell") for ring in plan.land)
    marks = f'<g class="marks">{MARKS[plan.mark].draw(plan)}</g>'
    return land + canvas.rules() + canvas.grid() + marks + canvas.zero() + canvas.ticks() + canvas.labels()


def _document(plan: Plan, width: int, height: int, inner: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="drawing {plan.layout}" role="img" '
        f'viewBox="0 0 {width} {height}" width="{width}" height="{height}" lang="{plan.language}">'
        f"<title>{escape(plan.title)}</title><desc>{escape(plan.alt)}</desc>{inner}</svg>"
    )


def _header(plan: Plan) -> tuple[str, int]:
    width, y = plan.room.width - 24, 30
    parts = []
    for words, size, tone in (
        (plan.title, 19, "strong"),
        (plan.subtitle, 14, "muted"),
        (plan.measure, 13, "muted"),
    ):
        if not words:
            continue
        lines = wrap(words, width, 3, size * 1.05)
        for line in lines.split("\n"):
            parts.append(text(12, y, line, tone=tone, size=size))
            y += round(size * 1.35)
    legend, rows = _legend(plan, width, y + 4)
    return "".join(parts) + legend, y + rows + 2


def _legend(plan: Plan, width: int, y: int) -> tuple[str, int]:
    parts, x, top = [], 12.0, y
    for key in plan.legend:
        room = text_width(key.label) + 34
        if x > 12 and x + room > width + 12:
            x, y = 12.0, y + 20
        parts.append(
            f'<rect class="{key.color} fill" x="{n(x)}" y="{n(y - 6)}" width="12" height="12" rx="2"/>'
        )
        parts.append(text(x + 18, y, key.label))
        x += room
    return "".join(parts), (y - top + 20 if plan.legend else 0)


def _footer(plan: Plan, y: int) -> tuple[str, int]:
    source = plan.source
    facts = " · ".join(
        part for part in (source.title, source.organization, source.license, source.date) if part
    )
    y += 16
    parts = []
    for words in (*plan.notes, plan.note, facts, plan.counted):
        for line in wrap(words, plan.room.width - 24, 3, 12.5).split("\n") if words else ():
            parts.append(text(12, y, line, tone="muted", size=12))
            y += 17
    return "".join(parts), y
