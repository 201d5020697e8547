"""A whole test over a socket: the institution by the command line, everything else by the API of a real server."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
from cohort import examined_school, over, until_graded
from deployment import Deploy
from school import (
    ASSIGN,
    CREATE_TEST,
    CREATE_USERS,
    GIFT,
    IMPORT,
    LOGIN,
    MARKS,
    PUBLISH,
    RELEASE,
    SAVE,
    START,
    SUBMIT,
    Person,
)
from waiting import until

PASSWORD = "correct horse battery staple"
TEST = {"title": "Monday test", "durationSeconds": 3600, "marking": {"preset": "PLAIN"}}


async def enter(http: httpx.AsyncClient, **credentials: str) -> Person:
    nobody = Person(http)
    payload = await nobody.do(LOGIN, tenant="oakwood", **credentials)
    return Person(http, payload["token"], payload["viewer"]["id"])


def answers(questions: list[dict[str, Any]], option: str, number: str, text: str) -> list[dict[str, Any]]:
    """Return the events that answer the first three questions of the file."""
    [chosen] = [each["id"] for each in questions[0]["options"] if each["text"] == option]
    responses: list[dict[str, Any]] = [{"optionIds": [chosen]}, {"text": number}, {"text": text}]
    return [
        {"type": "ANSWER", "at": 1_000 * place, "questionId": question["id"], "response": response}
        for place, (question, response) in enumerate(zip(questions, responses, strict=False))
    ]


async def test_a_test_is_written_sat_graded_and_released(deploy: Deploy, http: httpx.AsyncClient) -> None:
    deployment = deploy(sweep_interval=0.2)
    created = deployment.tp(
        *("tenants", "create", "oakwood", "--name", "Oakwood School", "--admin", "head", "--password-stdin"),
        stdin=f"{PASSWORD}\n",
    )
    assert created == "oakwood: Oakwood School, administrator head\n"
    deployment.start(http)

    admin = await enter(http, login="head", password=PASSWORD)
    people: list[dict[str, Any]] = [
        {"login": "teacher", "name": "Teacher", "roles": ["TEACHER"], "password": PASSWORD}
    ]
    people += [{"login": f"s{n}", "name": f"S {n}", "groups": ["10A"], "accessCode": True} for n in range(3)]
    users = (await admin.do(CREATE_USERS, users=people))["users"]
    teacher = await enter(http, login="teacher", password=PASSWORD)
    questions = (await teacher.do(IMPORT, format="GIFT", content=GIFT))["questions"]
    sections = [{"title": "All", "questions": [{"questionId": question["id"]} for question in questions]}]
    test_id = (await teacher.do(CREATE_TEST, **TEST, sections=sections))["test"]["id"]
    await teacher.do(PUBLISH, testId=test_id)
    await teacher.do(ASSIGN, testId=test_id, groups=["10A"])

    students = [await enter(http, accessCode=user["accessCode"]) for user in users[1:]]
    given = [("4", "3.14", "Delhi"), ("4", "2.71", "Mumbai"), ("3", "0", "Pune")]

    async def sit(student: Person, said: tuple[str, str, str]) -> str:
        attempt_id: str = (await student.do(START, testId=test_id))["attempt"]["id"]
        for seq, event in enumerate(answers(questions, *said), start=1):
            await student.do(SAVE, attemptId=attempt_id, seq=seq, events=[event])
        await student.do(SUBMIT, attemptId=attempt_id, lastSeq=3)
        return attempt_id

    attempts = await asyncio.gather(*map(sit, students, given))
    await until_graded(teacher, test_id, len(students))
    assert (await students[0].ask(MARKS, id=attempts[0]))["result"] is None
    await teacher.do(RELEASE, testId=test_id, score=True)

    for student, attempt_id, marks in zip(students, attempts, ("3", "1", "0"), strict=True):
        total = await until_released(student, attempt_id)
        assert (total["marks"], total["maximum"]) == (marks, "4")
    assert deployment.defects() == []


async def until_released(student: Person, attempt_id: str) -> dict[str, Any]:
    """Wait for the result: a process may hold a test as it was for a few seconds."""

    async def result() -> dict[str, Any] | None:
        shown: dict[str, Any] | None = (await student.ask(MARKS, id=attempt_id))["result"]
        return shown

    total: dict[str, Any] = (await until(result))["total"]
    return total


async def test_an_attempt_whose_time_is_over_is_closed_and_graded_although_nobody_asks(
    deploy: Deploy, http: httpx.AsyncClient
) -> None:
    deployment = deploy(sweep_interval=0.2)
    exam, [person] = await examined_school(deployment.data_dir, 1, durationSeconds=1, graceSeconds=0)
    deployment.start(http)
    student = over(http, person)
    attempt_id = (await student.do(START, testId=exam.test_id))["attempt"]["id"]
    await student.do(SAVE, attemptId=attempt_id, seq=1, events=[exam.answer(0, text="1000000")])

    graded = await until_graded(over(http, exam.teacher), exam.test_id, 1)

    assert graded[attempt_id]["closedBy"] == "DEADLINE"
    assert graded[attempt_id]["result"]["total"]["marks"] == "1"
