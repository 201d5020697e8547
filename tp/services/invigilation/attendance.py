"""Attendance: what the requests of this process tell of who is there, and what other processes have told of it.

It is kept in memory alone. A request costs an entry in a dictionary; nothing is told to other processes while
nobody watches a test.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from store.port import Namespace
from tp.domain.attempt import Attempt
from tp.domain.events import Event
from tp.domain.presence import left_window

KEPT_SECONDS = 3600.0
"""For how long a test is remembered of which nothing comes."""
WATCHED_SECONDS = 15.0
"""For how long others are believed to watch after they have said so."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """When something last came of an attempt, and an event; `away`: the window is left, `None`: not known."""

    seen_at: datetime
    acted_at: datetime
    away: bool | None = None

    def merged(self, other: Sighting) -> Sighting:
        """Return what both tell; of what they tell differently, the later, at the same instant `other`."""
        later, earlier = (other, self) if other.acted_at >= self.acted_at else (self, other)
        return Sighting(
            max(self.seen_at, other.seen_at), later.acted_at, earlier.away if later.away is None else later.away
        )


@dataclass(slots=True)
class Attended:
    """One test. `unsaid`: attempts of which others have not been told; `unread`: that whoever watches here has not
    looked at since they were seen; `changed`: whose records are to be read.

    `watched_here`: somebody watches through this process; the instants are of a clock that never steps back.
    """

    store: Namespace
    test_id: str
    sightings: dict[str, Sighting] = field(default_factory=dict)
    unsaid: set[str] = field(default_factory=set)
    unsaid_changed: set[str] = field(default_factory=set)
    unread: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    watched_here: bool = False
    watched_until: float = float("-inf")
    touched_at: float = field(default_factory=time.monotonic)

    @property
    def watched_elsewhere(self) -> bool:
        return time.monotonic() < self.watched_until

    def see(self, attempt_id: str, sighting: Sighting) -> None:
        before = self.sightings.get(attempt_id)
        self.sightings[attempt_id] = sighting if before is None else before.merged(sighting)
        if self.watched_here:
            self.unread.add(attempt_id)

    def watch(self) -> None:
        """Let somebody watch here from now on."""
        self.watched_here = True
        self.unread.update(self.sightings)

    def unwatch(self) -> None:
        self.watched_here = False
        self.unread.clear()
        self.changed.clear()

    def hear(self, sightings: Iterable[tuple[str, Sighting]], changed: Iterable[str]) -> None:
        """Take in what another process has told."""
        for attempt_id, sighting in sightings:
            self.see(attempt_id, sighting)
        if self.watched_here:
            self.changed.update(changed)

    def take(self) -> tuple[list[tuple[str, Sighting]], list[str]]:
        """Return what others have not been told, which they are now."""
        told = [(id, self.sightings[id]) for id in self.unsaid], list(self.unsaid_changed)
        self.unsaid.clear()
        self.unsaid_changed.clear()
        return told

    def heard_watching(self, anew: bool) -> None:
        """Know that another process watches; `anew`: it knows nothing yet."""
        if anew:
            self.unsaid.update(self.sightings)
        self.watched_until = time.monotonic() + WATCHED_SECONDS


class Attendance:
    """All tests that are sat through this process or watched through it."""

    def __init__(self) -> None:
        self._tests: dict[tuple[str, str], Attended] = {}

    def came(self, store: Namespace, attempt: Attempt, at: datetime, events: Sequence[Event] = ()) -> None:
        """Note that something came of an attempt, with these events."""
        of_test = self.of(store, attempt.test_id)
        before = of_test.sightings.get(attempt.id)
        acted_at = at if events or before is None else before.acted_at
        of_test.see(attempt.id, Sighting(at, acted_at, left_window(events)))
        of_test.unsaid.add(attempt.id)

    def changed(self, store: Namespace, attempt: Attempt) -> None:
        """Note that an attempt was begun or closed here."""
        of_test = self.of(store, attempt.test_id)
        of_test.unsaid_changed.add(attempt.id)
        if of_test.watched_here:
            of_test.changed.add(attempt.id)

    def of(self, store: Namespace, test_id: str) -> Attended:
        of_test = self._tests.get((store.name, test_id))
        if of_test is None:
            of_test = self._tests[store.name, test_id] = Attended(store, test_id)
        of_test.touched_at = time.monotonic()
        return of_test

    def known(self, namespace: str, test_id: str) -> Attended | None:
        """Return what is known of a test, `None` for one with which this process has nothing to do."""
        return self._tests.get((namespace, test_id))

    def tests(self) -> list[Attended]:
        """Return the tests that were of interest lately; the others are forgotten."""
        now = time.monotonic()
        for name, of_test in list(self._tests.items()):
            if now - of_test.touched_at > KEPT_SECONDS and not of_test.watched_here:
                del self._tests[name]
        return list(self._tests.values())
