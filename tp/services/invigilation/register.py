"""The register of a watched test: one small entry for each attempt, from which all that is told is added up.

It is built from the store when somebody begins to watch. From then on the attempts that requests have begun or
closed are read by their keys, and every `SCAN_EVERY` the keys of each state are read, in case that something
went by unheard: a process that died, a worker that closed attempts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from store.paging import every
from store.port import Query
from tenants.roles import Role
from tp.clock import Clock
from tp.domain.attempt import Attempt, AttemptState
from tp.domain.notices import Notice, NoticeKind
from tp.domain.presence import Presence, presence
from tp.domain.test import Test
from tp.services.invigilation.attendance import Attended
from tp.services.people.records import USERS
from tp.services.sitting.assignment import group_of
from tp.services.sitting.board import NoticeBoard, Posted
from tp.services.tests import RecentTests
from tp.tables import ASSIGNMENTS, ATTEMPTS

REFRESH_EVERY = timedelta(seconds=1)
SCAN_EVERY = timedelta(seconds=15)
ROSTER_EVERY = timedelta(seconds=60)
PAGE = 1_000


@dataclass(slots=True)
class Entry:
    """`began_in`, `ended_in`: minutes. `seen_at`, `acted_at`: by which it is present; `heard_at`: when something
    came, as far as is known. `away`: the window is left."""

    id: str
    student_id: str
    number: int
    state: AttemptState
    runs: bool
    started_at: datetime | None
    began_in: datetime | None
    ended_in: datetime | None
    paused: bool
    seen_at: datetime
    acted_at: datetime
    heard_at: datetime | None = None
    away: bool = False

    def presence(self, now: datetime) -> Presence:
        return presence(self.seen_at, self.acted_at, now) if self.runs else Presence.OFFLINE


class Register:
    """Entries by attempt, and who is expected. `refresh` before use."""

    def __init__(self, attended: Attended, recent: RecentTests, board: NoticeBoard, clock: Clock) -> None:
        self._attended = attended
        self._recent = recent
        self._board = board
        self._clock = clock
        self._since = clock()
        self._refreshing: asyncio.Task[None] | None = None
        self._refreshed_at = self._scanned_at = self._rostered_at = datetime.min.replace(tzinfo=UTC)
        self._heeded = 0
        self.entries: dict[str, Entry] = {}
        self.expected: frozenset[str] = frozenset()

    async def refresh(self) -> None:
        """Bring it up to date, at most once in `REFRESH_EVERY`; those who ask at once share the work."""
        if abs(self._clock() - self._refreshed_at) < REFRESH_EVERY:
            return
        if self._refreshing is None:
            self._refreshing = asyncio.create_task(self._refresh())
        await asyncio.shield(self._refreshing)

    async def _refresh(self) -> None:
        began = self._clock()
        try:
            store, test_id = self._attended.store, self._attended.test_id
            test = await self._recent.get(store, test_id)
            posted = await self._board.of(store, test_id)
            if abs(began - self._rostered_at) >= ROSTER_EVERY:
                self.expected = frozenset(await self._roster())
                self._rostered_at = began
            changed, self._attended.changed = self._attended.changed, set()
            if abs(began - self._scanned_at) >= SCAN_EVERY:
                changed |= await self._scan()
                self._scanned_at = began
            self._heed(posted)
            await self._read(test, posted, changed)
            self._see()
            self._refreshed_at = began
        finally:
            self._refreshing = None

    async def _scan(self) -> set[str]:
        """Return the attempts that are stored in a state in which they are not here: keys alone are read."""
        stored: dict[str, AttemptState] = {}
        for state in AttemptState:
            where = {"test": self._attended.test_id, "state": state}
            query = Query(ATTEMPTS.kind.name, where=where, limit=PAGE, keys_only=True)
            async for entity in every(self._attended.store, query):
                stored[entity.key.id] = state
        return {
            id for id, state in stored.items() if id not in self.entries or self.entries[id].state is not state
        }

    async def _read(self, test: Test, posted: Posted, ids: Collection[str]) -> None:
        wanted = list(ids)
        for start in range(0, len(wanted), PAGE):
            found = await self._attended.store.get_many([ATTEMPTS.key(id) for id in wanted[start : start + PAGE]])
            for entity in found:
                if entity is not None:
                    self._enter(posted.heeded(test, ATTEMPTS.record(entity)))

    def _enter(self, attempt: Attempt) -> None:
        before = self.entries.get(attempt.id)
        # Whoever has not been heard of since the register was opened is given the time to be.
        seen_at = before.seen_at if before else max(attempt.started_at or self._since, self._since)
        self.entries[attempt.id] = Entry(
            id=attempt.id,
            student_id=attempt.student_id,
            number=attempt.number,
            state=attempt.state,
            runs=attempt.state is AttemptState.IN_PROGRESS,
            started_at=attempt.started_at,
            began_in=_minute(attempt.started_at),
            ended_in=_minute(attempt.submitted_at),
            paused=attempt.paused,
            seen_at=seen_at,
            acted_at=before.acted_at if before else seen_at,
            heard_at=before.heard_at if before else None,
            away=before.away if before else False,
        )

    def _see(self) -> None:
        unread, self._attended.unread = self._attended.unread, set()
        for id in unread:
            entry, sighting = self.entries.get(id), self._attended.sightings[id]
            if entry is None:
                self._attended.unread.add(id)  # heard of before it was read
            else:
                entry.heard_at = sighting.seen_at
                entry.seen_at = max(entry.seen_at, sighting.seen_at)
                entry.acted_at = max(entry.acted_at, sighting.acted_at)
                entry.away = entry.away if sighting.away is None else sighting.away

    def _heed(self, posted: Posted) -> None:
        """Take in pauses; how long a notice lasts is left to the attempts, which are read when they end."""
        for notice in posted.after(self._heeded):
            if notice.kind in (NoticeKind.PAUSED, NoticeKind.RESUMED):
                for entry in self._concerned(notice):
                    entry.paused = notice.kind is NoticeKind.PAUSED
        self._heeded = posted.last

    def _concerned(self, notice: Notice) -> Iterable[Entry]:
        named = self.entries.values() if notice.attempt_ids is None else map(self.entries.get, notice.attempt_ids)
        for entry in named:
            if entry is not None and entry.runs and entry.started_at is not None and entry.started_at <= notice.at:
                yield entry

    async def _roster(self) -> set[str]:
        """Return the students to whom the test is assigned, themselves or through a group."""
        store, expected = self._attended.store, set[str]()
        query = Query(ASSIGNMENTS.kind.name, where={"test": self._attended.test_id}, limit=PAGE)
        async for entity in every(store, query):
            subject = ASSIGNMENTS.record(entity).subject
            group = group_of(subject)
            if group is None:
                expected.add(subject)
                continue
            members = {"groups": group, "roles": Role.STUDENT}
            users = Query(USERS.kind.name, where=members, limit=PAGE, keys_only=True)
            expected.update([user.key.id async for user in every(store, users)])
        return expected


def _minute(at: datetime | None) -> datetime | None:
    return None if at is None else at.replace(second=0, microsecond=0)
