"""Reading, listing, cancelling and retrying tasks by REST."""

from __future__ import annotations

import itertools
from typing import Any

import httpx
import pytest
from depot import NOON, Depot

from taskqueue.contract import ErrorCode, TaskError, TaskState, Weight

BOOM = TaskError(code=ErrorCode.RAISED, message="boom", traceback_id="tb-1", at=NOON)
REFUSED = TaskError(code=ErrorCode.REFUSED, message="no use", at=NOON)


async def test_a_task_that_is_missing_and_one_of_a_foreign_tenant_answer_alike(depot: Depot):
    task = await depot.post("oakwood")
    async with depot.client(depot.token(tenants=["elmfield"])) as stranger:
        for method, path in [("GET", ""), ("POST", "/cancel"), ("POST", "/retry")]:
            foreign = await stranger.request(method, f"/v1/tasks/{task.id}{path}")
            missing = await stranger.request(method, f"/v1/tasks/tsk_missing{path}")
            assert foreign.status_code == missing.status_code == 404
            assert _told(foreign, task.id) == _told(missing, "tsk_missing")
    assert await depot.task(task.id) == task


@pytest.mark.parametrize("id", ["__x__", "x" * 2_000, "%00", "%F0%9F%98%80", "a%2Fb", ".."])
async def test_what_can_be_no_id_is_missing(client: httpx.AsyncClient, id: str):
    assert (await client.get(f"/v1/tasks/{id}")).status_code == 404


async def test_a_long_listing_is_read_page_by_page_the_newest_first(client: httpx.AsyncClient, depot: Depot):
    posted: list[str] = []
    for _ in range(25):
        posted.insert(0, (await depot.post()).id)
        depot.clock.advance(seconds=1)
    seen: list[str] = []
    query: dict[str, Any] = {"limit": 10}
    sizes = []
    while True:
        page = (await client.get("/v1/tasks", params=query)).json()
        sizes.append(len(page["tasks"]))
        seen += [task["id"] for task in page["tasks"]]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert sizes == [10, 10, 5]
    assert seen == posted


async def test_a_listing_is_narrowed_by_state_type_and_tenant(client: httpx.AsyncClient, depot: Depot):
    note = await depot.post("oakwood")
    report = await depot.post("oakwood", type="demo.report")
    other = await depot.post("elmfield")
    running = await depot.picked(Weight.HEAVY)
    assert running.id == report.id

    async def ids(**query: str) -> set[str]:
        return {task["id"] for task in (await client.get("/v1/tasks", params=query)).json()["tasks"]}

    assert await ids() == {note.id, report.id, other.id}
    assert await ids(state="RUNNING") == {report.id}
    assert await ids(type="demo.note") == {note.id, other.id}
    assert await ids(tenant="oakwood") == {note.id, report.id}
    assert await ids(tenant="oakwood", state="QUEUED", type="demo.note") == {note.id}
    assert await ids(type="demo.unknown") == set()


async def test_however_a_listing_is_narrowed_the_newest_comes_first(any_depot: Depot):
    posted: list[str] = []
    for _ in range(3):
        posted.insert(0, (await any_depot.post()).id)
        any_depot.clock.advance(seconds=1)
    named = {"tenant": "oakwood", "state": TaskState.QUEUED, "type": "demo.note"}
    for count in range(4):
        for some in itertools.combinations(named, count):
            where: dict[str, Any] = {"tenant": None, **{name: named[name] for name in some}}
            assert [task.id for task in (await any_depot.queue.page(**where)).tasks] == posted


async def test_a_listing_shows_no_tenant_that_the_token_does_not_cover(depot: Depot):
    task = await depot.post("oakwood")
    await depot.post("elmfield")
    async with depot.client(depot.token(tenants=["oakwood"])) as single:
        assert [each["id"] for each in (await single.get("/v1/tasks")).json()["tasks"]] == [task.id]
        foreign = await single.get("/v1/tasks", params={"tenant": "elmfield"})
        assert (foreign.status_code, foreign.json()["code"]) == (403, "TENANT_NOT_COVERED")
    async with depot.client(depot.token(tenants=["oakwood", "ashton"])) as double:
        answer = await double.get("/v1/tasks")
        assert (answer.status_code, answer.json()["code"]) == (400, "TENANT_REQUIRED")
        assert len((await double.get("/v1/tasks", params={"tenant": "oakwood"})).json()["tasks"]) == 1


@pytest.mark.parametrize("cursor", ["x", "", "AAAA", "é"])
async def test_a_broken_cursor_is_told(client: httpx.AsyncClient, cursor: str):
    answer = await client.get("/v1/tasks", params={"cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (400, "BAD_CURSOR")


async def test_a_cursor_of_another_listing_is_told(client: httpx.AsyncClient, depot: Depot):
    for _ in range(3):
        await depot.post()
    cursor = (await client.get("/v1/tasks", params={"limit": 1})).json()["next"]
    answer = await client.get("/v1/tasks", params={"cursor": cursor, "state": "QUEUED"})
    assert (answer.status_code, answer.json()["code"]) == (400, "BAD_CURSOR")


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 101}, {"limit": "x"}, {"state": "LOST"}])
async def test_a_listing_that_makes_no_sense_is_refused(client: httpx.AsyncClient, query: dict[str, Any]):
    answer = await client.get("/v1/tasks", params=query)
    assert (answer.status_code, answer.json()["code"]) == (422, "INVALID")
    assert answer.json()["errors"][0]["path"] == ["query", *query]


