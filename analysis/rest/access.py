"""Who may use a route: declared beside it, and a route without a declaration cannot be made.

A token brings a service, its scopes and the tenants that it may ask for. What belongs to any other tenant is
answered as what does not exist.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Final

from fastapi import Depends, Request
from fastapi.routing import APIRoute

from analysis.links import Opened
from analysis.rest.service import Service, service_of
from asgi.declared import declared_route
from asgi.request_log import note
from trust.bearer import Forbidden, NotAuthenticated, caller_of
from trust.service_tokens import Caller, Reason

AUDIENCE: Final = "analysis"
"""Of the tokens that this service takes."""


class Scope(StrEnum):
    REPORTS_READ = "reports:read"
    REPORTS_WRITE = "reports:write"
    TENANTS_PURGE = "tenants:purge"


class TenantNotCovered(Exception):
    def __init__(self) -> None:
        super().__init__("the token does not cover this tenant")


class TenantRequired(Exception):
    def __init__(self) -> None:
        super().__init__("say which tenant is meant: the token covers more than one")


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, and what serves."""

    caller: Caller
    service: Service

    def tenant(self, named: str | None) -> str:
        """Return the tenant that is meant: the named one, or the only one.

        Raises TenantRequired, TenantNotCovered.
        """
        if named is not None and self.caller.covers(named):
            return named
        if named is not None:
            raise TenantNotCovered
        if self.caller.only_tenant is None:
            raise TenantRequired
        return self.caller.only_tenant


def _authoriser(scope: Scope) -> Callable[..., Awaitable[Asked]]:
    async def authorise(request: Request) -> Asked:
        service = service_of(request)
        caller = _caller(request, service)
        note(request.scope, service=caller.service)
        if not caller.may(scope):
            raise Forbidden(scope)
        return Asked(caller, service)

    return authorise


_AUTHORISERS: Final = {scope: _authoriser(scope) for scope in Scope}


async def _page_opener(
    request: Request, report_id: str, ticket: str | None = None, tenant: str | None = None
) -> Opened:
    """Open a page to a link's ticket, or to a token that may read reports."""
    service = service_of(request)
    if ticket is None:
        asked = await _AUTHORISERS[Scope.REPORTS_READ](request)
        return Opened(asked.tenant(tenant), report_id)
    opened = service.links.open(ticket, report_id, service.clock())
    if opened is None:
        raise NotAuthenticated(Reason.EXPIRED)
    return opened


def scope_of(route: APIRoute) -> Scope | None:
    """Return what a route declares."""
    calls = {dependency.call for dependency in route.dependant.dependencies}
    if _page_opener in calls:
        return Scope.REPORTS_READ
    return next((scope for scope, authorise in _AUTHORISERS.items() if authorise in calls), None)


DeclaredRoute = declared_route(scope_of)
"""A route that refuses to be made without a declaration."""


def _caller(request: Request, service: Service) -> Caller:
    try:
        return caller_of(request.headers.get("authorization", ""), service.tokens, service.clock())
    except NotAuthenticated as refused:
        note(request.scope, refused=refused.reason and refused.reason.value)
        raise


MayRead = Annotated[Asked, Depends(_AUTHORISERS[Scope.REPORTS_READ])]
MayWrite = Annotated[Asked, Depends(_AUTHORISERS[Scope.REPORTS_WRITE])]
MayPurge = Annotated[Asked, Depends(_AUTHORISERS[Scope.TENANTS_PURGE])]
MayOpenPage = Annotated[Opened, Depends(_page_opener)]
