"""Two processes on one store: what one of them is told soon holds in the other."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from control import EXTEND, invigilator, save
from school import Exam, Person, School, through

VIEWER = "{ viewer { id } }"
END_SESSIONS = """mutation ($input: EndSessionsInput!) { endSessions(input: $input) {
  users { id } userErrors { code path } } }"""
PATIENCE_SECONDS = 30.0


async def until(ask: Callable[[], Awaitable[Any]], answer: Any) -> None:
    """Ask again and again until it is answered so."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            if await ask() == answer:
                return
            await asyncio.sleep(0.05)


async def test_ended_sessions_are_refused_in_every_process_and_a_new_login_is_not(
    school: School, elsewhere: School
) -> None:
    admin, student, other = await school.admin(), await school.person("asha"), await school.person("ravi")
    there = through(elsewhere, student)
    assert (await there.ask(VIEWER))["id"] == student.id

    ended = await admin.do(END_SESSIONS, userIds=[student.id])

    assert ended["users"] == [{"id": student.id}]
    assert set(await student.error_codes(VIEWER)) == {"UNAUTHENTICATED"}
    await until(lambda: there.error_codes(VIEWER), ["UNAUTHENTICATED"])
    assert (await through(elsewhere, other).ask(VIEWER))["id"] == other.id
    school.clock.forward(seconds=1)
    again = await login_again(school, admin, student)
    assert (await through(elsewhere, again).ask(VIEWER))["id"] == student.id


async def login_again(school: School, admin: Person, student: Person) -> Person:
    issued = await admin.do(ISSUE, userIds=[student.id])
    return await school.enter(issued["users"][0]["accessCode"])


ISSUE = """mutation ($input: IssueAccessCodesInput!) { issueAccessCodes(input: $input) {
  users { accessCode } userErrors { code path } } }"""


async def test_more_ended_sessions_than_are_kept_apart_end_those_of_all(school: School) -> None:
    student = await school.person("asha")
    await school.services.registry.end_sessions("oakwood", [f"usr_{number}" for number in range(5_001)])

    assert set(await student.error_codes(VIEWER)) == {"UNAUTHENTICATED"}


async def test_a_suspension_holds_in_every_process(school: School, elsewhere: School) -> None:
    student = await school.person("asha")
    there = through(elsewhere, student)
    assert (await there.ask(VIEWER))["id"] == student.id

    await school.services.registry.suspend("oakwood")

    assert await student.error_codes(VIEWER) == ["TENANT_SUSPENDED"]
    await until(lambda: there.error_codes(VIEWER), ["TENANT_SUSPENDED"])


async def test_an_extension_is_told_with_the_next_saves_in_every_process(exam: Exam, elsewhere: School) -> None:
    student = await exam.student("asha")
    attempt_id = await exam.start(student)
    there = through(elsewhere, student)
    answered = exam.answer(1, text="3.14")
    first = await save(there, attempt_id, 1, answered)

    await (await invigilator(exam.school)).do(EXTEND, testId=exam.test_id, minutes=5, reason="power cut")

    async def reason() -> str:
        told: str = (await save(there, attempt_id, 1, answered))["deadline"]["reason"]
        return told

    assert first["deadline"]["reason"] == "DURATION"
    await until(reason, "EXTENSION")
