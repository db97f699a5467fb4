"""The figure in a page: complete without JavaScript, safe with hostile words, with the links it is given."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import pandas as pd
import pytest

from builder.chart import Drawing, Links, chart_html, drawing
from builder.interactive import item
from builder.marks import MARKS, examples
from builder.plan import plan_of
from builder.sheet import sheet, to_csv
from builder.svg import png, svg
from builder.theme import TOKENS

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}} ${7*7} @name{safe} $index",
    "]]><svg onload=alert(1)>",
    "javascript:alert(1)",
    "\u202egnp.exe",
)
LINKS = Links(
    item="grafica-{width}.json", bokeh="bokeh.min.js", csv="a.csv", png="a.png", svg="a.svg",
    embed="insertar", explore="explorar", dataset="conjunto",
)  # fmt: skip


def drawn(asked, language="es") -> Drawing:
    return drawing(asked.spec, asked.table, asked.result, language, asked.provenance)


def html(asked, links=LINKS, **how) -> str:
    return str(chart_html(drawn(asked), links=links, **how))


def test_a_figure_holds_everything_a_reader_needs():
    figure = html(examples.bar())
    assert figure.count("<svg ") == figure.count("<title>Registros por alcaldía</title>") == 2
    for part in (
        '<h2 class="chart-title">Registros por alcaldía</h2>',
        "Solo: Mujer",
        "Número de registros",
        'Fuente: <a href="conjunto">Carpetas de investigación</a>, Fiscalía General de Justicia',
        '<a rel="license" href="https://creativecommons.org/licenses/by/4.0/">CC BY 4.0</a>',
        "datos del 1 feb 2024",
        "12,299 de 20,000 registros",
        "<summary>Tabla</summary>",
        'data-item="grafica-{width}.json" data-bokeh="bokeh.min.js"',
    ):
        assert part in figure
    for href in ("a.csv", "a.png", "a.svg", "insertar", "explorar"):
        assert f'href="{href}"' in figure
    assert "<script" not in figure
    assert not re.search(r"\son\w+=", figure)


def test_without_links_nothing_leads_nowhere():
    figure = html(examples.bar(), links=None)
    assert 'href=""' not in figure
    assert "chart-touch" not in figure
    assert "data-item" not in figure


def test_heading_level():
    assert '<h3 class="chart-title">' in html(examples.bar(), level=3)


def test_only_web_addresses_are_licence_links():
    asked = examples.bar()
    hostile = asked.provenance.model_copy(update={"license_url": "javascript:alert(1)"})
    assert "javascript:" not in html(replace(asked, provenance=hostile))


def test_the_table_states_how_many_rows_it_shows():
    asked = examples.bar()
    many = pd.DataFrame({"x": [f"grupo {i}" for i in range(300)], "y": range(300)})
    shown = sheet(replace(asked, result=replace(asked.result, frame=many)))
    assert (len(shown.rows), shown.total) == (200, 300)
    assert "primeras 200 de 300 filas" in html(replace(asked, result=replace(asked.result, frame=many)))


def test_table_reads_as_the_drawing_does():
    shown = sheet(examples.bar())
    assert shown.columns == ("Alcaldía", "Número de registros")
    assert shown.numeric == (False, True)
    assert shown.rows[2:] == (("Otros (14 grupos)", "5,210"), ("Sin alcaldía", "96"))
    assert sheet(examples.line()).rows[0] == ("ene 2023", "Línea 1", "52,000")
    assert sheet(examples.histogram()).columns == ("Edad, desde", "Edad, hasta", "Número de registros")


def test_csv_has_plain_numbers_and_dates():
    assert to_csv(examples.bar()).splitlines()[:2] == ["Alcaldía,Número de registros", "Iztapalapa,4120"]
    assert to_csv(examples.line()).splitlines()[1] == "2023-01-01,Línea 1,52000"


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize("mark", ["bar", "line", "treemap", "choropleth"])
def test_hostile_words_stay_words(mark, words):
    asked = MARKS[mark].example()
    channel = {"line": "color", "choropleth": "place"}.get(mark, "x")
    frame = asked.frame.assign(**{channel: asked.frame[channel].where(asked.frame.index != 1, words)})
    spec = asked.spec.model_copy(update={"title": words, "subtitle": words, "note": words, "alt": words})
    hostile = replace(asked, spec=spec, result=replace(asked.result, frame=frame))
    figure = html(hostile)
    for part in re.findall(r"<svg .*?</svg>", figure, flags=re.S):
        root = ElementTree.fromstring(part)
        assert root.findtext("{http://www.w3.org/2000/svg}title") == words
    assert not re.search(r"<(script|img)|<svg onload", figure)
    assert {"title", "desc"} >= {node.tag.split("}")[1] for node in ElementTree.fromstring(svg(plan_of(hostile)))} - {
        "g", "path", "rect", "circle", "text",
    }  # fmt: skip


def test_item_names_the_colours_it_uses():
    made = item(plan_of(examples.bar()))
    assert made["tokens"] == {f"--{token}": value for token, value in TOKENS["light"].items()}
    assert len(set(made["tokens"].values())) == len(made["tokens"])


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("dark", [False, True])
def test_files_carry_their_colours_and_words(mark, dark):
    plan = plan_of(MARKS[mark].example())
    text = svg(plan, standalone=True, dark=dark)
    assert "var(" not in text
    assert TOKENS["dark" if dark else "light"]["paper"] in text
    read = " ".join("".join(node.itertext()) for node in ElementTree.fromstring(text).iter())
    for word in plan.title.split() + plan.source.organization.split():
        assert word in read


def test_pictures_are_twice_the_size():
    picture = png(plan_of(examples.bar()))
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(picture[16:20], "big") == 1440


@pytest.mark.parametrize("mark", MARKS)
def test_drawings_are_small(mark):
    import gzip

    both = "".join(
        svg(plan_of(replace(MARKS[mark].example(), layout=layout))) for layout in ("wide", "narrow")
    )
    assert len(gzip.compress(both.encode())) < 9_000
