"""Sweeping for as long as a process lives."""

from __future__ import annotations

from datetime import timedelta

import structlog

from asgi.periodic import Periodic
from store.errors import StoreError
from taskqueue.sweeper import Sweeper
from trust.clock import Clock

_log = structlog.stdlib.get_logger("taskqueue.sweeping")


class Sweeping:
    """Sweeps at once, then about every `every`; hands the lead over when it is cancelled."""

    def __init__(self, sweeper: Sweeper, every: timedelta, clock: Clock) -> None:
        self._sweeper = sweeper
        self._clock = clock
        self._periodic = Periodic("sweep", every, self._passes)

    async def __call__(self) -> None:
        try:
            await self._first()
            await self._periodic()
        finally:
            await self._resign()

    async def _first(self) -> None:
        try:
            await self._passes()
        except StoreError as error:
            _log.warning("first sweep failed; the next one tries again", error=str(error))

    async def _passes(self) -> None:
        """Sweep until a pass is not full, or moves nothing of what it finds."""
        while True:
            swept = await self._sweeper.sweep(self._clock())
            if swept is None or not swept.more:
                return
            if not (swept.promoted or swept.returned or swept.scheduled or swept.pruned):
                return

    async def _resign(self) -> None:
        try:
            await self._sweeper.resign()
        except StoreError as error:
            _log.warning("the lead runs out instead of being handed over", error=str(error))
