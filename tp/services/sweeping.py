"""What must happen although nobody asks, done by the server itself: the way without a task queue.

Expired attempts are closed, closed ones graded, corrections finished, attempts retimed, what staff asked for made.
One pass may be run by any number of processes at once: each step is a transaction that finds its work done.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import structlog

from store.paging import every
from store.port import Namespace, Query
from tp.clients.errors import AnalysisUnreachable
from tp.errors import NotFound
from tp.services.chores import Chores
from tp.services.jobs import WENT_WRONG, JobService
from tp.services.outbox import strike
from tp.services.steps import Failures, Work, each, to_the_end
from tp.tables import OUTBOX, Chore, OutboxRecord

_log = structlog.stdlib.get_logger("tp.sweeping")

PAGE = 100


@dataclass(frozen=True, slots=True)
class Swept:
    """What one pass did."""

    closed: int = 0
    graded: int = 0


class SweepService:
    """The platform's own work in one tenant's namespace."""

    def __init__(self, chores: Chores, jobs: JobService) -> None:
        self._chores = chores
        self._jobs = jobs

    async def sweep(self, store: Namespace) -> Swept:
        """Close what is due, then do what the outbox asks for, also when not all could be closed."""
        with Failures() as failures:
            closed = await failures.of(self._close_due(store))
            graded = await failures.of(self.drain_outbox(store))
        return Swept(closed=closed, graded=graded)

    async def drain_outbox(self, store: Namespace) -> int:
        """Do what commits have asked for, and what that asks for; return how many attempts were graded.

        What fails keeps nothing else from being done, and is raised at the end.
        """
        with Failures() as failures:
            graded, retimed = await self._drain(store, failures)
            while retimed:
                more, retimed = await self._drain(store, failures)
                graded += more
        return graded

    async def _drain(self, store: Namespace, failures: Failures) -> tuple[int, bool]:
        """Go once through the outbox; tell how many were graded, and whether retiming has closed others."""
        records = [OUTBOX.record(entity) async for entity in every(store, Query(OUTBOX.kind.name, limit=PAGE))]
        graded, retimed = 0, False
        for record in records:
            if record.chore is not Chore.GRADE:
                failed_before = len(failures)
                graded += await failures.of(self._do(store, record))
                retimed |= record.chore in (Chore.RETIME, Chore.HEED) and len(failures) == failed_before
        closed = [record.subject for record in records if record.chore is Chore.GRADE]
        return graded + await failures.of(self._grade(store, closed)), retimed

    async def _close_due(self, store: Namespace) -> int:
        return (await to_the_end(self._chores.expiry.finalise(store))).done

    async def _grade(self, store: Namespace, closed: list[str]) -> int:
        results = await each(partial(self._chores.grading.grade, store), closed)
        return sum(result is not None for result in results)

    async def _do(self, store: Namespace, record: OutboxRecord) -> int:
        """Do one chore and strike it off; return how many attempts that graded."""
        work = self._chores.of(store, record)
        done = 0
        if work is not None and record.chore is Chore.JOB:
            await self._try(store, work, record.subject)
        elif work is not None and record.chore is Chore.REPORT:
            if not await self._handed_on(work, record.subject):
                return 0
        elif work is not None:
            done = (await to_the_end(work)).done
        await strike(store, record)
        return done if record.chore is Chore.RESCORE else 0

    async def _handed_on(self, work: Work, report_id: str) -> bool:
        """Hand a report on; tell whether that is over: what could not be reached is tried in the next pass."""
        try:
            await to_the_end(work)
        except NotFound:
            return True
        except AnalysisUnreachable as error:
            _log.info("a report waits", report=report_id, reason=error.reason)
            return False
        return True

    async def _try(self, store: Namespace, work: Work, job_id: str) -> None:
        """Do a job, once: whoever asked for it is told when it fails."""
        try:
            await to_the_end(work)
        except NotFound:
            return
        except Exception:
            _log.exception("a job failed", job=job_id)
            await self._jobs.finish(store, job_id, failure=WENT_WRONG)
