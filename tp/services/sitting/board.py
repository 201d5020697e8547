"""The notice board: every process's copy of the notices of the tests that are sat through it.

A test's notices are numbered without gaps, so the key of the next one is known: a process that has all of them
asks for that one key, of all its tests at once, and mostly finds nothing. It looks every second while a test is
sat; a copy older than `FRESH_SECONDS` is never gone by. So a save asks for nothing, and what a notice
changes is in force in every process within `FRESH_SECONDS`.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Sequence
from datetime import timedelta
from heapq import merge

from store.errors import AlreadyExists, Conflict
from store.paging import every
from store.port import KEY, Entity, Insert, Key, Mutation, Namespace, Query, Range
from tp.domain.attempt import Attempt
from tp.domain.deadline import Timing
from tp.domain.ids import notice_id
from tp.domain.notices import Notice, heed
from tp.domain.test import Test
from tp.tables import NOTICES

FRESH_SECONDS = 2.0
LOOK_EVERY = timedelta(seconds=1)
FOLLOWED_SECONDS = 120.0
"""For how long a test is looked after that nobody here has asked about."""
PAGE = 100
MAX_RUNS = 20
"""How often a notice is numbered anew because another process took its number."""

Ring = Callable[[str, str], None]
"""Tells other processes that a notice was posted: by namespace and test."""


class Posted:
    """A test's notices, in the order of their numbers."""

    def __init__(self) -> None:
        self.last = 0
        self._all: list[Notice] = []
        self._to_all: list[Notice] = []
        self._to_some: defaultdict[str, list[Notice]] = defaultdict(list)

    def add(self, notice: Notice) -> None:
        if notice.number != self.last + 1:
            return
        self.last = notice.number
        self._all.append(notice)
        if notice.attempt_ids is None:
            self._to_all.append(notice)
        for id in notice.attempt_ids or ():
            self._to_some[id].append(notice)

    def concerning(self, attempt: Attempt) -> list[Notice]:
        """Return the notices that are about an attempt."""
        named = self._to_some.get(attempt.id, [])
        both = merge(self._to_all, named, key=lambda notice: notice.number)
        return [notice for notice in both if notice.concerns(attempt)]

    def heeded(self, test: Test, attempt: Attempt) -> Attempt:
        """Return an attempt as the notices change it."""
        if self.last <= attempt.heeded:
            return attempt
        return heed(Timing.of(test), attempt, self.concerning(attempt), self.last)

    def requested(self, by: str, request_id: str | None) -> Notice | None:
        """Return the notice that the same request has posted."""
        if request_id is None:
            return None
        return next((notice for notice in self._all if (notice.by, notice.request_id) == (by, request_id)), None)

    def after(self, number: int) -> list[Notice]:
        """Return all notices after one."""
        return self._all[number:]


class _Copy:
    """One test's notices as this process last saw them; the times are of a clock that never steps back."""

    def __init__(self, store: Namespace, test_id: str) -> None:
        self.store = store
        self.test_id = test_id
        self.posted = Posted()
        self.looked_at = float("-inf")
        self.asked_at = time.monotonic()
        self.looking: asyncio.Task[None] | None = None
        self.posting = asyncio.Lock()

    @property
    def age(self) -> float:
        return time.monotonic() - self.looked_at

    @property
    def next(self) -> Key:
        return NOTICES.key(notice_id(self.test_id, self.posted.last + 1))


