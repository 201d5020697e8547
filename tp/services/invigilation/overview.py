"""A sitting at a glance: counts that are added up once a second, for all who watch through this process."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from tp.domain.attempt import AttemptState
from tp.domain.presence import Presence, presence_by
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
    """Add a register up: a few passes over ten thousand entries, each of them in the interpreter's own loops."""
    entries = register.entries.values()
    states = Counter(map(_STATE, entries))
    running = [entry for entry in entries if entry.runs]
    present_now = presence_by(now)
    present = Counter([present_now(entry.seen_at, entry.acted_at) for entry in running])
    return Counts(
        expected=len(register.expected),
        states=tuple(StateCount(state, states[state]) for state in AttemptState),
        starts=_by_minute(map(_BEGAN, entries)),
        submits=_by_minute(map(_ENDED, entries)),
        online=present[Presence.ONLINE],
        idle=present[Presence.IDLE],
        offline=present[Presence.OFFLINE],
        away=sum(map(_AWAY, running)),
        paused=sum(map(_PAUSED, running)),
    )


_STATE, _BEGAN, _ENDED = attrgetter("state"), attrgetter("began_in"), attrgetter("ended_in")
_AWAY, _PAUSED = attrgetter("away"), attrgetter("paused")


def _by_minute(minutes: Iterable[datetime | None]) -> tuple[MinuteCount, ...]:
    counts = Counter(minutes)
    return tuple(MinuteCount(at, counts[at]) for at in sorted(at for at in counts if at is not None))
