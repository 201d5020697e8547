"""Finding people. Somebody without SEE_PEOPLE sees themselves and nobody else."""

from __future__ import annotations

from collections.abc import Sequence

from store.port import Entity, Key, Query, Scalar
from tenants.roles import Permission, Role
from tenants.scope import TenantScope
from tenants.user import User
from tp.domain.problem import Code, Problem
from tp.errors import NotFound, Refused
from tp.services.listing import Listing, listing
from tp.services.people.new_user import tidy
from tp.services.people.records import EXTERNAL_IDS, LOGIN_NAMES, USERS, external_key, is_user_id, login_key

PAGE_LIMIT = 100


async def get_user(scope: TenantScope, user_id: str) -> User:
    """Return a user: oneself, or anybody with SEE_PEOPLE. Raises NotFound, also for whom one may not see."""
    [user] = await get_users(scope, [user_id])
    if user is None:
        raise NotFound(user_id)
    return user


async def get_users(scope: TenantScope, user_ids: Sequence[str]) -> list[User | None]:
    """Return users in the order of `user_ids`, at most 1,000; `None` for the missing and those not to be seen."""
    all_visible = scope.may(Permission.SEE_PEOPLE)
    visible = [id for id in user_ids if is_user_id(id) and (all_visible or id == scope.principal.id)]
    if not visible:
        return [None] * len(user_ids)
    entities = await scope.store.get_many([USERS.key(id) for id in visible])
    users = {id: USERS.found(entity) for id, entity in zip(visible, entities, strict=True)}
    return [users.get(id) for id in user_ids]


async def list_users(
    scope: TenantScope,
    *,
    group: str | None = None,
    role: Role | None = None,
    cursor: str | None = None,
    limit: int = PAGE_LIMIT,
) -> Listing[User]:
    """Return users of a group, a role, both or all, in the order of their ids; at most `PAGE_LIMIT` a page.

    Raises PermissionDenied without SEE_PEOPLE.
    """
    scope.require(Permission.SEE_PEOPLE)
    query = Query(USERS.kind.name, where=_filter(group, role), limit=min(limit, PAGE_LIMIT), cursor=cursor)
    return listing(await scope.store.query(query), USERS.record)


async def count_users(scope: TenantScope, *, group: str | None = None, role: Role | None = None) -> int:
    """Return how many `list_users` would list in all. Raises PermissionDenied without SEE_PEOPLE."""
    scope.require(Permission.SEE_PEOPLE)
    return await scope.store.count(Query(USERS.kind.name, where=_filter(group, role)))


async def find_by_login(scope: TenantScope, logins: Sequence[str]) -> list[User | None]:
    """Return the users of up to 1,000 logins, however typed. Raises PermissionDenied without SEE_PEOPLE."""
    names = await _entities(scope, [login_key(login) for login in logins])
    return await get_users(scope, [LOGIN_NAMES.record(e).user_id if e else "" for e in names])


async def find_by_external_id(scope: TenantScope, external_ids: Sequence[str]) -> list[User | None]:
    """Return the users of up to 1,000 ids of the institution. Raises PermissionDenied without SEE_PEOPLE."""
    names = await _entities(scope, [external_key(id) for id in external_ids])
    return await get_users(scope, [EXTERNAL_IDS.record(e).user_id if e else "" for e in names])


async def _entities(scope: TenantScope, keys: Sequence[Key]) -> list[Entity | None]:
    scope.require(Permission.SEE_PEOPLE)
    return await scope.store.get_many(keys)


def _filter(group: str | None, role: Role | None) -> dict[str, Scalar]:
    where: dict[str, Scalar] = {}
    if group is not None:
        where["groups"] = tidy(group)
    if role is not None:
        where["roles"] = role.value
    return where


async def all_users(scope: TenantScope, user_ids: Sequence[str]) -> list[User]:
    """Return the users, each once. Raises Refused for those missing."""
    wanted = [id for id in dict.fromkeys(user_ids) if is_user_id(id)]
    entities = await scope.store.get_many([USERS.key(id) for id in wanted])
    users = {id: USERS.record(entity) for id, entity in zip(wanted, entities, strict=True) if entity}
    problems = [
        Problem(Code.NOT_FOUND, ("userIds", number), "no such user")
        for number, id in enumerate(user_ids)
        if id not in users
    ]
    if problems:
        raise Refused(problems)
    return list(users.values())
