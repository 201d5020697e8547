"""Behaviour as it is asked for through GraphQL: by staff at any time, by students when the sheet is released."""

from __future__ import annotations

from school import RELEASE, SAVE, SUBMIT, Exam

BEHAVIOUR = """query ($id: ID!) { attempt(id: $id) { behaviour {
  questions { questionId time idle visits returns changes }
  sections { sectionId time idle visits returns changes }
  away focusLost clocksDisagreed } } }"""


async def test_behaviour_is_for_staff_and_after_release_for_the_student(exam: Exam) -> None:
    student = await exam.student("asha")
    attempt_id = await exam.start(student)
    three, four = exam.option(0, "3"), exam.option(0, "4")
    exam.school.clock.forward(seconds=20)
    events = [
        exam.visit(0, 1_000),
        exam.answer(0, 4_000, optionIds=[three]),
        exam.visit(1, 6_000),
        {"type": "BLUR", "at": 7_000},
        {"type": "FOCUS", "at": 9_000},
        exam.visit(0, 10_000),
        exam.answer(0, 11_000, optionIds=[four]),
    ]
    await student.do(SAVE, attemptId=attempt_id, seq=1, events=events)
    assert (await student.ask(BEHAVIOUR, id=attempt_id))["behaviour"] is None
    assert (await exam.teacher.ask(BEHAVIOUR, id=attempt_id))["behaviour"]["focusLost"] == 1

    await student.do(SUBMIT, attemptId=attempt_id, lastSeq=1)
    assert (await student.ask(BEHAVIOUR, id=attempt_id))["behaviour"] is None
    await exam.teacher.do(RELEASE, testId=exam.test_id, responses=True)

    told = (await student.ask(BEHAVIOUR, id=attempt_id))["behaviour"]
    assert told == (await exam.teacher.ask(BEHAVIOUR, id=attempt_id))["behaviour"]
    first, second, *others = told["questions"]
    assert (first["time"], first["visits"], first["returns"], first["changes"]) == (15_000, 2, 1, 1)
    assert (second["time"], second["visits"], second["changes"]) == (2_000, 1, 0)
    assert all(question["visits"] == 0 for question in others)
    [section] = told["sections"]
    assert (section["time"], section["visits"], section["returns"]) == (17_000, 3, 1)
    assert (told["away"], told["focusLost"], told["clocksDisagreed"]) == (2_000, 1, False)


async def test_nobody_sees_the_behaviour_of_a_fellow_student(exam: Exam) -> None:
    asha, ravi = await exam.student("asha"), await exam.student("ravi")
    attempt_id = await exam.start(asha)
    await asha.do(SUBMIT, attemptId=attempt_id, lastSeq=0)
    await exam.teacher.do(RELEASE, testId=exam.test_id, responses=True)

    assert await ravi.ask(BEHAVIOUR, id=attempt_id) is None
    idle = (await asha.ask(BEHAVIOUR, id=attempt_id))["behaviour"]
    assert {question["time"] for question in idle["questions"]} == {0}
