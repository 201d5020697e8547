"""Assigning tests to users and groups, and what students then find."""

from __future__ import annotations

from typing import Any

import pytest
from school import ASSIGN, CLOSE, CREATE_TEST, PUBLISH, START, Exam, School, set_exam

TESTS = """query ($state: TestState, $first: Int! = 50, $after: String) {
  tests(state: $state, first: $first, after: $after) { edges { node { id } cursor }
  pageInfo { hasNextPage endCursor } } }"""
PLAIN = {"title": "Draft", "durationSeconds": 600, "marking": {"preset": "PLAIN"}}


def ids(connection: Any) -> set[str]:
    return {edge["node"]["id"] for edge in connection["edges"]}


async def test_a_test_is_found_by_those_to_whom_it_is_assigned(exam: Exam) -> None:
    by_group = await exam.student("asha")
    by_name, stranger = await exam.school.person("ravi"), await exam.school.person("noor")
    await exam.teacher.do(ASSIGN, testId=exam.test_id, userIds=[by_name.id])

    assert ids(await by_group.ask(TESTS)) == {exam.test_id}
    assert ids(await by_name.ask(TESTS)) == {exam.test_id}
    assert ids(await stranger.ask(TESTS)) == set()


async def test_a_draft_is_found_by_staff_and_not_by_those_to_whom_it_is_assigned(exam: Exam) -> None:
    student = await exam.student("asha")
    draft = (await exam.teacher.do(CREATE_TEST, **PLAIN))["test"]["id"]
    await exam.teacher.do(ASSIGN, testId=draft, groups=["10A"])

    assert ids(await student.ask(TESTS)) == {exam.test_id}
    assert ids(await exam.teacher.ask(TESTS)) == {exam.test_id, draft}
    assert ids(await exam.teacher.ask(TESTS, state="DRAFT")) == {draft}


async def test_a_student_pages_through_its_tests_and_picks_them_by_state(exam: Exam) -> None:
    student = await exam.student("asha")
    sections = [{"title": "A", "questions": [{"questionId": exam.questions[0]["id"]}]}]
    made = {exam.test_id}
    for _ in range(4):
        test_id = (await exam.teacher.do(CREATE_TEST, **PLAIN, sections=sections))["test"]["id"]
        await exam.teacher.do(PUBLISH, testId=test_id)
        await exam.teacher.do(ASSIGN, testId=test_id, groups=["10A"], userIds=[student.id])
        made.add(test_id)
    await exam.teacher.do(CLOSE, testId=exam.test_id)

    found: set[str] = set()
    page = await student.ask(TESTS, first=2)
    pages = 1
    found |= ids(page)
    while page["pageInfo"]["hasNextPage"]:
        page = await student.ask(TESTS, first=2, after=page["pageInfo"]["endCursor"])
        found |= ids(page)
        pages += 1

    assert (found, pages) == (made, 3)
    assert ids(await student.ask(TESTS, state="CLOSED")) == {exam.test_id}


async def test_assigning_again_replaces_the_accommodation(exam: Exam) -> None:
    student = await exam.student("asha")
    for accommodation in ({"extraMinutes": 600}, {"timeFactor": "2"}):
        await exam.teacher.do(ASSIGN, testId=exam.test_id, userIds=[student.id], accommodation=accommodation)

    deadline = (await student.do(START, testId=exam.test_id))["attempt"]["deadline"]

    assert deadline["at"] == "2025-06-02T11:00:00Z"


async def test_somebody_must_be_named_who_is_there(exam: Exam) -> None:
    student = await exam.student("asha")
    test = {"testId": exam.test_id}

    assert await exam.teacher.refused(ASSIGN, **test) == [("REQUIRED", [])]
    unknown = {"userIds": [student.id, "usr_" + "x" * 16, "", "x" * 5_000], "groups": ["10A", "", "x" * 101]}
    assert await exam.teacher.refused(ASSIGN, **test, **unknown) == [
        ("NOT_FOUND", ["userIds", "1"]),
        ("NOT_FOUND", ["userIds", "2"]),
        ("NOT_FOUND", ["userIds", "3"]),
        ("INVALID", ["groups", "1"]),
        ("INVALID", ["groups", "2"]),
    ]
    groups = [f"group {n}" for n in range(401)]
    assert await exam.teacher.refused(ASSIGN, **test, groups=groups) == [("TOO_MANY", [])]
    await exam.teacher.do(ASSIGN, **test, groups=groups[:400])


async def test_a_group_is_named_as_its_students_name_it(school: School, exam: Exam) -> None:
    """Groups of users are kept with single spaces, in one Unicode form."""
    student = await school.person("asha", groups=["  10   Ａ "])
    await exam.teacher.do(ASSIGN, testId=exam.test_id, groups=[" 10  A"])

    assert await exam.start(student)


@pytest.mark.parametrize(
    ("accommodation", "places"),
    [
        ({"timeFactor": "1/2"}, ["timeFactor"]),
        ({"timeFactor": "999999999"}, ["timeFactor"]),
        ({"extraMinutes": -1, "extensionMinutes": -1}, ["extraMinutes", "extensionMinutes"]),
        ({"extraMinutes": 2**31 - 1, "extensionMinutes": 2**31 - 1}, ["extraMinutes", "extensionMinutes"]),
    ],
)
async def test_an_accommodation_out_of_range_is_refused_and_leaves_the_old_one(
    exam: Exam, accommodation: dict[str, Any], places: list[str]
) -> None:
    student = await exam.student("asha")

    asked = {"testId": exam.test_id, "groups": ["10A"], "accommodation": accommodation}

    assert await exam.teacher.refused(ASSIGN, **asked) == [("INVALID", ["accommodation", at]) for at in places]
    assert (await student.do(START, testId=exam.test_id))["attempt"]["deadline"]["at"] == "2025-06-02T10:00:00Z"


async def test_a_teacher_assigns_only_tests_of_its_own(exam: Exam) -> None:
    colleague = await exam.school.person("colleague", "TEACHER")
    student = await exam.student("asha")

    assert await colleague.error_codes(ASSIGN, input={"testId": exam.test_id, "groups": ["9B"]}) == ["FORBIDDEN"]
    assert set(await student.error_codes(ASSIGN, input={"testId": exam.test_id, "groups": ["9B"]})) == {
        "FORBIDDEN"
    }
    missing = {"testId": "tst_" + "x" * 16, "groups": ["9B"]}
    assert await colleague.refused(ASSIGN, **missing) == [("NOT_FOUND", ["testId"])]


async def test_the_tests_own_accommodation_holds_for_all_who_have_none(school: School) -> None:
    exam = await set_exam(school, accommodation={"extraMinutes": 15})
    student = await exam.student("asha")

    assert (await student.do(START, testId=exam.test_id))["attempt"]["deadline"]["at"] == "2025-06-02T10:15:00Z"
