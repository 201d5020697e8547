"""The server is killed in the middle of its work and started again on the same data."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from cohort import BATCHES, Sitter, examined_school, over, until_graded
from deployment import Deploy, Deployment
from school import MARKS
from waiting import until

STUDENTS = 8
UNDER_WAY = 8
"""How many batches are unanswered, at least, when the server is killed."""


async def begin(deployment: Deployment, http: httpx.AsyncClient, students: int) -> list[Sitter]:
    """Found a school, start its server, and the attempts of students who will earn 0, 1, 2… marks."""
    exam, people = await examined_school(deployment.data_dir, students)
    deployment.start(http)
    cohort = [Sitter(over(http, person), exam, marks) for marks, person in enumerate(people)]
    await asyncio.gather(*(sitter.start() for sitter in cohort))
    return cohort


async def check_marks(http: httpx.AsyncClient, cohort: list[Sitter]) -> None:
    """Wait until all are graded; each has the marks that were known before it began."""
    exam = cohort[0].exam
    graded = await until_graded(over(http, exam.teacher), exam.test_id, len(cohort))
    earned = [graded[sitter.attempt_id]["result"]["total"]["marks"] for sitter in cohort]
    assert earned == [str(sitter.marks) for sitter in cohort]


@pytest.mark.parametrize(("workers", "rounds"), [(1, (0.25, 0.6)), (2, (0.45,))])
async def test_no_acknowledged_batch_is_lost_when_the_server_is_killed_while_a_cohort_saves(
    deploy: Deploy, http: httpx.AsyncClient, workers: int, rounds: tuple[float, ...]
) -> None:
    deployment = deploy(workers, sweep_interval=0.2)
    cohort = await begin(deployment, http, STUDENTS)

    for share in rounds:
        goal = share * STUDENTS * BATCHES

        def kill_at_the_goal(goal: float = goal) -> None:
            acknowledged = sum(len(sitter.acknowledged) for sitter in cohort)
            under_way = sum(len(sitter.unanswered) for sitter in cohort)
            if acknowledged >= goal and under_way >= UNDER_WAY:
                deployment.kill()

        await asyncio.gather(*(sitter.save_all(kill_at_the_goal) for sitter in cohort))
        assert any(sitter.unanswered for sitter in cohort)
        deployment.start(http)
        await asyncio.gather(*(sitter.check() for sitter in cohort))

    await asyncio.gather(*(sitter.save_all() for sitter in cohort))
    await asyncio.gather(*(sitter.submit() for sitter in cohort))
    await check_marks(http, cohort)


async def test_a_submit_that_was_answered_holds_when_the_server_is_killed_at_once(
    deploy: Deploy, http: httpx.AsyncClient
) -> None:
    deployment = deploy(sweep_interval=0.2)
    cohort = await begin(deployment, http, STUDENTS)
    await asyncio.gather(*(sitter.save_all() for sitter in cohort))

    async def submit_and_kill(sitter: Sitter) -> bool:
        try:
            await sitter.submit()
        except httpx.TransportError:
            return False
        deployment.kill()
        return True

    told = await asyncio.gather(*(submit_and_kill(sitter) for sitter in cohort))

    assert any(told)
    deployment.start(http)
    exam = cohort[0].exam
    graded = await until_graded(over(http, exam.teacher), exam.test_id, sum(told))
    assert {sitter.attempt_id for sitter, was in zip(cohort, told, strict=True) if was} <= set(graded)
    await asyncio.gather(*(sitter.submit() for sitter in cohort))
    await check_marks(http, cohort)


async def test_what_was_closed_and_not_yet_graded_when_the_server_was_killed_is_graded_by_the_next(
    deploy: Deploy, http: httpx.AsyncClient
) -> None:
    deployment = deploy(sweep_interval=3_600)
    exam, [person] = await examined_school(deployment.data_dir, 1, durationSeconds=1, graceSeconds=0)
    deployment.start(http)
    teacher, sitter = over(http, exam.teacher), Sitter(over(http, person), exam, marks=0)
    await sitter.start()
    await sitter.save(1)

    async def closed() -> str | None:
        seen = await teacher.ask(MARKS, id=sitter.attempt_id)  # whoever reads an expired attempt closes it
        return None if seen["state"] == "IN_PROGRESS" else str(seen["state"])

    assert await until(closed) == "SUBMITTED"
    deployment.kill()
    deployment.settings["SWEEP_INTERVAL"] = "0.2"
    deployment.start(http)

    graded = await until_graded(teacher, exam.test_id, 1)
    assert graded[sitter.attempt_id]["closedBy"] == "DEADLINE"
