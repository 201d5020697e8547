"""What staff asked for and how far it is, as they are told of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from resolvers.answers import DEFAULT_PAGE, Connection, Payload, connection
from resolvers.context import Context
from tp.domain.test import Test
from tp.errors import NotFound
from tp.services.grading.rescore import changes_kept
from tp.services.jobs import JobReport, JobState
from tp.tables import ExportFormat, JobKind

MAX_PAGE = 100


@dataclass(frozen=True, slots=True)
class Download:
    """`url` is relative to the server's address, and asks for the same token."""

    format: ExportFormat
    url: str
    bytes: int


async def task(context: Context, id: str) -> JobReport | None:
    try:
        job = await context.services.jobs.get(context.scope, id)
    except NotFound:
        return None
    return await context.services.jobs.report(job)


async def export_results(context: Context, input: Mapping[str, Any]) -> Payload:
    job = await context.services.exporting.ask(
        context.scope, input["test_id"], input["format"], context.received_at
    )
    context.left_work()
    return {"task": JobReport(job, JobState.WAITING)}


async def test_of(report: JobReport, context: Context) -> Test | None:
    try:
        return await context.services.tests.get(context.scope, report.job.test_id)
    except NotFound:
        return None


def downloads(report: JobReport, context: Context) -> list[Download]:
    job = report.job
    if job.format is None or job.size is None:
        return []
    return [Download(job.format, f"/t/{context.scope.tenant.slug}/exports/{job.id}", job.size)]


async def changes(
    report: JobReport, context: Context, first: int = DEFAULT_PAGE, after: str | None = None
) -> Connection | None:
    if report.job.kind is not JobKind.RESCORE or report.state is not JobState.DONE:
        return None
    return connection(await changes_kept(context.scope.store, report.job, after, min(first, MAX_PAGE)))
