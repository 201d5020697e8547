"""The registry of tenants: who exists, in which state, and the one door to a tenant's part of the store."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from store.errors import AlreadyExists
from store.port import Insert, Namespace, Query, Reader, Store, Transaction
from tenants.directory import Directory
from tenants.errors import (
    HostTaken,
    TenantActive,
    TenantCondemned,
    TenantExists,
    TenantSuspended,
    TenantUnknown,
)
from tenants.kinds import HOST_NAMES, TENANTS, HostName
from tenants.recent import Ticks
from tenants.scope import Principal, TenantScope
from tenants.tenant import EVERYBODY, Tenant, TenantSettings, TenantState, host_name, is_slug

PLATFORM = "platform"
"""The namespace of the platform's own records. A tenant's is `t-<slug>`, so the two can never meet."""

FRESH_SECONDS = 2.0
"""How long a suspension or a new setting may go unseen by other processes; in its own it is seen at once."""

LONGEST_TOKEN = timedelta(days=7)
SESSIONS_ENDED = 5_000
"""Of one tenant within the life of a token: they are kept in its record, which is read all the time."""

KNOWN_TENANTS = 10_000
SALT_BYTES = 16
PAGE_LIMIT = 100


@dataclass(frozen=True, slots=True)
class TenantPage:
    """`next` is `None` when no more follow."""

    tenants: tuple[Tenant, ...]
    next: str | None


class TenantRegistry:
    """`platform` is the namespace named `PLATFORM` of `store`; `clock` returns the present instant in UTC."""

    def __init__(
        self,
        platform: Namespace,
        store: Store,
        clock: Callable[[], datetime],
        *,
        fresh_seconds: float = FRESH_SECONDS,
        known: int = KNOWN_TENANTS,
        ticks: Ticks = time.monotonic,
        random: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._platform = platform
        self._store = store
        self._clock = clock
        self._random = random
        self._directory = Directory(platform, fresh_seconds, known, ticks)

    async def create(self, slug: str, name: str, settings: TenantSettings | None = None) -> Tenant:
        """Register a tenant; of two at once, one wins.

        Raises TenantExists, HostTaken, pydantic's ValidationError for a slug or name that is not of its form.
        """
        tenant = Tenant(
            slug=slug,
            name=name,
            settings=settings or TenantSettings(),
            created_at=self._clock(),
            salt=self._random(SALT_BYTES).hex(),
        )
        claims = [Insert(HOST_NAMES.entity(HostName(host=host, slug=slug))) for host in _hosts(tenant)]
        try:
            await self._platform.commit([Insert(TENANTS.entity(tenant)), *claims])
        except AlreadyExists as error:
            if await self._platform.get(TENANTS.key(slug)) is not None:
                raise TenantExists(slug) from error
            raise HostTaken(", ".join(key.id for key in error.keys if key.kind == HOST_NAMES.kind.name)) from error
        self._directory.wrote(tenant)
        return tenant

    async def get(self, slug: str) -> Tenant:
        """Return the tenant, suspended or not, at most `fresh_seconds` old. Raises TenantUnknown."""
        # What is not of a slug's form never reaches the store: it may be as long as a header can be.
        tenant = await self._directory.tenant(slug) if is_slug(slug) else None
        if tenant is None:
            raise TenantUnknown(slug)
        return tenant

    async def at_host(self, host: str) -> Tenant | None:
        """Return the tenant that a `Host` header's value leads to, its port left aside; `None` for most names."""
        name = host_name(host)
        slug = None if name is None else await self._directory.slug_of(name)
        return None if slug is None else await self._directory.tenant(slug)

    async def page(self, cursor: str | None = None, limit: int = PAGE_LIMIT) -> TenantPage:
        """Return tenants in the order of their slugs, at most `PAGE_LIMIT` a page."""
        query = Query(TENANTS.kind.name, limit=min(limit, PAGE_LIMIT), cursor=cursor)
        page = await self._platform.query(query)
        return TenantPage(tuple(TENANTS.records(page.entities)), page.next)

    async def suspend(self, slug: str) -> Tenant:
        """Refuse the tenant's scope from now on; idempotent. Raises TenantUnknown, TenantCondemned."""
        return await self._change(slug, lambda tenant: _as(tenant, TenantState.SUSPENDED))

    async def resume(self, slug: str) -> Tenant:
        """Undo a suspension; idempotent. Raises TenantUnknown, TenantCondemned."""
        return await self._change(slug, lambda tenant: _as(tenant, TenantState.ACTIVE))

    async def update_settings(self, slug: str, settings: TenantSettings) -> Tenant:
        """Replace all settings; host names given up are free for others. Raises TenantUnknown, HostTaken."""
        return await self._change(slug, lambda tenant: _with(tenant, settings=settings))

    async def end_sessions(self, slug: str, user_ids: Sequence[str]) -> Tenant:
        """Refuse every token that these users have now; those of all, where too many are named to be kept apart.

        Raises TenantUnknown.
        """
        now = self._clock()

        def ended(tenant: Tenant) -> Tenant:
            live = {id: at for id, at in tenant.sessions_ended.items() if at > now - LONGEST_TOKEN}
            live |= dict.fromkeys(user_ids, now)
            return _with(tenant, sessions_ended={EVERYBODY: now} if len(live) > SESSIONS_ENDED else live)

        return await self._change(slug, ended)

    def scope(self, tenant: Tenant, principal: Principal) -> TenantScope:
        """Open a tenant's part of the store to a principal: nothing else binds a tenant's namespace.

        Raises TenantSuspended.
        """
        if tenant.state is not TenantState.ACTIVE:
            raise TenantSuspended(tenant.slug)
        return TenantScope(tenant, principal, self._store.namespace(tenant.namespace))

    async def own_work(self, slug: str) -> Namespace:
        """Open a tenant's part to the platform's own work, which goes on while nobody else may enter.

        Raises TenantUnknown, also for one that is being removed.
        """
        tenant = await self.get(slug)
        if tenant.state is TenantState.PURGING:
            raise TenantUnknown(slug)
        return self._store.namespace(tenant.namespace)

    async def condemn(self, slug: str) -> Namespace:
        """Begin, or go on with, the removal of a suspended tenant: from now on it can only be removed. Open its
        part to that. Raises TenantUnknown, TenantActive."""
        tenant = await self._read(self._platform, slug)
        if tenant.state is not TenantState.PURGING:
            tenant = await self._change(slug, _condemned)
        return self._store.namespace(tenant.namespace)

    async def remove(self, slug: str) -> None:
        """Forget a condemned tenant and its host names. Raises TenantUnknown, TenantActive."""

        async def work(tx: Transaction) -> Tenant:
            tenant = await self._read(tx, slug)
            if tenant.state is not TenantState.PURGING:
                raise TenantActive(slug)
            tx.delete(TENANTS.key(slug))
            for host in _hosts(tenant):
                tx.delete(HOST_NAMES.key(host))
            return tenant

        self._directory.removed(await self._platform.transact(work))

    async def _read(self, reader: Reader, slug: str) -> Tenant:
        tenant = TENANTS.found(await reader.get(TENANTS.key(slug))) if is_slug(slug) else None
        if tenant is None:
            raise TenantUnknown(slug)
        return tenant

    async def _change(self, slug: str, change: Callable[[Tenant], Tenant]) -> Tenant:
        if not is_slug(slug):
            raise TenantUnknown(slug)

        async def work(tx: Transaction) -> tuple[Tenant, Tenant]:
            before = TENANTS.found(await tx.get(TENANTS.key(slug)))
            if before is None:
                raise TenantUnknown(slug)
            after = change(before)
            tx.put(TENANTS.entity(after))
            for host in _lost(before, after):
                tx.delete(HOST_NAMES.key(host))
            await _claim(tx, after)
            return before, after

        before, after = await self._platform.transact(work)
        self._directory.wrote(after, hosts_lost=_lost(before, after))
        return after


async def _claim(tx: Transaction, tenant: Tenant) -> None:
    """Write the tenant's host names, unless one leads elsewhere. Raises HostTaken."""
    for host in _hosts(tenant):
        name = HOST_NAMES.found(await tx.get(HOST_NAMES.key(host)))
        if name is not None and name.slug != tenant.slug:
            raise HostTaken(host)
        tx.put(HOST_NAMES.entity(HostName(host=host, slug=tenant.slug)))


def _hosts(tenant: Tenant) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tenant.settings.hosts))


def _lost(before: Tenant, after: Tenant) -> frozenset[str]:
    return frozenset(before.settings.hosts) - frozenset(after.settings.hosts)


def _as(tenant: Tenant, state: TenantState) -> Tenant:
    if tenant.state is TenantState.PURGING:
        raise TenantCondemned(tenant.slug)
    return _with(tenant, state=state)


def _condemned(tenant: Tenant) -> Tenant:
    if tenant.state is TenantState.ACTIVE:
        raise TenantActive(tenant.slug)
    return _with(tenant, state=TenantState.PURGING)


def _with(tenant: Tenant, **changes: object) -> Tenant:
    return tenant.model_copy(update=changes)
