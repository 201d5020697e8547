"""A store whose answer to a commit is lost: whatever had happened, nothing is lost and nothing is done twice."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import pytest
from depot import Depot

from store.errors import OutcomeUnknown, Unavailable
from store.port import Entity, Key, Mutation, Namespace, Page, Query, Transaction
from taskqueue.contract import TaskRequest, TaskState, Weight

T = TypeVar("T")


class DeafLine:
    """A namespace of which one write gets no answer, after `spared` others; it happens, or does not."""

    def __init__(self, beneath: Namespace) -> None:
        self._beneath = beneath
        self.deaf = False
        self.spared = 0
        self.happens = True

    @property
    def name(self) -> str:
        return self._beneath.name

    async def get(self, key: Key) -> Entity | None:
        return await self._beneath.get(key)

    async def get_many(self, keys: Sequence[Key]) -> list[Entity | None]:
        return await self._beneath.get_many(keys)

    async def query(self, query: Query) -> Page:
        return await self._beneath.query(query)

    async def count(self, query: Query) -> int:
        return await self._beneath.count(query)

    async def commit(self, mutations: Sequence[Mutation]) -> None:
        lost = self._is_lost()
        if not lost or self.happens:
            await self._beneath.commit(mutations)
        if lost:
            raise OutcomeUnknown("no answer")

    async def transact(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        lost = self._is_lost()
        if not lost:
            return await self._beneath.transact(work)
        if self.happens:
            await self._beneath.transact(work)
        raise OutcomeUnknown("no answer")

    def _is_lost(self) -> bool:
        if self.deaf and self.spared:
            self.spared -= 1
            return False
        lost, self.deaf = self.deaf, False
        return lost


@pytest.fixture
def line(depot: Depot) -> DeafLine:
    return DeafLine(depot.records)


@pytest.fixture
def deaf(depot: Depot, line: DeafLine) -> Depot:
    opened = Depot(depot.store, line, depot.ring)
    opened.clock, opened.bell = depot.clock, depot.bell
    return opened


@pytest.mark.parametrize("key", [None, "outbox-1"])
async def test_a_post_that_happened_unheard_is_answered_as_posted(deaf: Depot, line: DeafLine, key: str | None):
    request = TaskRequest(type="demo.note", tenant="oakwood", payload={"text": "x"}, idempotency_key=key)
    line.deaf = True
    task, created = await deaf.queue.post(request, deaf.clock.now)
    assert created
    assert await deaf.task(task.id) == task
    assert len((await deaf.queue.page(tenant=None)).tasks) == 1


async def test_a_post_that_did_not_happen_is_not_answered_as_posted(deaf: Depot, line: DeafLine):
    line.deaf, line.happens = True, False
    with pytest.raises(Unavailable):
        await deaf.post(idempotency_key="outbox-1", payload={"text": "x"})
    assert (await deaf.post(idempotency_key="outbox-1", payload={"text": "x"})).state is TaskState.QUEUED


async def test_a_claim_that_happened_unheard_is_worked_on(deaf: Depot, line: DeafLine):
    task = await deaf.post()
    line.deaf = True
    picked = await deaf.picked()
    assert (picked.id, picked.attempts) == (task.id, 1)


async def test_a_claim_that_did_not_happen_is_not_worked_on_until_it_does(deaf: Depot, line: DeafLine):
    task = await deaf.post()
    line.deaf, line.happens = True, False
    picked = await deaf.picked()
    assert (picked.id, picked.attempts) == (task.id, 1)


async def test_an_end_that_happened_unheard_is_not_recorded_again(deaf: Depot, line: DeafLine):
    task = await deaf.post(callback={"url": "http://hooks.example.org/"})
    await deaf.picked()
    line.deaf = True
    with pytest.raises(OutcomeUnknown):
        await deaf.picker().end_ok(task.id, "worker", 1, deaf.clock.now)
    assert await deaf.picker().end_ok(task.id, "worker", 2, deaf.clock.now) is None
    assert (await deaf.task(task.id)).result == 1
    assert len((await deaf.queue.page(tenant=None, type="taskqueue.callback")).tasks) == 1


@pytest.mark.parametrize("happens", [True, False])
@pytest.mark.parametrize("spared", [0, 1])
async def test_a_sweep_that_failed_halfway_is_made_good_by_the_next(
    deaf: Depot, line: DeafLine, spared: int, happens: bool
):
    task = await deaf.post()
    await deaf.picked()
    deaf.clock.advance(seconds=60)
    line.deaf, line.spared, line.happens = True, spared, happens
    with pytest.raises(OutcomeUnknown):
        await deaf.sweeper().sweep(deaf.clock.now)
    for _ in range(2):
        deaf.clock.advance(seconds=60)
        await deaf.sweeper().sweep(deaf.clock.now)
    again = await deaf.picker().pick(Weight.SHORT, "other", deaf.clock.now)
    assert again is not None
    assert (again.id, again.attempts) == (task.id, 2)
