"""What is told of each error, as an RFC 9457 problem document."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

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
from store.errors import BadCursor, Conflict, OutcomeUnknown, Unavailable
from tenants.errors import PermissionDenied, TenantSuspended, TenantUnknown
from tp.errors import NotFound, Refused
from tp.services.serving.standings import KeyMovedOn
from trust.bearer import Forbidden, NotAuthenticated

NAMESPACE = "tp"
"""Of the types of problems."""

_log = structlog.stdlib.get_logger("tp.rest")


class Code(StrEnum):
    """Stable: what clients decide by."""

    BAD_CURSOR = "BAD_CURSOR"
    BAD_REQUEST = "BAD_REQUEST"
    BODY_TOO_LARGE = "BODY_TOO_LARGE"
    CONTENTION = "CONTENTION"
    FORBIDDEN = "FORBIDDEN"
    INTERNAL = "INTERNAL"
    INVALID = "INVALID"
    KEY_VERSION_STALE = "KEY_VERSION_STALE"
    METHOD_NOT_ALLOWED = "METHOD_NOT_ALLOWED"
    NOT_FOUND = "NOT_FOUND"
    OUTCOME_UNKNOWN = "OUTCOME_UNKNOWN"
    TENANT_SUSPENDED = "TENANT_SUSPENDED"
    TIMEOUT = "TIMEOUT"
    TOKEN_EXPIRED = "TOKEN_EXPIRED"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    UNAVAILABLE = "UNAVAILABLE"


STATUS: Mapping[Code, tuple[int, str]] = {
    Code.BAD_CURSOR: (400, "The cursor continues no such list"),
    Code.BAD_REQUEST: (400, "The request cannot be read"),
    Code.BODY_TOO_LARGE: (413, "The body is too large"),
    Code.CONTENTION: (503, "Too many changes at once"),
    Code.FORBIDDEN: (403, "The token does not allow it"),
    Code.INTERNAL: (500, "Something went wrong on our side"),
    Code.INVALID: (422, "The input is refused"),
    Code.KEY_VERSION_STALE: (409, "The answer key has another version"),
    Code.METHOD_NOT_ALLOWED: (405, "Not by this method"),
    Code.NOT_FOUND: (404, "Nothing is here"),
    Code.OUTCOME_UNKNOWN: (503, "Whether it happened is not known"),
    Code.TENANT_SUSPENDED: (403, "The institution is suspended"),
    Code.TIMEOUT: (503, "It took too long"),
    Code.TOKEN_EXPIRED: (401, "The token has expired"),
    Code.UNAUTHENTICATED: (401, "A service token is needed"),
    Code.UNAVAILABLE: (503, "The store is not to be reached"),
}
_AGAIN = frozenset({Code.CONTENTION, Code.OUTCOME_UNKNOWN, Code.UNAVAILABLE})


class ProblemDocument(BaseModel):
    """RFC 9457, with a stable `code`; `errors` tells of each field that is at fault. `keyVersion`: the test's."""

    type: str
    title: str
    status: int
    detail: str
    code: Code
    errors: list[FieldProblem] | None = None
    request_id: str | None = Field(default=None, serialization_alias="requestId")
    key_version: int | None = Field(default=None, serialization_alias="keyVersion")


async def handler(request: Request, error: Exception) -> Response:
    """Answer for what the framework would answer itself."""
    return document(request.scope, error)


def document(scope: Scope, error: Exception) -> Response:
    """Return the problem document that tells of an error."""
    code = _code(error)
    if code is None:
        _log.error("request failed", exc_info=error)
        code, detail = Code.INTERNAL, "The request id finds it in our log."
    else:
        detail = _detail(error)
    status, title = STATUS[code]
    told = ProblemDocument(
        type=type_of(NAMESPACE, code),
        title=title,
        status=status,
        detail=detail,
        code=code,
        errors=_fields(error),
        request_id=request_id_of(scope),
        key_version=error.ours if isinstance(error, KeyMovedOn) else None,
    )
    headers = {"Cache-Control": "no-store", **((error.headers or {}) if isinstance(error, HTTPException) else {})}
    if code in _AGAIN:
        headers["Retry-After"] = "1"
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return Response(told.model_dump_json(by_alias=True, exclude_none=True), status, headers, MEDIA_TYPE)


def told(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return how the OpenAPI document tells that these statuses are answered with problem documents."""
    schema = {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{ProblemDocument.__name__}"}}}
    return {status: {"description": "A problem", "content": schema} for status in (401, 403, 404, 422, *statuses)}


def _code(error: Exception) -> Code | None:
    match error:
        case RequestValidationError():
            return Code.INVALID if unreadable(error)[0] else Code.BAD_REQUEST
        case NotAuthenticated():
            return Code.TOKEN_EXPIRED if error.expired else Code.UNAUTHENTICATED
        case BodyTooLarge():
            return Code.BODY_TOO_LARGE
        case HTTPException():
            return _FRAMEWORK.get(error.status_code, Code.BAD_REQUEST if error.status_code < 500 else None)
        case _:
            return next((code for kind, code in _PLAIN.items() if isinstance(error, kind)), None)


_FRAMEWORK = {404: Code.NOT_FOUND, 405: Code.METHOD_NOT_ALLOWED}
_PLAIN: Mapping[type[Exception], Code] = {
    Forbidden: Code.FORBIDDEN,
    PermissionDenied: Code.FORBIDDEN,
    TenantUnknown: Code.NOT_FOUND,
    TenantSuspended: Code.TENANT_SUSPENDED,
    NotFound: Code.NOT_FOUND,
    Refused: Code.INVALID,
    KeyMovedOn: Code.KEY_VERSION_STALE,
    BadCursor: Code.BAD_CURSOR,
    Conflict: Code.CONTENTION,
    Unavailable: Code.UNAVAILABLE,
    OutcomeUnknown: Code.OUTCOME_UNKNOWN,
    TimedOut: Code.TIMEOUT,
}


def _detail(error: Exception) -> str:
    match error:
        case RequestValidationError():
            return sentence(unreadable(error)[1])
        case TenantUnknown() | NotFound():
            return "No such test of such an institution."
        case HTTPException():
            return str(error.detail)
        case _:
            return str(error)


def _fields(error: Exception) -> list[FieldProblem] | None:
    match error:
        case RequestValidationError():
            return unreadable(error)[1]
        case Refused():
            return [FieldProblem(path=list(p.path), code=p.code, message=p.message) for p in error.problems]
        case _:
            return None
