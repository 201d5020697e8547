"""Reading a query to its end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

from store.port import Entity, Namespace, Query


async def every(store: Namespace, query: Query) -> AsyncIterator[Entity]:
    """Yield all matches of `query`, `query.limit` of them a read."""
    while True:
        page = await store.query(query)
        for entity in page.entities:
            yield entity
        if page.next is None:
            return
        query = replace(query, cursor=page.next)
