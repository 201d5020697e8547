"""The results of a test as a file: a row for each attempt that was begun.

The rows are gathered page by page and kept as CSV. A workbook is made of them in one step at the end: its format
cannot be written in parts by different processes.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from pydantic import JsonValue

from store.port import Entity, Namespace, Query
from tenants.roles import Permission
from tenants.scope import TenantScope
from tp.domain.attempt import Attempt, AttemptState
from tp.domain.paper import Paper
from tp.domain.problem import Code
from tp.domain.result_sheet import heading, row
from tp.domain.test import Test, TestState
from tp.errors import NotFound, Refused
from tp.services import audit
from tp.services.exporting.files import PART_BYTES, delete_parts, put_part, read_parts
from tp.services.exporting.workbook import csv_parts, workbook_file
from tp.services.jobs import JobService
from tp.services.people.records import USERS
from tp.services.published import PublishedPapers
from tp.services.steps import Place, Step, Work, page_step
from tp.services.tests import load_own_test, load_test
from tp.tables import ATTEMPTS, RESULTS, ExportFormat, Job, JobKind

CHUNK = 100
BOM = "\ufeff"
"""Without it spreadsheets take UTF-8 for something older."""


@dataclass(frozen=True, slots=True)
class ExportFile:
    """`parts` are to be read once."""

    job: Job
    test: Test
    parts: AsyncIterator[bytes]


class ResultExport:
    def __init__(self, published: PublishedPapers, jobs: JobService) -> None:
        self._published = published
        self._jobs = jobs

    async def ask(self, scope: TenantScope, test_id: str, format: ExportFormat, now: datetime) -> Job:
        """Have the results of a test made into a file. Raises NotFound, PermissionDenied, Refused for a draft."""
        test = await load_own_test(scope, test_id, Permission.SEE_RESULTS)
        if test.state is TestState.DRAFT:
            raise Refused.because(Code.INVALID_STATE, ("testId",), "the test has not been published")
        job = self._jobs.new(scope, JobKind.EXPORT_RESULTS, test.id, now, format)
        record = audit.entry(scope, now, "results.export", test.id, {"task": job.id, "format": format})
        await scope.store.commit([*self._jobs.asked(job), record])
        return job

    async def file(self, scope: TenantScope, job_id: str) -> ExportFile:
        """Return what an export made. Raises PermissionDenied; NotFound, also while it is not made."""
        scope.require(Permission.SEE_RESULTS)
        job = await self._jobs.get(scope, job_id)
        if job.format is None or job.size is None:
            raise NotFound(job_id)
        test = await load_test(scope.store, job.test_id)
        return ExportFile(job, test, read_parts(scope.store, _name(job, job.format)))

    def of_job(self, store: Namespace, job: Job) -> Work:
        """Return the work of making the file that a job asks for."""
        query = Query(ATTEMPTS.kind.name, where={"test": job.test_id}, limit=CHUNK)

        async def step(at: JsonValue) -> Step:
            test = await load_test(store, job.test_id)
            assert test.paper_version is not None
            paper = await self._published.paper(store, test.id, test.paper_version)
            place = Place.model_validate(at or {})

            async def write(page: Sequence[Entity]) -> int:
                rows = await _rows(store, paper, ATTEMPTS.records(page))
                if place.cursor is None:
                    rows.insert(0, [BOM + heading(paper)[0], *heading(paper)[1:]])
                for number, part in enumerate(csv_parts(rows, PART_BYTES), place.done):
                    await put_part(store, _name(job, ExportFormat.CSV), number, part)
                return len(page)

            done = await page_step(store, query, at, write)
            if done.next is None:
                await self._finish(store, job)
            return done

        return step

    async def _finish(self, store: Namespace, job: Job) -> None:
        rows, size = _name(job, ExportFormat.CSV), 0
        if job.format is ExportFormat.CSV:
            async for part in read_parts(store, rows):
                size += len(part)
        else:
            name = _name(job, ExportFormat.XLSX)
            with await workbook_file(read_parts(store, rows)) as file:
                for number, block in enumerate(iter(partial(file.read, PART_BYTES), b"")):
                    await put_part(store, name, number, block)
                    size += len(block)
        await self._jobs.finish(store, job.id, size=size)
        if job.format is not ExportFormat.CSV:
            await delete_parts(store, rows)


async def _rows(store: Namespace, paper: Paper, attempts: Sequence[Attempt]) -> list[list[str]]:
    begun = [attempt for attempt in attempts if attempt.state is not AttemptState.PREPARED]
    results = await store.get_many([RESULTS.key(attempt.id) for attempt in begun])
    users = await store.get_many([USERS.key(attempt.student_id) for attempt in begun])
    rows = []
    for attempt, kept, person in zip(begun, map(RESULTS.found, results), map(USERS.found, users), strict=True):
        who = (person.login, person.external_id or "", person.name) if person else (attempt.student_id, "", "")
        rows.append(row(paper, attempt, kept.score if kept else None, who))
    return rows


def _name(job: Job, format: ExportFormat) -> str:
    return f"{job.id}:{format}"
