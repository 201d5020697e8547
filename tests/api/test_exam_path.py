"""The whole path of one test, on every store."""

from __future__ import annotations

from school import RELEASE, SAVE, SUBMIT, School, set_exam

RESULT = "query ($id: ID!) { attempt(id: $id) { state result { total { marks maximum correct wrong } } } }"


async def test_a_test_is_written_sat_graded_and_released(any_school: School) -> None:
    exam = await set_exam(any_school)
    student = await exam.student("asha")
    attempt_id = await exam.start(student)
    options = {option["text"]: option["id"] for option in exam.questions[0]["options"]}
    primes = {option["text"]: option["id"] for option in exam.questions[3]["options"]}
    first = [
        {"type": "VISIT", "at": 10, "questionId": exam.questions[0]["id"]},
        exam.answer(0, optionIds=[options["4"]]),
        exam.answer(1, text="3.14"),
    ]
    second = [exam.answer(2, text="Mumbai"), exam.answer(3, optionIds=[primes["2"], primes["3"]])]

    acknowledged = await student.do(SAVE, attemptId=attempt_id, seq=1, events=first)
    await student.do(SAVE, attemptId=attempt_id, seq=2, events=second)
    submitted = await student.do(SUBMIT, attemptId=attempt_id, lastSeq=2)
    await any_school.sweep()

    assert acknowledged["acknowledgement"]["ackedSeq"] == 1
    assert submitted["attempt"]["state"] == "SUBMITTED"
    assert (await student.ask(RESULT, id=attempt_id)) == {"state": "GRADED", "result": None}
    await exam.teacher.do(RELEASE, testId=exam.test_id, score=True)
    any_school.clock.forward(seconds=3)
    shown = await student.ask(RESULT, id=attempt_id)
    assert shown["result"]["total"] == {"marks": "3", "maximum": "4", "correct": 3, "wrong": 1}
