"""Work beside the requests: again and again until shutdown, never stopped by one failure."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog

from tenants.registry import TenantRegistry
from tenants.roles import Role
from tenants.scope import Principal, TenantScope
from tenants.tenant import TenantState

_log = structlog.stdlib.get_logger("tp.background")

SWEEPER = Principal("svc_sweeper", frozenset({Role.SERVICE}))
JITTER = 0.2


@dataclass(frozen=True, slots=True)
class Periodic:
    """Runs `work` about every `every`: a fifth sooner or later, so that processes do not march in step."""

    name: str
    every: timedelta
    work: Callable[[], Awaitable[None]]

    async def __call__(self) -> None:
        while True:
            seconds = self.every.total_seconds()
            await asyncio.sleep(seconds * random.uniform(1 - JITTER, 1 + JITTER))
            try:
                await self.work()
            except Exception:
                _log.exception("pass failed; the next one tries again", task=self.name)


@dataclass(frozen=True, slots=True)
class EachTenant:
    """Does `work` in every active tenant, one after another; a failure in one does not keep it from the rest."""

    registry: TenantRegistry
    work: Callable[[TenantScope], Awaitable[None]]

    async def __call__(self) -> None:
        cursor: str | None = None
        while True:
            page = await self.registry.page(cursor)
            for tenant in page.tenants:
                if tenant.state is TenantState.SUSPENDED:
                    continue
                with structlog.contextvars.bound_contextvars(tenant=tenant.slug):
                    try:
                        await self.work(self.registry.scope(tenant, SWEEPER))
                    except Exception:
                        _log.exception("pass over a tenant failed")
            cursor = page.next
            if cursor is None:
                return
