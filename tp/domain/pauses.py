"""When the clock of an attempt stood."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from tp.domain.attempt import Pause


def standstills(pauses: Iterable[Pause], since: datetime, now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield the times from `since` on that were in a pause, in their order; overlapping pauses count once, an open
    one until `now`."""
    stood_until = since
    for pause in sorted(pauses, key=lambda pause: pause.began_at):
        began, ended = max(pause.began_at, stood_until), pause.ended_at or now
        if ended > began:
            yield began, ended
            stood_until = ended
