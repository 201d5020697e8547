"""Two devices on one attempt: the second asks, the first is told, and nothing acknowledged is lost."""

from __future__ import annotations

from control import SAVE, WATCHED, kept_under, look, save
from school import START, Exam, School, through

LAPTOP, SPARE = {"device": "laptop"}, {"device": "spare"}


async def test_another_device_is_refused_until_it_takes_over(exam: Exam) -> None:
    student = await exam.student("asha")
    begun = (await student.do(START, testId=exam.test_id, **LAPTOP))["attempt"]

    assert await student.refused(START, testId=exam.test_id, **SPARE) == [("OTHER_DEVICE", ["device"])]
    assert (await student.do(START, testId=exam.test_id, **LAPTOP))["attempt"] == begun
    assert (await student.do(START, testId=exam.test_id, takeOver=True, **SPARE))["attempt"] == begun
    assert await student.refused(START, testId=exam.test_id, **LAPTOP) == [("OTHER_DEVICE", ["device"])]


async def test_the_device_that_lost_the_attempt_is_told_and_what_it_still_sends_is_kept_apart(
    exam: Exam, elsewhere: School
) -> None:
    clock, student = exam.school.clock, await exam.student("asha")
    attempt_id = (await student.do(START, testId=exam.test_id, **LAPTOP))["attempt"]["id"]
    await save(student, attempt_id, 1, exam.visit(0), **LAPTOP)
    clock.forward(seconds=1)

    await through(elsewhere, student).do(START, testId=exam.test_id, takeOver=True, **SPARE)
    await look(exam.school)
    again = await save(student, attempt_id, 1, exam.visit(0), **LAPTOP)
    clock.forward(seconds=1)
    unsent = {"attemptId": attempt_id, "seq": 2, "events": [exam.answer(1, text="3.14")], **LAPTOP}
    refused = await student.refused(SAVE, **unsent)
    log, apart = await kept_under(exam, attempt_id, 2)
    taken = await save(student, attempt_id, 2, exam.visit(1), **SPARE)

    assert [notice["kind"] for notice in again["notices"]] == ["TAKEN_OVER"]
    assert refused == [("TAKEN_OVER", ["device"])]
    assert log is None
    assert apart is not None
    assert (taken["ackedSeq"], taken["notices"]) == (2, [])
    assert (await student.ask(WATCHED, id=attempt_id))["notices"] == []


async def test_what_was_received_before_the_other_device_took_over_counts(exam: Exam) -> None:
    clock, student = exam.school.clock, await exam.student("asha")
    attempt_id = (await student.do(START, testId=exam.test_id, **LAPTOP))["attempt"]["id"]

    # Both arrive in the same instant, and the batch is looked at last.
    await student.do(START, testId=exam.test_id, takeOver=True, **SPARE)
    told = await save(student, attempt_id, 1, exam.visit(0), **LAPTOP)
    clock.forward(seconds=1)

    assert [notice["kind"] for notice in told["notices"]] == ["TAKEN_OVER"]
    assert (await student.ask(WATCHED, id=attempt_id))["ackedSeq"] == 1


async def test_clients_that_name_no_device_work_as_before(exam: Exam) -> None:
    student = await exam.student("asha")
    attempt_id = (await student.do(START, testId=exam.test_id, **LAPTOP))["attempt"]["id"]

    assert (await student.do(START, testId=exam.test_id))["attempt"]["id"] == attempt_id
    assert (await save(student, attempt_id, 1, exam.visit(0)))["ackedSeq"] == 1


async def test_the_first_device_that_names_itself_holds_what_a_nameless_one_began(exam: Exam) -> None:
    student = await exam.student("asha")
    attempt_id = await exam.start(student)

    await student.do(START, testId=exam.test_id, **LAPTOP)

    assert await student.refused(START, testId=exam.test_id, **SPARE) == [("OTHER_DEVICE", ["device"])]
    assert (await save(student, attempt_id, 1, exam.visit(0), **LAPTOP))["ackedSeq"] == 1


async def test_a_device_names_itself_briefly_and_takes_over_a_bounded_number_of_times(exam: Exam) -> None:
    student = await exam.student("asha")
    await student.do(START, testId=exam.test_id, **LAPTOP)

    assert await student.refused(START, testId=exam.test_id, device="x" * 65) == [("INVALID", ["device"])]
    for turn in range(20):
        await student.do(START, testId=exam.test_id, takeOver=True, device=f"device {turn}")
    assert await student.refused(START, testId=exam.test_id, takeOver=True, **LAPTOP) == [
        ("TOO_MANY", ["takeOver"])
    ]
