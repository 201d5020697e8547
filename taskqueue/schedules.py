"""Recurring schedules: kept per tenant, posting a task at each instant that is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog

from store.errors import Conflict
from store.port import Key, Namespace, Query, Range, Scalar, Transaction
from taskqueue import cron
from taskqueue.contract import Schedule
from taskqueue.errors import IdempotencyConflict, NotFound, Problem, Refused
from taskqueue.queue import PAGE_LIMIT, TaskQueue
from taskqueue.tables import SCHEDULES, KeptSchedule, schedule_id, second

_log = structlog.stdlib.get_logger("taskqueue.schedules")


@dataclass(frozen=True, slots=True)
class FoundSchedules:
    """`next` is the cursor of the next page, `None` on the last."""

    schedules: tuple[KeptSchedule, ...]
    next: str | None


class Schedules:
    """Names are each tenant's own. The tasks go through the queue, as everybody's do."""

    def __init__(self, store: Namespace, queue: TaskQueue) -> None:
        self._store = store
        self._queue = queue

    async def put(self, schedule: Schedule, now: datetime) -> tuple[KeptSchedule, bool]:
        """Keep a schedule, in the place of an earlier one of its name; return it, and whether it is new.

        Raises Refused for a cron expression, a zone or a task that would be refused when it is due.
        """
        self._check(schedule, now)
        tenant = schedule.task.tenant

        async def work(tx: Transaction) -> tuple[KeptSchedule, bool]:
            before = SCHEDULES.found(await tx.get(_key(tenant, schedule.name)))
            kept = KeptSchedule(
                schedule=schedule,
                tenant=tenant,
                next_at=_next(schedule, before, now),
                last_task_id=before.last_task_id if before is not None else None,
            )
            tx.put(SCHEDULES.entity(kept))
            return kept, before is None

        return await self._store.transact(work)

    async def get(self, tenant: str, name: str) -> KeptSchedule:
        """Return a schedule. Raises NotFound."""
        kept = SCHEDULES.found(await self._store.get(_key(tenant, name)))
        if kept is None:
            raise NotFound(name)
        return kept

    async def delete(self, tenant: str, name: str) -> None:
        """Remove a schedule; tasks that it has posted stay. Raises NotFound."""

        async def work(tx: Transaction) -> None:
            if await tx.get(_key(tenant, name)) is None:
                raise NotFound(name)
            tx.delete(_key(tenant, name))

        await self._store.transact(work)

    async def page(self, tenant: str | None, cursor: str | None = None, limit: int = PAGE_LIMIT) -> FoundSchedules:
        """Return schedules by tenant and name; those of all tenants when `tenant` is None."""
        where: dict[str, Scalar] = {} if tenant is None else {"tenant": tenant}
        query = Query(SCHEDULES.kind.name, where=where, limit=min(limit, PAGE_LIMIT), cursor=cursor)
        page = await self._store.query(query)
        return FoundSchedules(tuple(SCHEDULES.records(page.entities)), page.next)

    async def post_due(self, now: datetime, most: int) -> int:
        """Post a task for each schedule that is due, at most so many; return how many were looked at.

        Of several instants that passed, only the newest is posted. The idempotency key names the instant, so
        that two who do this at once, or one that dies halfway, post one task.
        """
        query = Query(SCHEDULES.kind.name, range=Range("next", below=second(now) + 1), limit=most)
        due = [kept for kept in SCHEDULES.records((await self._store.query(query)).entities) if _due(kept, now)]
        for kept in due:
            await self._advance(kept, await self._post(kept.schedule, now), now)
        return len(due)

    async def _post(self, schedule: Schedule, now: datetime) -> str | None:
        instant = cron.newest_until(schedule.cron, schedule.zone, now)
        key = f"{schedule.name}:{instant.isoformat()}"
        try:
            task, _ = await self._queue.post(schedule.task.model_copy(update={"idempotency_key": key}), now)
        except IdempotencyConflict as error:
            # It was posted, and then the schedule was changed before it was moved on.
            return error.task_id
        except Refused as error:
            # Its handler has gone, or has changed what it takes, since the schedule was kept.
            _log.error(
                "scheduled task refused", schedule=schedule.name, tenant=schedule.task.tenant, why=str(error)
            )
            return None
        return task.id

    async def _advance(self, due: KeptSchedule, task_id: str | None, now: datetime) -> None:
        async def work(tx: Transaction) -> None:
            kept = SCHEDULES.found(await tx.get(_key(due.tenant, due.schedule.name)))
            if kept is None or not _due(kept, now):
                return
            next_at = cron.next_after(kept.schedule.cron, kept.schedule.zone, now)
            changes = {"next_at": next_at, "last_task_id": task_id or kept.last_task_id}
            tx.put(SCHEDULES.entity(kept.model_copy(update=changes)))

        try:
            await self._store.transact(work)
        except Conflict:
            _log.info("schedule moved on by another", schedule=due.schedule.name, tenant=due.tenant)

    def _check(self, schedule: Schedule, now: datetime) -> None:
        cron.check(schedule.cron, schedule.zone)
        task = schedule.task
        given = [("idempotencyKey", task.idempotency_key), ("runAt", task.run_at)]
        if problems := [
            Problem(("task", name), "NOT_IN_A_SCHEDULE", "each due instant has its own")
            for name, value in given
            if value is not None
        ]:
            raise Refused(problems)
        try:
            self._queue.check(task, now)
        except Refused as error:
            raise error.below("task") from None


def _next(schedule: Schedule, before: KeptSchedule | None, now: datetime) -> datetime | None:
    if schedule.paused:
        return None
    if before is not None and before.next_at is not None and _rule(before.schedule) == _rule(schedule):
        return before.next_at  # which may be due, and not yet posted
    return cron.next_after(schedule.cron, schedule.zone, now)


def _rule(schedule: Schedule) -> tuple[str, str]:
    return schedule.cron, schedule.zone


def _due(kept: KeptSchedule, now: datetime) -> bool:
    return kept.next_at is not None and kept.next_at <= now


def _key(tenant: str, name: str) -> Key:
    return SCHEDULES.asked(schedule_id(tenant, name))
