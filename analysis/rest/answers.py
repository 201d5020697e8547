"""Answers made straight from wire models, and what the OpenAPI document says of problems."""

from __future__ import annotations

from typing import Any

from fastapi import Response
from pydantic import BaseModel

from analysis.rest.problems import ProblemDocument
from asgi.problems import MEDIA_TYPE


def answer(model: BaseModel, status: int = 200, **headers: str) -> Response:
    """Return a model as JSON, by its names on the wire."""
    body = model.model_dump_json(by_alias=True)
    return Response(body, status, {"Cache-Control": "no-store", **headers}, "application/json")


def told(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return how the OpenAPI document tells that these statuses are answered with problem documents."""
    content: dict[str, Any] = {"model": ProblemDocument, "content": {MEDIA_TYPE: {}}}
    return {status: {"description": "A problem", **content} for status in (401, 403, 422, *statuses)}
