"""The demo portal: a ckanapi dump of CKAN packages about Mexico City and two other cities, with its files."""

from pathlib import Path

DUMP = Path(__file__).parent / "packages.jsonl"
FILES = Path(__file__).parent / "files"
