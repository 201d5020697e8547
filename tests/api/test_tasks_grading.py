"""Grading and closing by tasks: from a checkpoint on, around what fails, and in the server's own life."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from queueing import Queue
from school import SUBMIT, UPDATE_TEST, Exam, School, instant
from test_outbox_relay import hand_in, outbox, scope_of, sweep, total

from store.port import Delete, Put
from taskqueue.contract import TaskRequest, TaskState
from tp.domain.attempt import AttemptState
from tp.tables import ATTEMPTS, LOG, OUTBOX, RESULTS
from tp.tasks.payloads import TaskType


async def handed_in(exam: Exam, count: int) -> list[str]:
    return [await hand_in(exam, f"s{n}", exam.answer(1, text="3.14")) for n in range(count)]


async def without_chores(exam: Exam) -> None:
    """Forget what the outbox asks for."""
    records = await outbox(exam.school)
    await scope_of(exam.school).store.commit([Delete(OUTBOX.key(record.id)) for record in records])


async def post(queue: Queue, type: TaskType, exam: Exam) -> None:
    client = queue.client()
    await client.post(TaskRequest(type=type, tenant="oakwood", payload={"testId": exam.test_id}))
    await client.close()


async def copies(exam: Exam, attempt_id: str, count: int) -> list[str]:
    """Keep as many closed attempts more, each like the one that is given."""
    store = scope_of(exam.school).store
    attempt = ATTEMPTS.found(await store.get(ATTEMPTS.key(attempt_id)))
    entry = LOG.found(await store.get(LOG.key(f"{attempt_id}:000001")))
    assert attempt is not None
    assert entry is not None
    tail = attempt_id[-16:]
    ids = [f"att_{'x' * 13}{n:03d}{tail}" for n in range(count)]
    for start in range(0, count, 100):
        some = ids[start : start + 100]
        heads = [ATTEMPTS.entity(attempt.model_copy(update={"id": id, "student_id": f"usr_{id}"})) for id in some]
        logs = [LOG.entity(entry.model_copy(update={"attempt_id": id})) for id in some]
        await store.commit([Put(entity) for entity in [*heads, *logs]])
    return ids


async def graded(exam: Exam, ids: Sequence[str]) -> list[bool]:
    store = scope_of(exam.school).store
    attempts = ATTEMPTS.records(e for e in await store.get_many([ATTEMPTS.key(id) for id in ids]) if e)
    results = await store.get_many([RESULTS.key(id) for id in ids])
    return [
        attempt.state is AttemptState.GRADED and result is not None
        for attempt, result in zip(attempts, results, strict=True)
    ]


async def test_all_closed_attempts_of_a_test_are_graded_and_a_lost_worker_costs_one_step(
    queued_exam: Exam, queue: Queue
) -> None:
    [first] = await handed_in(queued_exam, 1)
    ids = [first, *await copies(queued_exam, first, 230)]
    await without_chores(queued_exam)
    await post(queue, TaskType.GRADE, queued_exam)

    [broken] = await queue.work(stop_after=1)
    assert broken.state is TaskState.QUEUED
    assert sum(await graded(queued_exam, ids)) == 100
    queued_exam.school.clock.forward(minutes=1)
    [done] = await queue.work()

    assert (done.attempts, done.result) == (2, {"done": 231})
    assert all(await graded(queued_exam, ids))
    told = [(progress.done, progress.total) for context in queue.contexts for progress in context.told]
    assert told == [(100, 231), (200, 231), (231, 231)]


async def test_an_attempt_that_cannot_be_graded_keeps_none_of_its_chunk_from_it(
    queued_exam: Exam, queue: Queue
) -> None:
    first, broken, last = await handed_in(queued_exam, 3)
    store = scope_of(queued_exam.school).store
    attempt = ATTEMPTS.found(await store.get(ATTEMPTS.key(broken)))
    assert attempt is not None
    await store.commit([Put(ATTEMPTS.entity(attempt.model_copy(update={"paper_version": 9})))])
    await sweep(queued_exam.school)

    [failed] = await queue.work()
    assert [(await total(queued_exam, id))[0] for id in (first, last)] == ["GRADED", "GRADED"]
    assert failed.error is not None
    await store.commit([Put(ATTEMPTS.entity(attempt))])
    client = queue.client()
    await client.post(TaskRequest(type="tp.grade", tenant="oakwood", payload={"testId": queued_exam.test_id}))
    await client.close()
    await queue.work()

    assert await total(queued_exam, broken) == ("GRADED", "1")


async def test_a_moved_window_is_followed_and_what_it_closed_is_graded(queued_exam: Exam, queue: Queue) -> None:
    student = await queued_exam.student("asha")
    attempt_id = await queued_exam.start(student)
    closes = queued_exam.school.clock.now
    queued_exam.school.clock.forward(minutes=2)
    await queued_exam.teacher.do(UPDATE_TEST, testId=queued_exam.test_id, schedule={"closesAt": instant(closes)})

    for _ in range(2):
        await sweep(queued_exam.school)
        await queue.work()

    assert await total(queued_exam, attempt_id) == ("GRADED", "0")


async def test_work_of_a_suspended_tenant_that_was_posted_is_done(queued_exam: Exam, queue: Queue) -> None:
    [attempt_id] = await handed_in(queued_exam, 1)
    await sweep(queued_exam.school)
    await queued_exam.school.services.registry.suspend("oakwood")

    [done] = await queue.work()
    await queued_exam.school.services.registry.resume("oakwood")

    assert done.state is TaskState.SUCCEEDED
    assert await total(queued_exam, attempt_id) == ("GRADED", "1")


async def test_what_is_about_a_test_that_is_gone_is_given_up(queued_exam: Exam, queue: Queue) -> None:
    client = queue.client()
    for type in ("tp.rescore", "tp.export_results", "tp.finalise"):
        payload = {"jobId": "tsk_x"} if type == "tp.export_results" else {"testId": "tst_" + "x" * 16}
        await client.post(TaskRequest(type=type, tenant="oakwood", payload=payload))
        await client.post(TaskRequest(type=type, tenant="nowhere", payload=payload))
    await client.close()

    done = await queue.work()

    told = {(task.tenant, task.type): (task.state, task.attempts) for task in done}
    assert {told["nowhere", task.type] for task in done} == {(TaskState.FAILED, 1)}
    assert told["oakwood", "tp.export_results"] == (TaskState.FAILED, 1)
    assert told["oakwood", "tp.finalise"] == (TaskState.SUCCEEDED, 1)


async def test_a_served_platform_posts_by_itself_what_a_student_handed_in(queued_exam: Exam, queue: Queue) -> None:
    student = await queued_exam.student("asha")
    attempt_id = await queued_exam.start(student)

    async with queued_exam.school.app.router.lifespan_context(queued_exam.school.app):
        await student.do(SUBMIT, attemptId=attempt_id, lastSeq=0)
        await asyncio.wait_for(queue.line.posted.wait(), 20)

    [task] = await queue.tasks("tp.grade")
    assert task.payload["attemptIds"] == [attempt_id]


async def test_without_a_queue_the_same_work_is_done_by_the_server(school: School, exam: Exam) -> None:
    attempts = await handed_in(exam, 3)

    await school.sweep()

    assert [await total(exam, id) for id in attempts] == [("GRADED", "1")] * 3
