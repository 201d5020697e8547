"""The platform's own work beside the requests: expired attempts closed, closed ones graded."""

from __future__ import annotations

import asyncio

import structlog

from api.background import SWEEPER
from tenants.registry import TenantRegistry
from tenants.scope import TenantScope
from tenants.tenant import Tenant
from tp.services.sweeping import SweepService

_log = structlog.stdlib.get_logger("tp.sweeps")


class Doorbell:
    """Grades at once what this process has just closed. A ring that is lost costs a wait for the next sweep."""

    def __init__(self, registry: TenantRegistry, sweeping: SweepService) -> None:
        self._registry = registry
        self._sweeping = sweeping
        self._rung: dict[str, Tenant] = {}
        self._ringing = asyncio.Event()

    def ring(self, tenant: Tenant) -> None:
        """Tell that a commit in this tenant left work in its outbox."""
        self._rung[tenant.slug] = tenant
        self._ringing.set()

    async def __call__(self) -> None:
        while True:
            await self._ringing.wait()
            self._ringing.clear()
            rung, self._rung = self._rung, {}
            for tenant in rung.values():
                try:
                    await self._sweeping.drain_outbox(self._registry.scope(tenant, SWEEPER).store)
                except Exception:
                    _log.exception("grading failed; the next sweep tries again", tenant=tenant.slug)


async def sweep(sweeping: SweepService, scope: TenantScope) -> None:
    """Sweep one tenant, and log when there was anything to do."""
    swept = await sweeping.sweep(scope.store)
    if swept.closed or swept.graded:
        _log.info("swept", closed=swept.closed, graded=swept.graded)
