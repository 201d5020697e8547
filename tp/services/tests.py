"""Tests as every service reads them: one lookup, and a short-lived copy for the paths that ten thousand take."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue

from store.port import Entity, Namespace, Transaction
from tenants.errors import PermissionDenied
from tenants.roles import Permission
from tenants.scope import TenantScope
from tp.domain.test import Test
from tp.errors import NotFound
from tp.services import audit
from tp.tables import TESTS

FRESH_SECONDS = 2.0
"""How long a change made by another process (a moved window, a closed test) may go unseen here."""


async def load_test(store: Namespace, test_id: str, path: tuple[str, ...] = ("testId",)) -> Test:
    """Return the test as it is now. Raises NotFound."""
    test = TESTS.found(await store.get(TESTS.asked(test_id)))
    if test is None:
        raise NotFound(test_id, path)
    return test


def require_own(scope: TenantScope, test: Test) -> None:
    """Raise PermissionDenied unless the test is the principal's own or it may act on all."""
    if test.owner_id != scope.principal.id and not scope.may(Permission.ALL_TESTS):
        raise PermissionDenied(Permission.ALL_TESTS)


async def load_own_test(scope: TenantScope, test_id: str, permission: Permission) -> Test:
    """Return a test on which the principal may use `permission`: its own, or any with ALL_TESTS.

    Raises NotFound, PermissionDenied.
    """
    scope.require(permission)
    test = await load_test(scope.store, test_id)
    require_own(scope, test)
    return test


@dataclass(frozen=True, slots=True)
class _Held:
    """`at` by a clock that never steps back; `entity` is what the test was read from, if it was read."""

    at: float
    test: Test
    entity: Entity | None


class RecentTests:
    """Tests read within the last `FRESH_SECONDS`, bounded in number; writers in this process replace them."""

    def __init__(self, size: int = 256, fresh_seconds: float = FRESH_SECONDS) -> None:
        self._size = size
        self._fresh = fresh_seconds
        self._held: OrderedDict[tuple[str, str], _Held] = OrderedDict()

    def held(self, store: Namespace, test_id: str) -> Test | None:
        """Return the test when a fresh copy is in the process, without a read."""
        held = self._held.get((store.name, test_id))
        if held is None or time.monotonic() - held.at > self._fresh:
            return None
        return held.test

    def hold(self, store: Namespace, test: Test) -> Test:
        """Keep a test that was written here."""
        return self._hold(store, _Held(time.monotonic(), test, None))

    def take(self, store: Namespace, entity: Entity) -> Test:
        """Keep a test that was read, and return it; what is as it was the last time is not parsed again."""
        held = self._held.get((store.name, entity.key.id))
        test = held.test if held is not None and held.entity == entity else TESTS.record(entity)
        return self._hold(store, _Held(time.monotonic(), test, entity))

    async def get(self, store: Namespace, test_id: str, path: tuple[str, ...] = ("testId",)) -> Test:
        """Return a fresh copy, reading when there is none. Raises NotFound."""
        test = await self.find(store, test_id)
        if test is None:
            raise NotFound(test_id, path)
        return test

    async def find(self, store: Namespace, test_id: str) -> Test | None:
        """Return a fresh copy, reading when there is none; `None` for a test that is missing."""
        held = self.held(store, test_id)
        if held is not None:
            return held
        entity = await store.get(TESTS.asked(test_id))
        return None if entity is None else self.take(store, entity)

    def _hold(self, store: Namespace, held: _Held) -> Test:
        self._held[store.name, held.test.id] = held
        self._held.move_to_end((store.name, held.test.id))
        while len(self._held) > self._size:
            self._held.popitem(last=False)
        return held.test


Change = Callable[[Transaction, Test], Awaitable[Test]]
"""From a test as it is to the test as it shall be; may read and write more in the same transaction."""


async def change_own_test(
    scope: TenantScope,
    recent: RecentTests,
    test_id: str,
    now: datetime,
    action: str,
    change: Change,
    details: Mapping[str, JsonValue] | None = None,
) -> Test:
    """Change a test that the principal may author, with an audit record of `action` in the same commit.

    Raises NotFound, PermissionDenied, and what `change` raises.
    """
    scope.require(Permission.AUTHOR)

    async def work(transaction: Transaction) -> Test:
        test = TESTS.found(await transaction.get(TESTS.asked(test_id)))
        if test is None:
            raise NotFound(test_id, ("testId",))
        require_own(scope, test)
        changed = (await change(transaction, test)).model_copy(update={"updated_at": now})
        transaction.put(TESTS.entity(changed))
        transaction.put(audit.entry(scope, now, action, test.id, details).entity)
        return changed

    return recent.hold(scope.store, await scope.store.transact(work))
