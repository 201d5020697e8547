"""Time as an argument."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Return the present instant, aware, in UTC."""


def utc_now() -> datetime:
    return datetime.now(UTC)
