"""Subscriptions over WebSocket: the protocol's rules, and what ends a connection."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from control import invigilator
from live import SITTING, served, talk
from school import Exam, School, open_school, set_exam
from websockets.asyncio.client import connect

from api.graphql.live import admission, socket
from api.settings import Settings


@pytest.fixture
async def url(school: School) -> AsyncIterator[str]:
    async with served(school) as address:
        yield address


async def test_a_watcher_is_told_the_counts_and_then_what_changes(exam: Exam, url: str) -> None:
    clock, watcher = exam.school.clock, await invigilator(exam.school)
    async with talk(url, watcher) as socket:
        await socket.watch(exam.test_id, "s")
        first = await socket.hear()
        await exam.start(await exam.student("asha"))
        clock.forward(seconds=2)
        second = await socket.hear()
        await socket.say("complete", id="s")
        await socket.say("ping", payload={"n": 1})

        assert (first["type"], first["id"]) == ("next", "s")
        assert first["payload"]["data"]["sitting"]["online"] == 0
        assert second["payload"]["data"]["sitting"]["online"] == 1
        assert await socket.hear() == {"type": "pong", "payload": {"n": 1}}


async def test_queries_and_mutations_travel_the_same_way(exam: Exam, url: str) -> None:
    student = await exam.student("asha")
    start = "mutation ($input: StartAttemptInput!) { startAttempt(input: $input) { attempt { state } } }"
    async with talk(url, student, "/t/oakwood/graphql") as socket:
        await socket.ask(start, "m", {"input": {"testId": exam.test_id}})
        answered, complete = await socket.hear(), await socket.hear()

    assert answered["payload"] == {"data": {"startAttempt": {"attempt": {"state": "IN_PROGRESS"}}}}
    assert complete == {"type": "complete", "id": "m"}


async def test_what_may_not_be_asked_is_told_for_the_operation_alone(exam: Exam, url: str) -> None:
    student, watcher = await exam.student("asha"), await invigilator(exam.school)
    for person, query, test_id, code in (
        (student, SITTING, exam.test_id, "FORBIDDEN"),
        (watcher, "subscription { nothing }", exam.test_id, "GRAPHQL_VALIDATION_FAILED"),
        (watcher, "{", exam.test_id, "GRAPHQL_PARSE_FAILED"),
        (watcher, SITTING, None, "BAD_USER_INPUT"),
    ):
        async with talk(url, person) as socket:
            await socket.ask(query, "1", {"id": test_id})
            told = await socket.hear()
            assert (told["type"], told["id"]) == ("error", "1")
            assert {error["extensions"]["code"] for error in told["payload"]} == {code}
            await socket.say("ping")
            assert await socket.hear() == {"type": "pong"}
    async with talk(url, watcher) as socket:
        await socket.watch("tst_none", "1")
        told = await socket.hear()
        assert told["payload"]["errors"][0]["extensions"]["code"] == "NOT_FOUND"
        assert await socket.hear() == {"type": "complete", "id": "1"}


async def test_whoever_does_not_keep_to_the_protocol_is_closed(exam: Exam, url: str) -> None:
    watcher = await invigilator(exam.school)
    async with talk(url) as socket:
        await socket.ask("{ serverTime }", "1")
        assert await socket.closed() == (4401, "Unauthorized")
    for raw in ("no JSON", '{"type":"next"}', "[]", b"bytes", '{"type":"subscribe","payload":{}}'):
        async with talk(url, watcher) as socket:
            await socket.send(raw)
            assert (await socket.closed())[0] == 4400
    async with talk(url, watcher) as socket:
        await socket.say("connection_init")
        assert await socket.closed() == (4429, "Too many initialisation requests")
    async with talk(url, watcher) as socket:
        for _ in range(2):
            await socket.watch(exam.test_id, "1")
        assert await socket.closed() == (4409, "Subscriber for 1 already exists")
    async with connect(f"{url.replace('http', 'ws')}/graphql", proxy=None) as raw_socket:
        await raw_socket.wait_closed()
        assert raw_socket.close_code == 4406


async def test_nobody_stays_without_saying_who_asks(
    school: School, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for payload in ({}, {"token": "no token"}, {"authorization": "Basic x"}):
        async with talk(url) as socket:
            await socket.say("connection_init", payload=payload)
            assert await socket.closed() == (4403, "Forbidden: UNAUTHENTICATED")
    monkeypatch.setattr("api.graphql.live.socket.INIT_SECONDS", 0.05)
    async with talk(url) as socket:
        assert await socket.closed() == (4408, "Connection initialisation timeout")


async def test_a_header_names_the_asker_as_well(exam: Exam, url: str) -> None:
    watcher = await invigilator(exam.school)
    headers = {"Authorization": f"Bearer {watcher.token}"}
    address = f"{url.replace('http', 'ws')}/graphql"
    async with connect(
        address, subprotocols=["graphql-transport-ws"], additional_headers=headers, proxy=None
    ) as raw_socket:
        await raw_socket.send('{"type":"connection_init"}')
        assert await raw_socket.recv() == '{"type":"connection_ack"}'


async def test_a_token_that_expires_and_a_suspension_end_the_connection(
    exam: Exam, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(socket, "LOOK_SECONDS", 0.05)
    school, watcher = exam.school, await invigilator(exam.school)
    async with talk(url, watcher) as expiring:
        school.clock.forward(days=2)
        assert await expiring.closed() == (4403, "The token has expired; log in again.")
    again = await school.login("admin")
    async with talk(url, again) as suspended:
        await school.services.registry.suspend("oakwood")
        assert await suspended.closed() == (4403, "This institution is suspended.")


async def test_connections_and_operations_are_bounded(tmp_path: Path, exam: Exam) -> None:
    settings = Settings(data_dir=tmp_path / "other", max_streams=1)
    school = await open_school(settings, "elmwood", exam.school.clock)
    watched, admin = await set_exam(school), await school.admin()
    async with served(school) as url:
        async with talk(url, admin) as first:
            async with talk(url) as second:
                await second.say("connection_init", payload={"token": admin.token})
                assert await second.closed() == (4403, "Forbidden: LIMIT_EXCEEDED")
            for number in range(21):
                await first.watch(watched.test_id, str(number))
            heard = [await first.hear() for _ in range(21)]
        async with talk(url, admin):
            pass
    [refused] = [message for message in heard if message["type"] == "error"]
    assert (refused["id"], refused["payload"][0]["extensions"]["code"]) == ("20", "LIMIT_EXCEEDED")
    await school.client.aclose()


async def test_a_server_that_stops_says_so(exam: Exam) -> None:
    watcher = await invigilator(exam.school)
    async with served(exam.school) as url:
        open_talk = talk(url, watcher)
        socket = await open_talk.__aenter__()
    assert (await socket.closed())[0] == 1012
    await open_talk.__aexit__(None, None, None)
