"""Every number against pandas, and every row accounted for."""

import datetime as dt
import random
from fractions import Fraction

import pandas as pd
import pytest

from builder.query import edges
from builder.result import OTHERS
from builder.spec import AGGREGATES, ChartSpec, Encoding, Filter
from tests.builder.tables import make_table
from web.values import Refused

COUNT = Encoding(aggregate="count")


@pytest.fixture
def incidents(folder):
    """Three thousand rows with gaps in every column, and money in cents."""
    pick = random.Random(7)
    days = [dt.date(2022, 1, 1) + dt.timedelta(days=pick.randrange(700)) for _ in range(3000)]
    frame = pd.DataFrame(
        {
            "borough": pick.choices(
                ["Iztapalapa", "GAM", "Tlalpan", "Coyoacán", None], [9, 5, 3, 1, 2], k=3000
            ),
            "colonia": [f"c{int(pick.paretovariate(1)) % 40:02d}" for _ in range(3000)],
            "crime": pick.choices([f"crime {n}" for n in range(12)], range(1, 13), k=3000),
            "day": [None if pick.random() < 0.03 else day for day in days],
            "amount": [
                None if pick.random() < 0.1 else round(pick.uniform(-50, 9000), 2) for _ in range(3000)
            ],
            "age": [None if pick.random() < 0.1 else pick.randrange(0, 99) for _ in range(3000)],
            "violent": [pick.random() < 0.3 for _ in range(3000)],
        }
    ).astype({"age": "Int64"})
    return make_table(folder, frame), frame


def balanced(result):
    return result.total == result.counted + result.left_out + sum(result.missing.values())


def test_counts_by_category_put_the_largest_first_and_missing_last(engine, incidents):
    table, frame = incidents
    result = engine.run(ChartSpec(mark="bar", x=Encoding(field="borough"), y=COUNT), table)
    expected = frame.borough.value_counts()
    assert list(result.frame.x) == [*expected.index, None]
    assert list(result.frame.y) == [*expected, frame.borough.isna().sum()]
    assert (result.total, result.counted, result.left_out, result.missing) == (3000, 3000, 0, {})


def exact(values):
    """The sum of the numbers as they are written, without what binary fractions add."""
    return sum(Fraction(str(value)) for value in values.dropna()) if values.count() else float("nan")


EXPECTED = {
    "count": lambda values: len(values),
    "distinct": lambda values: values.nunique(),
    "sum": lambda values: float(exact(values)),
    "mean": lambda values: float(exact(values) / max(int(values.count()), 1)),
    "median": lambda values: values.median(),
    "min": lambda values: values.min(),
    "max": lambda values: values.max(),
    "p10": lambda values: values.quantile(0.1),
    "p25": lambda values: values.quantile(0.25),
    "p75": lambda values: values.quantile(0.75),
    "p90": lambda values: values.quantile(0.9),
}


@pytest.mark.parametrize("aggregate", AGGREGATES)
@pytest.mark.parametrize("field", ["amount", "age"])
def test_every_aggregate_is_that_of_the_rows_to_the_last_digit(engine, incidents, aggregate, field):
    table, frame = incidents
    y = Encoding(field=field, aggregate=aggregate)
    result = engine.run(ChartSpec(mark="bar", x=Encoding(field="crime"), y=y), table)
    expected = {name: EXPECTED[aggregate](rows[field]) for name, rows in frame.groupby("crime")}
    got = dict(zip(result.frame.x, result.frame.y, strict=True))
    assert got == (pytest.approx(expected, rel=1e-15) if aggregate.startswith("p") else expected)
    assert result.missing_measure == (0 if aggregate == "count" else frame[field].isna().sum())


@pytest.mark.parametrize("aggregate", AGGREGATES)
def test_others_are_computed_from_their_rows_never_from_the_groups(engine, incidents, aggregate):
    table, frame = incidents
    y = Encoding(field="amount", aggregate=aggregate)
    result = engine.run(ChartSpec(mark="bar", x=Encoding(field="colonia"), y=y, limit=4), table)
    shown = list(result.frame.x)
    assert shown[-1] == OTHERS
    assert len(shown) == 5
    assert result.others == frame.colonia.nunique() - 4
    rest = frame[~frame.colonia.isin(shown)]
    assert result.frame.y.iloc[-1] == pytest.approx(EXPECTED[aggregate](rest.amount), rel=1e-15)
    assert result.counted == 3000


def test_others_left_out_are_counted_as_left_out(engine, incidents):
    table, frame = incidents
    spec = ChartSpec(mark="bar", x=Encoding(field="colonia"), y=COUNT, limit=4, others=False)
    result = engine.run(spec, table)
    top = frame.colonia.value_counts().head(4)
    assert (result.counted, result.left_out) == (top.sum(), 3000 - top.sum())
    assert OTHERS not in list(result.frame.x)


