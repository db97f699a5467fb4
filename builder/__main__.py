"""Command line of the builder: draw a specification without a server, list the marks."""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from builder.chart import Drawing, drawing
from builder.engine import Engine
from builder.exports import csv_of
from builder.link import read_spec
from builder.marks import MARKS
from builder.svg import png, svg
from catalog.models import Provenance
from catalog.reading import read_file
from web.i18n import LANGUAGES, explain, words
from web.settings import from_environment
from web.values import Refused


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; return 0, or 1 after saying what was refused."""
    chosen = _parser().parse_args(argv)
    try:
        (_render if chosen.command == "render" else _marks)(chosen)
    except Refused as refused:
        return _say(explain(refused.problem, chosen.lang))
    except OSError as error:
        say = words(chosen.lang)
        return _say(say("Cannot use {where}: {why}.", where=error.filename, why=error.strerror))
    return 0


def _say(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m builder", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    render = commands.add_parser("render", help="draw a ChartSpec of a data file")
    render.add_argument("spec", type=Path, metavar="SPEC.json")
    render.add_argument(
        "--table", type=Path, required=True, metavar="FILE", help="any file the catalogue reads"
    )
    for form in ("svg", "png", "csv"):
        render.add_argument(f"--{form}", type=Path, metavar="OUT")
    render.add_argument("--narrow", action="store_true", help="the drawing for phones")
    render.add_argument("--dark", action="store_true")
    marks = commands.add_parser("marks", help="list the chart types that work")
    marks.add_argument("--json", action="store_true")
    for command in (render, marks):
        command.add_argument("--lang", choices=LANGUAGES, default=from_environment().language)
    return parser


def _render(chosen: argparse.Namespace) -> None:
    spec = read_spec(chosen.spec.read_bytes())
    with tempfile.TemporaryDirectory() as folder:
        settings = from_environment(data=folder)
        table = read_file(chosen.table, settings.data / "tables", settings)
        engine = Engine(settings)
        try:
            result = engine.run(spec, table)
        finally:
            engine.close()
    source = Provenance(dataset_title=chosen.table.name, resource_name=chosen.table.name, sha256=table.sha256)
    _write(drawing(spec, table, result, chosen.lang, source), chosen)


def _write(drawn: Drawing, chosen: argparse.Namespace) -> None:
    plan = drawn.narrow if chosen.narrow else drawn.wide
    if chosen.svg:
        chosen.svg.write_text(svg(plan, standalone=True, dark=chosen.dark), encoding="utf-8")
    if chosen.png:
        chosen.png.write_bytes(png(plan, dark=chosen.dark))
    if chosen.csv:
        chosen.csv.write_text(csv_of(drawn), encoding="utf-8", newline="")
    print(f"{plan.title} · {plan.counted}")


def _marks(chosen: argparse.Namespace) -> None:
    _ = words(chosen.lang)
    if chosen.json:
        print(json.dumps(list(MARKS)))
        return
    for name, mark in MARKS.items():
        print(f"{name:12} {_(mark.TITLE)}")


if __name__ == "__main__":
    sys.exit(main())
