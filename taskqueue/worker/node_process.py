"""One node as its supervisor sees it."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable
from contextlib import suppress
from time import monotonic

import structlog

from taskqueue.contract import Weight
from taskqueue.worker.lines import LOST, PROCESSES, READY

AGAIN_SECONDS = 1.0
"""Before a node that ended by itself is started again."""
PROGRAM = (sys.executable, "-m", "taskqueue.worker.node")

log = structlog.get_logger(__name__)


class NodeProcess:
    """Keeps a node running. `lost` is told a process id of the node; or `None` when all of them are gone."""

    def __init__(
        self, name: str, queue: Weight, processes: int, lost: Callable[[NodeProcess, int | None], Awaitable[None]]
    ) -> None:
        self.name = name
        self.queue = queue
        self.processes = processes
        self._lost = lost
        self.ready_at: float | None = None
        """Since when it hears rings, on the monotonic clock; `None` while it does not."""
        self._process: Process | None = None
        self._stopping = False

    async def keep(self) -> None:
        """Run the node, again and again, until `stop` is called."""
        while not self._stopping:
            status = await self._run()
            if not self._stopping:
                log.error("node_ended", node=self.name, status=status)
                await self._lost(self, None)
                await asyncio.sleep(AGAIN_SECONDS)

    def resize(self, processes: int) -> None:
        """Have the node run so many processes, from now on."""
        self.processes = processes
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.write(f"{PROCESSES} {processes}\n".encode())

    async def stop(self, grace_seconds: float) -> None:
        """Let the node hand its work back, and end what does not in time."""
        self._stopping = True
        await self.restart(grace_seconds)

    async def restart(self, grace_seconds: float) -> None:
        """End the node as `stop` does; `keep` starts it again."""
        self.ready_at = None
        process = self._process
        if process is None or process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            async with asyncio.timeout(grace_seconds):
                await process.wait()
        except TimeoutError:
            log.error("node_killed", node=self.name)
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def _run(self) -> int:
        self.ready_at = None
        process = self._process = await asyncio.create_subprocess_exec(
            *PROGRAM, self.name, self.queue.value, str(self.processes), stdin=PIPE, stdout=PIPE
        )
        assert process.stdout is not None
        async for line in process.stdout:
            word, _, number = line.decode().rstrip().partition(" ")
            if word == READY:
                self.ready_at = monotonic()
            if word == LOST:
                await self._lost(self, int(number))
        return await process.wait()
