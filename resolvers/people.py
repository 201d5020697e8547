"""Logging in, and the people of a tenant."""

from __future__ import annotations

import json
from asyncio import Future
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from resolvers.answers import DEFAULT_PAGE, Connection, Payload, connection
from resolvers.context import Context
from resolvers.inputs import given
from tenants.roles import Role
from tenants.user import User
from tp.domain.problem import Code
from tp.errors import NotFound, Refused
from tp.services import audit
from tp.services.people.new_user import NewUser
from tp.services.people.reading import get_user, list_users


@dataclass(frozen=True, slots=True)
class Viewer:
    id: str
    name: str
    roles: tuple[Role, ...]
    tenant: str


async def login(context: Context, input: Mapping[str, Any]) -> Payload:
    tenant = input["tenant"]
    if context.tenant is not None and context.tenant != tenant:
        raise Refused.because(Code.INVALID, ("tenant",), "the address of this request names another institution")
    session = await context.services.login.login(
        tenant,
        input.get("login"),
        password=input.get("password"),
        access_code=input.get("access_code"),
        address=context.address,
        now=context.received_at,
    )
    user = session.user
    viewer = Viewer(user.id, user.name, user.roles, tenant)
    return {"token": session.token, "expires_at": session.expires_at, "viewer": viewer}


async def viewer(context: Context) -> Viewer:
    scope = context.scope
    user = await context.users.load(scope.principal.id)
    name = user.name if user is not None else scope.principal.id
    return Viewer(scope.principal.id, name, tuple(sorted(scope.principal.roles)), scope.tenant.slug)


async def user(context: Context, id: str) -> User | None:
    try:
        return await get_user(context.scope, id)
    except NotFound:
        return None


async def users(
    context: Context,
    first: int = DEFAULT_PAGE,
    after: str | None = None,
    group: str | None = None,
    role: Role | None = None,
) -> Connection:
    return connection(await list_users(context.scope, group=group, role=role, cursor=after, limit=first))


async def create_users(context: Context, input: Mapping[str, Any]) -> Payload:
    asked = [
        NewUser(**given(user, "login", "name", "roles", "groups", "external_id", "password", "access_code"))
        for user in input["users"]
    ]
    created = await context.services.creation.create_users(context.scope, asked, now=context.received_at)
    return {"users": created}


async def issue_access_codes(context: Context, input: Mapping[str, Any]) -> Payload:
    issued = await context.services.credentials.issue_access_codes(
        context.scope, input["user_ids"], now=context.received_at
    )
    return {"users": issued}


async def end_sessions(context: Context, input: Mapping[str, Any]) -> Payload:
    return {"users": await context.services.sessions.end(context.scope, input["user_ids"], context.received_at)}


async def audit_log(
    context: Context, first: int = DEFAULT_PAGE, after: str | None = None, subject: str | None = None
) -> Connection:
    return connection(await audit.entries(context.scope, subject=subject, cursor=after, limit=first))


def actor(record: audit.AuditRecord, context: Context) -> Future[User | None]:
    return context.users.load(record.actor)


def audit_details(record: audit.AuditRecord, _: Context) -> str:
    return json.dumps(record.details, ensure_ascii=False, sort_keys=True)
