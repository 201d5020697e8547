"""How long to wait before trying again."""

from __future__ import annotations

import asyncio
import random


async def back_off(attempt: int, *, base: float, cap: float) -> None:
    """Wait a random part of `base * 2**attempt` seconds, at most of `cap`, so that rivals do not meet again."""
    await asyncio.sleep(random.uniform(0.5, 1) * min(cap, base * 2**attempt))
