"""Work beside the requests that is done in every tenant."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from tenants.registry import TenantRegistry
from tenants.roles import Role
from tenants.scope import Principal, TenantScope
from tenants.tenant import Tenant, TenantState

_log = structlog.stdlib.get_logger("tp.background")

SWEEPER = Principal("svc_sweeper", frozenset({Role.SERVICE}))


@dataclass(frozen=True, slots=True)
class EachTenant:
    """Does `work` in every active tenant, and goes on with the `purge` of those that are being removed, one after
    another; a failure in one does not keep it from the rest."""

    registry: TenantRegistry
    work: Callable[[TenantScope], Awaitable[None]]
    purge: Callable[[str], Awaitable[None]]

    async def __call__(self) -> None:
        cursor: str | None = None
        while True:
            page = await self.registry.page(cursor)
            for tenant in page.tenants:
                with structlog.contextvars.bound_contextvars(tenant=tenant.slug):
                    try:
                        await self._visit(tenant)
                    except Exception:
                        _log.exception("pass over a tenant failed")
            cursor = page.next
            if cursor is None:
                return

    async def _visit(self, tenant: Tenant) -> None:
        if tenant.state is TenantState.ACTIVE:
            await self.work(self.registry.scope(tenant, SWEEPER))
        elif tenant.state is TenantState.PURGING:
            await self.purge(tenant.slug)
