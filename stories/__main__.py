"""Command line of the stories: list, check, publish, rebake, export."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import stories.problems  # noqa: F401  (registers its sentences)
from stories import publish
from stories.check import blocking
from stories.destination import Destination
from stories.stories import Stories, furnish
from web.accounts import Account
from web.i18n import explain, words
from web.settings import from_environment
from web.values import Refused

OPERATOR = Account(id=0, email="", name="", role="admin")
"""Who acts at the machine itself; the log names them by account 0."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return 0, or 1 with one sentence on standard error."""
    chosen = _parser().parse_args(arguments)
    settings = from_environment(data=chosen.data)
    commands = {"list": _list, "check": _check, "publish": _publish, "rebake": _rebake, "export": _export}
    try:
        return commands[chosen.command](furnish(settings), chosen)
    except Refused as refused:
        print(explain(refused.problem, settings.language), file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m stories", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    listing = commands.add_parser("list", help="print the id, the state and the title of every story")
    rebake = commands.add_parser("rebake", help="write every published page again with this Relato")
    for command in (listing, rebake):
        command.add_argument("--data", type=Path, metavar="DIR")
    for name, about in (
        ("check", "print what is missing; exit 1 when it forbids publishing"),
        ("publish", "publish the newest revision and print its address"),
        ("export", "write the published folder somewhere else"),
    ):
        command = commands.add_parser(name, help=about)
        command.add_argument("story", metavar="ID")
        command.add_argument("--data", type=Path, metavar="DIR")
        if name == "export":
            command.add_argument("--out", required=True, metavar="FOLDER|URL")
    return parser


def _list(stories: Stories, chosen: argparse.Namespace) -> int:
    for kept in stories.every():
        print(kept.id, kept.standing.state, kept.story.title, sep="\t")
    return 0


def _check(stories: Stories, chosen: argparse.Namespace) -> int:
    story = stories.find(chosen.story).story
    found = stories.problems(story)
    for problem in found:
        print(f"{problem.severity}\t{problem.where}\t{explain(problem, stories.settings.language)}")
    return 1 if blocking(found) else 0


def _publish(stories: Stories, chosen: argparse.Namespace) -> int:
    edition = stories.publish(OPERATOR, chosen.story)
    print(stories.settings.origin + f"/stories/{edition.slug}/")
    return 0


def _rebake(stories: Stories, chosen: argparse.Namespace) -> int:
    _ = words(stories.settings.language)
    for edition in stories.live():
        again = stories.rebake(OPERATOR, edition)
        print(
            edition.slug, _("as it was") if again.release == edition.release else _("written again"), sep="\t"
        )
    return 0


def _export(stories: Stories, chosen: argparse.Namespace) -> int:
    kept = stories.find(chosen.story)
    revision = stories.revision(kept.id, kept.standing.revision)
    edition = stories.edition(kept.id, kept.slug or kept.id, 1, revision.time)
    files = stories.files(revision, edition)
    if "://" in chosen.out:
        Destination(chosen.out).write(files)
    else:
        publish.write(Path(chosen.out), files)
    print(chosen.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
