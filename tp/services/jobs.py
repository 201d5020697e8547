"""Long work that staff asked for: recorded with the commit that causes it, followed until it ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from store.port import Namespace, Put, Transaction
from taskqueue.contract import ErrorCode, Progress, TaskState, TaskView
from tenants.roles import Permission
from tenants.scope import TenantScope
from tp.clients.errors import TaskQueueError
from tp.clients.taskqueue import TaskQueueClient
from tp.clock import Clock, Entropy
from tp.domain.ids import JOB, new_id
from tp.errors import NotFound
from tp.tables import JOBS, OUTBOX, Chore, ExportFormat, Job, JobKind, OutboxRecord


class JobState(StrEnum):
    WAITING = "WAITING"
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class JobReport:
    """How a job stands, in words for whoever asked for it."""

    job: Job
    state: JobState
    progress: Progress | None = None
    message: str | None = None
    finished_at: datetime | None = None


WENT_WRONG = "Something went wrong on our side, and trying again did not help. Ask for it once more later."
TOO_LONG = "It took too long and was given up. Ask for it once more when there is less to do."
FORGOTTEN = "It came to nothing, too long ago to tell why. Ask for it once more."
NOT_KNOWN = "How far it is cannot be told just now; it goes on."
_TOLD = {ErrorCode.TIMED_OUT: TOO_LONG, ErrorCode.OUT_OF_MEMORY: TOO_LONG}
_STATES = {
    TaskState.QUEUED: JobState.WAITING,
    TaskState.RUNNING: JobState.RUNNING,
    TaskState.FAILED: JobState.FAILED,
    TaskState.CANCELLED: JobState.CANCELLED,
    TaskState.SUCCEEDED: JobState.DONE,
}


class JobService:
    """`queue`: where jobs are done when there is one; without it the server's own sweep does them."""

    def __init__(self, queue: TaskQueueClient | None, clock: Clock, entropy: Entropy) -> None:
        self._queue = queue
        self._clock = clock
        self._entropy = entropy

    def new(
        self,
        scope: TenantScope,
        kind: JobKind,
        test_id: str,
        now: datetime,
        format: ExportFormat | None = None,
    ) -> Job:
        """Return a job that the principal asks for; it is kept by the writes of `asked`."""
        return Job(
            id=new_id(JOB, self._entropy(10)),
            kind=kind,
            test_id=test_id,
            asked_by=scope.principal.id,
            created_at=now,
            format=format,
        )

    def asked(self, job: Job) -> list[Put]:
        """Return the writes that keep a job and have it done: part of the commit that causes it."""
        record = OutboxRecord(chore=Chore.JOB, subject=job.id, recorded_at=job.created_at)
        return [Put(JOBS.entity(job)), Put(OUTBOX.entity(record))]

    async def get(self, scope: TenantScope, id: str) -> Job:
        """Return a job to whoever asked for it, or may act on all tests. Raises NotFound, to others too."""
        job = JOBS.found(await scope.store.get(JOBS.asked(id)))
        if job is None or not (job.asked_by == scope.principal.id or scope.may(Permission.ALL_TESTS)):
            raise NotFound(id)
        return job

    async def report(self, job: Job) -> JobReport:
        """Tell how a job stands; the queue is asked while it is not over."""
        if job.finished_at is not None:
            state = JobState.DONE if job.failure is None else JobState.FAILED
            return JobReport(job, state, message=job.failure, finished_at=job.finished_at)
        if job.queued_as is None or self._queue is None:
            return JobReport(job, JobState.WAITING)
        try:
            task = await self._queue.get(job.queued_as)
        except TaskQueueError:
            return JobReport(job, JobState.WAITING, message=NOT_KNOWN)
        return JobReport(job, JobState.FAILED, message=FORGOTTEN) if task is None else _report(job, task)

    async def finish(
        self,
        store: Namespace,
        id: str,
        *,
        scored: int | None = None,
        size: int | None = None,
        failure: str | None = None,
    ) -> None:
        """Record the end of a job; one that is over, or gone, stays as it is."""

        async def work(transaction: Transaction) -> None:
            job = JOBS.found(await transaction.get(JOBS.key(id)))
            if job is not None and job.finished_at is None:
                ended = {"finished_at": self._clock(), "scored": scored, "size": size, "failure": failure}
                transaction.put(JOBS.entity(job.model_copy(update=ended)))

        await store.transact(work)


def _report(job: Job, task: TaskView) -> JobReport:
    message = None
    if task.state is TaskState.FAILED and task.error is not None:
        refused = task.error.code is ErrorCode.REFUSED
        message = task.error.message if refused else _TOLD.get(task.error.code, WENT_WRONG)
    return JobReport(job, _STATES[task.state], task.progress, message, task.finished_at)
