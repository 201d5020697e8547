"""The use cases of whoever wants reports: ask for one, see how it stands, list them, read what they say."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, JsonValue
from pydantic.alias_generators import to_camel

from analysis import archive
from analysis.contract import ReportKind, ReportRequest, ReportState, ReportView, Section, TenantPurge
from analysis.errors import IdempotencyConflict, NotFound, NotReady, QueueRefused, QueueUnreachable
from analysis.queue_client import QueueClient
from analysis.tables import KINDS, REPORTS, STUDENT_ROWS, Report, StudentRows, namespace, student_id
from store.clearing import clear
from store.errors import AlreadyExists
from store.limits import is_id
from store.port import Insert, Namespace, Query, Store, Transaction
from store.records import NOTHING
from taskqueue.contract import Callback, ErrorCode, TaskError, TaskRequest, TaskState, TaskView

TASK_TYPE = "analysis.report"
PAGE_LIMIT = 100
PURGED, PURGED_AT_ONCE = 2_000, 400
"""Records that one request deletes, and one commit."""

LOST = "The work on this report was lost. Ask for the report once more."
WENT_WRONG = "Something went wrong on our side, and trying again did not help. Ask for the report once more later."
TOO_MUCH = "The report took too long or too much memory. Ask for fewer kinds or fewer tests at a time."
CANCELLED = "The report was cancelled."
_TOLD = {ErrorCode.TIMED_OUT: TOO_MUCH, ErrorCode.OUT_OF_MEMORY: TOO_MUCH}


class Make(BaseModel):
    """The payload of the task that makes a report."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)

    report_id: str


@dataclass(frozen=True, slots=True)
class Found:
    """`next` is the cursor of the next page, `None` on the last."""

    reports: tuple[Report, ...]
    next: str | None


