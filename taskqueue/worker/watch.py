"""The watch beside a handler: keeps the lease, writes progress, and ends what has to end.

It runs on the process's event loop while the handler has the main thread.
"""

from __future__ import annotations

import asyncio
import faulthandler
import os
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from enum import Enum, auto
from time import monotonic

import structlog

from taskqueue.contract import ErrorCode
from taskqueue.tables import Task
from taskqueue.worker.limits import Limits
from taskqueue.worker.memory import resident_bytes
from taskqueue.worker.record import PASSING, Record

log = structlog.get_logger(__name__)


class Why(Enum):
    """Why an attempt has to end."""

    CANCELLED = auto()
    TIMED_OUT = auto()
    LOST = auto()
    """The lease is somebody else's."""
    STOPPING = auto()
    """The worker stops: the handler is told when it asks, and is not interrupted."""


class Watch:
    """`why` is set once the handler has to end.

    A handler that holds the interpreter lets no watch run. Such a process ends itself when its lease is over.
    """

    def __init__(
        self,
        task: Task,
        record: Record,
        limits: Limits,
        stopping: Callable[[], bool],
        interrupt: Callable[[], None],
    ) -> None:
        self.why: Why | None = None
        self._record = record
        self._limits = limits
        self._stopping = stopping
        self._interrupt = interrupt
        self._log = log.bind(task_id=task.id, tenant=task.tenant)
        self._timeout = task.timeout_seconds
        self._began = self._renewed = self._tried = monotonic()
        self._told = 0.0
        self._over = asyncio.Event()

    async def run(self) -> None:
        """Watch until `close` is called. A handler is not left without a watch: a defect here ends the process."""
        self._hold_alive()
        try:
            while not await self._is_over_within(self._limits.tick):
                await self._look()
        except Exception:
            self._log.exception("watch_failed")
            _end_this_process()
        finally:
            faulthandler.cancel_dump_traceback_later()

    def close(self) -> None:
        """Watch no longer: the handler has ended. For the loop's thread."""
        self._over.set()

    def lose(self) -> None:
        """Have the handler end: the lease is found to be lost."""
        self._tell(Why.LOST)

    async def _is_over_within(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._over.wait()
        return self._over.is_set()

    async def _look(self) -> None:
        if self._limits.memory_bytes is not None and (resident_bytes() or 0) > self._limits.memory_bytes:
            await self._end_process(self._over_memory)
        now = monotonic()
        if self._stopping():
            self._tell(Why.STOPPING)
        if now - self._began > self._timeout:
            self._tell(Why.TIMED_OUT)
        if now - self._tried >= self._limits.lease / 3:
            self._tried = now
            await self._renew()
        if self.why is not None and monotonic() - self._told > self._grace():
            await self._end_process(self._over_grace)

    async def _renew(self) -> None:
        before = monotonic()
        try:
            task = await self._record.renew()
        except PASSING as error:
            self._log.warning("lease_not_renewed", error=str(error))
            if monotonic() - self._renewed > self._limits.lease:
                self._tell(Why.LOST)
            return
        if task is None:
            self._tell(Why.LOST)
            return
        self._renewed = before
        self._hold_alive()
        if task.cancel_requested:
            self._tell(Why.CANCELLED)

    def _tell(self, why: Why) -> None:
        """Have the handler end. What is told first holds, but a stop in good order gives way to the others."""
        if self.why is why or self.why not in (None, Why.STOPPING):
            return
        self.why, self._told = why, monotonic()
        self._log.info("attempt_has_to_end", why=why.name)
        if why is not Why.STOPPING:
            self._interrupt()

    def _grace(self) -> float:
        return self._limits.shutdown_grace if self.why is Why.STOPPING else self._limits.stop_grace

    async def _end_process(self, recorded: Callable[[], Awaitable[None]]) -> None:
        """Record what can be said, and end this process, which a new one follows."""
        if not self._over.is_set():
            await recorded()
            self._log.error("process_ended", why=self.why.name if self.why else "OUT_OF_MEMORY")
            _end_this_process()

    async def _over_memory(self) -> None:
        limit = (self._limits.memory_bytes or 0) // 2**20
        await self._record.fail(ErrorCode.OUT_OF_MEMORY, f"the process went over {limit} MiB")

    async def _over_grace(self) -> None:
        if self.why is Why.CANCELLED:
            await self._record.cancel()
        if self.why is Why.TIMED_OUT:
            await self._record.fail(ErrorCode.TIMED_OUT, f"did not end within {self._timeout} seconds")

    def _hold_alive(self) -> None:
        """Have the process end, by a thread that needs no interpreter, unless this is called again in time."""
        faulthandler.dump_traceback_later(self._limits.lease + self._limits.stop_grace, exit=True)


def _end_this_process() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
