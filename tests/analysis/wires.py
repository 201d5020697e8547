"""The network between services in one process: each wire leads to an application, and can be cut, or lie."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

Answer = Callable[[httpx.Request], httpx.Response | None]


def as_it_is(_: httpx.Request) -> httpx.Response | None:
    return None


async def at_once(_: httpx.Request) -> None: ...


@dataclass
class Wire:
    """`app` is served on `loop`. `instead` may answer in its place, or raise what a network raises; `before` is
    awaited ahead of each request."""

    loop: asyncio.AbstractEventLoop
    app: Any = None
    instead: Answer = as_it_is
    before: Callable[[httpx.Request], Awaitable[None]] = at_once
    asked: list[str] = field(default_factory=list)

    async def carry(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(f"{request.method} {request.url.path}")
        await self.before(request)
        answer = self.instead(request)
        if answer is not None:
            return answer
        far = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        sent = httpx.Request(request.method, request.url, headers=request.headers, content=await request.aread())
        got = await far.handle_async_request(sent)
        assert isinstance(got.stream, httpx.AsyncByteStream)
        raw = b"".join([chunk async for chunk in got.stream])
        return httpx.Response(got.status_code, headers=got.headers, stream=httpx.ByteStream(raw))


class Async(httpx.AsyncBaseTransport):
    """A wire as coroutines use it, on whichever loop they run."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        if asyncio.get_running_loop() is self._wire.loop:
            return await self._wire.carry(request)
        carried = asyncio.run_coroutine_threadsafe(self._wire.carry(request), self._wire.loop)
        return await asyncio.wrap_future(carried)


class Plain(httpx.BaseTransport):
    """A wire as plain functions in other threads use it."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        return asyncio.run_coroutine_threadsafe(self._wire.carry(request), self._wire.loop).result()
