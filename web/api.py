"""The public API described by itself: OpenAPI 3.1 from the models its handlers answer with."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from web.pages import Page
from web.values import Problem, Value

JSON = "application/json"


@dataclass(frozen=True)
class Operation:
    """One address of the API; rooms export theirs as ``<room>.pages.operations()``.

    ``path`` names its parts in braces (``/api/charts/{id}.json``); ``query`` maps each query
    parameter to a sentence on it. ``body`` and ``answer`` are the models read and written;
    an answer that is not JSON states its ``media_type`` instead of a model.
    """

    path: str
    summary: str
    answer: type[BaseModel] | None = None
    method: Literal["get", "post"] = "get"
    body: type[BaseModel] | None = None
    query: Mapping[str, str] | None = None
    media_type: str = JSON


class Refusal(Problem):
    """Why a request was refused: the problem as data and, in ``message``, in words."""

    message: str


class Refused(Value):
    """Body of every answer from 400 on."""

    error: Refusal


def openapi(operations: Iterable[Operation], *, title: str, version: str, origin: str) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of the operations; schemas come from their models."""
    listed = list(operations)
    schemas = _schemas(listed)
    paths: dict[str, dict[str, Any]] = {}
    for operation in listed:
        paths.setdefault(operation.path, {})[operation.method] = _described(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": title,
            "version": version,
            "summary": "Datasets, charts and the numbers behind them. Read-only, public, no key.",
        },
        "servers": [{"url": origin}],
        "paths": paths,
        "components": {"schemas": schemas},
    }


def _schemas(operations: Iterable[Operation]) -> dict[str, Any]:
    used: dict[tuple[type[BaseModel], Literal["validation", "serialization"]], None] = {}
    used[Refused, "serialization"] = None
    for operation in operations:
        if operation.body is not None:
            used[operation.body, "validation"] = None
        if operation.answer is not None:
            used[operation.answer, "serialization"] = None
    _, document = models_json_schema(list(used), ref_template="#/components/schemas/{model}")
    return dict(sorted(document["$defs"].items()))


def _described(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "summary": operation.summary,
        "responses": {
            "200": {"description": "OK", "content": _content(operation.answer, operation.media_type)},
            "default": {
                "description": "Refused, with the reason in words",
                "content": _content(Refused, JSON),
            },
        },
    }
    parameters = _parameters(operation)
    if parameters:
        described["parameters"] = parameters
    if operation.body is not None:
        described["requestBody"] = {"required": True, "content": _content(operation.body, JSON)}
    return described


def _content(model: type[BaseModel] | None, media_type: str) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{model.__name__}"} if model else {}
    return {media_type: {"schema": schema} if schema else {}}


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    named = [part.split("}")[0] for part in operation.path.split("{")[1:]]
    text = {"type": "string"}
    in_path = [{"name": name, "in": "path", "required": True, "schema": text} for name in named]
    in_query = [
        {"name": name, "in": "query", "description": sentence, "schema": text}
        for name, sentence in (operation.query or {}).items()
    ]
    return in_path + in_query


class OpenApi(Page):
    """``/api/openapi.json``."""

    document: dict[str, Any]

    def get(self) -> None:
        self.json(self.document)