async def test_a_waiting_task_is_cancelled_at_once_and_again_without_effect(
    client: httpx.AsyncClient, depot: Depot
):
    task = await depot.post()
    first = await client.post(f"/v1/tasks/{task.id}/cancel")
    assert (first.status_code, first.json()["state"]) == (200, "CANCELLED")
    depot.clock.advance(minutes=1)
    again = await client.post(f"/v1/tasks/{task.id}/cancel")
    assert (again.status_code, again.json()) == (200, first.json())
    assert await depot.picker().pick(Weight.SHORT, "worker", depot.clock.now) is None


async def test_a_running_task_is_asked_to_stop(client: httpx.AsyncClient, depot: Depot):
    task = await depot.post()
    await depot.picked()
    answer = (await client.post(f"/v1/tasks/{task.id}/cancel")).json()
    assert (answer["state"], answer["cancelRequested"]) == ("RUNNING", True)
    renewed = await depot.picker().renew(task.id, "worker", depot.clock.now)
    assert renewed is not None
    assert renewed.cancel_requested


async def test_what_is_finished_cannot_be_cancelled(client: httpx.AsyncClient, depot: Depot):
    succeeded = await depot.post()
    await depot.picker().end_ok((await depot.picked()).id, "worker", {"n": 1}, depot.clock.now)
    failed = await depot.post()
    await depot.picker().end_failed((await depot.picked()).id, "worker", REFUSED, depot.clock.now)
    for task, state in [(succeeded, "SUCCEEDED"), (failed, "FAILED")]:
        answer = await client.post(f"/v1/tasks/{task.id}/cancel")
        assert (answer.status_code, answer.json()["code"]) == (409, "WRONG_STATE")
        assert (await depot.task(task.id)).state == state


async def test_a_failed_task_is_retried_from_its_checkpoint(client: httpx.AsyncClient, depot: Depot):
    task = await depot.post(max_attempts=1)
    picker = depot.picker()
    await depot.picked()
    await picker.renew(task.id, "worker", depot.clock.now, checkpoint={"done": 7})
    await picker.end_failed(task.id, "worker", BOOM, depot.clock.now)
    failed = (await client.get(f"/v1/tasks/{task.id}")).json()
    assert (failed["state"], failed["attempts"]) == ("FAILED", 1)
    assert failed["error"]["tracebackId"] == "tb-1"

    depot.bell.rung.clear()
    answer = await client.post(f"/v1/tasks/{task.id}/retry")
    assert answer.status_code == 200
    assert (answer.json()["state"], answer.json()["attempts"], answer.json()["error"]) == ("QUEUED", 0, None)
    assert depot.bell.rung == {Weight.SHORT: 1}
    again = await depot.picked()
    assert (again.id, again.checkpoint) == (task.id, {"done": 7})


async def test_a_cancelled_task_is_retried_and_no_longer_asked_to_stop(client: httpx.AsyncClient, depot: Depot):
    task = await depot.post()
    await depot.picked()
    await client.post(f"/v1/tasks/{task.id}/cancel")
    await depot.picker().stopped(task.id, "worker", depot.clock.now)
    assert (await depot.task(task.id)).state == "CANCELLED"
    assert (await client.post(f"/v1/tasks/{task.id}/retry")).json()["cancelRequested"] is False


async def test_only_what_failed_or_was_cancelled_is_retried(client: httpx.AsyncClient, depot: Depot):
    task = await depot.post()
    for step in [None, depot.picked]:
        if step is not None:
            await step()
        answer = await client.post(f"/v1/tasks/{task.id}/retry")
        assert (answer.status_code, answer.json()["code"]) == (409, "WRONG_STATE")
    await depot.picker().end_ok(task.id, "worker", None, depot.clock.now)
    assert (await client.post(f"/v1/tasks/{task.id}/retry")).status_code == 409


async def test_a_view_shows_progress_and_result_and_neither_checkpoint_nor_worker(
    client: httpx.AsyncClient, depot: Depot
):
    task = await depot.post()
    await depot.picked(owner="short@host/1234")
    await depot.picker().renew(task.id, "short@host/1234", depot.clock.now, checkpoint="secret")
    view = await client.get(f"/v1/tasks/{task.id}")
    assert "secret" not in view.text
    assert "host" not in view.text


def _told(answer: httpx.Response, id: str) -> Any:
    return {name: str(value).replace(id, "…") for name, value in answer.json().items() if name != "requestId"}
