"""Submitting, and finalising when nobody submits."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError
from school import MARKS, SAVE, SITTING, SUBMIT, UPDATE_TEST, Exam, Person, School, instant, set_exam, through

from store.port import Entity, Put
from store.records import BODY
from tp.errors import NotFound
from tp.tables import ATTEMPTS, LOG, OUTBOX, Chore, OutboxRecord, log_id

GRADED = "query ($id: ID!) { attempts(testId: $id, state: GRADED) { edges { node { id } } } }"


async def sit(exam: Exam, *answers: str, login: str = "asha") -> tuple[Person, str]:
    """Return a student and its running attempt, with each answer to the second question in a batch."""
    student = await exam.student(login)
    attempt_id = await exam.start(student)
    for seq, text in enumerate(answers, start=1):
        await student.do(SAVE, attemptId=attempt_id, seq=seq, events=[exam.answer(1, text=text)])
    return student, attempt_id


async def outbox(school: School, attempt_id: str) -> bool:
    store = school.services.store.namespace(school.tenant.namespace)
    return await store.get(OUTBOX.key(f"GRADE:{attempt_id}")) is not None


async def marks(exam: Exam, attempt_id: str) -> tuple[str, str | None]:
    """Return the state and the total, as the teacher sees them."""
    seen = await exam.teacher.ask(MARKS, id=attempt_id)
    return seen["state"], seen["result"] and seen["result"]["total"]["marks"]


async def test_a_submitted_attempt_tells_when_by_whom_and_up_to_where(exam: Exam) -> None:
    student, attempt_id = await sit(exam, "3", "3.14")
    exam.school.clock.forward(minutes=12)

    attempt = (await student.do(SUBMIT, attemptId=attempt_id, lastSeq=2))["attempt"]

    assert attempt == {
        "id": attempt_id,
        "state": "SUBMITTED",
        "submittedAt": instant(exam.school.clock.now),
        "closedBy": "STUDENT",
        "lastSeq": 2,
        "missing": [],
    }
    assert await outbox(exam.school, attempt_id)


async def test_submitting_again_changes_nothing(exam: Exam) -> None:
    student, attempt_id = await sit(exam, "3.14")
    first = (await student.do(SUBMIT, attemptId=attempt_id, lastSeq=1))["attempt"]
    exam.school.clock.forward(minutes=1)

    assert (await student.do(SUBMIT, attemptId=attempt_id, lastSeq=1))["attempt"] == first
    assert (await student.do(SUBMIT, attemptId=attempt_id, lastSeq=9))["attempt"] == first
    await exam.school.sweep()
    graded = (await student.do(SUBMIT, attemptId=attempt_id, lastSeq=1))["attempt"]
    assert graded == {**first, "state": "GRADED"}


async def test_a_submit_sent_many_times_at_once_closes_once(exam: Exam, elsewhere: School) -> None:
    student, attempt_id = await sit(exam, "3.14")
    devices = [student, through(elsewhere, student)] * 3

    answers = await asyncio.gather(*(device.do(SUBMIT, attemptId=attempt_id, lastSeq=1) for device in devices))

    assert {str(answer["attempt"]) for answer in answers} == {str(answers[0]["attempt"])}


async def test_an_attempt_without_any_batch_can_be_submitted(exam: Exam) -> None:
    student, attempt_id = await sit(exam)

    await student.do(SUBMIT, attemptId=attempt_id, lastSeq=0)
    await exam.school.sweep()

    assert await marks(exam, attempt_id) == ("GRADED", "0")


async def test_batches_that_have_not_arrived_are_named_and_the_attempt_goes_on(exam: Exam) -> None:
    student, attempt_id = await sit(exam, "3.14")
    await student.do(SAVE, attemptId=attempt_id, seq=4, events=[exam.visit(0)])

    refused = await student.refused(SUBMIT, attemptId=attempt_id, lastSeq=5)

    assert refused == [("MISSING_BATCHES", ["lastSeq", str(seq)]) for seq in (2, 3, 5)]
    for seq in (2, 3, 5):
        await student.do(SAVE, attemptId=attempt_id, seq=seq, events=[exam.visit(0)])
    assert (await student.do(SUBMIT, attemptId=attempt_id, lastSeq=5))["attempt"]["missing"] == []


async def test_batches_given_up_by_the_student_are_named_in_the_attempt(exam: Exam) -> None:
    student, attempt_id = await sit(exam, "3.14")
    await student.do(SAVE, attemptId=attempt_id, seq=3, events=[exam.answer(2, text="Delhi")])

    attempt = (await student.do(SUBMIT, attemptId=attempt_id, lastSeq=4, allowMissing=True))["attempt"]
    await exam.school.sweep()

    assert (attempt["lastSeq"], attempt["missing"]) == (4, [2, 4])
    assert await marks(exam, attempt_id) == ("GRADED", "2")


async def test_of_very_many_missing_batches_the_first_two_hundred_are_named(exam: Exam) -> None:
    student, attempt_id = await sit(exam)

    refused = await student.refused(SUBMIT, attemptId=attempt_id, lastSeq=9_999)
    attempt = (await student.do(SUBMIT, attemptId=attempt_id, lastSeq=9_999, allowMissing=True))["attempt"]

    assert len(refused) == 200
    assert attempt["missing"] == [*range(1, 201)]


async def test_a_client_that_knows_of_fewer_batches_than_are_stored_is_told_to_resume(exam: Exam) -> None:
    student, attempt_id = await sit(exam, "3", "3.14")

    assert await student.refused(SUBMIT, attemptId=attempt_id, lastSeq=1) == [("SEQUENCE_CONFLICT", ["lastSeq"])]
    allowing = {"attemptId": attempt_id, "lastSeq": 1, "allowMissing": True}
    assert await student.refused(SUBMIT, **allowing) == [("SEQUENCE_CONFLICT", ["lastSeq"])]
    assert (await student.ask(SITTING, id=attempt_id))["state"] == "IN_PROGRESS"


@pytest.mark.parametrize("last_seq", [-1, 10_000, 2**31 - 1])
async def test_the_last_number_is_within_the_log(exam: Exam, last_seq: int) -> None:
    student, attempt_id = await sit(exam)

    assert await student.refused(SUBMIT, attemptId=attempt_id, lastSeq=last_seq) == [("INVALID", ["lastSeq"])]


async def test_a_submit_within_grace_is_the_students_own(exam: Exam) -> None:
    student, attempt_id = await sit(exam, "3.14")
    exam.school.clock.forward(hours=1, seconds=30)

    assert (await student.do(SUBMIT, attemptId=attempt_id, lastSeq=1))["attempt"]["closedBy"] == "STUDENT"


async def test_a_submit_after_the_deadline_finds_the_attempt_closed_by_it(exam: Exam) -> None:
    began = exam.school.clock.now
    student, attempt_id = await sit(exam, "3.14")
    exam.school.clock.forward(hours=1, seconds=31)

    attempt = (await student.do(SUBMIT, attemptId=attempt_id, lastSeq=7))["attempt"]

    assert (attempt["closedBy"], attempt["lastSeq"], attempt["missing"]) == ("DEADLINE", 1, [])
    assert attempt["submittedAt"] == instant(began + timedelta(hours=1))


async def test_an_expired_attempt_is_closed_when_it_is_read(exam: Exam) -> None:
    student, attempt_id = await sit(exam, "3.14")
    exam.school.clock.forward(hours=1, seconds=31)

    sitting = await student.ask(SITTING, id=attempt_id)

    assert (sitting["state"], sitting["closedBy"], sitting["lastSeq"]) == ("SUBMITTED", "DEADLINE", 1)
    assert await outbox(exam.school, attempt_id)


async def test_an_expired_attempt_is_closed_when_its_student_lists_it(exam: Exam) -> None:
    student, attempt_id = await sit(exam)
    exam.school.clock.forward(hours=2)
    own = "query ($id: ID!) { test(id: $id) { attempts { edges { node { id state } } } } }"

    listed = await student.ask(own, id=exam.test_id)

    assert [edge["node"] for edge in listed["attempts"]["edges"]] == [{"id": attempt_id, "state": "SUBMITTED"}]


async def test_the_attempt_of_a_student_who_never_comes_back_is_graded_by_the_sweep(exam: Exam) -> None:
    _, attempt_id = await sit(exam, "2.71", "3.14")
    exam.school.clock.forward(minutes=59)
    await exam.school.sweep()
    assert await marks(exam, attempt_id) == ("IN_PROGRESS", None)

    exam.school.clock.forward(minutes=2)
    await exam.school.sweep()

    assert await marks(exam, attempt_id) == ("GRADED", "1")
    assert not await outbox(exam.school, attempt_id)


async def test_an_expired_attempt_with_gaps_is_graded_by_what_was_acknowledged(exam: Exam) -> None:
    student, attempt_id = await sit(exam, "3.14")
    await student.do(SAVE, attemptId=attempt_id, seq=3, events=[exam.answer(2, text="Delhi")])
    exam.school.clock.forward(hours=2)

    await exam.school.sweep()

    sitting = await student.ask(SITTING, id=attempt_id)
    assert (sitting["lastSeq"], sitting["missing"]) == (3, [2])
    assert await marks(exam, attempt_id) == ("GRADED", "2")


async def test_two_sweepers_at_once_do_the_work_once(exam: Exam, elsewhere: School) -> None:
    attempts = [(await sit(exam, "3.14", login=f"student{n}"))[1] for n in range(5)]
    exam.school.clock.forward(hours=2)

    await asyncio.gather(exam.school.sweep(), elsewhere.sweep(), exam.school.sweep(), elsewhere.sweep())
    await exam.school.sweep()

    assert [await marks(exam, id) for id in attempts] == [("GRADED", "1")] * 5
    assert not any([await outbox(exam.school, id) for id in attempts])


async def test_a_sweep_tells_what_it_did_and_a_second_finds_nothing(exam: Exam) -> None:
    await sit(exam, "3.14")
    await sit(exam, "3.14", login="ravi")
    exam.school.clock.forward(hours=2)
    store = exam.school.services.store.namespace(exam.school.tenant.namespace)
    sweeping = exam.school.services.catalogue.sweeping

    first, second = [await sweeping.sweep(store) for _ in range(2)]

    assert (first.closed, first.graded) == (2, 2)
    assert (second.closed, second.graded) == (0, 0)


async def test_what_was_submitted_and_not_graded_when_the_process_died_is_graded_by_another(
    exam: Exam, elsewhere: School
) -> None:
    student, attempt_id = await sit(exam, "3.14")
    await student.do(SUBMIT, attemptId=attempt_id, lastSeq=1)
    assert await marks(exam, attempt_id) == ("SUBMITTED", None)

    await elsewhere.sweep()

    assert await marks(exam, attempt_id) == ("GRADED", "1")


async def test_work_left_for_an_attempt_that_is_gone_or_still_runs_is_passed_over(exam: Exam) -> None:
    _, attempt_id = await sit(exam, "3.14")
    grading = exam.school.services.catalogue.chores.grading
    store = exam.school.services.store.namespace(exam.school.tenant.namespace)

    assert await grading.grade(store, "att_" + "x" * 32) is None
    assert await grading.grade(store, attempt_id) is None
    assert await marks(exam, attempt_id) == ("IN_PROGRESS", None)


@pytest.mark.parametrize("broken", ["chore", "attempt"])
async def test_what_cannot_be_done_keeps_no_other_attempt_from_being_closed_and_graded(
    exam: Exam, broken: str
) -> None:
    """A chore is about a test that is gone; an attempt has something in its log that is no entry."""
    attempts = [(await sit(exam, "3.14", login=f"student{n}"))[1] for n in range(3)]
    store = exam.school.services.store.namespace(exam.school.tenant.namespace)
    if broken == "chore":
        gone = OutboxRecord(chore=Chore.RETIME, subject="tst_" + "x" * 16, recorded_at=exam.school.clock.now)
        await store.commit([Put(OUTBOX.entity(gone))])
    else:
        await store.commit([Put(Entity(LOG.key(log_id(attempts[0], 2)), {BODY: b"{}"}))])
    exam.school.clock.forward(hours=2)

    for _ in range(2):
        with pytest.raises((NotFound, ValidationError)):
            await exam.school.sweep()

    sound = attempts if broken == "chore" else attempts[1:]
    graded = await exam.teacher.ask(GRADED, id=exam.test_id)
    assert {edge["node"]["id"] for edge in graded["edges"]} == set(sound)


async def due(exam: Exam, attempt_id: str) -> Any:
    store = exam.school.services.store.namespace(exam.school.tenant.namespace)
    attempt = ATTEMPTS.found(await store.get(ATTEMPTS.key(attempt_id)))
    assert attempt is not None
    return attempt.due_at


async def test_an_attempt_whose_window_was_moved_later_is_indexed_anew_and_closed_then(school: School) -> None:
    closes = school.clock.now + timedelta(hours=1)
    exam = await set_exam(school, schedule={"closesAt": instant(closes)}, graceSeconds=0)
    school.clock.forward(minutes=30)
    _, attempt_id = await sit(exam, "3.14")
    later = closes + timedelta(hours=4)
    await exam.teacher.do(UPDATE_TEST, testId=exam.test_id, schedule={"closesAt": instant(later)})
    began = school.clock.now

    school.clock.now = closes + timedelta(minutes=1)
    await school.sweep()
    assert await marks(exam, attempt_id) == ("IN_PROGRESS", None)
    assert await due(exam, attempt_id) == began + timedelta(hours=1)
    school.clock.now = began + timedelta(hours=1, minutes=1)
    await school.sweep()

    assert await marks(exam, attempt_id) == ("GRADED", "1")


async def test_an_attempt_whose_window_was_moved_earlier_is_closed_by_the_sweep_at_the_new_end(
    school: School,
) -> None:
    now = school.clock.now
    exam = await set_exam(school, schedule={"closesAt": instant(now + timedelta(hours=3))}, durationSeconds=9_000)
    _, attempt_id = await sit(exam, "3.14")
    sooner = now + timedelta(minutes=30)
    await exam.teacher.do(UPDATE_TEST, testId=exam.test_id, schedule={"closesAt": instant(sooner)})
    await school.sweep()

    school.clock.now = sooner + timedelta(minutes=2)
    await school.sweep()

    store = school.services.store.namespace(school.tenant.namespace)
    attempt = ATTEMPTS.found(await store.get(ATTEMPTS.key(attempt_id)))
    assert attempt is not None
    assert attempt.state == "GRADED"
    assert attempt.submitted_at == sooner


async def test_a_window_ended_now_closes_and_grades_its_attempts_in_one_pass(school: School) -> None:
    exam = await set_exam(school, graceSeconds=0)
    _, attempt_id = await sit(exam, "3.14")
    school.clock.forward(minutes=5)
    now = school.clock.now
    await exam.teacher.do(UPDATE_TEST, testId=exam.test_id, schedule={"closesAt": instant(now)})

    school.clock.forward(seconds=1)
    await school.services.catalogue.sweeping.drain_outbox(school.services.store.namespace(school.tenant.namespace))

    assert await marks(exam, attempt_id) == ("GRADED", "1")
