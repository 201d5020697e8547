"""Times as numbers, to the microsecond."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def to_microseconds(instant: datetime) -> int:
    """Return the microseconds since 1970 of an aware datetime."""
    return (instant - _EPOCH) // _MICROSECOND


def from_microseconds(count: int) -> datetime:
    """Return the datetime, in UTC, that many microseconds after 1970 began."""
    return _EPOCH + timedelta(microseconds=count)
