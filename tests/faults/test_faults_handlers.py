"""Handlers that behave badly: the record says how, and the worker goes on."""

from __future__ import annotations

import json
from pathlib import Path

from worker_house import House, Worker

from taskqueue.contract import ErrorCode, TaskState

ENDS = [
    ("leave", ErrorCode.EXITED, "3"),
    ("vanish", ErrorCode.WORKER_LOST, ""),
    ("grip", ErrorCode.WORKER_LOST, ""),
    ("fall", ErrorCode.RAISED, "RuntimeError: it fell"),
    ("refuse", ErrorCode.REFUSED, "no use in trying"),
    ("sleep", ErrorCode.TIMED_OUT, "1 seconds"),
    ("swallow", ErrorCode.TIMED_OUT, "1 seconds"),
    ("answer_badly", ErrorCode.NOT_JSON, "set"),
    ("answer_at_length", ErrorCode.NOT_JSON, "262144"),
]


async def test_the_record_says_how_an_attempt_came_to_nothing_and_the_worker_goes_on(house: House) -> None:
    worker = house.start()
    queue = house.queue()
    posted = {
        kind: await house.post(queue, kind, name=kind, max_attempts=1, timeout_seconds=1) for kind, _, _ in ENDS
    }
    posted["eat"] = await house.post(queue, "eat", name="eat", mebibytes=2_000, max_attempts=1)

    for kind, code, message in [*ENDS, ("eat", ErrorCode.OUT_OF_MEMORY, "300 MiB")]:
        task = await house.over(posted[kind])
        assert task.error is not None, kind
        assert (task.state, task.error.code, task.attempts) == (TaskState.FAILED, code, 1), task
        assert message in task.error.message
        assert task.result is None
    after = await house.over(await house.post(queue, "note", name="after"))

    assert after.state is TaskState.SUCCEEDED
    assert after.result == {"noted": "after"}
    await finds_the_traceback(house, worker, posted["fall"])


async def finds_the_traceback(house: House, worker: Worker, task_id: str) -> None:
    error = (await house.task(task_id)).error
    assert error is not None
    (entry,) = [
        json.loads(line) for line in worker.log.read_text().splitlines() if str(error.traceback_id) in line
    ]
    assert entry["task_id"] == task_id
    assert "fall" in json.dumps(entry["exception"])
    assert "Traceback" not in error.message


async def test_attempts_are_counted_and_a_poison_task_fails_when_they_are_used_up(
    house: House,
) -> None:
    house.start(concurrency=1)
    queue = house.queue()
    poison = await house.post(queue, "vanish", name="poison", max_attempts=2)
    falls = await house.post(queue, "fall", name="falls", max_attempts=2)
    refuses = await house.post(queue, "refuse", name="refuses", max_attempts=2)
    other = await house.post(queue, "note", name="other", tenant="south")

    task = await house.over(poison)

    assert (task.state, task.attempts) == (TaskState.FAILED, 2)
    assert task.error is not None
    assert task.error.code is ErrorCode.WORKER_LOST
    assert len(house.lines("poison.attempts")) == 2
    assert (await house.over(falls)).attempts == 2
    assert (await house.over(refuses)).attempts == 1
    assert (await house.over(other)).state is TaskState.SUCCEEDED


async def test_running_tasks_are_cancelled_whether_or_not_their_handlers_listen(house: House) -> None:
    kinds = ("hold", "sleep", "swallow")
    house.start(concurrency=len(kinds))
    queue = house.queue()
    cancelled = [await house.post(queue, kind, name="cancelled") for kind in kinds]
    await house.seen("cancelled.attempts", len(kinds))

    for task_id in cancelled:
        await house.cancel(queue, task_id)

    for task_id in cancelled:
        task = await house.over(task_id)
        assert (task.state, task.attempts, task.error) == (TaskState.CANCELLED, 1, None)
    assert (await house.over(await house.post(queue, "note", name="after"))).state is TaskState.SUCCEEDED
    assert len(house.lines("cancelled.attempts")) == len(kinds)


async def test_a_plugin_is_opened_once_a_process_and_left_at_its_end(house: House, tmp_path: Path) -> None:
    house.settings["DRAIN_SECONDS"] = "20"  # in good order, however slow the machine is
    worker = house.start(concurrency=1)
    queue = house.queue()
    for name in ("one", "two"):
        await house.over(await house.post(queue, "note", name=name))

    worker.terminate()

    assert worker.wait() == 0
    (process,) = house.lines("opened")
    assert house.lines("left") == [process]
