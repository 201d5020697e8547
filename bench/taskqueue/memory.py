"""What a worker's processes hold in memory while they work, looked at again and again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from bench.cpu import leaves, resident_mebibytes

EVERY_SECONDS = 0.5
SHARES = (0.1, 0.25, 0.5, 0.75, 1.0)
"""At which shares of the time the memory is told."""


class Memory:
    """MiB of a worker's processes, summed up; empty where there is no `/proc`."""

    def __init__(self) -> None:
        self._looks: list[list[float]] = []

    def look(self, worker: int) -> None:
        held = [resident_mebibytes(process) for process in leaves(worker)]
        self._looks.append([each for each in held if each is not None])

    def most(self) -> float:
        """Return what the largest process held at any time."""
        return max((each for look in self._looks for each in look), default=0.0)

    def largest(self) -> list[float]:
        """Return what the largest process held at each of `SHARES`."""
        looks = [look for look in self._looks if look]
        return [max(looks[max(0, round(share * len(looks)) - 1)]) for share in SHARES] if looks else []


@asynccontextmanager
async def watched(worker: int) -> AsyncIterator[Memory]:
    """Look every half second, until the end of the block."""
    memory = Memory()

    async def watch() -> None:
        while True:
            memory.look(worker)
            await asyncio.sleep(EVERY_SECONDS)

    watching = asyncio.create_task(watch())
    try:
        yield memory
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
