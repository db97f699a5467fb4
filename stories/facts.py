"""Checked sentences: numbers and claims in a story's text, answered by its charts.

An author writes ``{value of Iztapalapa}`` and readers see ``636``. The chart asked is the nearest
one between the same headings, above before below, or the n-th of the story as in
``{2: share of Iztapalapa}``. A claim carries its condition, ``{more than double | ratio of A to B > 2}``: its words are shown only
while it is true. What cannot be answered is a problem that forbids publishing.
"""

import operator
import re
from collections.abc import Callable, Iterator
from typing import Any

from builder.chart import Drawing
from stories.answers import Answer, Answers
from stories.drawn import Drawings
from stories.story import WRITTEN, Chart, Heading, Story
from web.values import Problem, Refused

MARK = re.compile(r"(?<!\\)\{(?:\s*(?P<chart>\d+)\s*:)?(?P<body>[^{}]*)\}")
CLAIM = re.compile(r"(?P<words>.*)\|(?P<left>[^|<>=]*)(?P<sign><=|>=|<|>|=)(?P<right>[^|<>=]*)", re.DOTALL)
SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq,
}  # fmt: skip
ASKED: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("value", r"(?:value of|valor de) (.+)"),
        ("share", r"(?:share of|parte de|porcentaje de) (.+)"),
        ("rank", r"(?:rank of|lugar de) (.+)"),
        ("change", r"(?:change from|cambio de) (.+?) (?:to|a) (.+)"),
        ("ratio", r"(?:ratio of|razón de) (.+?) (?:to|a) (.+)"),
        ("total", r"total"),
        ("groups", r"groups|grupos"),
        ("highest", r"highest|máximo|mayor"),
        ("lowest", r"lowest|mínimo|menor"),
    )
)
"""What can be asked of a chart, in both languages; the names of groups follow."""


MARKDOWN = ("markdown", "caption")
"""Fields where an answer must not turn into Markdown of its own."""


def filled(story: Story, drawings: Drawings) -> Story:
    """Return the story with every mark answered; one that cannot be answered stays as written."""
    blocks = []
    for place, block in enumerate(story.blocks):
        asked = _asked_of(story, drawings, place)
        told = {
            name: _fill(getattr(block, name), asked, story.language, plain=name not in MARKDOWN)
            for name in WRITTEN[block.kind]
        }
        blocks.append(block.model_copy(update=told))
    lead = _fill(story.lead, _asked_of(story, drawings, 0), story.language, plain=True)
    return story.model_copy(update={"blocks": tuple(blocks), "lead": lead})


def unanswered(story: Story, drawings: Drawings) -> Iterator[Problem]:
    """Yield a blocking problem for each mark that finds no answer or claims what is not true."""
    texts = [(0, "lead", story.lead)]
    for place, block in enumerate(story.blocks):
        texts += [(place, block.id, getattr(block, name)) for name in WRITTEN[block.kind]]
    for place, where, text in texts:
        asked = _asked_of(story, drawings, place)
        for mark in MARK.finditer(text):
            try:
                answer(mark, asked, story.language)
            except Refused as refused:
                facts = {**refused.problem.facts, "mark": mark[0]}
                yield Problem(code=refused.problem.code, where=where, facts=facts)


def examples(story: Story, drawings: Drawings) -> list[tuple[str, str]]:
    """Return marks that work in this story with their answers, a few for each chart."""
    found: list[tuple[str, str]] = []
    for number, block in enumerate((one for one in story.blocks if isinstance(one, Chart)), start=1):
        drawing = drawings.get(block.id)
        if isinstance(drawing, Drawing):
            found += _examples(number, Answers(drawing, story.language))
    return found


def _examples(number: int, answers: Answers) -> Iterator[tuple[str, str]]:
    for words in EXAMPLES[answers.language]:
        try:
            body = words.format(group=answers.first().text)
            yield f"{{{number}: {body}}}", _ask(body, answers).text
        except Refused:
            continue


def answer(mark: re.Match[str], asked: Callable[[int | None], Drawing], language: str) -> str:
    """Return what readers see instead of a mark.

    Raises Refused: ``story_mark_unreadable``, ``story_mark_no_chart``, ``story_mark_no_group``,
    ``story_mark_not_addable`` or ``story_claim_false``.
    """
    chart = int(mark["chart"]) if mark["chart"] else None
    answers = Answers(asked(chart), language)
    claim = CLAIM.fullmatch(mark["body"])
    if claim is None:
        return _ask(mark["body"], answers).text
    left, right = _side(claim["left"], answers), _side(claim["right"], answers)
    try:
        holds = SIGNS[claim["sign"]](left.compared, right.compared)
    except TypeError:
        raise Refused("story_mark_unreadable", example="10 > 5") from None
    if not holds:
        raise Refused("story_claim_false", left=left.text, right=right.text)
    return claim["words"].strip()


EXAMPLES = {
    "es": ("valor de {group}", "parte de {group}", "lugar de {group}", "máximo", "mínimo", "total"),
    "en": ("value of {group}", "share of {group}", "rank of {group}", "highest", "lowest", "total"),
}


def _ask(text: str, answers: Answers) -> Answer:
    for name, pattern in ASKED:
        found = pattern.fullmatch(text.strip())
        if found is not None:
            answer: Answer = getattr(answers, name)(*found.groups())
            return answer
    example = EXAMPLES[answers.language][0].format(group=answers.first().text)
    raise Refused("story_mark_unreadable", example=f"{{{example}}}")


def _side(text: str, answers: Answers) -> Answer:
    """Return one side of a condition: a question, a number, or the name of a group."""
    try:
        return _ask(text, answers)
    except Refused as refused:
        if refused.problem.code != "story_mark_unreadable":
            raise
    try:
        return answers.number(float(text.strip().replace(",", "")))
    except ValueError:
        return answers.group(text)


def _fill(text: str, asked: Callable[[int | None], Drawing], language: str, *, plain: bool = False) -> str:
    def told(mark: re.Match[str]) -> str:
        try:
            words = answer(mark, asked, language)
        except Refused:
            return mark[0]
        return words if plain or "|" in mark["body"] else re.sub(r"([\\`*_{}\[\]()#+!|<>~-])", r"\\\1", words)

    return MARK.sub(told, text)


def _asked_of(story: Story, drawings: Drawings, place: int) -> Callable[[int | None], Drawing]:
    """Return who answers at a place of the story: the n-th chart, else the nearest one."""

    def find(number: int | None) -> Drawing:
        every = [block.id for block in story.blocks if isinstance(block, Chart)]
        near = every[number - 1 : number] if number else _nearest(story, place)
        drawing = drawings.get(near[0]) if near else None
        if not isinstance(drawing, Drawing):
            raise Refused("story_mark_no_chart")
        return drawing

    return find


def _nearest(story: Story, place: int) -> list[str]:
    """Return the charts a text may speak of: those of its part, above before below, then the others."""
    headings = [at for at, block in enumerate(story.blocks) if isinstance(block, Heading)]
    start = max((at for at in headings if at <= place), default=0)
    end = min((at for at in headings if at > place), default=len(story.blocks))
    charts = [(at, block.id) for at, block in enumerate(story.blocks) if isinstance(block, Chart)]
    charts.sort(key=lambda chart: (not start <= chart[0] < end, chart[0] > place, abs(chart[0] - place)))
    return [block_id for _, block_id in charts]
