"""The picture a story is shared with: its title beside its first chart, 1200 × 630."""

from html import escape

import vl_convert

from builder import theme
from builder.chart import Drawing
from builder.lettering import wrap
from builder.svg import picture

WIDTH, HEIGHT, EDGE = 1200, 630, 56
TITLE_ROOM, TITLE_SIZE = 560, 52
PICTURE = (680, 60, 464, 510)
"""Where the chart stands: x, y, width, height."""
SERIF, SANS = "Georgia, 'DejaVu Serif', serif", "Helvetica, 'DejaVu Sans', sans-serif"


def social_png(title: str, byline: str, site: str, cover: Drawing | None) -> bytes:
    """Return the picture as PNG."""
    return bytes(vl_convert.svg_to_png(social_svg(title, byline, site, cover)))


def social_svg(title: str, byline: str, site: str, cover: Drawing | None) -> str:
    """Return the picture as SVG in literal colours; without a chart the title has the whole width."""
    chart = _chart(cover) if cover else ""
    paper = theme.color("paper")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}"><rect width="{WIDTH}" height="{HEIGHT}" fill="{paper}"/>'
        f"{_title(title, TITLE_ROOM if cover else WIDTH - 2 * EDGE)}"
        f"{_line(byline, HEIGHT - EDGE - 52, f'400 24px {SANS}', 'muted')}"
        f"{_line(site, HEIGHT - EDGE, f'700 34px {SERIF}')}{chart}</svg>"
    )


def _chart(cover: Drawing) -> str:
    x, y, width, height = PICTURE
    chart = picture(cover.narrow).replace(
        "<svg ", f'<svg x="{x}" y="{y}" preserveAspectRatio="xMidYMid meet" ', 1
    )
    room = cover.narrow.room
    return chart.replace(
        f'width="{room.width}" height="{room.height}"', f'width="{width}" height="{height}"', 1
    )


def _title(title: str, room: int) -> str:
    lines = wrap(title, room, lines=6, size=TITLE_SIZE).split("\n")
    first, step = EDGE + TITLE_SIZE, TITLE_SIZE * 1.15
    font = f"700 {TITLE_SIZE}px {SERIF}"
    return "".join(_line(line, round(first + n * step), font) for n, line in enumerate(lines))


def _line(text: str, y: int, font: str, tone: str = "ink") -> str:
    """Return a line of text; its own style outranks that of the drawing beside it."""
    style = f"font:{font};fill:{theme.color(tone)}"
    return f'<text x="{EDGE}" y="{y}" style="{style}">{escape(text)}</text>'
