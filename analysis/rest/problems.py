"""What is told of each error, as a problem document with a stable code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import structlog
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Scope

from analysis.errors import IdempotencyConflict, NotFound, NotReady, QueueRefused, QueueUnreachable
from analysis.rest.access import TenantNotCovered, TenantRequired
from asgi.limits import BodyTooLarge, TimedOut
from asgi.problems import MEDIA_TYPE, FieldProblem, sentence, type_of, unreadable
from asgi.request_log import request_id_of
from store.errors import BadCursor, Conflict, OutcomeUnknown, Unavailable
from trust.bearer import Forbidden, NotAuthenticated

NAMESPACE = "analysis"

_log = structlog.stdlib.get_logger("analysis.rest")


class ProblemDocument(BaseModel):
    """RFC 9457, with a stable `code`; `errors` tells of each field that is at fault."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldProblem] | None = None
    request_id: str | None = Field(default=None, serialization_alias="requestId")


@dataclass(frozen=True, slots=True)
class Told:
    """`title` says what kind of problem it is, `detail` what about this one."""

    status: int
    code: str
    title: str
    detail: str
    errors: list[FieldProblem] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


_AGAIN = {"Retry-After": "1"}
_KINDS: Mapping[type[Exception], tuple[int, str, str]] = {
    NotFound: (404, "NOT_FOUND", "Nothing is here"),
    IdempotencyConflict: (409, "IDEMPOTENCY_CONFLICT", "The idempotency key was used with other content"),
    NotReady: (409, "NOT_READY", "The report is not made"),
    QueueUnreachable: (503, "QUEUE_UNAVAILABLE", "The task queue is not to be reached"),
    QueueRefused: (502, "QUEUE_REFUSED", "The task queue does not take the work"),
    Forbidden: (403, "FORBIDDEN", "The token does not allow it"),
    TenantNotCovered: (403, "TENANT_NOT_COVERED", "The token does not cover this tenant"),
    TenantRequired: (400, "TENANT_REQUIRED", "Which tenant is not said"),
    BadCursor: (400, "BAD_CURSOR", "The cursor continues no such listing"),
    Conflict: (503, "CONTENTION", "Too many changes at once"),
    OutcomeUnknown: (503, "OUTCOME_UNKNOWN", "Whether it happened is not known"),
    Unavailable: (503, "UNAVAILABLE", "The store is not to be reached"),
    TimedOut: (503, "TIMEOUT", "It took too long"),
}


async def handler(request: Request, error: Exception) -> Response:
    """Answer for what the framework would answer itself."""
    return document(request.scope, error)


def document(scope: Scope, error: Exception) -> Response:
    """Return the problem document that tells of an error; what nobody foresaw is logged and masked."""
    told = _told(error)
    if told is None:
        _log.error("request failed", exc_info=error)
        told = Told(500, "INTERNAL", "Something went wrong on our side", "The request id finds it in our log.")
    body = ProblemDocument(
        type=type_of(NAMESPACE, told.code),
        title=told.title,
        status=told.status,
        detail=told.detail,
        code=told.code,
        errors=told.errors,
        request_id=request_id_of(scope),
    )
    headers = {"Cache-Control": "no-store", **told.headers}
    if told.status == 503:
        headers.update(_AGAIN)
    if told.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return Response(body.model_dump_json(by_alias=True, exclude_none=True), told.status, headers, MEDIA_TYPE)


def _told(error: Exception) -> Told | None:
    match error:
        case RequestValidationError():
            is_json, fields = unreadable(error)
            if not is_json:
                return Told(400, "BAD_REQUEST", "The request cannot be read", "The body is not JSON.", fields)
            return Told(422, "INVALID", "The input is refused", sentence(fields), fields)
        case NotAuthenticated():
            code = "TOKEN_EXPIRED" if error.expired else "UNAUTHENTICATED"
            return Told(401, code, "A service token is needed", str(error))
        case BodyTooLarge():
            return Told(413, "BODY_TOO_LARGE", "The body is too large", error.detail, headers=error.headers or {})
        case HTTPException():
            return _framework(error)
        case _:
            found = next((told for kind, told in _KINDS.items() if isinstance(error, kind)), None)
            return Told(*found, str(error)) if found is not None else None


def _framework(error: HTTPException) -> Told:
    codes = {404: "NOT_FOUND", 405: "METHOD_NOT_ALLOWED"}
    code = codes.get(error.status_code, "BAD_REQUEST" if error.status_code < 500 else "INTERNAL")
    return Told(error.status_code, code, "The request cannot be served", error.detail, headers=error.headers or {})
