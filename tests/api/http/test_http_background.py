"""Work beside the requests: it comes again after a failure, and one tenant's failure is not another's."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from api.background import SWEEPER, EachTenant
from asgi.periodic import Periodic
from tenants.scope import TenantScope


async def test_failed_pass_is_followed_by_the_next() -> None:
    passes = 0
    twice = asyncio.Event()

    async def work() -> None:
        nonlocal passes
        passes += 1
        if passes == 1:
            raise RuntimeError("the store was away")
        twice.set()

    task = asyncio.create_task(_run(Periodic("test", timedelta(milliseconds=1), work)))
    await asyncio.wait_for(twice.wait(), 5)
    task.cancel()


async def test_every_active_tenant_is_visited_and_failures_stay_at_home(make_door: Any) -> None:
    registry = make_door().registry
    await registry.create("delta", "Delta")
    await registry.suspend("beta")
    await registry.create("omega", "Omega")
    await registry.suspend("omega")
    await registry.condemn("omega")
    purged: list[str] = []
    visited: list[tuple[str, str]] = []

    async def work(scope: TenantScope) -> None:
        visited.append((scope.tenant.slug, scope.store.name))
        assert scope.principal == SWEEPER
        if scope.tenant.slug == "acme":
            raise RuntimeError("a defect in one tenant's data")

    async def purge(slug: str) -> None:
        purged.append(slug)

    await EachTenant(registry, work, purge)()

    assert purged == ["omega"]
    assert visited == [("acme", "t-acme"), ("delta", "t-delta")]


async def _run(work: Callable[[], Awaitable[None]]) -> None:
    await work()
