from __future__ import annotations

import asyncio

import pytest

from store.errors import AlreadyExists, TooLarge, Unsupported
from store.port import Delete, Entity, Insert, Key, Namespace, Put, Transaction

COUNTER = Key("Log", "counter")

BOUND_SECONDS = 60
"""Long enough for an emulator whose lock conflicts end by a timeout of its own."""


def counter(n: int) -> Entity:
    return Entity(COUNTER, {"n": n})


def count(entity: Entity | None) -> int:
    n = entity["n"] if entity else 0
    assert isinstance(n, int)
    return n


async def increment(transaction: Transaction) -> int:
    n = count(await transaction.get(COUNTER)) + 1
    transaction.put(counter(n))
    return n


async def test_a_unit_of_work_reads_writes_and_returns(space: Namespace) -> None:
    await space.commit([Put(counter(41))])

    assert await space.transact(increment) == 42
    assert await space.get(COUNTER) == counter(42)


async def test_all_its_writes_are_applied_together(space: Namespace) -> None:
    await space.commit([Put(counter(1)), Put(Entity(Key("Row", "old"), {"size": 1}))])

    async def work(transaction: Transaction) -> None:
        found = await transaction.get_many([COUNTER, Key("Row", "old"), Key("Row", "new"), COUNTER])
        assert [entity is not None for entity in found] == [True, True, False, True]
        transaction.insert(Entity(Key("Row", "new"), {"size": 2}))
        transaction.put(counter(2))
        transaction.delete(Key("Row", "old"))

    await space.transact(work)

    found = await space.get_many([COUNTER, Key("Row", "old"), Key("Row", "new")])
    assert found == [counter(2), None, Entity(Key("Row", "new"), {"size": 2})]


async def test_reads_do_not_see_the_writes_of_the_same_work(space: Namespace) -> None:
    await space.commit([Put(counter(1))])

    async def work(transaction: Transaction) -> Entity | None:
        await transaction.get(COUNTER)
        transaction.put(counter(2))
        return await transaction.get(COUNTER)

    assert await space.transact(work) == counter(1)
    assert await space.get(COUNTER) == counter(2)


async def test_a_work_that_raises_writes_nothing(space: Namespace) -> None:
    await space.commit([Put(counter(1))])

    async def work(transaction: Transaction) -> None:
        await increment(transaction)
        transaction.insert(Entity(Key("Log", "other"), {}))
        raise LookupError("of the work itself")

    with pytest.raises(LookupError, match="of the work itself"):
        await space.transact(work)

    assert await space.get_many([COUNTER, Key("Log", "other")]) == [counter(1), None]
    await asyncio.wait_for(space.commit([Put(counter(7))]), BOUND_SECONDS)


async def test_a_work_without_writes_leaves_no_lock_behind(space: Namespace) -> None:
    await space.commit([Put(counter(5))])

    async def work(transaction: Transaction) -> int:
        return count(await transaction.get(COUNTER))

    assert await space.transact(work) == 5
    await asyncio.wait_for(space.commit([Put(counter(6))]), BOUND_SECONDS)


async def test_a_work_without_reads_is_written(space: Namespace) -> None:
    async def one(transaction: Transaction) -> None:
        transaction.insert(counter(1))

    async def two(transaction: Transaction) -> None:
        transaction.put(counter(2))
        transaction.put(Entity(Key("Log", "other"), {}))

    async def nothing(transaction: Transaction) -> str:
        return "nothing"

    await space.transact(one)
    assert await space.get(COUNTER) == counter(1)
    await space.transact(two)
    assert await space.get(COUNTER) == counter(2)
    assert await space.transact(nothing) == "nothing"


async def test_an_insert_of_an_existing_key_refuses_the_whole_work(space: Namespace) -> None:
    await space.commit([Put(counter(1)), Put(Entity(Key("Log", "there"), {"n": 1}))])

    async def work(transaction: Transaction) -> None:
        await increment(transaction)
        transaction.insert(Entity(Key("Log", "there"), {"n": 2}))

    with pytest.raises(AlreadyExists) as refusal:
        await space.transact(work)

    assert refusal.value.keys == (Key("Log", "there"),)
    assert await space.get_many([COUNTER, Key("Log", "there")]) == [
        counter(1),
        Entity(Key("Log", "there"), {"n": 1}),
    ]


