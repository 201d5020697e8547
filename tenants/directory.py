"""Look-ups of tenants by slug and by host name, answered from memory for a stated time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from store.port import Namespace
from tenants.kinds import HOST_NAMES, TENANTS
from tenants.recent import Recent, Ticks
from tenants.tenant import Tenant

V = TypeVar("V")


class Directory:
    """Tenants and host names as the platform's namespace has them, at most `seconds` old.

    Names that do not exist are remembered apart from those that do, so that a stream of invented names can
    neither reach the store more often than once each, nor push the real ones out.
    """

    def __init__(self, platform: Namespace, seconds: float, size: int, ticks: Ticks) -> None:
        self._platform = platform
        self._tenants: _Known[Tenant] = _Known(self._read_tenant, seconds, size, ticks)
        self._hosts: _Known[str] = _Known(self._read_host, seconds, size, ticks)

    async def tenant(self, slug: str) -> Tenant | None:
        return await self._tenants.find(slug)

    async def slug_of(self, host: str) -> str | None:
        return await self._hosts.find(host)

    def wrote(self, tenant: Tenant, *, hosts_lost: frozenset[str] = frozenset()) -> None:
        """Take a change that this process has just committed, at once."""
        self._tenants.wrote(tenant.slug, tenant)
        for host in hosts_lost:
            self._hosts.wrote(host, None)
        for host in tenant.settings.hosts:
            self._hosts.wrote(host, tenant.slug)

    def removed(self, tenant: Tenant) -> None:
        """Take a removal that this process has just committed, at once."""
        self._tenants.wrote(tenant.slug, None)
        for host in tenant.settings.hosts:
            self._hosts.wrote(host, None)

    async def _read_tenant(self, slug: str) -> Tenant | None:
        return TENANTS.found(await self._platform.get(TENANTS.key(slug)))

    async def _read_host(self, host: str) -> str | None:
        name = HOST_NAMES.found(await self._platform.get(HOST_NAMES.key(host)))
        return None if name is None else name.slug


class _Known(Generic[V]):
    """One kind of look-up: read through, found and missing answers kept apart."""

    def __init__(
        self, read: Callable[[str], Awaitable[V | None]], seconds: float, size: int, ticks: Ticks
    ) -> None:
        self._read = read
        self._found: Recent[V] = Recent(seconds, size, ticks)
        self._missing: Recent[bool] = Recent(seconds, size, ticks)
        self._writes = 0

    async def find(self, name: str) -> V | None:
        found = self._found.get(name)
        if found is not None or self._missing.get(name):
            return found
        writes = self._writes
        answer = await self._read(name)
        # A write of this process may have passed the read on its way: what was read before it is not kept.
        if writes == self._writes:
            self._keep(name, answer)
        return answer

    def wrote(self, name: str, answer: V | None) -> None:
        self._writes += 1
        self._keep(name, answer)

    def _keep(self, name: str, answer: V | None) -> None:
        if answer is None:
            self._found.forget(name)
            self._missing.keep(name, True)
        else:
            self._missing.forget(name)
            self._found.keep(name, answer)
