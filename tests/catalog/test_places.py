import json
from itertools import combinations

import pytest
import shapely

from catalog.places import PACKS, codes, geographies, geography, match, outlines

CDMX = geography("cdmx")


def shape(polygons):
    return shapely.union_all([shapely.Polygon(outer, holes) for outer, *holes in polygons])


def test_population_is_the_census_of_2020():
    assert sum(place.population for place in CDMX.places) == 9_209_944
    assert CDMX.place("09007").population == 1_835_486
    assert CDMX.place("09001") is None


def test_states_of_mexico():
    states = geography("mexico")
    assert len(states.places) == 32
    assert sum(place.population for place in states.places) == 126_014_024
    found = match(["Edomex", "Coahuila de Zaragoza", "VERACRUZ DE IGNACIO DE LA LLAVE", "Distrito Federal"])
    assert found.geography == "mexico"
    assert set(found.codes.values()) == {"MX-MEX", "MX-COA", "MX-VER", "MX-CMX"}


@pytest.mark.parametrize("number", ["01", "1", "9", "09"])
def test_a_short_number_is_no_place(number):
    """Months, hours and levels are written like INEGI's two-digit codes of states."""
    assert match([number]) is None


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Gustavo A. Madero", "09005"),
        ("GAM", "09005"),
        ("gustavo a madero", "09005"),
        ("GUSTAVO A.MADERO", "09005"),
        ("ALVARO OBREGON", "09010"),
        ("Álvaro  Obregón ", "09010"),
        ("A\u0301lvaro Obrego\u0301n", "09010"),
        ("Cuajimalpa", "09004"),
        ("Cuajimalpa de Morelos", "09004"),
        ("Magdalena Contreras", "09008"),
        ("LA MAGDALENA CONTRERAS", "09008"),
        ("Magdalena Contreras, La", "09008"),
        ("Alcaldía Tláhuac", "09011"),
        ("Delegación Benito Juárez", "09014"),
        ("benito_juarez", "09014"),
        ("09014", "09014"),
        ("9014", "09014"),
    ],
)
def test_the_ways_publishers_write_a_borough(written, code):
    assert match([written]).codes == {written: code}


@pytest.mark.parametrize(
    "written", ["Benito Juares", "Tlalpam", "Obregón", "?lvaro Obreg?n", "014", "14", "de la"]
)
def test_nothing_is_guessed(written):
    assert match([written]) is None


def test_share_counts_distinct_values_and_needs_four_in_five():
    names = ["Iztapalapa", "Iztacalco", "Coyoacán", "Tlalpan"]
    found = match([*names * 3, "No especificado", "", "  "])
    assert found.geography == "cdmx"
    assert found.share == 0.8
    assert "No especificado" not in found.codes
    assert match([*names, "No especificado", "Otra"]) is None
    assert match([]) is None
    assert match(["", " "]) is None


@pytest.mark.parametrize("known", geographies(), ids=lambda known: known.id)
class TestEveryPack:
    def test_no_two_places_share_a_word(self, known):
        words = [word for place in known.places for word in (place.code, place.name, *place.aliases)]
        assert match(words).share == 1
        for place in known.places:
            for word in (place.code, place.name, *place.aliases):
                assert match([word]).codes == {word: place.code}

    def test_every_place_has_an_outline_in_the_frame(self, known):
        shapes = outlines(known.id)
        assert set(shapes) == {place.code for place in known.places}
        west, south, east, north = known.frame
        for polygons in shapes.values():
            assert shape(polygons).is_valid
            for ring in (ring for polygon in polygons for ring in polygon):
                assert ring[0] == ring[-1]
                assert all(west <= x <= east and south <= y <= north for x, y in ring)

    def test_neighbours_share_their_border_and_nothing_else(self, known):
        shapes = [shape(polygons) for polygons in outlines(known.id).values()]
        assert shapely.coverage_is_valid(shapes)
        assert all(one.intersection(other).area == 0 for one, other in combinations(shapes, 2))

    def test_says_where_it_comes_from_in_both_languages(self, known):
        about = json.loads((PACKS / known.id / "pack.json").read_text(encoding="utf-8"))
        assert about["source"]
        assert about["license"]
        assert set(about["title"]) == {"es", "en"}

    def test_is_light(self, known):
        assert (PACKS / known.id / "outlines.geojson").stat().st_size <= 60_000


def test_boroughs_form_one_city_without_gaps():
    city = shapely.union_all([shape(polygons) for polygons in outlines("cdmx").values()])
    assert city.geom_type == "Polygon"
    assert not city.interiors


def test_outlines_of_an_unknown_geography():
    with pytest.raises(KeyError):
        outlines("atlantis")
    assert geography("atlantis") is None


def test_codes_of_a_known_geography_need_no_majority():
    assert codes("cdmx", ["COYOACAN", "Atlantis", "", "Tlalpan"]) == {"COYOACAN": "09003", "Tlalpan": "09012"}
    with pytest.raises(KeyError):
        codes("nowhere", ["Coyoacán"])
