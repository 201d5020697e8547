"""Tenants: forgotten, when their owner has removed them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from taskqueue.contract import TenantPurge
from taskqueue.rest.access import DeclaredRoute, MayPurgeTenants, covered
from taskqueue.rest.answers import answer, told

router = APIRouter(prefix="/v1/tenants", route_class=DeclaredRoute, tags=["tenants"])


@router.delete("/{tenant}", response_model=TenantPurge, responses=told(503))
async def purge_tenant(
    tenant: Annotated[str, Path(max_length=40)],
    asked: MayPurgeTenants,
    spare: Annotated[tuple[str, ...], Query(max_length=10, description="Types of tasks that stay.")] = (),
) -> Response:
    """Delete a tenant's schedules and tasks; those that run are asked to stop, and stay until they have.

    Ask again until nothing runs and there is no more. A tenant of whom nothing is kept is no error.
    """
    name = covered(asked.caller, tenant)
    return answer(await asked.service.queue.purge(name, spare, asked.service.clock()))
