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
from tp.domain.deadline import Deadline, DeadlineReason, Timing, deadline
from tp.domain.ids import test_of
from tp.domain.problem import Code, Problem
from tp.domain.test import Test
from tp.errors import NotFound, Refused
from tp.services.invigilation.attendance import Attendance
from tp.services.sitting.board import NoticeBoard, Posted
from tp.services.sitting.heads import Heads
from tp.services.sitting.log import MAX_SEQ, batches_of, gaps, read_log, seals, stored_numbers
from tp.services.sitting.together import AttemptReader
from tp.tables import ATTEMPTS, OUTBOX, Chore, OutboxRecord

MAX_RUNS = 5
"""How often a closing is run again because a batch arrived while it ran."""

MAX_NAMED = 200
"""How many missing batches are named."""


class CloseService:
    """Three round trips: the attempt and its test, the log, the commit with its seals and the outbox record."""

    def __init__(self, reader: AttemptReader, board: NoticeBoard, heads: Heads, attendance: Attendance) -> None:
        self._reader = reader
        self._board = board
        self._heads = heads
        self._attendance = attendance

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
            attempt, test, posted = await self._read(scope.store, transaction, attempt_id)
            if attempt.student_id != scope.principal.id:
                raise NotFound(attempt_id, ("attemptId",))
            if attempt.state is AttemptState.PREPARED:
                raise Refused.because(Code.NOT_STARTED, ("attemptId",), "the attempt has not been started")
            if attempt.state is not AttemptState.IN_PROGRESS:
                return attempt
            attempt = posted.heeded(test, attempt)
            over = deadline(Timing.of(test), attempt, now)
            if now > over.accepts_until:
                posted = await self._board.of(scope.store, test.id, within=0)
                attempt = posted.heeded(test, attempt)
                over = deadline(Timing.of(test), attempt, now)
            if now > over.accepts_until:
                return await self._expire(scope.store, transaction, attempt, over, now)
            return await self._close(
                scope.store,
                transaction,
                attempt,
                over,
                now,
                # A player hands in as soon as it is told; it was not the student who decided it.
                ClosedBy.INVIGILATOR if forced(over) and now >= over.at else ClosedBy.STUDENT,
                last_seq,
                allow_missing=allow_missing,
            )

        return await self._again_when_a_batch_arrives(scope.store, attempt_id, work)

    async def reread(self, store: Namespace, test_id: str) -> None:
        """Read a test and its notices anew, so that `expire` goes by them as they are now. Raises NotFound."""
        _, test, _ = await self._reader.with_test(store, test_id, anew=True)
        if test is None:
            raise NotFound(test_id, ("testId",))

    async def expire(self, store: Namespace, attempt_id: str, now: datetime) -> Attempt:
        """Close an attempt whose time is over, after whatever is stored; leave any other as it is.

        Raises NotFound. A running attempt is written as notices have changed it, and indexed by when it ends now,
        unless it is paused. Before one is closed its notices are read anew: time may just have been granted.
        """

        async def work(transaction: Transaction) -> Attempt:
            stored, test, posted = await self._read(store, transaction, attempt_id)
            if stored.state is not AttemptState.IN_PROGRESS:
                return stored
            attempt = posted.heeded(test, stored)
            over = deadline(Timing.of(test), attempt, now)
            if now > over.accepts_until:
                posted = await self._board.of(store, test.id, within=0)
                attempt = posted.heeded(test, stored)
                over = deadline(Timing.of(test), attempt, now)
            if now > over.accepts_until:
                return await self._expire(store, transaction, attempt, over, now)
            indexed = attempt.model_copy(update={"due_at": None if attempt.paused else over.accepts_until})
            if indexed != stored:
                transaction.put(ATTEMPTS.entity(indexed))
            return indexed

        return await self._again_when_a_batch_arrives(store, attempt_id, work)

    async def _read(
        self, store: Namespace, transaction: Transaction, attempt_id: str
    ) -> tuple[Attempt, Test, Posted]:
        """Read an attempt as it is stored and, at the same time, what is not here of its test and notices.

        These are read outside of the transaction: all who submit read them, and none of them changes them.
        Raises NotFound.
        """
        test_id = test_of(attempt_id)
        if test_id is None:
            raise NotFound(attempt_id, ("attemptId",))
        entity, (_, test, posted) = await asyncio.gather(
            transaction.get(ATTEMPTS.key(attempt_id)), self._reader.with_test(store, test_id)
        )
        attempt = ATTEMPTS.found(entity)
        if attempt is None or test is None:
            raise NotFound(attempt_id, ("attemptId",))
        return attempt, test, posted

    async def _expire(
        self, store: Namespace, transaction: Transaction, attempt: Attempt, over: Deadline, now: datetime
    ) -> Attempt:
        by = ClosedBy.INVIGILATOR if forced(over) else ClosedBy.DEADLINE
        return await self._close(store, transaction, attempt, over, now, by, None, allow_missing=True)

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
        stored = await _batches_stored(store, attempt.id, last_seq)
        highest = max(stored, default=0)
        last_seq = highest if last_seq is None else last_seq
        if highest > last_seq:
            raise Refused.because(
                Code.SEQUENCE_CONFLICT, ("lastSeq",), f"batches up to {highest} are stored; resume first"
            )
        missing = gaps(stored, last_seq)
        if missing and not allow_missing:
            raise Refused(_missing_problems(missing))
        closed = attempt.model_copy(
            update={
                "state": AttemptState.SUBMITTED,
                "submitted_at": now if closed_by is ClosedBy.STUDENT else min(now, over.at),
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
                attempt = await store.transact(work)
                if attempt.state is AttemptState.SUBMITTED:
                    self._attendance.changed(store, attempt)
                return attempt
            except AlreadyExists:
                continue
            finally:
                self._heads.forget(store, attempt_id)
        raise Conflict(MAX_RUNS)


async def _batches_stored(store: Namespace, attempt_id: str, last_seq: int | None) -> list[int]:
    """Return the numbers of the batches that are stored.

    Keys tell them as long as there is none beyond the last: that may be the seal of a closing that came before.
    """
    numbers = [] if last_seq is None else await stored_numbers(store, attempt_id)
    if last_seq is None or max(numbers, default=0) > last_seq:
        return [batch.seq for batch in batches_of(await read_log(store, attempt_id))]
    return numbers


def _missing_problems(missing: Sequence[int]) -> list[Problem]:
    return [
        Problem(Code.MISSING_BATCHES, ("lastSeq", seq), f"batch {seq} has not arrived: send it, then submit again")
        for seq in missing[:MAX_NAMED]
    ]


def forced(over: Deadline) -> bool:
    """Tell whether it was an invigilator who ended the attempt."""
    return over.reason is DeadlineReason.FORCED
