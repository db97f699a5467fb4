"""Each mark draws every number it is given, once, and says what it cannot draw."""

import datetime as dt
import itertools
from dataclasses import replace

import pandas as pd
import pytest

from builder.asked import Asked
from builder.marks import MARKS, bar, examples, needs
from builder.plan import plan_of
from builder.result import OTHERS, Result
from builder.spec import ChartSpec, Encoding
from builder.svg import svg
from builder.theme import GREY, NONE
from catalog.models import Column, Table
from web.values import Refused

COUNT = Encoding(aggregate="count")


def planned(spec, frame, language="en", layout="wide", **facts):
    asked = examples.asked(spec, frame, 1000, **facts)
    return plan_of(replace(asked, language=language, layout=layout))


def bars(frame, **how):
    spec = ChartSpec(mark="bar", x=Encoding(field="alcaldia"), color=Encoding(field="sexo"), y=COUNT)
    return planned(spec.model_copy(update=how), pd.DataFrame(frame, columns=["x", "color", "y"]))


TWO = [("A", "m", 3), ("A", "h", 1), ("B", "m", 2), ("B", "h", 2)]


def test_stacks_begin_where_the_one_below_ends():
    drawn = bars(TWO)
    assert [(d.name, d.series, d.y0, d.y) for d in drawn.data] == [
        ("A", "m", 0, 3), ("A", "h", 3, 4), ("B", "m", 0, 2), ("B", "h", 2, 4),
    ]  # fmt: skip
    assert [label.text for label in drawn.labels] == ["4", "4"]


def test_shares_fill_the_whole_and_keep_the_numbers():
    drawn = bars(TWO, stack="share")
    assert [(d.y0, d.y, d.value) for d in drawn.data] == [
        (0, 0.75, 3),
        (0.75, 1, 1),
        (0, 0.5, 2),
        (0.5, 1, 2),
    ]
    assert [tick.label for tick in drawn.y.ticks][-1] == "100%"
    assert drawn.data[0].told == "m: 3 (75.0%)"


def test_groups_stand_side_by_side():
    drawn = bars(TWO, stack="grouped")
    assert [(d.y0, d.y) for d in drawn.data] == [(0, 3), (0, 1), (0, 2), (0, 2)]
    assert drawn.data[0].x == pytest.approx(drawn.data[1].x0)


def test_means_are_never_stacked():
    drawn = bars(TWO, y=Encoding(field="edad", aggregate="mean"))
    assert {d.y0 for d in drawn.data} == {0}


def test_negative_numbers_stack_downwards():
    drawn = bars([("A", "m", 3), ("A", "h", -2)])
    assert [(d.y0, d.y) for d in drawn.data] == [(0, 3), (0, -2)]
    assert drawn.y.low <= -2


def test_colours_beyond_seven_are_added_into_others():
    drawn = bars([("A", f"g{i}", 10 - i) for i in range(9)])
    assert [key.label for key in drawn.legend] == [f"g{i}" for i in range(7)] + ["Others"]
    assert drawn.data[-1].value == 3 + 2
    assert drawn.data[-1].color == GREY
    assert sum(d.value for d in drawn.data) == sum(10 - i for i in range(9))


def test_groups_with_the_same_name_stay_apart():
    spec = ChartSpec(mark="bar", x=Encoding(field="sexo"), y=COUNT)
    drawn = planned(spec, pd.DataFrame({"x": pd.Series(["Others", OTHERS], dtype=object), "y": [1, 2]}))
    assert [(d.name, d.value, d.color) for d in drawn.data] == [("Others", 1, "c1"), ("Others", 2, GREY)]


def test_long_names_lie_beside_their_bars():
    names = [
        "Cuajimalpa de Morelos",
        "La Magdalena Contreras",
        "Gustavo A. Madero",
        "Venustiano Carranza",
    ] * 2
    spec = ChartSpec(mark="bar", x=Encoding(field="alcaldia"), y=COUNT)
    frame = pd.DataFrame({"x": [f"{n} {i}" for i, n in enumerate(names)], "y": range(8, 0, -1)})
    drawn = planned(spec, frame)
    assert [d.x for d in drawn.data] == list(range(8, 0, -1))
    assert [tick.label.replace("\n", " ") for tick in drawn.y.ticks] == list(frame["x"])


