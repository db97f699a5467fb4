"""``python -m builder``: draw without a server, list the marks."""

import json
from xml.etree import ElementTree

import pytest

from builder.__main__ import main
from builder.marks import MARKS
from builder.spec import ChartSpec, Encoding

FILE = "catalog/demo/files/afluencia_metrobus_mensual.csv"
BAR = ChartSpec(mark="bar", x=Encoding(field="linea"), y=Encoding(field="afluencia", aggregate="sum"))


@pytest.fixture
def spec(tmp_path):
    path = tmp_path / "spec.json"
    path.write_text(BAR.model_dump_json(exclude_defaults=True))
    return path


def test_a_spec_of_a_file_becomes_a_drawing_a_picture_and_numbers(spec, tmp_path, capsys):
    svg, png, csv = (tmp_path / f"out.{form}" for form in ("svg", "png", "csv"))
    arguments = [
        "render",
        str(spec),
        "--table",
        FILE,
        "--svg",
        str(svg),
        "--png",
        str(png),
        "--csv",
        str(csv),
    ]
    assert main([*arguments, "--lang", "en"]) == 0
    assert ElementTree.parse(svg).getroot().tag.endswith("svg")
    assert png.read_bytes().startswith(b"\x89PNG")
    assert "# 742 of 742 rows" in csv.read_text()
    assert capsys.readouterr().out == "Afluencia by linea · 742 of 742 rows\n"


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ('{"mark": "bar", "x": {"field": "linia"}, "y": {"aggregate": "count"}}', "“linia”"),
        ("not json", "not a chart"),
    ],
)
def test_what_cannot_be_drawn_is_one_sentence(spec, tmp_path, capsys, document, told):
    spec.write_text(document)
    out = tmp_path / "out.svg"
    assert main(["render", str(spec), "--table", FILE, "--svg", str(out), "--lang", "en"]) == 1
    said = capsys.readouterr().err
    assert told in said
    assert said.count("\n") == 1
    assert not out.exists()


def test_a_missing_file_is_one_sentence(spec, capsys):
    assert main(["render", str(spec.with_name("none.json")), "--table", FILE, "--lang", "en"]) == 1
    assert capsys.readouterr().err.startswith("Cannot use ")
    assert main(["render", str(spec), "--table", "none.csv", "--lang", "en"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_the_marks_that_work(capsys):
    assert main(["marks", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == list(MARKS)
