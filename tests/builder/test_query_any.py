"""Any spec over any table either answers or says why not, and changes nothing."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder.check import problems
from builder.engine import Engine
from builder.link import decode, encode
from builder.shapes import SHAPES
from builder.spec import AGGREGATES, ChartSpec, Encoding, Filter
from builder.suggest import suggest
from tests.builder.tables import make_table
from web.i18n import LANGUAGES, explain
from web.settings import Settings
from web.values import Refused

HARD = ["", "a", "A", "á", "NULL", "'; drop table x --", 'q"\\', "<b>", "\x00others", "🚇", " "]
COLUMNS = {
    "text": st.none() | st.sampled_from(HARD),
    "number": st.none() | st.floats(allow_nan=False, allow_infinity=False, width=32),
    "whole": st.none() | st.integers(-(2**31), 2**31),
    "day": st.none() | st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)),
    "latitude": st.none() | st.floats(-95, 95),
    "longitude": st.none() | st.floats(-190, 190),
    "flag": st.none() | st.booleans(),
}
fields = st.none() | st.sampled_from([*COLUMNS, "nothing"])
encodings = st.none() | st.builds(
    Encoding,
    field=fields,
    aggregate=st.none() | st.sampled_from(AGGREGATES),
    time_unit=st.none() | st.sampled_from(["year", "month", "week", "hour"]),
    bins=st.none() | st.integers(-1, 101),
)
finite = st.floats(allow_nan=False, allow_infinity=False)
values = st.none() | st.sampled_from(HARD) | st.integers() | finite | st.booleans() | st.just("2020-02")
filters = st.builds(
    Filter,
    field=st.sampled_from([*COLUMNS, "nothing"]),
    values=st.lists(values, max_size=3).map(tuple),
    low=st.none() | st.just("2001") | st.floats(-1e6, 1e6),
    high=st.none() | st.just("2020-06-30") | st.floats(-1e6, 1e6),
    missing=st.booleans(),
    exclude=st.booleans(),
)
specs = st.builds(
    ChartSpec,
    mark=st.sampled_from([*SHAPES, "nothing"]),
    **dict.fromkeys(("x", "y", "color", "size", "latitude", "longitude", "place"), encodings),
    filters=st.lists(filters, max_size=2).map(tuple),
    sort=st.sampled_from(["auto", "value", "-value", "label", "-label"]),
    limit=st.none() | st.integers(-1, 5),
    others=st.booleans(),
)
group = st.builds(Encoding, field=st.sampled_from(list(COLUMNS)))
measure = st.builds(
    Encoding, field=st.just("number") | st.just("whole"), aggregate=st.sampled_from(AGGREGATES)
)
likely = st.builds(
    ChartSpec,
    mark=st.sampled_from(["bar", "line"]),
    x=group,
    y=measure,
    color=st.none() | group,
    filters=st.lists(filters, max_size=1).map(tuple),
    limit=st.none() | st.integers(1, 3),
    others=st.booleans(),
)
rows = st.lists(st.fixed_dictionaries(COLUMNS), min_size=1, max_size=12)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("any")
    engine = Engine(Settings(data=folder))
    yield folder / "tables", engine
    engine.close()


def frame_of(found):
    return pd.DataFrame(found, columns=list(COLUMNS), dtype=object)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(found=rows, spec=specs | likely)
def test_any_spec_answers_or_is_refused(place, found, spec):
    folder, engine = place
    table = make_table(folder, frame_of(found))
    before = table.model_dump_json(), spec.model_dump_json()
    if refused := problems(spec, table):
        assert all(explain(problem, language) for problem in refused for language in LANGUAGES)
        with pytest.raises(Refused) as caught:
            engine.run(spec, table)
        assert caught.value.problem == refused[0]
    else:
        result = engine.run(spec, table)
        assert result.total == len(found) == result.counted + result.left_out + sum(result.missing.values())
        assert min(result.counted, result.left_out, *result.missing.values(), 0) == 0
        assert len(result.frame) <= len(found)
    assert (table.model_dump_json(), spec.model_dump_json()) == before


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(found=rows)
def test_whatever_is_suggested_answers(place, found):
    folder, engine = place
    table = make_table(folder, frame_of(found))
    for suggestion in suggest(table):
        assert engine.run(suggestion.spec, table).total == len(found)


@given(spec=specs)
def test_a_spec_survives_its_address(spec):
    assert decode(encode(spec)) == spec
    assert decode(spec.model_dump_json()) == spec
    assert set(encode(spec)) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@given(text=st.text(max_size=40) | st.binary(max_size=40).map(lambda b: b.hex()))
def test_an_address_that_is_no_chart_is_refused(text):
    with pytest.raises(Refused) as caught:
        decode(text)
    assert caught.value.problem.code == "spec_unreadable"


def test_an_address_cannot_unpack_to_more_than_its_bound():
    import base64
    import zlib

    bomb = base64.urlsafe_b64encode(zlib.compress(b'{"mark":"' + b"a" * 50_000_000)).decode()
    with pytest.raises(Refused):
        decode(bomb)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**63])
def test_a_number_no_column_can_have_is_refused(place, value):
    folder, _ = place
    table = make_table(folder, frame_of([dict.fromkeys(COLUMNS) | {"number": 1.0}]))
    chosen = Filter(field="number", values=(value,))
    spec = ChartSpec(mark="bar", x=Encoding(field="text"), y=Encoding(aggregate="count"), filters=(chosen,))
    assert [problem.code for problem in problems(spec, table)] == ["filter_value"]