def test_unordered_names_are_never_left_out():
    spec = ChartSpec(mark="bar", x=Encoding(field="linea"), y=COUNT)
    drawn = planned(spec, pd.DataFrame({"x": [f"Línea {i}" for i in range(40)], "y": range(40)}))
    assert len(drawn.x.ticks or drawn.y.ticks) == 40


def test_bars_of_months_leave_room_for_empty_months():
    spec = ChartSpec(mark="bar", x=Encoding(field="fecha", time_unit="month"), y=COUNT)
    months = [dt.datetime(2023, 1, 1), dt.datetime(2023, 4, 1)]
    drawn = planned(spec, pd.DataFrame({"x": months, "y": [5, 7]}), incomplete="2023-04-01")
    assert drawn.x.high == 3.5
    assert [(round((d.x0 + d.x) / 2), d.value, d.faint) for d in drawn.data] == [(0, 5, False), (3, 7, True)]


def test_lines_break_at_empty_periods_only():
    drawn = plan_of(examples.line())
    assert sum(d.y is None for d in drawn.data) == 1
    assert [d.faint for d in drawn.data if d.series == "Línea 1"] == [False] * 8 + [True]


def test_a_line_of_few_scattered_days_says_that_it_joins_them():
    spec = ChartSpec(mark="line", x=Encoding(field="fecha", time_unit="day"), y=COUNT)
    days = [dt.datetime(2023, 1, day) for day in (1, 5, 9, 20)]
    drawn = planned(spec, pd.DataFrame({"x": days, "y": [1, 2, 3, 4]}))
    assert all(d.y is not None for d in drawn.data)
    assert drawn.notes == ("The line joins the periods that have data; many in between have none.",)


def test_a_line_far_from_zero_says_so():
    spec = ChartSpec(mark="line", x=Encoding(field="edad"), y=Encoding(field="viajes", aggregate="mean"))
    drawn = planned(spec, pd.DataFrame({"x": [1, 2, 3], "y": [100.0, 101.0, 103.5]}))
    assert drawn.y.low > 0
    assert drawn.measure == "Average viajes; the axis does not start at zero"


def test_labels_at_line_ends_are_apart():
    spec = ChartSpec(
        mark="line", x=Encoding(field="fecha", time_unit="year"), color=Encoding(field="linea"), y=COUNT
    )
    rows = [(dt.datetime(2020 + i, 1, 1), f"Línea {n}", 100 + n) for n in range(6) for i in range(3)]
    drawn = planned(spec, pd.DataFrame(rows, columns=["x", "color", "y"]))
    pixels = sorted(label.y / (drawn.y.high - drawn.y.low) * drawn.room.down for label in drawn.labels)
    assert len(pixels) == 6
    assert min(b - a for a, b in itertools.pairwise(pixels)) >= 16


def test_areas_pile_up_to_the_total():
    drawn = plan_of(examples.area())
    tops = {(d.series, d.name): (d.y0, d.y) for d in drawn.data if d.name}
    assert tops["Línea 12", "ene 2023"] == (52_000, 83_000)
    assert drawn.y.low == 0


def places(counts, **how):
    spec = ChartSpec(mark="choropleth", place=Encoding(field="alcaldia"), color=how.get("color", COUNT))
    return planned(
        spec, pd.DataFrame({"place": pd.Series(list(counts), dtype=object), "color": list(counts.values())})
    )


def test_spellings_of_one_place_are_added():
    drawn = places({"Coyoacán": 10, "COYOACAN": 4, "Tlalpan": 3})
    assert {d.name: d.value for d in drawn.data if d.value is not None} == {"Coyoacán": 14, "Tlalpan": 3}


def test_means_of_one_place_are_not_added_but_said():
    mean = Encoding(field="edad", aggregate="mean")
    drawn = places({"Coyoacán": 10.0, "COYOACAN": 4.0, "Tlalpan": 3.0}, color=mean)
    assert {d.name: d.value for d in drawn.data if d.value is not None} == {"Coyoacán": 10, "Tlalpan": 3}
    assert drawn.notes == ("Not on the map: COYOACAN (4).",)


