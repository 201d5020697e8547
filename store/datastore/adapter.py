"""The port on Cloud Datastore."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeVar

import grpc.aio
from grpc.aio import AioRpcError

from store.datastore import querying
from store.datastore.counting import Counter
from store.datastore.encoding import Partition
from store.datastore.faults import Aborted, NeverSent, OlderEmulator, of_read
from store.datastore.reading import lookup, lookup_request
from store.datastore.rpc import Rpc, Timeouts
from store.datastore.transaction import DatastoreTransaction
from store.datastore.writing import commit, commit_request
from store.errors import AlreadyExists, Conflict, Unavailable
from store.kinds import Kinds
from store.limits import check_lookup, check_namespace
from store.plan import plan
from store.port import Entity, Insert, Key, Kind, Mutation, Page, Query, Transaction
from store.retrying import back_off

T = TypeVar("T")

_RUNS: Final = 8
_BACK_OFF_SECONDS: Final = 0.02
_BACK_OFF_CAP_SECONDS: Final = 1.0
_OLDER_EMULATOR_KEYS: Final = 25
_PROBE: Final = Key("Probe", "probe")


class DatastoreStore:
    """A project's database, on one channel that opens with the first call.

    `emulator_host` is an emulator's `host:port`; `None` means Google's service with the environment's credentials.
    `open_with_read` lets a transaction's first read open it, which is the rule except on emulators: the Firestore
    emulator holds the locks of such a read for good.
    """

    def __init__(
        self,
        project: str,
        kinds: Sequence[Kind],
        *,
        emulator_host: str | None = None,
        database: str = "",
        timeouts: Timeouts | None = None,
        open_with_read: bool | None = None,
        interceptors: Sequence[grpc.aio.ClientInterceptor] = (),
    ) -> None:
        self._project = project
        self._database = database
        self._kinds = Kinds(kinds)
        self._rpc = Rpc(project, database, emulator_host, timeouts or Timeouts(), interceptors)
        self._counter = Counter(self._rpc)
        self._open_with_read = emulator_host is None if open_with_read is None else open_with_read

    def namespace(self, name: str) -> DatastoreNamespace:
        """Bind to a namespace. Raises Unsupported for what cannot be a namespace's name."""
        check_namespace(name)
        partition = Partition(self._project, self._database, name)
        return DatastoreNamespace(
            partition, self._kinds, self._rpc, self._counter, open_with_read=self._open_with_read
        )

    async def ready(self) -> None:
        """Return when Datastore answers a lookup; raise Unavailable when it does not."""
        try:
            await lookup(self._rpc, lookup_request([_PROBE], Partition(self._project, self._database, "")))
        except AioRpcError as error:
            raise Unavailable(f"{error.code().name}: {error.details()}") from error

    async def close(self) -> None:
        """Close the channel. Idempotent."""
        await self._rpc.close()


class DatastoreNamespace:
    """One namespace of the database."""

    def __init__(
        self, partition: Partition, kinds: Kinds, rpc: Rpc, counter: Counter, *, open_with_read: bool
    ) -> None:
        self._partition = partition
        self._kinds = kinds
        self._rpc = rpc
        self._counter = counter
        self._open_with_read = open_with_read

    @property
    def name(self) -> str:
        return self._partition.namespace

    async def get(self, key: Key) -> Entity | None:
        return (await self.get_many([key]))[0]

    async def get_many(self, keys: Sequence[Key]) -> list[Entity | None]:
        check_lookup(keys, self._kinds)
        if not keys:
            return []
        try:
            found, _ = await lookup(self._rpc, lookup_request(keys, self._partition))
        except AioRpcError as error:
            raise of_read(error) from error
        return [found.get(key) for key in keys]

    async def query(self, query: Query) -> Page:
        planned = plan(query, self._kinds)
        try:
            return await querying.page(self._rpc, query, planned, self._partition)
        except AioRpcError as error:
            raise of_read(error) from error

    async def count(self, query: Query) -> int:
        planned = plan(query, self._kinds)
        try:
            return await self._counter.count(planned, self._partition)
        except AioRpcError as error:
            raise of_read(error) from error

    async def commit(self, mutations: Sequence[Mutation]) -> None:
        if not mutations:
            return None
        request = commit_request(mutations, self._partition, self._kinds)
        for attempt in range(1, _RUNS + 1):
            try:
                return await commit(self._rpc, request, mutations)
            except Aborted:
                pass  # Nothing was read, hence nothing needs to be run again but the request.
            except OlderEmulator:
                return await self._commit_in_parts(mutations)
            except NeverSent:
                if attempt == _RUNS:
                    raise
            await back_off(attempt, base=_BACK_OFF_SECONDS, cap=_BACK_OFF_CAP_SECONDS)
        raise Unavailable(f"{_RUNS} commits met contention")

    async def _commit_in_parts(self, mutations: Sequence[Mutation]) -> None:
        """Serve an emulator that cannot do it together: on no other store may a reader see a part of a commit."""
        inserted = [mutation.entity.key for mutation in mutations if isinstance(mutation, Insert)]
        there = [entity.key for entity in await self.get_many(inserted) if entity is not None]
        if there:
            raise AlreadyExists(tuple(there))
        for start in range(0, len(mutations), _OLDER_EMULATOR_KEYS):
            await self.commit(mutations[start : start + _OLDER_EMULATOR_KEYS])

    async def transact(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        previous = b""
        for attempt in range(1, _RUNS + 1):
            transaction = DatastoreTransaction(
                self._rpc,
                self._partition,
                self._kinds,
                attempt=attempt,
                previous=previous,
                open_with_read=self._open_with_read,
            )
            try:
                result = await work(transaction)
                if not transaction.aborted:
                    await self._finish(transaction)
                    return result
            except Aborted:
                pass
            except BaseException as error:
                await transaction.rollback()
                if not (transaction.aborted and isinstance(error, Exception)):
                    raise
            previous = transaction.id
            await back_off(attempt, base=_BACK_OFF_SECONDS, cap=_BACK_OFF_CAP_SECONDS)
        raise Conflict(_RUNS)

    async def _finish(self, transaction: DatastoreTransaction) -> None:
        mutations = transaction.mutations
        if mutations and transaction.id:
            request = commit_request(mutations, self._partition, self._kinds, transaction.id)
            await commit(self._rpc, request, mutations)
        elif mutations:
            await self.commit(mutations)
        else:
            await transaction.rollback()
