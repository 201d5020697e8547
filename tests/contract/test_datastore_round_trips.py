"""What each operation costs in calls, and that faults between client and server lose or repeat nothing."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import grpc
import grpc.aio
import pytest
from conftest import KINDS, TIMEOUTS
from emulators import PROJECT

from bench.calls import Calls
from store.datastore import DatastoreStore
from store.errors import OutcomeUnknown
from store.port import Entity, Insert, Key, Namespace, Put, Query, Transaction

A, B = Key("Log", "a"), Key("Log", "b")


@pytest.fixture
async def store(datastore_emulator_host: str, calls: Calls) -> AsyncIterator[DatastoreStore]:
    opened = DatastoreStore(
        PROJECT,
        KINDS,
        emulator_host=datastore_emulator_host,
        timeouts=TIMEOUTS,
        open_with_read=True,
        interceptors=[calls],
    )
    yield opened
    await opened.close()


@pytest.fixture
def space(store: DatastoreStore) -> Namespace:
    return store.namespace(f"test-{secrets.token_hex(8)}")


async def read_and_write(transaction: Transaction) -> None:
    found = await transaction.get(A)
    n = found["n"] if found else 0
    assert isinstance(n, int)
    transaction.put(Entity(A, {"n": n + 1}))


async def test_reads_and_commits_are_one_call(space: Namespace, calls: Calls) -> None:
    await space.get(A)
    assert calls.since() == ["Lookup"]
    await space.get_many([A, B, A])
    assert calls.since() == ["Lookup"]
    await space.commit([Insert(Entity(A, {"n": 1}))])
    assert calls.since() == ["Commit"]
    await space.commit([Put(Entity(A, {"n": 2})), Insert(Entity(B, {}))])
    assert calls.since() == ["Commit"]
    await space.query(Query("Log"))
    assert calls.since() == ["RunQuery"]


async def test_a_work_that_reads_and_writes_is_two_calls(space: Namespace, calls: Calls) -> None:
    await space.transact(read_and_write)

    assert calls.since() == ["Lookup", "Commit"]


async def test_a_work_that_only_writes_is_one_call(space: Namespace, calls: Calls) -> None:
    async def work(transaction: Transaction) -> None:
        transaction.put(Entity(A, {}))

    await space.transact(work)

    assert calls.since() == ["Commit"]


async def test_what_is_refused_on_this_side_costs_no_call(space: Namespace, calls: Calls) -> None:
    await space.get_many([])
    await space.commit([])

    assert calls.since() == []


async def test_on_an_emulator_a_work_begins_with_a_call_of_its_own(
    datastore_emulator_host: str, calls: Calls
) -> None:
    store = DatastoreStore(PROJECT, KINDS, emulator_host=datastore_emulator_host, interceptors=[calls])
    await store.namespace(f"test-{secrets.token_hex(8)}").transact(read_and_write)
    await store.close()

    assert calls.since() == ["BeginTransaction", "Lookup", "Commit"]


class Faults(grpc.aio.UnaryUnaryClientInterceptor):  # type: ignore[misc]
    """Puts `fault` in the place of the answer to each commit that `hits` picks by its number (from 0).

    With `after` the server has the commit before its answer is lost.
    """

    def __init__(self, fault: grpc.StatusCode, hits: Callable[[int], bool], *, after: bool) -> None:
        self.commits = 0
        self._fault = fault
        self._hits = hits
        self._after = after

    async def intercept_unary_unary(
        self, continuation: Callable[..., Awaitable[Any]], client_call_details: Any, request: Any
    ) -> Any:
        if not client_call_details.method.endswith(b"/Commit"):
            return await continuation(client_call_details, request)
        number, self.commits = self.commits, self.commits + 1
        if not self._hits(number):
            return await continuation(client_call_details, request)
        if self._after:
            await (await continuation(client_call_details, request))
        raise grpc.aio.AioRpcError(self._fault, grpc.aio.Metadata(), grpc.aio.Metadata(), "injected")


def faulty(host: str, faults: Faults) -> DatastoreStore:
    return DatastoreStore(
        PROJECT, KINDS, emulator_host=host, timeouts=TIMEOUTS, open_with_read=True, interceptors=[faults]
    )


async def test_works_whose_every_first_commit_is_aborted_are_run_once_more_and_counted_once(
    datastore_emulator_host: str,
) -> None:
    faults = Faults(grpc.StatusCode.ABORTED, lambda number: number % 2 == 0, after=False)
    store = faulty(datastore_emulator_host, faults)
    space = store.namespace(f"test-{secrets.token_hex(8)}")

    for _ in range(5):
        await space.transact(read_and_write)

    assert await space.get(A) == Entity(A, {"n": 5})
    assert faults.commits == 10
    await store.close()


async def test_a_commit_that_happened_and_timed_out_is_unknown_and_there(datastore_emulator_host: str) -> None:
    faults = Faults(grpc.StatusCode.DEADLINE_EXCEEDED, lambda number: True, after=True)
    store = faulty(datastore_emulator_host, faults)
    space = store.namespace(f"test-{secrets.token_hex(8)}")

    with pytest.raises(OutcomeUnknown):
        await space.commit([Insert(Entity(B, {"n": 1}))])
    with pytest.raises(OutcomeUnknown):
        await space.transact(read_and_write)

    assert faults.commits == 2
    assert await space.get_many([A, B]) == [Entity(A, {"n": 1}), Entity(B, {"n": 1})]
    await store.close()
