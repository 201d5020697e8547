"""A task queue beside the school: its own REST application and store, and a worker that a test lets work."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import structlog
from fastapi import FastAPI
from pydantic import JsonValue
from school import HandClock

from api.settings import Settings
from api.worker import plugin_by
from store.paging import every
from store.port import Namespace, Query
from store.sqlite import SqliteStore
from taskqueue import lifecycle
from taskqueue.contract import ErrorCode, GiveUp, Plugin, Progress, TaskError, TaskState, Weight
from taskqueue.handlers import handlers_of
from taskqueue.picking import Picker
from taskqueue.queue import TaskQueue
from taskqueue.rest.access import AUDIENCE, Scope
from taskqueue.rest.app import create_app
from taskqueue.rest.service import Service
from taskqueue.schedules import Schedules
from taskqueue.settings import Settings as QueueSettings
from taskqueue.tables import KINDS, NAMESPACE, TASKS, Task
from tp.clients.taskqueue import TaskQueueClient
from trust.keys import KeyRing, SigningKey
from trust.service_tokens import EVERY_TENANT, ServiceTokens

OWNER = "the worker of the test"


class NoBell:
    """Nobody is woken: the worker is told when to look."""

    def ring(self, queue: Weight, times: int = 1) -> None: ...

    def waiting(self, queue: Weight) -> int | None:
        return None


class Line(httpx.AsyncBaseTransport):
    """The network between platform and queue: it can be cut, and remembers what was posted."""

    def __init__(self, app: FastAPI) -> None:
        self._far = httpx.ASGITransport(app)
        self.cut = False
        self.posts = 0
        self.posted = asyncio.Event()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.cut:
            raise httpx.ConnectError("no route to the queue")
        answer = await self._far.handle_async_request(request)
        if request.method == "POST":
            self.posts += 1
            self.posted.set()
        return answer


@dataclass
class TestContext:
    """The context of one attempt: a checkpoint is kept in the task's record before `save` returns."""

    __test__ = False

    task: Task
    keep: Callable[[JsonValue], None]
    stop_after: int | None = None
    saved: int = 0
    told: list[Progress] = field(default_factory=list)
    log: Any = field(default_factory=structlog.get_logger)

    @property
    def task_id(self) -> str:
        return self.task.id

    @property
    def tenant(self) -> str:
        return self.task.tenant

    @property
    def attempt(self) -> int:
        return self.task.attempts

    @property
    def deadline(self) -> datetime:
        assert self.task.started_at is not None
        return self.task.started_at + timedelta(seconds=self.task.timeout_seconds)

    @property
    def checkpoint(self) -> JsonValue:
        return self.task.checkpoint

    def progress(self, done: int, total: int | None = None, message: str | None = None) -> None:
        self.told.append(Progress(done=done, total=total, message=message))

    def save(self, checkpoint: JsonValue) -> None:
        self.keep(checkpoint)
        self.saved += 1

    def check(self) -> None:
        if self.stop_after is not None and self.saved >= self.stop_after:
            raise RuntimeError("the power went out")


@dataclass
class Queue:
    """The queue, and what a test does with it."""

    line: Line
    app: FastAPI
    store: SqliteStore
    records: Namespace
    plugin: Plugin
    picker: Picker
    clock: HandClock
    token: str
    contexts: list[TestContext] = field(default_factory=list)

    def client(self) -> TaskQueueClient:
        """Return the client of one more process of the platform."""
        return TaskQueueClient("http://queue.test", self.token, self.line)

    async def tasks(self, type: str | None = None, state: TaskState | None = None) -> list[Task]:
        where = {name: value for name, value in (("type", type), ("state", state)) if value is not None}
        return [TASKS.record(entity) async for entity in every(self.records, Query(TASKS.kind.name, where=where))]

    async def work(self, stop_after: int | None = None) -> list[Task]:
        """Do all that is due, each task once; return the tasks as they then are.

        `stop_after`: how many checkpoints an attempt may save before the worker loses its power.
        """
        await self._promote()
        done = [task.id for weight in Weight async for task in self._attempts(weight, stop_after)]
        return [TASKS.record(entity) for entity in await self._read(done)]

    async def _attempts(self, weight: Weight, stop_after: int | None) -> Any:
        while (task := await self.picker.pick(weight, OWNER, self.clock())) is not None:
            await self._attempt(task, stop_after)
            yield task

    async def _attempt(self, task: Task, stop_after: int | None) -> None:
        handler = handlers_of([self.plugin])[task.type]
        loop = asyncio.get_running_loop()

        def keep(checkpoint: JsonValue) -> None:
            renewal = self.picker.renew(task.id, OWNER, self.clock(), checkpoint=checkpoint)
            assert asyncio.run_coroutine_threadsafe(renewal, loop).result() is not None

        context = TestContext(task, keep, stop_after)
        self.contexts.append(context)
        payload = handler.payload.model_validate(task.payload)
        now = self.clock()
        try:
            result = await asyncio.to_thread(handler.run, context, payload)
        except Exception as error:
            code = ErrorCode.REFUSED if isinstance(error, GiveUp) else ErrorCode.RAISED
            failure = TaskError(code=code, message=str(error), at=now)
            await self.picker.end_failed(task.id, OWNER, failure, now)
        else:
            progress = context.told[-1] if context.told else None
            await self.picker.end_ok(task.id, OWNER, result, now, progress=progress)

    async def _promote(self) -> None:
        """Let into line what has waited for its instant, as the sweeper does."""
        for task in await self.tasks(state=TaskState.QUEUED):
            if task.rank is None and task.run_at <= self.clock():
                await self.records.transact(_put(lifecycle.enter(task, self.clock())))

    async def _read(self, ids: list[str]) -> list[Any]:
        return [entity for entity in await self.records.get_many([TASKS.key(id) for id in ids]) if entity]


def _put(task: Task) -> Callable[[Any], Any]:
    async def work(transaction: Any) -> None:
        transaction.put(TASKS.entity(task))

    return work


def together(plugins: Sequence[Plugin]) -> Plugin:
    """Return several plugins as one."""

    @contextmanager
    def opened() -> Iterator[None]:
        with ExitStack() as stack:
            for plugin in plugins:
                stack.enter_context(plugin.opened())
            yield

    return Plugin([handler for plugin in plugins for handler in plugin.handlers], opened)


def open_queue(
    folder: Path,
    clock: HandClock,
    plugins: Sequence[Plugin] | None = None,
    admits: Callable[[str], bool] = lambda _: False,
) -> Queue:
    """Open a queue in `folder`, whose worker does the tasks of `plugins`; left out, the platform's on the
    platform's store there. `admits` tells where callbacks may go."""
    store = SqliteStore(folder / "queue", KINDS)
    records = store.namespace(NAMESPACE)
    plugin = together(plugins or [plugin_by(lambda: Settings(data_dir=folder), clock)])
    tokens = ServiceTokens(KeyRing([SigningKey(kid="test", secret=bytes(range(32)))]), AUDIENCE, os.urandom)
    scopes = {Scope.TASKS_READ, Scope.TASKS_WRITE, Scope.TENANTS_PURGE}
    token = tokens.issue("tp", scopes, {EVERY_TENANT}, now=clock(), lifetime=timedelta(days=365))
    queue = TaskQueue(records, handlers_of([plugin]), admits, NoBell(), os.urandom)
    service = Service(queue, Schedules(records, queue), tokens, clock, store.ready)
    app = create_app(QueueSettings(data_dir=folder), service)
    picker = Picker(records, NoBell(), 20.0, lambda: 1.0)
    return Queue(Line(app), app, store, records, plugin, picker, clock, token)
