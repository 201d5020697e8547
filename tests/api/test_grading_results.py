"""Marks: what an attempt earns, and who sees what of it through which gate."""

from __future__ import annotations

from typing import Any

import pytest
from school import MARKS, RELEASE, SAVE, SUBMIT, Exam, Person, School, every_type, in_english, options, set_exam

RESULTS = """query ($id: ID!, $state: AttemptState) { attempts(testId: $id, state: $state) { edges { node {
  id state student { login } result { total { marks } } } } } }"""


async def hand_in(exam: Exam, student: Person, *events: dict[str, Any]) -> str:
    """Sit the test with these events, submit, and have it graded."""
    attempt_id = await exam.start(student)
    await student.do(SAVE, attemptId=attempt_id, seq=1, events=[exam.visit(0), *events])
    await student.do(SUBMIT, attemptId=attempt_id, lastSeq=1)
    await exam.school.sweep()
    return attempt_id


def jee_questions() -> list[dict[str, Any]]:
    single = {
        "type": "SINGLE_CHOICE",
        "text": in_english("2 + 2?"),
        "options": options(a="3", b="4"),
        "key": {"correct": ["b"]},
    }
    number = {"type": "NUMERIC", "text": in_english("6 x 7?"), "key": {"numbers": [{"low": "42"}]}}
    return [single, single, single, number, number]


async def test_jee_main_takes_a_mark_for_each_wrong_answer(school: School) -> None:
    exam = await set_exam(school, jee_questions(), marking={"preset": "JEE_MAIN_2025"}, declaredTotal=20)
    student = await exam.student("asha")
    wrong = [exam.answer(place, optionIds=[exam.option(place, "3")]) for place in (0, 1)]
    right = exam.answer(4, text="42")

    attempt_id = await hand_in(exam, student, *wrong, exam.answer(3, text="41"), right)

    result = (await exam.teacher.ask(MARKS, id=attempt_id))["result"]
    assert result["total"] == {
        "marks": "1",
        "maximum": "20",
        "correct": 1,
        "partial": 0,
        "wrong": 3,
        "unanswered": 1,
        "dropped": 0,
        "pending": 0,
    }
    assert [(q["outcome"], q["marks"]) for q in result["questions"]] == [
        ("WRONG", "-1"),
        ("WRONG", "-1"),
        ("UNANSWERED", "0"),
        ("WRONG", "-1"),
        ("CORRECT", "4"),
    ]


async def test_a_negative_total_stays_negative(school: School) -> None:
    exam = await set_exam(school, jee_questions(), marking={"preset": "JEE_MAIN_2025"})
    attempt_id = await hand_in(exam, await exam.student("asha"), exam.answer(3, text="-42"))

    assert (await exam.teacher.ask(MARKS, id=attempt_id))["result"]["total"]["marks"] == "-1"


async def test_marks_are_exact_fractions(school: School) -> None:
    rule = {"correct": "1", "wrong": "-1/3"}
    exam = await set_exam(school, jee_questions(), marking={"default": rule, "name": "THIRDS"})
    wrong = [exam.answer(place, optionIds=[exam.option(place, "3")]) for place in (0, 1)]
    attempt_id = await hand_in(exam, await exam.student("asha"), *wrong)

    assert (await exam.teacher.ask(MARKS, id=attempt_id))["result"]["total"]["marks"] == "-2/3"


async def test_every_type_of_question_is_answered_and_graded(school: School) -> None:
    exam = await set_exam(school, every_type())
    water, salt = [row["id"] for row in exam.questions[4]["rows"]]
    h2o, nacl = [column["id"] for column in exam.questions[4]["columns"]]
    attempt_id = await hand_in(
        exam,
        await exam.student("asha"),
        exam.answer(0, optionIds=[exam.option(0, "4")]),
        exam.answer(1, optionIds=[exam.option(1, "2"), exam.option(1, "3")]),
        exam.answer(2, text="3.145"),
        exam.answer(3, text="New Delhi"),
        exam.answer(4, matrix=[{"rowId": water, "columnIds": [h2o]}, {"rowId": salt, "columnIds": [nacl]}]),
        exam.answer(5, optionIds=[exam.option(5, who) for who in ("Ashoka", "Akbar", "Gandhi")]),
        exam.answer(6, text="Rivers flow."),
    )

    result = (await exam.teacher.ask(MARKS, id=attempt_id))["result"]

    assert [q["outcome"] for q in result["questions"]] == ["CORRECT"] * 6 + ["PENDING"]
    assert (result["total"]["marks"], result["total"]["pending"]) == ("6", 1)
    assert [section["sum"]["marks"] for section in result["sections"]] == ["6"]


async def test_a_matrix_with_the_same_row_twice_is_refused(school: School) -> None:
    exam = await set_exam(school, every_type())
    student = await exam.student("asha")
    attempt_id = await exam.start(student)
    water = exam.questions[4]["rows"][0]["id"]
    h2o, nacl = [column["id"] for column in exam.questions[4]["columns"]]
    twice = [{"rowId": water, "columnIds": [h2o]}, {"rowId": water, "columnIds": [nacl]}]

    for matrix, code, place in (
        (twice, "INVALID", ["1", "rowId"]),
        ([{"rowId": "nonsense", "columnIds": [h2o]}], "UNKNOWN_OPTION", []),
        ([{"rowId": water, "columnIds": ["nonsense"]}], "UNKNOWN_OPTION", [water, "0"]),
    ):
        batch = {"attemptId": attempt_id, "seq": 1, "events": [exam.answer(4, matrix=matrix)]}
        refused = await student.refused(SAVE, **batch)
        assert refused == [(code, ["events", "0", "response", "matrix", *place])]


