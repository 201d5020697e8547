"""How soon an idle queue's worker begins with a task: by the doorbell, for the next sweep is a minute away."""

from __future__ import annotations

from dataclasses import dataclass

from bench.phase import percentile
from bench.taskqueue.house import House
from bench.taskqueue.posting import connections, ended, noops, post, warm
from trust.clock import utc_now


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds since the moment before the request was sent."""

    p50: float
    p99: float
    most: float


@dataclass(frozen=True, slots=True)
class Latencies:
    """`to_start`: until a worker process picked the task; `to_end`: until its end was recorded."""

    tasks: int
    to_start: Latency
    to_end: Latency


async def await_starts(house: House, tasks: int) -> Latencies:
    """Post tasks one after another, each when the one before is over. Raises TimeoutError, httpx.HTTPError."""
    starts, ends = list[float](), list[float]()
    with house.serving() as served, house.working(1):
        async with connections(house, served, 1) as [client]:
            await warm(client, 1, "warm latency")
            for request in noops(tasks, "latency"):
                posted_at = utc_now()
                task = await ended(client, (await post(client, request)).id)
                assert task.started_at is not None
                assert task.finished_at is not None
                starts.append((task.started_at - posted_at).total_seconds() * 1000)
                ends.append((task.finished_at - posted_at).total_seconds() * 1000)
    return Latencies(tasks, _latency(starts), _latency(ends))


def _latency(taken: list[float]) -> Latency:
    ascending = sorted(taken)
    return Latency(percentile(ascending, 0.5), percentile(ascending, 0.99), ascending[-1])
