"""What an invigilator does during a sitting: in force in every process that has looked, told once, audited."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta

from control import ANNOUNCE, EXTEND, FORCE, PAUSE, RESUME, WATCHED, invigilator, kept_under, look, save
from control import SAVE as SAVE_TOLD
from queueing import Queue
from school import SUBMIT, Exam, School, instant, set_exam, through
from test_audit_log import AUDIT
from test_outbox_relay import sweep

POWER = {"reason": "The power failed"}


async def test_an_extension_moves_the_deadline_in_every_process_and_is_told_once(
    exam: Exam, elsewhere: School
) -> None:
    student, watcher = await exam.student("asha"), await invigilator(exam.school)
    attempt_id, began = await exam.start(student), exam.school.clock.now
    there = through(elsewhere, student)
    await save(there, attempt_id, 1, exam.visit(0))

    acted = await watcher.do(EXTEND, testId=exam.test_id, attemptIds=[attempt_id], minutes=10, **POWER)
    await look(elsewhere)
    told = await save(there, attempt_id, 2, exam.visit(1))
    again = await save(student, attempt_id, 3, exam.visit(0), noticesAfter=told["notices"][0]["id"])

    later = {"at": instant(began + timedelta(minutes=70)), "reason": "EXTENSION"}
    assert acted["changed"] == 1
    assert acted["attempts"] == [{"id": attempt_id, "paused": False, "deadline": later}]
    assert told["deadline"] == again["deadline"] == later
    [notice] = told["notices"]
    assert (notice["kind"], notice["minutes"], notice["text"]) == ("EXTENDED", 10, None)
    assert again["notices"] == []
    assert [n["id"] for n in (await student.ask(WATCHED, id=attempt_id))["notices"]] == [notice["id"]]


async def test_all_who_sit_there_are_extended_and_nobody_who_comes_later(exam: Exam) -> None:
    clock, watcher = exam.school.clock, await invigilator(exam.school)
    early = [await exam.start(await exam.student(login)) for login in ("asha", "ravi")]
    clock.forward(minutes=1)

    acted = await watcher.do(EXTEND, testId=exam.test_id, minutes=5, **POWER)
    clock.forward(seconds=1)
    late = await exam.start(await exam.student("late"))

    assert acted["changed"] == 2
    assert {attempt["id"] for attempt in acted["attempts"]} == {*early}
    for attempt_id, reason in ((early[0], "EXTENSION"), (early[1], "EXTENSION"), (late, "DURATION")):
        assert (await watcher.ask(WATCHED, id=attempt_id))["deadline"]["reason"] == reason


async def test_an_extension_given_elsewhere_keeps_an_attempt_from_being_closed(
    exam: Exam, elsewhere: School
) -> None:
    student, watcher = await exam.student("asha"), await invigilator(exam.school)
    attempt_id = await exam.start(student)
    await look(exam.school)
    await through(elsewhere, watcher).do(EXTEND, testId=exam.test_id, minutes=10, **POWER)

    exam.school.clock.forward(minutes=65)
    await exam.school.sweep()
    told = await save(student, attempt_id, 1, exam.visit(0))

    assert told["deadline"]["reason"] == "EXTENSION"
    exam.school.clock.forward(minutes=10)
    await exam.school.sweep()
    assert (await student.ask(WATCHED, id=attempt_id))["closedBy"] == "DEADLINE"


async def test_what_is_saved_long_after_a_pause_began_waits_and_nothing_acknowledged_is_lost(exam: Exam) -> None:
    clock, student, watcher = exam.school.clock, await exam.student("asha"), await invigilator(exam.school)
    attempt_id = await exam.start(student)
    answer = {"attemptId": attempt_id, "seq": 2, "events": [exam.answer(1, text="3.14")]}
    clock.forward(minutes=30)

    await watcher.do(PAUSE, testId=exam.test_id, attemptIds=[attempt_id], **POWER)
    clock.forward(seconds=9)
    told = await save(student, attempt_id, 1, exam.visit(1))
    clock.forward(minutes=20)
    refused = await student.refused(SAVE_TOLD, **answer)
    again = await save(student, attempt_id, 1, exam.visit(1))

    assert [notice["kind"] for notice in told["notices"]] == ["PAUSED"]
    assert refused == [("PAUSED", ["attemptId"])]
    assert await kept_under(exam, attempt_id, 2) == (None, None)
    assert again["ackedSeq"] == 1
    await watcher.do(RESUME, testId=exam.test_id, **POWER)
    resumed = await student.do(SAVE_TOLD, **answer)
    assert resumed["acknowledgement"]["deadline"]["reason"] == "PAUSE"
    assert [notice["kind"] for notice in resumed["acknowledgement"]["notices"]] == ["PAUSED", "RESUMED"]


async def test_a_paused_attempt_does_not_expire_and_ends_later_by_the_time_it_stood(exam: Exam) -> None:
    clock, student, watcher = exam.school.clock, await exam.student("asha"), await invigilator(exam.school)
    attempt_id, began = await exam.start(student), clock.now
    clock.forward(minutes=50)
    await watcher.do(PAUSE, testId=exam.test_id, **POWER)
    await exam.school.sweep()

    clock.forward(hours=2)
    await exam.school.sweep()
    paused = await student.ask(WATCHED, id=attempt_id)
    await watcher.do(RESUME, testId=exam.test_id, **POWER)
    resumed = await student.ask(WATCHED, id=attempt_id)
    await exam.school.sweep()
    clock.forward(minutes=11)
    await exam.school.sweep()

    assert (paused["state"], paused["paused"]) == ("IN_PROGRESS", True)
    assert (resumed["paused"], resumed["deadline"]) == (
        False,
        {"at": instant(began + timedelta(minutes=180)), "reason": "PAUSE"},
    )
    ended = await student.ask(WATCHED, id=attempt_id)
    assert (ended["state"], ended["submittedAt"]) == ("GRADED", resumed["deadline"]["at"])


async def test_a_forced_attempt_takes_what_was_on_its_way_and_is_then_closed_and_graded(exam: Exam) -> None:
    clock, student, watcher = exam.school.clock, await exam.student("asha"), await invigilator(exam.school)
    attempt_id = await exam.start(student)
    clock.forward(minutes=10)

    forced_at = clock.now
    acted = await watcher.do(FORCE, testId=exam.test_id, attemptIds=[attempt_id], **POWER)
    clock.forward(seconds=20)
    on_its_way = await save(student, attempt_id, 1, exam.answer(1, text="3.14"))
    clock.forward(seconds=20)
    too_late = {"attemptId": attempt_id, "seq": 2, "events": [exam.visit(2)]}
    refused = await student.refused(SAVE_TOLD, **too_late)
    await exam.school.sweep()

    over = {"at": instant(forced_at), "reason": "FORCED"}
    assert [attempt["deadline"] for attempt in acted["attempts"]] == [over]
    assert [notice["kind"] for notice in on_its_way["notices"]] == ["FORCED"]
    assert refused == [("DEADLINE_PASSED", ["attemptId"])]
    ended = await student.ask(WATCHED, id=attempt_id)
    assert (ended["state"], ended["closedBy"], ended["ackedSeq"]) == ("GRADED", "INVIGILATOR", 1)
    assert ended["submittedAt"] == instant(forced_at)


async def test_without_grace_the_forced_are_closed_at_once(school: School) -> None:
    exam = await set_exam(school, graceSeconds=0)
    student, watcher = await exam.student("asha"), await invigilator(school)
    attempt_id = await exam.start(student)
    school.clock.forward(minutes=10)

    await watcher.do(FORCE, testId=exam.test_id, **POWER)
    school.clock.forward(seconds=1)
    await school.sweep()

    assert (await student.ask(WATCHED, id=attempt_id))["state"] == "GRADED"


async def test_whoever_hands_in_because_it_was_ended_by_force_did_not_decide_it(exam: Exam) -> None:
    student, watcher = await exam.student("asha"), await invigilator(exam.school)
    attempt_id = await exam.start(student)
    await watcher.do(FORCE, testId=exam.test_id, **POWER)
    exam.school.clock.forward(seconds=5)

    handed_in = (await student.do(SUBMIT, attemptId=attempt_id, lastSeq=0))["attempt"]

    assert (handed_in["state"], handed_in["closedBy"]) == ("SUBMITTED", "INVIGILATOR")


async def test_a_student_may_submit_while_the_clock_stands(exam: Exam) -> None:
    student, watcher = await exam.student("asha"), await invigilator(exam.school)
    attempt_id = await exam.start(student)
    await watcher.do(PAUSE, testId=exam.test_id, **POWER)

    assert (await student.do(SUBMIT, attemptId=attempt_id, lastSeq=0))["attempt"]["closedBy"] == "STUDENT"


async def test_an_announcement_reaches_those_it_is_for(exam: Exam) -> None:
    asha, ravi, watcher = await exam.student("asha"), await exam.student("ravi"), await invigilator(exam.school)
    to_one, to_another = await exam.start(asha), await exam.start(ravi)

    told = await watcher.do(ANNOUNCE, testId=exam.test_id, attemptIds=[to_one], text="Take a new pen.")
    everybody = await watcher.do(ANNOUNCE, testId=exam.test_id, text="Ten minutes left.")

    heard = (await save(asha, to_one, 1, exam.visit(0)))["notices"]
    assert [(notice["id"], notice["text"]) for notice in heard] == [
        (told["announcement"]["id"], "Take a new pen."),
        (everybody["announcement"]["id"], "Ten minutes left."),
    ]
    assert [n["text"] for n in (await save(ravi, to_another, 1, exam.visit(0)))["notices"]] == [
        "Ten minutes left."
    ]


async def test_an_act_that_finds_nothing_to_change_says_so(exam: Exam) -> None:
    student, watcher = await exam.student("asha"), await invigilator(exam.school)
    about = {"testId": exam.test_id, "attemptIds": [await exam.start(student)]}

    assert (await watcher.do(PAUSE, **about, **POWER))["changed"] == 1
    assert (await watcher.do(PAUSE, **about, **POWER))["changed"] == 0
    await student.do(SUBMIT, attemptId=about["attemptIds"][0], lastSeq=0)
    assert (await watcher.do(EXTEND, **about, minutes=5, **POWER))["changed"] == 0
    assert await watcher.refused(ANNOUNCE, **about, text="Hello?") == [("INVALID_STATE", ["attemptIds"])]


async def test_a_request_sent_again_is_done_once(exam: Exam, elsewhere: School) -> None:
    student, watcher = await exam.student("asha"), await invigilator(exam.school)
    attempt_id, began = await exam.start(student), exam.school.clock.now
    asked = {"testId": exam.test_id, "minutes": 10, "requestId": "5f6c", **POWER}

    first = await watcher.do(EXTEND, **asked)
    again = await through(elsewhere, watcher).do(EXTEND, **asked)

    assert again == first
    extended = (await student.ask(WATCHED, id=attempt_id))["deadline"]["at"]
    assert extended == instant(began + timedelta(minutes=70))


async def test_acts_with_mistakes_change_nothing(exam: Exam) -> None:
    student, watcher = await exam.student("asha"), await invigilator(exam.school)
    attempt_id = await exam.start(student)
    of_test = {"testId": exam.test_id}
    before = await exam.school.kept()

    for mistaken, code, path in (
        ({"attemptIds": [attempt_id, "att_x"], "minutes": 5, **POWER}, "NOT_FOUND", ["attemptIds", "1"]),
        ({"attemptIds": [], "minutes": 5, **POWER}, "INVALID", ["attemptIds"]),
        ({"minutes": 0, **POWER}, "INVALID", ["minutes"]),
        ({"minutes": 5, "reason": " "}, "INVALID", ["reason"]),
        ({"minutes": 5, "requestId": "", **POWER}, "INVALID", ["requestId"]),
    ):
        assert await watcher.refused(EXTEND, **of_test, **mistaken) == [(code, path)]
    assert await watcher.refused(ANNOUNCE, **of_test, text="") == [("INVALID", ["text"])]
    assert await exam.school.kept() == before


async def test_invigilators_act_in_every_test_and_teachers_in_their_own(exam: Exam) -> None:
    student, watcher = await exam.student("asha"), await invigilator(exam.school)
    colleague = await exam.school.person("colleague", "TEACHER")
    await exam.start(student)
    asked = {"input": {"testId": exam.test_id, "minutes": 1, **POWER}}

    for person in (watcher, exam.teacher, await exam.school.admin()):
        assert (await person.do(EXTEND, **asked["input"]))["changed"] == 1
    for person in (colleague, student):
        assert set(await person.error_codes(EXTEND, **asked)) == {"FORBIDDEN"}


async def test_acts_are_audited_with_their_reasons(exam: Exam) -> None:
    student, watcher = await exam.student("asha"), await invigilator(exam.school)
    attempt_id = await exam.start(student)
    about = {"testId": exam.test_id, "attemptIds": [attempt_id]}
    for act, told in ((EXTEND, {"minutes": 5, **POWER}), (PAUSE, POWER), (RESUME, POWER), (FORCE, POWER)):
        exam.school.clock.forward(seconds=1)
        await watcher.do(act, **about, **told)

    edges = (await (await exam.school.admin()).ask(AUDIT, subject=exam.test_id, first=4))["edges"]

    actions = ["attempts.force", "attempts.resume", "attempts.pause", "attempts.extend"]
    assert [edge["node"]["action"] for edge in edges] == actions
    assert {edge["node"]["actorId"] for edge in edges} == {watcher.id}
    assert json.loads(edges[-1]["node"]["details"]) == {
        "attempt_ids": [attempt_id],
        "minutes": 5,
        "changed": 1,
        **POWER,
    }


async def test_with_a_task_queue_its_workers_write_down_what_acts_change(queued_exam: Exam, queue: Queue) -> None:
    school, student = queued_exam.school, await queued_exam.student("asha")
    watcher, attempt_id = await invigilator(school), await queued_exam.start(student)

    await watcher.do(FORCE, testId=queued_exam.test_id, **POWER)
    await watcher.do(PAUSE, testId=queued_exam.test_id, attemptIds=[attempt_id], **POWER)
    await sweep(school)
    await queue.work()
    school.clock.forward(minutes=2)
    await sweep(school)
    await queue.work()

    assert "tp.heed" in {task.type for task in await queue.tasks()}
    assert (await student.ask(WATCHED, id=attempt_id))["closedBy"] == "INVIGILATOR"


async def test_a_student_saves_through_two_processes_while_the_clock_is_stopped_and_moved(
    exam: Exam, elsewhere: School
) -> None:
    student, watcher = await exam.student("asha"), await invigilator(exam.school)
    attempt_id = await exam.start(student)
    processes = [student, through(elsewhere, student)]

    async def saves() -> list[int]:
        return [
            (await save(processes[seq % 2], attempt_id, seq, exam.visit(seq % 4)))["seq"] for seq in range(1, 41)
        ]

    async def acts() -> None:
        for _ in range(5):
            await watcher.do(EXTEND, testId=exam.test_id, minutes=1, **POWER)
            await watcher.do(PAUSE, testId=exam.test_id, **POWER)
            await watcher.do(RESUME, testId=exam.test_id, **POWER)
            await exam.school.sweep()
            await look(elsewhere)

    acknowledged, _ = await asyncio.gather(saves(), acts())
    await look(exam.school, elsewhere)

    assert acknowledged == [*range(1, 41)]
    seen = [await process.ask(WATCHED, id=attempt_id) for process in processes]
    assert seen[0] == seen[1]
    assert (seen[0]["ackedSeq"], seen[0]["paused"], len(seen[0]["notices"])) == (40, False, 15)
