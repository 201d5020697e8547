"""The platform's own work beside the requests: done here, or handed to the task queue when there is one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Protocol

import structlog

from api.background import SWEEPER
from tenants.registry import TenantRegistry
from tenants.scope import TenantScope
from tenants.tenant import Tenant
from tp.clients.errors import QueueUnreachable
from tp.services.relay import RelayService
from tp.services.reports.follow import ReportFollowing
from tp.services.sweeping import SweepService

_log = structlog.stdlib.get_logger("tp.sweeps")

GATHER = timedelta(seconds=0.5)
"""How long commits are gathered before the outbox is relayed: ten thousand submits are some hundred tasks."""

REST_SECONDS = 5.0
"""How long a queue that could not be reached is left alone: passes in between end at once."""

TOLD_EVERY_SECONDS = 60.0
"""How often the log tells that the queue cannot be reached."""


class OwnWork(Protocol):
    """What the server sees to in each tenant."""

    gather: timedelta
    """How long it waits after a ring for others."""

    async def rung(self, scope: TenantScope) -> None:
        """See to what commits in this process have just left in the outbox."""
        ...

    async def sweep(self, scope: TenantScope) -> None:
        """See to everything, also to what another process left: the periodic pass."""
        ...


class Alone:
    """Without a task queue: the server closes and grades by itself."""

    gather = timedelta()

    def __init__(self, sweeping: SweepService) -> None:
        self._sweeping = sweeping

    async def rung(self, scope: TenantScope) -> None:
        await self._sweeping.drain_outbox(scope.store)

    async def sweep(self, scope: TenantScope) -> None:
        """Sweep one tenant, and log when there was anything to do."""
        swept = await self._sweeping.sweep(scope.store)
        if swept.closed or swept.graded:
            _log.info("swept", closed=swept.closed, graded=swept.graded)


class Relayed:
    """With a task queue: the server looks and posts, and the queue's workers do the rest."""

    def __init__(
        self,
        relay: RelayService,
        gather: timedelta = GATHER,
        rest_seconds: float = REST_SECONDS,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self.gather = gather
        self._relay = relay
        self._rest_seconds = rest_seconds
        self._ticks = ticks
        self._away_until: float | None = None
        self._told_at: float | None = None

    async def rung(self, scope: TenantScope) -> None:
        await self._unless_away(self._relay.relay, scope)

    async def sweep(self, scope: TenantScope) -> None:
        await self._unless_away(self._relay.post_due, scope)
        await self._unless_away(self._relay.post_forgotten, scope)
        await self._unless_away(self._relay.relay, scope)

    async def _unless_away(self, post: Callable[..., Awaitable[int]], scope: TenantScope) -> None:
        if self._away_until is not None and self._ticks() < self._away_until:
            return
        try:
            posted = await post(scope.tenant.slug, scope.store)
        except QueueUnreachable as error:
            self._away_until = self._ticks() + self._rest_seconds
            if self._told_at is None or self._ticks() - self._told_at >= TOLD_EVERY_SECONDS:
                _log.warning("the task queue is away; the outbox is kept", reason=error.reason)
                self._told_at = self._ticks()
            return
        if posted and self._away_until is not None:
            _log.info("the task queue is back")
            self._away_until = self._told_at = None


class AndReports:
    """Looks after reports in each pass, for webhooks get lost: last, so that they hold nothing up."""

    def __init__(self, work: OwnWork, reports: ReportFollowing) -> None:
        self.gather = work.gather
        self._work = work
        self._reports = reports

    async def rung(self, scope: TenantScope) -> None:
        await self._work.rung(scope)

    async def sweep(self, scope: TenantScope) -> None:
        await self._work.sweep(scope)
        await self._reports.poll(scope.store)


class Doorbell:
    """Has what this process has just committed seen to at once. A lost ring costs a wait for the next sweep."""

    def __init__(self, registry: TenantRegistry, work: OwnWork) -> None:
        self._registry = registry
        self._work = work
        self._rung: dict[str, Tenant] = {}
        self._ringing = asyncio.Event()

    def ring(self, tenant: Tenant) -> None:
        """Tell that a commit in this tenant left work in its outbox."""
        self._rung[tenant.slug] = tenant
        self._ringing.set()

    async def __call__(self) -> None:
        while True:
            await self._ringing.wait()
            await asyncio.sleep(self._work.gather.total_seconds())
            self._ringing.clear()
            rung, self._rung = self._rung, {}
            for tenant in rung.values():
                try:
                    await self._work.rung(self._registry.scope(tenant, SWEEPER))
                except Exception:
                    _log.exception("own work failed; the next sweep tries again", tenant=tenant.slug)
