"""What the routes are served by, and how they find it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from fastapi import Request

from analysis.desk import Desk
from analysis.links import Links
from trust.clock import Clock
from trust.service_tokens import ServiceTokens


@dataclass(frozen=True)
class Service:
    """`ready` raises the store's errors. `closers` are awaited when the requests are over."""

    desk: Desk
    tokens: ServiceTokens
    links: Links
    clock: Clock
    ready: Callable[[], Awaitable[None]]
    closers: Sequence[Callable[[], Awaitable[None]]] = ()


def service_of(request: Request) -> Service:
    """Return the service that the application was made with."""
    service = request.app.state.service
    assert isinstance(service, Service)
    return service
