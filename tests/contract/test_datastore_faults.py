from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from datastore_script import HANGS, ScriptedServer, scripted_server
from grpc import StatusCode

from store.datastore import DatastoreStore, Timeouts, messages
from store.errors import AlreadyExists, Conflict, OutcomeUnknown, Unavailable, Unsupported
from store.port import Entity, Insert, Key, Kind, Namespace, Put, Query, Transaction

A, B = Entity(Key("Log", "a"), {"n": 1}), Entity(Key("Log", "b"), {"n": 2})
ABORTED = (StatusCode.ABORTED, "too much contention")
UNAVAILABLE = (StatusCode.UNAVAILABLE, "try later")
SHORT = Timeouts(read=0.3, query=0.3, begin=0.3, commit=0.3, rollback=0.3)


@pytest.fixture
async def server() -> AsyncIterator[ScriptedServer]:
    async with scripted_server() as server:
        yield server


def store_at(host: str, **options: Any) -> DatastoreStore:
    settings: dict[str, Any] = {"open_with_read": True, **options}
    return DatastoreStore("project", [Kind("Log")], emulator_host=host, **settings)


@pytest.fixture
async def space(server: ScriptedServer) -> AsyncIterator[Namespace]:
    store = store_at(server.host)
    yield store.namespace("space")
    await store.close()


@pytest.fixture
async def impatient(server: ScriptedServer) -> AsyncIterator[Namespace]:
    store = store_at(server.host, timeouts=SHORT)
    yield store.namespace("space")
    await store.close()


class Work:
    """Reads, writes, and counts its runs."""

    def __init__(self) -> None:
        self.runs = 0

    async def __call__(self, transaction: Transaction) -> int:
        self.runs += 1
        await transaction.get(A.key)
        transaction.put(A)
        return self.runs


async def test_a_work_whose_commit_is_aborted_is_run_again_in_a_new_transaction(
    server: ScriptedServer, space: Namespace
) -> None:
    server.answers["Commit"].append(ABORTED)
    work = Work()

    assert await space.transact(work) == 2

    assert server.made() == ["Lookup", "Commit", "Lookup", "Commit"]
    (_, read), (_, lost), (_, again), (_, won) = server.requests
    assert not read.read_options.new_transaction.read_write.previous_transaction
    assert again.read_options.new_transaction.read_write.previous_transaction == lost.transaction
    assert won.transaction not in (b"", lost.transaction)


async def test_a_work_whose_read_is_aborted_is_run_again(server: ScriptedServer, space: Namespace) -> None:
    server.answers["Lookup"].append(ABORTED)
    swallowed: list[Exception] = []

    async def stubborn(transaction: Transaction) -> int:
        try:
            await transaction.get(A.key)
        except Conflict as conflict:
            swallowed.append(conflict)
        transaction.put(A)
        return len(swallowed)

    assert await space.transact(Work()) == 2
    server.answers["Lookup"].append(ABORTED)
    assert await space.transact(stubborn) == 1
    assert server.made() == ["Lookup", "Lookup", "Commit"] * 2


async def test_a_work_that_always_conflicts_is_given_up(server: ScriptedServer, space: Namespace) -> None:
    server.answers["Commit"].extend([ABORTED] * 20)
    work = Work()

    with pytest.raises(Conflict) as refusal:
        await space.transact(work)

    assert refusal.value.attempts == work.runs == server.made().count("Commit") == 8


async def test_an_aborted_commit_without_reads_is_sent_again(server: ScriptedServer, space: Namespace) -> None:
    server.answers["Commit"].append(ABORTED)
    await space.commit([Put(A), Put(B)])
    assert server.made() == ["Commit", "Commit"]

    server.answers["Commit"].extend([ABORTED] * 20)
    with pytest.raises(Unavailable):
        await space.commit([Put(A)])


