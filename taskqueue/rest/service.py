"""What the routes are served by, and how they find it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from fastapi import Request

from asgi.beside import BackgroundTask
from taskqueue.queue import TaskQueue
from taskqueue.schedules import Schedules
from trust.clock import Clock
from trust.service_tokens import ServiceTokens


@dataclass(frozen=True)
class Service:
    """`ready` raises the store's errors. `tasks` run beside the requests; `closers` are awaited after both."""

    queue: TaskQueue
    schedules: Schedules
    tokens: ServiceTokens
    clock: Clock
    ready: Callable[[], Awaitable[None]]
    tasks: Sequence[BackgroundTask] = ()
    closers: Sequence[Callable[[], Awaitable[None]]] = ()


def service_of(request: Request) -> Service:
    """Return the service that the application was made with."""
    service = request.app.state.service
    assert isinstance(service, Service)
    return service
