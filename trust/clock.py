"""Time and randomness as arguments: what services are composed with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Return the present instant, aware, in UTC."""

Entropy = Callable[[int], bytes]
"""Return so many random bytes."""

Chance = Callable[[], float]
"""Return a random number from 0 to 1."""


def utc_now() -> datetime:
    """Return the present instant: the machine's clock."""
    return datetime.now(UTC)
