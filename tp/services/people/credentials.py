"""Giving people new credentials."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from store.port import Transaction
from tenants.roles import Permission
from tenants.scope import TenantScope
from tenants.user import User
from tp.clock import Entropy
from tp.domain.problem import Code
from tp.errors import NotFound, Refused
from tp.services import audit
from tp.services.identity.codes import code_hash, new_code
from tp.services.identity.passwords import Passwords
from tp.services.people.new_user import USERS_A_CALL, password_problem
from tp.services.people.reading import all_users
from tp.services.people.records import (
    ACCESS_CODES,
    LOGIN_NAMES,
    USERS,
    AccessCode,
    LoginName,
    is_user_id,
    login_key,
)

USERS_A_COMMIT = 160
"""Each is three mutations: the login name, the new code, the old one."""


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """`access_code` is shown here and never again."""

    user: User
    access_code: str


class Credentials:
    """Composed once a process with the password pool and a source of random bytes."""

    def __init__(self, passwords: Passwords, random: Entropy) -> None:
        self._passwords = passwords
        self._random = random

    async def issue_access_codes(
        self, scope: TenantScope, user_ids: Sequence[str], *, now: datetime
    ) -> list[IssuedCode]:
        """Give each user a new access code in place of any old one, and audit it; duplicates are asked once.

        When the store fails in between, old codes of some are gone and no new ones were shown: ask again.
        Raises PermissionDenied without MANAGE_PEOPLE; Refused with NOT_FOUND under `("userIds", i)` for each
        that is missing, before any code is changed, or TOO_MANY over `USERS_A_CALL`.
        """
        scope.require(Permission.MANAGE_PEOPLE)
        if len(user_ids) > USERS_A_CALL:
            raise Refused.because(Code.TOO_MANY, ("userIds",), f"at most {USERS_A_CALL} users a call")
        users = await all_users(scope, user_ids)
        issued: list[IssuedCode] = []
        for start in range(0, len(users), USERS_A_COMMIT):
            issued.extend(await self._issue(scope, users[start : start + USERS_A_COMMIT], now))
        return issued

    async def set_password(self, scope: TenantScope, user_id: str, password: str, *, now: datetime) -> None:
        """Give a user a new password, and audit it.

        Raises PermissionDenied without MANAGE_PEOPLE; Refused for a password that is too short or too long;
        NotFound; Throttled when the password pool is full.
        """
        scope.require(Permission.MANAGE_PEOPLE)
        problem = password_problem(password, ("password",))
        if problem is not None:
            raise Refused([problem])
        user = USERS.found(await scope.store.get(USERS.key(user_id))) if is_user_id(user_id) else None
        if user is None:
            raise NotFound(user_id, ("userId",))
        kept = await self._passwords.hash(password)

        async def work(tx: Transaction) -> None:
            [name] = await _login_names(tx, [user])
            tx.put(LOGIN_NAMES.entity(name.model_copy(update={"password_hash": kept})))
            tx.put(audit.entry(scope, now, "people.set_password", user.id).entity)

        await scope.store.transact(work)

    async def _issue(self, scope: TenantScope, users: Sequence[User], now: datetime) -> list[IssuedCode]:
        issued = [IssuedCode(user, new_code(self._random)) for user in users]

        async def work(tx: Transaction) -> None:
            for name, fresh in zip(await _login_names(tx, users), issued, strict=True):
                hashed = code_hash(fresh.access_code)
                if name.code_hash is not None:
                    tx.delete(ACCESS_CODES.key(name.code_hash))
                tx.insert(ACCESS_CODES.entity(AccessCode(code_hash=hashed, user_id=name.user_id)))
                tx.put(LOGIN_NAMES.entity(name.model_copy(update={"code_hash": hashed})))
            ids = [user.id for user in users]
            subject = ids[0] if len(ids) == 1 else "people"
            tx.put(audit.entry(scope, now, "people.issue_access_codes", subject, {"ids": list(ids)}).entity)

        await scope.store.transact(work)
        return issued


async def _login_names(tx: Transaction, users: Sequence[User]) -> list[LoginName]:
    """Return the login name of each user: every user has one."""
    entities = await tx.get_many([login_key(user.login) for user in users])
    return [LOGIN_NAMES.record(entity) for entity in entities if entity is not None]
