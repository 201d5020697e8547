"""Processes without a Redis in common tell each other of watched tests through the store.

Whoever watches keeps a record that says so. While there is one, every process that has anything to do with the
test writes down what it has seen in the last seconds, over what it wrote before, and those who watch read what is
there. A pass is one lookup a tenant while nobody watches.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from store.errors import StoreError
from store.paging import every
from store.port import KEY, Delete, Kind, Mutation, Namespace, Put, Query, Range
from store.records import Table
from tp.clock import Clock
from tp.domain.value import Frozen, Instant
from tp.services.invigilation.attendance import WATCHED_SECONDS, Attendance, Attended, Sighting
from tp.services.invigilation.telling import Told, hear, told
from tp.services.invigilation.watch import WatchService

_log = structlog.stdlib.get_logger("tp.exchange")

PASS_EVERY = timedelta(seconds=2)
WINDOW_SECONDS = 10.0
"""For how long something told stays in the record: longer than two passes of whoever reads it."""
RENEWED_SECONDS = 5.0
FORGOTTEN_AFTER = timedelta(hours=1)
MOST = 15_000
"""Sightings in one record, which stays below a mebibyte."""


class Watch(Frozen):
    """Somebody watches the test; `since`: when the last of them began, knowing nothing."""

    test_id: str
    at: Instant
    since: Instant


class Report(Frozen):
    """What one process tells of a test."""

    test_id: str
    process: str
    at: Instant
    told: Told


WATCHES = Table(Kind("Watch"), Watch, id_of=lambda watch: watch.test_id)
REPORTS = Table(Kind("Attendance"), Report, id_of=lambda report: f"{report.test_id}:{report.process}")
KINDS: tuple[Kind, ...] = (WATCHES.kind, REPORTS.kind)


@dataclass(slots=True)
class _Course:
    """How it stands with one test; the times are of a clock that never steps back."""

    heard_since: Instant | None = None
    watching_since: Instant | None = None
    renewed_at: float = float("-inf")
    seen: dict[str, tuple[float, Sighting]] = field(default_factory=dict)
    changed: dict[str, float] = field(default_factory=dict)


class StoreExchange:
    """`process` names this one; nothing is done while `unneeded`, such as when a Redis carries it."""

    def __init__(
        self,
        attendance: Attendance,
        watching: WatchService,
        process: str,
        clock: Clock,
        unneeded: Callable[[], bool] = lambda: False,
    ) -> None:
        self._attendance = attendance
        self._watching = watching
        self._process = process
        self._clock = clock
        self._unneeded = unneeded
        self._courses: dict[tuple[str, str], _Course] = {}

    async def __call__(self) -> None:
        """Make one pass over all tests that are sat or watched through this process."""
        self._watching.watched()  # lets go what nobody wants any more
        tests = self._attendance.tests()
        names = {(each.store.name, each.test_id) for each in tests}
        self._courses = {name: course for name, course in self._courses.items() if name in names}
        if self._unneeded():
            return
        by_namespace: defaultdict[str, list[Attended]] = defaultdict(list)
        for each in tests:
            by_namespace[each.store.name].append(each)
        for mine in by_namespace.values():
            try:
                await self._pass(mine[0].store, mine)
            except StoreError as error:
                _log.warning("attendance is not told; the next pass tries again", reason=str(error))

    async def _pass(self, store: Namespace, tests: list[Attended]) -> None:
        found = await store.get_many([WATCHES.key(each.test_id) for each in tests])
        writes: list[Mutation] = []
        for each, entity in zip(tests, found, strict=True):
            course = self._courses.setdefault((store.name, each.test_id), _Course())
            watch = WATCHES.found(entity)
            if watch is not None and self._clock() - watch.at < timedelta(seconds=WATCHED_SECONDS):
                each.heard_watching(anew=watch.since != course.heard_since)
                course.heard_since = watch.since
            writes += self._renewed(each, course, watch)
            writes += self._told(each, course)
        if writes:
            await store.commit(writes)
        for each in tests:
            if each.watched_here:
                await self._read(store, each)

    def _renewed(self, each: Attended, course: _Course, watch: Watch | None) -> list[Mutation]:
        """Return the write that says that this process watches, when it is time for it."""
        if not each.watched_here:
            course.watching_since = None
            return []
        now = self._clock()
        began, course.watching_since = course.watching_since is None, course.watching_since or now
        since = max(course.watching_since, watch.since) if watch is not None else course.watching_since
        overwritten = watch is None or watch.since < course.watching_since
        if not (began or overwritten or time.monotonic() - course.renewed_at > RENEWED_SECONDS):
            return []
        course.renewed_at = time.monotonic()
        return [Put(WATCHES.entity(Watch(test_id=each.test_id, at=now, since=since)))]

    def _told(self, each: Attended, course: _Course) -> list[Mutation]:
        """Return the write that tells what was seen here lately, when there is anything new."""
        if not each.watched_elsewhere:
            return []
        now = time.monotonic()
        sightings, changed = each.take()
        course.seen.update({id: (now, sighting) for id, sighting in sightings})
        course.changed.update(dict.fromkeys(changed, now))
        if not sightings and not changed:
            return []
        course.seen = {id: (at, s) for id, (at, s) in course.seen.items() if now - at < WINDOW_SECONDS}
        course.changed = {id: at for id, at in course.changed.items() if now - at < WINDOW_SECONDS}
        newest = list(course.seen.items())[-MOST:]
        said = told(((id, sighting) for id, (_, sighting) in newest), course.changed)
        report = Report(test_id=each.test_id, process=self._process, at=self._clock(), told=said)
        return [Put(REPORTS.entity(report))]

    async def _read(self, store: Namespace, each: Attended) -> None:
        within = Range(KEY, f"{each.test_id}:", f"{each.test_id}:~")
        old: list[Mutation] = []
        async for entity in every(store, Query(REPORTS.kind.name, range=within)):
            report = REPORTS.record(entity)
            if self._clock() - report.at > FORGOTTEN_AFTER:
                old.append(Delete(entity.key))
            elif report.process != self._process:
                hear(each, report.told)
        if old:
            await store.commit(old)
