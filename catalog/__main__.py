"""``python -m catalog sync | search | read``."""

import argparse
import json
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from catalog.catalog import Catalog
from catalog.models import SyncReport
from web.i18n import explain, pick_language, words
from web.settings import from_environment
from web.values import Refused


def main(arguments: Sequence[str]) -> int:
    """Run one command; return 0, or 1 with one sentence on standard error."""
    if arguments[:1] == ["read"]:
        from catalog.reading import main as read

        return read(list(arguments[1:]))
    options = _parser().parse_args(arguments)
    try:
        code: int = options.command(options)
    except Refused as refusal:
        return _say(explain(refusal.problem, _language()))
    except sqlite3.Error as error:
        return _say(words(_language())("Cannot use {where}: {why}.", where=options.data or "data", why=error))
    except OSError as error:
        return _say(
            words(_language())("Cannot use {where}: {why}.", where=error.filename, why=error.strerror)
        )
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m catalog", description="The catalogue of open data portals.")
    commands = parser.add_subparsers(required=True, metavar="sync | search | read")
    sync = commands.add_parser("sync", help="bring in the datasets of portals")
    sync.add_argument(
        "--portal", action="append", metavar="URL|DUMP", help="repeatable; none is the demo portal"
    )
    sync.add_argument("--data", type=Path, metavar="DIR")
    sync.add_argument("--full", action="store_true", help="compare every dataset")
    sync.add_argument("--accept-gone", action="store_true", help="remove datasets even if many vanished")
    sync.add_argument("--json", action="store_true", help="print JSON")
    sync.set_defaults(command=_sync)
    search = commands.add_parser("search", help="find datasets; an empty text lists all")
    search.add_argument("text")
    search.add_argument("--data", type=Path, metavar="DIR")
    search.add_argument("--json", action="store_true", help="print JSON")
    search.add_argument("--limit", type=int, default=20)
    search.set_defaults(command=_search)
    commands.add_parser("read", help="read one file as a table", add_help=False)
    return parser


def _sync(options: argparse.Namespace) -> int:
    settings = from_environment(data=options.data, portals=tuple(options.portal) if options.portal else None)
    with tqdm(unit=" datasets", disable=None, file=sys.stderr) as bar:

        def progress(done: int, total: int | None) -> None:
            bar.total = total
            bar.update(done - bar.n)

        reports = Catalog(settings).sync(progress, full=options.full, accept_gone=options.accept_gone)
    if options.json:
        print(json.dumps([report.model_dump(mode="json") for report in reports], ensure_ascii=False))
    for report in () if options.json else reports:
        _print(report)
    return int(any(report.problem and report.problem.severity == "error" for report in reports))


def _print(report: SyncReport) -> None:
    _ = words(_language())
    print(
        _(
            "{portal}: {new} new, {changed} changed, {gone} gone, {unchanged} unchanged",
            **report.model_dump(exclude={"problem"}),
        )
    )
    if report.rejected:
        print(
            _.plural(
                "{n} dataset could not be understood", "{n} datasets could not be understood", report.rejected
            )
        )
    if report.problem:
        _say(explain(report.problem, _language()))


def _search(options: argparse.Namespace) -> int:
    found = Catalog(from_environment(data=options.data)).search(options.text, limit=options.limit)
    rows = [{"name": hit.dataset.name, "title": hit.dataset.title} for hit in found.results]
    if options.json:
        print(json.dumps({"total": found.total, "results": rows}, ensure_ascii=False))
        return 0
    for row in rows:
        print(f"{row['name']}\t{row['title']}")
    return 0


def _language() -> str:
    return pick_language(from_environment().language)


def _say(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
