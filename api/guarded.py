"""Routes beside GraphQL: each declares who may use it, and is asked as GraphQL is: same tokens, same refusals."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.auth import Call, refusal_of
from api.graphql.codes import ErrorCode
from api.refusals import Refusal
from schema.access import Access
from store.errors import StoreError
from tenants.errors import TenantError
from tp.errors import TestPlatformError

Authenticate = Callable[[Request], Awaitable[Call]]
Endpoint = Callable[[Request, Call], Awaitable[Response]]


class GuardedRoute(Route):
    """A route by GET with its declaration."""

    def __init__(self, path: str, endpoint: Endpoint, access: Access, authenticate: Authenticate) -> None:
        self.access = access

        async def guarded(request: Request) -> Response:
            call = await authenticate(request)
            if not access.admits(call.permissions):
                raise _refusal(call)
            try:
                return await endpoint(request, call)
            except (TestPlatformError, TenantError, StoreError) as error:
                raise refusal_of(error) from error

        super().__init__(path, guarded, methods=["GET"])


def _refusal(call: Call) -> Refusal:
    if call.scope is None:
        return Refusal(ErrorCode.UNAUTHENTICATED, "This needs a login.", headers={"WWW-Authenticate": "Bearer"})
    return Refusal(ErrorCode.FORBIDDEN, "You may not use this.")
