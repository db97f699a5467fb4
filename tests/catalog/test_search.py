"""Search: word forms, accents, prefixes, columns and values, facets, hostile texts."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.catalog import Catalog
from catalog.models import Column, Match, Scalar, Table
from catalog.readings import years
from catalog.search import Search
from catalog.words import fold, nearby, stem
from tests.catalog.tables import catalog


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    made = catalog(tmp_path_factory.mktemp("search"))
    made.open("r-delitos")
    made.open("r-escuelas")
    return made


def names(known: Catalog, text: str, **how) -> list[str]:
    return [hit.dataset.name for hit in known.search(text, **how).results]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ["agua", "vacio", "escuelas", "delitos"]),
        ("carpetas", ["delitos"]),
        ("CARPETA", ["delitos"]),
        ("investigacion carpetas", ["delitos"]),
        ("investigaciones", ["delitos"]),
        ("carp", ["delitos"]),
        ("fiscalia", ["delitos"]),
        ("poblaciones", ["vacio"]),
        ("consumos", ["agua"]),
        ("schools", ["escuelas"]),
        ("school pupil", ["escuelas"]),
        ("escuela", ["escuelas"]),
        ("iztapalapa robo", ["delitos"]),
        ("robos en iztapalapa", ["delitos"]),
        ("victima", ["delitos"]),
        ("carpetas agua", []),
        ("carpe investigación", []),
        ("xyz", []),
    ],
)
def test_finds_words_and_their_forms(known: Catalog, text: str, found: list[str]):
    assert names(known, text) == found


def test_titles_rank_before_notes(known: Catalog):
    assert names(known, "escuelas")[0] == "escuelas"
    assert names(known, "agua") == ["agua"]


def test_says_which_column_and_value_matched(known: Catalog):
    hit = known.search("iztapalapa robo").results[0]
    assert hit.matches == (
        Match(resource="r-delitos", column="alcaldía", value="Iztapalapa"),
        Match(resource="r-delitos", column="delito", value="Robo a casa"),
    )
    assert known.search("pupils").results[0].matches == (Match(resource="r-escuelas", column="pupils"),)
    assert known.search("carpetas").results[0].matches == ()


def test_facets_count_and_narrow(known: Catalog):
    found = known.search("")
    counts = {kind: {count.title: count.count for count in counts} for kind, counts in found.facets.items()}
    assert counts["theme"] == {"Movilidad": 1, "Seguridad": 1, "Educación": 1}
    assert counts["organization"] == {"Agencia Digital": 1, "Fiscalía General de Justicia": 1, "Educación": 1}
    assert counts["license"] == {"Creative Commons Attribution": 3, "CC0": 1}
    assert counts["year"] == {"2024": 1}
    assert names(known, "", year="2024") == ["delitos"]
    assert counts["shows"] == {"Un mapa": 1, "Un cambio en el tiempo": 1}
    assert names(known, "", shows=("map", "time")) == ["delitos"]
    assert {count.title for count in known.search("", language="en").facets["shows"]} == {
        "A map",
        "A change over time",
    }
    assert counts["format"] == {"CSV": 2, "PDF": 1}
    assert sum(counts["portal"].values()) == 4


def test_choices_widen_within_a_facet_and_narrow_across(known: Catalog):
    assert names(known, "", theme=("seguridad",)) == ["delitos"]
    assert names(known, "", theme="seguridad") == ["delitos"]
    assert names(known, "", theme=("seguridad", "educacion")) == ["escuelas", "delitos"]
    assert names(known, "", theme=("seguridad", "educacion"), license=("cc-zero",)) == ["escuelas"]
    assert names(known, "", theme=("no-such",)) == []
    narrowed = known.search("", theme=("seguridad",))
    assert {count.value: count.count for count in narrowed.facets["theme"]} == {
        "seguridad": 1, "educacion": 1, "movilidad": 1,
    }  # fmt: skip
    assert {count.value: count.count for count in narrowed.facets["license"]} == {"cc-by": 1}
    assert [count.value for count in narrowed.facets["theme"] if count.chosen] == ["seguridad"]


def test_counts_equal_what_is_found(known: Catalog):
    for text in ("", "a", "de", "educacion", "robo"):
        for kind, counts in known.search(text).facets.items():
            for count in counts:
                assert known.search(text, **{kind: (count.value,)}).total == count.count


def test_pages_and_orders(known: Catalog):
    assert names(known, "", limit=2) == ["agua", "vacio"]
    assert names(known, "", limit=2, offset=2) == ["escuelas", "delitos"]
    assert known.search("", limit=0).total == 4
    assert names(known, "", sort="title") == ["delitos", "agua", "escuelas", "vacio"]
    assert names(known, "", sort="rows")[:2] == ["delitos", "escuelas"]
    assert names(known, "", limit=-5, offset=-3) == []


def test_did_you_mean(known: Catalog):
    assert known.search("investigasion").meant == "investigacion"
    assert known.search("escuels robo").meant == "escuelas robo"
    assert known.search("zzzzzz").meant == ""
    assert known.search("agua").meant == ""


@pytest.mark.parametrize(
    "text",
    ['"', "'", "*", "agua*", "NOT agua", "agua OR", "NEAR(a b)", "title:agua", "^agua", "-agua", "(", "a\0b", "{x}",
     "; DROP TABLE packages", "\ud800", "agua" * 200, " ".join("abcdefghijklmnopqrstuvwxyz"), "🚲", "%", "\\", "¿?"],
)  # fmt: skip
def test_hostile_texts_are_only_words(known: Catalog, text: str):
    found = known.search(text)
    assert 0 <= found.total <= 4
    assert known.search("").total == 4


def test_punctuation_alone_finds_nothing(known: Catalog):
    assert known.search("¿?").total == 0


@given(st.text(max_size=40))
def test_no_text_is_an_error(known: Catalog, text: str):
    known.search(text, theme=(text,))


def test_search_follows_the_catalogue(tmp_path: Path):
    known = catalog(tmp_path)
    assert names(known, "iztapalapa") == []
    known.open("r-delitos")
    assert names(known, "iztapalapa") == ["delitos"]
    portal = known.portals()[0].portal
    known.store.remove(portal, ["id-00001"])
    assert names(known, "iztapalapa") == []
    assert known.search("").total == 3


def test_snapshot_is_taken_once(known: Catalog):
    search = Search(known.store.database)
    search.find("", {})
    first = search._snapshot
    search.find("agua", {})
    assert search._snapshot is first


def test_folding_and_stems():
    assert fold("Álvaro ÑANDÚ ß") == "alvaro nandu ss"
    assert stem("robos", "es") == stem("robo", "es")
    assert stem("schools", "en") == stem("school", "en")
    assert {"agua", "augas"} <= nearby("aguas")
    assert "aguas" not in nearby("aguas")


@pytest.mark.parametrize(
    ("first", "last", "covered"),
    [
        ("2019-05-01", "2021-01-01T10:00:00", ["2019", "2020", "2021"]),
        (2020, 2021, ["2020", "2021"]),
        ("1024", "2024", []),
        (20200101, 20210101, []),
        ("10:00", "12:00", []),
        (None, None, []),
    ],
)
def test_a_table_covers_the_years_of_its_times(first: Scalar, last: Scalar, covered: list[str]):
    when = Column(name="fecha", label="fecha", type="date", role="time", min=first, max=last)
    assert years(Table(id="t", sha256="", kind="csv", rows=1, columns=(when,))) == covered
