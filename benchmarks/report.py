"""Figures as Markdown tables, printed and kept in ``docs/performance.md``."""

import argparse
import datetime as dt
import os
import platform
import re
import statistics
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path

import psutil

DOCUMENT = Path(__file__).parents[1] / "docs/performance.md"
RELIABILITY = DOCUMENT.with_name("reliability.md")


def arguments(description: str | None) -> argparse.ArgumentParser:
    """Return a parser that knows ``--write``."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--write", action="store_true", help="put the table into docs/performance.md")
    return parser


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)


def conditions() -> str:
    """Say when and on what the figures were taken."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("panel", "bokeh", "duckdb", "pandas"))
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"_{dt.date.today()}, {os.cpu_count()} cores, {memory:.0f} GiB, load {os.getloadavg()[0]:.1f}, "
        f"Python {platform.python_version()}, {packages}._"
    )


def publish(name: str, text: str, *, write: bool, document: Path | None = None) -> None:
    """Print a section and, when asked, replace it between its markers in the document."""
    section = f"{text}\n\n{conditions()}"
    print(section)
    if write:
        path = document or DOCUMENT
        written = path.read_text(encoding="utf-8")
        marked = re.compile(f"(<!-- {name} -->\n).*?(\n<!-- /{name} -->)", re.DOTALL)
        if not marked.search(written):
            raise SystemExit(f"{path.name} has no section {name}")
        path.write_text(marked.sub(lambda found: found[1] + section + found[2], written), encoding="utf-8")


def median(values: Iterable[float]) -> float:
    """Return the median."""
    return statistics.median(values)


def p95(values: Iterable[float]) -> float:
    """Return the 95th percentile by nearest rank."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * 95 // 100) - 1)]
