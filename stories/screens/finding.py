"""Charts from any dataset without leaving the editor: search, then the questions its files answer."""

from typing import Any

from builder.check import problems
from builder.link import decode, encode
from builder.spec import ChartSpec
from builder.suggest import questions
from builder.svg import svg
from catalog.models import Dataset
from stories.stories import Stories
from web.i18n import explain
from web.values import Refused

MOST_DATASETS, MOST_QUESTIONS = 8, 6
TABULAR = ("pdf", "doc", "docx", "html", "jpg", "png")
"""Formats whose files hold no table."""


def datasets(stories: Stories, text: str, language: str) -> list[dict[str, Any]]:
    """Return the datasets that have the words of a text, with the files that may be counted."""
    found = stories.catalog.search(text, limit=MOST_DATASETS, language=language)
    return [_dataset(hit.dataset, language) for hit in found.results]


def asked(stories: Stories, resource: str, language: str) -> list[dict[str, str]]:
    """Return the questions a file answers, each drawn; it is fetched and read when it was not yet.

    Blocks. Raises Refused when the file cannot be had or has nothing to draw.
    """
    table = stories.catalog.table_of(resource) or stories.catalog.open(resource)
    offered = []
    for suggestion in questions(table, MOST_QUESTIONS):
        spec = suggestion.spec.model_copy(update={"resource": resource, "table": table.id})
        try:
            drawn = stories.charts.draw(spec, language)
        except Refused:
            continue
        question = explain(suggestion.question, language)
        offered.append({"question": question, "svg": svg(drawn.narrow), "spec": encode(spec)})
    if not offered:
        raise Refused("story_nothing_to_draw")
    return offered


def chosen(stories: Stories, text: str) -> ChartSpec:
    """Return the chart of an offered question, pinned to its table; raises Refused."""
    spec = decode(text)
    table = stories.charts.table(spec)
    for problem in problems(spec, table):
        raise Refused(problem.code, problem.where, **problem.facts)
    return spec.model_copy(update={"table": table.id})


def _dataset(dataset: Dataset, language: str) -> dict[str, Any]:
    files = [one for one in dataset.resources if one.format.lower() not in TABULAR]
    return {
        "title": dataset.titles.get(language) or dataset.title,
        "organization": dataset.organization_title,
        "files": [{"id": one.id, "name": one.name or one.format} for one in files],
    }
