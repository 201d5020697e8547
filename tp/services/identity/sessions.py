"""Ending sessions: tokens that are good by themselves, and are to be refused all the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tenants.registry import TenantRegistry
from tenants.roles import Permission
from tenants.scope import TenantScope
from tenants.user import User
from tp.domain.problem import Code
from tp.errors import Refused
from tp.services import audit
from tp.services.people.new_user import USERS_A_CALL
from tp.services.people.reading import all_users


class SessionService:
    """What it ends is kept with the tenant, which every process reads at least every two seconds."""

    def __init__(self, registry: TenantRegistry) -> None:
        self._registry = registry

    async def end(self, scope: TenantScope, user_ids: Sequence[str], now: datetime) -> list[User]:
        """Refuse the tokens that users have now, and audit it; who logs in anew is let in.

        Raises PermissionDenied without MANAGE_PEOPLE; Refused with NOT_FOUND under `("userIds", i)` for each that
        is missing, before any session is ended, or TOO_MANY over `USERS_A_CALL`.
        """
        scope.require(Permission.MANAGE_PEOPLE)
        if len(user_ids) > USERS_A_CALL:
            raise Refused.because(Code.TOO_MANY, ("userIds",), f"at most {USERS_A_CALL} users a call")
        users = await all_users(scope, user_ids)
        ids = [user.id for user in users]
        await self._registry.end_sessions(scope.tenant.slug, ids)
        subject = ids[0] if len(ids) == 1 else "people"
        await scope.store.commit([audit.entry(scope, now, "people.end_sessions", subject, {"ids": [*ids]})])
        return users
