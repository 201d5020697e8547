"""The relay: what commits left behind becomes tasks, once, whoever posts and however long the queue is away."""

from __future__ import annotations

import asyncio
from typing import Any

from queueing import Queue
from school import MARKS, SAVE, SUBMIT, UPDATE_TEST, Exam, School, instant
from structlog.testing import capture_logs

from api.background import SWEEPER
from api.bootstrap import own_work
from api.sweeps import Relayed
from store.paging import every
from store.port import Query
from taskqueue.contract import TaskState
from tenants.scope import TenantScope
from tp.domain.ids import attempt_id
from tp.tables import OUTBOX, Chore, OutboxRecord
from tp.tasks.payloads import CHUNK


def scope_of(school: School) -> TenantScope:
    return school.services.registry.scope(school.tenant, SWEEPER)


async def sweep(school: School) -> None:
    """Let the server see to its own work, as it does again and again."""
    await own_work(school.services.catalogue).sweep(scope_of(school))


async def outbox(school: School) -> list[OutboxRecord]:
    query = Query(OUTBOX.kind.name, limit=500)
    return [OUTBOX.record(entity) async for entity in every(scope_of(school).store, query)]


async def hand_in(exam: Exam, login: str, *events: dict[str, Any]) -> str:
    student = await exam.student(login)
    attempt_id = await exam.start(student)
    await student.do(SAVE, attemptId=attempt_id, seq=1, events=[exam.visit(0), *events])
    await student.do(SUBMIT, attemptId=attempt_id, lastSeq=1)
    return attempt_id


async def total(exam: Exam, attempt_id: str) -> tuple[str, str | None]:
    """Return the state of an attempt and its marks."""
    seen = await exam.teacher.ask(MARKS, id=attempt_id)
    return seen["state"], seen["result"] and seen["result"]["total"]["marks"]


async def test_closed_attempts_of_a_test_are_graded_by_one_task(queued_exam: Exam, queue: Queue) -> None:
    answers = ["3.14", "3.14", "2.71"]
    attempts = [await hand_in(queued_exam, f"s{n}", queued_exam.answer(1, text=t)) for n, t in enumerate(answers)]
    assert [await total(queued_exam, id) for id in attempts] == [("SUBMITTED", None)] * 3

    await sweep(queued_exam.school)
    [task] = await queue.tasks("tp.grade")
    [done] = await queue.work()

    assert await outbox(queued_exam.school) == []
    assert task.tenant == "oakwood"
    assert task.payload == {"testId": queued_exam.test_id, "attemptIds": sorted(attempts)}
    assert (done.state, done.result) == (TaskState.SUCCEEDED, {"done": 3})
    assert [await total(queued_exam, id) for id in attempts] == [("GRADED", "1"), ("GRADED", "1"), ("GRADED", "0")]


async def test_grading_by_the_queue_gives_what_the_sweep_gives(queued_exam: Exam, queue: Queue) -> None:
    answered = [[], [queued_exam.answer(1, text="3.14")], [queued_exam.answer(2, text="mumbai")]]
    attempts = [await hand_in(queued_exam, f"s{n}", *events) for n, events in enumerate(answered)]
    alone = await hand_in(queued_exam, "alone", queued_exam.answer(1, text="3.14"))
    await queued_exam.school.sweep()
    by_the_sweep = (await queued_exam.teacher.ask(MARKS, id=alone))["result"]
    again = await hand_in(queued_exam, "again", queued_exam.answer(1, text="3.14"))

    await sweep(queued_exam.school)
    await queue.work()

    assert (await queued_exam.teacher.ask(MARKS, id=again))["result"] == by_the_sweep
    assert {(await total(queued_exam, id))[0] for id in attempts} == {"GRADED"}


async def test_two_replicas_that_relay_at_once_post_each_task_once(
    queued_exam: Exam, queued_elsewhere: School, queue: Queue
) -> None:
    for n in range(5):
        await hand_in(queued_exam, f"s{n}")
    closes = instant(queued_exam.school.clock.now.replace(year=2030))
    schedule = {"opensAt": None, "closesAt": closes}
    await queued_exam.teacher.do(UPDATE_TEST, testId=queued_exam.test_id, schedule=schedule)

    await asyncio.gather(sweep(queued_exam.school), sweep(queued_elsewhere), sweep(queued_exam.school))

    assert sorted(task.type for task in await queue.tasks()) == ["tp.grade", "tp.retime"]
    assert await outbox(queued_exam.school) == []