class NoticeBoard:
    """Copies of the notices of the tests asked for last, bounded in number."""

    def __init__(self, size: int = 256) -> None:
        self._size = size
        self._copies: OrderedDict[tuple[str, str], _Copy] = OrderedDict()
        self.ring: Ring = lambda namespace, test_id: None

    def held(self, store: Namespace, test_id: str) -> Posted | None:
        """Return a test's notices when a fresh copy is in the process, without a read."""
        copy = self._copies.get((store.name, test_id))
        if copy is None:
            return None
        copy.asked_at = time.monotonic()
        return copy.posted if copy.age <= FRESH_SECONDS else None

    def next(self, store: Namespace, test_id: str) -> Key:
        """Return the key to add to a lookup that is made anyway; what is found there is given to `saw`.

        Nothing is kept of a test yet of which it is not known that there is one.
        """
        copy = self._copies.get((store.name, test_id))
        return NOTICES.asked(notice_id(test_id, 1)) if copy is None else copy.next

    async def saw(self, store: Namespace, test_id: str, key: Key, found: Entity | None) -> Posted:
        """Take in what a lookup of `key`, as `next` told it, has found; read on when there is more."""
        copy = self._copy(store, test_id)
        if found is not None:
            return await self.of(store, test_id, within=0)
        if key == copy.next:
            copy.looked_at = time.monotonic()
        return copy.posted

    async def of(self, store: Namespace, test_id: str, within: float = FRESH_SECONDS) -> Posted:
        """Return a test's notices as they were at most `within` seconds ago; askers at once share a look."""
        copy = self._copy(store, test_id)
        if copy.age > within:
            if copy.looking is None:
                copy.looking = asyncio.create_task(self._look(copy))
            await asyncio.shield(copy.looking)
        return copy.posted

    async def look(self) -> None:
        """Look after every test that was asked for lately, with one lookup a namespace; forget the others."""
        now = time.monotonic()
        for name, copy in list(self._copies.items()):
            if now - copy.asked_at > FOLLOWED_SECONDS and not copy.posting.locked():
                del self._copies[name]
        by_namespace: defaultdict[str, list[_Copy]] = defaultdict(list)
        for copy in self._copies.values():
            by_namespace[copy.store.name].append(copy)
        for copies in by_namespace.values():
            keys = [copy.next for copy in copies]
            found = await copies[0].store.get_many(keys)
            for copy, key, entity in zip(copies, keys, found, strict=True):
                await self.saw(copy.store, copy.test_id, key, entity)

    async def rung(self, namespace: str, test_id: str) -> None:
        """Look at once: another process has posted a notice."""
        copy = self._copies.get((namespace, test_id))
        if copy is not None:
            await self.of(copy.store, test_id, within=0)

    async def post(
        self, store: Namespace, test_id: str, make: Callable[[Posted], tuple[Notice, Sequence[Mutation]]]
    ) -> Notice:
        """Number a notice and commit it with other writes; `make` is given those before it.

        Returns the one that the same request posted before, if it did. Raises Conflict when others are always
        quicker, and what `make` and the commit raise.
        """
        copy = self._copy(store, test_id)
        async with copy.posting:
            for _ in range(MAX_RUNS):
                notice, others = make(await self.of(store, test_id, within=0))
                same = copy.posted.requested(notice.by, notice.request_id)
                if same is not None:
                    return same
                try:
                    await store.commit([Insert(NOTICES.entity(notice)), *others])
                except AlreadyExists:
                    continue
                copy.posted.add(notice)
                self.ring(store.name, test_id)
                return notice
        raise Conflict(MAX_RUNS)

    async def _look(self, copy: _Copy) -> None:
        began = time.monotonic()
        try:
            if await copy.store.get(copy.next) is not None:
                within = Range(KEY, copy.next.id, notice_id(copy.test_id, 999_999))
                async for entity in every(copy.store, Query(NOTICES.kind.name, range=within, limit=PAGE)):
                    copy.posted.add(NOTICES.record(entity))
            copy.looked_at = began
        finally:
            copy.looking = None

    def _copy(self, store: Namespace, test_id: str) -> _Copy:
        copy = self._copies.get((store.name, test_id))
        if copy is None:
            copy = self._copies[store.name, test_id] = _Copy(store, test_id)
            while len(self._copies) > self._size:
                self._copies.popitem(last=False)
        copy.asked_at = time.monotonic()
        self._copies.move_to_end((store.name, test_id))
        return copy
