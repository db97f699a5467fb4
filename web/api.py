"""The public API described by itself: OpenAPI 3.1 from the models its handlers answer with."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from web.pages import Page
from web.values import Problem, Value

JSON = "application/json"
Use = tuple[type[BaseModel], Literal["validation", "serialization"]]


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


class RefusalAnswer(Value):
    """Body of every answer from 400 on."""

    error: Refusal


def openapi(operations: Iterable[Operation], *, title: str, version: str, origin: str) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of the operations; schemas come from their models."""
    listed = list(operations)
    references, schemas = _schemas(listed)
    paths: dict[str, dict[str, Any]] = {}
    for operation in listed:
        paths.setdefault(operation.path, {})[operation.method] = _described(operation, references)
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


def _schemas(operations: Iterable[Operation]) -> tuple[dict[Use, Any], dict[str, Any]]:
    uses: dict[Use, None] = {(RefusalAnswer, "serialization"): None}
    for operation in operations:
        if operation.body is not None:
            uses[operation.body, "validation"] = None
        if operation.answer is not None:
            uses[operation.answer, "serialization"] = None
    references, document = models_json_schema(list(uses), ref_template="#/components/schemas/{model}")
    return cast(dict[Use, Any], references), dict(sorted(document["$defs"].items()))


def _described(operation: Operation, references: Mapping[Use, Any]) -> dict[str, Any]:
    answer = references[operation.answer, "serialization"] if operation.answer else None
    refusal = references[RefusalAnswer, "serialization"]
    described: dict[str, Any] = {
        "summary": operation.summary,
        "parameters": _parameters(operation),
        "responses": {
            "200": {"description": "OK", "content": _content(answer, operation.media_type)},
            "default": {"description": "Refused, with the reason in words", "content": _content(refusal)},
        },
    }
    if operation.body is not None:
        body = references[operation.body, "validation"]
        described["requestBody"] = {"required": True, "content": _content(body)}
    return described


def _content(schema: Any, media_type: str = JSON) -> dict[str, Any]:
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
