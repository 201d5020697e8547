"""The public clients `graphql-ws` and `graphql-sse` subscribe against a server on a socket."""

from __future__ import annotations

import asyncio
import json
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from control import invigilator
from live import PATIENCE_SECONDS, SITTING, served
from npm import installed
from school import Exam, Person

CLIENTS = Path(__file__).parent / "subscribers"


class Clients:
    """A process of Node.js that subscribes as it is told, and tells what comes."""

    def __init__(self, process: Process, url: str) -> None:
        self._process = process
        self._url = url

    async def subscribe(self, transport: str, person: Person, query: str, test_id: str) -> None:
        told = {"url": f"{self._url}/graphql", "token": person.token, "query": query, "variables": {"id": test_id}}
        await self._tell({"transport": transport, **told})

    async def stop(self) -> None:
        await self._tell({"stop": True})

    async def hear(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        async with asyncio.timeout(PATIENCE_SECONDS):
            line = await self._process.stdout.readline()
        heard: dict[str, Any] = json.loads(line)
        return heard

    async def _tell(self, told: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(told).encode() + b"\n")
        await self._process.stdin.drain()


@pytest.fixture
async def clients(exam: Exam, pytestconfig: pytest.Config) -> AsyncIterator[Clients]:
    folder = installed(pytestconfig, CLIENTS)
    process = await asyncio.create_subprocess_exec("node", "run.mjs", cwd=folder, stdin=PIPE, stdout=PIPE)
    async with served(exam.school) as url:
        yield Clients(process, url)
        process.kill()
        await process.communicate()


@pytest.mark.parametrize("transport", ["ws", "sse"])
async def test_a_public_client_follows_a_sitting_to_the_end(exam: Exam, clients: Clients, transport: str) -> None:
    watcher = await invigilator(exam.school)
    await clients.subscribe(transport, watcher, SITTING, exam.test_id)
    first = await clients.hear()
    await exam.start(await exam.student("asha"))
    exam.school.clock.forward(seconds=2)
    second = await clients.hear()
    await clients.stop()

    assert first["next"]["data"]["sitting"]["online"] == 0
    assert second["next"]["data"]["sitting"]["online"] == 1
    assert await clients.hear() == {"transport": transport, "complete": True}


@pytest.mark.parametrize("transport", ["ws", "sse"])
async def test_a_public_client_runs_a_query_and_is_told_of_refusals(
    exam: Exam, clients: Clients, transport: str
) -> None:
    student = await exam.student("asha")
    await clients.subscribe(transport, student, "{ viewer { roles } }", exam.test_id)
    assert (await clients.hear())["next"] == {"data": {"viewer": {"roles": ["STUDENT"]}}}
    assert (await clients.hear())["complete"] is True

    await clients.subscribe(transport, student, SITTING, exam.test_id)
    refused = await clients.hear()
    while "error" not in refused:  # the first connection's end is told in between
        refused = await clients.hear()
    assert {"ws": "FORBIDDEN", "sse": "403"}[transport] in json.dumps(refused["error"])
