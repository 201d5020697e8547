"""What makes good what was lost: rings, workers, whole brokers; brings on what is due; and takes away what is old.

Any number of processes may sweep at once. Each step is a transaction that finds its work done if another did it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from store.errors import Conflict
from store.port import Key, Namespace, Query, Range, Transaction
from taskqueue import lifecycle
from taskqueue.contract import ErrorCode, TaskError, Weight
from taskqueue.endings import written
from taskqueue.lead import Lead
from taskqueue.pruning import prune
from taskqueue.queue import TaskQueue
from taskqueue.ringing import Doorbell
from taskqueue.schedules import Schedules
from taskqueue.tables import TASKS, TOGETHER, Stage, Task, second
from trust.clock import Chance

MOST: Final = 1_000
"""Tasks that one pass moves of each sort; what is more waits for the next, which then comes at once."""
MOST_SCHEDULES: Final = 100
MOST_RINGS: Final = 10_000
RINGS_UNTOLD: Final = 100
"""Rings of a pass while the broker does not tell how many lie there: they would pile up."""

_log = structlog.stdlib.get_logger("taskqueue.sweeper")


@dataclass(frozen=True, slots=True)
class Swept:
    """What a pass did. `more`: it stopped at a bound, and there is more to do."""

    promoted: int
    returned: int
    scheduled: int
    rung: int
    pruned: int
    more: bool


class Sweeper:
    """Sweeps when it holds the lead."""

    def __init__(
        self,
        store: Namespace,
        queue: TaskQueue,
        schedules: Schedules,
        doorbell: Doorbell,
        lead: Lead,
        random: Chance,
        keep: timedelta,
        *,
        most: int = MOST,
    ) -> None:
        """`keep`: for how long tasks are kept that are over."""
        self._store = store
        self._queue = queue
        self._schedules = schedules
        self._doorbell = doorbell
        self._lead = lead
        self._random = random
        self._keep = keep
        self._most = most

    async def sweep(self, now: datetime) -> Swept | None:
        """Make one pass; `None` when another process holds the lead."""
        if not await self._lead.hold(now):
            return None
        scheduled = await self._schedules.post_due(now, MOST_SCHEDULES)
        due, promoted = await self._move("due", now, lambda task: _promoted(task, now))
        lost, returned = await self._move("lease", now, lambda task: self._returned(task, now))
        pruned = await prune(self._store, now - self._keep, self._most)
        rung = [await self._ring(queue) for queue in Weight]
        more = self._most in (due, lost, pruned) or scheduled == MOST_SCHEDULES
        return Swept(promoted, returned, scheduled, sum(rung), pruned, more)

    async def resign(self) -> None:
        """Let another process sweep at once."""
        await self._lead.resign()

    async def _move(self, instant: str, now: datetime, change: Callable[[Task], Task | None]) -> tuple[int, int]:
        """Change the tasks whose `instant` has come; return how many were found, and how many were changed."""
        query = Query(
            TASKS.kind.name, range=Range(instant, below=second(now) + 1), limit=self._most, keys_only=True
        )
        keys = [entity.key for entity in (await self._store.query(query)).entities]
        moved = 0
        for start in range(0, len(keys), TOGETHER):
            moved += await self._change(keys[start : start + TOGETHER], change)
        return len(keys), moved

    async def _change(self, keys: Sequence[Key], change: Callable[[Task], Task | None]) -> int:
        async def work(tx: Transaction) -> int:
            changed = 0
            for entity in await tx.get_many(keys):
                before = TASKS.found(entity)
                after = change(before) if before is not None else None
                if before is None or after is None:
                    continue
                for record in written(before, after):
                    tx.put(TASKS.entity(record))
                changed += 1
            return changed

        try:
            return await self._store.transact(work)
        except Conflict:
            return 0  # others are at work on these; the next pass finds what they left

    def _returned(self, task: Task, now: datetime) -> Task | None:
        if task.lease is None or task.lease.until > now:
            return None
        _log.warning("lease ran out", task_id=task.id, tenant=task.tenant, type=task.type, owner=task.lease.owner)
        error = TaskError(code=ErrorCode.WORKER_LOST, message="the worker went away", at=now)
        return lifecycle.fail(task, error, now, self._random())

    async def _ring(self, queue: Weight) -> int:
        """Ring as often as tasks wait beyond the rings that still lie in the broker."""
        waiting = await self._queue.waiting(queue)
        lying = await asyncio.to_thread(self._doorbell.waiting, queue) if waiting else 0
        times = min(waiting, RINGS_UNTOLD) if lying is None else min(max(waiting - lying, 0), MOST_RINGS)
        if times:
            self._doorbell.ring(queue, times)
        (_log.info if waiting else _log.debug)("depth", queue=queue.value, waiting=waiting, rung=times)
        return times


def _promoted(task: Task, now: datetime) -> Task | None:
    due = task.stage is Stage.DELAYED and task.run_at <= now
    return lifecycle.enter(task, now) if due else None