async def test_while_the_queue_is_away_records_stay_and_students_notice_nothing(
    queued_exam: Exam, queue: Queue
) -> None:
    queue.line.cut = True
    work = Relayed(queued_exam.school.services.catalogue.relay, rest_seconds=0.0)  # type: ignore[arg-type]
    attempt_id = await hand_in(queued_exam, "asha", queued_exam.answer(1, text="3.14"))

    with capture_logs() as logs:
        for _ in range(5):
            await work.sweep(scope_of(queued_exam.school))
    assert [record.subject for record in await outbox(queued_exam.school)] == [attempt_id]
    assert [line["log_level"] for line in logs] == ["warning"]
    queue.line.cut = False
    await work.sweep(scope_of(queued_exam.school))
    await queue.work()

    assert await outbox(queued_exam.school) == []
    assert await total(queued_exam, attempt_id) == ("GRADED", "1")


async def test_a_queue_that_was_away_is_left_alone_for_a_while(queued_exam: Exam, queue: Queue) -> None:
    ticks = 0.0
    relay = queued_exam.school.services.catalogue.relay
    assert relay is not None
    work = Relayed(relay, rest_seconds=5.0, ticks=lambda: ticks)
    await hand_in(queued_exam, "asha")
    queue.line.cut = True
    await work.rung(scope_of(queued_exam.school))
    queue.line.cut = False

    await work.rung(scope_of(queued_exam.school))
    assert await queue.tasks() == []
    ticks = 5.0
    await work.rung(scope_of(queued_exam.school))

    assert [task.type for task in await queue.tasks()] == ["tp.grade"]


async def test_a_record_that_was_posted_and_not_struck_off_is_the_same_task_again(
    queued_exam: Exam, queue: Queue
) -> None:
    """The process was killed between the queue's answer and its own commit."""
    await hand_in(queued_exam, "asha")
    [record] = await outbox(queued_exam.school)
    await sweep(queued_exam.school)

    async def unstruck(transaction: Any) -> None:
        transaction.put(OUTBOX.entity(record))

    await scope_of(queued_exam.school).store.transact(unstruck)
    await sweep(queued_exam.school)

    assert len(await queue.tasks("tp.grade")) == 1
    assert await outbox(queued_exam.school) == []


async def test_a_chore_recorded_anew_is_a_new_task(queued_exam: Exam, queue: Queue) -> None:
    for year in (2030, 2031):
        closes = queued_exam.school.clock.now.replace(year=year)
        schedule = {"closesAt": instant(closes)}
        await queued_exam.teacher.do(UPDATE_TEST, testId=queued_exam.test_id, schedule=schedule)
        await sweep(queued_exam.school)
        queued_exam.school.clock.forward(seconds=1)

    assert [task.type for task in await queue.tasks()] == ["tp.retime", "tp.retime"]


async def test_expired_attempts_are_closed_and_graded_without_anybody(
    queued_exam: Exam, queued_elsewhere: School, queue: Queue
) -> None:
    student = await queued_exam.student("asha")
    attempt_id = await queued_exam.start(student)
    await student.do(SAVE, attemptId=attempt_id, seq=1, events=[queued_exam.answer(1, text="3.14")])
    await sweep(queued_exam.school)
    assert await queue.tasks() == []
    queued_exam.school.clock.forward(minutes=65)

    await asyncio.gather(sweep(queued_exam.school), sweep(queued_elsewhere))
    [finalised] = await queue.work()
    await sweep(queued_exam.school)
    await queue.work()

    assert (finalised.type, finalised.result) == ("tp.finalise", {"done": 1})
    assert await total(queued_exam, attempt_id) == ("GRADED", "1")


async def test_many_attempts_are_chunked(queued_exam: Exam, queue: Queue) -> None:
    store = scope_of(queued_exam.school).store
    now = queued_exam.school.clock.now

    async def recorded(transaction: Any) -> None:
        for number in range(2 * CHUNK + 1):
            subject = attempt_id(queued_exam.test_id, f"usr_{number}", 1)
            record = OutboxRecord(chore=Chore.GRADE, subject=subject, recorded_at=now)
            transaction.put(OUTBOX.entity(record))

    await store.transact(recorded)
    await sweep(queued_exam.school)

    ids = [task.payload["attemptIds"] for task in await queue.tasks("tp.grade")]
    assert sorted(len(each) for each in ids) == [1, CHUNK, CHUNK]  # type: ignore[arg-type]
    assert queue.line.posts == 3


async def test_an_attempt_whose_grading_task_failed_for_good_gets_another_an_hour(
    queued_exam: Exam, queue: Queue
) -> None:
    attempt_id = await hand_in(queued_exam, "asha", queued_exam.answer(1, text="3.14"))
    await sweep(queued_exam.school)
    [failed] = await queue.tasks("tp.grade")
    await queue.client().cancel(failed.id)

    queued_exam.school.clock.forward(minutes=20)
    await sweep(queued_exam.school)
    assert len(await queue.tasks("tp.grade")) == 1
    queued_exam.school.clock.forward(minutes=20)
    await sweep(queued_exam.school)
    await sweep(queued_exam.school)
    assert len(await queue.tasks("tp.grade")) == 2
    await queue.work()

    assert await total(queued_exam, attempt_id) == ("GRADED", "1")
