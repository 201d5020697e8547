"""What is written for a user and what removes it again, in commits of whole users."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from store.limits import COMMIT_MUTATIONS
from store.port import Delete, Insert, Mutation, Namespace, Put
from tenants.user import User
from tp.services.people.records import (
    ACCESS_CODES,
    EXTERNAL_IDS,
    LOGIN_NAMES,
    USERS,
    AccessCode,
    ExternalId,
    LoginName,
    external_key,
    login_key,
    normal_name,
)


def writes(user: User, name: LoginName, ours: LoginName | None) -> Iterator[Mutation]:
    """Yield what keeps a user: inserts, for a name is one user's only; over an earlier run of the call, puts."""
    write = Insert if ours is None else Put
    yield write(LOGIN_NAMES.entity(name))
    yield write(USERS.entity(user))
    if user.external_id is not None:
        external = ExternalId(external_id=normal_name(user.external_id), user_id=user.id)
        yield write(EXTERNAL_IDS.entity(external))
    if name.code_hash is not None:
        yield Insert(ACCESS_CODES.entity(AccessCode(code_hash=name.code_hash, user_id=user.id)))
    if ours is not None and ours.code_hash is not None:
        yield Delete(ACCESS_CODES.key(ours.code_hash))


async def removal(store: Namespace, names: Sequence[LoginName]) -> list[list[Mutation]]:
    """Return what removes the users of these login names and all that was written with each, a group a user."""
    users = USERS.records(
        entity
        for entity in await store.get_many([USERS.key(name.user_id) for name in names])
        if entity is not None
    )
    external = {user.id: user.external_id for user in users}
    groups: list[list[Mutation]] = []
    for name in names:
        group: list[Mutation] = [Delete(login_key(name.login)), Delete(USERS.key(name.user_id))]
        external_id = external.get(name.user_id)
        if external_id is not None:
            group.append(Delete(external_key(external_id)))
        if name.code_hash is not None:
            group.append(Delete(ACCESS_CODES.key(name.code_hash)))
        groups.append(group)
    return groups


def in_parts(groups: Sequence[list[Mutation]], last: Sequence[Mutation] = ()) -> Iterator[list[Mutation]]:
    """Yield commits of whole groups within the store's limit; `last` goes with the last of them."""
    part: list[Mutation] = []
    for group in groups:
        if len(part) + len(group) + len(last) > COMMIT_MUTATIONS:
            yield part
            part = []
        part = [*part, *group]
    if part:
        yield [*part, *last]
