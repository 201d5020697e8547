"""Units of work on Datastore's transactions."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from grpc import StatusCode
from grpc.aio import AioRpcError

from store.datastore import messages
from store.datastore.encoding import Partition
from store.datastore.faults import of_read
from store.datastore.reading import lookup, lookup_request
from store.datastore.rpc import Rpc
from store.errors import Conflict, Unavailable
from store.kinds import Kinds
from store.limits import check_lookup
from store.port import Entity, Key
from store.writes import Writes


class DatastoreTransaction(Writes):
    """One run of a unit of work. Its reads do not see its own writes.

    `previous` is the transaction that this one runs again, which Datastore then prefers over its rivals. With
    `open_with_read` the first read opens the transaction and so saves a round trip.
    """

    def __init__(
        self, rpc: Rpc, partition: Partition, kinds: Kinds, *, attempt: int, previous: bytes, open_with_read: bool
    ) -> None:
        super().__init__()
        self.id = b""
        self.aborted = False
        self._rpc = rpc
        self._partition = partition
        self._kinds = kinds
        self._attempt = attempt
        self._options = messages.BeginTransactionRequest().transaction_options
        self._options.read_write.previous_transaction = previous
        self._open_with_read = open_with_read
        self._opening = asyncio.Lock()

    async def get(self, key: Key) -> Entity | None:
        return (await self.get_many([key]))[0]

    async def get_many(self, keys: Sequence[Key]) -> list[Entity | None]:
        """Return entities as of the transaction's point in time; raise Conflict when it was aborted.

        The unit of work is then run again, whatever it makes of the Conflict.
        """
        check_lookup(keys, self._kinds)
        if not keys:
            return []
        try:
            found = await self._lookup(keys)
        except AioRpcError as error:
            if error.code() is not StatusCode.ABORTED:
                raise of_read(error) from error
            self.aborted = True
            raise Conflict(self._attempt) from error
        return [found.get(key) for key in keys]

    async def rollback(self) -> None:
        """Let go of what the transaction holds, also when the caller is being cancelled.

        Should it fail, the transaction expires by itself.
        """
        if self.id:
            await asyncio.shield(asyncio.ensure_future(self._rollback()))

    async def _lookup(self, keys: Sequence[Key]) -> dict[Key, Entity]:
        request = lookup_request(keys, self._partition)
        if not self.id:
            async with self._opening:
                if not self.id:
                    return await self._open(request)
        request.read_options.transaction = self.id
        return (await lookup(self._rpc, request))[0]

    async def _open(self, request: messages.LookupRequest) -> dict[Key, Entity]:
        if self._open_with_read:
            request.read_options.new_transaction.CopyFrom(self._options)
            found, self.id = await lookup(self._rpc, request)
            return found
        begin = messages.BeginTransactionRequest(transaction_options=self._options)
        self._partition.address(begin)
        self.id = (await self._rpc.begin_transaction(begin)).transaction
        request.read_options.transaction = self.id
        return (await lookup(self._rpc, request))[0]

    async def _rollback(self) -> None:
        request = messages.RollbackRequest(transaction=self.id)
        self._partition.address(request)
        with suppress(AioRpcError, Unavailable):
            await self._rpc.rollback(request)
