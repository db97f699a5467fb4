"""One plan, two exits: what is read in the SVG is what is touched in the Bokeh figure."""

import re
from dataclasses import replace
from functools import cache
from xml.etree import ElementTree

import pytest

from builder.interactive import figure, item
from builder.marks import MARKS
from builder.plan import plan_of
from builder.svg import svg
from builder.theme import color

SVG = "{http://www.w3.org/2000/svg}"


def drawn_twice(*marks):
    """Run a test with the plan, the SVG and the figure of each mark at both widths."""
    cases = [(mark, layout) for mark in marks or MARKS for layout in ("wide", "narrow")]
    return pytest.mark.parametrize("case", cases, ids=["-".join(case) for case in cases])


@pytest.fixture
def exits(case):
    return both(*case)


@cache
def both(mark, layout):
    plan = plan_of(replace(MARKS[mark].example(), layout=layout))
    return plan, ElementTree.fromstring(svg(plan)), figure(plan)


def written(node):
    spans = node.findall(f"{SVG}tspan")
    return "\n".join(span.text for span in spans) if spans else node.text


def group(drawn, name):
    return next(node for node in drawn.iter(f"{SVG}g") if node.get("class") == name)


def texts(drawn, name):
    return [written(node) for node in group(drawn, name).iter(f"{SVG}text")]


def axis_labels(axis):
    return [axis.major_label_overrides[at] for at in axis.ticker.ticks] if axis.visible else []


def touched(drawn):
    """Return the columns of everything that tells its values in a figure."""
    for renderer in drawn.renderers:
        data = renderer.data_source.data
        if "told" in data:
            yield renderer.glyph, data


def told(node):
    return tuple(node.find(f"{SVG}title").text.split("\n"))


def colour(node):
    return color(node.get("class").split()[0])


def back(plan, x, y):
    """Return pixels of the SVG as data."""
    room = plan.room
    across = plan.x.low + (x - room.left) / room.across * (plan.x.high - plan.x.low)
    up = plan.y.low + (room.top + room.down - y) / room.down * (plan.y.high - plan.y.low)
    return across, up


def near(plan, first, second, pixels=0.8):
    one = (plan.x.high - plan.x.low) / plan.room.across, (plan.y.high - plan.y.low) / plan.room.down
    return all(abs(a - b) <= pixels * abs(unit) for a, b, unit in zip(first, second, one, strict=True))


@drawn_twice()
def test_ticks_and_labels(exits):
    _plan, drawn, shown = exits
    assert texts(drawn, "xticks") == axis_labels(shown.xaxis[0])
    assert texts(drawn, "yticks") == axis_labels(shown.yaxis[0])
    words = [label.text for label in shown.center if type(label).__name__ == "Label" and label.text != "●"]
    assert texts(drawn, "labels") == words


@drawn_twice()
def test_ranges_start_where_the_drawing_starts(exits):
    plan, _, shown = exits
    assert (shown.x_range.start, shown.y_range.start, shown.y_range.end) == (
        plan.x.low,
        plan.y.low,
        plan.y.high,
    )
    assert shown.x_range.end >= plan.x.high or plan.x.high < plan.x.low
    assert shown.height == plan.room.height


@drawn_twice()
def test_names_colours_and_values_in_order(exits):
    plan, drawn, shown = exits
    marks = [node for node in group(drawn, "marks").iter() if node.find(f"{SVG}title") is not None]
    ((_, data),) = touched(shown)
    rows = list(zip(data["name"], data["told"], strict=True))
    if plan.mark in ("line", "area"):
        assert rows == [(d.name, d.told) for d in plan.data if d.value is not None]
        return
    assert [told(node) for node in marks] == rows
    assert [colour(node) for node in marks] == list(data["color"])


@drawn_twice("bar", "histogram", "heatmap", "treemap")
def test_boxes_reach_as_far(exits):
    plan, drawn, shown = exits
    ((glyph, data),) = touched(shown)
    rects = list(group(drawn, "marks").iter(f"{SVG}rect"))
    sides = zip(*(data[getattr(glyph, side)] for side in ("left", "bottom", "right", "top")), strict=True)
    assert len(rects) == len(plan.data)
    for rect, (left, bottom, right, top) in zip(rects, sides, strict=True):
        x, y, width, height = (float(rect.get(name)) for name in ("x", "y", "width", "height"))
        (x0, y0), (x1, y1) = back(plan, x, y), back(plan, x + width, y + height)
        assert near(plan, (min(x0, x1), min(y0, y1)), (min(left, right), min(bottom, top)))
        assert near(plan, (max(x0, x1), max(y0, y1)), (max(left, right), max(bottom, top)))


@drawn_twice("scatter", "points")
def test_dots_lie_on_the_same_place(exits):
    plan, drawn, shown = exits
    ((_, data),) = touched(shown)
    dots = list(group(drawn, "marks").iter(f"{SVG}circle"))
    assert len(dots) == len(plan.data) == len(data["name"])
    first, second = (name for name in data if name in ("x", "y", "Longitude", "Latitude"))
    for dot, x, y, size in zip(dots, data[first], data[second], data["size"], strict=True):
        assert near(plan, back(plan, float(dot.get("cx")), float(dot.get("cy"))), (x, y))
        assert float(dot.get("r")) == pytest.approx(size / 2, abs=0.06)


@drawn_twice("line")
def test_lines_go_the_same_way_with_the_same_gaps(exits):
    plan, drawn, shown = exits
    paths = [path for path in group(drawn, "marks").iter(f"{SVG}path") if "trace" in path.get("class")]
    lines = [r for r in shown.renderers if type(r.glyph).__name__ == "Line"]
    assert len(paths) == len(lines) == 5
    for path, line in zip(paths, lines, strict=True):
        numbers = [float(part) for part in re.findall(r"-?[\d.]+", path.get("d"))]
        corners = [back(plan, x, y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
        data = line.data_source.data
        points = list(zip(data[line.glyph.x], data[line.glyph.y], strict=True))
        assert len(corners) == len(points)
        assert all(near(plan, corner, point) for corner, point in zip(corners, points, strict=True))
        assert colour(path) == line.glyph.line_color
        assert ("faint" in path.get("class")) == (line.glyph.line_alpha < 1)


@drawn_twice("choropleth", "pie")
def test_areas_have_the_same_outline_boxes(exits):
    plan, _drawn, shown = exits
    ((_, data),) = touched(shown)
    xs = data["xs"]
    assert len(xs) == len(plan.data)
    for datum, across in zip(plan.data, xs, strict=True):
        flat = [x for polygon in across for ring in polygon for x in ring]
        assert min(flat) == pytest.approx(min(x for ring in datum.rings for x, _ in ring))
        assert max(flat) == pytest.approx(max(x for ring in datum.rings for x, _ in ring))


@drawn_twice()
def test_figures_are_quiet_and_need_no_scripts(exits):
    plan, _, shown = exits
    assert shown.toolbar_location is None
    assert shown.toolbar.active_drag is None
    assert shown.toolbar.active_scroll is None
    assert [type(tool).__name__ for tool in shown.toolbar.tools] == ["HoverTool"]
    assert shown.output_backend == "canvas"
    assert shown.title is None or not shown.title.text
    assert shown.html_attributes["aria-label"] == f"{plan.title}. {plan.alt}"
    assert "CustomJS" not in str(item(plan))
