"""Files in a tenant's namespace: bytes in parts, each small enough for an entity."""

from __future__ import annotations

from collections.abc import AsyncIterator

from store.paging import every
from store.port import KEY, Delete, Entity, Key, Namespace, Put, Query, Range
from store.records import BODY
from tp.tables import FILE_PARTS, part_id

PART_BYTES = 900 * 1000
"""Below the megabyte that an entity may have."""

AT_ONCE = 4
"""How many parts are in memory while a file is read."""


async def put_part(store: Namespace, name: str, number: int, data: bytes) -> None:
    """Keep one part of a file, at most `PART_BYTES`; parts are read in the order of their numbers."""
    await store.commit([Put(Entity(Key(FILE_PARTS.name, part_id(name, number)), {BODY: data}))])


async def read_parts(store: Namespace, name: str) -> AsyncIterator[bytes]:
    """Yield a file, part by part."""
    async for entity in every(store, _parts(name, limit=AT_ONCE)):
        body = entity[BODY]
        assert isinstance(body, bytes)
        yield body


async def delete_parts(store: Namespace, name: str) -> None:
    keys = [entity.key async for entity in every(store, _parts(name, limit=100, keys_only=True))]
    for start in range(0, len(keys), 100):
        await store.commit([Delete(key) for key in keys[start : start + 100]])


def _parts(name: str, limit: int, keys_only: bool = False) -> Query:
    within = Range(KEY, part_id(name, 0), f"{name}:~")
    return Query(FILE_PARTS.name, range=within, limit=limit, keys_only=keys_only)
