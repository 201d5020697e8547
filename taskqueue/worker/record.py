"""The record of one attempt, as the process that makes the attempt writes it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic

import structlog
from pydantic import JsonValue

from store.errors import Conflict, OutcomeUnknown, Unavailable
from taskqueue.contract import ErrorCode, Progress, TaskError
from taskqueue.picking import Picker
from taskqueue.tables import Task
from trust.clock import Clock

AGAIN_SECONDS = 0.5
PASSING = (Conflict, OutcomeUnknown, Unavailable)
"""What a store raises that may not raise it a second later."""

log = structlog.get_logger(__name__)


class Record:
    """Writes are made one after another. Those of an end are tried until the lease has run out for certain.

    `progress` may be set in any thread, and goes along with the next write.
    """

    def __init__(self, task: Task, owner: str, picker: Picker, now: Clock, lease_seconds: float) -> None:
        self.progress: Progress | None = None
        self._id = task.id
        self._owner = owner
        self._picker = picker
        self._now = now
        self._lease_seconds = lease_seconds
        self._one_at_a_time = asyncio.Lock()

    async def renew(self, checkpoint: JsonValue = None) -> Task | None:
        """Begin the lease anew and write how far it is; `None` when the task is no longer ours.

        Raises what a store raises.
        """
        async with self._one_at_a_time:
            return await self._picker.renew(
                self._id, self._owner, self._now(), progress=self.progress, checkpoint=checkpoint
            )

    async def succeed(self, result: JsonValue) -> None:
        await self._end(
            lambda: self._picker.end_ok(self._id, self._owner, result, self._now(), progress=self.progress)
        )

    async def fail(self, code: ErrorCode, message: str, traceback_id: str | None = None) -> None:
        """Record a failed attempt."""
        error = TaskError(code=code, message=message, traceback_id=traceback_id, at=self._now())
        await self._end(
            lambda: self._picker.end_failed(self._id, self._owner, error, self._now(), progress=self.progress)
        )

    async def release(self) -> None:
        """Hand the task back uncounted."""
        await self._end(lambda: self._picker.release(self._id, self._owner, self._now()))

    async def cancel(self) -> None:
        """Record that the handler has stopped because it was asked to."""
        await self._end(lambda: self._picker.stopped(self._id, self._owner, self._now()))

    async def _end(self, write: Callable[[], Awaitable[object]]) -> None:
        # A write that happened unheard is found out by the next: the task is no longer ours.
        give_up_at = monotonic() + self._lease_seconds
        async with self._one_at_a_time:
            while True:
                try:
                    await write()
                    return
                except PASSING as error:
                    if monotonic() > give_up_at:
                        log.exception("end_not_recorded", task_id=self._id)
                        return
                    log.warning("end_not_recorded_yet", task_id=self._id, error=str(error))
                await asyncio.sleep(AGAIN_SECONDS)
