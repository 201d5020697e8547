"""Starting an attempt: idempotent, because its id is a hash of who starts what for which time."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from zlib import crc32

from store.errors import AlreadyExists
from store.port import Insert, Namespace, Transaction
from tenants.roles import Permission
from tenants.scope import TenantScope
from tp.clock import Entropy
from tp.domain.accommodation import Conditions
from tp.domain.attempt import Attempt, AttemptState
from tp.domain.deadline import Timing, deadline
from tp.domain.ids import attempt_id
from tp.domain.problem import Code, Problem
from tp.domain.test import Test, TestState
from tp.errors import NotFound, Refused
from tp.services.invigilation.attendance import Attendance
from tp.services.people.records import USERS
from tp.services.sitting.assignment import conditions_of, subjects_of
from tp.services.sitting.devices import DeviceService
from tp.services.sitting.heads import Heads
from tp.services.sitting.notices import check_device
from tp.services.sitting.together import AttemptReader
from tp.tables import ASSIGNMENTS, ATTEMPTS

START_SPREAD_SECONDS = 3.0
"""Over how long those come back who wanted to start too early: not all at the second at which a test opens."""

FINISHED = frozenset({AttemptState.SUBMITTED, AttemptState.GRADED, AttemptState.VOID})


class StartService:
    """Three round trips: what the start depends on, the assignments, the commit.

    What ten thousand starts have in common is read without a lock; only the student's own attempt is written, by
    an insert or, when it was prepared, in a transaction of its own.
    """

    def __init__(
        self, reader: AttemptReader, devices: DeviceService, heads: Heads, attendance: Attendance, entropy: Entropy
    ) -> None:
        self._reader = reader
        self._devices = devices
        self._heads = heads
        self._attendance = attendance
        self._entropy = entropy

    async def start(
        self,
        scope: TenantScope,
        test_id: str,
        number: int,
        now: datetime,
        device: str | None = None,
        *,
        take_over: bool = False,
    ) -> Attempt:
        """Return the student's attempt, begun at `now` unless it had begun before, and held by `device` if named.

        Raises NotFound for a test that is missing or not assigned; Refused with NOT_OPEN, WINDOW_CLOSED,
        INVALID_STATE, ATTEMPT_LIMIT, ATTEMPT_CLOSED, and OTHER_DEVICE when another holds it, unless `take_over`;
        TOO_MANY when it has changed hands too often.
        """
        scope.require(Permission.SIT_TESTS)
        check_device(device)
        if not 1 <= number <= 100:
            raise Refused.because(Code.INVALID, ("number",), "attempts are numbered from 1 to 100")
        try:
            return await self._start(scope, test_id, number, now, device, take_over)
        except AlreadyExists:
            # Another tap inserted it first: this run reads it.
            return await self._start(scope, test_id, number, now, device, take_over)

    async def _start(
        self, scope: TenantScope, test_id: str, number: int, now: datetime, device: str | None, take_over: bool
    ) -> Attempt:
        student, store = scope.principal.id, scope.store
        key = ATTEMPTS.asked(attempt_id(test_id, student, number))
        before = ATTEMPTS.asked(attempt_id(test_id, student, max(number - 1, 1)))
        found, test, posted = await self._reader.with_test(
            store, test_id, [USERS.key(student), key, before], anew=True
        )
        user = USERS.found(found.get(USERS.key(student)))
        if test is None or user is None or test.state is TestState.DRAFT:
            raise NotFound(test_id, ("testId",))
        attempt, previous = ATTEMPTS.found(found.get(key)), ATTEMPTS.found(found.get(before))
        if attempt is not None and attempt.state is not AttemptState.PREPARED:
            running = posted.heeded(test, _running(attempt))
            return await self._devices.hold(scope, test, running, device, take_over=take_over, now=now)

        async def begin(prepared: Attempt | None) -> Attempt:
            keys = [ASSIGNMENTS.key(f"{test.id}:{subject}") for subject in subjects_of(user)]
            conditions = conditions_of(test, [ASSIGNMENTS.found(e) for e in await store.get_many(keys)])
            if conditions is None:
                raise NotFound(test_id, ("testId",))
            _check_may_start(test, number, conditions, previous, now, _spread(key.id))
            begun = self._begin(test, student, number, conditions, prepared, now)
            return begun.model_copy(update={"device": device})

        if attempt is None:
            begun = await begin(None)
            await store.commit([Insert(ATTEMPTS.entity(begun))])
            return self._begun(store, begun, test)

        async def begin_prepared(transaction: Transaction) -> Attempt:
            found, begun = await asyncio.gather(transaction.get(key), begin(attempt))
            now_there = ATTEMPTS.found(found)
            if now_there is None or now_there.state is not AttemptState.PREPARED:
                raise AlreadyExists((key,))
            transaction.put(ATTEMPTS.entity(begun))
            return begun

        return self._begun(store, await store.transact(begin_prepared), test)

    def _begun(self, store: Namespace, attempt: Attempt, test: Test) -> Attempt:
        """Make known in this process what has just begun."""
        self._heads.begin(store, attempt, test)
        self._attendance.changed(store, attempt)
        return attempt

    def _begin(
        self,
        test: Test,
        student: str,
        number: int,
        conditions: Conditions,
        prepared: Attempt | None,
        now: datetime,
    ) -> Attempt:
        assert test.paper_version is not None
        begun = Attempt(
            id=attempt_id(test.id, student, number),
            test_id=test.id,
            student_id=student,
            number=number,
            state=AttemptState.IN_PROGRESS,
            paper_version=test.paper_version,
            seed=prepared.seed if prepared else int.from_bytes(self._entropy(6), "big"),
            conditions=conditions,
            started_at=now,
        )
        return begun.model_copy(update={"due_at": deadline(Timing.of(test), begun, now).accepts_until})


def _running(attempt: Attempt) -> Attempt:
    if attempt.state in FINISHED:
        raise Refused.because(
            Code.ATTEMPT_CLOSED, ("number",), f"attempt {attempt.number} is over: it is {attempt.state}"
        )
    return attempt


def _spread(attempt_id: str) -> float:
    """Return a number of seconds below START_SPREAD_SECONDS, the same for the same attempt."""
    return crc32(attempt_id.encode()) / 2**32 * START_SPREAD_SECONDS


def _check_may_start(
    test: Test, number: int, conditions: Conditions, previous: Attempt | None, now: datetime, spread: float
) -> None:
    """Raise Refused; whoever is too early may come back `spread` seconds after the test opens."""
    schedule = test.schedule
    if test.state is not TestState.PUBLISHED:
        raise Refused.because(Code.WINDOW_CLOSED, ("testId",), "the test is closed")
    if schedule.opens_at is not None and now < schedule.opens_at:
        told = f"the test opens at {schedule.opens_at.isoformat()}"
        again = (schedule.opens_at - now).total_seconds() + spread
        raise Refused([Problem(Code.NOT_OPEN, ("testId",), told, again)])
    if schedule.closes_at is not None:
        closes_at = schedule.closes_at + timedelta(minutes=conditions.extension_minutes)
        if now >= closes_at:
            raise Refused.because(Code.WINDOW_CLOSED, ("testId",), f"the test closed at {closes_at.isoformat()}")
    if number > test.attempts_allowed:
        raise Refused.because(
            Code.ATTEMPT_LIMIT, ("number",), f"the test allows {test.attempts_allowed} attempt(s)"
        )
    if number > 1 and (previous is None or previous.state not in FINISHED):
        raise Refused.because(Code.INVALID_STATE, ("number",), f"attempt {number - 1} is not over yet")
