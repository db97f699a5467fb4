"""From packages as published to datasets: odd types, languages, formats, hostile texts."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.models import Portal, Resource
from catalog.packages import file_format, text, understand
from tests.catalog.portal import package
from web.values import Refused

PORTAL = Portal(id="p", source="https://datos.example.org", title="Datos")
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
FIELDS = (
    "title",
    "notes",
    "organization",
    "groups",
    "tags",
    "extras",
    "license_title",
    "maintainer",
    "metadata_modified",
)


def test_reads_every_field():
    dataset = understand(package(7, maintainer="Ana", maintainer_email="ana@example.org"), PORTAL)
    assert dataset.url == "https://datos.example.org/dataset/conjunto-7"
    assert (dataset.organization, dataset.organization_title) == ("adip", "Agencia Digital")
    assert (dataset.groups, dataset.tags) == (("movilidad",), ("agua",))
    assert (dataset.frequency, dataset.extras) == ("anual", {"frecuencia": "anual"})
    assert dataset.contact == "Ana <ana@example.org>"
    assert dataset.resources[0] == Resource(
        id="r-00007", name="Tabla", format="CSV", url="http://example.org/a.csv"
    )


@pytest.mark.parametrize(
    ("fields", "titles", "title"),
    [
        ({"title": "Agua"}, {"": "Agua"}, "Agua"),
        ({"title": {"de": "Wasser", "fr": "Eau"}}, {"de": "Wasser", "fr": "Eau"}, "Wasser"),
        ({"title": '{"en": "Water", "es": "Agua"}'}, {"en": "Water", "es": "Agua"}, "Agua"),
        ({"title": "A | B", "title_translated": {"en": "A", "fr": "B"}}, {"en": "A", "fr": "B"}, "A"),
        ({"title": {"de": "", "fr": ""}}, {}, "conjunto-1"),
        ({"title": None}, {}, "conjunto-1"),
        ({"title": '{"en": '}, {"": '{"en":'}, '{"en":'),
        ({"title": "<b>Agua</b>"}, {"": "<b>Agua</b>"}, "<b>Agua</b>"),
    ],
)
def test_titles_by_language(fields: dict[str, Any], titles: dict[str, str], title: str):
    dataset = understand(package(1, **fields), PORTAL)
    assert (dataset.titles, dataset.title) == (titles, title)


@pytest.mark.parametrize(
    "broken", [{"id": None}, {"id": ""}, {"id": 5}, {"id": "a\0b"}, {"id": "\ud800"}, {"resources": "csv"}]
)
def test_package_without_key_is_refused(broken: dict[str, Any]):
    with pytest.raises(Refused, match="package_invalid"):
        understand(package(1, **broken), PORTAL)


@given(st.sampled_from(FIELDS), JSON)
def test_any_json_in_a_field_is_text_or_nothing(field: str, value: Any):
    dataset = understand(package(1, **{field: value}), PORTAL)
    assert dataset.title
    assert dataset.model_dump_json()
    assert all(
        "\0" not in said for said in (dataset.title, dataset.notes, *dataset.tags, *dataset.extras.values())
    )


@pytest.mark.parametrize(
    ("stated", "url", "label"),
    [
        (".csv", "", "CSV"),
        ("csv\n", "", "CSV"),
        ("text/csv", "", "CSV"),
        ("zip+csv", "", "ZIP+CSV"),
        ("", "http://x.org/a/b.GeoJSON?x=1", "GEOJSON"),
        ("", "http://x.org/download", ""),
        ("", "", ""),
        ("", "http://[", ""),
    ],
)
def test_format_in_one_spelling(stated: str, url: str, label: str):
    assert file_format(Resource(id="r", format=stated, url=url)) == label


def test_text_of_lists_and_objects():
    assert text(["a", None, ["b", 3]]) == "a, b, 3"
    assert text({"en": "Water", "es": "Agua"}) == "Agua"
    assert text({"years": 2, "label": "x"}) == "2, x"


@pytest.mark.parametrize(
    ("stated", "size"),
    [("12", 12), (12, 12), (12.5, None), ("-1", None), ("1e9", None), (None, None), (True, None)],
)
def test_sizes(stated: Any, size: int | None):
    resources = [{"id": "r", "size": stated}]
    assert understand(package(1, resources=resources), PORTAL).resources[0].size == size
