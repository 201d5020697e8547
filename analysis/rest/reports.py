"""Reports: asked for, read, listed, exported, printed."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import JsonValue

from analysis import files
from analysis.contract import Link, ReportKind, ReportPage, ReportRequest, ReportState, ReportView, StudentView
from analysis.desk import PAGE_LIMIT, Desk, view
from analysis.page.page import page
from analysis.rest.access import DeclaredRoute, MayOpenPage, MayRead, MayWrite
from analysis.rest.answers import answer, told
from analysis.rest.service import service_of
from analysis.tables import Report

router = APIRouter(prefix="/v1/reports", route_class=DeclaredRoute, tags=["reports"])

TenantName = Annotated[str | None, Query(max_length=40)]
PAGE_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@router.post("", status_code=202, response_model=ReportView, responses=told(409, 503))
async def request_report(request: ReportRequest, asked: MayWrite) -> Response:
    """Have a report made. The same key with the same content is the same report; with other content 409."""
    asked.tenant(request.tenant)
    report = await asked.service.desk.request(request, asked.service.clock())
    return answer(view(report, {}), 202, Location=f"/v1/reports/{report.id}")


@router.get("", response_model=ReportPage, responses=told(400))
async def list_reports(
    asked: MayRead,
    tenant: TenantName = None,
    test: Annotated[str | None, Query(max_length=100)] = None,
    cursor: Annotated[str | None, Query(max_length=4_000)] = None,
    limit: Annotated[int, Query(ge=1, le=PAGE_LIMIT)] = PAGE_LIMIT,
) -> Response:
    """List reports of a tenant, or of one of its tests, without their sections, in no telling order."""
    found = await asked.service.desk.page(asked.tenant(tenant), test, cursor, limit)
    return answer(ReportPage(reports=tuple(view(report, {}) for report in found.reports), next=found.next))


@router.get("/{report_id}", response_model=ReportView, responses=told(400, 404))
async def get_report(
    report_id: str,
    asked: MayRead,
    tenant: TenantName = None,
    kinds: Annotated[tuple[ReportKind, ...] | None, Query()] = None,
    sections: bool = True,
) -> Response:
    """Return how a report stands, and its sections: of `kinds`, or all; `sections=false` leaves them out."""
    name = asked.tenant(tenant)
    report = await asked.service.desk.get(name, report_id)
    wanted = [kind for kind in report.sections if kinds is None or kind in kinds] if sections else []
    return answer(view(report, await _sections(asked.service.desk, name, report, wanted)))


@router.get("/{report_id}/students/{student_id}", response_model=StudentView, responses=told(400, 404, 409))
async def get_student(report_id: str, student_id: str, asked: MayRead, tenant: TenantName = None) -> Response:
    """Return what a report says of one student, by kind and table."""
    found = await asked.service.desk.student(asked.tenant(tenant), report_id, student_id)
    return answer(StudentView(report_id=found.report_id, student_id=found.student, rows=found.rows))


@router.get("/{report_id}/export.csv", responses=told(400, 404, 409))
async def export_csv(
    report_id: str, asked: MayRead, tenant: TenantName = None, kind: ReportKind = ReportKind.STANDINGS
) -> Response:
    """Return the tables of one section as CSV, one below the other."""
    name = asked.tenant(tenant)
    report = await asked.service.desk.ready(name, report_id)
    section = await asked.service.desk.section(name, report, kind)
    return _file(await asyncio.to_thread(files.csv_file, section), files.CSV, f"{kind.lower()}.csv")


@router.get("/{report_id}/export.xlsx", responses=told(400, 404, 409))
async def export_xlsx(report_id: str, asked: MayRead, tenant: TenantName = None) -> Response:
    """Return all tables of the report as a workbook, a sheet each."""
    name = asked.tenant(tenant)
    report = await asked.service.desk.ready(name, report_id)
    found = await _sections(asked.service.desk, name, report, report.sections)
    return _file(await asyncio.to_thread(files.workbook, found), files.XLSX, "report.xlsx")


@router.post("/{report_id}/links", status_code=201, response_model=Link, responses=told(400, 404, 409))
async def make_link(report_id: str, asked: MayRead, tenant: TenantName = None) -> Response:
    """Make a link that opens the report's page in a browser, for an hour, to whoever has it."""
    name = asked.tenant(tenant)
    report = await asked.service.desk.ready(name, report_id)
    return answer(asked.service.links.make(name, report.id, asked.service.clock()), 201)


@router.get("/{report_id}/page", responses=told(404, 409))
async def get_page(report_id: str, opened: MayOpenPage, request: Request) -> Response:
    """Return the report as a page to read and to print, for a service token or the ticket of a link."""
    desk = service_of(request).desk
    report = await desk.ready(opened.tenant, report_id)
    sections = await _sections(desk, opened.tenant, report, report.sections)
    html = await asyncio.to_thread(page, report, sections)
    return Response(html, headers=PAGE_HEADERS, media_type="text/html; charset=utf-8")


async def _sections(desk: Desk, tenant: str, report: Report, kinds: Any) -> dict[ReportKind, JsonValue]:
    if report.state is not ReportState.READY:
        return {}
    return {kind: await desk.section(tenant, report, kind) for kind in kinds}


def _file(content: bytes, media_type: str, name: str) -> Response:
    headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, headers=headers, media_type=media_type)
