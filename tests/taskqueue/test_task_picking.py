"""Picking, keeping and ending tasks, on every store: in turn by tenant, and each end exactly once."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta

from depot import LEASE_SECONDS, NOON, Depot

from store.port import Insert
from taskqueue.contract import ErrorCode, Progress, TaskError, TaskState, Weight
from taskqueue.tables import TASKS, Task

BOOM = TaskError(code=ErrorCode.RAISED, message="boom", traceback_id="tb-1", at=NOON)


async def test_a_task_goes_from_post_to_success(any_depot: Depot):
    depot, picker = any_depot, any_depot.picker()
    posted = await depot.post()
    task = await picker.pick(Weight.SHORT, "worker", depot.clock.now)
    assert task is not None
    assert (task.id, task.state, task.attempts) == (posted.id, TaskState.RUNNING, 1)
    assert await picker.pick(Weight.SHORT, "worker", depot.clock.now) is None

    depot.clock.advance(seconds=5)
    progress = Progress(done=1, total=2, message="half")
    renewed = await picker.renew(task.id, "worker", depot.clock.now, progress=progress, checkpoint=[1])
    assert renewed is not None
    assert renewed.lease is not None
    assert renewed.lease.until == depot.clock.now + timedelta(seconds=LEASE_SECONDS)

    await picker.end_ok(task.id, "worker", {"pages": 3}, depot.clock.now)
    ended = await depot.task(task.id)
    assert (ended.state, ended.result, ended.lease) == (TaskState.SUCCEEDED, {"pages": 3}, None)
    assert (ended.progress, ended.checkpoint, ended.finished_at) == (progress, [1], depot.clock.now)


async def test_an_empty_queue_gives_nothing(any_depot: Depot):
    await any_depot.post(type="demo.report")
    assert await any_depot.picker().pick(Weight.SHORT, "worker", any_depot.clock.now) is None


async def test_one_task_among_ten_thousand_of_another_tenant_is_picked_within_two(depot: Depot):
    template = await depot.post("aaa")
    crowd = [template.model_copy(update={"id": f"tsk_{number:05}"}) for number in range(9_999)]
    for start in range(0, len(crowd), 500):
        await depot.records.commit([Insert(TASKS.entity(task)) for task in crowd[start : start + 500]])
    for tenant in ("bbb", "a", "zzz"):
        alone = await depot.post(tenant)
        picker = depot.picker()
        picked = [await picker.pick(Weight.SHORT, "worker", depot.clock.now) for _ in range(2)]
        assert alone.id in [task.id for task in picked if task is not None]


async def test_tenants_take_turns(any_depot: Depot):
    depot, picker = any_depot, any_depot.picker()
    for tenant in ("a", "a-b", "a0", "ab"):
        for _ in range(3):
            await depot.post(tenant)
    turns = []
    while (task := await picker.pick(Weight.SHORT, "worker", depot.clock.now)) is not None:
        turns.append(task.tenant)
    rounds = [turns[start : start + 4] for start in range(0, len(turns), 4)]
    assert len(rounds) == 3
    assert all(set(each) == {"a", "a-b", "a0", "ab"} for each in rounds)


async def test_within_a_tenant_priority_goes_first_and_then_who_came_first(any_depot: Depot):
    depot, picker = any_depot, any_depot.picker()
    posted = []
    for priority in (5, 0, 9, 5, 9):
        posted.append(await depot.post(priority=priority))
        depot.clock.advance(milliseconds=2)
    picked = [await picker.pick(Weight.SHORT, "worker", depot.clock.now) for _ in posted]
    assert [task.id for task in picked if task] == [posted[index].id for index in (2, 4, 0, 3, 1)]


async def test_a_failed_attempt_waits_longer_each_time_and_the_last_is_kept_with_its_error(any_depot: Depot):
    depot = any_depot
    task = await depot.post()
    for attempt, jitter, wait in [(1, 0.0, 2.0), (2, 1.0, 2.0), (3, 0.5, None)]:
        picker = depot.picker(jitter)
        picked = await picker.pick(Weight.SHORT, "worker", depot.clock.now)
        assert picked is not None
        assert picked.attempts == attempt
        await picker.end_failed(task.id, "worker", BOOM, depot.clock.now)
        failed = await depot.task(task.id)
        assert failed.error == BOOM
        if wait is not None:
            assert failed.state is TaskState.QUEUED
            assert failed.run_at == depot.clock.now + timedelta(seconds=wait)
            depot.clock.advance(seconds=wait)
            await depot.sweeper().sweep(depot.clock.now)
    assert (failed.state, failed.finished_at) == (TaskState.FAILED, depot.clock.now)


async def test_a_lease_that_is_another_s_changes_nothing(any_depot: Depot):
    depot, picker = any_depot, any_depot.picker()
    task = await depot.post()
    await depot.picked(owner="first")
    depot.clock.advance(seconds=LEASE_SECONDS)
    await depot.sweeper().sweep(depot.clock.now)
    depot.clock.advance(seconds=3)
    await depot.sweeper().sweep(depot.clock.now)
    second = await depot.picked(owner="second")
    assert (second.id, second.attempts) == (task.id, 2)

    now = depot.clock.now
    assert await picker.renew(task.id, "first", now, checkpoint="stale") is None
    assert await picker.end_ok(task.id, "first", "stale", now) is None
    assert await picker.end_failed(task.id, "first", BOOM, now) is None
    assert await picker.release(task.id, "first", now) is None
    assert await picker.stopped(task.id, "first", now) is None
    assert await depot.task(task.id) == second
    assert await picker.renew("tsk_missing", "first", now) is None


async def test_an_end_is_recorded_once(any_depot: Depot):
    depot = any_depot
    task = await depot.post(callback={"url": "http://hooks.example.org/"})
    await depot.picked()
    ends = await asyncio.gather(
        *(depot.picker().end_ok(task.id, "worker", number, depot.clock.now) for number in range(4))
    )
    ended = [end for end in ends if end is not None]
    assert len(ended) == 1
    assert (await depot.task(task.id)).result == ended[0].result
    assert [each.type for each in await everything(depot)].count("taskqueue.callback") == 1


async def test_several_pickers_share_the_work_and_each_task_ends_once(any_depot: Depot):
    depot = any_depot
    posted = [await depot.post(tenant) for tenant in ("oakwood", "elmfield", "ashton") for _ in range(8)]
    done: Counter[str] = Counter()

    async def work(owner: str) -> None:
        picker = depot.picker()
        while (task := await picker.pick(Weight.SHORT, owner, depot.clock.now)) is not None:
            if await picker.end_ok(task.id, owner, owner, depot.clock.now) is not None:
                done[task.id] += 1

    await asyncio.gather(*(work(f"worker-{number}") for number in range(4)))
    assert done == Counter(task.id for task in posted)
    tasks = await everything(depot)
    assert {(task.state, task.attempts) for task in tasks} == {(TaskState.SUCCEEDED, 1)}


async def test_a_task_that_is_handed_back_is_picked_again_and_the_attempt_is_not_counted(any_depot: Depot):
    depot, picker = any_depot, any_depot.picker()
    task = await depot.post()
    await depot.picked()
    depot.bell.rung.clear()
    await picker.release(task.id, "worker", depot.clock.now)
    assert depot.bell.rung == {Weight.SHORT: 1}
    again = await depot.picked(owner="other")
    assert (again.id, again.attempts) == (task.id, 1)


async def test_a_request_to_cancel_wins_over_failing_and_handing_back(any_depot: Depot):
    depot, picker = any_depot, any_depot.picker()
    ends = [
        lambda task: picker.stopped(task.id, "worker", depot.clock.now),
        lambda task: picker.end_failed(task.id, "worker", BOOM, depot.clock.now),
        lambda task: picker.release(task.id, "worker", depot.clock.now),
    ]
    for end in ends:
        await depot.post()
        task = await depot.picked()
        await depot.queue.cancel(task.id, Everyone(), depot.clock.now)
        await end(task)
        assert (await depot.task(task.id)).state is TaskState.CANCELLED


async def test_a_task_that_ends_well_although_it_was_to_stop_has_succeeded(any_depot: Depot):
    await any_depot.post()
    task = await any_depot.picked()
    await any_depot.queue.cancel(task.id, Everyone(), any_depot.clock.now)
    await any_depot.picker().end_ok(task.id, "worker", 1, any_depot.clock.now)
    assert (await any_depot.task(task.id)).state is TaskState.SUCCEEDED


async def test_posting_the_same_at_once_keeps_one_task(any_depot: Depot):
    posts = [any_depot.post(idempotency_key="1", payload={"text": "once"}) for _ in range(8)]
    tasks = await asyncio.gather(*posts)
    assert len({task.id for task in tasks}) == 1
    assert len(await everything(any_depot)) == 1


class Everyone:
    def covers(self, _: str) -> bool:
        return True


async def everything(depot: Depot) -> list[Task]:
    return list((await depot.queue.page(tenant=None)).tasks)
