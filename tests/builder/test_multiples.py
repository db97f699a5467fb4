"""Small charts: one panel per group, on shared scales, classes and colours, the same in both exits."""

from dataclasses import replace
from xml.etree import ElementTree

import pandas as pd
import pytest

from builder.edit import with_color, with_facet, with_mark
from builder.interactive import figure
from builder.marks import examples
from builder.plan import plan_of
from builder.spec import ChartSpec, Encoding
from builder.svg import svg
from tests.builder.test_edit import METRO
from web.values import Refused

SVG = "{http://www.w3.org/2000/svg}"
COUNT = Encoding(aggregate="count")
MONTHS = pd.to_datetime(["2023-01-01", "2023-02-01", "2023-03-01"])


def bars():
    spec = ChartSpec(mark="bar", x=Encoding(field="linea"), y=COUNT, facet=Encoding(field="sexo"))
    frame = pd.DataFrame({"x": ["A", "B", "A"], "facet": ["Hombre", "Hombre", "Mujer"], "y": [40, 10, 5]})
    return examples.asked(spec, frame, 55)


def lines():
    spec = ChartSpec(
        mark="line", x=Encoding(field="fecha", time_unit="month"), y=COUNT, facet=Encoding(field="sexo")
    )
    rows = [(month, sex, n) for sex, n in (("Hombre", 400), ("Mujer", 90)) for month in MONTHS]
    return examples.asked(spec, pd.DataFrame(rows, columns=["x", "facet", "y"]), 55)


def maps():
    spec = ChartSpec(
        mark="choropleth", place=Encoding(field="alcaldia"), color=COUNT, facet=Encoding(field="sexo")
    )
    frame = pd.DataFrame(
        {
            "place": ["Tlalpan", "Coyoacán"] * 2,
            "facet": ["Hombre"] * 2 + ["Mujer"] * 2,
            "color": [900, 800, 2, 1],
        }
    )
    return examples.asked(spec, frame, 1703)


@pytest.mark.parametrize("made", [bars, lines, maps])
@pytest.mark.parametrize("layout", ["wide", "narrow"])
def test_both_exits_show_the_same_panels(made, layout):
    plan = plan_of(replace(made(), layout=layout))
    drawn, shown = ElementTree.fromstring(svg(plan)), figure(plan)
    words = [label.text for label in shown.center if type(label).__name__ == "Label"]
    written = [
        node.text
        for g in drawn.iter(f"{SVG}g")
        if g.get("class") == "labels"
        for node in g.iter(f"{SVG}text")
    ]
    assert [word for word in written if word] == [word for word in words if "\n" not in word]
    assert {"Hombre", "Mujer"} <= set(words)
    assert shown.height == plan.room.height


def test_bars_of_all_panels_share_one_scale():
    plan = plan_of(bars())
    known = {datum.name: abs(datum.y - datum.y0) for datum in plan.data}
    assert known["Hombre: A"] == pytest.approx(8 * known["Mujer: A"])
    assert "Mujer: B" not in known
    assert {label.text for label in plan.labels} >= {"A", "B", "40", "5"}


def test_lines_do_not_run_from_one_panel_into_the_next():
    plan = plan_of(lines())
    assert [datum.y is None for datum in plan.data] == [False] * 3 + [True] + [False] * 3
    assert svg(plan).count("trace") == 2


def test_maps_share_their_classes():
    plan = plan_of(maps())
    colors = {datum.name: datum.color for datum in plan.data if datum.value is not None}
    assert colors["Hombre: Tlalpan"] != colors["Mujer: Tlalpan"]
    assert len(plan.legend) >= 3


def test_the_title_says_for_each_of_what():
    assert plan_of(bars()).title == "Registros por línea, por cada sexo"


def test_a_chart_is_repeated_for_what_it_does_not_show_already():
    spec = ChartSpec(table="metro", mark="bar", x=Encoding(field="linea"), y=COUNT)
    repeated = with_facet(spec, METRO, Encoding(field="alcaldia"))
    assert with_mark(repeated, METRO, "line").facet == Encoding(field="alcaldia")
    assert with_mark(repeated, METRO, "points").facet is None
    assert with_color(repeated, METRO, Encoding(field="alcaldia")).facet is None
    assert with_facet(repeated, METRO, None).facet is None
    with pytest.raises(Refused, match="edit_facet_none"):
        with_facet(spec, METRO, Encoding(field="linea"))
