"""Telling the owner of a task's end: delivered over real HTTP, signed, and tried again."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from depot import NOON, Depot

from taskqueue.callbacks import CallbackFailed
from taskqueue.contract import ErrorCode, GiveUp, TaskEnded, TaskError, TaskState, Weight
from taskqueue.tables import Task
from trust.signatures import HEADER, verify


class Receiver:
    """Answers with the next of its statuses, the last one for ever; keeps what came."""

    def __init__(self, statuses: list[int]) -> None:
        self.statuses = statuses
        self.came: list[tuple[str, str | None, bytes]] = []
        self.url = ""

    def answer(self, path: str, signature: str | None, body: bytes) -> int:
        self.came.append((path, signature, body))
        return self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]


@contextmanager
def receiving(*statuses: int) -> Iterator[Receiver]:
    receiver = Receiver(list(statuses))

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(receiver.answer(self.path, self.headers[HEADER], body))
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        receiver.url = f"http://127.0.0.1:{server.server_port}/hooks/tasks"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()


async def work(depot: Depot) -> Task:
    """Do what a worker does with the callback that waits; return its record."""
    task = await depot.picked()
    assert task.type == "taskqueue.callback"
    picker, handler = depot.picker(), depot.handlers[task.type]
    payload = handler.payload.model_validate(task.payload)
    try:
        with depot.callbacks.opened():
            result = handler.run(None, payload)  # type: ignore[arg-type]
    except (CallbackFailed, GiveUp) as error:
        code = ErrorCode.REFUSED if isinstance(error, GiveUp) else ErrorCode.RAISED
        await picker.end_failed(
            task.id, "worker", TaskError(code=code, message=str(error), at=NOON), depot.clock.now
        )
    else:
        await picker.end_ok(task.id, "worker", result, depot.clock.now)
    return await depot.task(task.id)


async def test_the_end_is_told_and_signed(depot: Depot):
    with receiving(204) as receiver:
        task = await depot.post(callback={"url": receiver.url})
        await depot.picked()
        depot.bell.rung.clear()
        await depot.picker().end_ok(task.id, "worker", {"pages": 3}, depot.clock.now)
        assert depot.bell.rung == {Weight.SHORT: 1}
        assert (await work(depot)).state is TaskState.SUCCEEDED
    ((path, signature, body),) = receiver.came
    assert path == "/hooks/tasks"
    verify(depot.ring, signature, body, depot.clock.now)
    told = TaskEnded.model_validate_json(body)
    assert (told.id, told.state, told.result) == (task.id, TaskState.SUCCEEDED, {"pages": 3})
    assert json.loads(body)["finishedAt"] == "2026-03-02T12:00:00Z"


async def test_a_receiver_that_fails_is_told_again_later(depot: Depot):
    with receiving(500, 429, 302, 200) as receiver:
        task = await depot.post(callback={"url": receiver.url})
        await depot.queue.cancel(task.id, Everyone(), depot.clock.now)
        for attempt in (1, 2, 3):
            failed = await work(depot)
            assert (failed.state, failed.attempts) == (TaskState.QUEUED, attempt)
            depot.clock.now = failed.run_at
            await depot.sweeper().sweep(depot.clock.now)
        assert (await work(depot)).state is TaskState.SUCCEEDED
    assert len(receiver.came) == 4
    assert len({body for _, _, body in receiver.came}) == 1
    assert len({signature for _, signature, _ in receiver.came}) == 4  # each signed at its own instant


async def test_a_receiver_that_is_away_is_told_again_later(depot: Depot):
    with receiving(200) as receiver:
        pass
    task = await depot.post(callback={"url": receiver.url})
    await depot.queue.cancel(task.id, Everyone(), depot.clock.now)
    failed = await work(depot)
    assert failed.state is TaskState.QUEUED
    assert failed.error is not None
    assert failed.error.message == "the receiver was not reached: ConnectError"
    assert failed.max_attempts == 20


async def test_a_receiver_that_is_gone_is_left_alone(depot: Depot):
    with receiving(410) as receiver:
        task = await depot.post(callback={"url": receiver.url})
        await depot.queue.cancel(task.id, Everyone(), depot.clock.now)
        assert (await work(depot)).state is TaskState.FAILED


async def test_where_callbacks_may_go_is_asked_again_when_they_are_sent(depot: Depot):
    handler = depot.handlers["taskqueue.callback"]
    ended = {"id": "t", "type": "x", "tenant": "o", "state": "FAILED", "attempts": 1}
    payload = handler.payload.model_validate(
        {"url": "http://10.0.0.1/", "ended": {**ended, "result": None, "error": None, "finishedAt": NOON}}
    )
    with depot.callbacks.opened(), pytest.raises(GiveUp):
        handler.run(None, payload)  # type: ignore[arg-type]


async def test_a_task_that_ends_twice_is_told_of_twice(depot: Depot):
    task = await depot.post(callback={"url": "http://hooks.example.org/"})
    for _ in range(2):
        await depot.queue.cancel(task.id, Everyone(), depot.clock.now)
        depot.clock.advance(seconds=1)
        await depot.queue.retry(task.id, Everyone(), depot.clock.now)
    types = [each.type for each in (await depot.queue.page(tenant=None)).tasks]
    assert sorted(types) == ["demo.note", "taskqueue.callback", "taskqueue.callback"]


class Everyone:
    def covers(self, _: str) -> bool:
        return True
