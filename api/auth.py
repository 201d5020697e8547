"""Who asks, on behalf of which tenant.

The tenant is named by the token and by the address: host name, `X-Tenant`, and `/t/<tenant>/graphql`. Whatever
of these is present must name the same one; there is no default. Without a token there is no scope, and the
access rule lets such a request reach only what needs none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import HTTPConnection
from starlette.types import Scope

from api.graphql.codes import ErrorCode
from api.graphql.errors import told_of
from api.refusals import Refusal
from asgi.request_log import note, received_at_of, request_id_of
from store.errors import StoreError
from tenants.errors import TenantError, TenantSuspended
from tenants.registry import TenantRegistry
from tenants.roles import Permission
from tenants.scope import TenantScope
from tenants.tenant import Tenant, TenantState
from tp.services.identity.errors import Reason, Unauthenticated
from tp.services.identity.tokens import Claims, Tokens

JUDGED = frozenset({b"authorization", b"x-tenant", b"host", b"user-agent"})
Given = Mapping[bytes, Sequence[str]]
"""Headers by their names in lower case, with all the values that each has."""

_EXPLAINED = {
    Reason.EXPIRED: "The token has expired; log in again.",
    Reason.SESSION_ENDED: "The session was ended; log in again.",
    Reason.WRONG_TENANT: "The token belongs to another institution.",
}


@dataclass(frozen=True, slots=True)
class Call:
    """What resolvers may know of a request.

    `scope` is `None` without a token. `tenant` is the one that the address or the token names: a `login` whose
    input names another is refused. `received_at` is the time by which the request is judged; `address` is the
    client's, for throttling, and `agent` how it names itself; `expires_at` is the token's end.
    """

    scope: TenantScope | None
    tenant: str | None
    received_at: datetime
    request_id: str
    address: str
    agent: str = ""
    expires_at: datetime | None = None

    @property
    def permissions(self) -> frozenset[Permission] | None:
        return None if self.scope is None else self.scope.permissions


class Authenticator:
    """Judges the credentials and the tenant of a request."""

    def __init__(self, tokens: Tokens, registry: TenantRegistry) -> None:
        self._tokens = tokens
        self._registry = registry

    async def __call__(self, request: HTTPConnection) -> Call:
        """Return who asks. Raises Refusal."""
        received_at, given = received_at_of(request.scope), _given(request.scope)
        try:
            claims = self._claims(given.get(b"authorization", ()), received_at)
            tenant = await self._tenant(request, given, claims)
            if claims is not None and tenant is not None and _is_of_another(claims, tenant):
                raise Unauthenticated(Reason.WRONG_TENANT)
            if claims and tenant and tenant.took_back(claims.principal.id, claims.issued_at):
                raise Unauthenticated(Reason.SESSION_ENDED)
            scope = None if claims is None or tenant is None else self._registry.scope(tenant, claims.principal)
        except Unauthenticated as error:
            raise unauthenticated(error.reason) from None
        except (TenantError, StoreError) as error:
            raise refusal_of(error) from error
        note(
            request.scope,
            tenant=tenant.slug if tenant else None,
            principal=scope.principal.id if scope else None,
        )
        address = request.client.host if request.client else "unknown"
        agent = given.get(b"user-agent", ("",))[0]
        return Call(
            scope,
            tenant.slug if tenant else None,
            received_at,
            request_id_of(request.scope),
            address,
            agent,
            None if claims is None else claims.expires_at,
        )

    def _claims(self, given: Sequence[str], now: datetime) -> Claims | None:
        if not given:
            return None
        scheme, _, token = given[0].partition(" ")
        if len(given) > 1 or scheme.lower() != "bearer":
            raise Unauthenticated(Reason.MALFORMED)
        return self._tokens.verify(token.strip(), now=now)

    async def _tenant(self, request: HTTPConnection, given: Given, claims: Claims | None) -> Tenant | None:
        named = set(given.get(b"x-tenant", ()))
        if "tenant" in request.path_params:
            named.add(request.path_params["tenant"])
        host = await self._registry.at_host(given.get(b"host", ("",))[0])
        if host is not None:
            named.add(host.slug)
        if claims is not None:
            named.add(claims.tenant)
        if not named:
            return None
        if len(named) > 1:
            raise Refusal(
                ErrorCode.TENANT_MISMATCH,
                "Token, host name, `X-Tenant` and path must name the same institution.",
            )
        tenant = host or await self._registry.get(named.pop())
        if tenant.state is not TenantState.ACTIVE:
            raise TenantSuspended(tenant.slug)
        return tenant


def _given(scope: Scope) -> Given:
    """Return the headers that are judged, found in one walk."""
    found: dict[bytes, list[str]] = {}
    for name, value in scope["headers"]:
        if name in JUDGED:
            found.setdefault(name, []).append(value.decode("latin-1"))
    return found


def _is_of_another(claims: Claims, tenant: Tenant) -> bool:
    """Tell whether a token was issued before its tenant was made: for one of the same name that was purged."""
    return claims.issued_at < tenant.created_at.replace(microsecond=0)


def unauthenticated(reason: Reason) -> Refusal:
    """Return the refusal of a token that was not taken (RFC 6750, section 3)."""
    explained = _EXPLAINED.get(reason, "The token is not valid; log in again.")
    return Refusal(
        ErrorCode.UNAUTHENTICATED,
        explained,
        headers={"WWW-Authenticate": f'Bearer error="invalid_token", error_description="{explained}"'},
        extensions={"reason": reason},
    )


def refusal_of(error: Exception) -> Refusal:
    """Return the refusal that tells of an exception of the platform; one that nobody foresaw is raised on."""
    told = told_of(error)
    if told is None:
        raise error
    code, message, extensions = told
    return Refusal(code, message, extensions=extensions)
