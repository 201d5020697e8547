"""What a worker does with tasks in the store: pick one, keep it, end it.

Each step is one transaction that finds whether the lease is still its owner's. So an attempt whose lease ran out,
and whose task was given to another, changes nothing any more: an end is recorded exactly once.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from pydantic import JsonValue

from store.errors import Conflict, OutcomeUnknown
from store.port import Key, Namespace, Query, Range, Transaction
from taskqueue import lifecycle
from taskqueue.contract import Progress, TaskError, Weight
from taskqueue.endings import written
from taskqueue.ringing import Doorbell
from taskqueue.tables import TASKS, Stage, Task, after, first, last
from trust.clock import Chance

CANDIDATES = 8
ROUNDS = 10
"""How often all candidates may be lost to other processes before the next ring is waited for."""


class Picker:
    """Serves one process. It remembers, for each queue, whose task it served last: the next is another tenant's.

    An `owner` names one attempt at one task at a time, and never two processes.
    """

    def __init__(self, store: Namespace, doorbell: Doorbell, lease_seconds: float, random: Chance) -> None:
        self._store = store
        self._doorbell = doorbell
        self._lease_seconds = lease_seconds
        self._random = random
        self._served: dict[Weight, str] = {}

    async def pick(self, queue: Weight, owner: str, now: datetime) -> Task | None:
        """Claim the head of the line of the tenant after the one served last; `None` when nothing waits."""
        for _ in range(ROUNDS):
            candidates = await self._candidates(queue)
            if not candidates:
                return None
            for key in candidates:
                task = await self._claim(key, owner, now)
                if task is not None:
                    self._served[queue] = task.tenant
                    return task
        return None

    async def renew(
        self,
        task_id: str,
        owner: str,
        now: datetime,
        *,
        progress: Progress | None = None,
        checkpoint: JsonValue = None,
    ) -> Task | None:
        """Begin the lease anew, and keep what is given; `None`: the lease is lost.

        `cancel_requested` of what is returned asks for a stop.
        """
        kept = {"progress": progress, "checkpoint": checkpoint}
        update = {name: value for name, value in kept.items() if value is not None}
        return await self._step(
            task_id, owner, lambda task: lifecycle.renew(task, now, self._lease_seconds).model_copy(update=update)
        )

    async def end_ok(
        self, task_id: str, owner: str, result: JsonValue, now: datetime, *, progress: Progress | None = None
    ) -> Task | None:
        """Record the result; `None`: the lease is lost."""
        return await self._step(task_id, owner, lambda task: lifecycle.succeed(_at(task, progress), result, now))

    async def end_failed(
        self, task_id: str, owner: str, error: TaskError, now: datetime, *, progress: Progress | None = None
    ) -> Task | None:
        """Record that the attempt failed: the task waits for its next, or is over. `None`: the lease is lost."""
        jitter = self._random()
        return await self._step(
            task_id, owner, lambda task: lifecycle.fail(_at(task, progress), error, now, jitter)
        )

    async def release(self, task_id: str, owner: str, now: datetime) -> Task | None:
        """Hand the task back without counting the attempt; `None`: the lease is lost."""
        return await self._step(task_id, owner, lambda task: lifecycle.release(task, now))

    async def stopped(self, task_id: str, owner: str, now: datetime) -> Task | None:
        """Record that the handler stopped because it was asked to; `None`: the lease is lost."""
        return await self._step(task_id, owner, lambda task: lifecycle.stop(task, now))

    async def _candidates(self, queue: Weight) -> list[Key]:
        served = self._served.get(queue)
        if served is None:
            return await self._heads(first(queue), last(queue))
        behind = after(queue, served)
        return await self._heads(behind, last(queue)) or await self._heads(first(queue), behind)

    async def _heads(self, at_least: str, below: str) -> list[Key]:
        query = Query(TASKS.kind.name, range=Range("place", at_least, below), limit=CANDIDATES, keys_only=True)
        return [entity.key for entity in (await self._store.query(query)).entities]

    async def _claim(self, key: Key, owner: str, now: datetime) -> Task | None:
        async def work(tx: Transaction) -> Task | None:
            task = TASKS.found(await tx.get(key))
            if task is None or task.stage is not Stage.WAITING:
                return None
            claimed = lifecycle.claim(task, owner, now, self._lease_seconds)
            tx.put(TASKS.entity(claimed))
            return claimed

        try:
            return await self._store.transact(work)
        except Conflict:
            return None
        except OutcomeUnknown:
            task = TASKS.found(await self._store.get(key))
            return task if task is not None and _holds(task, owner) and task.started_at == now else None

    async def _step(self, task_id: str, owner: str, change: Callable[[Task], Task]) -> Task | None:
        async def work(tx: Transaction) -> tuple[Task, list[Task]] | None:
            task = TASKS.found(await tx.get(TASKS.key(task_id)))
            if task is None or not _holds(task, owner):
                return None
            after = change(task)
            records = written(task, after)
            for record in records:
                tx.put(TASKS.entity(record))
            return after, records

        done = await self._store.transact(work)
        if done is None:
            return None
        for record in done[1]:
            if record.stage is Stage.WAITING:
                self._doorbell.ring(record.queue)
        return done[0]


def _holds(task: Task, owner: str) -> bool:
    return task.lease is not None and task.lease.owner == owner


def _at(task: Task, progress: Progress | None) -> Task:
    return task if progress is None else task.model_copy(update={"progress": progress})
