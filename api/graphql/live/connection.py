"""The operations of one WebSocket, after its user is known."""

from __future__ import annotations

import asyncio
import uuid
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from api.auth import Call
from api.graphql.codes import ErrorCode
from api.graphql.endpoint import GraphQLEndpoint
from api.graphql.errors import formatted
from api.graphql.live.protocol import CloseCode, Closing, Message, Type, answered, read_message, written
from api.graphql.problems import NotExecutable
from api.graphql.request import checked
from api.refusals import Refusal, told_of_refusal
from tp.clock import Clock

MAX_OPERATIONS = 20
"""Side by side on one connection."""


@dataclass
class Connection:
    """Each operation is a task of its own, that goes on when the client has taken what it was sent before.

    So a slow client holds back its own answers, and nothing is kept for it.
    """

    socket: WebSocket
    endpoint: GraphQLEndpoint
    call: Call
    clock: Clock
    operation_seconds: float
    served: int = 0
    _running: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    async def serve(self) -> None:
        """Take messages for as long as they come. Raises Closing, WebSocketDisconnect."""
        while True:
            await self._take(await receive(self.socket, self.endpoint.limits.input_depth))

    async def end(self) -> None:
        """Cancel what runs, and wait for it."""
        running = [*self._running.values()]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _take(self, message: Message) -> None:
        match message.type:
            case Type.INIT:
                raise Closing(CloseCode.TOO_MANY_INITS, "Too many initialisation requests")
            case Type.PING:
                await self._send(Type.PONG, payload=message.payload)
            case Type.COMPLETE if message.id in self._running:
                self._running.pop(message.id).cancel()
            case Type.SUBSCRIBE:
                if message.id in self._running:
                    raise Closing(CloseCode.SUBSCRIBER_EXISTS, f"Subscriber for {message.id[:60]} already exists")
                if len(self._running) >= MAX_OPERATIONS:
                    told = f"At most {MAX_OPERATIONS} operations run side by side on one connection."
                    await self._refuse(message.id, Refusal(ErrorCode.LIMIT_EXCEEDED, told))
                    return
                self.served += 1
                self._running[message.id] = asyncio.create_task(self._run(message))

    async def _run(self, message: Message) -> None:
        try:
            await self._operate(message)
        except WebSocketDisconnect:
            return  # the loop that receives is told the same
        finally:
            if self._running.get(message.id) is asyncio.current_task():
                del self._running[message.id]

    async def _operate(self, message: Message) -> None:
        call = replace(self.call, received_at=self.clock(), request_id=uuid.uuid4().hex)
        try:
            asked = checked(message.payload or {}, by_get=False)
            plan, variables = self.endpoint.checked(self.socket.scope, asked, call)
        except NotExecutable as refused:
            errors = [formatted(error, call.request_id) for error in refused.errors]
            await self._send(Type.ERROR, message.id, errors)
            return
        except Refusal as refusal:
            await self._refuse(message.id, refusal)
            return
        if plan.is_subscription:
            async with aclosing(self.endpoint.stream(plan, asked, variables, call)) as answers:
                async for answer in answers:
                    await self.socket.send_text(answered(message.id, answer))
        else:
            try:
                async with asyncio.timeout(self.operation_seconds):
                    answer, _ = await self.endpoint.run(plan, variables, call)
            except TimeoutError:
                await self._refuse(message.id, Refusal(ErrorCode.TIMEOUT, "This took too long."))
                return
            await self.socket.send_text(answered(message.id, answer))
        await self._send(Type.COMPLETE, message.id)

    async def _refuse(self, id: str, refusal: Refusal) -> None:
        await self._send(Type.ERROR, id, [told_of_refusal(refusal)])

    async def _send(self, type: Type, id: str | None = None, payload: Any = None) -> None:
        await self.socket.send_text(written(type, id, payload))


async def receive(socket: WebSocket, max_depth: int) -> Message:
    """Return the client's next message. Raises Closing, WebSocketDisconnect."""
    try:
        text = await socket.receive_text()
    except KeyError:
        raise Closing(CloseCode.BAD_REQUEST, "Messages are text") from None
    return read_message(text, max_depth)
