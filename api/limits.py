"""Limits on a request before it is understood: the size of its body and the time it may take."""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.graphql.codes import ErrorCode
from api.refusals import Refusal


class BodyLimit:
    """Refuse a body over `limit` bytes by its `Content-Length`, or as soon as that many have come.

    Starlette has such a layer, which answers in plain text whatever the client takes.
    """

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "0")
        # The server has refused lengths that are no numbers; a number of any length compares.
        if len(declared) > 18 or (declared.isascii() and declared.isdigit() and int(declared) > self._limit):
            raise self._refusal()
        received = 0

        async def receive_counted() -> Message:
            nonlocal received
            message = await receive()
            if message["type"] == "http.request":
                received += len(message.get("body", b""))
                if received > self._limit:
                    raise self._refusal()
            return message

        await self._app(scope, receive_counted, send)

    def _refusal(self) -> Refusal:
        # The rest of the body is not read: the connection cannot carry another request.
        return Refusal(
            ErrorCode.BODY_TOO_LARGE,
            f"The request's body is over the limit of {self._limit} bytes.",
            headers={"Connection": "close"},
        )


class Deadline:
    """Give a request up after `seconds`: its work is cancelled, a write already under way may still happen."""

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self._app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        deadline = asyncio.timeout(self._seconds)
        try:
            async with deadline:
                await self._app(scope, receive, send)
        except TimeoutError as error:
            if not deadline.expired():
                raise
            raise Refusal(
                ErrorCode.TIMEOUT,
                f"No answer within {self._seconds:g} seconds. A change may or may not have been made: "
                "sending the same request again is safe wherever the operation is idempotent.",
            ) from error
