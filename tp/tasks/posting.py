"""From what a commit left in the outbox to the tasks that are posted: pure, so that two replicas post the same.

The idempotency key of a task is its record's id and the instant at which it was recorded, so that a chore
recorded anew is a new task; of a preparation that lies ahead, the instant at which it is due, so that a test
assigned in fifty calls is prepared once. Records of one test's closed attempts go into one task by the hundred:
its key is a hash of all of them. Two replicas that see the outbox at different moments may put an attempt into
two such tasks; the second finds it graded.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue

from taskqueue.contract import TaskRequest
from tp.domain.ids import test_of
from tp.domain.test import Test
from tp.tables import Chore, Job, JobKind, OutboxRecord, minute
from tp.tasks.payloads import CHUNK, Grade, OfJob, OfNotice, OfReport, OfTest, Payload, Prepare, Rescore, TaskType

FINALISE_PRIORITY = 8
GRADE_PRIORITY = 6
"""Of what students wait for; the rest has the middle one."""

_TYPES: dict[type[Payload], TaskType] = {
    Rescore: TaskType.RESCORE,
    OfTest: TaskType.RETIME,
    OfNotice: TaskType.HEED,
    Prepare: TaskType.PREPARE,
    OfJob: TaskType.EXPORT_RESULTS,
    OfReport: TaskType.REQUEST_REPORT,
}


@dataclass(frozen=True, slots=True)
class Posting:
    """A task, and the records that it takes over: struck off when it is posted.

    `request` is `None` when there is nothing to do; `job` is the job that shall know of its task.
    """

    request: TaskRequest | None
    records: Sequence[OutboxRecord]
    job: str | None = None


def gradings(tenant: str, records: Iterable[OutboxRecord]) -> Iterator[Posting]:
    """Return the tasks that grade the attempts of GRADE records, by test and by the hundred."""
    of_test: dict[str, list[OutboxRecord]] = defaultdict(list)
    for record in records:
        of_test[test_of(record.subject) or ""].append(record)
    for test_id, mine in of_test.items():
        for start in range(0, len(mine), CHUNK):
            chunk = mine[start : start + CHUNK]
            payload = Grade(test_id=test_id, attempt_ids=tuple(record.subject for record in chunk))
            told = "\n".join(sorted(map(_key, chunk)))
            key = f"GRADE:{hashlib.sha256(told.encode()).hexdigest()}"
            yield Posting(_request(tenant, TaskType.GRADE, payload, key, priority=GRADE_PRIORITY), chunk)


def posting(tenant: str, record: OutboxRecord, tests: Mapping[str, Test], jobs: Mapping[str, Job]) -> Posting:
    """Return the task of a record that is no GRADE; without a request when what it is about is gone."""
    payload = _payload(record, tests.get(record.subject), jobs.get(record.subject))
    if payload is None:
        return Posting(None, [record])
    request = _request(tenant, _TYPES[type(payload)], payload, _key(record), run_at=record.run_at)
    return Posting(request, [record], record.subject if record.chore is Chore.JOB else None)


def _payload(record: OutboxRecord, test: Test | None, job: Job | None) -> Payload | None:
    match record.chore:
        case Chore.RESCORE:
            return Rescore(test_id=record.subject)
        case Chore.RETIME:
            return OfTest(test_id=record.subject)
        case Chore.HEED:
            return OfNotice(notice_id=record.subject)
        case Chore.PREPARE if test is not None and test.schedule.opens_at is not None:
            return Prepare(test_id=test.id, opens_at=test.schedule.opens_at)
        case Chore.JOB if job is not None and job.kind is JobKind.RESCORE:
            return Rescore(test_id=job.test_id, job_id=job.id)
        case Chore.JOB if job is not None:
            return OfJob(job_id=job.id)
        case Chore.REPORT:
            return OfReport(report_id=record.subject)
    return None


def finalising(tenant: str, test_id: str, now: datetime) -> TaskRequest:
    """Return the task that closes a test's expired attempts: one a minute, whoever looks."""
    key = f"FINALISE:{test_id}@{minute(now)}"
    payload = OfTest(test_id=test_id)
    return _request(tenant, TaskType.FINALISE, payload, key, priority=FINALISE_PRIORITY)


def forgotten(tenant: str, attempt_ids: Iterable[str], now: datetime) -> Iterator[TaskRequest]:
    """Return the tasks that grade attempts whose own task has failed for good: one an hour for the same ones."""
    of_test: dict[str, list[str]] = defaultdict(list)
    for id in sorted(attempt_ids):
        of_test[test_of(id) or ""].append(id)
    for test_id, ids in of_test.items():
        for start in range(0, len(ids), CHUNK):
            chunk = ids[start : start + CHUNK]
            payload = Grade(test_id=test_id, attempt_ids=tuple(chunk))
            told = "\n".join((f"{now:%Y-%m-%dT%H}", *chunk))
            key = f"FORGOTTEN:{hashlib.sha256(told.encode()).hexdigest()}"
            yield _request(tenant, TaskType.GRADE, payload, key, priority=GRADE_PRIORITY)


def _key(record: OutboxRecord) -> str:
    return f"{record.id}@{(record.run_at or record.recorded_at).isoformat()}"


def _request(
    tenant: str, type: TaskType, payload: Payload, key: str, run_at: datetime | None = None, priority: int = 5
) -> TaskRequest:
    told: dict[str, JsonValue] = payload.model_dump(mode="json", by_alias=True, exclude_none=True)
    return TaskRequest(
        type=type, tenant=tenant, payload=told, idempotency_key=key, run_at=run_at, priority=priority
    )
