"""Deleting what a query finds."""

from __future__ import annotations

from dataclasses import replace

from store.port import Delete, Namespace, Query


async def clear(store: Namespace, query: Query) -> int:
    """Delete the first page of what `query` finds, in one commit; return how many entities that were."""
    page = await store.query(replace(query, keys_only=True))
    if page.entities:
        await store.commit([Delete(entity.key) for entity in page.entities])
    return len(page.entities)
