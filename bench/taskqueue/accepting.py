"""How many tasks a second are accepted: over HTTP, each durable when it is answered."""

from __future__ import annotations

import httpx

from bench.phase import Figures, median_of, run_all
from bench.taskqueue.house import House
from bench.taskqueue.posting import connections, noops, post
from taskqueue.contract import TaskRequest

AT_ONCE = 32


async def accept(house: House, tasks: int, runs: int) -> Figures:
    """Post so many tasks, runs times over; nobody works on them. Raises TimeoutError, httpx.HTTPError."""

    async def send(seat: httpx.AsyncClient, request: TaskRequest) -> None:
        await post(seat, request)

    with house.serving() as served:
        async with connections(house, served, AT_ONCE) as seats:
            await run_all(send, list(noops(AT_ONCE, "warm")), seats, served.process)
            measured = [
                await run_all(send, list(noops(tasks, f"run{run}")), seats, served.process) for run in range(runs)
            ]
    return median_of(measured)
