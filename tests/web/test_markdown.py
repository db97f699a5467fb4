import pytest

from web.markdown import markdown


def test_writes_the_usual_marks():
    html = markdown("# Uno\n\n**dos** y [tres](https://example.org)\n\n- cuatro")
    assert "<h3>Uno</h3>" in html
    assert "<strong>dos</strong>" in html
    assert '<a href="https://example.org" rel="noopener">tres</a>' in html
    assert "<li>cuatro</li>" in html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![x](http://example.org/x.png)",
        "[x](javascript:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "<a href='javascript:alert(1)'>x</a>",
        "$$\\href{javascript:alert(1)}{x}$$",
        "<svg/onload=alert(1)>",
    ],
)
def test_runs_nothing_and_loads_nothing(text):
    html = markdown(text)
    for forbidden in ("<script", "<img", "<svg", 'href="javascript', 'href="data', "<a href='"):
        assert forbidden not in html


def test_headings_go_no_deeper_than_six():
    assert markdown("###### x", top=3) == "<h6>x</h6>\n"
