"""What must happen although nobody asks: expired attempts are closed, closed ones graded, corrections
finished, attempts retimed when their window was moved.

One pass may be run by any number of processes at once: each step is a transaction that finds its work done.
"""

from __future__ import annotations

from dataclasses import dataclass

from store.paging import every
from store.port import Namespace, Query, Range
from tp.clock import Clock
from tp.domain.attempt import AttemptState
from tp.services.grading.correct import CorrectionService
from tp.services.grading.grade import GradingService
from tp.services.outbox import strike
from tp.services.sitting.close import CloseService
from tp.tables import ATTEMPTS, OUTBOX, Chore, OutboxRecord, minute

PAGE = 100


@dataclass(frozen=True, slots=True)
class Swept:
    """What one pass did."""

    closed: int = 0
    graded: int = 0


class SweepService:
    """The platform's own work in one tenant's namespace."""

    def __init__(
        self, closing: CloseService, grading: GradingService, correction: CorrectionService, clock: Clock
    ) -> None:
        self._closing = closing
        self._grading = grading
        self._correction = correction
        self._clock = clock

    async def sweep(self, store: Namespace) -> Swept:
        """Close what is due, then do what the outbox asks for."""
        closed = await self.finalise_expired(store)
        return Swept(closed=closed, graded=await self.drain_outbox(store))

    async def finalise_expired(self, store: Namespace) -> int:
        """Close every attempt whose time is over; return how many were."""
        now = self._clock()
        query = Query(
            ATTEMPTS.kind.name,
            range=Range("due", below=minute(now) + 1),
            order_by="due",
            limit=PAGE,
            keys_only=True,
        )
        due = [entity.key.id async for entity in every(store, query)]
        attempts = [await self._closing.expire(store, id, now) for id in due]
        return sum(attempt.submitted_at is not None for attempt in attempts)

    async def drain_outbox(self, store: Namespace) -> int:
        """Do what commits have asked for, and what that asks for; return how many attempts were graded."""
        graded, retimed = 0, False
        records = [OUTBOX.record(entity) async for entity in every(store, Query(OUTBOX.kind.name, limit=PAGE))]
        for record in records:
            if record.chore is Chore.RETIME:
                await self._retime(store, record)
                retimed = True
            elif record.chore is Chore.RESCORE:
                scored, _ = await self._correction.rescore(store, record)
                graded += scored
            elif await self._grading.grade(store, record.subject) is not None:
                graded += 1
        return graded + await self.drain_outbox(store) if retimed else graded

    async def _retime(self, store: Namespace, chore: OutboxRecord) -> None:
        """Index the running attempts of a test anew by when they end now; close those that should have ended."""
        await self._closing.reread(store, chore.subject)
        where = {"test": chore.subject, "state": AttemptState.IN_PROGRESS}
        query = Query(ATTEMPTS.kind.name, where=where, limit=PAGE, keys_only=True)
        running = [entity.key.id async for entity in every(store, query)]
        for id in running:
            await self._closing.expire(store, id, self._clock())
        await strike(store, chore)
