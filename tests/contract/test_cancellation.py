from __future__ import annotations

import asyncio

import pytest

from store.port import Entity, Key, Namespace, Put, Transaction

BOUND_SECONDS = 60


async def settle(task: asyncio.Task[object]) -> None:
    task.cancel()
    await asyncio.wait([task])


async def test_a_cancelled_commit_leaves_a_working_store(space: Namespace) -> None:
    rows = [Entity(Key("Log", f"e{number}"), {"n": number}) for number in range(20)]
    tasks = [asyncio.create_task(space.commit([Put(row)])) for row in rows]
    await asyncio.sleep(0)

    for task in tasks[::2]:
        await settle(task)
    async with asyncio.timeout(BOUND_SECONDS):
        await asyncio.gather(*tasks[1::2])
        await space.commit([Put(Entity(Key("Log", "after"), {}))])

    assert await space.get_many([row.key for row in rows[1::2]]) == rows[1::2]
    assert await space.get(Key("Log", "after")) is not None
    # A cancelled commit may have happened, wholly or not at all.
    assert all(
        found in (None, row)
        for row, found in zip(rows, await space.get_many([row.key for row in rows]), strict=True)
    )


async def test_a_cancelled_work_writes_nothing_and_locks_nothing(space: Namespace) -> None:
    key = Key("Log", "a")
    await space.commit([Put(Entity(key, {"n": 1}))])
    has_read = asyncio.Event()

    async def work(transaction: Transaction) -> None:
        await transaction.get(key)
        transaction.put(Entity(key, {"n": 2}))
        has_read.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(space.transact(work))
    await has_read.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert await space.get(key) == Entity(key, {"n": 1})
    async with asyncio.timeout(BOUND_SECONDS):
        await space.commit([Put(Entity(key, {"n": 3}))])
    assert await space.get(key) == Entity(key, {"n": 3})


async def test_a_cancelled_read_leaves_a_working_store(space: Namespace) -> None:
    rows = [Entity(Key("Log", f"e{number}"), {"n": number}) for number in range(300)]
    await space.commit([Put(row) for row in rows])
    keys = [row.key for row in rows]

    task = asyncio.create_task(space.get_many(keys))
    await asyncio.sleep(0)
    await settle(task)

    assert await space.get_many(keys) == rows
