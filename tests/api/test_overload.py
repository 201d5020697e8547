"""More at once than a server takes: answers come in all the same, and everybody else is asked to come back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from school import SAVE, START, HandClock, School, open_school, set_exam

from api.settings import Settings
from tp.services.sitting.start import START_SPREAD_SECONDS

STUDENTS = 6


@pytest.fixture
async def small_school(tmp_path: Path, clock: HandClock) -> AsyncIterator[School]:
    """Return a school whose server has room for a save of every student, and for half as many others."""
    opened = await open_school(Settings(data_dir=tmp_path, max_under_way=STUDENTS), "oakwood", clock)
    yield opened
    await opened.client.aclose()
    await opened.services.close()


async def test_in_a_rush_every_answer_is_taken_and_starts_are_asked_to_come_back(small_school: School) -> None:
    exam = await set_exam(small_school)
    students = [await exam.student(f"s{number}") for number in range(STUDENTS)]
    late = await exam.student("late")
    attempts = [await exam.start(student) for student in students]
    events = [exam.answer(1, text="3.14")]
    saves = [
        asyncio.create_task(student.do(SAVE, attemptId=id, seq=1, events=events))
        for student, id in zip(students, attempts, strict=True)
    ]
    starts = [
        asyncio.create_task(late.error_codes(START, input={"testId": exam.test_id})) for _ in range(STUDENTS)
    ]
    refused = await asyncio.gather(*starts)
    saved = await asyncio.gather(*saves)

    assert [payload["acknowledgement"]["ackedSeq"] for payload in saved] == [1] * STUDENTS
    assert {tuple(codes) for codes in refused} == {("OVERLOADED",)}
    assert await exam.start(late)


async def test_whoever_starts_too_early_is_told_when_to_come_back_each_at_an_own_time(school: School) -> None:
    opens = timedelta(minutes=5)
    exam = await set_exam(school, schedule={"opensAt": (school.clock.now + opens).isoformat()})
    told = []
    for name in ("asha", "ravi", "asha"):
        student = school.people.get(name) or await exam.student(name)
        school.people[name] = student
        payload = await student.ask(RETRY, input={"testId": exam.test_id})
        [error] = payload["userErrors"]
        assert error["code"] == "NOT_OPEN"
        told.append(error["retryAfter"])

    assert all(0 <= seconds - opens.total_seconds() < START_SPREAD_SECONDS for seconds in told)
    assert told[0] == told[2] != told[1]
    school.clock.forward(seconds=told[0])
    assert await exam.start(school.people["asha"])


RETRY = """mutation ($input: StartAttemptInput!) { startAttempt(input: $input) {
  userErrors { code retryAfter } } }"""
