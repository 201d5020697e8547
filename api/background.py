"""Work beside the requests that is done in every tenant."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from tenants.registry import TenantRegistry
from tenants.roles import Role
from tenants.scope import Principal, TenantScope
from tenants.tenant import TenantState

_log = structlog.stdlib.get_logger("tp.background")

SWEEPER = Principal("svc_sweeper", frozenset({Role.SERVICE}))


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
