"""Handing over work by REST, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from depot import NOON, Depot

from taskqueue.contract import PAYLOAD_BYTES, TaskView, Weight

NOTE: dict[str, Any] = {"type": "demo.note", "tenant": "oakwood", "payload": {"text": "hello"}}


async def test_a_task_is_kept_answered_and_rung_for(client: httpx.AsyncClient, depot: Depot):
    answer = await client.post("/v1/tasks", json=NOTE)
    assert answer.status_code == 201
    task = TaskView.model_validate_json(answer.content)
    assert (task.state, task.queue, task.attempts, task.max_attempts) == ("QUEUED", Weight.SHORT, 0, 3)
    assert task.run_at == task.created_at == NOON
    assert answer.headers["location"] == f"/v1/tasks/{task.id}"
    assert depot.bell.rung == {Weight.SHORT: 1}

    again = await client.get(answer.headers["location"])
    assert again.json() == answer.json()


async def test_a_heavy_handler_has_a_queue_of_its_own(client: httpx.AsyncClient, depot: Depot):
    answer = await client.post("/v1/tasks", json={**NOTE, "type": "demo.report"})
    assert answer.json()["queue"] == "heavy"
    assert depot.bell.rung == {Weight.HEAVY: 1}


async def test_the_same_key_with_the_same_content_gives_the_same_task(client: httpx.AsyncClient):
    first = await client.post("/v1/tasks", json={**NOTE, "idempotencyKey": "outbox-1"})
    second = await client.post("/v1/tasks", json={**NOTE, "idempotencyKey": "outbox-1"})
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()


@pytest.mark.parametrize(
    "other",
    [
        {"payload": {"text": "bye"}},
        {"priority": 9},
        {"runAt": "2026-03-02T13:00:00Z"},
        {"maxAttempts": 7},
        {"timeoutSeconds": 7},
        {"callback": {"url": "http://hooks.example.org/"}},
    ],
)
async def test_the_same_key_with_other_content_is_a_conflict(client: httpx.AsyncClient, other: dict[str, Any]):
    first = await client.post("/v1/tasks", json={**NOTE, "idempotencyKey": "outbox-1"})
    answer = await client.post("/v1/tasks", json={**NOTE, "idempotencyKey": "outbox-1", **other})
    problem = refused(answer, 409, "IDEMPOTENCY_CONFLICT")
    assert problem["taskId"] == first.json()["id"]
    assert (await client.get("/v1/tasks")).json()["tasks"] == [first.json()]


async def test_the_key_is_the_tenant_s_and_the_type_s_own(client: httpx.AsyncClient):
    requests = [NOTE, {**NOTE, "tenant": "elmfield"}, {**NOTE, "type": "demo.report"}]
    answers = [await client.post("/v1/tasks", json={**each, "idempotencyKey": "1"}) for each in requests]
    assert [answer.status_code for answer in answers] == [201, 201, 201]
    assert len({answer.json()["id"] for answer in answers}) == 3


async def test_the_same_instant_in_another_offset_is_the_same_content(client: httpx.AsyncClient):
    body = {**NOTE, "idempotencyKey": "1"}
    first = await client.post("/v1/tasks", json={**body, "runAt": "2026-03-02T18:30:00+05:30"})
    second = await client.post("/v1/tasks", json={**body, "runAt": "2026-03-02T13:00:00Z"})
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["runAt"] == "2026-03-02T13:00:00Z"


async def test_a_delayed_task_rings_nobody(client: httpx.AsyncClient, depot: Depot):
    answer = await client.post("/v1/tasks", json={**NOTE, "runAt": "2026-03-02T13:00:00Z"})
    assert answer.status_code == 201
    assert not depot.bell.rung
    assert await depot.picker().pick(Weight.SHORT, "worker", depot.clock.now) is None


@pytest.mark.parametrize("type", ["demo.unknown", "taskqueue.callback"])
async def test_an_unknown_type_and_one_of_the_queue_s_own_are_refused(client: httpx.AsyncClient, type: str):
    problem = refused(await client.post("/v1/tasks", json={**NOTE, "type": type}), 422, "UNKNOWN_TYPE")
    assert problem["errors"][0]["path"] == ["type"]


@pytest.mark.parametrize(
    ("payload", "path", "code"),
    [
        ({}, ["payload", "text"], "MISSING"),
        ({"text": 1}, ["payload", "text"], "STRING_TYPE"),
        ({"text": "x", "other": 1}, ["payload", "other"], "EXTRA_FORBIDDEN"),
        ({"text": "x", "at": "yesterday"}, ["payload", "at"], "DATETIME_FROM_DATE_PARSING"),
    ],
)
async def test_a_payload_that_the_handler_s_model_refuses(
    client: httpx.AsyncClient, payload: dict[str, Any], path: list[str], code: str
):
    problem = refused(await client.post("/v1/tasks", json={**NOTE, "payload": payload}), 422, "INVALID")
    assert [(each["path"], each["code"]) for each in problem["errors"]] == [(path, code)]


async def test_a_payload_may_be_as_long_as_the_limit_and_no_longer(client: httpx.AsyncClient):
    room = PAYLOAD_BYTES - len(b'{"text":""}')
    fits = await client.post("/v1/tasks", json={**NOTE, "payload": {"text": "x" * room}})
    assert fits.status_code == 201
    over = await client.post("/v1/tasks", json={**NOTE, "payload": {"text": "x" * (room + 1)}})
    refused(over, 413, "PAYLOAD_TOO_LARGE")


async def test_a_body_over_its_own_limit_is_not_read(depot: Depot):
    async with depot.client(body_limit=2_000) as client:
        refused(await client.post("/v1/tasks", content=b"x" * 2_001), 413, "BODY_TOO_LARGE")
        chunks = chunked([b"{" + b" " * 1_500] * 2)
        headers = {"Content-Type": "application/json"}
        refused(await client.post("/v1/tasks", content=chunks, headers=headers), 413, "BODY_TOO_LARGE")


@pytest.mark.parametrize(
    "run_at",
    [
        "2026-03-02T13:00:00",  # no zone
        "2026-03-02T13:00:00 Mars/Olympus",
        "2026-03-02T13:00:00+99:00",
        "2026-03-02",
        "0001-01-01T00:00:00+14:00",  # before the year 1 in UTC
        "tomorrow",
        1772456400,
        "1772456400",
        1772456400000,
        {"at": "noon"},
    ],
)
async def test_an_instant_in_no_zone_or_a_strange_one_is_refused(client: httpx.AsyncClient, run_at: Any):
    problem = refused(await client.post("/v1/tasks", json={**NOTE, "runAt": run_at}), 422, "INVALID")
    assert problem["errors"][0]["path"] == ["runAt"]


@pytest.mark.parametrize("run_at", ["2126-03-02T13:00:00Z", "9999-12-31T23:59:59Z", "1926-03-02T13:00:00Z"])
async def test_an_instant_far_away_is_refused(client: httpx.AsyncClient, run_at: str):
    problem = refused(await client.post("/v1/tasks", json={**NOTE, "runAt": run_at}), 422, "INVALID")
    assert problem["errors"] == [
        {"path": ["runAt"], "code": "RUN_AT_TOO_FAR", "message": "more than 366 days from now"}
    ]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"tenant": "Oak Wood"}, ["tenant"]),
        ({"tenant": "a:b"}, ["tenant"]),
        ({"tenant": ""}, ["tenant"]),
        ({"type": "x" * 101}, ["type"]),
        ({"priority": 10}, ["priority"]),
        ({"priority": "high"}, ["priority"]),
        ({"maxAttempts": 0}, ["maxAttempts"]),
        ({"timeoutSeconds": 10**9}, ["timeoutSeconds"]),
        ({"idempotencyKey": ""}, ["idempotencyKey"]),
        ({"idempotencyKey": "x" * 201}, ["idempotencyKey"]),
        ({"payload": [1]}, ["payload"]),
        ({"unheardOf": 1}, ["unheardOf"]),
        ({"callback": {"url": "ftp://hooks.example.org/"}}, ["callback", "url"]),
    ],
)
async def test_each_field_is_checked_and_named(
    client: httpx.AsyncClient, changes: dict[str, Any], path: list[str]
):
    problem = refused(await client.post("/v1/tasks", json={**NOTE, **changes}), 422, "INVALID")
    assert [each["path"] for each in problem["errors"]] == [path]


@pytest.mark.parametrize(
    "url", ["http://10.0.0.1/", "http://hooks.example.org.evil.net/", "http://169.254.169.254/"]
)
async def test_a_callback_goes_only_where_the_settings_allow(client: httpx.AsyncClient, url: str):
    problem = refused(await client.post("/v1/tasks", json={**NOTE, "callback": {"url": url}}), 422, "INVALID")
    assert problem["errors"][0]["code"] == "CALLBACK_NOT_ALLOWED"


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"x"',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"type": "demo.note", "tenant": "oakwood", "payload": {"text": "\\ud800"}}',
        b'{"type": "demo.note", "tenant": "oakwood", "idempotencyKey": "\\udfff", "payload": {"text": "x"}}',
        b'{"type": "demo.note", "tenant": "oakwood", "payload": {"text": "x", "more": NaN}}',
        b'{"type": "demo.note", "tenant": "oakwood", "payload": {"text": "x", "more": 1e999}}',
        b'{"type": "demo.note", "tenant": "oakwood", "payload": {"text": "x", "\\ud800": 1}}',
        b'{"type": "demo.note", "tenant": "oakwood", "payload": {"text": "x", "more": ' + b"9" * 5_000 + b"}}",
    ],
)
async def test_what_is_not_a_request_is_refused_and_nothing_is_kept(client: httpx.AsyncClient, text: bytes):
    answer = await client.post("/v1/tasks", content=text, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert (await client.get("/v1/tasks")).json() == {"tasks": [], "next": None}


@pytest.mark.parametrize("depth", [10, 60, 150, 185, 195, 199, 250, 900])
async def test_however_deep_a_payload_is_what_is_kept_can_be_read(client: httpx.AsyncClient, depth: int):
    more = "[" * depth + "]" * depth
    text = json.dumps({**NOTE, "payload": {"text": "x", "more": "MORE"}}).replace('"MORE"', more)
    answer = await client.post("/v1/tasks", content=text, headers={"Content-Type": "application/json"})
    # How deep the reader of the request goes before it gives up hangs on the stack below it.
    assert answer.status_code in ((201,) if depth < 100 else (400, 422)), answer.text[:300]
    assert len(answer.content) < 5_000
    assert (await client.get("/v1/tasks")).status_code == 200


async def test_what_a_payload_holds_comes_back_as_it_was(client: httpx.AsyncClient):
    payload = {"text": "é\u0000😀", "more": {"none": None, "big": 10**30, "list": [1.5, -0.0, True, [None]]}}
    answer = await client.post("/v1/tasks", json={**NOTE, "payload": payload})
    assert answer.status_code == 201
    read = await client.get(answer.headers["location"])
    assert read.json()["payload"] == payload


async def test_what_was_accepted_is_found_after_a_restart(depot: Depot, client: httpx.AsyncClient):
    posted = (await client.post("/v1/tasks", json=NOTE)).json()
    depot.clock.advance(hours=1)
    async with depot.client() as other:
        assert (await other.get(f"/v1/tasks/{posted['id']}")).json() == posted


def refused(answer: httpx.Response, status: int, code: str) -> Any:
    """Check that an answer is a problem document, and return it."""
    assert answer.status_code == status, answer.text[:300]
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["type"].startswith("urn:test-platform:taskqueue:")
    assert problem["title"]
    assert problem["detail"]
    assert problem["requestId"] == answer.headers["x-request-id"]
    return problem


async def chunked(chunks: list[bytes]) -> Any:
    for chunk in chunks:
        yield chunk
