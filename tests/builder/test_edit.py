"""Changing a chart one step at a time: what fits is kept, what does not is explained."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder import check, edit
from builder.choices import COUNT, aggregates, groups, measures, question, splits, time_units
from builder.shapes import SHAPES
from builder.spec import ChartSpec, Encoding, Filter
from catalog.models import Column, Table
from web.i18n import explain
from web.values import Refused

METRO = Table(
    id="metro",
    sha256="0" * 64,
    kind="csv",
    rows=1000,
    columns=(
        Column(
            name="fecha",
            label="Fecha",
            type="date",
            role="time",
            grain="day",
            distinct=700,
            min="2022-01-01",
            max="2023-12-31",
        ),
        Column(name="linea", label="Línea", type="text", role="category", distinct=12),
        Column(name="estacion", label="Estación", type="text", role="category", distinct=163),
        Column(name="alcaldia", label="Alcaldía", type="text", role="place", geography="cdmx", distinct=16),
        Column(
            name="afluencia", label="Afluencia", type="integer", role="measure", additive=True, distinct=900
        ),
        Column(name="espera", label="Espera", type="number", role="measure", distinct=400),
        Column(name="abierta", label="Abierta", type="boolean", role="category", distinct=2),
        Column(name="lat", label="Lat", type="number", role="latitude", distinct=163),
        Column(name="lon", label="Lon", type="number", role="longitude", distinct=163),
        Column(name="clave", label="Clave", type="text", role="identifier", distinct=1000),
    ),
)
BARE = Table(
    id="bare",
    sha256="1" * 64,
    kind="csv",
    rows=3,
    columns=(Column(name="tipo", label="Tipo", type="text", role="category", distinct=3),),
)
BY_LINE = ChartSpec(
    table="metro", mark="bar", x=Encoding(field="linea"), y=Encoding(field="afluencia", aggregate="sum")
)


def refused(code: str):
    return pytest.raises(Refused, match=code)


def test_changing_the_mark_keeps_measure_and_moves_the_group_to_the_colour():
    line = edit.with_mark(BY_LINE, METRO, "line")
    assert line.y == BY_LINE.y
    assert line.x == Encoding(field="fecha", time_unit="month")
    assert line.color == Encoding(field="linea")


def test_changing_the_mark_prefers_the_group_of_a_good_example():
    example = ChartSpec(mark="line", x=Encoding(field="fecha", time_unit="year"), y=COUNT)
    assert edit.with_mark(BY_LINE, METRO, "line", [example]).x == example.x


def test_a_choropleth_takes_the_place_and_colours_by_the_measure():
    spec = edit.with_mark(BY_LINE, METRO, "choropleth")
    assert (spec.place, spec.color, spec.x, spec.y) == (Encoding(field="alcaldia"), BY_LINE.y, None, None)


def test_points_show_rows_at_both_coordinates_with_the_group_as_colour():
    spec = edit.with_mark(edit.with_group(BY_LINE, METRO, Encoding(field="abierta")), METRO, "points")
    assert (spec.latitude, spec.longitude) == (Encoding(field="lat"), Encoding(field="lon"))
    assert (spec.color, spec.size) == (Encoding(field="abierta"), None)


def test_a_group_of_many_values_does_not_become_a_colour():
    assert edit.with_mark(BY_LINE, METRO, "histogram").color is None
    by_station = edit.with_group(BY_LINE, METRO, Encoding(field="estacion"))
    assert edit.with_mark(by_station, METRO, "line").color is None


def test_a_heatmap_takes_the_column_whose_values_read_best_as_its_rows():
    heatmap = edit.with_mark(edit.with_group(BY_LINE, METRO, Encoding(field="alcaldia")), METRO, "heatmap")
    assert (heatmap.x, heatmap.y) == (Encoding(field="alcaldia"), Encoding(field="linea"))
    assert edit.with_group(heatmap, METRO, Encoding(field="linea")).y == Encoding(field="alcaldia")


def test_what_a_mark_cannot_show_comes_back_from_what_was_asked_before():
    points = edit.with_mark(BY_LINE, METRO, "points")
    assert edit.with_mark(points, METRO, "bar", [BY_LINE]) == BY_LINE
    suggested = ChartSpec(mark="choropleth", place=Encoding(field="alcaldia"), color=COUNT)
    assert question(edit.with_mark(points, METRO, "choropleth", [BY_LINE, suggested])).measure == BY_LINE.y


def test_a_scatter_shows_two_numbers_of_each_row_and_swaps_them():
    spec = edit.with_mark(BY_LINE, METRO, "scatter")
    assert (spec.x, spec.y) == (Encoding(field="espera"), Encoding(field="afluencia"))
    swapped = edit.with_group(spec, METRO, Encoding(field="afluencia"))
    assert (swapped.x, swapped.y) == (Encoding(field="afluencia"), Encoding(field="espera"))
    assert question(edit.with_mark(spec, METRO, "bar")).measure == BY_LINE.y


def test_the_filters_survive_a_change_of_mark_but_old_words_do_not():
    kept = Filter(field="linea", values=("L1",))
    spec = BY_LINE.model_copy(
        update={"filters": (kept,), "title": "Afluencia por línea", "note": "Provisional"}
    )
    line = edit.with_mark(spec, METRO, "line")
    assert (line.filters, line.title, line.note) == ((kept,), "", "Provisional")


@pytest.mark.parametrize("mark", ["line", "points", "choropleth"])
def test_a_mark_the_table_cannot_feed_is_refused(mark):
    with refused("edit_mark_impossible"):
        edit.with_mark(ChartSpec(mark="bar", x=Encoding(field="tipo"), y=COUNT), BARE, mark)


def test_an_unknown_mark_is_refused():
    with refused("edit_mark_none"):
        edit.with_mark(BY_LINE, METRO, "pyramid")


def test_totals_lead_for_amounts_and_averages_for_rates():
    assert aggregates(METRO.column("afluencia"))[0] == "sum"
    assert aggregates(METRO.column("espera"))[0] == "mean"
    assert aggregates(METRO.column("clave")) == ("distinct",)
    assert measures(METRO, "bar")[0] == COUNT


def test_a_measure_the_table_does_not_offer_is_refused():
    with refused("edit_measure_none"):
        edit.with_measure(BY_LINE, METRO, Encoding(field="linea", aggregate="sum"))


def test_many_groups_are_cut_to_the_largest_and_the_rest_gathered():
    spec = edit.with_group(BY_LINE, METRO, Encoding(field="estacion"))
    assert (spec.limit, spec.others) == (15, True)
    assert edit.with_group(spec, METRO, Encoding(field="linea")).limit is None


def test_grouping_by_the_colour_drops_the_colour():
    spec = edit.with_color(BY_LINE, METRO, Encoding(field="abierta"))
    assert edit.with_group(spec, METRO, Encoding(field="abierta")).color is None


def test_the_group_cannot_be_its_own_colour():
    with refused("edit_split_none"):
        edit.with_color(BY_LINE, METRO, Encoding(field="linea"))


def test_time_steps_are_never_finer_than_the_data():
    assert time_units(METRO.column("fecha")) == ("year", "quarter", "month", "week", "day")
    monthly = METRO.columns[0].model_copy(update={"grain": "month"})
    assert time_units(monthly) == ("year", "quarter", "month")
    spec = edit.with_group(BY_LINE, METRO, Encoding(field="fecha", time_unit="month"))
    assert spec.x == Encoding(field="fecha", time_unit="month")
    with refused("edit_group_none"):
        edit.with_group(spec, METRO, Encoding(field="fecha", time_unit="hour"))


def test_a_filter_replaces_the_one_on_its_column_in_place():
    first = edit.with_filter(BY_LINE, METRO, Filter(field="linea", values=("L1",)))
    second = edit.with_filter(first, METRO, Filter(field="afluencia", low=10))
    third = edit.with_filter(second, METRO, Filter(field="linea", values=("L2", "L2")))
    assert third.filters == (Filter(field="linea", values=("L2",)), Filter(field="afluencia", low=10))


def test_only_the_missing_is_a_filter_of_its_own():
    spec = edit.with_filter(BY_LINE, METRO, Filter(field="linea", missing=True))
    assert spec.filters == (Filter(field="linea", missing=True),)


def test_a_filter_that_says_nothing_is_removed():
    spec = edit.with_filter(BY_LINE, METRO, Filter(field="linea", values=("L1",)))
    assert edit.with_filter(spec, METRO, Filter(field="linea")).filters == ()
    assert edit.without_filters(spec).filters == ()
    assert edit.without_filter(spec, "afluencia") is spec


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (Filter(field="nada", values=("x",)), "edit_column_none"),
        (Filter(field="afluencia", values=("mucha",)), "filter_value"),
        (Filter(field="afluencia", low=float("nan")), "filter_value"),
        (Filter(field="abierta", values=("sí",)), "filter_value"),
        (Filter(field="fecha", low="ayer"), "filter_value"),
        (Filter(field="afluencia", low=9, high=3), "edit_range_backwards"),
        (Filter(field="fecha", low="2024-05-01", high="2023"), "edit_range_backwards"),
    ],
)
def test_a_filter_that_cannot_be_is_refused(wrong, code):
    with refused(code):
        edit.with_filter(BY_LINE, METRO, wrong)


def test_a_title_is_one_line_without_control_signs():
    spec = edit.with_title(BY_LINE, "  Quién\nviaja\x00 más  ")
    assert spec.title == "Quién viaja más"
    assert edit.with_title(spec, " ").title == ""
    assert len(edit.with_title(spec, "a" * 900).title) == 200


def test_order_and_size_do_not_touch_the_title():
    titled = edit.with_title(BY_LINE, "Las líneas")
    assert edit.with_sort(titled, "-label").title == "Las líneas"
    assert edit.with_limit(titled, 5, others=False).model_dump(include={"limit", "others", "title"}) == {
        "limit": 5,
        "others": False,
        "title": "Las líneas",
    }
    with refused("edit_limit_out"):
        edit.with_limit(titled, 0)
    with refused("edit_choice_none"):
        edit.with_sort(titled, "por favor")
    with refused("edit_choice_none"):
        edit.with_stack(titled, "torre")


def steps():
    pick = st.sampled_from
    return st.one_of(
        st.tuples(st.just(edit.with_mark), pick(sorted(SHAPES))),
        st.tuples(st.just(edit.with_measure), pick([*measures(METRO, "bar"), *measures(METRO, "scatter")])),
        st.tuples(st.just(edit.with_group), pick([one for mark in SHAPES for one in groups(METRO, mark)])),
        st.tuples(st.just(edit.with_color), pick([None, *splits(METRO, "bar")])),
        st.tuples(
            st.just(edit.with_filter),
            st.builds(
                Filter,
                field=pick([column.name for column in METRO.columns]),
                values=st.lists(st.sampled_from(["L1", 3, 2.5, True, None]), max_size=2).map(tuple),
                low=st.sampled_from([None, 1, 7, "2023", "2024-02-30"]),
                high=st.sampled_from([None, 3, "2024"]),
                missing=st.booleans(),
            ),
        ),
    )


@settings(max_examples=200, deadline=None)
@given(st.lists(steps(), max_size=8))
def test_any_walk_ends_in_a_chart_that_can_be_drawn_or_a_reason(walk):
    spec, reasons = BY_LINE, []
    for step, choice in walk:
        before = spec.model_dump()
        try:
            changed = step(spec, METRO, choice)
        except Refused as no:
            reasons.append(no.problem)
            changed = spec
        assert spec.model_dump() == before
        spec = changed
        assert check.problems(spec, METRO) == ()
        assert ChartSpec.model_validate_json(spec.model_dump_json()) == spec
    for reason in (each for each in reasons if each.code.startswith("edit_")):
        assert explain(reason, "es") != explain(reason, "en")
