"""A sitting at a glance: counts that are added up once a second, for all who watch through this process."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tp.domain.attempt import AttemptState
from tp.domain.presence import Presence
from tp.services.invigilation.register import Register


@dataclass(frozen=True, slots=True)
class StateCount:
    state: AttemptState
    count: int


@dataclass(frozen=True, slots=True)
class MinuteCount:
    """How many in the minute that begins at `at`; minutes with none are left out."""

    at: datetime
    count: int


@dataclass(frozen=True, slots=True)
class Counts:
    """`online`, `idle` and `offline` are together all attempts in progress; `away` and `paused` are among them."""

    expected: int
    states: tuple[StateCount, ...]
    starts: tuple[MinuteCount, ...]
    submits: tuple[MinuteCount, ...]
    online: int
    idle: int
    offline: int
    away: int
    paused: int


@dataclass(frozen=True, slots=True)
class Overview:
    """`counts` as they were at `at`."""

    test_id: str
    at: datetime
    counts: Counts


def counted(register: Register, now: datetime) -> Counts:
    """Add a register up."""
    entries = register.entries.values()
    states = Counter(entry.state for entry in entries)
    running = [entry for entry in entries if entry.runs]
    present = Counter(entry.presence(now) for entry in running)
    return Counts(
        expected=len(register.expected),
        states=tuple(StateCount(state, states[state]) for state in AttemptState),
        starts=_by_minute(entry.started_at for entry in entries),
        submits=_by_minute(entry.submitted_at for entry in entries),
        online=present[Presence.ONLINE],
        idle=present[Presence.IDLE],
        offline=present[Presence.OFFLINE],
        away=sum(entry.away for entry in running),
        paused=sum(entry.paused for entry in running),
    )


def _by_minute(instants: Iterable[datetime | None]) -> tuple[MinuteCount, ...]:
    counts = Counter(at.replace(second=0, microsecond=0) for at in instants if at is not None)
    return tuple(MinuteCount(at, count) for at, count in sorted(counts.items()))
