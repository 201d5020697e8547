"""Errors as RFC 9457 problem documents: one shape, whichever layer refuses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import structlog
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Scope

from asgi.limits import BodyTooLarge, TimedOut
from asgi.problems import MEDIA_TYPE, FieldProblem, sentence, type_of, unreadable
from asgi.request_log import request_id_of
from store.errors import BadCursor, Conflict, OutcomeUnknown, TooLarge, Unavailable
from taskqueue.errors import (
    IdempotencyConflict,
    NotFound,
    PayloadTooLarge,
    Problem,
    Refused,
    UnknownType,
    WrongState,
)
from taskqueue.rest.access import TenantNotCovered, TenantRequired
from trust.bearer import Forbidden, NotAuthenticated

NAMESPACE = "taskqueue"
"""Of the types of problems."""

_log = structlog.stdlib.get_logger("taskqueue.rest")


class Code(StrEnum):
    """Stable: what clients decide by."""

    BAD_CURSOR = "BAD_CURSOR"
    BAD_REQUEST = "BAD_REQUEST"
    BODY_TOO_LARGE = "BODY_TOO_LARGE"
    CONTENTION = "CONTENTION"
    FORBIDDEN = "FORBIDDEN"
    IDEMPOTENCY_CONFLICT = "IDEMPOTENCY_CONFLICT"
    INTERNAL = "INTERNAL"
    INVALID = "INVALID"
    METHOD_NOT_ALLOWED = "METHOD_NOT_ALLOWED"
    NOT_FOUND = "NOT_FOUND"
    OUTCOME_UNKNOWN = "OUTCOME_UNKNOWN"
    PAYLOAD_TOO_LARGE = "PAYLOAD_TOO_LARGE"
    TENANT_NOT_COVERED = "TENANT_NOT_COVERED"
    TENANT_REQUIRED = "TENANT_REQUIRED"
    TIMEOUT = "TIMEOUT"
    TOKEN_EXPIRED = "TOKEN_EXPIRED"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    UNAVAILABLE = "UNAVAILABLE"
    UNKNOWN_TYPE = "UNKNOWN_TYPE"
    WRONG_STATE = "WRONG_STATE"


STATUS: Mapping[Code, tuple[int, str]] = {
    Code.BAD_CURSOR: (400, "The cursor continues no such listing"),
    Code.BAD_REQUEST: (400, "The request cannot be read"),
    Code.BODY_TOO_LARGE: (413, "The body is too large"),
    Code.CONTENTION: (503, "Too many changes at once"),
    Code.FORBIDDEN: (403, "The token does not allow it"),
    Code.IDEMPOTENCY_CONFLICT: (409, "The idempotency key was used with other content"),
    Code.INTERNAL: (500, "Something went wrong on our side"),
    Code.INVALID: (422, "The input is refused"),
    Code.METHOD_NOT_ALLOWED: (405, "Not by this method"),
    Code.NOT_FOUND: (404, "Nothing is here"),
    Code.OUTCOME_UNKNOWN: (503, "Whether it happened is not known"),
    Code.PAYLOAD_TOO_LARGE: (413, "The payload is too large"),
    Code.TENANT_NOT_COVERED: (403, "The token does not cover this tenant"),
    Code.TENANT_REQUIRED: (400, "Which tenant is not said"),
    Code.TIMEOUT: (503, "It took too long"),
    Code.TOKEN_EXPIRED: (401, "The token has expired"),
    Code.UNAUTHENTICATED: (401, "A service token is needed"),
    Code.UNAVAILABLE: (503, "The store is not to be reached"),
    Code.UNKNOWN_TYPE: (422, "No handler does tasks of this type"),
    Code.WRONG_STATE: (409, "The task's state does not allow it"),
}
_AGAIN = frozenset({Code.CONTENTION, Code.OUTCOME_UNKNOWN, Code.UNAVAILABLE})


class ProblemDocument(BaseModel):
    """RFC 9457, with a stable `code`; `errors` tells of each field that is at fault."""

    type: str
    title: str
    status: int
    detail: str
    code: Code
    errors: list[FieldProblem] | None = None
    request_id: str | None = Field(default=None, serialization_alias="requestId")
    task_id: str | None = Field(default=None, serialization_alias="taskId")


@dataclass(frozen=True, slots=True)
class Answer:
    """What is told of an error."""

    code: Code
    detail: str
    errors: list[FieldProblem] | None = None
    task_id: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


async def handler(request: Request, error: Exception) -> Response:
    """Answer for what the framework would answer itself."""
    return document(request.scope, error)


def document(scope: Scope, error: Exception) -> Response:
    """Return the problem document that tells of an error."""
    answer = _answer(error)
    if answer is None:
        _log.error("request failed", exc_info=error)
        answer = Answer(Code.INTERNAL, "The request id finds it in our log.")
    status, title = STATUS[answer.code]
    told = ProblemDocument(
        type=type_of(NAMESPACE, answer.code),
        title=title,
        status=status,
        detail=answer.detail,
        code=answer.code,
        errors=answer.errors,
        request_id=request_id_of(scope),
        task_id=answer.task_id,
    )
    headers = {"Cache-Control": "no-store", **answer.headers}
    if answer.code in _AGAIN:
        headers["Retry-After"] = "1"
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return Response(told.model_dump_json(by_alias=True, exclude_none=True), status, headers, MEDIA_TYPE)


def _answer(error: Exception) -> Answer | None:
    match error:
        case RequestValidationError():
            return _unreadable(error)
        case UnknownType() | PayloadTooLarge() | Refused():
            return Answer(_refusal(error), str(error), _fields(error.problems))
        case NotFound():
            return Answer(Code.NOT_FOUND, str(error))
        case IdempotencyConflict():
            return Answer(Code.IDEMPOTENCY_CONFLICT, str(error), task_id=error.task_id)
        case WrongState():
            return Answer(Code.WRONG_STATE, str(error), task_id=error.task_id)
        case NotAuthenticated():
            return Answer(Code.TOKEN_EXPIRED if error.expired else Code.UNAUTHENTICATED, str(error))
        case BodyTooLarge():
            return Answer(Code.BODY_TOO_LARGE, error.detail, headers=error.headers or {})
        case HTTPException():
            return _framework(error)
        case _:
            code = next((code for kind, code in _PLAIN.items() if isinstance(error, kind)), None)
            return Answer(code, str(error)) if code is not None else None


_PLAIN: Mapping[type[Exception], Code] = {
    Forbidden: Code.FORBIDDEN,
    TenantNotCovered: Code.TENANT_NOT_COVERED,
    TenantRequired: Code.TENANT_REQUIRED,
    BadCursor: Code.BAD_CURSOR,
    Conflict: Code.CONTENTION,
    Unavailable: Code.UNAVAILABLE,
    OutcomeUnknown: Code.OUTCOME_UNKNOWN,
    TooLarge: Code.PAYLOAD_TOO_LARGE,
    TimedOut: Code.TIMEOUT,
}


def _refusal(error: Refused) -> Code:
    match error:
        case UnknownType():
            return Code.UNKNOWN_TYPE
        case PayloadTooLarge():
            return Code.PAYLOAD_TOO_LARGE
        case _:
            return Code.INVALID


def _fields(problems: Iterable[Problem]) -> list[FieldProblem]:
    return [FieldProblem(path=list(each.path), code=each.code, message=each.message) for each in problems]


def _unreadable(error: RequestValidationError) -> Answer:
    is_json, fields = unreadable(error)
    if not is_json:
        return Answer(Code.BAD_REQUEST, "The body is not JSON.", fields)
    return Answer(Code.INVALID, sentence(fields), fields)


def _framework(error: HTTPException) -> Answer:
    codes = {404: Code.NOT_FOUND, 405: Code.METHOD_NOT_ALLOWED}
    code = codes.get(error.status_code, Code.BAD_REQUEST if error.status_code < 500 else Code.INTERNAL)
    return Answer(code, str(error.detail), headers=error.headers or {})
