"""Purging a suspended tenant: every entity of every kind in its namespace, and then the tenant itself."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import JsonValue

from store.port import Delete, Kind, Query
from tenants.errors import TenantUnknown
from tenants.registry import TenantRegistry
from tp.domain.value import Frozen
from tp.services.steps import Step, Work

CHUNK = 400


class Place(Frozen):
    """`clean`: how many kinds in a row were found empty; a write that was under way may have filled one again."""

    kind: int = 0
    clean: int = 0
    done: int = 0


def tenant_purge(registry: TenantRegistry, slug: str, kinds: Sequence[Kind]) -> Work:
    """Return the work of removing a tenant. Its steps raise TenantActive unless it is suspended.

    A tenant that is gone already is no error: an attempt that was not heard of again may have done the work.
    """

    async def step(at: JsonValue) -> Step:
        place = Place.model_validate(at or {})
        try:
            store = await registry.remains(slug)
        except TenantUnknown:
            return Step(place.done)
        page = await store.query(Query(kinds[place.kind].name, limit=CHUNK, keys_only=True))
        if page.entities:
            await store.commit([Delete(entity.key) for entity in page.entities])
            behind = Place(kind=place.kind, done=place.done + len(page.entities))
        elif place.clean + 1 < len(kinds):
            behind = Place(kind=(place.kind + 1) % len(kinds), clean=place.clean + 1, done=place.done)
        else:
            await registry.remove(slug)
            return Step(place.done)
        return Step(behind.done, None, behind.model_dump(mode="json"))

    return step
