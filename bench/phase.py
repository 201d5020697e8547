"""One thing done for all of many, so many at a time: how fast, and what it cost in CPU."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import TypeVar

import httpx

from bench.cpu import cpu_seconds
from bench.students import Student

T = TypeVar("T")

PHASE_SECONDS = 180.0
"""A phase that takes longer is given up."""

Step = Callable[[Student], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Figures:
    """Latencies in milliseconds, as the students see them; CPU in milliseconds an operation, `None`: not measured.

    `server_busy` and `students_busy` are shares of one core.
    """

    operations: float
    seconds: float
    p50: float
    p99: float
    server_cpu: float | None
    server_busy: float | None
    students_busy: float

    @property
    def rate(self) -> float:
        """Operations a second."""
        return self.operations / self.seconds


async def run_phase(
    step: Step, students: Sequence[Student], seats: Sequence[httpx.AsyncClient], server: int, *, times: int
) -> Figures:
    """Let each student make a step so many times in a row, as many students at a time as there are seats.

    Raises TimeoutError, and what a step raises.
    """

    async def make(seat: httpx.AsyncClient, student: Student) -> None:
        student.client = replace(student.client, http=seat)
        await step(student)

    return await run_all(make, students, seats, server, times=times)


async def run_all(
    do: Callable[[httpx.AsyncClient, T], Awaitable[None]],
    items: Sequence[T],
    seats: Sequence[httpx.AsyncClient],
    server: int,
    *,
    times: int = 1,
) -> Figures:
    """Do something so many times in a row for each item. Raises TimeoutError, and what `do` raises."""
    latencies: list[float] = []
    free: asyncio.Queue[httpx.AsyncClient] = asyncio.Queue()
    for seat in seats:
        free.put_nowait(seat)

    async def sit(item: T) -> None:
        seat = await free.get()
        for _ in range(times):
            sent = time.perf_counter()
            await do(seat, item)
            latencies.append(time.perf_counter() - sent)
        free.put_nowait(seat)

    server_before, own_before, began = cpu_seconds(server), time.process_time(), time.perf_counter()
    try:
        async with asyncio.timeout(PHASE_SECONDS), asyncio.TaskGroup() as group:
            for item in items:
                group.create_task(sit(item))
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None
    seconds, own = time.perf_counter() - began, time.process_time() - own_before
    server_after = cpu_seconds(server)
    spent = None if server_before is None or server_after is None else server_after - server_before
    latencies.sort()
    return Figures(
        operations=len(latencies),
        seconds=seconds,
        p50=percentile(latencies, 0.50) * 1000,
        p99=percentile(latencies, 0.99) * 1000,
        server_cpu=None if spent is None else spent / len(latencies) * 1000,
        server_busy=None if spent is None else spent / seconds,
        students_busy=own / seconds,
    )


def median_of(runs: Sequence[Figures]) -> Figures:
    """Return the median of each figure by itself."""

    def each(name: str) -> float:
        return float(median(getattr(run, name) for run in runs))

    measured = runs[0].server_cpu is not None
    return Figures(
        operations=each("operations"),
        seconds=each("seconds"),
        p50=each("p50"),
        p99=each("p99"),
        server_cpu=each("server_cpu") if measured else None,
        server_busy=each("server_busy") if measured else None,
        students_busy=each("students_busy"),
    )


def percentile(ascending: Sequence[float], share: float) -> float:
    """Return the smallest value that so many are not above (nearest rank)."""
    return ascending[max(0, math.ceil(share * len(ascending)) - 1)]