@pytest.mark.parametrize(
    "code", [StatusCode.UNAVAILABLE, StatusCode.INTERNAL, StatusCode.UNKNOWN, StatusCode.DEADLINE_EXCEEDED]
)
async def test_a_commit_without_a_clear_answer_is_not_repeated(
    server: ScriptedServer, space: Namespace, code: StatusCode
) -> None:
    server.answers["Commit"].extend([(code, "who knows")] * 2)

    with pytest.raises(OutcomeUnknown):
        await space.commit([Insert(A)])
    assert server.made() == ["Commit"]

    with pytest.raises(OutcomeUnknown):
        await space.transact(Work())
    assert server.made() == ["Commit", "Lookup", "Commit", "Rollback"]


async def test_a_commit_that_gets_no_answer_in_time_has_an_unknown_outcome(
    server: ScriptedServer, impatient: Namespace
) -> None:
    server.answers["Commit"].append(HANGS)

    with pytest.raises(OutcomeUnknown):
        await impatient.commit([Put(A)])


@pytest.mark.parametrize(
    "code", [StatusCode.RESOURCE_EXHAUSTED, StatusCode.PERMISSION_DENIED, StatusCode.UNAUTHENTICATED]
)
async def test_a_commit_that_the_server_refuses_has_written_nothing(
    server: ScriptedServer, space: Namespace, code: StatusCode
) -> None:
    server.answers["Commit"].append((code, "no"))

    with pytest.raises(Unavailable, match="no"):
        await space.commit([Put(A)])


async def test_what_only_the_server_can_refuse_is_unsupported(server: ScriptedServer, space: Namespace) -> None:
    for method in ("Commit", "Lookup", "RunQuery", "RunAggregationQuery"):
        server.answers[method].append((StatusCode.INVALID_ARGUMENT, "not like this"))

    with pytest.raises(Unsupported, match="not like this"):
        await space.commit([Put(A)])
    with pytest.raises(Unsupported):
        await space.get(A.key)
    with pytest.raises(Unsupported):
        await space.query(Query("Log"))
    with pytest.raises(Unsupported):
        await space.count(Query("Log"))


async def test_a_refused_insert_names_what_was_inserted(server: ScriptedServer, space: Namespace) -> None:
    server.answers["Commit"].append((StatusCode.ALREADY_EXISTS, "entity already exists"))

    with pytest.raises(AlreadyExists) as refusal:
        await space.commit([Insert(A), Put(B)])

    assert refusal.value.keys == (A.key,)


async def test_reads_are_repeated_while_the_fault_may_pass(server: ScriptedServer, space: Namespace) -> None:
    for method in ("Lookup", "RunQuery"):
        server.answers[method].extend([UNAVAILABLE, (StatusCode.INTERNAL, "oops")])

    assert await space.get(A.key) is None
    assert (await space.query(Query("Log"))).entities == ()
    assert server.made() == ["Lookup"] * 3 + ["RunQuery"] * 3


async def test_reads_are_given_up_after_a_bounded_number_of_tries(
    server: ScriptedServer, space: Namespace
) -> None:
    for method in ("Lookup", "RunQuery", "RunAggregationQuery"):
        server.answers[method].extend([UNAVAILABLE] * 20)

    with pytest.raises(Unavailable, match="try later"):
        await space.get(A.key)
    with pytest.raises(Unavailable):
        await space.query(Query("Log"))
    with pytest.raises(Unavailable):
        await space.count(Query("Log"))
    with pytest.raises(Unavailable):
        await space.transact(Work())
    assert server.made().count("RunQuery") == 4


async def test_a_read_that_gets_no_answer_is_sent_again(server: ScriptedServer, impatient: Namespace) -> None:
    server.answers["Lookup"].append(HANGS)

    assert await impatient.get(A.key) is None
    assert server.made() == ["Lookup", "Lookup"]


async def test_a_server_that_is_not_there_is_unavailable(server: ScriptedServer, unused_port: int) -> None:
    store = store_at(f"127.0.0.1:{unused_port}")
    space = store.namespace("space")
    try:
        with pytest.raises(Unavailable):
            await store.ready()
        with pytest.raises(Unavailable):
            await space.get(A.key)
        with pytest.raises(Unavailable):
            await space.commit([Put(A)])
    finally:
        await store.close()