def test_colours_beyond_seven_are_gathered(engine, incidents):
    table, frame = incidents
    spec = ChartSpec(mark="bar", x=Encoding(field="borough"), y=COUNT, color=Encoding(field="crime"))
    result = engine.run(spec, table)
    top = set(frame.crime.value_counts().head(7).index)
    assert set(result.frame.color) == top | {OTHERS}
    expected = frame[~frame.crime.isin(top)].borough.value_counts(dropna=False)
    gathered = result.frame[result.frame.color == OTHERS]
    assert dict(zip(gathered.x, gathered.y, strict=True)) == {
        None if pd.isna(name) else name: n for name, n in expected.items()
    }


@pytest.mark.parametrize(
    ("unit", "code"), [("year", "Y"), ("quarter", "Q"), ("month", "M"), ("week", "W"), ("day", "D")]
)
def test_time_is_grouped_in_steps_and_rows_without_a_date_are_missing(engine, incidents, unit, code):
    table, frame = incidents
    y = Encoding(field="amount", aggregate="sum")
    result = engine.run(ChartSpec(mark="line", x=Encoding(field="day", time_unit=unit), y=y), table)
    starts = pd.to_datetime(frame.day).dt.to_period(code).dt.start_time
    expected = frame.groupby(starts).amount.agg(EXPECTED["sum"])
    assert list(result.frame.x) == list(expected.index)
    assert result.frame.y.equals(pd.Series(list(expected), dtype="float64"))
    assert result.missing == {"x": frame.day.isna().sum()}
    assert balanced(result)


def test_a_number_in_intervals(engine, incidents):
    table, frame = incidents
    result = engine.run(ChartSpec(mark="histogram", x=Encoding(field="amount", bins=10), y=COUNT), table)
    cuts = [*result.frame.x, result.frame.x_end.iloc[-1]]
    expected = pd.cut(frame.amount, cuts, right=False).value_counts(sort=False)
    assert cuts == [float(n) for n in range(-1000, 9001, 1000)]
    assert list(result.frame.y) == list(expected)
    assert result.missing == {"x": frame.amount.isna().sum()}


@pytest.mark.parametrize(
    ("column", "bins", "expected"),
    [
        ({"type": "number", "min": 0.1, "max": 0.9}, 8, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]),
        ({"type": "integer", "min": 0, "max": 9}, 5, [0, 2, 4, 6, 8, 10]),
        ({"type": "integer", "min": 3, "max": 3}, 10, [3, 4]),
        ({"type": "number", "min": 5.0, "max": 5.0}, 10, [5, 6]),
        (
            {"type": "number", "min": -7.0, "max": 12.0},
            4,
            [-10, 0, 10, 20],
        ),
    ],
)
def test_intervals_have_round_edges(column, bins, expected):
    from catalog.models import Column

    described = Column(name="n", label="n", role="measure", **column)
    assert edges(Encoding(field="n", bins=bins), described, ChartSpec(mark="histogram")) == expected


def kept(frame, chosen):
    """What a filter keeps, said once more in pandas."""
    values = frame[chosen.field]
    inside = pd.Series(True, index=frame.index)
    if chosen.values:
        inside = values.isin([v for v in chosen.values if v is not None]) ^ chosen.exclude
    if chosen.low is not None:
        inside &= (values >= chosen.low).fillna(False)
    if chosen.high is not None:
        inside &= (values <= chosen.high).fillna(False)
    if chosen.missing and not (chosen.values or chosen.low is not None or chosen.high is not None):
        return values.isna()
    return (inside & values.notna()) | (values.isna() & chosen.missing)


@pytest.mark.parametrize(
    "chosen",
    [
        Filter(field="borough", values=("GAM", "Tlalpan")),
        Filter(field="borough", values=("GAM",), missing=True),
        Filter(field="borough", values=("GAM",), exclude=True),
        Filter(field="borough", values=("GAM",), exclude=True, missing=True),
        Filter(field="borough", missing=True),
        Filter(field="borough"),
        Filter(field="borough", values=("nowhere'; drop table x --", 'x"\\', "\x00")),
        Filter(field="amount", low=100, high=500.5),
        Filter(field="amount", low=8000, missing=True),
        Filter(field="age", values=(18, 30)),
        Filter(field="age", high=17),
        Filter(field="violent", values=(True,)),
    ],
)  # fmt: skip
def test_filters_keep_the_rows_they_say(engine, incidents, chosen):
    table, frame = incidents
    spec = ChartSpec(mark="bar", x=Encoding(field="crime"), y=COUNT, filters=(chosen,))
    result = engine.run(spec, table)
    expected = frame[kept(frame, chosen)].crime.value_counts()
    assert dict(zip(result.frame.x, result.frame.y, strict=True)) == expected.to_dict()
    assert result.left_out == 3000 - expected.sum()
    assert balanced(result)


