"""Saving: a numbered batch becomes one insert, and an acknowledgement is a promise."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from store.errors import AlreadyExists, OutcomeUnknown, Unavailable
from store.port import Insert, Put, Transaction
from tenants.roles import Permission
from tenants.scope import TenantScope
from tenants.tenant import Tenant
from tp.clock import Clock
from tp.domain.attempt import Attempt, AttemptState
from tp.domain.deadline import Deadline
from tp.domain.events import Batch, Event
from tp.domain.log import check_events
from tp.domain.notices import Notice, shuts_out
from tp.domain.origin import origin_hash
from tp.domain.problem import Code, Problem
from tp.errors import NotFound, Refused
from tp.services.invigilation.attendance import Attendance
from tp.services.sitting.heads import Head, Heads
from tp.services.sitting.log import MAX_AHEAD, MAX_SEQ
from tp.services.sitting.notices import NoticeService, check_device
from tp.tables import ATTEMPTS, LATE, LOG, LogEntry, log_id

MAX_EVENTS = 500


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Batch `seq` is stored durably, and so are all up to `acked_seq`. `notices`: what is new to the client."""

    seq: int
    acked_seq: int
    server_now: datetime
    deadline: Deadline
    notices: list[Notice]


@dataclass(frozen=True, slots=True)
class Origin:
    """The client's address and user agent, as its request tells them. Only hashes of them are kept."""

    address: str
    agent: str


@dataclass(frozen=True, slots=True)
class Client:
    """Who saves: its `device`, as it names itself, and the last notice that it has."""

    device: str | None = None
    notices_after: str | None = None


class SaveService:
    """One round trip, an insert; one more when this process does not know what came before the batch.

    A batch beyond a gap, where closing puts no seal, goes through a transaction with the attempt.
    """

    def __init__(self, heads: Heads, notices: NoticeService, attendance: Attendance, clock: Clock) -> None:
        self._heads = heads
        self._attendance = attendance
        self._notices = notices
        self._clock = clock

    async def save(
        self,
        scope: TenantScope,
        attempt_id: str,
        seq: int,
        events: Sequence[Event],
        received_at: datetime,
        origin: Origin | None = None,
        client: Client | None = None,
    ) -> Acknowledgement:
        """Append batch `seq`, which the server received at `received_at` from `origin`.

        The same batch again is acknowledged again. Raises NotFound; Refused with INVALID, UNKNOWN_QUESTION,
        UNKNOWN_OPTION, TOO_LARGE, TOO_MANY, SEQUENCE_CONFLICT, NOT_STARTED, PAUSED, TAKEN_OVER, ATTEMPT_CLOSED,
        DEADLINE_PASSED. After the last three the batch is kept apart, flagged and not counted; after PAUSED it is
        to be sent again once the attempt goes on. Raises OutcomeUnknown, Unavailable when the store cannot tell
        or cannot be reached; sending the same batch again is then safe.
        """
        scope.require(Permission.SIT_TESTS)
        client = client or Client()
        _check_size(seq, events)
        check_device(client.device)
        head = await self._heads.known(scope.store, attempt_id, seq)
        if head.attempt.student_id != scope.principal.id:
            raise NotFound(attempt_id, ("attemptId",))
        canonical, problems = check_events(head.paper, events)
        if problems:
            raise Refused(problems)
        batch = _batch(scope.tenant, seq, canonical, received_at, origin)
        self._attendance.came(scope.store, head.attempt, received_at, canonical)
        if await self._is_shut(scope, head, received_at, client):
            head = await self._heads.read(scope.store, attempt_id, seq)
            if await self._is_shut(scope, head, received_at, client):
                return await self._too_late(scope, head, batch, client)
        if seq > head.contiguous + MAX_AHEAD:
            raise Refused.because(
                Code.INVALID, ("seq",), f"batch {seq} is too far ahead: {head.contiguous + 1} has not arrived"
            )
        return await self._append(scope, head, batch, client)

    async def _append(self, scope: TenantScope, head: Head, batch: Batch, client: Client) -> Acknowledgement:
        entry = LogEntry(attempt_id=head.attempt.id, seq=batch.seq, batch=batch)
        try:
            if head.unknown_before(batch.seq):
                if not await scope.store.transact(partial(_insert_beyond_gap, entry)):
                    return await self._too_late(scope, head, batch, client)
            else:
                await scope.store.commit([Insert(LOG.entity(entry))])
        except AlreadyExists:
            stored = await self._stored(scope, entry)
            if stored is None or stored.sealed_at is not None:
                self._heads.forget(scope.store, head.attempt.id)
                return await self._too_late(scope, head, batch, client)
            _check_same(stored, batch)
        except OutcomeUnknown as unknown:
            try:
                stored = await self._stored(scope, entry)
            except Unavailable:
                raise unknown from None  # that it cannot be read does not tell that it was not written
            if stored is None:
                raise
            _check_same(stored, batch)
        head.learn([batch.seq])
        return await self._acknowledge(scope, head, batch.seq, client)

    async def _stored(self, scope: TenantScope, entry: LogEntry) -> LogEntry | None:
        return LOG.found(await scope.store.get(LOG.key(log_id(entry.attempt_id, entry.seq))))

    async def _too_late(self, scope: TenantScope, head: Head, batch: Batch, client: Client) -> Acknowledgement:
        entry = LogEntry(attempt_id=head.attempt.id, seq=batch.seq, batch=batch)
        stored = await self._stored(scope, entry)
        if stored is not None and stored.batch is not None:
            _check_same(stored, batch)
            return await self._acknowledge(scope, head, batch.seq, client)
        if head.attempt.state is AttemptState.PREPARED:
            raise Refused.because(Code.NOT_STARTED, ("attemptId",), "the attempt has not been started")
        over = head.deadline(batch.received_at)
        runs = head.attempt.state is AttemptState.IN_PROGRESS and not head.sealed
        if runs and shuts_out(head.attempt, batch.received_at):
            told = "the attempt is paused: keep the batch, and send it when the attempt goes on"
            raise Refused.because(Code.PAUSED, ("attemptId",), told)
        await scope.store.commit([Put(LATE.entity(entry))])
        if head.attempt.state is AttemptState.IN_PROGRESS and batch.received_at > over.accepts_until:
            raise Refused.because(
                Code.DEADLINE_PASSED,
                ("attemptId",),
                f"time was over at {over.at.isoformat()}; the batch is kept and not counted",
            )
        if runs and _is_of_another_device(head.attempt, client):
            told = "another device has taken the attempt over; the batch is kept and not counted"
            raise Refused.because(Code.TAKEN_OVER, ("device",), told)
        raise Refused.because(
            Code.ATTEMPT_CLOSED, ("attemptId",), "the attempt is closed; the batch is kept and not counted"
        )

    async def _is_shut(self, scope: TenantScope, head: Head, received_at: datetime, client: Client) -> bool:
        """Tell whether a batch is not to be stored; what came before another device took over is."""
        if (
            head.sealed
            or head.attempt.state is not AttemptState.IN_PROGRESS
            or received_at > head.deadline(received_at).accepts_until
            or shuts_out(head.attempt, received_at)
        ):
            return True
        if not _is_of_another_device(head.attempt, client):
            return False
        since = await self._notices.taken_over_at(scope.store, head.attempt)
        return since is None or received_at > since

    async def _acknowledge(self, scope: TenantScope, head: Head, seq: int, client: Client) -> Acknowledgement:
        now = self._clock()
        notices = await self._notices.told(scope.store, head.attempt, client.notices_after, client.device)
        return Acknowledgement(seq, head.contiguous, now, head.deadline(now), notices)


