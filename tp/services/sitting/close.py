"""Closing an attempt: by its student, or by its deadline when nobody does."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from store.errors import AlreadyExists, Conflict
from store.port import Namespace, Transaction
from tenants.roles import Permission
from tenants.scope import TenantScope
from tp.domain.attempt import Attempt, AttemptState, ClosedBy
from tp.domain.deadline import Deadline, Timing, deadline
from tp.domain.ids import test_of
from tp.domain.problem import Code, Problem
from tp.domain.test import Test
from tp.errors import NotFound, Refused
from tp.services.sitting.heads import Heads
from tp.services.sitting.log import MAX_SEQ, batches_of, gaps, read_log, seals
from tp.services.tests import RecentTests, load_test
from tp.tables import ATTEMPTS, OUTBOX, Chore, OutboxRecord

MAX_RUNS = 5
"""How often a closing is run again because a batch arrived while it ran."""

MAX_NAMED = 200
"""How many missing batches are named."""


class CloseService:
    """Three round trips: the attempt and its test, the log, the commit with its seals and the outbox record."""

    def __init__(self, recent: RecentTests, heads: Heads) -> None:
        self._recent = recent
        self._heads = heads

    async def submit(
        self, scope: TenantScope, attempt_id: str, last_seq: int, allow_missing: bool, now: datetime
    ) -> Attempt:
        """Close the log after batch `last_seq`; a closed attempt is returned as it is.

        Raises NotFound; Refused with NOT_STARTED, INVALID, SEQUENCE_CONFLICT when more batches are stored
        than the client knows of, MISSING_BATCHES (the path names each) unless `allow_missing`.
        """
        scope.require(Permission.SIT_TESTS)
        if not 0 <= last_seq <= MAX_SEQ:
            raise Refused.because(Code.INVALID, ("lastSeq",), f"the last number is from 0 to {MAX_SEQ}")

        async def work(transaction: Transaction) -> Attempt:
            attempt, test = await self._read(scope.store, transaction, attempt_id)
            if attempt.student_id != scope.principal.id:
                raise NotFound(attempt_id, ("attemptId",))
            if attempt.state is AttemptState.PREPARED:
                raise Refused.because(Code.NOT_STARTED, ("attemptId",), "the attempt has not been started")
            if attempt.state is not AttemptState.IN_PROGRESS:
                return attempt
            over = deadline(Timing.of(test), attempt, now)
            if now > over.accepts_until:
                return await self._expire(scope.store, transaction, attempt, over, now)
            return await self._close(
                scope.store,
                transaction,
                attempt,
                over,
                now,
                ClosedBy.STUDENT,
                last_seq,
                allow_missing=allow_missing,
            )

        return await self._again_when_a_batch_arrives(scope.store, attempt_id, work)

    async def reread(self, store: Namespace, test_id: str) -> None:
        """Read a test anew, so that `expire` goes by the window it has now."""
        self._recent.hold(store, await load_test(store, test_id))

    async def expire(self, store: Namespace, attempt_id: str, now: datetime) -> Attempt:
        """Close an attempt whose time is over, after whatever is stored; leave any other as it is.

        Raises NotFound. An attempt whose deadline moved since it was last written is indexed anew.
        """

        async def work(transaction: Transaction) -> Attempt:
            attempt, test = await self._read(store, transaction, attempt_id)
            if attempt.state is not AttemptState.IN_PROGRESS:
                return attempt
            over = deadline(Timing.of(test), attempt, now)
            if now > over.accepts_until:
                return await self._expire(store, transaction, attempt, over, now)
            if attempt.due_at != over.accepts_until:
                attempt = attempt.model_copy(update={"due_at": over.accepts_until})
                transaction.put(ATTEMPTS.entity(attempt))
            return attempt

        return await self._again_when_a_batch_arrives(store, attempt_id, work)

    async def _read(self, store: Namespace, transaction: Transaction, attempt_id: str) -> tuple[Attempt, Test]:
        """Read an attempt and, at the same time unless a fresh copy is here, its test. Raises NotFound.

        The test is read outside of the transaction: all who submit read it, and none of them changes it.
        """
        test_id = test_of(attempt_id)
        if test_id is None:
            raise NotFound(attempt_id, ("attemptId",))
        entity, test = await asyncio.gather(
            transaction.get(ATTEMPTS.key(attempt_id)), self._recent.find(store, test_id)
        )
        attempt = ATTEMPTS.found(entity)
        if attempt is None or test is None:
            raise NotFound(attempt_id, ("attemptId",))
        return attempt, test

    async def _expire(
        self, store: Namespace, transaction: Transaction, attempt: Attempt, over: Deadline, now: datetime
    ) -> Attempt:
        return await self._close(
            store, transaction, attempt, over, now, ClosedBy.DEADLINE, None, allow_missing=True
        )

    async def _close(
        self,
        store: Namespace,
        transaction: Transaction,
        attempt: Attempt,
        over: Deadline,
        now: datetime,
        closed_by: ClosedBy,
        last_seq: int | None,
        *,
        allow_missing: bool,
    ) -> Attempt:
        batches = batches_of(await read_log(store, attempt.id))
        highest = max((batch.seq for batch in batches), default=0)
        last_seq = highest if last_seq is None else last_seq
        if highest > last_seq:
            raise Refused.because(
                Code.SEQUENCE_CONFLICT, ("lastSeq",), f"batches up to {highest} are stored; resume first"
            )
        missing = gaps(batches, last_seq)
        if missing and not allow_missing:
            raise Refused(_missing_problems(missing))
        closed = attempt.model_copy(
            update={
                "state": AttemptState.SUBMITTED,
                "submitted_at": min(now, over.at) if closed_by is ClosedBy.DEADLINE else now,
                "closed_by": closed_by,
                "last_seq": last_seq,
                "missing": tuple(missing[:MAX_NAMED]),
                "due_at": None,
            }
        )
        transaction.put(ATTEMPTS.entity(closed))
        outbox = OutboxRecord(chore=Chore.GRADE, subject=attempt.id, recorded_at=now)
        transaction.put(OUTBOX.entity(outbox))
        for seal in seals(attempt.id, [seq for seq in missing if seq < highest], highest, now):
            transaction.insert(seal.entity)
        return closed

    async def _again_when_a_batch_arrives(
        self, store: Namespace, attempt_id: str, work: Callable[[Transaction], Awaitable[Attempt]]
    ) -> Attempt:
        for _ in range(MAX_RUNS):
            try:
                return await store.transact(work)
            except AlreadyExists:
                continue
            finally:
                self._heads.forget(store, attempt_id)
        raise Conflict(MAX_RUNS)


def _missing_problems(missing: Sequence[int]) -> list[Problem]:
    return [
        Problem(Code.MISSING_BATCHES, ("lastSeq", seq), f"batch {seq} has not arrived: send it, then submit again")
        for seq in missing[:MAX_NAMED]
    ]
