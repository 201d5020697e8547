"""What a sweep makes good: delayed tasks, lost workers, lost rings; by two at once without harm."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta

from depot import LEAD, LEASE_SECONDS, Depot

from taskqueue.contract import ErrorCode, TaskState, Weight
from taskqueue.tables import TASKS


async def test_a_delayed_task_is_run_when_its_instant_has_come_and_not_before(any_depot: Depot):
    depot = any_depot
    task = await depot.post(run_at=depot.clock.now + timedelta(seconds=30.5))
    depot.clock.advance(seconds=30)
    await depot.sweeper().sweep(depot.clock.now)
    assert await depot.picker().pick(Weight.SHORT, "worker", depot.clock.now) is None
    assert not depot.bell.rung

    depot.clock.advance(seconds=0.5)
    swept = await depot.sweeper().sweep(depot.clock.now)
    assert swept is not None
    assert (swept.promoted, swept.rung, swept.more) == (1, 1, False)
    assert (await depot.picked()).id == task.id


async def test_a_delayed_task_comes_behind_what_waited_before_it_became_due(any_depot: Depot):
    depot = any_depot
    delayed = await depot.post(run_at=depot.clock.now + timedelta(seconds=5))
    depot.clock.advance(seconds=1)
    waiting = await depot.post()
    depot.clock.advance(seconds=5)
    await depot.sweeper().sweep(depot.clock.now)
    assert [(await depot.picked()).id for _ in range(2)] == [waiting.id, delayed.id]


async def test_a_cancelled_delayed_task_stays_cancelled(any_depot: Depot):
    depot = any_depot
    task = await depot.post(run_at=depot.clock.now + timedelta(seconds=5))
    await depot.queue.cancel(task.id, Everyone(), depot.clock.now)
    depot.clock.advance(seconds=6)
    await depot.sweeper().sweep(depot.clock.now)
    assert (await depot.task(task.id)).state is TaskState.CANCELLED


async def test_an_expired_lease_returns_the_task_and_counts_the_attempt(any_depot: Depot):
    depot = any_depot
    task = await depot.post()
    await depot.picked()
    depot.clock.advance(seconds=LEASE_SECONDS - 0.001)
    await depot.sweeper().sweep(depot.clock.now)
    assert (await depot.task(task.id)).state is TaskState.RUNNING

    depot.clock.advance(seconds=0.001)
    swept = await depot.sweeper().sweep(depot.clock.now)
    assert swept is not None
    assert swept.returned == 1
    returned = await depot.task(task.id)
    assert (returned.state, returned.attempts) == (TaskState.QUEUED, 1)
    assert returned.error is not None
    assert returned.error.code is ErrorCode.WORKER_LOST


async def test_a_poison_task_ends_as_failed_and_its_owner_is_told(any_depot: Depot):
    depot = any_depot
    task = await depot.post(callback={"url": "http://hooks.example.org/"})
    for _ in range(3):
        assert (await depot.picked()).id == task.id
        depot.clock.advance(seconds=LEASE_SECONDS)
        await depot.sweeper().sweep(depot.clock.now)
        depot.clock.advance(seconds=10)
        await depot.sweeper().sweep(depot.clock.now)
    dead = await depot.task(task.id)
    assert (dead.state, dead.attempts) == (TaskState.FAILED, 3)
    assert (await depot.picked()).type == "taskqueue.callback"


async def test_a_cancelled_task_whose_worker_is_lost_is_cancelled(depot: Depot):
    task = await depot.post()
    await depot.picked()
    await depot.queue.cancel(task.id, Everyone(), depot.clock.now)
    depot.clock.advance(seconds=LEASE_SECONDS)
    await depot.sweeper().sweep(depot.clock.now)
    assert (await depot.task(task.id)).state is TaskState.CANCELLED


async def test_as_many_rings_are_made_good_as_were_lost(depot: Depot):
    for _ in range(5):
        await depot.post()
    await depot.post(type="demo.report")
    for lying, short, heavy in [(0, 5, 1), (2, 3, 0), (5, 0, 0), (9, 0, 0), (None, 5, 1)]:
        depot.bell.rung.clear()
        depot.bell.lying = lying
        await depot.sweeper().sweep(depot.clock.now)
        assert (depot.bell.rung[Weight.SHORT], depot.bell.rung[Weight.HEAVY]) == (short, heavy)


async def test_one_process_holds_the_lead_until_it_is_silent_or_resigns(any_depot: Depot):
    depot = any_depot
    first, second = depot.sweeper("first"), depot.sweeper("second")
    assert await first.sweep(depot.clock.now) is not None
    assert await second.sweep(depot.clock.now) is None
    depot.clock.advance(seconds=LEAD.total_seconds() / 2)
    assert await first.sweep(depot.clock.now) is not None
    depot.clock.advance(seconds=LEAD.total_seconds() / 2)
    assert await second.sweep(depot.clock.now) is None
    depot.clock.advance(seconds=LEAD.total_seconds())
    assert await second.sweep(depot.clock.now) is not None
    await first.resign()  # of a lead that it lost: nothing happens
    assert await first.sweep(depot.clock.now) is None
    await second.resign()
    assert await first.sweep(depot.clock.now) is not None


async def test_two_sweeps_at_once_do_each_thing_once(any_depot: Depot):
    depot = any_depot
    lost = [await depot.post(callback={"url": "http://hooks.example.org/"}, max_attempts=1) for _ in range(12)]
    for number in range(12):
        await depot.picked(owner=f"worker-{number}")
    delayed = [await depot.post("elmfield", run_at=depot.clock.now + timedelta(seconds=1)) for _ in range(12)]
    depot.clock.advance(seconds=LEASE_SECONDS)
    # One owner: each believes that it holds the lead.
    await asyncio.gather(*(depot.sweeper("same").sweep(depot.clock.now) for _ in range(3)))
    await depot.sweeper("same").sweep(depot.clock.now)

    for task in lost:
        ended = await depot.task(task.id)
        assert (ended.state, ended.attempts) == (TaskState.FAILED, 1)
    for task in delayed:
        assert (await depot.task(task.id)).rank is not None
    tasks = (await depot.queue.page(tenant=None)).tasks
    assert Counter(task.type for task in tasks) == {"demo.note": 24, "taskqueue.callback": 12}


async def test_a_pass_is_bounded_and_says_that_there_is_more(depot: Depot):
    for _ in range(25):
        await depot.post(run_at=depot.clock.now + timedelta(seconds=1))
    depot.clock.advance(seconds=2)
    passes = [await depot.sweeper(most=12).sweep(depot.clock.now) for _ in range(3)]
    assert [(swept.promoted, swept.more) for swept in passes if swept] == [(12, True), (12, True), (1, False)]


async def test_what_is_over_is_deleted_after_a_while_and_what_was_retried_is_not(any_depot: Depot):
    depot, everyone = any_depot, Everyone()
    over, again, waiting = [await depot.post(idempotency_key=key) for key in ("over", "again", "waiting")]
    for task in (over, again):
        await depot.queue.cancel(task.id, everyone, depot.clock.now)
    depot.clock.advance(days=29)
    young = await depot.post()
    await depot.queue.cancel(young.id, everyone, depot.clock.now)
    early = await depot.sweeper().sweep(depot.clock.now)
    await depot.queue.retry(again.id, everyone, depot.clock.now)

    depot.clock.advance(days=2)
    swept = await depot.sweeper().sweep(depot.clock.now)

    assert (early and early.pruned, swept and swept.pruned) == (0, 1)
    left = {task.id for task in (await depot.queue.page(tenant=None)).tasks}
    assert left == {again.id, waiting.id, young.id}
    assert (await depot.post(idempotency_key="over")).state is TaskState.QUEUED


async def test_deleting_is_bounded_too_and_says_that_there_is_more(depot: Depot):
    for _ in range(15):
        task = await depot.post()
        await depot.queue.cancel(task.id, Everyone(), depot.clock.now)
    depot.clock.advance(days=31)
    passes = [await depot.sweeper(most=12).sweep(depot.clock.now) for _ in range(2)]
    assert [(swept.pruned, swept.more) for swept in passes if swept] == [(12, True), (3, False)]


async def test_records_that_went_through_a_sweep_are_whole(depot: Depot):
    task = await depot.post(run_at=depot.clock.now + timedelta(seconds=1), payload={"text": "é" * 1_000})
    depot.clock.advance(seconds=2)
    await depot.sweeper().sweep(depot.clock.now)
    after = await depot.task(task.id)
    assert after.model_copy(update={"rank": None}) == task
    assert TASKS.record(TASKS.entity(after)) == after


class Everyone:
    def covers(self, _: str) -> bool:
        return True