def test_places_without_number_have_their_own_colour_and_name():
    drawn = places({"Coyoacán": 10, "Tlalpan": 3, "Atlantis": 2, None: 1})
    assert {d.color for d in drawn.data if d.value is None} == {NONE}
    assert drawn.legend[-1].model_dump() == {"color": NONE, "label": "no data"}
    assert drawn.notes == ("Not on the map: Atlantis (2), No alcaldía (1).",)


def test_classes_name_the_numbers_they_hold():
    drawn = plan_of(replace(examples.choropleth(), language="en"))
    assert [key.label for key in drawn.legend] == [
        "122–640", "777–998", "1,204–1,210", "1,377–1,650", "2,873–4,120", "no data",
    ]  # fmt: skip


def dots(n, **columns):
    spec = ChartSpec(mark="points", latitude=Encoding(field="lat"), longitude=Encoding(field="lon"),
                     **{name: Encoding(field=field) for name, (field, _) in columns.items()})  # fmt: skip
    frame = {"latitude": [19.25 + 0.2 * (i * 37 % n) / n for i in range(n)],
             "longitude": [-99.25 + 0.2 * (i * 61 % n) / n for i in range(n)]}  # fmt: skip
    return planned(spec, pd.DataFrame(frame | {name: values for name, (_, values) in columns.items()}))


def test_few_points_are_one_dot_each():
    assert [d.value for d in dots(300).data] == [1] * 300


def test_many_points_are_gathered_without_losing_one():
    drawn = dots(5000)
    assert len(drawn.data) < 1500
    assert sum(d.value for d in drawn.data) == 5000
    assert drawn.measure == "Each circle gathers the rows near it; its area is their number"


def test_many_coloured_points_keep_their_colours_and_number():
    drawn = dots(4000, color=("sexo", ["m", "h", None, "m"] * 1000))
    counts = {key: sum(d.value for d in drawn.data if d.series == key) for key in ("m", "h", "No sexo")}
    assert counts == {"m": 2000, "h": 1000, "No sexo": 1000}
    assert {d.color for d in drawn.data if d.series == "No sexo"} == {GREY}


def test_dot_area_is_the_size():
    drawn = dots(4, size=("viajes", [1, 4, 16, 0]))
    assert [round(d.size, 2) for d in drawn.data] == [12, 6, 3, 0]


def test_points_far_away_are_said():
    assert plan_of(replace(examples.points(), language="en")).notes == ("1 row lies outside the map.",)


def test_hexagons_show_the_rows_of_each_cell():
    spec = ChartSpec(mark="points", latitude=Encoding(field="lat"), longitude=Encoding(field="lon"))
    frame = pd.DataFrame({"latitude": [19.3, 19.31], "longitude": [-99.2, -99.195], "y": [3, 29_997]})
    result = Result(frame=frame, total=30_000, counted=30_000, binned=True, cell=(0.01, 0.0115))
    drawn = plan_of(replace(examples.points(), spec=spec, result=result, language="en"))
    assert [(d.value, d.name) for d in drawn.data] == [(3, "3 rows here"), (29_997, "29,997 rows here")]
    assert [key.label for key in drawn.legend] == ["3", "29,997"]
    assert drawn.measure == "Rows in each cell"


def test_intervals_keep_their_width_where_one_is_empty():
    drawn = plan_of(replace(examples.histogram(), language="en"))
    assert [(d.x0, d.x, d.y) for d in drawn.data][3:5] == [(30, 40, 702), (50, 60, 333)]
    assert drawn.data[0].name == "0 to under 10"


def test_intervals_stack_their_colour_groups():
    spec = ChartSpec(
        mark="histogram", x=Encoding(field="edad", bins=2), y=COUNT, color=Encoding(field="sexo")
    )
    rows = [(0, 10, "m", 4), (0, 10, "h", 1), (10, 20, "h", 2)]
    drawn = planned(spec, pd.DataFrame(rows, columns=["x", "x_end", "color", "y"]))
    assert [(d.x0, d.series, d.y0, d.y) for d in drawn.data] == [
        (0, "m", 0, 4),
        (0, "h", 4, 5),
        (10, "h", 0, 2),
    ]


