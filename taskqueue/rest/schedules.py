"""Recurring schedules. Names are each tenant's own: a token of several tenants says which is meant."""

from __future__ import annotations

from fastapi import APIRouter, Response

from taskqueue.contract import Schedule, SchedulePage, ScheduleView
from taskqueue.errors import Refused
from taskqueue.queue import PAGE_LIMIT
from taskqueue.rest.access import (
    DeclaredRoute,
    MayReadSchedules,
    MayWriteSchedules,
    covered,
    one_tenant,
    seen_tenants,
)
from taskqueue.rest.answers import answer, told
from taskqueue.rest.tasks import Cursor, Limit, TenantName
from taskqueue.views import schedule_view

router = APIRouter(prefix="/v1/schedules", route_class=DeclaredRoute, tags=["schedules"])


@router.get("", response_model=SchedulePage, responses=told(400))
async def list_schedules(
    asked: MayReadSchedules,
    tenant: TenantName = None,
    cursor: Cursor = None,
    limit: Limit = PAGE_LIMIT,
) -> Response:
    """List schedules by tenant and name, page by page."""
    page = await asked.service.schedules.page(seen_tenants(asked.caller, tenant), cursor, limit)
    return answer(SchedulePage(schedules=[schedule_view(kept) for kept in page.schedules], next=page.next))


@router.get("/{name}", response_model=ScheduleView, responses=told(400, 404))
async def get_schedule(name: str, asked: MayReadSchedules, tenant: TenantName = None) -> Response:
    """Return a schedule."""
    return answer(schedule_view(await asked.service.schedules.get(one_tenant(asked.caller, tenant), name)))


@router.put(
    "/{name}",
    response_model=ScheduleView,
    responses={201: {"model": ScheduleView, "description": "It is new"}, **told()},
)
async def put_schedule(name: str, schedule: Schedule, asked: MayWriteSchedules) -> Response:
    """Keep a schedule for the tenant of its task, in the place of an earlier one of this name."""
    if schedule.name != name:
        raise Refused.because("NAME_MISMATCH", ("name",), "not the name in the address")
    covered(asked.caller, schedule.task.tenant)
    kept, created = await asked.service.schedules.put(schedule, asked.service.clock())
    return answer(schedule_view(kept), 201 if created else 200)


@router.delete("/{name}", status_code=204, responses=told(400, 404))
async def delete_schedule(name: str, asked: MayWriteSchedules, tenant: TenantName = None) -> Response:
    """Remove a schedule; tasks that it has posted stay."""
    await asked.service.schedules.delete(one_tenant(asked.caller, tenant), name)
    return Response(status_code=204)
