"""Commits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from grpc import StatusCode
from grpc.aio import AioRpcError

from store.datastore import messages
from store.datastore.encoding import Partition, fill_entity, fill_key
from store.datastore.faults import Aborted, of_commit
from store.datastore.rpc import Rpc
from store.errors import AlreadyExists
from store.kinds import Kinds
from store.limits import check_commit
from store.port import Delete, Insert, Mutation


def commit_request(
    mutations: Sequence[Mutation], partition: Partition, kinds: Kinds, transaction: bytes = b""
) -> Any:
    """Return the `CommitRequest` of mutations. Raises TooLarge, Unsupported.

    Outside of a transaction one mutation is atomic by itself, and several get a transaction of their own that
    begins and ends within this one request.
    """
    check_commit(mutations, kinds, partition.namespace)
    request = messages.CommitRequest()
    partition.address(request)
    request.mode = messages.CommitRequest.TRANSACTIONAL
    if transaction:
        request.transaction = transaction
    elif len(mutations) == 1:
        request.mode = messages.CommitRequest.NON_TRANSACTIONAL
    else:
        request.single_use_transaction.read_write.SetInParent()
    for mutation in mutations:
        _fill(request.mutations.add(), mutation, partition, kinds)
    return request


async def commit(rpc: Rpc, request: Any, mutations: Sequence[Mutation]) -> None:
    """Send a commit once. Raises Aborted, AlreadyExists, Unavailable, OutcomeUnknown, Unsupported."""
    try:
        await rpc.commit(request)
    except AioRpcError as error:
        if error.code() is StatusCode.ABORTED:
            raise Aborted from error
        if error.code() is StatusCode.ALREADY_EXISTS:
            # Which of them it was, Datastore tells in words only.
            inserted = (mutation.entity.key for mutation in mutations if isinstance(mutation, Insert))
            raise AlreadyExists(tuple(inserted)) from error
        raise of_commit(error) from error


def _fill(message: Any, mutation: Mutation, partition: Partition, kinds: Kinds) -> None:
    if isinstance(mutation, Delete):
        fill_key(message.delete, mutation.key, partition)
        return
    written = message.insert if isinstance(mutation, Insert) else message.upsert
    fill_entity(written, mutation.entity, kinds[mutation.entity.key.kind], partition)
