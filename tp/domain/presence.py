"""Who is at work in a sitting, told by what a client sends and when."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from tp.domain.events import Event, EventType

IDLE_AFTER = timedelta(seconds=120)
"""Without an event."""
OFFLINE_AFTER = timedelta(seconds=90)
"""Without a batch or a look at the attempt: clients send one or the other every thirty seconds."""


class Presence(StrEnum):
    ONLINE = "ONLINE"
    IDLE = "IDLE"
    OFFLINE = "OFFLINE"


def presence(seen_at: datetime, acted_at: datetime, now: datetime) -> Presence:
    """Return how somebody is there of whom something came at `seen_at`, and an event at `acted_at`."""
    return presence_by(now)(seen_at, acted_at)


def presence_by(now: datetime) -> Callable[[datetime, datetime], Presence]:
    """Return `presence` at one instant, for many."""
    offline_before, idle_before = now - OFFLINE_AFTER, now - IDLE_AFTER

    def at_now(seen_at: datetime, acted_at: datetime) -> Presence:
        if seen_at < offline_before:
            return Presence.OFFLINE
        return Presence.IDLE if acted_at < idle_before else Presence.ONLINE

    return at_now


def left_window(events: Iterable[Event]) -> bool | None:
    """Tell whether the window is left after these events; `None` when they say nothing of it."""
    left = None
    for event in events:
        if event.type in (EventType.BLUR, EventType.FOCUS):
            left = event.type is EventType.BLUR
    return left
