import re

import pytest

from builder.chart import Links
from stories.edition import Edition
from stories.page import story_html
from stories.story import Chart, Heading, Story, Text
from tests.stories.drawings import SCHOOLS
from web.values import Problem

EDITION = Edition(
    home="../..", published="2026-01-02", updated="2026-01-05", address="https://x.example/stories/s/"
)
HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}'


def page(story, drawings=None, edition=EDITION):
    return story_html(
        story,
        drawings or {},
        links=lambda _: Links(csv="charts/a.csv"),
        edition=edition,
        asset=lambda name: name,
    )


def story(*blocks, **values):
    return Story(**{"title": "Agua", "lead": "Entrada", "byline": "Ana", **values}, blocks=blocks)


def test_says_what_it_is_in_the_language_of_the_story():
    spanish = page(story(Text(id="t", markdown="hola")))
    assert '<html lang="es">' in spanish
    assert "Por Ana" in spanish
    assert '<time datetime="2026-01-02">2 ene 2026</time>' in spanish
    assert "actualizada el 5 ene 2026" in spanish
    english = page(story(Text(id="t", markdown="hi"), language="en"))
    assert '<html lang="en">' in english
    assert "By Ana" in english
    assert '<time datetime="2026-01-02">Jan 2, 2026</time>' in english


def test_one_chart_brings_its_drawing_its_table_and_its_source():
    html = page(story(Chart(id="c", spec=SCHOOLS.spec, caption="Un *pie*")), {"c": SCHOOLS})
    assert html.count('class="drawing wide"') == html.count('class="drawing narrow"') == 1
    assert "<td>Iztapalapa</td>" in html
    assert '<div class="caption"><p>Un <em>pie</em></p>' in html
    assert 'href="https://example.org/escuelas">Escuelas &lt;de&gt; prueba</a>: Por alcaldía. SEP.' in html


@pytest.mark.parametrize("field", ["title", "lead", "byline"])
def test_nothing_written_becomes_markup(field):
    html = page(story(Heading(id="h", text=HOSTILE), Text(id="t", markdown=HOSTILE), **{field: HOSTILE}))
    assert "<script>alert" not in html
    assert "<img" not in html
    assert "{{7*7}}" in html


def test_a_long_story_opens_with_its_contents():
    headings = [Heading(id=f"h{n}", text=f"Parte {n}") for n in range(4)]
    html = page(story(*headings))
    assert re.findall(r'<li><a href="#(h\d)">', html) == ["h0", "h1", "h2", "h3"]
    assert "contents" not in page(story(*headings[:3]))


def test_empty_blocks_are_not_shown_and_a_broken_chart_says_why():
    html = page(
        story(Text(id="t", markdown=" "), Heading(id="h"), Chart(id="c", spec=SCHOOLS.spec)),
        {"c": Problem(code="story_unknown")},
    )
    assert "<h2" not in html.split("</header>", 2)[2].split("<section")[0]
    assert 'class="problem" id="c"' in html


def test_a_draft_is_not_indexed_and_a_public_page_is_shared_by_its_address():
    draft = page(story(), edition=Edition(home="", draft=True))
    assert 'content="noindex"' in draft
    assert "data-share" not in draft
    public = page(story(), edition=EDITION.model_copy(update={"image": "social.png"}))
    assert '<meta property="og:image" content="https://x.example/stories/s/social.png">' in public
    assert "noindex" not in public


def test_titles_of_charts_follow_the_headings_without_a_jump():
    chart = Chart(id="c", spec=SCHOOLS.spec)
    alone = page(story(chart), {"c": SCHOOLS})
    below = page(story(Heading(id="h", text="x"), chart), {"c": SCHOOLS})
    assert '<h2 class="chart-title">' in alone
    assert '<h3 class="chart-title">' in below
