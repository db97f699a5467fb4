"""Views of what was counted: shares, changes, running totals and rates, against sums done by hand."""

import math

import pandas as pd
import pytest

from builder import edit, views
from builder.check import problems
from builder.result import OTHERS, Result
from builder.spec import ChartSpec, Encoding, Filter
from catalog.models import Column, Table
from tests.builder.test_edit import METRO

COUNT = Encoding(aggregate="count")
MONTHS = pd.to_datetime(["2023-01-01", "2023-02-01", "2023-04-01", "2023-05-01"])


def shown(spec, frame, **facts):
    return list(views.viewed(spec, METRO, Result(frame=frame, total=9, counted=9, **facts)).frame["y"])


def spec_of(view, x=None, **channels):
    return ChartSpec(
        table="metro",
        mark="bar",
        x=x or Encoding(field="linea"),
        y=COUNT.model_copy(update={"view": view}),
        **channels,
    )


def test_shares_are_of_everything_counted_others_and_missing_too():
    frame = pd.DataFrame({"x": ["1", OTHERS, None], "y": [30, 60, 10]})
    assert shown(spec_of("share"), frame) == [30, 60, 10]


def test_a_change_needs_the_period_just_before_and_a_whole_one_now():
    by_month = Encoding(field="fecha", time_unit="month")
    frame = pd.DataFrame({"x": MONTHS, "y": [100, 150, 90, 45]})
    got = shown(spec_of("change", by_month), frame, incomplete="2023-05-01")
    assert [None if math.isnan(value) else value for value in got] == [None, 50, None, None]


def test_no_change_is_told_on_a_first_period_that_a_filter_cuts():
    by_month = Encoding(field="fecha", time_unit="month")
    frame = pd.DataFrame({"x": MONTHS[:2], "y": [1, 31]})
    whole = spec_of("change", by_month, filters=(Filter(field="fecha", low="2023-01-01"),))
    cut = spec_of("change", by_month, filters=(Filter(field="fecha", low="2023-01-31"),))
    assert shown(whole, frame)[1] == 3000
    assert math.isnan(shown(cut, frame)[1])


def test_changes_are_those_of_each_series():
    by_month = Encoding(field="fecha", time_unit="month")
    frame = pd.DataFrame({"x": MONTHS[[0, 0, 1, 1]], "color": ["A", "B", "A", "B"], "y": [10, 200, 15, 100]})
    got = shown(spec_of("change", by_month, color=Encoding(field="linea")), frame)
    assert got[2:] == [50, -50]


def test_running_totals_follow_time_whatever_the_order_of_the_bars():
    by_month = Encoding(field="fecha", time_unit="month")
    frame = pd.DataFrame({"x": MONTHS[[2, 0, 1]], "y": [7, 1, 2]})
    assert shown(spec_of("running", by_month), frame) == [10, 1, 3]


def test_rates_use_the_inhabitants_of_the_pack_and_leave_out_what_has_none():
    frame = pd.DataFrame({"x": ["Azcapotzalco", OTHERS], "y": [4322.05, 10]})
    got = shown(spec_of("per_1000", Encoding(field="alcaldia")), frame)
    assert got[0] == pytest.approx(10)
    assert math.isnan(got[1])


@pytest.mark.parametrize(
    ("spec", "code"),
    [
        (spec_of("change"), "view_order"),
        (spec_of("per_1000"), "view_people"),
        (spec_of("share").model_copy(update={"y": Encoding(field="espera", aggregate="mean", view="share")}), "view_adds_up"),
        (spec_of("share").model_copy(update={"mark": "histogram", "x": Encoding(field="espera", bins=5)}), "view_mark"),
    ],
)  # fmt: skip
def test_a_view_that_says_nothing_is_refused(spec, code):
    assert [problem.code for problem in problems(spec, METRO)] == [code]


def test_a_view_stays_while_it_fits():
    shares = edit.with_view(spec_of(None), METRO, "share")
    assert edit.with_group(shares, METRO, Encoding(field="alcaldia")).y.view == "share"
    assert edit.with_measure(shares, METRO, Encoding(field="espera", aggregate="mean")).y.view is None
    assert edit.with_view(shares, METRO, None).y == COUNT


def test_months_weekdays_and_hours_come_again(tmp_path):
    from builder.choices import groups

    parts = [each.part for each in groups(METRO, "bar") if each.part]
    assert parts == ["month", "weekday"]
    assert not [each for each in groups(METRO, "line") if each.part]


def test_a_day_of_the_week_cannot_be_found_in_a_text():
    spec = spec_of(None, Encoding(field="linea", part="weekday"))
    assert [problem.code for problem in problems(spec, METRO)] == ["time_needed"]


def test_hours_need_a_clock():
    table = Table(
        id="t",
        sha256="",
        kind="csv",
        rows=1,
        columns=(Column(name="d", label="d", type="date", role="time"),),
    )
    spec = ChartSpec(mark="bar", x=Encoding(field="d", part="hour"), y=COUNT)
    assert [problem.code for problem in problems(spec, table)] == ["time_needed"]
