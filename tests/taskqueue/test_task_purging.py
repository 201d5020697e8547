"""A tenant is forgotten: what waits and what is over at once, what runs when it has stopped; nobody else's."""

from __future__ import annotations

from typing import Any

from depot import Depot

from taskqueue.contract import Schedule, TaskRequest, Weight
from taskqueue.lifecycle import BACKOFF_CAP_SECONDS
from taskqueue.purging import purge

NOTHING = {"deleted": 0, "running": 0, "more": False}


async def purged(depot: Depot, **params: Any) -> dict[str, Any]:
    async with depot.client(depot.token(tenants=["oakwood"])) as client:
        answer = await client.delete("/v1/tenants/oakwood", params=params)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def left(depot: Depot, tenant: str) -> set[str]:
    return {task.id for task in (await depot.queue.page(tenant=tenant)).tasks}


async def scheduled(depot: Depot, tenant: str) -> None:
    task = TaskRequest(type="demo.note", tenant=tenant, payload={"text": "nightly"})
    await depot.schedules.put(Schedule(name="nightly", cron="0 0 * * *", task=task), depot.clock.now)


async def test_tasks_and_schedules_of_one_tenant_are_deleted_and_what_runs_is_asked_to_stop(any_depot: Depot):
    depot = any_depot
    running = await depot.post(priority=9, callback={"url": "http://127.0.0.1/ended"})
    assert (await depot.picked()).id == running.id
    await depot.post()
    await depot.post(run_at=depot.clock.now.replace(hour=23))
    over = await depot.post()
    async with depot.client() as client:
        await client.post(f"/v1/tasks/{over.id}/cancel")
    theirs = await depot.post("beechwood")
    await scheduled(depot, "oakwood")
    await scheduled(depot, "beechwood")

    assert await purged(depot) == {"deleted": 4, "running": 1, "more": False}
    assert await left(depot, "oakwood") == {running.id}
    assert (await depot.task(running.id)).cancel_requested

    await depot.picker().stopped(running.id, "worker", depot.clock.now)
    assert await purged(depot) == {"deleted": 2, "running": 0, "more": False}
    assert await purged(depot) == NOTHING
    assert await left(depot, "oakwood") == set()
    assert await left(depot, "beechwood") == {theirs.id}
    assert [kept.tenant for kept in (await depot.schedules.page(None)).schedules] == ["beechwood"]


async def test_a_task_whose_worker_is_lost_is_gone_once_its_lease_has_run_out(depot: Depot):
    await depot.post()
    await depot.picked()
    assert (await purged(depot))["running"] == 1

    depot.clock.advance(seconds=BACKOFF_CAP_SECONDS)
    await depot.sweeper().sweep(depot.clock.now)

    assert await purged(depot) == {"deleted": 1, "running": 0, "more": False}


async def test_the_task_that_purges_is_spared(depot: Depot):
    purge = await depot.post(type="demo.report", payload={})
    assert (await depot.picked(Weight.HEAVY)).id == purge.id
    await depot.post()

    assert await purged(depot, spare="demo.report") == {"deleted": 1, "running": 0, "more": False}
    assert not (await depot.task(purge.id)).cancel_requested
    assert await left(depot, "oakwood") == {purge.id}


async def test_one_request_is_bounded_and_says_that_there_is_more(depot: Depot):
    for _ in range(5):
        await depot.post()

    told = [await purge(depot.records, "oakwood", (), depot.clock.now, most=2) for _ in range(3)]

    assert [(each.deleted, each.more) for each in told] == [(2, True), (2, True), (1, False)]


async def test_another_tenant_is_purged_by_nobody_whose_token_does_not_cover_it(depot: Depot):
    theirs = await depot.post("beechwood")
    async with depot.client(depot.token(tenants=["oakwood"])) as client:
        for tenant in ("beechwood", "never-was"):
            answer = await client.delete(f"/v1/tenants/{tenant}")
            assert (answer.status_code, answer.json()["code"]) == (403, "TENANT_NOT_COVERED")
    assert await left(depot, "beechwood") == {theirs.id}
