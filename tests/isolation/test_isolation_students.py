"""Within one institution: what is one student's is to another as if it were not there."""

from __future__ import annotations

import pytest
from asking import ask_all
from campus import Town
from cases import CASES, Case
from school import SAVE, SUBMIT, Person
from traces import kept_by_all, missing_like

from tenants.roles import Role

pytestmark = pytest.mark.asyncio(loop_scope="session")
OF_STUDENTS = [case for case in CASES if Role.STUDENT in case.admits]
PERSONAL = [case for case in OF_STUDENTS if case.takes in ("attempt", "student")]
ASSIGNED = [case for case in OF_STUDENTS if case.takes in ("test", "unstarted")]
OF_STAFF = [case for case in CASES if case.takes == "draft" and not case.changes]
ATTEMPTS = "query ($id: ID!) { test(id: $id) { attempts { edges { node { id student { id } } } } } }"
TESTS = "{ tests { edges { node { id } } } }"


async def assert_as_missing(town: Town, asker: Person, case: Case, id: str) -> None:
    """Assert that the id is answered to a student as one that is missing, and that nothing changes."""
    before = await kept_by_all(town)
    answers = []
    for asked in (id, *missing_like(id)):
        answer = await ask_all(asker, Role.STUDENT, case.field, case.arguments(town.ours.has, asked))
        answers.append(answer.without(asked))
        assert not answer.succeeded
    assert answers == [answers[0]] * 3
    assert await kept_by_all(town) == before


@pytest.mark.parametrize("case", PERSONAL, ids=str)
async def test_what_is_anothers_is_answered_as_missing(town: Town, case: Case) -> None:
    await assert_as_missing(town, town.ours.classmate, case, getattr(town.ours.has, case.takes))


@pytest.mark.parametrize("case", [case for case in PERSONAL if case.takes == "attempt"], ids=str)
async def test_anothers_attempt_is_as_missing_when_it_is_graded(town: Town, case: Case) -> None:
    await assert_as_missing(town, town.ours.by_role[Role.STUDENT], case, town.ours.has.graded)


@pytest.mark.parametrize("case", ASSIGNED, ids=str)
async def test_a_test_that_is_not_assigned_is_answered_as_missing(town: Town, case: Case) -> None:
    await assert_as_missing(town, town.ours.outsider, case, getattr(town.ours.has, case.takes))


@pytest.mark.parametrize("case", OF_STAFF, ids=str)
async def test_a_draft_is_answered_as_missing(town: Town, case: Case) -> None:
    await assert_as_missing(town, town.ours.by_role[Role.STUDENT], case, town.ours.has.draft)


@pytest.mark.parametrize("seq", [1, 2, 150], ids=["stored", "next", "beyond a gap"])
async def test_a_process_that_knows_an_attempt_takes_batches_from_its_student_alone(town: Town, seq: int) -> None:
    student, has = town.third.by_role[Role.STUDENT], await town.third.furnish()
    visit = {"type": "VISIT", "at": 1, "questionId": has.question}
    batch = {"attemptId": has.attempt, "seq": seq, "events": [visit]}

    for other in (town.third.classmate, town.third.outsider):
        assert await other.refused(SAVE, **batch) == [("NOT_FOUND", ["attemptId"])]
        assert await other.refused(SUBMIT, attemptId=has.attempt, lastSeq=1) == [("NOT_FOUND", ["attemptId"])]

    submitted = await student.do(SUBMIT, attemptId=has.attempt, lastSeq=1)
    assert (submitted["attempt"]["state"], submitted["attempt"]["missing"]) == ("SUBMITTED", [])


async def test_lists_hold_ones_own_and_what_is_assigned(town: Town) -> None:
    has, student = town.ours.has, town.ours.by_role[Role.STUDENT]
    shown = {"id": has.attempt, "student": {"id": student.id}}

    assert (await student.ask(ATTEMPTS, id=has.test))["attempts"]["edges"] == [{"node": shown}]
    assert (await town.ours.outsider.ask(TESTS))["edges"] == []
    assigned = [edge["node"]["id"] for edge in (await student.ask(TESTS))["edges"]]
    assert set(assigned) == {has.test, has.unstarted}
