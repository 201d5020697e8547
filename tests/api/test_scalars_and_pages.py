"""Scalars and pages: what the contract takes for an instant, for marks, for a page."""

from __future__ import annotations

from typing import Any

import pytest
from school import CREATE_TEST, UPDATE_TEST, Exam, Person, School, instant

TESTS = """query ($first: Int! = 50, $after: String) { tests(first: $first, after: $after) {
  edges { node { id } } pageInfo { hasNextPage startCursor endCursor } } }"""
ATTEMPTS = """query ($id: ID!, $first: Int!, $after: String) {
  attempts(testId: $id, first: $first, after: $after) {
    edges { node { id } cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""
PLAIN = {"title": "Draft", "durationSeconds": 600, "marking": {"preset": "PLAIN"}}
TOTAL = "query ($id: ID!) { test(id: $id) { declaredTotal schedule { closesAt } } }"


@pytest.fixture
async def teacher(school: School) -> Person:
    return await school.person("teacher", "TEACHER")


async def created(teacher: Person, **given: Any) -> dict[str, Any]:
    test_id = (await teacher.do(CREATE_TEST, **PLAIN, **given))["test"]["id"]
    test: dict[str, Any] = await teacher.ask(TOTAL, id=test_id)
    return test


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2025-07-01T10:00:00Z", "2025-07-01T10:00:00Z"),
        ("2025-07-01T10:00:00+05:30", "2025-07-01T04:30:00Z"),
        ("2025-07-01T10:00:00.250-01:00", "2025-07-01T11:00:00.250000Z"),
        ("2025-07-01t10:00:00z", "2025-07-01T10:00:00Z"),
    ],
)
async def test_an_instant_is_answered_in_utc(teacher: Person, written: str, read: str) -> None:
    assert (await created(teacher, schedule={"closesAt": written}))["schedule"]["closesAt"] == read


@pytest.mark.parametrize(
    "written",
    [
        "2025-07-01T10:00:00",
        "2025-07-01",
        "2025-07-01 10:00:00Z",
        "2025-02-30T10:00:00Z",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        "tomorrow",
        "T" * 41,
        "",
        1_750_000_000,
        1.5,
        True,
        {},
        [],
    ],
)
async def test_what_is_no_instant_with_an_offset_is_bad_input(teacher: Person, written: Any) -> None:
    asked = {**PLAIN, "schedule": {"closesAt": written}}

    assert await teacher.error_codes(CREATE_TEST, input=asked) == ["BAD_USER_INPUT"]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (4, "4"),
        ("4", "4"),
        ("-1/3", "-1/3"),
        ("2/6", "1/3"),
        ("0.25", "1/4"),
        (" 7 ", "7"),
        ("+3", "3"),
        (-2, "-2"),
    ],
)
async def test_marks_are_kept_exactly(teacher: Person, written: Any, read: str) -> None:
    assert (await created(teacher, declaredTotal=written))["declaredTotal"] == read


@pytest.mark.parametrize(
    "written",
    [
        0.5,
        4.0,
        True,
        "1/0",
        "1e3",
        "NaN",
        "Infinity",
        "",
        "1/2/3",
        "1 / 2",
        "x",
        10**10,
        10**400,
        "9" * 400,
        [],
        {},
    ],
)
async def test_what_is_no_exact_marks_is_bad_input(teacher: Person, written: Any) -> None:
    asked = {**PLAIN, "declaredTotal": written}

    codes = await teacher.error_codes(CREATE_TEST, input=asked)

    assert len(codes) == 1
    assert codes[0] in {"BAD_USER_INPUT", "BAD_REQUEST"}


@pytest.mark.parametrize(
    ("literals", "sound"),
    [
        ('declaredTotal: "1/3"', True),
        ("declaredTotal: 3", True),
        ("declaredTotal: 3.0", False),
        ("declaredTotal: true", False),
        ("declaredTotal: PLAIN", False),
        ('schedule: {closesAt: "2025-07-01T10:00:00Z"}', True),
        ('schedule: {closesAt: "2025-07-01T10:00:00"}', False),
        ("schedule: {closesAt: 17}", False),
    ],
)
async def test_scalars_written_in_the_document_follow_the_same_rules(
    teacher: Person, literals: str, sound: bool
) -> None:
    document = (
        'mutation { createTest(input: {title: "D", durationSeconds: 60, marking: {preset: "PLAIN"}, '
        + literals
        + "}) { userErrors { code } } }"
    )

    answered = await teacher.post(document)

    assert ("errors" in answered) != sound
    if sound:
        assert answered["data"]["createTest"]["userErrors"] == []


async def test_the_servers_clock_is_an_instant(exam: Exam) -> None:
    assert await exam.teacher.ask("{ serverTime }") == instant(exam.school.clock.now)


async def test_the_last_second_of_the_calendar_is_no_defect(exam: Exam) -> None:
    schedule = {"opensAt": "0001-01-01T00:00:00Z", "closesAt": "9999-12-31T23:59:59Z"}

    await exam.teacher.do(UPDATE_TEST, testId=exam.test_id, schedule=schedule)

    assert await exam.start(await exam.student("asha"))


async def test_attempts_are_read_page_by_page(exam: Exam) -> None:
    ids = {await exam.start(await exam.student(f"student{n}")) for n in range(5)}

    read: list[str] = []
    cursor, more = None, True
    while more:
        page = await exam.teacher.ask(ATTEMPTS, id=exam.test_id, first=2, after=cursor)
        read += [edge["node"]["id"] for edge in page["edges"]]
        assert page["pageInfo"]["startCursor"] == page["edges"][0]["cursor"]
        assert page["pageInfo"]["hasPreviousPage"] is False
        cursor, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]

    assert (len(read), set(read)) == (5, ids)


async def test_a_page_has_from_one_to_a_hundred_items(exam: Exam) -> None:
    for first in (0, -1, None, 2**31, 1.5):
        assert await exam.teacher.error_codes(TESTS, first=first) == ["BAD_USER_INPUT"]
    assert await exam.teacher.error_codes(TESTS, first=101) == ["LIMIT_EXCEEDED"]
    assert len((await exam.teacher.ask(TESTS, first=100))["edges"]) == 1


@pytest.mark.parametrize("cursor", ["", "nonsense", "AAAA", "é", "x" * 5_000])
async def test_a_cursor_that_none_gave_out_is_bad_input(exam: Exam, cursor: str) -> None:
    codes = await exam.teacher.error_codes(TESTS, after=cursor)

    assert codes == ["BAD_USER_INPUT"]


async def test_attempts_of_no_test_are_not_found(exam: Exam) -> None:
    answered = await exam.teacher.post(ATTEMPTS, {"id": "tst_" + "x" * 16, "first": 2})

    assert [error["extensions"]["code"] for error in answered["errors"]] == ["NOT_FOUND"]