def test_pairs_without_rows_have_no_number():
    drawn = plan_of(examples.heatmap())
    assert [(d.name, d.color, d.text) for d in drawn.data if d.value is None] == [
        ("martes, mar 2023", NONE, "")
    ]


def test_tree_areas_are_as_the_numbers():
    drawn = plan_of(examples.treemap())
    whole = drawn.room.width * drawn.room.height
    total = sum(d.value for d in drawn.data)
    for d in drawn.data:
        assert (d.x - d.x0) * (d.y - d.y0) / whole == pytest.approx(d.value / total)


def test_trees_say_what_is_zero_or_less():
    spec = ChartSpec(
        mark="treemap", x=Encoding(field="linea"), size=Encoding(field="viajes", aggregate="sum")
    )
    drawn = planned(spec, pd.DataFrame({"x": ["a", "b", "c"], "size": [5, 0, -2]}))
    assert [d.name for d in drawn.data] == ["a"]
    assert drawn.notes == ("2 groups of zero or less are not drawn.",)


def test_rings_refuse_many_parts_and_numbers_below_zero():
    spec = ChartSpec(mark="pie", x=Encoding(field="linea"), y=COUNT)
    with pytest.raises(Refused, match="pie_parts"):
        planned(spec, pd.DataFrame({"x": list("abcdefg"), "y": range(7)}))
    with pytest.raises(Refused, match="pie_negative"):
        planned(spec, pd.DataFrame({"x": ["a", "b"], "y": [1, -1]}))


def test_groups_left_out_are_said():
    spec = ChartSpec(mark="bar", x=Encoding(field="linea"), y=COUNT, others=False)
    drawn = planned(spec, pd.DataFrame({"x": ["a"], "y": [5]}), gathered={"x": 11})
    assert drawn.subtitle == "11 smaller groups of línea left out"


@pytest.mark.parametrize("mark", MARKS)
def test_each_mark_says_what_it_needs(mark):
    problem = MARKS[mark].needs(())
    assert problem is not None
    assert problem.code.startswith("mark_needs_")
    assert MARKS[mark].needs(examples.COLUMNS) is None


def test_needs_count_what_there_is():
    one = [column for column in examples.COLUMNS if column.name == "edad"]
    assert needs.two_numbers(one).facts == {"n": 1}
    assert bar.needs(one).code == "mark_needs_group"


@pytest.mark.parametrize("name", sorted(MARKS))
@pytest.mark.parametrize("layout", ["wide", "narrow"])
def test_no_rows_draw_an_empty_chart_and_never_fail(name, layout):
    asked = MARKS[name].example()
    nothing = replace(asked.result, frame=asked.result.frame.iloc[:0], counted=0)
    drawn = svg(plan_of(replace(asked, result=nothing, layout=layout)))
    assert drawn.endswith("</svg>")
    assert "nan" not in drawn


def test_years_without_rows_are_a_gap_or_a_note():
    table = Table(
        id="t", sha256="0" * 64, kind="csv", rows=99,
        columns=(Column(name="year", label="Year", type="integer", role="time"),),
    )  # fmt: skip
    spec = ChartSpec(mark="line", x=Encoding(field="year"), y=COUNT)

    def line(years):
        frame = pd.DataFrame({"x": years, "y": [3] * len(years)})
        return plan_of(Asked(spec, table, Result(frame=frame, total=99, counted=99), "en"))

    whole, broken, sparse = (
        line([2000, 2001, 2002]),
        line([2000, 2001, 2002, 2003, 2008, 2009]),
        line([2000, 2012]),
    )
    assert [datum.y for datum in whole.data] == [3, 3, 3]
    assert [datum.y for datum in broken.data] == [3, 3, 3, 3, None, 3, 3]
    assert sparse.notes == ("The line joins the periods that have data; many in between have none.",)
