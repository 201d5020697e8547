"""The client of the task queue: what each answer becomes."""

from __future__ import annotations

import httpx
import pytest
from queueing import Queue

from taskqueue.contract import TaskRequest, TaskState
from tp.clients.errors import KeyConflict, QueueUnreachable, TaskRefused
from tp.clients.taskqueue import TaskQueueClient

REQUEST = TaskRequest(
    type="tp.retime", tenant="oakwood", payload={"testId": "tst_x"}, idempotency_key="RETIME:tst_x@1"
)


async def test_a_task_is_posted_once_read_and_cancelled(queue: Queue) -> None:
    client = queue.client()

    task = await client.post(REQUEST)
    again = await client.post(REQUEST)
    cancelled = await client.cancel(task.id)

    assert again == task
    assert cancelled.state is TaskState.CANCELLED
    assert await client.get(task.id) == cancelled
    assert await client.get("tsk_" + "0" * 32) is None
    await client.close()


async def test_refusals_conflicts_and_silence_are_told_apart(queue: Queue) -> None:
    client = queue.client()
    await client.post(REQUEST)

    with pytest.raises(KeyConflict):
        await client.post(REQUEST.model_copy(update={"payload": {"testId": "tst_y"}}))
    with pytest.raises(TaskRefused) as refused:
        await client.post(REQUEST.model_copy(update={"type": "tp.unheard-of"}))
    assert 400 <= refused.value.status < 500
    queue.line.cut = True
    with pytest.raises(QueueUnreachable):
        await client.get("tsk_x")
    stranger = TaskQueueClient("http://queue.test", "no token", queue.line)
    queue.line.cut = False
    with pytest.raises(TaskRefused):
        await stranger.get("tsk_x")
    await client.close()
    await stranger.close()


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(503),
        httpx.Response(429),
        httpx.Response(500),
        httpx.Response(200, text="<html>proxy</html>"),
    ],
)
async def test_what_may_be_better_later_is_taken_as_unreachable(answer: httpx.Response) -> None:
    client = TaskQueueClient("http://queue.test", "token", httpx.MockTransport(lambda _: answer))

    with pytest.raises(QueueUnreachable):
        await client.post(REQUEST)
    await client.close()
