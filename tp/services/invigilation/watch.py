"""Watching a sitting: the overview, and the students behind it."""

from __future__ import annotations

import asyncio
import base64
import binascii
import time
from bisect import bisect_right
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass, field
from datetime import datetime

from store.errors import BadCursor, StoreError
from store.port import Namespace
from tenants.roles import Permission
from tenants.scope import TenantScope
from tp.clock import Clock
from tp.domain.attempt import AttemptState
from tp.domain.presence import Presence
from tp.services.invigilation.attendance import Attendance, Attended
from tp.services.invigilation.overview import Overview, counted
from tp.services.invigilation.register import REFRESH_EVERY, Entry, Register
from tp.services.listing import Listing
from tp.services.people.records import USERS, normal_name
from tp.services.sitting.board import NoticeBoard
from tp.services.tests import RecentTests

WANTED_SECONDS = 60.0
"""For how long a register is kept of which nobody asks."""
PAGE_LIMIT = 100
MAX_MISSED = 60
LOOKUP = 1_000


@dataclass(frozen=True, slots=True)
class Filter:
    """What is `None` leaves all. `search`: part of a name, a login or the institution's own id."""

    states: Collection[AttemptState] | None = None
    presence: Presence | None = None
    away: bool | None = None
    paused: bool | None = None
    search: str | None = None


@dataclass(frozen=True, slots=True)
class Sitter:
    """Somebody at an attempt, or expected and not there: then `entry` is `None`."""

    student_id: str
    entry: Entry | None
    presence: Presence

    @property
    def state(self) -> AttemptState:
        return self.entry.state if self.entry else AttemptState.PREPARED

    @property
    def runs(self) -> bool:
        return self.entry is not None and self.entry.runs

    @property
    def away(self) -> bool:
        return self.entry is not None and self.entry.runs and self.entry.away

    @property
    def paused(self) -> bool:
        return self.entry is not None and self.entry.runs and self.entry.paused

    @property
    def last_seen_at(self) -> datetime | None:
        return self.entry.heard_at if self.entry else None

    @property
    def place(self) -> str:
        return f"{self.student_id}:{self.entry.number if self.entry else 0:06d}"


@dataclass(slots=True)
class _Watched:
    register: Register
    attended: Attended
    asked_at: float
    names: dict[str, str] = field(default_factory=dict)
    overview: Overview | None = None


class WatchService:
    """For whoever may SEE_ATTEMPTS. Raises NotFound, PermissionDenied."""

    def __init__(self, attendance: Attendance, recent: RecentTests, board: NoticeBoard, clock: Clock) -> None:
        self._attendance = attendance
        self._recent = recent
        self._board = board
        self._clock = clock
        self._watched: dict[tuple[str, str], _Watched] = {}

    async def overview(self, scope: TenantScope, test_id: str) -> Overview:
        """Return the counts of a sitting, at most a second old."""
        watched = await self._watch(scope, test_id)
        now = self._clock()
        if watched.overview is None or abs(now - watched.overview.at) >= REFRESH_EVERY:
            watched.overview = Overview(test_id, now, counted(watched.register, now))
        return watched.overview

    async def changes(self, scope: TenantScope, test_id: str) -> AsyncIterator[Overview]:
        """Yield the overview, and again at most once a second whenever a count has changed.

        A store that cannot be reached is tried again every second: raises StoreError after `MAX_MISSED` times.
        """
        last: Overview | None = None
        missed = 0
        while True:
            try:
                overview = await self.overview(scope, test_id)
                missed = 0
                if last is None or overview.counts != last.counts:
                    last = overview
                    yield overview
            except StoreError:
                missed += 1
                if missed >= MAX_MISSED:
                    raise
            await asyncio.sleep(REFRESH_EVERY.total_seconds())

    async def students(
        self, scope: TenantScope, test_id: str, filter: Filter, cursor: str | None, limit: int
    ) -> Listing[Sitter]:
        """Return those who sit or should, in the order of their ids, at most `PAGE_LIMIT` a page.

        Whoever is expected and has no attempt counts as PREPARED. Raises BadCursor.
        """
        watched = await self._watch(scope, test_id)
        now = self._clock()
        sitters = [Sitter(e.student_id, e, e.presence(now)) for e in watched.register.entries.values()]
        begun = {sitter.student_id for sitter in sitters}
        sitters += [Sitter(id, None, Presence.OFFLINE) for id in watched.register.expected if id not in begun]
        found = sorted(filter_by(filter, sitters), key=lambda sitter: sitter.place)
        if filter.search is not None:
            found = await self._named(scope.store, watched, normal_name(filter.search), found)
        places = [sitter.place for sitter in found]
        start = 0 if cursor is None else bisect_right(places, _place(cursor))
        page = tuple(found[start : start + min(limit, PAGE_LIMIT)])
        cursors = tuple(_cursor(sitter.place) for sitter in page)
        return Listing(page, cursors, cursors[-1] if page and start + len(page) < len(found) else None)

    def watched(self) -> list[Attended]:
        """Return the tests that are watched through this process; registers that nobody wants are let go."""
        for name, watched in list(self._watched.items()):
            if time.monotonic() - watched.asked_at > WANTED_SECONDS:
                watched.attended.unwatch()
                del self._watched[name]
        return [watched.attended for watched in self._watched.values()]

    async def _watch(self, scope: TenantScope, test_id: str) -> _Watched:
        scope.require(Permission.SEE_ATTEMPTS)
        watched = self._watched.get((scope.store.name, test_id))
        if watched is None:
            await self._recent.get(scope.store, test_id)
            attended = self._attendance.of(scope.store, test_id)
            attended.watch()
            register = Register(attended, self._recent, self._board, self._clock)
            watched = self._watched.setdefault(
                (scope.store.name, test_id), _Watched(register, attended, time.monotonic())
            )
        watched.asked_at = time.monotonic()
        await watched.register.refresh()
        return watched

    async def _named(self, store: Namespace, watched: _Watched, part: str, sitters: list[Sitter]) -> list[Sitter]:
        unknown = [sitter.student_id for sitter in sitters if sitter.student_id not in watched.names]
        for start in range(0, len(unknown), LOOKUP):
            ids = unknown[start : start + LOOKUP]
            users = await store.get_many([USERS.key(id) for id in ids])
            for id, user in zip(ids, map(USERS.found, users), strict=True):
                told = (user.name, user.login, user.external_id or "") if user else ()
                watched.names[id] = "\n".join(map(normal_name, told))
        return [sitter for sitter in sitters if part in watched.names[sitter.student_id]]


def filter_by(filter: Filter, sitters: list[Sitter]) -> list[Sitter]:
    """Return those who are as the filter says, its search aside."""

    return [
        sitter
        for sitter in sitters
        if (filter.states is None or sitter.state in filter.states)
        and (filter.presence is None or (sitter.runs and sitter.presence is filter.presence))
        and (filter.away is None or sitter.away is filter.away)
        and (filter.paused is None or sitter.paused is filter.paused)
    ]


def _cursor(place: str) -> str:
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def _place(cursor: str) -> str:
    try:
        return base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        raise BadCursor("not a cursor") from None