async def test_staff_see_every_result_in_one_list(exam: Exam) -> None:
    asha, ravi = await exam.student("asha"), await exam.student("ravi")
    await hand_in(exam, asha, exam.answer(1, text="3.14"))
    await exam.start(ravi)

    nodes = [edge["node"] for edge in (await exam.teacher.ask(RESULTS, id=exam.test_id))["edges"]]

    assert sorted((n["student"]["login"], n["state"], n["result"] and n["result"]["total"]) for n in nodes) == [
        ("asha", "GRADED", {"marks": "1"}),
        ("ravi", "IN_PROGRESS", None),
    ]
    running = (await exam.teacher.ask(RESULTS, id=exam.test_id, state="IN_PROGRESS"))["edges"]
    assert [edge["node"]["student"]["login"] for edge in running] == ["ravi"]


async def test_who_may_not_see_marks_sees_attempts_without_them(exam: Exam) -> None:
    attempt_id = await hand_in(exam, await exam.student("asha"), exam.answer(1, text="3.14"))
    admin = await exam.school.admin()
    invigilator = await exam.school.person("invigilator", "INVIGILATOR")
    colleague = await exam.school.person("colleague", "TEACHER")

    for person in (invigilator, colleague):
        [edge] = (await person.ask(RESULTS, id=exam.test_id))["edges"]
        assert (edge["node"]["state"], edge["node"]["result"]) == ("GRADED", None)
        assert (await person.ask(MARKS, id=attempt_id))["result"] is None
    assert (await admin.ask(MARKS, id=attempt_id))["result"]["total"]["marks"] == "1"


async def test_students_list_no_attempts_of_others(exam: Exam) -> None:
    await hand_in(exam, await exam.student("asha"))
    ravi = await exam.student("ravi")

    assert set(await ravi.error_codes(RESULTS, id=exam.test_id)) == {"FORBIDDEN"}
    own = "query ($id: ID!) { test(id: $id) { attempts { edges { node { id } } } } }"
    assert (await ravi.ask(own, id=exam.test_id))["attempts"]["edges"] == []


async def test_a_teacher_releases_and_corrects_only_tests_of_its_own(exam: Exam) -> None:
    colleague = await exam.school.person("colleague", "TEACHER")
    release = {"testId": exam.test_id, "score": True}

    assert await colleague.error_codes(RELEASE, input=release) == ["FORBIDDEN"]
    assert (await (await exam.school.admin()).do(RELEASE, **release))["test"]["gates"]["score"]


async def test_a_student_sees_nothing_of_a_result_until_a_gate_opens(exam: Exam) -> None:
    student = await exam.student("asha")
    attempt_id = await hand_in(exam, student, exam.answer(1, text="3.14"))

    assert await student.ask(MARKS, id=attempt_id) == {"state": "GRADED", "result": None}


@pytest.mark.parametrize("gate", ["score", "responses", "key"])
async def test_each_gate_opens_by_itself(exam: Exam, gate: str) -> None:
    student = await exam.student("asha")
    attempt_id = await hand_in(exam, student, exam.answer(1, text="3.14"))

    await exam.teacher.do(RELEASE, testId=exam.test_id, **{gate: True})

    result = (await student.ask(MARKS, id=attempt_id))["result"]
    assert (result["total"] is not None) == (gate == "score")
    assert (result["sections"] is not None) == (gate == "score")
    for question in result["questions"]:
        for field in ("outcome", "marks", "counted"):
            assert (question[field] is not None) == (gate == "score")
        assert (question["key"] is not None) == (gate == "key")


async def test_a_gate_can_be_shut_again(exam: Exam) -> None:
    student = await exam.student("asha")
    attempt_id = await hand_in(exam, student)
    await exam.teacher.do(RELEASE, testId=exam.test_id, score=True, key=True)

    await exam.teacher.do(RELEASE, testId=exam.test_id, score=True)
    half = (await student.ask(MARKS, id=attempt_id))["result"]
    await exam.teacher.do(RELEASE, testId=exam.test_id)

    assert half["total"] is not None
    assert [question["key"] for question in half["questions"]] == [None] * 4
    assert (await student.ask(MARKS, id=attempt_id))["result"] is None


async def test_nothing_is_released_of_a_draft_or_of_no_test(exam: Exam) -> None:
    draft = """mutation { createTest(input: {title: "D", durationSeconds: 60, marking: {preset: "PLAIN"}}) {
      test { id } } }"""
    test_id = (await exam.teacher.ask(draft))["test"]["id"]

    assert await exam.teacher.refused(RELEASE, testId=test_id, score=True) == [("INVALID_STATE", ["testId"])]
    missing = {"testId": "tst_" + "x" * 16, "score": True}
    assert await exam.teacher.refused(RELEASE, **missing) == [("NOT_FOUND", ["testId"])]
