"""Batches of what a list of nodes asks for, one read each."""

from __future__ import annotations

from collections.abc import Sequence

from tenants.scope import TenantScope
from tenants.user import User
from tp.domain.attempt import Attempt
from tp.services.catalogue import Catalogue
from tp.services.people.reading import get_users
from tp.services.results.results import VisibleResult


async def load_users(scope: TenantScope, ids: Sequence[str]) -> list[User | None]:
    return await get_users(scope, list(ids))


async def load_results(
    scope: TenantScope, services: Catalogue, attempts: Sequence[Attempt]
) -> list[VisibleResult | None]:
    return await services.results.of_attempts(scope, list(attempts))
