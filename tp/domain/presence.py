"""Who is at work in a sitting, told by what a client sends and when."""

from __future__ import annotations

from collections.abc import Iterable
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
    if now - seen_at > OFFLINE_AFTER:
        return Presence.OFFLINE
    return Presence.IDLE if now - acted_at > IDLE_AFTER else Presence.ONLINE


def left_window(events: Iterable[Event]) -> bool | None:
    """Tell whether the window is left after these events; `None` when they say nothing of it."""
    left = None
    for event in events:
        if event.type in (EventType.BLUR, EventType.FOCUS):
            left = event.type is EventType.BLUR
    return left
