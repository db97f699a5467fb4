"""A contact sheet of every mark's example, to look at before printing: ``python -m builder.gallery FOLDER``."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from builder import theme
from builder.marks import MARKS
from builder.parts import WIDTHS, Width
from builder.plan import plan_of
from builder.svg import svg

GAP = 24
COLUMNS: dict[Width, int] = {"wide": 2, "narrow": 5}


def contact_sheet(layout: Width, *, dark: bool = False, language: str = "es") -> str:
    """Return one SVG with the standalone drawing of every mark, in rows as high as their highest."""
    plans = [plan_of(replace(mark.example(), layout=layout, language=language)) for mark in MARKS.values()]
    drawings = [svg(plan, standalone=True, dark=dark) for plan in plans]
    columns, width = COLUMNS[layout], WIDTHS[layout]
    cells, top = [], GAP
    for start in range(0, len(drawings), columns):
        row = drawings[start : start + columns]
        cells += [_placed(drawing, GAP + i * (width + GAP), top) for i, drawing in enumerate(row)]
        top += max(_height(drawing) for drawing in row) + GAP
    across = columns * (width + GAP) + GAP
    paper = theme.color("line", "dark" if dark else "light")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{across}" height="{top}" viewBox="0 0 {across} {top}">'
        f'<rect width="{across}" height="{top}" fill="{paper}"/>{"".join(cells)}</svg>'
    )


def _placed(drawing: str, x: int, y: int) -> str:
    return drawing.replace("<svg ", f'<svg x="{x}" y="{y}" ', 1)


def _height(drawing: str) -> int:
    return int(drawing.split(' height="', 1)[1].split('"', 1)[0])


def main(arguments: Sequence[str]) -> int:
    """Write ``marks-<layout>-<scheme>.png`` for both widths and schemes into a folder."""
    import vl_convert

    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    for layout in COLUMNS:
        for scheme in ("light", "dark"):
            sheet = contact_sheet(layout, dark=scheme == "dark")
            path = folder / f"marks-{layout}-{scheme}.png"
            path.write_bytes(vl_convert.svg_to_png(sheet, scale=0.75))
            print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
