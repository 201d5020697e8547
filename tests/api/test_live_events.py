"""Subscriptions as server-sent events: one request, one stream, which is let go with its client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from control import invigilator
from live import SITTING, events, served
from school import Exam, School

from api.graphql.live import admission
from api.graphql.live import events as sse


@pytest.fixture
async def url(school: School) -> AsyncIterator[str]:
    async with served(school) as address:
        yield address


async def test_a_watcher_is_told_the_counts_and_then_what_changes(exam: Exam, url: str) -> None:
    watcher = await invigilator(exam.school)
    async with events(url, watcher, SITTING, id=exam.test_id) as (answer, told):
        name, first = await anext(told)
        await exam.start(await exam.student("asha"))
        exam.school.clock.forward(seconds=2)
        _, second = await anext(told)

        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-store"
        assert (name, first["data"]["sitting"]["online"]) == ("next", 0)
        assert second["data"]["sitting"]["online"] == 1


async def test_a_query_is_one_event_and_the_end(exam: Exam, url: str) -> None:
    async with events(url, await invigilator(exam.school), "{ viewer { roles } }") as (_, told):
        assert [event async for event in told] == [
            ("next", {"data": {"viewer": {"roles": ["INVIGILATOR"]}}}),
            ("complete", None),
        ]


async def test_refusals_are_answers_and_what_is_not_there_is_an_event(exam: Exam, url: str) -> None:
    watcher = await invigilator(exam.school)
    async with events(url, await exam.student("asha"), SITTING, id=exam.test_id) as (answer, _):
        assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (
            403,
            "application/graphql-response+json",
        )
    async with events(url, watcher, SITTING, id="tst_none") as (_, told):
        [(name, missing), end] = [event async for event in told]
    assert (name, missing["errors"][0]["extensions"]["code"]) == ("next", "NOT_FOUND")
    assert end == ("complete", None)
    answered = await watcher.post(SITTING, {"id": exam.test_id})
    assert answered["errors"][0]["extensions"]["code"] == "NOT_ACCEPTABLE"


async def test_silence_is_filled_with_comments_and_a_token_s_end_is_the_stream_s(
    exam: Exam, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(sse, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(sse, "KEPT_ALIVE_SECONDS", 0.04)
    async with events(url, await invigilator(exam.school), SITTING, id=exam.test_id) as (_, told):
        heard = set[str]()
        while heard != {"next", ":"}:
            heard.add((await anext(told))[0])
        exam.school.clock.forward(days=2)
        rest = [name async for name, _ in told]
    assert rest[-1] == "complete"


async def test_a_stream_is_let_go_when_its_client_is_gone(exam: Exam, url: str) -> None:
    watcher = await invigilator(exam.school)
    endpoint = next(route.endpoint for route in exam.school.app.routes if getattr(route, "path", "") == "/graphql")
    async with events(url, watcher, SITTING, id=exam.test_id) as (_, told):
        await anext(told)
        assert len(endpoint.streams) == 1
    for _ in range(1_000):
        if not len(endpoint.streams):
            break
        await asyncio.sleep(0.01)
    assert len(endpoint.streams) == 0
