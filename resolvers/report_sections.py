"""What a report that is ready says, by its sections; long tables by pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.contract import CalibrationModel, ReportKind
from resolvers.answers import DEFAULT_PAGE, Connection, connection
from resolvers.context import Context
from store.errors import BadCursor
from tp.services.listing import Listing
from tp.services.reports.records import Report

MAX_PAGE = 100

Row = Mapping[str, Any]


async def standings(
    report: Report, context: Context, first: int = DEFAULT_PAGE, after: str | None = None
) -> Connection | None:
    section = await _section(report, context, ReportKind.STANDINGS)
    return None if section is None else _page(section["rows"], first, after)


async def sessions(report: Report, context: Context) -> list[Row] | None:
    section = await _section(report, context, ReportKind.STANDINGS)
    return None if section is None else section["sessions"]


async def tie_breaks(report: Report, context: Context) -> list[Row] | None:
    section = await _section(report, context, ReportKind.STANDINGS)
    if section is None:
        return None
    return [{**each, "ignored": each in section["tieBreaksIgnored"]} for each in section["tieBreaks"]]


async def items(
    report: Report,
    context: Context,
    first: int = DEFAULT_PAGE,
    after: str | None = None,
    to_look_at: bool = False,
) -> Connection | None:
    section = await _section(report, context, ReportKind.ITEMS)
    if section is None:
        return None
    rows = section["questions"]
    return _page([row for row in rows if row["flags"]] if to_look_at else rows, first, after)


async def scores(report: Report, context: Context) -> list[Row] | None:
    section = await _section(report, context, ReportKind.TEST)
    return None if section is None else section["tests"]


async def behaviour(report: Report, context: Context) -> Row | None:
    return await _section(report, context, ReportKind.BEHAVIOUR)


async def integrity(report: Report, context: Context) -> Row | None:
    return await _section(report, context, ReportKind.INTEGRITY)


async def calibration(report: Report, context: Context) -> Row | None:
    return await _section(report, context, ReportKind.CALIBRATION)


def answers_alike(section: Row, _: Context) -> Row:
    return {**section["tried"]["answers"], "found": section["answersAlike"]}


def paces_alike(section: Row, _: Context) -> Row:
    return {**section["tried"]["paces"], "found": section["pacesAlike"]}


def pairs(search: Row, _: Context, first: int = DEFAULT_PAGE, after: str | None = None) -> Connection:
    return _page(search["found"], first, after)


def members(pair: Row, _: Context) -> list[Row]:
    return [
        {"attemptId": attempt, "studentId": student, "name": name}
        for attempt, student, name in zip(pair["attempts"], pair["students"], pair["names"], strict=True)
    ]


def addresses(section: Row, _: Context, first: int = DEFAULT_PAGE, after: str | None = None) -> Connection:
    return _page(section["addresses"], first, after)


def devices(section: Row, _: Context, first: int = DEFAULT_PAGE, after: str | None = None) -> Connection:
    return _page(section["devices"], first, after)


def calibrated_items(
    section: Row,
    _: Context,
    first: int = DEFAULT_PAGE,
    after: str | None = None,
    model: CalibrationModel | None = None,
) -> Connection:
    rows = section["questions"]
    return _page([row for row in rows if row["model"] == model] if model else rows, first, after)


async def _section(report: Report, context: Context, kind: ReportKind) -> Row | None:
    return await context.services.report_reading.section(report, kind)


def _page(rows: Sequence[Row], first: int, after: str | None) -> Connection:
    """Return a page of rows that are all there; a cursor is how many come before."""
    if after is not None and not (after.isascii() and after.isdigit() and len(after) < 10):
        raise BadCursor("not a cursor of this list")
    start = int(after or 0)
    some = tuple(rows[start : start + min(first, MAX_PAGE)])
    cursors = tuple(str(start + place) for place in range(1, len(some) + 1))
    more = start + len(some) < len(rows)
    return connection(Listing(some, cursors, cursors[-1] if more and cursors else None))
