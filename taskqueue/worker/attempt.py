"""One attempt at one task: the handler has the main thread, and how it ends goes into the record."""

from __future__ import annotations

import json
from collections.abc import Coroutine
from concurrent.futures import Future
from datetime import timedelta
from typing import Any, Protocol, TypeVar
from uuid import uuid4

import structlog
from pydantic import JsonValue, ValidationError

from taskqueue.contract import ErrorCode, GiveUp, Stop
from taskqueue.tables import Task
from taskqueue.worker.context import HandlerContext
from taskqueue.worker.fitting import DoesNotFit, as_json, as_message, clipped
from taskqueue.worker.interrupts import Interrupts
from taskqueue.worker.plugins import Plugins
from taskqueue.worker.record import Record
from taskqueue.worker.watch import Watch, Why

T = TypeVar("T")

log = structlog.get_logger(__name__)


class Loop(Protocol):
    """The event loop beside the main thread."""

    def call(self, work: Coroutine[Any, Any, T]) -> T: ...

    def start(self, work: Coroutine[Any, Any, T]) -> Future[T]: ...

    def do(self, act: Any) -> None: ...


class Attempt:
    """Made in the main thread, which has claimed the task."""

    def __init__(
        self, task: Task, plugins: Plugins, record: Record, watch: Watch, loop: Loop, interrupts: Interrupts
    ) -> None:
        assert task.started_at is not None
        self._task = task
        self._plugins = plugins
        self._record = record
        self._watch = watch
        self._loop = loop
        self._interrupts = interrupts
        deadline = task.started_at + timedelta(seconds=task.timeout_seconds)
        self._context = HandlerContext(task, deadline, record, watch, self._keep)
        self._log = log.bind(task_id=task.id, task_type=task.type, tenant=task.tenant, attempt=task.attempts)

    def make(self) -> None:
        """Run the handler under its watch, and record the end."""
        watching = self._loop.start(self._watch.run())
        try:
            end = self._run()
        finally:
            # A watch that is about to end this process does so: the end is then recorded already.
            self._loop.do(self._watch.close)
            watching.result()
        self._loop.call(end)

    def _run(self) -> Coroutine[Any, Any, None]:
        """Return how the handler's end is recorded."""
        handler = self._plugins.handlers.get(self._task.type)
        if handler is None:
            return self._record.fail(ErrorCode.UNKNOWN_TYPE, f"no handler for {self._task.type}")
        try:
            payload = handler.payload.model_validate_json(json.dumps(self._task.payload))
        except ValidationError as error:
            return self._record.fail(ErrorCode.REFUSED, as_message(error))
        try:
            with self._interrupts.allowed():
                self._plugins.enter(handler)
                result = handler.run(self._context, payload)
        except BaseException as error:
            return self._failed(error)
        return self._returned(result)

    def _returned(self, result: object) -> Coroutine[Any, Any, None]:
        try:
            fitting = as_json(result, beside=self._context.checkpoint)
        except DoesNotFit as error:
            return self._record.fail(ErrorCode.NOT_JSON, clipped(str(error)))
        return self._record.succeed(fitting)

    def _failed(self, error: BaseException) -> Coroutine[Any, Any, None]:
        # A handler that was told to end may turn `Stop` into an error of its own.
        match self._watch.why:
            case Why.CANCELLED:
                return self._record.cancel()
            case Why.TIMED_OUT:
                return self._record.fail(ErrorCode.TIMED_OUT, f"over its {self._task.timeout_seconds} seconds")
            case Why.LOST:
                return _nothing()
            case Why.STOPPING if isinstance(error, Stop):
                return self._record.release()
        match error:
            case GiveUp():
                return self._record.fail(ErrorCode.REFUSED, clipped(str(error) or "refused"))
            case SystemExit():
                return self._record.fail(ErrorCode.EXITED, f"the handler ended its process: {error.code!r}")
            case MemoryError():
                return self._record.fail(ErrorCode.OUT_OF_MEMORY, as_message(error), self._logged(error))
        return self._record.fail(ErrorCode.RAISED, as_message(error), self._logged(error))

    def _logged(self, error: BaseException) -> str:
        """Write the traceback to the log; return the id under which it is found there."""
        traceback_id = uuid4().hex
        self._log.error("attempt_raised", traceback_id=traceback_id, exc_info=error)
        return traceback_id

    def _keep(self, checkpoint: JsonValue) -> None:
        if self._loop.call(self._record.renew(checkpoint)) is None:
            self._watch.lose()


async def _nothing() -> None:
    """Leave a record that is somebody else's."""
