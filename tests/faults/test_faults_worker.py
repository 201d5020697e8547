"""Workers are killed and stopped in the middle of their work."""

from __future__ import annotations

import os
import signal

from worker_house import House

from taskqueue.contract import ErrorCode, TaskState


def process_of(line: str) -> int:
    """Return the process that left a line."""
    return int(line.split()[-1])


async def test_a_task_whose_process_is_killed_is_done_by_another(house: House) -> None:
    house.start(concurrency=1)
    queue = house.queue()
    task_id = await house.post(queue, "hold", name="held")
    (line,) = await house.seen("held.attempts")

    os.kill(process_of(line), signal.SIGKILL)
    house.go("held")

    task = await house.over(task_id)
    assert (task.state, task.attempts, task.result) == (TaskState.SUCCEEDED, 2, "held")
    first, second = house.lines("held.attempts")
    assert process_of(first) != process_of(second)


async def test_a_long_task_goes_on_from_its_checkpoint_when_its_whole_worker_was_killed(house: House) -> None:
    worker = house.start("heavy", concurrency=1)
    queue = house.queue()
    task_id = await house.post(queue, "walk", name="walk", steps=10)
    await house.until(task_id, lambda task: task.checkpoint == 5)

    worker.kill()
    house.go("walk")
    house.start("heavy", concurrency=1)

    task = await house.over(task_id)
    assert (task.state, task.attempts, task.result) == (TaskState.SUCCEEDED, 2, 10)
    assert house.lines("walk.steps") == [str(step) for step in range(10)]
    assert task.progress is not None
    assert (task.progress.done, task.progress.total) == (10, 10)


async def test_a_worker_that_stops_hands_its_work_back_uncounted_with_its_checkpoint(house: House) -> None:
    house.settings["DRAIN_SECONDS"] = "20"  # in good order, however slow the machine is
    worker = house.start("short,heavy", concurrency=1)
    queue = house.queue()
    held = await house.post(queue, "hold", name="held")
    await house.seen("held.attempts")

    worker.terminate()

    assert worker.wait() == 0
    task = await house.task(held)
    assert (task.state, task.attempts, task.lease) == (TaskState.QUEUED, 0, None)
    house.go("held")
    house.start(concurrency=1)
    task = await house.over(held)
    assert (task.state, task.attempts) == (TaskState.SUCCEEDED, 1)


async def test_what_does_not_stop_in_time_is_ended_and_its_attempt_counts(house: House) -> None:
    worker = house.start(concurrency=1)
    queue = house.queue()
    deaf = await house.post(queue, "hold_deaf", name="deaf")
    await house.seen("deaf.attempts")

    worker.terminate()

    assert worker.wait() == 0
    task = await house.task(deaf)
    assert (task.state, task.attempts) == (TaskState.QUEUED, 1)
    assert task.error is not None
    assert task.error.code is ErrorCode.WORKER_LOST
    house.go("deaf")
    house.start(concurrency=1)
    task = await house.over(deaf)
    assert (task.state, task.attempts) == (TaskState.SUCCEEDED, 2)


async def test_nodes_stop_in_good_order_when_their_supervisor_is_killed(house: House) -> None:
    house.settings["DRAIN_SECONDS"] = "20"  # in good order, however slow the machine is
    worker = house.start(concurrency=1)
    queue = house.queue()
    held = await house.post(queue, "hold", name="held")
    await house.seen("held.attempts")

    worker.kill_supervisor()

    task = await house.until(held, lambda task: task.state is TaskState.QUEUED)
    assert task.attempts == 0


async def test_a_long_task_does_not_hold_up_a_short_one(house: House) -> None:
    house.start("short,heavy", concurrency=1)
    queue = house.queue()
    long = await house.post(queue, "walk", name="long", steps=2)
    await house.until(long, lambda task: task.checkpoint == 1)

    short = await house.over(await house.post(queue, "note", name="short"))

    assert short.state is TaskState.SUCCEEDED
    assert (await house.task(long)).state is TaskState.RUNNING
    house.go("long")
    assert (await house.over(long)).state is TaskState.SUCCEEDED
