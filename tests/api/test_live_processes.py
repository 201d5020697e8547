"""Two server processes of one school: what happens in one is in force, and seen, in the other."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from control import EXTEND, SAVE, invigilator
from live import RunningClock, events, served
from redis_server import Redis
from school import START, Exam, Person, open_again, open_school, set_exam

from api.settings import Settings

COUNTS = "subscription ($id: ID!) { sitting(testId: $id) { online away paused } }"


@dataclass
class Processes:
    """`exam` is set through the first of the two, which listen at `urls`."""

    exam: Exam
    urls: tuple[str, str]
    http: httpx.AsyncClient

    def through(self, place: int, person: Person) -> Person:
        return replace(person, client=_At(self.http, self.urls[place]))


class _At(httpx.AsyncClient):
    """A client of one process."""

    def __init__(self, client: httpx.AsyncClient, url: str) -> None:
        super().__init__(base_url=url, transport=client._transport)


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    server = Redis(tmp_path / "redis")
    server.start()
    yield server
    server.kill()


@pytest.fixture(params=["store", "redis"])
async def processes(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Processes]:
    url = request.getfixturevalue("redis").url if request.param == "redis" else None
    settings = Settings(data_dir=tmp_path, redis_url=url)
    first = await open_school(settings, "oakwood", RunningClock())
    second = await open_again(settings, first)
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(httpx.AsyncClient(trust_env=False))
        urls = [await stack.enter_async_context(served(school)) for school in (first, second)]
        yield Processes(await set_exam(first), (urls[0], urls[1]), http)
        for school in (first, second):
            await school.client.aclose()


async def until_told(told: AsyncIterator[tuple[str, Any]], **counts: int) -> None:
    """Wait until the counts are told; the stream gives up when they never are."""
    async for name, event in told:
        if name == "next" and counts.items() <= event["data"]["sitting"].items():
            return
    raise AssertionError("the stream has ended")


async def blurred(exam: Exam, student: Person) -> str:
    """Let a student start and leave the window."""
    attempt_id: str = (await student.do(START, testId=exam.test_id))["attempt"]["id"]
    await student.do(SAVE, attemptId=attempt_id, seq=1, events=[{"type": "BLUR", "at": 1}])
    return attempt_id


async def test_whoever_watches_one_process_sees_who_sits_through_the_other(processes: Processes) -> None:
    exam = processes.exam
    watcher = await invigilator(exam.school)
    before, after = [processes.through(1, await exam.student(login)) for login in ("asha", "ravi")]
    await blurred(exam, before)

    async with events(processes.urls[0], watcher, COUNTS, id=exam.test_id) as (_, told):
        await until_told(told, online=1, away=1)
        await blurred(exam, after)
        await until_told(told, online=2, away=2)


async def test_what_an_invigilator_does_through_one_process_is_in_force_in_the_other(processes: Processes) -> None:
    exam = processes.exam
    watcher, student = await invigilator(exam.school), processes.through(1, await exam.student("asha"))
    attempt_id = await blurred(exam, student)

    await processes.through(0, watcher).do(EXTEND, testId=exam.test_id, minutes=5, reason="A late bus")
    reasons = list[str]()
    for seq in range(2, 1_000):
        saved = await student.do(SAVE, attemptId=attempt_id, seq=seq, events=[exam.visit(0)])
        reasons.append(saved["acknowledgement"]["deadline"]["reason"])
        if reasons[-1] == "EXTENSION":
            break

    assert reasons[-1] == "EXTENSION"


async def test_without_its_redis_attendance_is_told_through_the_store(redis: Redis, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, redis_url=redis.url)
    first = await open_school(settings, "oakwood", RunningClock())
    second = await open_again(settings, first)
    exam = await set_exam(first)
    watcher, student = await invigilator(first), await exam.student("asha")
    async with served(first) as url, served(second), events(url, watcher, COUNTS, id=exam.test_id) as (_, told):
        await until_told(told, online=0)
        redis.kill()
        await blurred(exam, Person(second.client, student.token))
        await until_told(told, online=1, away=1)
    for school in (first, second):
        await school.client.aclose()
