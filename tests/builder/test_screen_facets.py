"""The values of a filter are counted over all rows the other filters keep."""

import pandas as pd
import pytest

from builder.choices import COUNT
from builder.facets import facet
from builder.spec import ChartSpec, Encoding, Filter
from tests.builder.tables import make_table
from web.values import Refused

FRAME = pd.DataFrame(
    {
        "line": ["L1", "L1", "L2", "L2", "L2", None],
        "day": ["sat", "sun", "sat", "sat", "sun", "sat"],
        "riders": [1, 2, 3, 4, 5, 6],
    }
)


def chart(*filters: Filter) -> ChartSpec:
    return ChartSpec(mark="bar", x=Encoding(field="line"), y=COUNT, filters=filters)


def test_values_come_by_frequency_with_the_missing_apart(engine, folder):
    found = facet(engine, chart(), make_table(folder, FRAME), "line")
    assert (found.values, found.missing) == ((("L2", 3), ("L1", 2)), 1)


def test_counts_follow_the_other_filters_but_not_their_own(engine, folder):
    spec = chart(Filter(field="day", values=("sat",)), Filter(field="line", values=("L1",)))
    table = make_table(folder, FRAME)
    assert facet(engine, spec, table, "line").values == (("L2", 2), ("L1", 1))
    assert facet(engine, spec, table, "day").values == (("sat", 1), ("sun", 1))


def test_a_table_that_is_gone_is_refused(engine, folder):
    table = make_table(folder, FRAME).model_copy(update={"id": "gone"})
    with pytest.raises(Refused, match="table_unknown"):
        facet(engine, chart(), table, "line")
