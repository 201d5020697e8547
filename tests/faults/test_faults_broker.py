"""Redis goes away, comes back empty, or is not there at all."""

from __future__ import annotations

import asyncio

from redis_server import Redis
from worker_house import House, Unheard

from taskqueue.contract import TaskState, Weight

MANY = 1_000


async def test_a_thousand_tasks_outlive_a_redis_that_is_killed_and_started_empty(
    house: House, redis: Redis
) -> None:
    doorbell = house.doorbell()
    queue = house.queue(doorbell)
    posted = await asyncio.gather(*(house.post(queue, "note", name="many") for _ in range(MANY)))
    await house.waits(doorbell, Weight.SHORT, MANY)

    redis.kill()
    redis.start()
    assert doorbell.waiting(Weight.SHORT) == 0
    house.start(concurrency=2)

    tasks = [await house.over(task_id) for task_id in posted]
    assert {(task.state, task.attempts) for task in tasks} == {(TaskState.SUCCEEDED, 1)}
    assert len(list(house.folder.glob("*.effect"))) == MANY
    assert len(house.lines("many.attempts")) == MANY


async def test_tasks_are_accepted_while_redis_is_away_and_done_when_it_is_back(house: House, redis: Redis) -> None:
    house.start(concurrency=1)
    queue = house.queue()
    await house.over(await house.post(queue, "note", name="before"))

    redis.kill()
    posted = [await house.post(queue, "note", name="away") for _ in range(5)]
    assert {(await house.task(task_id)).state for task_id in posted} == {TaskState.QUEUED}
    redis.start()

    for task_id in posted:
        task = await house.over(task_id)
        assert (task.state, task.attempts) == (TaskState.SUCCEEDED, 1)


async def test_a_task_outlives_the_redis_over_which_its_ring_came(house: House, redis: Redis) -> None:
    house.start(concurrency=1)
    queue = house.queue()
    held = await house.post(queue, "hold", name="held")
    await house.seen("held.attempts")

    redis.kill()
    house.go("held")

    task = await house.over(held)
    assert (task.state, task.attempts) == (TaskState.SUCCEEDED, 1)
    redis.start()
    assert (await house.over(await house.post(queue, "note", name="after"))).state is TaskState.SUCCEEDED


async def test_rings_are_counted_where_a_broker_tells_and_lost_where_there_is_none(
    house: House, redis: Redis
) -> None:
    doorbell = house.doorbell()
    doorbell.ring(Weight.HEAVY, 3)
    await house.waits(doorbell, Weight.HEAVY, 3)
    assert doorbell.waiting(Weight.SHORT) == 0

    redis.kill()

    doorbell.ring(Weight.HEAVY, 100_000)
    assert doorbell.waiting(Weight.HEAVY) is None


async def test_a_worker_works_without_redis(house_without_redis: House) -> None:
    house = house_without_redis
    house.start(concurrency=1)
    heard = house.queue()
    unheard = house.queue(Unheard())

    for queue in (heard, unheard):
        task = await house.over(await house.post(queue, "note", name="done"))
        assert (task.state, task.attempts) == (TaskState.SUCCEEDED, 1)
