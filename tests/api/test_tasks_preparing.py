"""Attempts are prepared ahead of a window: inserted for everybody assigned, and begun by their students."""

from __future__ import annotations

from datetime import timedelta

from queueing import Queue
from school import ASSIGN, CREATE_USERS, SUBMIT, UPDATE_TEST, Exam, Person, School, instant, set_exam
from test_outbox_relay import sweep

from taskqueue.contract import TaskState
from tp.domain.pace import earliest

STATES = "query ($id: ID!) { attempts(testId: $id) { edges { node { state student { login } } } } }"


async def later_exam(school: School, **ahead: float) -> Exam:
    opens = school.clock.now + timedelta(**ahead)
    return await set_exam(school, schedule={"opensAt": instant(opens)})


async def states(exam: Exam) -> dict[str, str]:
    """Return the state of every attempt, by the login of its student."""
    edges = (await exam.teacher.ask(STATES, id=exam.test_id))["edges"]
    return {edge["node"]["student"]["login"]: edge["node"]["state"] for edge in edges}


async def students(exam: Exam, *logins: str) -> list[Person]:
    return [await exam.student(login) for login in logins]


async def test_everybody_assigned_is_prepared_shortly_before_the_window_and_then_starts(
    queued_school: School, queue: Queue
) -> None:
    exam = await later_exam(queued_school, hours=2)
    asha, _ = await students(exam, "asha", "ravi")
    alone = await queued_school.person("noor")
    await queued_school.person("stranger")
    watching = await queued_school.person("colleague", "TEACHER", groups=["10A"])
    await exam.teacher.do(ASSIGN, testId=exam.test_id, userIds=[alone.id, asha.id, watching.id])
    await sweep(queued_school)

    [task] = await queue.tasks("tp.prepare")
    assert task.run_at == queued_school.clock.now + timedelta(hours=2, minutes=-15)
    assert await queue.work() == []
    queued_school.clock.forward(hours=1, minutes=45)
    [done] = await queue.work()

    assert done.result == {"done": 3}
    assert await states(exam) == {"asha": "PREPARED", "ravi": "PREPARED", "noor": "PREPARED"}
    queued_school.clock.forward(minutes=16)
    attempt_id = await exam.start(asha)
    assert await states(exam) == {"asha": "IN_PROGRESS", "ravi": "PREPARED", "noor": "PREPARED"}
    await asha.do(SUBMIT, attemptId=attempt_id, lastSeq=0)


async def test_preparing_again_and_after_a_start_changes_nothing(queued_school: School, queue: Queue) -> None:
    exam = await later_exam(queued_school, minutes=10)
    [asha] = await students(exam, "asha")
    await sweep(queued_school)
    await queue.work()
    queued_school.clock.forward(minutes=5)
    await students(exam, "late")
    await exam.teacher.do(ASSIGN, testId=exam.test_id, groups=["10A"])
    queued_school.clock.forward(minutes=6)
    await exam.start(asha)

    await sweep(queued_school)
    [done] = await queue.work()

    assert done.result == {"done": 1}
    assert await states(exam) == {"asha": "IN_PROGRESS", "late": "PREPARED"}


async def test_a_window_that_has_moved_is_prepared_for_when_it_comes(queued_school: School, queue: Queue) -> None:
    exam = await later_exam(queued_school, hours=1)
    await students(exam, "asha")
    await sweep(queued_school)
    moved = queued_school.clock.now + timedelta(hours=3)
    await exam.teacher.do(UPDATE_TEST, testId=exam.test_id, schedule={"opensAt": instant(moved)})
    await sweep(queued_school)

    queued_school.clock.forward(minutes=50)
    early = [task for task in await queue.work() if task.type == "tp.prepare"]
    assert [task.result for task in early] == [{"done": 0}]
    assert await states(exam) == {}
    queued_school.clock.forward(hours=2)
    await queue.work()

    assert await states(exam) == {"asha": "PREPARED"}


async def test_a_large_group_is_prepared_in_steps_and_goes_on_from_the_last(
    queued_school: School, queue: Queue
) -> None:
    await later_exam(queued_school, minutes=5)
    users = [{"login": f"s{n}", "name": "S", "roles": ["STUDENT"], "groups": ["10A"]} for n in range(230)]
    users = [{**user, "accessCode": True} for user in users]
    await (await queued_school.admin()).do(CREATE_USERS, users=users)
    await sweep(queued_school)

    [broken] = await queue.work(stop_after=2)
    assert broken.state is TaskState.QUEUED
    assert broken.checkpoint is not None
    queued_school.clock.forward(seconds=3)
    [done] = await queue.work()

    assert done.attempts == 2
    assert done.result == {"done": 230}
    assert [len(context.told) for context in queue.contexts] == [2, 2]


def test_writes_are_paced_as_the_store_warms_up() -> None:
    assert earliest(0) == 0
    assert earliest(500) == 1
    assert earliest(500 * 300) == 300
    assert earliest(500 * 300 + 750 * 300 + 1125) == 601


async def test_without_a_queue_nobody_is_prepared_and_everybody_starts(school: School) -> None:
    exam = await later_exam(school, minutes=5)
    [asha] = await students(exam, "asha")
    await school.sweep()
    school.clock.forward(minutes=6)
    await school.sweep()
    assert await states(exam) == {}

    await exam.start(asha)

    assert await states(exam) == {"asha": "IN_PROGRESS"}
