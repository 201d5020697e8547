"""Recurring schedules: kept by REST, and posting a task at each instant that is due."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
from depot import Depot

TASK: dict[str, Any] = {"type": "demo.note", "tenant": "oakwood", "payload": {"text": "nightly"}}
NIGHTLY: dict[str, Any] = {"name": "nightly", "cron": "30 2 * * *", "zone": "Asia/Kolkata", "task": TASK}
OAKWOOD = {"tenant": "oakwood"}


async def put(client: httpx.AsyncClient, **changes: Any) -> httpx.Response:
    return await client.put("/v1/schedules/nightly", json={**NIGHTLY, **changes})


async def posted(depot: Depot) -> list[str]:
    return [task.id for task in (await depot.queue.page(tenant=None)).tasks]


async def test_a_schedule_is_kept_read_listed_replaced_and_removed(client: httpx.AsyncClient):
    created = await put(client)
    assert created.status_code == 201
    assert created.json()["nextAt"] == "2026-03-02T21:00:00Z"  # 2:30 in Kolkata
    assert (await client.get("/v1/schedules/nightly", params=OAKWOOD)).json() == created.json()
    assert (await client.get("/v1/schedules")).json() == {"schedules": [created.json()], "next": None}

    replaced = await put(client, cron="0 3 * * *")
    assert (replaced.status_code, replaced.json()["nextAt"]) == (200, "2026-03-02T21:30:00Z")
    assert (await client.delete("/v1/schedules/nightly", params=OAKWOOD)).status_code == 204
    for method in ("GET", "DELETE"):
        gone = await client.request(method, "/v1/schedules/nightly", params=OAKWOOD)
        assert (gone.status_code, gone.json()["code"]) == (404, "NOT_FOUND")


async def test_names_are_each_tenant_s_own_and_a_foreign_one_is_missing(depot: Depot, client: httpx.AsyncClient):
    await put(client)
    async with depot.client(depot.token(tenants=["elmfield"])) as elmfield:
        assert (await elmfield.get("/v1/schedules/nightly")).status_code == 404
        assert (await elmfield.delete("/v1/schedules/nightly")).status_code == 404
        assert (await put(elmfield, task={**TASK, "tenant": "elmfield"})).status_code == 201
        assert len((await elmfield.get("/v1/schedules")).json()["schedules"]) == 1
        refused = await put(elmfield)
        assert (refused.status_code, refused.json()["code"]) == (403, "TENANT_NOT_COVERED")
    assert len((await client.get("/v1/schedules")).json()["schedules"]) == 2
    unsaid = await client.get("/v1/schedules/nightly")
    assert (unsaid.status_code, unsaid.json()["code"]) == (400, "TENANT_REQUIRED")


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"cron": "60 * * * *"}, ["cron"], "CRON_INVALID"),
        ({"cron": "* * * *"}, ["cron"], "CRON_INVALID"),
        ({"cron": "* * * * * *"}, ["cron"], "CRON_INVALID"),
        ({"cron": "0 0 31 2 *"}, ["cron"], "CRON_INVALID"),
        ({"cron": ""}, ["cron"], "CRON_INVALID"),
        ({"zone": "Mars/Olympus"}, ["zone"], "UNKNOWN_ZONE"),
        ({"zone": "../../etc/passwd"}, ["zone"], "UNKNOWN_ZONE"),
        ({"zone": ""}, ["zone"], "UNKNOWN_ZONE"),
        ({"task": {**TASK, "type": "demo.unknown"}}, ["task", "type"], "UNKNOWN_TYPE"),
        ({"task": {**TASK, "payload": {}}}, ["task", "payload", "text"], "MISSING"),
        ({"task": {**TASK, "idempotencyKey": "1"}}, ["task", "idempotencyKey"], "NOT_IN_A_SCHEDULE"),
        ({"task": {**TASK, "runAt": "2026-03-03T00:00:00Z"}}, ["task", "runAt"], "NOT_IN_A_SCHEDULE"),
        ({"name": "other"}, ["name"], "NAME_MISMATCH"),
    ],
)
async def test_a_schedule_that_could_not_work_is_refused(
    client: httpx.AsyncClient, changes: dict[str, Any], path: list[str], code: str
):
    answer = await put(client, **changes)
    assert (answer.status_code, answer.json()["code"]) == (422, "INVALID")
    assert [(each["path"], each["code"]) for each in answer.json()["errors"]] == [(path, code)]


async def test_each_due_instant_posts_one_task_and_names_it(client: httpx.AsyncClient, depot: Depot):
    await put(client, cron="*/10 * * * *")
    sweeper = depot.sweeper()
    depot.clock.advance(minutes=9)
    await sweeper.sweep(depot.clock.now)
    assert await posted(depot) == []
    depot.clock.advance(minutes=1)
    for _ in range(3):
        await sweeper.sweep(depot.clock.now)
    (first,) = await posted(depot)
    view = (await client.get("/v1/schedules/nightly", params=OAKWOOD)).json()
    assert (view["lastTaskId"], view["nextAt"]) == (first, "2026-03-02T12:20:00Z")
    depot.clock.advance(minutes=10)
    await sweeper.sweep(depot.clock.now)
    assert len(await posted(depot)) == 2


async def test_of_several_missed_instants_only_the_newest_is_posted(client: httpx.AsyncClient, depot: Depot):
    await put(client, cron="*/10 * * * *")
    depot.clock.advance(days=3, minutes=5)
    await depot.sweeper().sweep(depot.clock.now)
    assert len(await posted(depot)) == 1
    view = (await client.get("/v1/schedules/nightly", params=OAKWOOD)).json()
    assert view["nextAt"] == "2026-03-05T12:10:00Z"


async def test_a_paused_schedule_posts_nothing_and_does_not_catch_up(client: httpx.AsyncClient, depot: Depot):
    await put(client, cron="*/10 * * * *", paused=True)
    depot.clock.advance(hours=1, minutes=1)
    await depot.sweeper().sweep(depot.clock.now)
    assert (await put(client, cron="*/10 * * * *")).json()["nextAt"] == "2026-03-02T13:10:00Z"
    await depot.sweeper().sweep(depot.clock.now)
    assert await posted(depot) == []


async def test_keeping_a_schedule_anew_does_not_lose_an_instant_that_is_due(
    client: httpx.AsyncClient, depot: Depot
):
    await put(client, cron="*/10 * * * *")
    depot.clock.advance(minutes=10)
    await put(client, cron="*/10 * * * *", task={**TASK, "priority": 9})
    await depot.sweeper().sweep(depot.clock.now)
    (only,) = await posted(depot)
    assert (await depot.task(only)).priority == 9


async def test_sweeping_at_once_and_dying_halfway_post_one_task(any_depot: Depot):
    depot = any_depot
    async with depot.client() as client:
        await put(client, cron="*/10 * * * *")
        depot.clock.advance(minutes=10)
        await asyncio.gather(*(depot.schedules.post_due(depot.clock.now, 10) for _ in range(3)))
        (task,) = await posted(depot)
        # As if nobody had moved it on: the instant is posted already, and the content has changed meanwhile.
        await client.delete("/v1/schedules/nightly", params=OAKWOOD)
        depot.clock.now -= timedelta(minutes=5)
        await put(client, cron="*/10 * * * *", task={**TASK, "priority": 9})
        depot.clock.advance(minutes=5)
        await depot.schedules.post_due(depot.clock.now, 10)
        assert await posted(depot) == [task]
        assert (await client.get("/v1/schedules/nightly", params=OAKWOOD)).json()["lastTaskId"] == task


async def test_a_schedule_whose_task_is_refused_by_now_does_not_hold_up_the_others(
    client: httpx.AsyncClient, depot: Depot
):
    await put(client, cron="*/10 * * * *")
    other = {**NIGHTLY, "name": "other", "cron": "*/10 * * * *", "task": {**TASK, "type": "demo.report"}}
    await client.put("/v1/schedules/other", json=other)
    depot.clock.advance(minutes=10)
    del depot.handlers["demo.note"]  # type: ignore[attr-defined]
    await depot.sweeper().sweep(depot.clock.now)
    assert [task.type for task in (await depot.queue.page(tenant=None)).tasks] == ["demo.report"]
