"""The outermost layer: what every request is given on arrival, and the line that is logged when it is answered.

`scope["state"]` holds `received_at` (aware, UTC, stamped before anything else happens), `request_id`, and `log`,
a dictionary to which inner layers add what the access line shall tell: never a token, never an answer.
"""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SANE_REQUEST_ID = re.compile(r"[A-Za-z0-9._:/+=-]{8,128}")
QUIET_PATHS = frozenset({"/healthz", "/readyz"})


Answered = Callable[[int, float], None]
"""Told of every answer: its status, and the seconds to its end."""


class RequestLog:
    """Stamp the arrival, name the request, log the answer."""

    def __init__(
        self, app: ASGIApp, clock: Callable[[], datetime], log: str, answered: Answered = lambda *_: None
    ) -> None:
        """`log` names the logger of the access lines."""
        self._app = app
        self._answered = answered
        self._log = structlog.stdlib.get_logger(log)
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        received_at, started = self._clock(), time.perf_counter()
        request_id = _request_id(Headers(scope=scope).getlist("x-request-id"))
        fields: dict[str, Any] = {}
        scope.setdefault("state", {}).update(received_at=received_at, request_id=request_id, log=fields)
        status = 499  # the client went away before an answer was begun

        async def send_named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = request_id
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, receive, send_named)
            except Exception:
                status = 500
                raise
            finally:
                seconds = time.perf_counter() - started
                self._answered(status, seconds)
                quiet = scope["path"] in QUIET_PATHS and status < 400
                log = self._log.debug if quiet else self._log.info
                log(
                    "request",
                    method=scope["method"],
                    path=scope["path"],
                    status=status,
                    duration_ms=round(seconds * 1000, 1),
                    **fields,
                )


def request_id_of(scope: Scope) -> str:
    """Return the id that the answer will carry."""
    return str(scope["state"]["request_id"])


def received_at_of(scope: Scope) -> datetime:
    """Return when the request arrived: the server's time for everything that a rule judges."""
    received_at = scope["state"]["received_at"]
    assert isinstance(received_at, datetime)
    return received_at


def note(scope: Scope, **fields: Any) -> None:
    """Add to the access line of this request; `None` adds nothing."""
    scope["state"]["log"].update({name: value for name, value in fields.items() if value is not None})


def _request_id(given: list[str]) -> str:
    if len(given) == 1 and SANE_REQUEST_ID.fullmatch(given[0]):
        return given[0]
    return uuid.uuid4().hex
