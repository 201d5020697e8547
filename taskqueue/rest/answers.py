"""Answers made straight from wire models, and what the OpenAPI document says of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import Response
from pydantic import BaseModel, TypeAdapter

from asgi.problems import MEDIA_TYPE
from taskqueue.rest.problems import ProblemDocument

_NO_STORE = {"Cache-Control": "no-store"}


def answer(model: BaseModel, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return a model as JSON, by its names on the wire."""
    return Response(
        model.model_dump_json(by_alias=True), status, {**_NO_STORE, **(headers or {})}, "application/json"
    )


def answer_list(adapter: TypeAdapter[Any], models: list[Any]) -> Response:
    """Return a list of models as JSON."""
    return Response(adapter.dump_json(models, by_alias=True), 200, _NO_STORE, "application/json")


def told(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return how the OpenAPI document tells that these statuses are answered with problem documents."""
    schema = {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{ProblemDocument.__name__}"}}}
    return {status: {"description": "A problem", "content": schema} for status in (401, 403, 422, *statuses)}
