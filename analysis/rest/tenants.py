"""Tenants: forgotten, when their owner has removed them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response

from analysis.contract import TenantPurge
from analysis.rest.access import DeclaredRoute, MayPurge
from analysis.rest.answers import answer, told

router = APIRouter(prefix="/v1/tenants", route_class=DeclaredRoute, tags=["tenants"])


@router.delete("/{tenant}", response_model=TenantPurge, responses=told(503))
async def purge_tenant(tenant: Annotated[str, Path(max_length=40)], asked: MayPurge) -> Response:
    """Delete all reports of a tenant. Ask again while there is more; a tenant of whom nothing is kept is no error.

    First have the tenant's tasks ended: a report that is being made would be written all the same.
    """
    return answer(await asked.service.desk.purge(asked.tenant(tenant)))
