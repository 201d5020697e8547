"""Who may use a route: declared beside it, and a route without a declaration cannot be made.

A token brings a service, its scopes and the tenants that it may ask for. What belongs to any other tenant is
answered as what does not exist.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Final

from fastapi import Depends, Request
from fastapi.routing import APIRoute

from asgi.declared import declared_route
from asgi.request_log import note
from taskqueue.rest.service import Service, service_of
from trust.bearer import Forbidden, NotAuthenticated, caller_of
from trust.service_tokens import Caller

AUDIENCE: Final = "taskqueue"
"""Of the tokens that this service takes."""


class Scope(StrEnum):
    TASKS_READ = "tasks:read"
    TASKS_WRITE = "tasks:write"
    QUEUES_READ = "queues:read"
    QUEUES_WRITE = "queues:write"
    SCHEDULES_READ = "schedules:read"
    SCHEDULES_WRITE = "schedules:write"
    TENANTS_PURGE = "tenants:purge"


class TenantNotCovered(Exception):
    def __init__(self) -> None:
        super().__init__("the token does not cover this tenant")


class TenantRequired(Exception):
    def __init__(self) -> None:
        super().__init__("say which tenant is meant: the token covers more than one")


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, and what serves. One dependency brings both: each costs a twentieth of what a request does."""

    caller: Caller
    service: Service


Authorise = Callable[..., Awaitable[Asked]]


def _authoriser(scope: Scope) -> Authorise:
    async def authorise(request: Request) -> Asked:
        service = service_of(request)
        caller = _caller(request, service)
        note(request.scope, service=caller.service)
        if not caller.may(scope):
            raise Forbidden(scope)
        return Asked(caller, service)

    return authorise


_AUTHORISERS: Final = {scope: _authoriser(scope) for scope in Scope}


def needs(scope: Scope) -> Any:
    """Declare that a route's caller has a scope; the route is given what is `Asked`."""
    return Depends(_AUTHORISERS[scope])


def scope_of(route: APIRoute) -> Scope | None:
    """Return what a route declares."""
    calls = {dependency.call for dependency in route.dependant.dependencies}
    return next((scope for scope, authorise in _AUTHORISERS.items() if authorise in calls), None)


DeclaredRoute = declared_route(scope_of)
"""A route that refuses to be made without a declaration."""


def covered(caller: Caller, tenant: str) -> str:
    """Return the tenant that is named. Raises TenantNotCovered."""
    if not caller.covers(tenant):
        raise TenantNotCovered
    return tenant


def one_tenant(caller: Caller, tenant: str | None) -> str:
    """Return the tenant that is meant: the named one, or the only one. Raises TenantRequired, TenantNotCovered."""
    if tenant is not None:
        return covered(caller, tenant)
    if caller.only_tenant is None:
        raise TenantRequired
    return caller.only_tenant


def seen_tenants(caller: Caller, tenant: str | None) -> str | None:
    """Return the tenant to list, `None` for all; only who covers all may leave it out, or who has a single one."""
    return None if tenant is None and caller.covers_all else one_tenant(caller, tenant)


def _caller(request: Request, service: Service) -> Caller:
    try:
        return caller_of(request.headers.get("authorization", ""), service.tokens, service.clock())
    except NotAuthenticated as refused:
        note(request.scope, refused=refused.reason and refused.reason.value)
        raise


MayReadTasks = Annotated[Asked, needs(Scope.TASKS_READ)]
MayWriteTasks = Annotated[Asked, needs(Scope.TASKS_WRITE)]
MayReadQueues = Annotated[Asked, needs(Scope.QUEUES_READ)]
MayWriteQueues = Annotated[Asked, needs(Scope.QUEUES_WRITE)]
MayReadSchedules = Annotated[Asked, needs(Scope.SCHEDULES_READ)]
MayWriteSchedules = Annotated[Asked, needs(Scope.SCHEDULES_WRITE)]
MayPurgeTenants = Annotated[Asked, needs(Scope.TENANTS_PURGE)]
