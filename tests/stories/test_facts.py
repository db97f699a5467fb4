import pytest

from builder.result import OTHERS
from stories.facts import compared, filled, unanswered
from stories.story import Chart, Heading, Story, Text
from tests.stories.drawings import SCHOOLS, bars


def said(text, drawing=SCHOOLS, language="es"):
    """Return what readers see of a text under one chart, and the codes of what is wrong."""
    story = Story(language=language, blocks=(Chart(id="c", spec=drawing.spec), Text(id="t", markdown=text)))
    drawings = {"c": drawing}
    codes = [problem.code for problem in unanswered(story, drawings)]
    return filled(story, drawings).blocks[1].markdown, codes


@pytest.mark.parametrize(
    ("mark", "words"),
    [
        ("{valor de Iztapalapa}", "60"),
        ("{value of iztapalapa}", "60"),
        ("{valor de alvaro obregon}", "30"),
        ("{ parte de Milpa Alta }", "10.0%"),
        ("{lugar de Álvaro Obregón}", "2"),
        ("{total}", "100"),
        ("{grupos}", "3"),
        ("{máximo}", "Iztapalapa"),
        ("{lowest}", "Milpa Alta"),
        ("{cambio de Milpa Alta a Álvaro Obregón}", "200.0%"),
        ("{razón de Iztapalapa a Milpa Alta}", "6.0"),
        ("{1: total}", "100"),
    ],
)
def test_a_mark_becomes_what_the_chart_says(mark, words):
    shown, codes = said(f"Hay {mark}.")
    assert shown.replace("\xa0", "").replace(" %", "%").replace("\\", "") == f"Hay {words}."
    assert codes == []


@pytest.mark.parametrize(
    ("mark", "code"),
    [
        ("{valor de Coyoacán}", "story_mark_no_group"),
        ("{valor}", "story_mark_unreadable"),
        ("{}", "story_mark_unreadable"),
        ("{2: total}", "story_mark_no_chart"),
        ("{la mayor | máximo = Milpa Alta}", "story_claim_false"),
        ("{mucho | valor de Milpa Alta > 10}", "story_claim_false"),
        ("{mucho | máximo > 10}", "story_mark_unreadable"),
    ],
)
def test_what_cannot_be_answered_is_said_and_left_as_written(mark, code):
    assert said(f"Hay {mark}.") == (f"Hay {mark}.", [code])


@pytest.mark.parametrize(
    "mark",
    [
        "{la mayor | máximo = Iztapalapa}",
        "{la mayor | valor de Iztapalapa > valor de Milpa Alta}",
        "{la mayor | parte de Iztapalapa >= 0.6}",
        "{la mayor | lugar de Iztapalapa = 1}",
        "{la mayor | lowest = milpa alta}",
    ],
)
def test_a_true_claim_shows_its_words_alone(mark):
    assert said(f"Es {mark}.") == ("Es la mayor.", [])


def test_averages_are_never_added_up():
    means = bars({"a": 1.5, "b": 2.5}, aggregate="mean")
    assert said("{total}", means)[1] == ["story_mark_not_addable"]
    assert said("{parte de a}", means)[1] == ["story_mark_not_addable"]
    assert said("{valor de b}", means) == ("2.5", [])


def test_a_cut_chart_has_no_total_but_gathered_groups_count():
    cut = bars({"a": 3, "b": 2}, limit=2, others=False)
    assert said("{total}", cut)[1] == ["story_mark_not_addable"]
    gathered = bars({"a": 3, "b": 2, OTHERS: 5, None: 10}, limit=2)
    assert said("{total}, {grupos}, {máximo}", gathered) == ("20, 2, a", [])


def test_a_tie_names_nobody():
    assert said("{máximo}", bars({"a": 3, "b": 3}))[1] == ["story_mark_tied"]


def test_nothing_is_divided_by_zero():
    assert said("{razón de a a b}", bars({"a": 3, "b": 0}))[1] == ["story_mark_zero"]


def test_names_of_groups_are_no_markdown():
    evil = bars({"[x](https://evil.example) <b>": 3, "b": 1})
    assert said("{máximo}", evil) == (r"\[x\]\(https://evil.example\) \<b\>", [])


def test_the_nearest_chart_of_the_same_part_answers():
    one, two = bars({"a": 1}), bars({"a": 2}, title="otra")
    story = Story(
        lead="{valor de a}",
        blocks=(
            Text(id="t1", markdown="{valor de a}"),
            Chart(id="c1", spec=one.spec, caption="{valor de a}"),
            Heading(id="h", text="x"),
            Text(id="t2", markdown="{valor de a} {1: valor de a}"),
            Chart(id="c2", spec=two.spec),
            Text(id="t3", markdown="{valor de a}"),
        ),
    )
    shown = filled(story, {"c1": one, "c2": two})
    texts = [getattr(block, "markdown", getattr(block, "caption", "")) for block in shown.blocks]
    assert (shown.lead, *texts) == ("1", "1", "1", "", "2 1", "", "2")
    assert story.blocks[0].markdown == "{valor de a}"


def test_an_escaped_brace_is_a_brace():
    assert said(r"\{valor de nadie}") == (r"\{valor de nadie}", [])


def test_newer_data_say_what_they_do_to_each_number():
    before, after = bars({"A": 3, "B": 1}), bars({"A": 4, "B": 9})
    text = Text(
        id="t", markdown="{value of A} {value of B} {more | value of A > 2} {A leads | highest = A} {groups}"
    )
    story = Story(language="en", blocks=(Chart(id="c", spec=before.spec), text))
    found = [(one.code, dict(one.facts)) for one in compared(story, {"c": before}, {"c": after})]
    assert found == [
        ("story_mark_changed", {"mark": "{value of A}", "before": "3", "after": "4"}),
        ("story_mark_changed", {"mark": "{value of B}", "before": "1", "after": "9"}),
        ("story_mark_ends", {"mark": "{A leads | highest = A}", "before": "A leads"}),
        ("story_marks_hold", {"n": 2}),
    ]
    assert [one.code for one in compared(story, {"c": before}, {"c": before})] == ["story_marks_hold"]
