"""Forgetting a tenant: its schedules and tasks are deleted, and what runs is asked to stop.

A task that runs stays until its worker has ended it, so that nobody believes it gone while it writes. Whoever
purges asks again until nothing is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from store.clearing import clear
from store.port import Key, Namespace, Query, Transaction
from taskqueue import lifecycle
from taskqueue.contract import TaskState, TenantPurge
from taskqueue.tables import SCHEDULES, TASKS, TOGETHER

MOST = 400
"""Records of each sort that one request deletes."""


async def purge(
    store: Namespace, tenant: str, spared: Sequence[str], now: datetime, most: int = MOST
) -> TenantPurge:
    """Delete a tenant's schedules and tasks, but for tasks of the types `spared`: who purges may be one."""
    schedules = await clear(store, Query(SCHEDULES.kind.name, where={"tenant": tenant}, limit=most))
    query = Query(TASKS.kind.name, where={"tenant": tenant}, limit=most, keys_only=True)
    page = await store.query(query)
    keys = [entity.key for entity in page.entities]
    deleted, running = schedules, 0
    for start in range(0, len(keys), TOGETHER):
        gone, alive = await _purge(store, keys[start : start + TOGETHER], spared, now)
        deleted, running = deleted + gone, running + alive
    return TenantPurge(deleted=deleted, running=running, more=schedules == most or page.next is not None)


async def _purge(store: Namespace, keys: Sequence[Key], spared: Sequence[str], now: datetime) -> tuple[int, int]:
    async def work(tx: Transaction) -> tuple[int, int]:
        deleted = running = 0
        for task in TASKS.records([entity for entity in await tx.get_many(keys) if entity is not None]):
            if task.type in spared:
                continue
            if task.state is TaskState.RUNNING:
                running += 1
                if not task.cancel_requested:
                    tx.put(TASKS.entity(lifecycle.request_cancel(task, now)))
            else:
                deleted += 1
                tx.delete(TASKS.key(task.id))
        return deleted, running

    return await store.transact(work)
