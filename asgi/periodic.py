"""Work beside the requests: again and again until shutdown, never stopped by one failure."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog

_log = structlog.stdlib.get_logger("asgi.periodic")

JITTER = 0.2


@dataclass(frozen=True, slots=True)
class Periodic:
    """Runs `work` about every `every`: a fifth sooner or later, so that processes do not march in step."""

    name: str
    every: timedelta
    work: Callable[[], Awaitable[None]]

    async def __call__(self) -> None:
        while True:
            seconds = self.every.total_seconds()
            await asyncio.sleep(seconds * random.uniform(1 - JITTER, 1 + JITTER))
            try:
                await self.work()
            except Exception:
                _log.exception("pass failed; the next one tries again", task=self.name)
