"""Errors as RFC 9457 problem documents: one shape, whichever layer refuses.

A service says by a function of its own which errors it foresees and what is told of each; what it does not
foresee is logged and told as nothing but a request id.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

import structlog
from pydantic import BaseModel, Field
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from asgi.request_log import request_id_of

MEDIA_TYPE = "application/problem+json"
INTERNAL = "INTERNAL"

_log = structlog.stdlib.get_logger("asgi.problems")


class FieldProblem(BaseModel):
    """`path` leads to the field at fault, from the body, or from `query` or `path`."""

    path: list[str | int]
    code: str
    message: str


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
    """What is told of an error: `code` is stable, and what clients decide by."""

    status: int
    code: str
    title: str
    detail: str
    errors: list[FieldProblem] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


Foresee = Callable[[Exception], Told | None]
"""Return what is told of an error, `None` for one that nobody foresaw."""


def document(namespace: str, foresee: Foresee, scope: Scope, error: Exception) -> Response:
    """Return the problem document of an error; `namespace` begins its type."""
    told = foresee(error)
    if told is None:
        _log.error("request failed", exc_info=error)
        told = Told(500, INTERNAL, "Something went wrong on our side", "The request id finds it in our log.")
    body = ProblemDocument(
        type=namespace + told.code.lower().replace("_", "-"),
        title=told.title,
        status=told.status,
        detail=told.detail,
        code=told.code,
        errors=told.errors,
        request_id=request_id_of(scope),
    )
    headers = {"Cache-Control": "no-store", **told.headers}
    if told.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return Response(body.model_dump_json(by_alias=True, exclude_none=True), told.status, headers, MEDIA_TYPE)


class Problems:
    """Turn what is raised within into its document."""

    def __init__(self, app: ASGIApp, namespace: str, foresee: Foresee) -> None:
        self._app = app
        self._namespace = namespace
        self._foresee = foresee

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def send_watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, send_watched)
        except ClientDisconnect:
            return
        except Exception as error:
            if started:
                raise
            await document(self._namespace, self._foresee, scope, error)(scope, receive, send)


def handler(namespace: str, foresee: Foresee) -> Callable[[Request, Exception], Awaitable[Response]]:
    """Return what answers for what a framework would answer itself."""

    async def handle(request: Request, error: Exception) -> Response:
        return document(namespace, foresee, request.scope, error)

    return handle
