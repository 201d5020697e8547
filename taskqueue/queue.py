"""The use cases of whoever hands over work: post, read, cancel, retry, and look at the queues."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from store.errors import AlreadyExists, OutcomeUnknown, Unavailable
from store.port import Insert, Namespace, Put, Query, Scalar, Transaction
from taskqueue import lifecycle
from taskqueue.contract import FINAL, Handlers, QueueView, TaskRequest, TaskState, TenantPurge, Weight
from taskqueue.endings import written
from taskqueue.errors import IdempotencyConflict, NotFound, WrongState
from taskqueue.posting import Admits, posted
from taskqueue.purging import purge
from taskqueue.ringing import Doorbell
from taskqueue.tables import ALIVE, NODES, SETTINGS, TASKS, Node, QueueSetting, Stage, Task, staged
from trust.clock import Entropy

PAGE_LIMIT = 100


class Asker(Protocol):
    """Whose tasks may be seen and changed."""

    def covers(self, tenant: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class FoundTasks:
    """`next` is the cursor of the next page, `None` on the last."""

    tasks: tuple[Task, ...]
    next: str | None


class TaskQueue:
    """Over the namespace `taskqueue` of a store. The doorbell rings after the commit, and may fail."""

    def __init__(
        self, store: Namespace, handlers: Handlers, admits: Admits, doorbell: Doorbell, random: Entropy
    ) -> None:
        """`admits` tells where callbacks may go."""
        self._store = store
        self._handlers = handlers
        self._admits = admits
        self._doorbell = doorbell
        self._random = random

    async def post(self, request: TaskRequest, now: datetime) -> tuple[Task, bool]:
        """Keep a task, durably; return it, and whether it is new: the same request again gives the same task.

        Raises UnknownType, PayloadTooLarge, Refused, IdempotencyConflict.
        """
        task = posted(request, self._handlers, self._admits, now, self._random)
        try:
            await self._store.commit([Insert(TASKS.entity(task))])
        except AlreadyExists:
            return await self._earlier(task), False
        except OutcomeUnknown:
            found = await self._earlier(task)
            return found, found == task
        self._ring(task)
        return task, True

    def check(self, request: TaskRequest, now: datetime) -> None:
        """Raise what `post` would raise for a request that is at fault."""
        posted(request, self._handlers, self._admits, now, self._random)

    async def get(self, task_id: str, asker: Asker) -> Task:
        """Return a task. Raises NotFound, also for a tenant's that the asker does not cover."""
        return _seen(TASKS.found(await self._store.get(TASKS.asked(task_id))), task_id, asker)

    async def page(
        self,
        *,
        tenant: str | None,
        state: TaskState | None = None,
        type: str | None = None,
        cursor: str | None = None,
        limit: int = PAGE_LIMIT,
    ) -> FoundTasks:
        """Return tasks, the newest first, `PAGE_LIMIT` a page at most; of all tenants when `tenant` is None.

        Raises the store's BadCursor.
        """
        asked: dict[str, Scalar | None] = {"tenant": tenant, "state": state, "type": type}
        where = {name: value for name, value in asked.items() if value is not None}
        query = Query(
            TASKS.kind.name,
            where=where,
            order_by="created",
            descending=True,
            limit=min(limit, PAGE_LIMIT),
            cursor=cursor,
        )
        page = await self._store.query(query)
        return FoundTasks(tuple(TASKS.records(page.entities)), page.next)

    async def cancel(self, task_id: str, asker: Asker, now: datetime) -> Task:
        """End a task that waits, or ask one that runs to stop; a cancelled one stays as it is.

        Raises NotFound, WrongState for one that succeeded or failed.
        """

        def change(task: Task) -> Task:
            if task.state in FINAL and task.state is not TaskState.CANCELLED:
                raise WrongState(task.id, task.state, "cancelled")
            return lifecycle.request_cancel(task, now)

        return await self._change(task_id, asker, change)

    async def retry(self, task_id: str, asker: Asker, now: datetime) -> Task:
        """Let a failed or cancelled task begin anew, from its checkpoint. Raises NotFound, WrongState."""

        def change(task: Task) -> Task:
            if task.state not in lifecycle.RETRYABLE:
                raise WrongState(task.id, task.state, "retried")
            return lifecycle.retry(task, now)

        return await self._change(task_id, asker, change)

    async def purge(self, tenant: str, spared: Sequence[str], now: datetime) -> TenantPurge:
        """Delete a tenant's records, those of the task types `spared` left out; what runs is asked to stop."""
        return await purge(self._store, tenant, spared, now)

    async def queues(self, now: datetime) -> list[QueueView]:
        """Return how every queue stands."""
        page = await self._store.query(Query(NODES.kind.name, limit=1000))
        nodes = [node for node in NODES.records(page.entities) if now - node.proved_at <= ALIVE]
        return await asyncio.gather(*(self._queue(queue, nodes) for queue in Weight))

    async def set_workers(self, queue: Weight, count: int) -> None:
        """Keep how many processes shall work on a queue; the sweeper sees to it."""
        await self._store.commit([Put(SETTINGS.entity(QueueSetting(queue=queue, workers=count)))])

    async def waiting(self, queue: Weight) -> int:
        """Return how many tasks could run now."""
        return await self._count(queue, Stage.WAITING)

    async def _queue(self, queue: Weight, nodes: list[Node]) -> QueueView:
        depth, delayed, running = [await self._count(queue, stage) for stage in Stage]
        oldest = Query(TASKS.kind.name, where={"stage": staged(queue, Stage.WAITING)}, order_by="since", limit=1)
        found = TASKS.records((await self._store.query(oldest)).entities)
        setting = SETTINGS.found(await self._store.get(SETTINGS.key(queue)))
        return QueueView(
            name=queue,
            depth=depth,
            delayed=delayed,
            running=running,
            oldest_waiting_at=found[0].run_at if found else None,
            workers=setting.workers if setting is not None else None,
            alive=sum(node.processes for node in nodes if node.queue is queue),
        )

    async def _count(self, queue: Weight, stage: Stage) -> int:
        return await self._store.count(Query(TASKS.kind.name, where={"stage": staged(queue, stage)}))

    async def _earlier(self, task: Task) -> Task:
        found = TASKS.found(await self._store.get(TASKS.key(task.id)))
        if found is None:
            raise Unavailable("whether the task was kept is not known; send it again")
        if found.digest != task.digest:
            raise IdempotencyConflict(found.id)
        self._ring(found)
        return found

    async def _change(self, task_id: str, asker: Asker, change: Callable[[Task], Task]) -> Task:
        async def work(tx: Transaction) -> list[Task]:
            task = _seen(TASKS.found(await tx.get(TASKS.asked(task_id))), task_id, asker)
            after = change(task)
            if after == task:
                return [after]
            records = written(task, after)
            for record in records:
                tx.put(TASKS.entity(record))
            return records

        records = await self._store.transact(work)
        for record in records:
            self._ring(record)
        return records[0]

    def _ring(self, task: Task) -> None:
        if task.stage is Stage.WAITING:
            self._doorbell.ring(task.queue)


def _seen(task: Task | None, task_id: str, asker: Asker) -> Task:
    if task is None or not asker.covers(task.tenant):
        raise NotFound(task_id)
    return task
