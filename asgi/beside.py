"""What runs beside the requests for as long as a process serves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import structlog

_log = structlog.stdlib.get_logger("asgi.beside")

BackgroundTask = Callable[[], Awaitable[None]]
"""Runs until it is cancelled at shutdown, such as a sweeper; `__qualname__` names it in the log."""


@asynccontextmanager
async def running(tasks: Sequence[BackgroundTask]) -> AsyncIterator[None]:
    """Run the tasks within the context; at its end they are cancelled and awaited."""
    started = [asyncio.create_task(_watched(task), name=name(task)) for task in tasks]
    _log.info("started", tasks=[task.get_name() for task in started])
    try:
        yield
    finally:
        _log.info("stopping")
        for task in started:
            task.cancel()
        await asyncio.gather(*started, return_exceptions=True)


def name(task: BackgroundTask) -> str:
    """Return how a task is called in the log."""
    return getattr(task, "__qualname__", type(task).__qualname__)


async def _watched(task: BackgroundTask) -> None:
    """Run to the end; a defect is logged when it happens, not when the process ends."""
    try:
        await task()
    except Exception:
        _log.exception("background task failed", task=name(task))
