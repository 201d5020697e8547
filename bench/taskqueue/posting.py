"""Posting tasks over HTTP, and awaiting their ends."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager

import httpx

from bench.taskqueue.house import House, Served
from bench.taskqueue.plugin import NOOP
from bench.wire import Wire
from taskqueue.contract import FINAL, TaskRequest, TaskView

TENANT = "bench"
PATIENCE_SECONDS = 60.0
_LOOK_SECONDS = 0.002
_COUNT_SECONDS = 0.05


@asynccontextmanager
async def connections(house: House, served: Served, count: int) -> AsyncIterator[list[httpx.AsyncClient]]:
    """Open so many connections, which are kept."""
    async with AsyncExitStack() as stack:
        yield [
            await stack.enter_async_context(
                httpx.AsyncClient(
                    base_url=served.address,
                    transport=Wire(),
                    headers={"Authorization": f"Bearer {house.token}"},
                )
            )
            for _ in range(count)
        ]


def noops(count: int, key: str) -> Iterable[TaskRequest]:
    """Return requests for tasks of no work, with an idempotency key each."""
    return [
        TaskRequest(type=NOOP, tenant=TENANT, payload={"number": number}, idempotency_key=f"{key}-{number}")
        for number in range(count)
    ]


async def post(client: httpx.AsyncClient, request: TaskRequest) -> TaskView:
    """Post a task. Raises httpx.HTTPError for a refusal."""
    content = request.model_dump_json(by_alias=True, exclude_none=True)
    answer = await client.post("/v1/tasks", content=content, headers={"Content-Type": "application/json"})
    answer.raise_for_status()
    return TaskView.model_validate_json(answer.content)


async def ended(client: httpx.AsyncClient, task_id: str) -> TaskView:
    """Return a task when it is over. Raises TimeoutError."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        answer = await client.get(f"/v1/tasks/{task_id}")
        task = TaskView.model_validate_json(answer.raise_for_status().content)
        if task.state in FINAL:
            return task
        await asyncio.sleep(_LOOK_SECONDS)
    raise TimeoutError


async def none_left(waiting: Callable[[], Awaitable[int]], seconds: float) -> None:
    """Return when nothing waits any more. Raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while await waiting():
        if time.monotonic() > deadline:
            raise TimeoutError
        await asyncio.sleep(_COUNT_SECONDS)


async def warm(client: httpx.AsyncClient, processes: int, key: str) -> None:
    """Return when a worker works: after some tasks, so that each of its processes has opened what it needs."""
    for request in noops(4 * processes, key):
        await ended(client, (await post(client, request)).id)
