"""What to beware of in a chart, from its question and its answer alone."""

from dataclasses import replace

import pandas as pd

from builder.describe import measure
from builder.honesty import cautions
from builder.marks import MARKS, examples
from builder.plan import plan_of
from builder.result import Result
from builder.spec import ChartSpec, Encoding
from web.i18n import explain

MAP = examples.choropleth()
BAR = ChartSpec(mark="bar", x=Encoding(field="a"), y=Encoding(aggregate="count"))
MEAN = BAR.model_copy(update={"y": Encoding(field="b", aggregate="mean")})


def codes(spec, counted, groups=2, **facts):
    frame = pd.DataFrame({"x": [str(i) for i in range(groups)], "y": [1.0] * groups})
    result = Result(frame=frame, total=9_999, counted=counted, **facts)
    return [(each.code, each.facts) for each in cautions(spec, result)]


def test_a_map_of_rates_by_inhabitants_is_no_map_of_totals():
    by_people = ChartSpec(
        mark="choropleth", place=Encoding(field="a"), color=Encoding(aggregate="count", view="per_1000")
    )
    assert "beware_totals_on_map" not in {
        each.code
        for each in cautions(by_people, Result(frame=pd.DataFrame({"color": [1.0]}), total=99, counted=99))
    }


def test_totals_on_a_map_and_never_averages():
    assert [each.code for each in cautions(MAP.spec, MAP.result)] == ["beware_totals_on_map"]
    mean = MAP.spec.model_copy(update={"color": Encoding(field="edad", aggregate="mean")})
    assert cautions(mean, replace(MAP.result, counted=20_000)) == ()


def test_an_average_of_few_rows_is_named_unless_each_value_stands_as_published():
    assert codes(MEAN, counted=59) == [("beware_few_averaged", {"few": 30})]
    assert codes(MEAN, counted=60) == []
    assert codes(MEAN, counted=70, missing_measure=11) == [("beware_few_averaged", {"few": 30})]
    assert codes(MEAN, counted=2) == []


def test_few_rows_counted():
    assert codes(BAR, counted=29) == [("beware_few_rows", {"n": 29})]
    assert codes(BAR, counted=30) == codes(BAR, counted=0, groups=0) == []


def test_eight_colours_are_many():
    spec = BAR.model_copy(update={"color": Encoding(field="c")})

    def found(n):
        frame = pd.DataFrame({"x": ["a"] * n, "color": [*map(str, range(n - 1)), None], "y": [9] * n})
        return [each.code for each in cautions(spec, Result(frame=frame, total=99, counted=99))]

    assert found(8) == []
    assert found(9) == ["beware_many_colors"]


def test_every_kind_of_chart_can_be_asked():
    for mark in MARKS.values():
        asked = mark.example()
        assert all("{" not in explain(each, "es") for each in cautions(asked.spec, asked.result))


def test_an_incomplete_last_period_is_said_to_readers():
    assert (
        "Sep 2023 is incomplete and drawn lighter." in plan_of(replace(examples.line(), language="en")).notes
    )
    whole = replace(examples.line().result, incomplete=None)
    assert plan_of(replace(examples.line(), result=whole)).notes == ()


def test_a_stack_says_where_it_draws_no_number_as_zero():
    (note,) = [n for n in plan_of(replace(examples.area(), language="en")).notes if "zero" in n]
    assert note == "Periods without a number are drawn as zero: Línea 12 (1)."


def test_a_share_without_the_others_is_not_called_one_of_the_total():
    spec = BAR.model_copy(update={"y": Encoding(aggregate="count", view="share"), "others": False})
    frame = pd.DataFrame({"x": ["A", "B"], "y": [75.0, 25.0]})
    some = examples.asked(spec, frame, 40, left_out=60)
    assert "% of the groups shown" in measure(replace(some, language="en"))
    whole = replace(some.result, left_out=0)
    assert "% of the total" in measure(replace(some, result=whole, language="en"))
