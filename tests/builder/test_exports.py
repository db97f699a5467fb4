"""The files of a chart hold what the chart shows, and the Python one draws it again."""

import io
import runpy
from pathlib import Path

import openpyxl
import pytest

from builder import exports
from builder.chart import drawing
from builder.marks import MARKS, examples
from builder.spec import ChartSpec, Encoding
from web.values import Refused

DRAWN = {
    "bar": "Bars", "line": "Curve", "area": "Area", "scatter": "Scatter", "histogram": "Bars",
    "heatmap": "HeatMap", "points": "Points",
}  # fmt: skip


def drawn_of(asked):
    return drawing(asked.spec, asked.table, asked.result, "es", asked.provenance)


@pytest.fixture(scope="module")
def bars():
    return drawn_of(examples.bar())


def test_a_workbook_holds_typed_numbers_and_where_they_come_from(bars):
    book = openpyxl.load_workbook(io.BytesIO(exports.xlsx(bars)))
    numbers, about = book.worksheets
    rows = list(numbers.values)
    assert rows[0] == ("Alcaldía", "Número de registros")
    assert rows[1] == ("Iztapalapa", 4120)
    assert rows[3][0].startswith("Otros (14")
    said = [row[0] for row in about.values]
    assert said[0] == "Registros por alcaldía"
    assert any("CC BY 4.0" in line for line in said)


def test_a_name_like_a_formula_stays_a_name():
    asked = examples.bar()
    frame = asked.frame.assign(x=["=1+1", *asked.frame["x"][1:]])
    hostile = examples.asked(asked.spec, frame, 20_000)
    book = openpyxl.load_workbook(io.BytesIO(exports.xlsx(drawn_of(hostile))))
    cell = book.worksheets[0]["A2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_the_specification_opens_the_same_chart(bars):
    assert ChartSpec.model_validate_json(exports.made(bars, "spec.json")) == bars.spec


def test_a_page_of_paper(bars):
    assert exports.made(bars, "pdf").startswith(b"%PDF")


def test_python_is_refused_where_it_would_draw_another_chart():
    shares = examples.bar().spec.model_copy(update={"stack": "share"})
    small = examples.bar().spec.model_copy(update={"facet": Encoding(field="sexo")})
    assert all("py" not in exports.forms(spec) for spec in (shares, small))
    for mark in MARKS.keys() - exports.HVPLOT.keys():
        with pytest.raises(Refused, match="form_none"):
            exports.made(drawn_of(MARKS[mark].example()), "py")


@pytest.mark.parametrize("mark", [mark for mark in MARKS if mark in exports.HVPLOT])
def test_the_python_draws_the_chart_from_its_csv(mark, tmp_path, monkeypatch):
    import hvplot

    drawn = drawn_of(MARKS[mark].example())
    (tmp_path / exports.file_name(drawn, "csv")).write_bytes(exports.made(drawn, "csv"))
    script = tmp_path / "chart.py"
    script.write_bytes(exports.made(drawn, "py"))
    monkeypatch.chdir(tmp_path)
    shown = []
    monkeypatch.setattr(hvplot, "show", shown.append)
    runpy.run_path(str(script))
    (chart,) = shown
    assert DRAWN[mark] in set(chart.traverse(lambda element: type(element).__name__))
    assert Path(script).read_text(encoding="utf-8").startswith(f"# {drawn.wide.title}")


def test_file_names_are_words_of_the_title(bars):
    assert exports.file_name(bars, "csv") == "registros-por-alcaldía.csv"
