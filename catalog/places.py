"""Places a column may name: the geographies of the installed packs, matched by their words, never guessed."""

import csv
import json
import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from web.values import Value

PACKS = Path(__file__).parent / "packs"
ENOUGH = 0.8
"""Share of the distinct values that must name a place before a column is one of places."""

WORD = re.compile(r"[^\W_]+")
Ring = list[tuple[float, float]]


class Place(Value):
    """One place: its official code, its name, and the other ways its publishers write it."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    population: int | None = None


class Geography(Value):
    """The places of one level of one territory, such as the boroughs of a city.

    ``title`` names one kind of place and the territory by language; ``ignored`` are words
    that make no difference in a name; ``frame`` is west, south, east, north in degrees.
    """

    id: str
    title: dict[str, str]
    source: str
    license: str
    ignored: tuple[str, ...] = ()
    frame: tuple[float, float, float, float]
    population_source: str = ""
    places: tuple[Place, ...]

    def place(self, code: str) -> Place | None:
        """Return the place of that code, or None."""
        return next((place for place in self.places if place.code == code), None)


class Match(Value):
    """Which values name a place of which geography; ``share`` counts distinct values from 0 to 1."""

    geography: str
    share: float
    codes: dict[str, str]


@cache
def geographies() -> tuple[Geography, ...]:
    """Return the geography of every installed pack, by id."""
    return tuple(_read(folder) for folder in sorted(PACKS.iterdir()) if (folder / "pack.json").exists())


def geography(geography_id: str) -> Geography | None:
    """Return the geography of that id, or None."""
    return next((known for known in geographies() if known.id == geography_id), None)


def match(values: Iterable[str]) -> Match | None:
    """Return the geography that at least 80 % of the distinct values name, or None.

    Case, accents, punctuation, articles and words like "alcaldía" make no difference; any
    other difference does. Blank values do not count. With two candidates the larger share wins.
    """
    distinct = {value for value in values if value and value.strip()}
    candidates = (_match(known, distinct) for known in geographies()) if distinct else ()
    best = max(candidates, key=lambda found: found.share, default=None)
    return best if best and best.share >= ENOUGH else None


def codes(geography_id: str, values: Iterable[str]) -> dict[str, str]:
    """Return the code of every value that names a place of a geography; any other value is left out.

    Raises KeyError for an unknown geography.
    """
    known = geography(geography_id)
    if known is None:
        raise KeyError(geography_id)
    return _match(known, {value for value in values if value.strip()}).codes


@cache
def outlines(geography_id: str) -> dict[str, list[list[Ring]]]:
    """Return each place's polygons by code: rings of (longitude, latitude), the outer one first.

    Neighbours share the same simplified border. Raises KeyError for an unknown geography.
    """
    if geography(geography_id) is None:
        raise KeyError(geography_id)
    text = (PACKS / geography_id / "outlines.geojson").read_text(encoding="utf-8")
    return {
        feature["properties"]["code"]: _polygons(feature["geometry"])
        for feature in json.loads(text)["features"]
    }


def _match(known: Geography, distinct: set[str]) -> Match:
    codes = _codes(known.id)
    found = {value: code for value in sorted(distinct) if (code := codes.get(_key(value, known.ignored)))}
    return Match(geography=known.id, share=len(found) / max(len(distinct), 1), codes=found)


@cache
def _codes(geography_id: str) -> dict[str, str]:
    known = geography(geography_id)
    assert known is not None
    return {
        _key(word, known.ignored): place.code
        for place in known.places
        for word in (place.code, place.name, *place.aliases)
    }


def _key(text: str, ignored: tuple[str, ...]) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(word for word in WORD.findall(letters) if word not in ignored)


def _read(folder: Path) -> Geography:
    about = json.loads((folder / "pack.json").read_text(encoding="utf-8"))
    with (folder / "places.csv").open(encoding="utf-8", newline="") as lines:
        places = tuple(_place(row) for row in csv.DictReader(lines))
    return Geography(id=folder.name, places=places, **about)


def _place(row: dict[str, str]) -> Place:
    return Place(
        code=row["code"],
        name=row["name"],
        aliases=tuple(alias for alias in row["aliases"].split("|") if alias),
        population=int(row["population"]) if row["population"] else None,
    )


def _polygons(geometry: dict[str, object]) -> list[list[Ring]]:
    shapes = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [[[(x, y) for x, y in ring] for ring in shape] for shape in shapes]  # type: ignore[attr-defined]
