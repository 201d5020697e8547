"""A correction of many results is left to the queue: its task tells the difference when it is done."""

from __future__ import annotations

from typing import Any

from queueing import Queue
from school import CORRECT, Exam
from test_outbox_relay import hand_in, outbox, sweep, total

from taskqueue.contract import TaskState
from tp.tables import Chore

CORRECT_LATER = CORRECT.replace(
    "scored changes", "task { id kind state scored changes { edges { node { before } } } } scored changes"
)
CHANGES = """query ($id: ID!, $first: Int!, $after: String) { task(id: $id) { kind state scored
  changes(first: $first, after: $after) { pageInfo { hasNextPage endCursor }
    edges { node { attemptId before after student { login } } } } } }"""


async def graded(exam: Exam, queue: Queue, *answers: str) -> list[str]:
    attempts = [await hand_in(exam, f"s{n}", exam.answer(1, text=text)) for n, text in enumerate(answers)]
    await sweep(exam.school)
    await queue.work()
    return attempts


def three(exam: Exam) -> dict[str, Any]:
    """Return the correction after which 3 is right, and 3.14 is not."""
    corrections = [{"questionId": exam.questions[1]["id"], "key": {"numbers": [{"low": "3"}]}}]
    return {"testId": exam.test_id, "corrections": corrections, "reason": "typo"}


async def test_few_results_are_scored_again_at_once(queued_exam: Exam, queue: Queue) -> None:
    await graded(queued_exam, queue, "3", "3.14")

    payload = await queued_exam.teacher.do(CORRECT_LATER, **three(queued_exam))

    assert (payload["scored"], len(payload["changes"]), payload["task"]) == (2, 2, None)
    assert await outbox(queued_exam.school) == []


async def test_many_results_are_left_to_the_queue_and_the_difference_is_told(
    queued_exam: Exam, queue: Queue
) -> None:
    attempts = await graded(queued_exam, queue, "3", "3.14", "5", "3")

    payload = await queued_exam.teacher.do(CORRECT_LATER, **three(queued_exam))
    assert (payload["test"]["keyVersion"], payload["scored"], payload["changes"]) == (2, None, None)
    task = payload["task"]
    assert task == {"id": task["id"], "kind": "RESCORE", "state": "WAITING", "scored": None, "changes": None}
    assert [record.chore for record in await outbox(queued_exam.school)] == [Chore.JOB]
    await sweep(queued_exam.school)
    await queue.work()

    first = await queued_exam.teacher.ask(CHANGES, id=task["id"], first=2, after=None)
    page = first["changes"]
    rest = await queued_exam.teacher.ask(CHANGES, id=task["id"], first=2, after=page["pageInfo"]["endCursor"])
    assert (first["state"], first["scored"]) == ("DONE", 4)
    assert page["pageInfo"]["hasNextPage"]
    assert not rest["changes"]["pageInfo"]["hasNextPage"]
    moved = {edge["node"]["attemptId"]: edge["node"] for edge in page["edges"] + rest["changes"]["edges"]}
    assert {id: (node["before"], node["after"]) for id, node in moved.items()} == {
        attempts[0]: ("0", "1"),
        attempts[1]: ("1", "0"),
        attempts[3]: ("0", "1"),
    }
    assert [await total(queued_exam, id) for id in attempts] == [("GRADED", t) for t in ("1", "0", "0", "1")]


async def test_the_difference_is_the_same_when_a_worker_died_after_scoring(
    queued_exam: Exam, queue: Queue
) -> None:
    """It had scored all, and had not told anybody yet: the next attempt scores the same results again."""
    await graded(queued_exam, queue, "3", "3.14", "5")
    task = (await queued_exam.teacher.do(CORRECT_LATER, **three(queued_exam)))["task"]
    rescoring = queued_exam.school.services.catalogue.chores.rescoring
    store = queued_exam.school.services.store.namespace(queued_exam.school.tenant.namespace)
    await rescoring.all_of(store, queued_exam.test_id)
    await sweep(queued_exam.school)

    [done] = await queue.work()

    assert done.state is TaskState.SUCCEEDED
    told = await queued_exam.teacher.ask(CHANGES, id=task["id"], first=10, after=None)
    assert sorted(edge["node"]["after"] for edge in told["changes"]["edges"]) == ["0", "1"]


async def test_cursors_that_are_none_are_bad_input(queued_exam: Exam, queue: Queue) -> None:
    await graded(queued_exam, queue, "3", "3.14", "5")
    task = (await queued_exam.teacher.do(CORRECT_LATER, **three(queued_exam)))["task"]
    await sweep(queued_exam.school)
    await queue.work()

    for cursor in ("x", "1.-1", "٣.٣", "9" * 50 + ".0"):
        codes = await queued_exam.teacher.error_codes(CHANGES, id=task["id"], first=10, after=cursor)
        assert codes == ["BAD_USER_INPUT"], cursor
