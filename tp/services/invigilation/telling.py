"""What processes tell each other of a watched test: who was seen, and whose records have changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from tp.domain.ids import ATTEMPT, TAIL, TEST
from tp.domain.value import Frozen
from tp.services.invigilation.attendance import Attended, Sighting

HEAD = slice(len(ATTEMPT) + 1, len(ATTEMPT) + 1 + TAIL)
"""The part of an attempt's id that is its own: the rest is its test's."""

Seen = tuple[str, float, float, bool | None]
"""The head of an attempt's id, seconds since the epoch at which it was seen and at which it acted, and `away`."""


class Told(Frozen):
    """Both parts name attempts by the heads of their ids."""

    seen: tuple[Seen, ...] = ()
    changed: tuple[str, ...] = ()


def told(sightings: Iterable[tuple[str, Sighting]], changed: Iterable[str]) -> Told:
    """Return what is sent of sightings and changes, by attempts."""
    return Told(
        seen=tuple(
            (id[HEAD], round(s.seen_at.timestamp(), 1), round(s.acted_at.timestamp(), 1), s.away)
            for id, s in sightings
        ),
        changed=tuple(id[HEAD] for id in changed),
    )


def hear(attended: Attended, said: Told) -> None:
    """Take in what another process has sent."""
    tail = attended.test_id.removeprefix(f"{TEST}_")
    attended.hear(
        (
            (f"{ATTEMPT}_{head}{tail}", Sighting(_instant(seen), _instant(acted), away))
            for head, seen, acted, away in said.seen
        ),
        (f"{ATTEMPT}_{head}{tail}" for head in said.changed),
    )


def _instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
