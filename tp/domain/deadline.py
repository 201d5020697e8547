"""When an attempt ends, and why then.

    end = min(started + duration × time factor + extra minutes, closes + the student's own extension)
          + what was granted during the sitting + pauses

- With `past_window` the extra time (what the factor and the extra minutes add) also moves the window's end.
- What an invigilator grants during the sitting moves the end whichever of the two bound it: somebody who
  watches the clock decided it.
- A pause counts from its beginning, or the start of the attempt, to its end; one begun after the end has passed
  gives nothing back. While a pause is open the deadline moves with `now` and cannot pass.
- An end forced by an invigilator wins when it comes before all of that.
- Grace is no time to work: batches received within it are still accepted, and no deadline shown tells of it.

Fractions of a second are rounded up, in the student's favour.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from math import ceil
from typing import Self

from tp.domain.attempt import Attempt, Pause
from tp.domain.pauses import standstills
from tp.domain.test import Test
from tp.domain.value import Frozen, Instant


class DeadlineReason(StrEnum):
    """What the end is owed to: the first of FORCED, PAUSE, EXTENSION that moved it, else what bound it."""

    DURATION = "DURATION"
    WINDOW = "WINDOW"
    EXTENSION = "EXTENSION"
    PAUSE = "PAUSE"
    FORCED = "FORCED"


class Timing(Frozen):
    """The part of a test that bears on time."""

    duration_seconds: int
    closes_at: Instant | None = None
    grace_seconds: int = 0

    @classmethod
    def of(cls, test: Test) -> Self:
        return cls(
            duration_seconds=test.duration_seconds,
            closes_at=test.schedule.closes_at,
            grace_seconds=test.grace_seconds,
        )


class Deadline(Frozen):
    """Working time ends at `at`; batches received until `accepts_until` still count."""

    at: Instant
    reason: DeadlineReason
    accepts_until: Instant


def deadline(timing: Timing, attempt: Attempt, now: datetime) -> Deadline:
    """Return when the attempt ends as things stand at `now`, which matters only while a pause is open.

    Raises ValueError when the attempt has not started.
    """
    if attempt.started_at is None:
        raise ValueError("an attempt that has not started has no deadline")
    end, reason = _allotted(timing, attempt, attempt.started_at)
    if attempt.extension_seconds:
        end, reason = end + timedelta(seconds=attempt.extension_seconds), DeadlineReason.EXTENSION
    resumed = _with_pauses(attempt.started_at, end, attempt.pauses, now)
    if resumed > end:
        end, reason = resumed, DeadlineReason.PAUSE
    if attempt.forced_at is not None and attempt.forced_at < end:
        end, reason = attempt.forced_at, DeadlineReason.FORCED
    return Deadline(at=end, reason=reason, accepts_until=end + timedelta(seconds=timing.grace_seconds))


def _allotted(timing: Timing, attempt: Attempt, started_at: datetime) -> tuple[datetime, DeadlineReason]:
    conditions = attempt.conditions
    working = timing.duration_seconds * conditions.time_factor + 60 * conditions.extra_minutes
    by_duration = started_at + _seconds(working)
    if timing.closes_at is None:
        return by_duration, DeadlineReason.DURATION
    by_window = timing.closes_at + timedelta(minutes=conditions.extension_minutes)
    if conditions.past_window:
        by_window += _seconds(working - timing.duration_seconds)
    if by_duration <= by_window:
        return by_duration, DeadlineReason.DURATION
    return by_window, DeadlineReason.EXTENSION if by_window > timing.closes_at else DeadlineReason.WINDOW


def _with_pauses(started_at: datetime, end: datetime, pauses: Iterable[Pause], now: datetime) -> datetime:
    """Move `end` by the time that the clock stood."""
    for began, ended in standstills(pauses, started_at, now):
        if began >= end:
            break
        end += ended - began
    return end


def _seconds(exact: Fraction) -> timedelta:
    return timedelta(seconds=ceil(exact))
