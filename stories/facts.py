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
from stories.story import WRITTEN, Block, Chart, Heading, Part, Steps, Story, Table, parts
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
    blocks = tuple(_filled(story, drawings, place) for place in range(len(story.blocks)))
    lead = _fill(story.lead, _asked_of(story, drawings, 0), story.language, plain=True)
    return story.model_copy(update={"blocks": blocks, "lead": lead})


def _filled(story: Story, drawings: Drawings, place: int) -> Block:
    block = story.blocks[place]
    if not isinstance(block, Steps):
        return block.model_copy(update=_told(story, drawings, place, block))
    steps = (step.model_copy(update=_told(story, drawings, place, step)) for step in block.steps)
    return block.model_copy(update={"steps": tuple(steps)})


def _told(story: Story, drawings: Drawings, place: int, part: Part) -> dict[str, str]:
    asked = _asked_of(story, drawings, place, part)
    return {
        name: _fill(getattr(part, name), asked, story.language, plain=name not in MARKDOWN)
        for name in WRITTEN[part.kind]
    }


def unanswered(story: Story, drawings: Drawings) -> Iterator[Problem]:
    """Yield a blocking problem for each mark that finds no answer or claims what is not true."""
    for where, text, asked in _texts(story, drawings):
        for mark in MARK.finditer(text):
            try:
                answer(mark, asked, story.language)
            except Refused as refused:
                facts = {**refused.problem.facts, "mark": mark[0]}
                yield Problem(code=refused.problem.code, where=where, facts=facts)


def _texts(story: Story, drawings: Drawings) -> Iterator[tuple[str, str, Callable[[int | None], Drawing]]]:
    """Yield where each text stands, the text, and who answers its marks."""
    yield "lead", story.lead, _asked_of(story, drawings, 0)
    for place, block in enumerate(story.blocks):
        for part in parts(block):
            asked = _asked_of(story, drawings, place, part)
            for name in WRITTEN[part.kind]:
                yield part.id, getattr(part, name), asked


def told(story: Story, drawings: Drawings) -> list[tuple[str, str, str | None]]:
    """Return where each mark stands, the mark, and what readers see; None when it is not true or not answered."""
    found: list[tuple[str, str, str | None]] = []
    for where, text, asked in _texts(story, drawings):
        for mark in MARK.finditer(text):
            try:
                found.append((where, mark[0], answer(mark, asked, story.language)))
            except Refused:
                found.append((where, mark[0], None))
    return found


def compared(story: Story, before: Drawings, after: Drawings) -> Iterator[Problem]:
    """Yield what newer drawings do to each mark that is answered now: changed, or no longer true."""
    same = 0
    for (where, mark, was), (_, _, now) in zip(told(story, before), told(story, after), strict=True):
        if was is None:
            continue
        if now is None:
            yield Problem(
                code="story_mark_ends", severity="warning", where=where, facts={"mark": mark, "before": was}
            )
        elif now != was:
            facts = {"mark": mark, "before": was, "after": now}
            yield Problem(code="story_mark_changed", severity="warning", where=where, facts=facts)
        else:
            same += 1
    if same:
        yield Problem(code="story_marks_hold", severity="info", where="story", facts={"n": same})


def examples(story: Story, drawings: Drawings) -> list[tuple[str, str]]:
    """Return marks that work in this story with their answers, a few for each chart."""
    found: list[tuple[str, str]] = []
    for number, block in enumerate(_numbered(story), start=1):
        drawing = drawings.get(block)
        if isinstance(drawing, Drawing):
            found += _examples(number, Answers(drawing, story.language))
    return found


def _examples(number: int, answers: Answers) -> Iterator[tuple[str, str]]:
    for words in EXAMPLES[answers.language]:
        try:
            body = words.format(group=answers.first().text, last=answers.last().text)
            mark = MARK.fullmatch(f"{{{number}: {body}}}")
            if mark is not None:
                yield mark[0], answer(mark, lambda _: answers.drawing, answers.language)
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
    "es": (
        "valor de {group}",
        "parte de {group}",
        "lugar de {group}",
        "máximo",
        "mínimo",
        "total",
        "grupos",
        "razón de {group} a {last}",
        "cambio de {group} a {last}",
        "{group} es el más alto | máximo = {group}",
        "más de la mitad | parte de {group} > 0.5",
    ),
    "en": (
        "value of {group}",
        "share of {group}",
        "rank of {group}",
        "highest",
        "lowest",
        "total",
        "groups",
        "ratio of {group} to {last}",
        "change from {group} to {last}",
        "{group} is the highest | highest = {group}",
        "more than half | share of {group} > 0.5",
    ),
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


def _asked_of(
    story: Story, drawings: Drawings, place: int, part: Part | None = None
) -> Callable[[int | None], Drawing]:
    """Return who answers at a place of the story: the n-th chart, a step's own view, else the nearest."""

    def find(number: int | None) -> Drawing:
        every = _numbered(story)
        own = [part.id] if part is not None and part.kind == "step" else _nearest(story, place)
        near = every[number - 1 : number] if number else own
        drawing = drawings.get(near[0]) if near else None
        if not isinstance(drawing, Drawing):
            raise Refused("story_mark_no_chart")
        return drawing

    return find


def _numbered(story: Story) -> list[str]:
    """Return the charts and tables that marks may call by number."""
    return [block.id for block in story.blocks if isinstance(block, Chart | Table)]


def _nearest(story: Story, place: int) -> list[str]:
    """Return the charts a text may speak of: those of its part, above before below, then the others."""
    headings = [at for at, block in enumerate(story.blocks) if isinstance(block, Heading)]
    start = max((at for at in headings if at <= place), default=0)
    end = min((at for at in headings if at > place), default=len(story.blocks))
    charts = [(at, chart) for at, block in enumerate(story.blocks) for chart in _answering(block)]
    charts.sort(key=lambda chart: (not start <= chart[0] < end, chart[0] > place, abs(chart[0] - place)))
    return [block_id for _, block_id in charts]


def _answering(block: Block) -> list[str]:
    """Return the id under which a block answers texts around it: of steps, the first view."""
    if isinstance(block, Steps):
        return [step.id for step in block.steps[:1]]
    return [block.id] if isinstance(block, Chart | Table) else []
