"""Closing what nobody closed: attempts whose time is over, and those whose deadline has moved."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from pydantic import JsonValue

from store.paging import every
from store.port import Entity, Namespace, Query, Range
from tp.clock import Clock
from tp.domain.attempt import AttemptState
from tp.domain.ids import test_of
from tp.domain.value import Frozen
from tp.errors import NotFound
from tp.services.sitting.close import CloseService
from tp.services.steps import Step, Work, each, page_step
from tp.tables import ATTEMPTS, NOTICES, minute

CHUNK = 100
LOOK = 1_000


class Place(Frozen):
    """`below`: the minute before which attempts are looked at, fixed at the beginning."""

    below: int
    cursor: str | None = None
    done: int = 0


class ExpiryService:
    def __init__(self, closing: CloseService, clock: Clock) -> None:
        self._closing = closing
        self._clock = clock

    async def tests_due(self, store: Namespace) -> set[str]:
        """Return the tests of attempts that fell due in a minute that has passed: only keys are read."""
        query = _due(minute(self._clock()), LOOK)
        found = {test_of(entity.key.id) async for entity in every(store, query)}
        return {test_id for test_id in found if test_id is not None}

    def finalise(self, store: Namespace, test_id: str | None = None) -> Work:
        """Return the work of closing every attempt whose time is over, of one test or of all."""

        async def step(at: JsonValue) -> Step:
            now = self._clock()
            place = Place(below=minute(now) + 1) if at is None else Place.model_validate(at)
            page = await store.query(_due(place.below, CHUNK, place.cursor))
            ids = [entity.key.id for entity in page.entities]
            wanted = [id for id in ids if test_id is None or test_of(id) == test_id]
            closed = await each(lambda id: self._closing.expire(store, id, now), wanted)
            done = place.done + sum(attempt.submitted_at is not None for attempt in closed)
            if page.next is None:
                return Step(done)
            behind = place.model_copy(update={"cursor": page.next, "done": done})
            return Step(done, next=behind.model_dump(mode="json"))

        return step

    def retime(self, store: Namespace, test_id: str) -> Work:
        """Return the work of indexing a test's running attempts by when they end now; those that should have ended
        are closed."""
        where = {"test": test_id, "state": AttemptState.IN_PROGRESS}
        query = Query(ATTEMPTS.kind.name, where=where, limit=CHUNK, keys_only=True)

        async def expire(page: Sequence[Entity]) -> int:
            await self._closing.reread(store, test_id)
            await each(lambda key: self._closing.expire(store, key, self._clock()), [e.key.id for e in page])
            return len(page)

        return partial(page_step, store, query, do=expire)

    def heed(self, store: Namespace, id: str) -> Work:
        """Return the work of writing down what a notice changes, in every running attempt that it concerns.

        It is in force before: this is for those who read the record, and for the index that closing goes by.
        """

        async def step(at: JsonValue) -> Step:
            notice = NOTICES.found(await store.get(NOTICES.asked(id)))
            if notice is None:
                raise NotFound(id)
            if notice.attempt_ids is None:
                return await self.retime(store, notice.test_id)(at)
            await self._closing.reread(store, notice.test_id)
            await each(lambda id: self._closing.expire(store, id, self._clock()), notice.attempt_ids)
            return Step(len(notice.attempt_ids))

        return step


def _due(below: int, limit: int, cursor: str | None = None) -> Query:
    return Query(
        ATTEMPTS.kind.name,
        range=Range("due", below=below),
        order_by="due",
        limit=limit,
        cursor=cursor,
        keys_only=True,
    )
