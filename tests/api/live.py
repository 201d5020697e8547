"""A school served over sockets, and clients that subscribe to it."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import httpx
import uvicorn
from school import HandClock, Person, School
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

SITTING = "subscription ($id: ID!) { sitting(testId: $id) { states { state count } online paused } }"
PATIENCE_SECONDS = 20.0


class RunningClock(HandClock):
    """A clock that goes on by itself."""

    def __init__(self) -> None:
        super().__init__()
        self._began = time.monotonic()

    def __call__(self) -> datetime:
        return self.now + timedelta(seconds=time.monotonic() - self._began)


@asynccontextmanager
async def served(school: School) -> AsyncIterator[str]:
    """Serve a school on a free port as `tp serve` does; yield its address."""
    config = uvicorn.Config(
        school.app, port=0, log_config=None, ws="websockets-sansio", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    serving = asyncio.ensure_future(server.serve())
    while not server.started:
        assert not serving.done(), serving
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving


class Talk:
    """One WebSocket, spoken to in messages of the protocol."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket

    async def say(self, type: str, **told: Any) -> None:
        await self._socket.send(json.dumps({"type": type, **told}))

    async def send(self, raw: str | bytes) -> None:
        await self._socket.send(raw)

    async def hear(self) -> dict[str, Any]:
        async with asyncio.timeout(PATIENCE_SECONDS):
            heard: dict[str, Any] = json.loads(await self._socket.recv())
        return heard

    async def ask(self, query: str, id: str, variables: dict[str, Any] | None = None) -> None:
        await self.say("subscribe", id=id, payload={"query": query, "variables": variables})

    async def watch(self, test_id: str, id: str) -> None:
        await self.ask(SITTING, id, {"id": test_id})

    async def closed(self) -> tuple[int, str]:
        """Return with which code and reason the server has closed it; what comes before is left aside."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                try:
                    await self._socket.recv()
                except ConnectionClosed:
                    assert self._socket.close_code is not None
                    return self._socket.close_code, self._socket.close_reason or ""


@asynccontextmanager
async def talk(url: str, person: Person | None = None, path: str = "/graphql") -> AsyncIterator[Talk]:
    """Open a WebSocket; with a person, it is initialised and acknowledged."""
    address = url.replace("http", "ws") + path
    async with connect(address, subprotocols=["graphql-transport-ws"], proxy=None) as socket:
        talk = Talk(socket)
        if person is not None:
            await talk.say("connection_init", payload={"token": person.token})
            assert await talk.hear() == {"type": "connection_ack"}
        yield talk


@asynccontextmanager
async def events(
    url: str, person: Person, query: str, **variables: Any
) -> AsyncIterator[tuple[httpx.Response, AsyncIterator[tuple[str, Any]]]]:
    """Ask for server-sent events; yield the answer and its events: name and data, comments as `:`."""
    headers = {"Accept": "text/event-stream", "Authorization": f"Bearer {person.token}"}
    body = {"query": query, "variables": variables}
    async with (
        httpx.AsyncClient(timeout=PATIENCE_SECONDS, trust_env=False) as client,
        client.stream("POST", f"{url}/graphql", json=body, headers=headers) as answer,
    ):
        yield answer, _read(answer)


async def _read(answer: httpx.Response) -> AsyncIterator[tuple[str, Any]]:
    name = ""
    async for line in answer.aiter_lines():
        if line.startswith(":"):
            yield ":", None
        elif line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data:"):
            data = line.removeprefix("data:").strip()
            yield name, json.loads(data) if data else None
