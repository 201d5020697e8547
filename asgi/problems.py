"""Errors as RFC 9457 problem documents: what every REST interface here shares of them.

Which errors a service foresees, and what it tells of each, is the service's own `document`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel

MEDIA_TYPE = "application/problem+json"
TOLD = 20
"""Problems told of one request, and steps of one path."""


class FieldProblem(BaseModel):
    """`path` leads to the field at fault, from the body, or from `query` or `path`."""

    path: list[str | int]
    code: str
    message: str


def type_of(namespace: str, code: str) -> str:
    """Return the URI that names a kind of problem of one service."""
    return f"urn:test-platform:{namespace}:{code.lower().replace('_', '-')}"


def unreadable(error: RequestValidationError) -> tuple[bool, list[FieldProblem]]:
    """Tell whether the body was JSON at all, and what the framework found at fault: the first few."""
    found: list[Any] = list(error.errors())[:TOLD]
    fields = [
        FieldProblem(path=_path(each["loc"]), code=str(each["type"]).upper(), message=str(each["msg"]))
        for each in found
    ]
    return not any(each["type"] == "json_invalid" for each in found), fields


def sentence(fields: Sequence[FieldProblem]) -> str:
    """Return in one line what is at fault."""
    return "; ".join(f"{each.code}: {each.message}" for each in fields)


def _path(loc: tuple[str | int, ...]) -> list[str | int]:
    steps = loc[1:] if loc[:1] == ("body",) else loc
    return [step if isinstance(step, int) else _text(step) for step in steps[:TOLD]]


def _text(step: str) -> str:
    return step[:100].encode(errors="replace").decode()
