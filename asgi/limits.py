"""Limits on a request before it is understood: the size of its body and the time it may take."""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class BodyTooLarge(HTTPException):
    """The request's body is over `limit` bytes.

    An HTTPException, since that passes unharmed through whatever reads the body. The rest of the body is not read:
    the connection cannot carry another request.
    """

    def __init__(self, limit: int) -> None:
        message = f"The request's body is over the limit of {limit} bytes."
        super().__init__(413, message, {"Connection": "close"})
        self.limit = limit


class TimedOut(Exception):
    """No answer was ready within `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"No answer within {seconds:g} seconds. A change may or may not have been made: "
            "sending the same request again is safe wherever the operation is idempotent."
        )
        self.seconds = seconds


class BodyLimit:
    """Raise BodyTooLarge over `limit` bytes: by the `Content-Length`, or as soon as that many have come.

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
            raise BodyTooLarge(self._limit)
        received = 0

        async def receive_counted() -> Message:
            nonlocal received
            message = await receive()
            if message["type"] == "http.request":
                received += len(message.get("body", b""))
                if received > self._limit:
                    raise BodyTooLarge(self._limit)
            return message

        await self._app(scope, receive_counted, send)


class Deadline:
    """Raise TimedOut when no answer has begun after `seconds`: its work is cancelled, a write may still happen.

    An answer that has begun, such as a file, takes as long as its reader does.
    """

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self._app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        deadline = asyncio.timeout(self._seconds)

        async def send_in_time(message: Message) -> None:
            if message["type"] == "http.response.start" and not deadline.expired():
                deadline.reschedule(None)
            await send(message)

        try:
            async with deadline:
                await self._app(scope, receive, send_in_time)
        except TimeoutError as error:
            if not deadline.expired():
                raise
            raise TimedOut(self._seconds) from error