async def test_limits_hold_in_a_work_too(space: Namespace) -> None:
    async def too_many_keys(transaction: Transaction) -> None:
        await transaction.get_many([Key("Log", f"e{number}") for number in range(1_001)])

    async def key_twice(transaction: Transaction) -> None:
        await increment(transaction)
        transaction.delete(COUNTER)

    async def none(transaction: Transaction) -> list[Entity | None]:
        return await transaction.get_many([])

    with pytest.raises(TooLarge):
        await space.transact(too_many_keys)
    with pytest.raises(Unsupported):
        await space.transact(key_twice)
    assert await space.transact(none) == []
    await asyncio.wait_for(space.commit([Put(counter(6))]), BOUND_SECONDS)


async def test_of_two_works_that_conflict_one_is_run_again(space: Namespace) -> None:
    await space.commit([Put(counter(0))])
    both_have_read = asyncio.Barrier(2)
    runs = [0, 0]

    async def work(number: int, transaction: Transaction) -> None:
        runs[number] += 1
        n = count(await transaction.get(COUNTER))
        if runs[number] == 1:
            await both_have_read.wait()
        transaction.put(counter(n + 1))

    async with asyncio.timeout(BOUND_SECONDS):
        await asyncio.gather(
            space.transact(lambda transaction: work(0, transaction)),
            space.transact(lambda transaction: work(1, transaction)),
        )

    # A store that locks may abort both of a deadlocked pair; none lets both first runs through.
    assert await space.get(COUNTER) == counter(2)
    assert sum(runs) >= 3


async def test_a_key_read_as_missing_is_guarded_as_well(space: Namespace) -> None:
    both_have_read = asyncio.Barrier(2)
    runs = [0, 0]

    async def work(number: int, transaction: Transaction) -> bool:
        runs[number] += 1
        found = await transaction.get(COUNTER)
        if runs[number] == 1:
            await both_have_read.wait()
        if found is None:
            transaction.put(counter(number))
        return found is None

    async with asyncio.timeout(BOUND_SECONDS):
        created = await asyncio.gather(
            space.transact(lambda transaction: work(0, transaction)),
            space.transact(lambda transaction: work(1, transaction)),
        )

    assert sorted(created) == [False, True]
    assert await space.get(COUNTER) == counter(created.index(True))


async def test_a_plain_write_between_read_and_commit_is_not_lost(space: Namespace) -> None:
    await space.commit([Put(counter(10))])
    runs = 0
    writing: asyncio.Task[None] | None = None

    async def work(transaction: Transaction) -> None:
        nonlocal runs, writing
        runs += 1
        n = count(await transaction.get(COUNTER))
        if runs == 1:
            writing = asyncio.create_task(space.commit([Put(counter(20))]))
            # A store that locks lets the write wait for this work, the others do it now.
            await asyncio.wait([writing], timeout=0.5)
        transaction.put(counter(n + 1))

    async with asyncio.timeout(BOUND_SECONDS):
        await space.transact(work)
        assert writing is not None
        await writing

    final = count(await space.get(COUNTER))
    assert (runs, final) in {(2, 21), (1, 20)}


async def test_increments_of_many_tasks_one_after_another_are_all_counted(space: Namespace) -> None:
    for _ in range(10):
        await space.transact(increment)

    assert await space.get(COUNTER) == counter(10)


async def test_reads_of_one_work_may_run_at_once(space: Namespace) -> None:
    await space.commit([Put(Entity(Key("Log", f"e{number}"), {"n": number})) for number in range(5)])

    async def work(transaction: Transaction) -> list[Entity | None]:
        found = await asyncio.gather(*(transaction.get(Key("Log", f"e{number}")) for number in range(5)))
        transaction.put(counter(1))
        return list(found)

    found = await space.transact(work)
    assert [count(entity) for entity in found] == [0, 1, 2, 3, 4]


async def test_a_write_of_a_transaction_deletes_and_inserts_across_kinds(space: Namespace) -> None:
    await space.commit([Insert(Entity(Key("Row", "x"), {"size": 1})), Insert(Entity(Key("Log", "x"), {}))])

    async def work(transaction: Transaction) -> None:
        assert await transaction.get(Key("Row", "x"))
        transaction.delete(Key("Row", "x"))
        transaction.delete(Key("Log", "x"))

    await space.transact(work)

    assert await space.get_many([Key("Row", "x"), Key("Log", "x")]) == [None, None]
    await space.commit([Delete(Key("Row", "x"))])
