"""Reports: asked for, followed, and read by pages; a student's own standing and page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.contract import Link, ReportKind, ReportOptions, TieBreak
from resolvers.answers import DEFAULT_PAGE, Connection, Payload, connection
from resolvers.context import Context
from store.errors import BadCursor
from tp.domain.attempt import Attempt
from tp.domain.test import Test
from tp.errors import NotFound
from tp.services.listing import Listing
from tp.services.reports.records import Report
from tp.tables import Standing

MAX_PAGE = 100
PLAIN_OPTIONS = ("groups", "idle_seconds", "client_clock")

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


async def standings(
    report: Report, context: Context, first: int = DEFAULT_PAGE, after: str | None = None
) -> Connection | None:
    section = await context.services.report_reading.section(report, ReportKind.STANDINGS)
    return None if section is None else _rows(section["rows"], first, after)


async def items(
    report: Report,
    context: Context,
    first: int = DEFAULT_PAGE,
    after: str | None = None,
    to_look_at: bool = False,
) -> Connection | None:
    section = await context.services.report_reading.section(report, ReportKind.ITEMS)
    if section is None:
        return None
    rows = section["questions"]
    return _rows([row for row in rows if row["flags"]] if to_look_at else rows, first, after)


async def scores(report: Report, context: Context) -> list[Row] | None:
    section = await context.services.report_reading.section(report, ReportKind.TEST)
    return None if section is None else section["tests"]


async def behaviour(report: Report, context: Context) -> Row | None:
    return await context.services.report_reading.section(report, ReportKind.BEHAVIOUR)


async def standing(attempt: Attempt, context: Context) -> Standing | None:
    return await context.standings.load(attempt)


async def student(attempt: Attempt, context: Context) -> Row | None:
    """Return the attempt's row of its student's page."""
    view = await context.services.report_reading.student(context.scope, attempt)
    rows = view.rows.get(ReportKind.STUDENT, {}).get("rows", []) if view is not None else []
    return next((row for row in rows if isinstance(row, dict) and row.get("attemptId") == attempt.id), None)


def _options(input: Mapping[str, Any]) -> ReportOptions:
    given = {name: input[name] for name in PLAIN_OPTIONS if input.get(name) is not None}
    ties = tuple(TieBreak.model_validate(dict(each)) for each in input.get("tie_breaks") or ())
    return ReportOptions.model_validate({**given, "tie_breaks": ties})


def _rows(rows: Sequence[Row], first: int, after: str | None) -> Connection:
    """Return a page of rows that are all there; a cursor is how many come before."""
    if after is not None and not (after.isascii() and after.isdigit() and len(after) < 10):
        raise BadCursor("not a cursor of this list")
    start = int(after or 0)
    some = tuple(rows[start : start + min(first, MAX_PAGE)])
    cursors = tuple(str(start + place) for place in range(1, len(some) + 1))
    more = start + len(some) < len(rows)
    return connection(Listing(some, cursors, cursors[-1] if more and cursors else None))
