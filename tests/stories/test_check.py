from catalog.models import Provenance
from stories import problems  # noqa: F401
from stories.check import blocking
from stories.check import problems as problems_of
from stories.story import Chart, Heading, Story, Text
from tests.stories.drawings import SCHOOLS, SOURCE, bars
from web.i18n import explain
from web.values import Problem

CHART = Chart(id="c", spec=SCHOOLS.spec)
COMPLETE = Story(
    title="t", lead="l", byline="b", blocks=(Heading(id="h", text="x"), Text(id="t", markdown="y"), CHART)
)


def found(story, drawing=SCHOOLS):
    return [(one.code, one.where) for one in problems_of(story, {"c": drawing})]


def test_a_complete_story_misses_nothing():
    assert found(COMPLETE) == []


def test_an_empty_story_cannot_be_published():
    assert found(Story()) == [
        ("story_title_missing", "title"),
        ("story_empty", "story"),
        ("story_lead_missing", "lead"),
        ("story_byline_missing", "byline"),
    ]
    assert len(blocking(problems_of(Story(), {}))) == 2


def test_each_block_is_named_with_what_it_lacks():
    blocks = (
        Text(id="t1", markdown=" "),
        Heading(id="h1"),
        Heading(id="h2", text="x"),
        Heading(id="h3", text="y"),
        CHART,
        Heading(id="h4", text="z"),
    )
    assert found(COMPLETE.model_copy(update={"blocks": blocks})) == [
        ("story_block_empty", "t1"),
        ("story_heading_empty", "h1"),
        ("story_heading_alone", "h2"),
        ("story_heading_alone", "h4"),
    ]


def test_a_chart_without_source_or_licence_is_doubtful():
    assert found(COMPLETE, bars({"a": 1}, source=Provenance())) == [("story_source_missing", "c")]
    unlicensed = SOURCE.model_copy(update={"license_title": ""})
    assert found(COMPLETE, bars({"a": 1}, source=unlicensed)) == [("story_licence_missing", "c")]


def test_a_broken_chart_or_a_false_number_blocks():
    broken = Problem(code="story_unknown")
    assert found(COMPLETE, broken) == [("story_chart_broken", "c")]
    untrue = COMPLETE.model_copy(update={"lead": "{valor de Coyoacán}"})
    assert found(untrue) == [("story_mark_no_group", "lead")]
    assert blocking(problems_of(untrue, {"c": SCHOOLS}))


def test_every_problem_can_be_said_in_both_languages():
    story = Story(lead="{x} {valor de y}", blocks=(Text(id="t"), Heading(id="h"), CHART))
    for language in ("es", "en"):
        for problem in problems_of(story, {"c": SCHOOLS}):
            sentence = explain(problem, language)
            assert len(sentence) > 20
            assert "{where}" not in sentence
