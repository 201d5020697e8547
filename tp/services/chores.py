"""The long works of one tenant, each by what it is about: whoever does them, server or worker."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import JsonValue

from store.port import Namespace
from tp.errors import NotFound
from tp.services.exporting.results import ResultExport
from tp.services.grading.grade import GradingService
from tp.services.grading.rescore import RescoreService
from tp.services.reports.follow import ReportFollowing
from tp.services.sitting.expire import ExpiryService
from tp.services.sitting.prepare import PrepareService
from tp.services.steps import Step, Work
from tp.tables import JOBS, Chore, JobKind, OutboxRecord


@dataclass(frozen=True, slots=True)
class Chores:
    grading: GradingService
    rescoring: RescoreService
    expiry: ExpiryService
    preparing: PrepareService
    exporting: ResultExport
    reports: ReportFollowing | None = None

    def of(self, store: Namespace, record: OutboxRecord) -> Work | None:
        """Return the work that a record of the outbox asks for; `None`: the server alone leaves it undone."""
        match record.chore:
            case Chore.GRADE:
                return self.grading.these(store, [record.subject])
            case Chore.RESCORE:
                return self.rescoring.work(store, record.subject)
            case Chore.RETIME:
                return self.expiry.retime(store, record.subject)
            case Chore.HEED:
                return self.expiry.heed(store, record.subject)
            case Chore.JOB:
                return self.job(store, record.subject)
            case Chore.REPORT:
                return self.report(store, record.subject)
            case Chore.PREPARE:
                # It takes a rate that a pass cannot keep, and a start inserts what was not prepared.
                return None

    def report(self, store: Namespace, id: str) -> Work:
        """Return the work of handing a report on. Its step raises NotFound, and where nobody makes reports."""
        if self.reports is None:
            return _nobody(id)
        return self.reports.hand_on(store, id)

    def job(self, store: Namespace, id: str) -> Work:
        """Return the work that staff asked for by this job. Its steps raise NotFound when the job is gone."""

        async def step(at: JsonValue) -> Step:
            job = JOBS.found(await store.get(JOBS.key(id)))
            if job is None:
                raise NotFound(id)
            if job.finished_at is not None:
                return Step(0)
            if job.kind is JobKind.RESCORE:
                return await self.rescoring.of_job(store, job)(at)
            return await self.exporting.of_job(store, job)(at)

        return step


def _nobody(id: str) -> Work:
    async def step(_: JsonValue) -> Step:
        raise NotFound(id)

    return step
