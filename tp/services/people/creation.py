"""Creating users, up to five hundred a call: all of them or none.

Five hundred users with their names and codes are up to two thousand mutations, and a commit takes five
hundred. So a call is written in parts, each with whole users, and every login name carries the fingerprint of
the call (`batch`). The last part also writes the record of the batch: with it the call is finished.

- Logins of the batch without its record: another run is writing, and this one is refused; or, after half a
  minute, was interrupted, and this one completes it with new codes.
- With its record: the call was finished before, and its logins are refused as already existing.
- A login that another call took in between: what this call wrote is removed, and the login is told.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from store.errors import AlreadyExists, Conflict
from store.port import Mutation, Put, Query
from tenants.roles import Permission, Role
from tenants.scope import TenantScope
from tenants.user import User
from tp.clock import Entropy
from tp.domain.ids import USER, new_id
from tp.domain.problem import Code
from tp.domain.value import utc
from tp.errors import Refused
from tp.services import audit
from tp.services.identity.codes import code_hash, new_code
from tp.services.identity.passwords import Passwords
from tp.services.people.new_user import USERS_A_CALL, NewUser, problems_in, tidy
from tp.services.people.records import BATCHES, USERS, Batch, LoginName, normal_name
from tp.services.people.taken import find_taken
from tp.services.people.writing import in_parts, removal, writes

RUNS = 3
"""How often a call that meets its own twin looks again."""


@dataclass(frozen=True, slots=True)
class Created:
    """`access_code` is shown here and never again; `None` when none was asked for."""

    user: User
    access_code: str | None = None


class UserCreation:
    """Composed once a process with the password pool and a source of random bytes."""

    def __init__(self, passwords: Passwords, random: Entropy) -> None:
        self._passwords = passwords
        self._random = random

    async def create_users(self, scope: TenantScope, users: Sequence[NewUser], *, now: datetime) -> list[Created]:
        """Create all of `users`, in their order, and audit it; nothing when one of them cannot be created.

        Raises PermissionDenied without MANAGE_PEOPLE; Refused with every problem under `("users", i, …)`, with
        TOO_MANY over `USERS_A_CALL` or the tenant's `max_users`, with INVALID_STATE while the same call is being
        written; Throttled when the password pool is full; Conflict, and whatever a store raises, after which
        the same call may be made again.
        """
        scope.require(Permission.MANAGE_PEOPLE)
        if len(users) > USERS_A_CALL:
            raise Refused.because(Code.TOO_MANY, ("users",), f"at most {USERS_A_CALL} users a call")
        problems = problems_in(users)
        batch = _fingerprint(users) if not problems else ""
        hashes: list[str | None] | None = None
        own: set[str] = set()
        for _ in range(RUNS):
            found = await find_taken(scope.store, users, batch, problems)
            if found.problems:
                for part in in_parts(await removal(scope.store, list(found.ours.values()))):
                    await scope.store.commit(part)
                raise Refused(found.problems)
            if found.by_another_run(own, now):
                raise Refused.because(Code.INVALID_STATE, ("users",), "this list is being created: ask again soon")
            await _check_quota(scope, len(users) - len(found.ours))
            hashes = hashes or await self._hashes(users)
            made = [
                self._make(user, hashes[number], found.ours.get(number), batch, now)
                for number, user in enumerate(users)
            ]
            own.update(created.user.id for created, _ in made)
            try:
                for part in in_parts([mutations for _, mutations in made], _last(scope, batch, made, now)):
                    await scope.store.commit(part)
            except AlreadyExists:
                continue
            return [created for created, _ in made]
        raise Conflict(RUNS)

    async def _hashes(self, users: Sequence[NewUser]) -> list[str | None]:
        """Hash the passwords, never more at once than the pool has threads, so that logins keep their places."""
        lanes = asyncio.Semaphore(self._passwords.threads)

        async def hashed(password: str | None) -> str | None:
            if password is None:
                return None
            async with lanes:
                return await self._passwords.hash(password)

        return list(await asyncio.gather(*(hashed(user.password) for user in users)))

    def _make(
        self, user: NewUser, password_hash: str | None, ours: LoginName | None, batch: str, now: datetime
    ) -> tuple[Created, list[Mutation]]:
        record = User(
            id=ours.user_id if ours else new_id(USER, self._random(10)),
            login=tidy(user.login),
            external_id=None if user.external_id is None else tidy(user.external_id),
            name=tidy(user.name),
            groups=tuple(dict.fromkeys(tidy(group) for group in user.groups)),
            roles=tuple(dict.fromkeys(Role(role) for role in user.roles)),
            created_at=utc(now),
        )
        code = new_code(self._random) if user.access_code else None
        name = LoginName(
            login=normal_name(user.login),
            user_id=record.id,
            password_hash=password_hash,
            code_hash=None if code is None else code_hash(code),
            batch=batch,
            written_at=utc(now),
        )
        return Created(record, code), list(writes(record, name, ours))


async def _check_quota(scope: TenantScope, more: int) -> None:
    most = scope.tenant.settings.max_users
    if await scope.store.count(Query(USERS.kind.name)) + more > most:
        raise Refused.because(Code.TOO_MANY, ("users",), f"this institution may have {most} users")


def _last(
    scope: TenantScope, batch: str, made: Sequence[tuple[Created, list[Mutation]]], now: datetime
) -> list[Mutation]:
    """Return what goes with the last part: the batch is finished, and who did it."""
    ids = [created.user.id for created, _ in made]
    subject = ids[0] if len(ids) == 1 else "people"
    return [
        Put(BATCHES.entity(Batch(id=batch, finished_at=utc(now)))),
        audit.entry(scope, now, "people.create", subject, {"ids": list(ids)}),
    ]


def _fingerprint(users: Sequence[NewUser]) -> str:
    """Return a name for this very call; of passwords it holds nothing."""
    told = [
        [normal_name(u.login), u.name, list(u.roles), list(u.groups), u.external_id, u.access_code] for u in users
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]