async def _insert_beyond_gap(entry: LogEntry, transaction: Transaction) -> bool:
    """Insert a batch while the attempt runs; return whether it was.

    Closing seals the gaps below the highest number and the number after it, and no other. So the attempt is
    written too, unchanged: a closing under way then runs again and finds this batch.
    """
    attempt = ATTEMPTS.found(await transaction.get(ATTEMPTS.key(entry.attempt_id)))
    if attempt is None or attempt.state is not AttemptState.IN_PROGRESS:
        return False
    transaction.put(ATTEMPTS.entity(attempt))
    transaction.insert(LOG.entity(entry))
    return True


def digest_of(events: Sequence[Event]) -> str:
    """Return a digest of what the client sent: equal for equal events in equal order, whoever sends them."""
    digest = hashlib.blake2b(digest_size=16)
    for event in events:
        digest.update(event.model_dump_json().encode())
    return digest.hexdigest()


def _batch(
    tenant: Tenant, seq: int, events: tuple[Event, ...], received_at: datetime, origin: Origin | None
) -> Batch:
    digest, salt = digest_of(events), tenant.salt
    if origin is None or salt is None:
        return Batch(seq=seq, events=events, received_at=received_at, digest=digest)
    return Batch(
        seq=seq,
        events=events,
        received_at=received_at,
        digest=digest,
        address=origin_hash(salt, "address", origin.address),
        agent=origin_hash(salt, "agent", origin.agent),
    )


def _check_size(seq: int, events: Sequence[Event]) -> None:
    problems = []
    if not 1 <= seq <= MAX_SEQ:
        problems.append(Problem(Code.INVALID, ("seq",), f"batches are numbered from 1 to {MAX_SEQ}"))
    if len(events) > MAX_EVENTS:
        problems.append(Problem(Code.TOO_MANY, ("events",), f"at most {MAX_EVENTS} events in a batch"))
    if not events:
        problems.append(Problem(Code.REQUIRED, ("events",), "a batch holds at least one event"))
    if problems:
        raise Refused(problems)


def _is_of_another_device(attempt: Attempt, client: Client) -> bool:
    return client.device is not None and attempt.device not in (None, client.device)


def _check_same(stored: LogEntry, batch: Batch) -> None:
    if stored.batch is None or stored.batch.digest != batch.digest:
        raise Refused.because(
            Code.SEQUENCE_CONFLICT, ("seq",), f"batch {batch.seq} is stored with other content; resume first"
        )