@pytest.mark.parametrize(
    ("low", "high", "first", "last"),
    [
        ("2022", "2022", "2022-01-01", "2022-12-31"),
        ("2022-05", "2023-02", "2022-05-01", "2023-02-28"),
        ("2022-05-15", "2022-05-15", "2022-05-15", "2022-05-15"),
        (None, "2022-03", "2022-01-01", "2022-03-31"),
    ],
)
def test_partial_dates_mean_their_whole_period(engine, incidents, low, high, first, last):
    table, frame = incidents
    chosen = Filter(field="day", low=low, high=high)
    result = engine.run(ChartSpec(mark="bar", x=Encoding(field="crime"), y=COUNT, filters=(chosen,)), table)
    days = pd.to_datetime(frame.day)
    assert result.counted == ((days >= first) & (days <= last)).sum()


def test_a_missing_value_can_be_chosen_or_excluded_by_name(engine, incidents):
    table, frame = incidents
    ask = ChartSpec(mark="bar", x=Encoding(field="crime"), y=COUNT)
    only = ask.model_copy(update={"filters": (Filter(field="borough", values=(None,)),)})
    without = ask.model_copy(update={"filters": (Filter(field="borough", values=(None,), exclude=True),)})
    assert engine.run(only, table).counted == frame.borough.isna().sum()
    assert engine.run(without, table).counted == frame.borough.notna().sum()


def test_places_gather_their_spellings_and_miss_what_is_no_place(engine, folder):
    names = (
        ["Iztapalapa"] * 5
        + ["IZTAPALAPA"] * 2
        + ["Tlalpan"] * 3
        + ["Álvaro Obregón", "Coyoacan", "Toluca", None]
    )
    frame = pd.DataFrame({"place": names, "n": range(len(names))})
    table = make_table(folder, frame, place={"role": "place", "geography": "cdmx"})
    spec = ChartSpec(
        mark="choropleth", place=Encoding(field="place"), color=Encoding(field="n", aggregate="mean")
    )
    result = engine.run(spec, table)
    shown = dict(zip(result.frame.place, result.frame.color, strict=True))
    assert shown == {"Iztapalapa": 3.0, "Tlalpan": 8.0, "Álvaro Obregón": 10.0, "Coyoacan": 11.0}
    assert result.missing == {"place": 2}
    assert balanced(result)


def test_categories_with_an_order_keep_it(engine, folder):
    frame = pd.DataFrame({"month": ["marzo", "enero", "enero", "febrero", "marzo", "marzo"]})
    table = make_table(folder, frame, month={"role": "ordered", "order": ("enero", "febrero", "marzo")})
    spec = ChartSpec(mark="bar", x=Encoding(field="month"), y=COUNT)
    assert list(engine.run(spec, table).frame.x) == ["enero", "febrero", "marzo"]
    by_value = spec.model_copy(update={"sort": "-value"})
    assert list(engine.run(by_value, table).frame.x) == ["marzo", "enero", "febrero"]
    by_label = spec.model_copy(update={"sort": "-label"})
    assert list(engine.run(by_label, table).frame.x) == ["marzo", "febrero", "enero"]


@pytest.mark.parametrize(
    ("last", "grain", "unit", "unfinished"),
    [
        (dt.date(2024, 6, 30), "day", "month", False),
        (dt.date(2024, 6, 29), "day", "month", True),
        (dt.date(2024, 6, 29), "day", "day", False),
        (dt.date(2024, 6, 1), "month", "month", False),
        (dt.date(2024, 6, 1), "month", "quarter", False),
        (dt.date(2024, 5, 1), "month", "quarter", True),
        (dt.date(2024, 11, 1), "month", "year", True),
        (dt.date(2024, 12, 1), "month", "year", False),
    ],
)
def test_a_last_period_the_data_do_not_fill_is_told(engine, folder, last, grain, unit, unfinished):
    freq = {"day": "D", "month": "MS"}[grain]
    days = [day.date() for day in pd.date_range("2023-01-01", last, freq=freq)]
    table = make_table(folder, pd.DataFrame({"day": days}), day={"grain": grain})
    result = engine.run(ChartSpec(mark="line", x=Encoding(field="day", time_unit=unit), y=COUNT), table)
    assert (result.incomplete is not None) == unfinished
    if unfinished:
        assert result.incomplete == result.frame.x.iloc[-1].date().isoformat()


