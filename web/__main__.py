"""``python -m web account``: make, change or remove the account of a person."""

import argparse
import getpass
import sys
from collections.abc import Sequence
from pathlib import Path

import web.problems  # noqa: F401  (registers the sentences of refusals)
from web import accounts
from web.database import Database
from web.i18n import explain, words
from web.settings import from_environment
from web.values import Refused


def main(arguments: Sequence[str]) -> int:
    """Run the command; return 0, or 1 with one sentence on standard error."""
    given = _parser().parse_args(arguments)
    settings = from_environment(data=given.data)
    _ = words(settings.language)
    people = accounts.Accounts(Database(settings.data / "stories.db", accounts.migrations))
    if given.remove:
        people.remove(given.email)
        print(_("{email} has no account any more.", email=given.email))
        return 0
    try:
        account = people.create(given.email, given.name or given.email, given.role, _password(_("Password")))
    except Refused as refused:
        print(explain(refused.problem, settings.language), file=sys.stderr)
        return 1
    print(_("{email} can sign in as {role}.", email=account.email, role=account.role))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m web", description="The accounts of people who sign in.")
    commands = parser.add_subparsers(required=True, metavar="account")
    account = commands.add_parser("account", help="make, change or remove an account")
    account.add_argument("email")
    account.add_argument("--name", help="as it signs stories (the e-mail)")
    account.add_argument("--role", choices=("author", "curator", "admin"), default="author")
    account.add_argument("--remove", action="store_true", help="forget the account")
    account.add_argument("--data", type=Path, metavar="DIR")
    return parser


def _password(label: str) -> str:
    """Ask for a password without showing it; a pipe gives it as its first line."""
    return getpass.getpass(f"{label}: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