async def test_keys_left_for_later_are_looked_up_in_the_same_transaction(
    server: ScriptedServer, space: Namespace
) -> None:
    for transaction in (b"", b"opened"):
        first, second = messages.LookupResponse(transaction=transaction), messages.LookupResponse()
        for response, row in ((first, A), (second, B)):
            fill(response.found.add().entity, row)
        first.deferred.add().CopyFrom(second.found[0].entity.key)
        server.answers["Lookup"].extend([first, second])

    async def work(transaction: Transaction) -> list[Entity | None]:
        return await transaction.get_many([A.key, B.key])

    assert await space.get_many([A.key, B.key]) == [A, B]
    assert await space.transact(work) == [A, B]
    assert server.made() == ["Lookup"] * 4 + ["Rollback"]
    assert server.requests[3][1].read_options.transaction == b"opened"


def fill(message: Any, row: Entity) -> None:
    message.key.path.add(kind=row.key.kind, name=row.key.id)
    message.properties["n"].integer_value = row["n"]


async def test_a_page_is_put_together_from_unfinished_answers(server: ScriptedServer, space: Namespace) -> None:
    for row, more in ((A, messages.QueryResultBatch.NOT_FINISHED), (B, messages.QueryResultBatch.NO_MORE_RESULTS)):
        answer = messages.RunQueryResponse()
        fill(answer.batch.entity_results.add(cursor=b"after " + row.key.id.encode()).entity, row)
        answer.batch.more_results = more
        answer.batch.end_cursor = b"end of batch"
        server.answers["RunQuery"].append(answer)

    page = await space.query(Query("Log", limit=5))

    assert page.entities == (A, B)
    assert page.next is None
    (_, first), (_, second) = server.requests
    assert (first.query.limit.value, second.query.limit.value) == (6, 5)
    assert second.query.start_cursor == b"end of batch"


async def test_a_value_that_this_program_never_writes_is_refused(server: ScriptedServer, space: Namespace) -> None:
    answer = messages.LookupResponse()
    found = answer.found.add().entity
    fill(found, A)
    found.properties["where"].geo_point_value.latitude = 1.0
    server.answers["Lookup"].append(answer)

    with pytest.raises(Unsupported, match="geo_point_value"):
        await space.get(A.key)


async def test_calls_carry_the_routing_header(server: ScriptedServer) -> None:
    store = store_at(server.host, database="exams")
    await store.ready()
    await store.close()

    assert ("x-goog-request-params", "project_id=project&database_id=exams") in server.metadata
    (_, request) = server.requests[0]
    assert (request.project_id, request.database_id) == ("project", "exams")
    assert request.keys[0].partition_id.database_id == "exams"


async def test_a_cancelled_work_rolls_back_even_when_cancelled_again(
    server: ScriptedServer, space: Namespace
) -> None:
    has_read = asyncio.Event()

    async def work(transaction: Transaction) -> None:
        await transaction.get(A.key)
        has_read.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(space.transact(work))
    await has_read.wait()
    task.cancel()
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    async with asyncio.timeout(30):
        while "Rollback" not in server.made():
            await space.get(B.key)


async def test_a_rollback_that_fails_hides_nothing(server: ScriptedServer, space: Namespace) -> None:
    server.answers["Rollback"].append((StatusCode.INVALID_ARGUMENT, "expired"))

    async def work(transaction: Transaction) -> None:
        await transaction.get(A.key)
        raise LookupError("of the work itself")

    with pytest.raises(LookupError):
        await space.transact(work)
    assert server.made() == ["Lookup", "Rollback"]


async def test_a_count_is_read_where_the_server_does_not_count(server: ScriptedServer, space: Namespace) -> None:
    server.answers["RunAggregationQuery"].append((StatusCode.UNIMPLEMENTED, "no such method"))

    assert await space.count(Query("Log")) == 0
    assert await space.count(Query("Log")) == 0
    assert server.made() == ["RunAggregationQuery", "RunQuery", "RunQuery"]
