"""Whether a worker works is told by what it did lately; how many processes it has, by the setting."""

from __future__ import annotations

import os
import signal
from datetime import timedelta

import pytest
from redis_server import Redis
from worker_house import House

from taskqueue.contract import TaskState, Weight

BEATS = timedelta(seconds=3)
"""As many as may be missed, at the pace of the suite."""


@pytest.fixture(autouse=True)
def quick_heart(house: House) -> None:
    house.settings["BEAT_SECONDS"] = "1"


async def test_a_worker_is_healthy_while_it_hears_and_not_when_its_broker_is_gone(
    house: House, redis: Redis
) -> None:
    assert house.health(Weight.SHORT) == 1
    worker = house.start(concurrency=1)
    await house.becomes(0, Weight.SHORT)
    assert house.health(Weight.HEAVY) == 1

    redis.kill()
    await house.becomes(1, Weight.SHORT)
    assert worker.process.poll() is None

    redis.start()
    await house.becomes(0, Weight.SHORT)
    worker.terminate()
    assert worker.wait() == 0
    assert house.health(Weight.SHORT) == 1


async def test_a_worker_that_is_busy_throughout_is_healthy(house: House) -> None:
    house.start(concurrency=1)
    queue = house.queue()
    held = await house.post(queue, "hold_deaf", name="held")
    await house.seen("held.attempts")

    (node,) = await house.nodes(bool)
    await house.nodes(lambda nodes: nodes[0].proved_at > node.proved_at + BEATS)
    assert house.health(Weight.SHORT) == 0

    house.go("held")
    assert (await house.over(held)).state is TaskState.SUCCEEDED


async def test_a_node_that_hears_nothing_though_the_broker_answers_is_started_anew(house: House) -> None:
    house.start(concurrency=1)
    queue = house.queue()
    await house.over(await house.post(queue, "note", name="before"))
    (line,) = house.lines("before.attempts")
    node = int(line.split()[-2])

    os.kill(node, signal.SIGSTOP)

    after = await house.over(await house.post(queue, "note", name="after"))
    assert (after.state, after.attempts) == (TaskState.SUCCEEDED, 1)
    (line,) = house.lines("after.attempts")
    assert int(line.split()[-2]) != node


async def test_the_number_of_processes_follows_the_setting_and_lasts(house: House) -> None:
    worker = house.start(concurrency=1)
    queue = house.queue()
    held = [await house.post(queue, "hold", name="held", tenant=f"tenant-{number}") for number in range(3)]
    await house.seen("held.attempts", 1)

    await queue.set_workers(Weight.SHORT, 3)
    await house.seen("held.attempts", 3)
    await queue.set_workers(Weight.SHORT, 1)
    house.go("held")

    for task_id in held:
        task = await house.over(task_id)
        assert (task.state, task.attempts) == (TaskState.SUCCEEDED, 1)
    await house.nodes(lambda nodes: [node.processes for node in nodes] == [1])
    await queue.set_workers(Weight.SHORT, 2)
    worker.terminate()
    assert worker.wait() == 0
    house.start(concurrency=1)
    await house.nodes(lambda nodes: [node.processes for node in nodes] == [2])


async def test_two_workers_share_the_processes_of_a_queue(house: House) -> None:
    house.start(concurrency=1)
    house.start(concurrency=1)
    queue = house.queue()
    await queue.set_workers(Weight.SHORT, 5)

    await house.nodes(lambda nodes: sorted(node.processes for node in nodes) == [2, 3])
