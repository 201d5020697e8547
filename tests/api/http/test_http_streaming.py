"""An answer that has begun takes as long as its reader does; one that has not is given up in time."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from asgi.limits import Deadline, TimedOut

SECONDS = 0.02


async def slow_file(scope: Scope, receive: Receive, send: Send) -> None:
    """Begin at once, and end long after the deadline."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await asyncio.sleep(5 * SECONDS)
    await send({"type": "http.response.body", "body": b"all of it"})


async def slow_answer(scope: Scope, receive: Receive, send: Send) -> None:
    await asyncio.sleep(60)


def client(app: Deadline) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost")


async def test_a_file_outlives_the_deadline_of_answers() -> None:
    async with client(Deadline(slow_file, SECONDS)) as asking:
        assert (await asking.get("/")).content == b"all of it"


async def test_what_has_not_begun_is_given_up() -> None:
    async with client(Deadline(slow_answer, SECONDS)) as asking:
        with pytest.raises(TimedOut):
            await asking.get("/")
