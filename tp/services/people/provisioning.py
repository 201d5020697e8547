"""A new institution: the tenant and its first administrator, in one place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tenants.errors import TenantExists
from tenants.registry import TenantRegistry
from tenants.roles import Role
from tenants.scope import Principal
from tenants.tenant import Tenant, TenantSettings
from tenants.user import User
from tp.errors import Refused
from tp.services.people.creation import UserCreation
from tp.services.people.new_user import NewUser, problems_in
from tp.services.people.reading import count_users, find_by_login

PROVISIONER = Principal("svc_provisioning", frozenset({Role.ADMIN}))
"""Who the audit names as the maker of a tenant's first administrator."""


@dataclass(frozen=True, slots=True)
class Provisioned:
    tenant: Tenant
    admin: User


async def create_tenant_with_admin(
    registry: TenantRegistry,
    creation: UserCreation,
    *,
    slug: str,
    name: str,
    admin_login: str,
    admin_password: str,
    settings: TenantSettings | None = None,
    now: datetime,
) -> Provisioned:
    """Create a tenant and its first administrator; made again after an interruption, complete it.

    A tenant that exists is taken for this one when it has the same name and either nobody in it yet or this
    very administrator, whose password then stays as it is; otherwise it is another's, and not touched.
    Raises TenantExists, HostTaken, TenantSuspended; Refused when login or password cannot be taken, before the
    tenant is made; pydantic's ValidationError for the slug or the name.
    """
    admin = NewUser(admin_login, admin_login, roles=(Role.ADMIN,), password=admin_password)
    problems = problems_in([admin])
    if problems:
        raise Refused(problems)
    try:
        tenant = await registry.create(slug, name, settings)
    except TenantExists:
        tenant = await registry.get(slug)
        if tenant.name != name.strip():
            raise
    scope = registry.scope(tenant, PROVISIONER)
    [known] = await find_by_login(scope, [admin_login])
    if known is not None and Role.ADMIN in known.roles:
        return Provisioned(tenant, known)
    if await count_users(scope) > 0:
        raise TenantExists(slug)
    [created] = await creation.create_users(scope, [admin], now=now)
    return Provisioned(tenant, created.user)
