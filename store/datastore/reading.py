"""Lookups by key, in a transaction or out of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from store.datastore import messages
from store.datastore.encoding import Partition, fill_key, read_entity
from store.datastore.rpc import Rpc
from store.port import Entity, Key


def lookup_request(keys: Sequence[Key], partition: Partition) -> Any:
    """Return the `LookupRequest` of `keys`, duplicates left out."""
    request = messages.LookupRequest()
    partition.address(request)
    for key in dict.fromkeys(keys):
        fill_key(request.keys.add(), key, partition)
    return request


async def lookup(rpc: Rpc, request: Any) -> tuple[dict[Key, Entity], bytes]:
    """Return what was found, and the transaction that the lookup opened (empty when it opened none).

    Datastore may answer a large lookup in parts; the parts are read under the same transaction.
    """
    response = await rpc.lookup(request)
    opened: bytes = response.transaction
    found = _entities(response)
    while response.deferred:
        del request.keys[:]
        request.keys.extend(response.deferred)
        if opened:
            request.read_options.transaction = opened
        response = await rpc.lookup(request)
        found |= _entities(response)
    return found, opened


def _entities(response: Any) -> dict[Key, Entity]:
    entities = (read_entity(result.entity) for result in response.found)
    return {entity.key: entity for entity in entities}
