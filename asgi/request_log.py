"""The outermost layer: what every request is given on arrival, and the line that is logged when it is answered.

`scope["state"]` holds `received_at` (aware, UTC, stamped before anything else happens), `request_id`, and `log`,
a dictionary to which inner layers add what the access line shall tell: never a token, never an answer.
"""

from __future__ import annotations

import itertools
import re
import secrets
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import structlog
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
        self._process = secrets.token_hex(8)
        self._numbers = itertools.count(secrets.randbits(32))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        received_at, started = self._clock(), time.perf_counter()
        request_id = self._request_id(scope)
        fields = stamp(scope, received_at, request_id)
        status = 499  # the client went away before an answer was begun

        async def send_named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", request_id.encode())]
            await send(message)

        named = structlog.contextvars.bind_contextvars(request_id=request_id)
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
            structlog.contextvars.reset_contextvars(**named)

    def _request_id(self, scope: Scope) -> str:
        """Return the client's own where it names a sane one; else one of this process, of the form of a UUID."""
        given = [value for name, value in scope["headers"] if name == b"x-request-id"]
        if len(given) == 1:
            named: str = given[0].decode("latin-1")
            if SANE_REQUEST_ID.fullmatch(named):
                return named
        return f"{self._process}{next(self._numbers):016x}"


def stamp(scope: Scope, received_at: datetime, request_id: str) -> dict[str, Any]:
    """Give a request what all have; return what is added to its line in the log."""
    fields: dict[str, Any] = {}
    scope.setdefault("state", {}).update(received_at=received_at, request_id=request_id, log=fields)
    return fields


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
