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

from api.rest.service import Service, service_of
from asgi.declared import declared_route
from asgi.request_log import note, received_at_of
from tenants.errors import TenantUnknown
from tenants.roles import Role
from tenants.scope import Principal, TenantScope
from tenants.tenant import Tenant
from trust.bearer import Forbidden, NotAuthenticated, caller_of
from trust.service_tokens import Caller

AUDIENCE: Final = "tp"
"""Of the tokens that this service takes."""


class Scope(StrEnum):
    TESTS_READ = "tests:read"
    ATTEMPTS_READ = "attempts:read"
    STANDINGS_WRITE = "standings:write"


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks on behalf of which tenant, and what serves."""

    scope: TenantScope
    service: Service


Authorise = Callable[..., Awaitable[Asked]]


def _authoriser(needed: Scope) -> Authorise:
    async def authorise(request: Request, tenant: str) -> Asked:
        service = service_of(request)
        caller = _caller(request, service)
        note(request.scope, service=caller.service)
        if not caller.may(needed):
            raise Forbidden(needed)
        if not caller.covers(tenant):
            raise TenantUnknown(tenant)
        known = await service.registry.get(tenant)
        if _is_of_another(caller, known):
            raise TenantUnknown(tenant)
        note(request.scope, tenant=known.slug)
        principal = Principal(f"svc_{caller.service}", frozenset({Role.SERVICE}))
        return Asked(service.registry.scope(known, principal), service)

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


def _is_of_another(caller: Caller, tenant: Tenant) -> bool:
    """Tell whether a token was issued before the tenant that it names was made: for one that was purged."""
    return not caller.covers_all and caller.issued_at < tenant.created_at.replace(microsecond=0)


def _caller(request: Request, service: Service) -> Caller:
    try:
        return caller_of(request.headers.get("authorization", ""), service.tokens, received_at_of(request.scope))
    except NotAuthenticated as refused:
        note(request.scope, refused=refused.reason and refused.reason.value)
        raise


MayReadTests = Annotated[Asked, needs(Scope.TESTS_READ)]
MayReadAttempts = Annotated[Asked, needs(Scope.ATTEMPTS_READ)]
MayWriteStandings = Annotated[Asked, needs(Scope.STANDINGS_WRITE)]
