"""The relay: what commits left in the outbox is posted to the task queue and struck off after the answer.

Every replica relays; the same record makes the same task, so nothing is doubled. While the queue is away the
records stay, and a later pass tries again: nobody on a student's path waits for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import structlog

from store.port import Namespace, Query, Transaction
from store.records import M, Table
from taskqueue.contract import TaskRequest, TaskView
from tp.clients.errors import KeyConflict, TaskRefused
from tp.clients.taskqueue import TaskQueueClient
from tp.clock import Clock
from tp.domain.attempt import AttemptState
from tp.services.outbox import strike_in
from tp.services.sitting.expire import ExpiryService
from tp.tables import ATTEMPTS, JOBS, OUTBOX, TESTS, Chore, OutboxRecord
from tp.tasks.posting import Posting, finalising, forgotten, gradings, posting

_log = structlog.stdlib.get_logger("tp.relay")

PAGE = 500
FORGOTTEN_AFTER = timedelta(minutes=30)
"""After so long a closed attempt is believed to have no task any more that would grade it."""
HORIZON = timedelta(days=7)
"""How long before its instant a record is handed on: the queue takes none that lies a year ahead."""


class RelayService:
    def __init__(self, queue: TaskQueueClient, expiry: ExpiryService, clock: Clock) -> None:
        self._queue = queue
        self._expiry = expiry
        self._clock = clock

    async def post_due(self, tenant: str, store: Namespace) -> int:
        """Have the expired attempts of each test closed; return how many tests. Raises QueueUnreachable."""
        due = await self._expiry.tests_due(store)
        for test_id in sorted(due):
            await self._post(finalising(tenant, test_id, self._clock()))
        return len(due)

    async def post_forgotten(self, tenant: str, store: Namespace) -> int:
        """Have attempts graded that were closed long ago and wait; return how many. Raises QueueUnreachable."""
        now = self._clock()
        query = Query(ATTEMPTS.kind.name, where={"state": AttemptState.SUBMITTED}, limit=PAGE)
        waiting = ATTEMPTS.records((await store.query(query)).entities)
        ids = [each.id for each in waiting if each.submitted_at and each.submitted_at < now - FORGOTTEN_AFTER]
        for request in forgotten(tenant, ids, now):
            await self._post(request)
        return len(ids)

    async def relay(self, tenant: str, store: Namespace) -> int:
        """Post what the outbox holds; return how many records were handed on. Raises QueueUnreachable.

        What the queue refuses stays: it is told once a pass, and tried again.
        """
        handed, refused = 0, list[TaskRefused]()
        cursor: str | None = None
        while True:
            page = await store.query(Query(OUTBOX.kind.name, limit=PAGE, cursor=cursor))
            for each in await self._postings(tenant, store, OUTBOX.records(page.entities)):
                try:
                    handed += await self._hand_on(store, each)
                except TaskRefused as error:
                    refused.append(error)
            cursor = page.next
            if cursor is None:
                break
        if refused:
            _log.error(
                "tasks refused; their records stay", tenant=tenant, tasks=len(refused), first=str(refused[0])
            )
        return handed

    async def _postings(self, tenant: str, store: Namespace, records: Sequence[OutboxRecord]) -> list[Posting]:
        soon = self._clock() + HORIZON
        records = [record for record in records if record.run_at is None or record.run_at <= soon]
        tests = await _by_id(store, TESTS, [r.subject for r in records if r.chore is Chore.PREPARE])
        jobs = await _by_id(store, JOBS, [r.subject for r in records if r.chore is Chore.JOB])
        postings = list(gradings(tenant, [record for record in records if record.chore is Chore.GRADE]))
        for record in records:
            if record.chore is not Chore.GRADE:
                postings.append(posting(tenant, record, tests, jobs))
        return postings

    async def _hand_on(self, store: Namespace, each: Posting) -> int:
        """Post one task and strike its records off. Raises QueueUnreachable, TaskRefused."""
        task = await self._post(each.request) if each.request is not None else None

        async def work(transaction: Transaction) -> None:
            await strike_in(transaction, *each.records)
            if task is not None and each.job is not None:
                job = JOBS.found(await transaction.get(JOBS.key(each.job)))
                if job is not None:
                    transaction.put(JOBS.entity(job.model_copy(update={"queued_as": task.id})))

        await store.transact(work)
        return len(each.records)

    async def _post(self, request: TaskRequest) -> TaskView | None:
        try:
            return await self._queue.post(request)
        except KeyConflict as conflict:
            # Posted before by another version of this code: the task is there, and that is what the key says.
            _log.warning("a task of the same key has other content", type=request.type, key=conflict.key)
            return None


async def _by_id(store: Namespace, table: Table[M], ids: Sequence[str]) -> dict[str, M]:
    found = await store.get_many([table.key(id) for id in ids])
    return {id: table.record(entity) for id, entity in zip(ids, found, strict=True) if entity is not None}
