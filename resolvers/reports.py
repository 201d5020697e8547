"""Reports: asked for and followed; a student's own standing and page."""

from __future__ import annotations

from asyncio import Future
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.contract import Link, ReportKind, ReportOptions, TieBreak
from resolvers.answers import DEFAULT_PAGE, Connection, Payload, connection
from resolvers.context import Context
from tp.domain.attempt import Attempt
from tp.domain.test import Test
from tp.errors import NotFound
from tp.services.reports.records import Report
from tp.tables import Standing

PLAIN_OPTIONS = ("groups", "idle_seconds", "tie_break_preset", "client_clock")

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MadeFrom:
    """Which version of a test's key a report was made from."""

    test_id: str
    version: int


async def report(context: Context, id: str) -> Report | None:
    try:
        return await context.services.reports.get(context.scope, id)
    except NotFound:
        return None


async def request_report(context: Context, input: Mapping[str, Any]) -> Payload:
    asked = await context.services.reports.ask(
        context.scope, input["test_ids"], input["kinds"], _options(input), context.received_at
    )
    context.left_work()
    return {"report": asked}


async def of_test(test: Test, context: Context, first: int = DEFAULT_PAGE, after: str | None = None) -> Connection:
    return connection(await context.services.reports.of_test(context.scope, test.id, after, first))


async def tests_of(report: Report, context: Context) -> list[Test]:
    """Return the tests of a report, those left out that are not there any more."""
    found = []
    for id in report.test_ids:
        try:
            found.append(await context.services.tests.get(context.scope, id))
        except NotFound:
            continue
    return found


def made_from(report: Report, _: Context) -> list[MadeFrom]:
    return [MadeFrom(id, version) for id, version in report.key_versions.items()]


async def page(report: Report, context: Context) -> Link | None:
    return await context.services.report_reading.link(report)


def standing(attempt: Attempt, context: Context) -> Future[Standing | None]:
    return context.standings.load(attempt)


async def student(attempt: Attempt, context: Context) -> Row | None:
    """Return the attempt's row of its student's page."""
    view = await context.services.report_reading.student(context.scope, attempt)
    rows = view.rows.get(ReportKind.STUDENT, {}).get("rows", []) if view is not None else []
    return next((row for row in rows if isinstance(row, dict) and row.get("attemptId") == attempt.id), None)


def _options(input: Mapping[str, Any]) -> ReportOptions:
    given = {name: input[name] for name in PLAIN_OPTIONS if input.get(name) is not None}
    ties = tuple(TieBreak.model_validate(dict(each)) for each in input.get("tie_breaks") or ())
    return ReportOptions.model_validate({**given, "tie_breaks": ties})
