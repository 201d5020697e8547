"""GraphQL over a WebSocket: one connection carries the operations of one user, side by side."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import structlog
from starlette.requests import HTTPConnection
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from api.auth import Call
from api.graphql.endpoint import GraphQLEndpoint
from api.graphql.live.admission import LOOK_SECONDS
from api.graphql.live.connection import Connection, receive
from api.graphql.live.protocol import SUBPROTOCOL, CloseCode, Closing, Message, Type, written
from api.refusals import Refusal
from asgi.request_log import stamp
from tp.clock import Clock

_log = structlog.stdlib.get_logger("tp.sockets")

INIT_SECONDS = 10.0


@dataclass(frozen=True)
class SocketEndpoint:
    """Speaks `graphql-transport-ws`. What is asked is judged as by the endpoint for HTTP."""

    endpoint: GraphQLEndpoint
    clock: Clock
    operation_seconds: float

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        stamp(scope, self.clock(), uuid.uuid4().hex)
        socket = WebSocket(scope, receive, send)
        try:
            await self._serve(socket)
        except Closing as closing:
            with suppress(WebSocketDisconnect):
                await socket.close(closing.code, closing.reason)
        except WebSocketDisconnect:
            return

    async def _serve(self, socket: WebSocket) -> None:
        """Raises Closing, WebSocketDisconnect."""
        if SUBPROTOCOL not in socket.scope["subprotocols"]:
            await socket.accept()
            raise Closing(CloseCode.NO_SUBPROTOCOL, "Subprotocol not acceptable")
        await socket.accept(SUBPROTOCOL)
        call = await self._initialised(socket)
        with self.endpoint.streams.one(call):
            connection = Connection(socket, self.endpoint, call, self.clock, self.operation_seconds)
            _log.info("socket opened", **_whose(call))
            try:
                await first_of(connection.serve(), self._until_it_may_not_stay(call))
            finally:
                await connection.end()
                _log.info("socket closed", operations=connection.served, **_whose(call))

    async def _initialised(self, socket: WebSocket) -> Call:
        """Wait for the message that says who asks, and acknowledge it."""
        try:
            async with asyncio.timeout(INIT_SECONDS):
                message = await receive(socket, self.endpoint.limits.input_depth)
                while message.type in (Type.PING, Type.PONG):
                    if message.type is Type.PING:
                        await socket.send_text(written(Type.PONG, payload=message.payload))
                    message = await receive(socket, self.endpoint.limits.input_depth)
        except TimeoutError:
            raise Closing(CloseCode.INIT_TIMEOUT, "Connection initialisation timeout") from None
        if message.type is not Type.INIT:
            raise Closing(CloseCode.UNAUTHORIZED, "Unauthorized")
        try:
            call = await self.endpoint.authenticate(HTTPConnection(_with_token(socket.scope, message)))
            self.endpoint.streams.admit(call)
        except Refusal as refusal:
            raise Closing(CloseCode.FORBIDDEN, f"Forbidden: {refusal.code}") from None
        await socket.send_text(written(Type.ACK))
        return call

    async def _until_it_may_not_stay(self, call: Call) -> None:
        """Raise Closing when the token has expired, or the institution is suspended."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            reason = await self.endpoint.streams.ended(call)
            if reason is not None:
                raise Closing(CloseCode.FORBIDDEN, reason)


async def first_of(*parts: Coroutine[Any, Any, None]) -> None:
    """Run all until the first is over, then cancel the others; raise what it raised."""
    tasks = [asyncio.create_task(part) for part in parts]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _whose(call: Call) -> dict[str, str | None]:
    return {"tenant": call.tenant, "principal": call.scope.principal.id if call.scope else None}


def _with_token(scope: Scope, init: Message) -> Scope:
    """Return the scope with the token of the first message, `token` or `authorization`, in place of a header's."""
    payload = init.payload or {}
    token, header = payload.get("token"), payload.get("authorization", payload.get("Authorization"))
    given = f"Bearer {token}" if isinstance(token, str) else header
    if not isinstance(given, str):
        return scope
    others = [(name, value) for name, value in scope["headers"] if name != b"authorization"]
    return {**scope, "headers": [*others, (b"authorization", given.encode("latin-1", "replace"))]}