class Desk:
    def __init__(self, store: Store, queue: QueueClient, told_at: str) -> None:
        """`told_at`: the address of the test platform, which is told of the end of each task."""
        self._store = store
        self._queue = queue
        self._told_at = told_at

    async def request(self, request: ReportRequest, now: datetime) -> Report:
        """Keep a request and have it done; the same again is the same report.

        Raises IdempotencyConflict, QueueUnreachable, QueueRefused: the request is kept all the same, and sending
        it again hands it on.
        """
        store = self.records(request.tenant)
        report = Report(id=report_id(request), request=request, requested_at=now)
        try:
            await store.commit([Insert(REPORTS.entity(report))])
        except AlreadyExists:
            report = await self._kept(store, report.id)
            if report.request != request:
                raise IdempotencyConflict(report.id) from None
        if report.task_id is not None:
            return report
        task = await self._queue.post(self._task(report))
        return await change(store, report.id, {"task_id": task.id})

    async def get(self, tenant: str, id: str) -> Report:
        """Return a report; when its task has come to nothing, that is found out here. Raises NotFound."""
        store = self.records(tenant)
        report = await self._kept(store, id)
        if report.over or report.task_id is None:
            return report
        try:
            task = await self._queue.get(report.task_id)
        except (QueueUnreachable, QueueRefused):
            return report
        reason = _reason(task)
        if reason is None:
            return report
        return await change(store, id, {"state": ReportState.FAILED, "reason": reason})

    async def page(self, tenant: str, test_id: str | None, cursor: str | None, limit: int) -> Found:
        """Return reports in no telling order. Raises the store's BadCursor."""
        where = {} if test_id is None else {"test": test_id}
        query = Query(REPORTS.kind.name, where=where, limit=min(limit, PAGE_LIMIT), cursor=cursor)
        page = await self.records(tenant).query(query)
        return Found(tuple(REPORTS.records(page.entities)), page.next)

    async def ready(self, tenant: str, id: str) -> Report:
        """Return a report that can be shown. Raises NotFound, NotReady."""
        report = await self._kept(self.records(tenant), id)
        if report.state is not ReportState.READY:
            raise NotReady(id, report.state)
        return report

    async def section(self, tenant: str, report: Report, kind: ReportKind) -> Section:
        """Return a section. Raises NotFound when the report has none of this kind."""
        found = await archive.section(self.records(tenant), report.id, kind)
        if found is None:
            raise NotFound(kind)
        return found

    async def student(self, tenant: str, id: str, student: str) -> StudentRows:
        """Return what a report says of one student. Raises NotFound, NotReady."""
        report = await self.ready(tenant, id)
        asked = student_id(report.id, student)
        key = STUDENT_ROWS.key(asked if is_id(asked) else NOTHING)
        found = STUDENT_ROWS.found(await self.records(tenant).get(key))
        if found is None:
            raise NotFound(student)
        return found

    async def purge(self, tenant: str, most: int = PURGED) -> TenantPurge:
        """Delete what is kept for a tenant, at most so many records; nothing kept is no error."""
        store, deleted = self.records(tenant), 0
        for kind in KINDS:
            while some := await clear(store, Query(kind.name, limit=min(PURGED_AT_ONCE, most - deleted))):
                deleted += some
                if deleted == most:
                    return TenantPurge(deleted=deleted, more=True)
        return TenantPurge(deleted=deleted, more=False)

    def records(self, tenant: str) -> Namespace:
        """Return a tenant's part of the store."""
        return self._store.namespace(namespace(tenant))

    async def _kept(self, store: Namespace, id: str) -> Report:
        report = REPORTS.found(await store.get(REPORTS.asked(id)))
        if report is None:
            raise NotFound(id)
        return report

    def _task(self, report: Report) -> TaskRequest:
        tenant, key = report.request.tenant, report.request.idempotency_key
        payload: dict[str, JsonValue] = Make(report_id=report.id).model_dump(mode="json", by_alias=True)
        return TaskRequest(
            type=TASK_TYPE,
            tenant=tenant,
            payload=payload,
            idempotency_key=report.id,
            callback=Callback(url=f"{self._told_at}/t/{tenant}/reports/{quote(key, safe='')}/ended"),
        )


async def change(store: Namespace, id: str, update: Mapping[str, object]) -> Report:
    """Change a report that is not over; one that is stays as it is. Raises NotFound."""

    async def work(transaction: Transaction) -> Report:
        report = REPORTS.found(await transaction.get(REPORTS.key(id)))
        if report is None:
            raise NotFound(id)
        if report.over:
            return report
        changed = report.model_copy(update=update)
        transaction.put(REPORTS.entity(changed))
        return changed

    return await store.transact(work)


def report_id(request: ReportRequest) -> str:
    """Return the id of a report: the same tenant and key insert the same one."""
    told = f"{request.tenant}\0{request.idempotency_key}".encode()
    return f"arp_{hashlib.blake2b(told, digest_size=16).hexdigest()}"


def view(report: Report, sections: dict[ReportKind, JsonValue]) -> ReportView:
    """Return a report as it is shown."""
    request = report.request
    return ReportView(
        id=report.id,
        tenant=request.tenant,
        test_ids=request.test_ids,
        kinds=request.kinds,
        state=report.state,
        progress=report.progress,
        reason=report.reason,
        key_versions=report.key_versions,
        students=report.students,
        requested_at=report.requested_at,
        ready_at=report.ready_at,
        sections=sections,
    )


def _reason(task: TaskView | None) -> str | None:
    """Return why a task will make no report, `None` while it may."""
    if task is None:
        return LOST
    if task.state is TaskState.CANCELLED:
        return CANCELLED
    if task.state is TaskState.FAILED:
        return _of(task.error)
    return None


def _of(error: TaskError | None) -> str:
    if error is None:
        return WENT_WRONG
    return error.message if error.code is ErrorCode.REFUSED else _TOLD.get(error.code, WENT_WRONG)
