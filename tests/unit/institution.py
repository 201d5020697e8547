"""One institution over a real store: what tests of people and identity arrange through."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from store.port import Store
from tenants.registry import PLATFORM, TenantRegistry
from tenants.roles import Role
from tenants.scope import Principal, TenantScope
from tenants.tenant import Tenant
from tp.services.identity.login import LoginService
from tp.services.identity.passwords import Argon2Parameters, Passwords
from tp.services.identity.tokens import Tokens
from tp.services.people.creation import Created, UserCreation
from tp.services.people.credentials import Credentials
from tp.services.people.new_user import NewUser
from trust.keys import KeyRing, SigningKey

NOON = datetime(2025, 6, 1, 12, tzinfo=UTC)
CHEAP = Argon2Parameters(memory_kib=8, passes=1)
"""Argon2 at its smallest: tests ask whether it is used, not whether it is slow."""


class Entropy:
    """Bytes that differ at every call and are the same in every run."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, count: int) -> bytes:
        self.calls += 1
        return hashlib.shake_256(str(self.calls).encode()).digest(count)


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def tick(self) -> float:
        return self.now.timestamp()

    def pass_seconds(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def registry_over(store: Store, clock: Clock) -> TenantRegistry:
    """A registry as another process would have it: over the same store, with a memory of its own."""
    return TenantRegistry(store.namespace(PLATFORM), store, clock, ticks=clock.tick)


class Institution:
    def __init__(self, store: Store, clock: Clock) -> None:
        self.store = store
        self.clock = clock
        self.random = Entropy()
        self.registry = registry_over(store, clock)
        self.passwords = Passwords(CHEAP, threads=1, waiting=8)
        self.creation = UserCreation(self.passwords, self.random)
        self.credentials = Credentials(self.passwords, self.random)
        self.tokens = Tokens(KeyRing([SigningKey(kid="k1", secret=b"s" * 32)]), self.random)
        self.door = LoginService(self.registry, self.passwords, self.tokens)
        self.tenant: Tenant

    async def open(self, slug: str = "school") -> Institution:
        self.tenant = await self.registry.create(slug, "A School")
        return self

    def scope(self, *roles: Role, id: str = "usr_aaaaaaaaaaaaaaaa") -> TenantScope:
        return self.registry.scope(self.tenant, Principal(id, frozenset(roles)))

    @property
    def admin(self) -> TenantScope:
        return self.scope(Role.ADMIN)

    async def create(self, *users: NewUser) -> list[Created]:
        return await self.creation.create_users(self.admin, users, now=self.clock.now)