def test_sums_of_cents_have_no_stray_digits(engine, folder):
    frame = pd.DataFrame({"k": ["a"] * 1000, "v": [0.1] * 1000})
    table = make_table(folder, frame)
    y = Encoding(field="v", aggregate="sum")
    result = engine.run(ChartSpec(mark="bar", x=Encoding(field="k"), y=y), table)
    assert list(result.frame.y) == [100.0]


def test_integers_add_up_beyond_what_a_float_can_hold(engine, folder):
    frame = pd.DataFrame({"k": ["a", "a", "b"], "v": [2**53, 1, 2**53 + 1]})
    table = make_table(folder, frame)
    y = Encoding(field="v", aggregate="sum")
    result = engine.run(ChartSpec(mark="bar", x=Encoding(field="k"), y=y), table)
    assert list(result.frame.y) == [2**53 + 1, 2**53 + 1]


def refusal(engine, table, **spec):
    with pytest.raises(Refused) as caught:
        engine.run(ChartSpec(**spec), table)
    return caught.value.problem


X, Y, V = Encoding(field="borough"), Encoding(field="day"), Encoding(field="amount")


@pytest.mark.parametrize(
    ("spec", "code", "where"),
    [
        ({"mark": "barr", "x": X}, "no_such_mark", "barr"),
        ({"mark": "bar", "x": X}, "channel_missing", "y"),
        ({"mark": "bar", "x": X, "y": COUNT, "size": V}, "channel_unused", "size"),
        ({"mark": "bar", "x": X, "y": V}, "measure_without_aggregate", "amount"),
        ({"mark": "bar", "x": Encoding(field="amount", aggregate="sum"), "y": COUNT}, "group_with_aggregate", "amount"),
        ({"mark": "bar", "x": X, "y": Encoding(field="crime", aggregate="sum")}, "number_needed", "crime"),
        ({"mark": "line", "x": X, "y": COUNT}, "position_needed", "borough"),
        ({"mark": "bar", "x": Encoding(field="borough", time_unit="month"), "y": COUNT}, "time_needed", "borough"),
        ({"mark": "bar", "x": Encoding(field="day", time_unit="hour"), "y": COUNT}, "time_too_fine", "day"),
        ({"mark": "choropleth", "place": X, "color": COUNT}, "place_needed", "borough"),
        ({"mark": "points", "latitude": X, "longitude": V}, "number_needed_on_axis", "borough"),
        ({"mark": "bar", "x": X, "y": COUNT, "limit": 0}, "limit_range", ""),
        ({"mark": "bar", "x": X, "y": COUNT, "filters": (Filter(field="day", low="soon"),)}, "filter_value", "day"),
        ({"mark": "bar", "x": X, "y": COUNT, "filters": (Filter(field="borough", low="a"),)}, "filter_bounds", "borough"),
        ({"mark": "bar", "x": X, "y": COUNT, "filters": (Filter(field="age", values=("1",)),)}, "filter_value", "age"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_by_name(engine, incidents, spec, code, where):
    problem = refusal(engine, incidents[0], **spec)
    assert (problem.code, problem.where) == (code, where)


def test_an_unknown_column_names_those_close_to_it(engine, incidents):
    problem = refusal(engine, incidents[0], mark="bar", x=Encoding(field="Borough "), y=COUNT)
    assert problem.code == "no_such_column"
    assert problem.facts == {"near": "borough"}


def test_a_map_of_few_places_still_knows_them(engine, folder):
    """A filter may leave values of which most are no place; the others keep theirs."""
    frame = pd.DataFrame({"place": ["Iztapalapa", "Toluca", "Puebla"]})
    table = make_table(folder, frame, place={"role": "place", "geography": "cdmx"})
    result = engine.run(ChartSpec(mark="choropleth", place=Encoding(field="place"), color=COUNT), table)
    assert (list(result.frame.place), result.missing) == (["Iztapalapa"], {"place": 2})


def test_a_map_without_its_geography_places_nothing(engine, folder):
    table = make_table(
        folder, pd.DataFrame({"place": ["Iztapalapa"]}), place={"role": "place", "geography": "gone"}
    )
    result = engine.run(ChartSpec(mark="choropleth", place=Encoding(field="place"), color=COUNT), table)
    assert (len(result.frame), result.missing) == (0, {"place": 1})


def test_days_of_the_week_are_counted_as_pandas_counts_them(engine, incidents):
    table, frame = incidents
    by_day = ChartSpec(mark="bar", x=Encoding(field="day", part="weekday"), y=COUNT)
    result = engine.run(by_day, table)
    got = result.frame
    expected = pd.to_datetime(frame["day"]).dt.dayofweek.dropna().value_counts()
    assert dict(zip(got.x, got.y, strict=True)) == expected.to_dict()
    assert result.missing == {"x": frame["day"].isna().sum()}
