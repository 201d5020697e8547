"""Waiting for a condition: as long as it takes, up to a bound that only a failure reaches."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE_SECONDS = 90.0
POLL_SECONDS = 0.02


def block_until(met: Callable[[], bool], what: str) -> None:
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while not met():
        assert time.monotonic() < give_up_at, f"not within {PATIENCE_SECONDS:g} seconds: {what}"
        time.sleep(POLL_SECONDS)


async def until(ask: Callable[[], Awaitable[T | None]]) -> T:
    """Ask again and again; return the first answer that is not `None`."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            answer = await ask()
            if answer is not None:
                return answer
            await asyncio.sleep(POLL_SECONDS)
