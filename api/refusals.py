"""Refusals at the door: one exception, one shape of answer, whichever layer refuses.

The body is that of a GraphQL request error, so that a client has one way of reading what went wrong.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import orjson
import structlog
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from api.graphql.codes import STATUS, ErrorCode
from api.graphql.media import content_type, preferred
from asgi.limits import BodyTooLarge, TimedOut
from asgi.pressure import Overloaded
from asgi.request_log import request_id_of

_log = structlog.stdlib.get_logger("tp.api")


class Refusal(Exception):
    """Answer with `code`'s status and stop. `extensions` and `headers` are added to the answer."""

    def __init__(
        self,
        code: ErrorCode,
        message: str,
        *,
        headers: Mapping[str, str] | None = None,
        extensions: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.headers = dict(headers or {})
        self.extensions = dict(extensions or {})


def told_of_refusal(refusal: Refusal) -> dict[str, Any]:
    """Return the error that tells of `refusal`."""
    return {"message": refusal.message, "extensions": {"code": refusal.code, **refusal.extensions}}


def answer(scope: Scope, refusal: Refusal) -> Response:
    """Return the response that tells of `refusal` in a media type that the client takes."""
    media_type = preferred(Headers(scope=scope).getlist("accept")) or "application/json"
    return Response(
        orjson.dumps({"errors": [told_of_refusal(refusal)]}),
        STATUS[refusal.code],
        {"Content-Type": content_type(media_type), "Cache-Control": "no-store", **refusal.headers},
    )


def masked(request_id: str) -> Refusal:
    """Return the refusal that tells of a defect without showing it."""
    return Refusal(
        ErrorCode.INTERNAL,
        "Something went wrong on our side; the request id finds it in our log.",
        extensions={"requestId": request_id},
    )


async def http_exception(request: Request, error: Exception) -> Response:
    """Answer for what the router refuses: no such path, or not by this method."""
    assert isinstance(error, HTTPException)
    if isinstance(error, BodyTooLarge):
        return refused(request.scope, error)
    if error.status_code == 405:
        return answer(
            request.scope, Refusal(ErrorCode.METHOD_NOT_ALLOWED, "Not by this method.", headers=error.headers)
        )
    if error.status_code == 404:
        return answer(request.scope, Refusal(ErrorCode.NOT_FOUND, "Nothing is at this address."))
    return Response(str(error.detail), error.status_code, error.headers, "text/plain")


def refused(scope: Scope, error: Exception) -> Response:
    """Return the answer to whatever was raised; anything unforeseen is masked, and logged."""
    return answer(scope, _as_refusal(error, scope))


def overloaded(error: Overloaded) -> Refusal:
    """Return the refusal of what is not taken now."""
    return Refusal(
        ErrorCode.OVERLOADED,
        "Too much is asked at the moment; nothing was done, try again.",
        headers={"Retry-After": str(math.ceil(error.retry_after))},
        extensions={"retryAfter": round(error.retry_after, 2)},
    )


def _as_refusal(error: Exception, scope: Scope) -> Refusal:
    if isinstance(error, Refusal):
        return error
    if isinstance(error, BodyTooLarge):
        return Refusal(ErrorCode.BODY_TOO_LARGE, error.detail, headers=error.headers)
    if isinstance(error, TimedOut):
        return Refusal(ErrorCode.TIMEOUT, str(error))
    _log.error("request failed", exc_info=error)
    return masked(request_id_of(scope))
