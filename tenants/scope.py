"""The tenant scope: who asks, on behalf of which tenant, with which part of the store.

It is the isolation boundary. A service is given a scope and nothing else to reach data through, and a scope
holds a store that is already bound to its tenant's namespace: there is no way to name another's.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from store.port import Namespace
from tenants.errors import PermissionDenied
from tenants.roles import Permission, Role, permissions_of
from tenants.tenant import Tenant


@dataclass(frozen=True, slots=True)
class Principal:
    """An authenticated user (`usr_…`) or service (`svc_…`)."""

    id: str
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class TenantScope:
    tenant: Tenant
    principal: Principal
    store: Namespace
    permissions: frozenset[Permission] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "permissions", permissions_of(self.principal.roles))

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    def require(self, permission: Permission) -> None:
        """Raise PermissionDenied unless one of the principal's roles includes `permission`."""
        if permission not in self.permissions:
            raise PermissionDenied(permission)
