"""What a task costs beyond its work, beside plain Celery: same work, same number, same processes, same Redis."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

import httpx
from redis import Redis

from bench.cpu import cpu_seconds
from bench.phase import run_all
from bench.program import running
from bench.taskqueue import plain_celery
from bench.taskqueue.house import House
from bench.taskqueue.posting import connections, none_left, noops, post, warm
from store.port import Namespace, Query
from taskqueue.bootstrap import open_store
from taskqueue.contract import TaskRequest, Weight
from taskqueue.settings import Settings
from taskqueue.tables import NAMESPACE, TASKS, Stage, staged

PROCESSES = 2
AT_ONCE = 32
SECONDS = 180.0
"""After so long it is given up."""
PARTS = ("caller", "service", "worker", "Redis")


@dataclass(frozen=True, slots=True)
class Cost:
    """`cpu`: milliseconds a task by part, `None`: there is none, or it was not measured."""

    tasks: int
    seconds: float
    cpu: dict[str, float | None]

    @property
    def rate(self) -> float:
        return self.tasks / self.seconds

    @property
    def total(self) -> float:
        return sum(each or 0.0 for each in self.cpu.values())


async def through_the_queue(house: House, tasks: int, runs: int) -> Cost:
    """Post tasks over HTTP and have them done. Raises TimeoutError, httpx.HTTPError."""
    store = open_store(Settings(data_dir=house.directory, store="sqlite"))
    records = store.namespace(NAMESPACE)

    async def send(seat: httpx.AsyncClient, request: TaskRequest) -> None:
        await post(seat, request)

    try:
        with house.serving() as served, house.working(PROCESSES) as worker:
            async with connections(house, served, AT_ONCE) as seats:
                await warm(seats[0], PROCESSES, "warm overhead")
                parts = {"service": served.process, "worker": worker, "Redis": house.redis_process}
                costs = []
                for run in range(runs):
                    requests = list(noops(tasks, f"overhead{run}"))

                    async def send_all(requests: Sequence[TaskRequest] = requests) -> None:
                        await run_all(send, requests, seats, served.process)

                    costs.append(await _cost(tasks, send_all, lambda: _open(records), parts))
    finally:
        await store.close()
    return _median(costs)


async def through_celery(house: House, tasks: int, runs: int) -> Cost:
    """Send tasks to Redis and have them done. Raises TimeoutError."""
    url = house.redis.removesuffix("/0") + "/1"
    options = ("--concurrency", str(PROCESSES), "--pool", "prefork", "--loglevel", "warning")
    command = [sys.executable, "-m", "celery", "-A", plain_celery.__name__, "-b", url, "worker", *options]
    plain_celery.app.conf.broker_url = url

    def send_all(count: int = tasks) -> None:
        for number in range(count):
            plain_celery.app.send_task(plain_celery.NOOP, (number,))

    with (
        Redis.from_url(url) as redis,
        running(command, house.environment, house.directory / "celery.log", lambda: True) as worker,
    ):

        async def waiting() -> int:
            return int(redis.llen(plain_celery.QUEUE)) + int(redis.hlen(plain_celery.UNACKNOWLEDGED))

        send_all(4 * PROCESSES)
        await none_left(waiting, SECONDS)
        parts = {"worker": worker, "Redis": house.redis_process}
        costs = [await _cost(tasks, lambda: asyncio.to_thread(send_all), waiting, parts) for _ in range(runs)]
    return _median(costs)


async def _cost(
    tasks: int,
    send_all: Callable[[], Awaitable[None]],
    waiting: Callable[[], Awaitable[int]],
    parts: Mapping[str, int],
) -> Cost:
    before = {name: cpu_seconds(process) for name, process in parts.items()}
    own, began = time.process_time(), time.perf_counter()
    await send_all()
    await none_left(waiting, SECONDS)
    seconds, spent = time.perf_counter() - began, {"caller": time.process_time() - own}
    for name, process in parts.items():
        after, earlier = cpu_seconds(process), before[name]
        if after is not None and earlier is not None:
            spent[name] = after - earlier
    return Cost(tasks, seconds, {name: spent[name] / tasks * 1000 if name in spent else None for name in PARTS})


async def _open(records: Namespace) -> int:
    stages = [staged(Weight.SHORT, stage) for stage in Stage]
    return sum([await records.count(Query(TASKS.kind.name, where={"stage": stage})) for stage in stages])


def _median(costs: Sequence[Cost]) -> Cost:
    """Return the run whose time is the median."""
    return sorted(costs, key=lambda cost: cost.seconds)[len(costs) // 2]
