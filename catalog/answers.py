"""Answers of the public API, as models: what ``/api/datasets`` says."""

from catalog.catalog import Catalog
from catalog.models import Count, Dataset, Hit, Match, Resource, Results
from catalog.packages import file_format
from catalog.views import title_of
from web import urls
from web.values import Problem, Value


class Found(Value):
    """One dataset in an answer of ``/api/datasets``."""

    name: str
    title: str
    organization: str
    license: str
    modified: str | None
    formats: tuple[str, ...]
    matches: tuple[Match, ...]
    url: str


class FoundDatasets(Value):
    """Answer of ``/api/datasets``: ``total`` counts all found, ``results`` are one page of them."""

    total: int
    results: tuple[Found, ...]
    facets: dict[str, tuple[Count, ...]]
    meant: str


class FileAnswer(Value):
    """One file in an answer of ``/api/datasets/<name>``: ``state`` is null before anybody opened it."""

    id: str
    name: str
    format: str
    url: str
    size: int | None
    modified: str | None
    state: str | None
    problem: Problem | None
    table: str | None
    rows: int | None
    columns: tuple[dict[str, str], ...]


class DatasetAnswer(Value):
    """Answer of ``/api/datasets/<name>``: the dataset as published, and how far its files are."""

    dataset: Dataset
    files: tuple[FileAnswer, ...]


def found_datasets(found: Results, language: str) -> FoundDatasets:
    """Return a search's results as the API answers them."""
    return FoundDatasets(
        total=found.total,
        results=tuple(_found(hit, language) for hit in found.results),
        facets=found.facets,
        meant=found.meant,
    )


def dataset_answer(dataset: Dataset, catalog: Catalog) -> DatasetAnswer:
    """Return a dataset with its files as the API answers it."""
    return DatasetAnswer(
        dataset=dataset, files=tuple(_file(resource, catalog) for resource in dataset.resources)
    )


def _found(hit: Hit, language: str) -> Found:
    dataset = hit.dataset
    return Found(
        name=dataset.name,
        title=title_of(dataset, language),
        organization=dataset.organization_title,
        license=dataset.license_title,
        modified=dataset.modified,
        formats=tuple(dict.fromkeys(filter(None, map(file_format, dataset.resources)))),
        matches=hit.matches,
        url=urls.dataset(dataset.name),
    )


def _file(resource: Resource, catalog: Catalog) -> FileAnswer:
    reading = catalog.reading(resource.id)
    table = catalog.table(reading.table) if reading and reading.state == "ready" else None
    return FileAnswer(
        id=resource.id,
        name=resource.name,
        format=file_format(resource),
        url=resource.url,
        size=resource.size,
        modified=resource.modified,
        state=reading.state if reading else None,
        problem=reading.problem if reading else None,
        table=table.id if table else None,
        rows=table.rows if table else None,
        columns=tuple(
            {"name": c.name, "label": c.label, "type": c.type, "role": c.role} for c in table.columns
        )
        if table
        else (),
    )
