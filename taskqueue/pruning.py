"""Deleting tasks that have been over for long."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from store.errors import Conflict
from store.port import Key, Namespace, Query, Range, Transaction
from taskqueue.tables import TASKS, TOGETHER, second


async def prune(store: Namespace, before: datetime, most: int) -> int:
    """Delete tasks that were over `before`, at most so many; return how many are gone."""
    old = Query(TASKS.kind.name, range=Range("finished", below=second(before)), limit=most, keys_only=True)
    keys = [entity.key for entity in (await store.query(old)).entities]
    gone = 0
    for start in range(0, len(keys), TOGETHER):
        gone += await _prune(store, keys[start : start + TOGETHER], before)
    return gone


async def _prune(store: Namespace, keys: Sequence[Key], before: datetime) -> int:
    async def work(tx: Transaction) -> int:
        found = TASKS.records([entity for entity in await tx.get_many(keys) if entity is not None])
        # One that was retried meanwhile is not over any more.
        old = [task for task in found if task.finished_at is not None and task.finished_at < before]
        for task in old:
            tx.delete(TASKS.key(task.id))
        return len(old)

    try:
        return await store.transact(work)
    except Conflict:
        return 0  # others are at work on these; the next pass finds what they left
