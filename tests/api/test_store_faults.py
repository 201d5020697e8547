"""The store fails under the platform: nothing acknowledged is lost, nothing counts twice, the user is told."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from faults import Fault, FaultyStore
from school import (
    ADMIN_PASSWORD,
    LOGIN,
    MARKS,
    PAPER,
    SAVE,
    SITTING,
    START,
    SUBMIT,
    Exam,
    HandClock,
    Person,
    School,
    open_school,
    set_exam,
)

from api.bootstrap import open_store
from api.settings import Settings
from store.errors import StoreError

UNKNOWN = ("STORE_UNAVAILABLE", "UNKNOWN")
"""What a user is told who has to look whether the change was made."""

NONE = ("STORE_UNAVAILABLE", "NONE")
"""What a user is told who can just try again."""


@pytest.fixture
def store(tmp_path: Path) -> FaultyStore:
    return FaultyStore(open_store(Settings(data_dir=tmp_path)))


@pytest.fixture
async def school(tmp_path: Path, clock: HandClock, store: FaultyStore) -> AsyncIterator[School]:
    """Return a school on a store that fails when it is told to."""
    opened = await open_school(Settings(data_dir=tmp_path), "oakwood", clock, store)
    yield opened
    await opened.client.aclose()
    await opened.services.close()


async def sit(exam: Exam, login: str = "asha") -> tuple[Person, str]:
    student = await exam.student(login)
    return student, await exam.start(student)


async def told(person: Person, document: str, **input: Any) -> list[tuple[str, str]]:
    """Return code and outcome of each top-level error."""
    answered = await person.post(document, {"input": input})
    return [(error["extensions"]["code"], error["extensions"]["outcome"]) for error in answered["errors"]]


async def marks(exam: Exam, attempt_id: str) -> tuple[str, str | None]:
    seen = await exam.teacher.ask(MARKS, id=attempt_id)
    return seen["state"], seen["result"] and seen["result"]["total"]["marks"]


async def test_a_test_is_sat_as_usual_when_every_first_commit_is_aborted(
    school: School, store: FaultyStore
) -> None:
    store.fail_always(Fault.ABORTED)
    exam = await set_exam(school)
    student, attempt_id = await sit(exam)

    acked = []
    for seq in (2, 1, 3):
        batch = {"attemptId": attempt_id, "seq": seq, "events": [exam.answer(1, text=str(seq))]}
        acked.append((await student.do(SAVE, **batch))["acknowledgement"]["ackedSeq"])
    await student.do(SAVE, attemptId=attempt_id, seq=4, events=[exam.answer(1, text="3.14")])
    await student.do(SUBMIT, attemptId=attempt_id, lastSeq=4)
    await school.sweep()

    assert acked == [0, 2, 3]
    assert await marks(exam, attempt_id) == ("GRADED", "1")


@pytest.mark.parametrize("seq", [1, 3])
async def test_a_save_whose_commit_gets_no_answer_is_looked_up(exam: Exam, store: FaultyStore, seq: int) -> None:
    student, attempt_id = await sit(exam)
    batch = {"attemptId": attempt_id, "seq": seq, "events": [exam.answer(1, text="3.14")]}

    store.fail_in_turn(Fault.LOST)
    assert await told(student, SAVE, **batch) == [UNKNOWN]
    assert (await student.ask(SITTING, id=attempt_id))["responses"] == []
    store.fail_in_turn(Fault.LATE)
    assert (await student.do(SAVE, **batch))["acknowledgement"]["seq"] == seq

    assert (await student.do(SAVE, **batch))["acknowledgement"]["seq"] == seq
    other = {**batch, "events": [exam.answer(1, text="2.71")]}
    assert await student.refused(SAVE, **other) == [("SEQUENCE_CONFLICT", ["seq"])]
    [response] = (await student.ask(SITTING, id=attempt_id))["responses"]
    assert response["text"] == "3.14"


async def test_a_save_that_cannot_be_looked_up_is_not_said_to_be_undone(exam: Exam, store: FaultyStore) -> None:
    student, attempt_id = await sit(exam)
    await student.do(SAVE, attemptId=attempt_id, seq=1, events=[exam.visit(0)])
    batch = {"attemptId": attempt_id, "seq": 2, "events": [exam.answer(1, text="3.14")]}

    store.fail_in_turn(Fault.LATE, Fault.AWAY)

    assert await told(student, SAVE, **batch) == [UNKNOWN]
    assert (await student.do(SAVE, **batch))["acknowledgement"]["ackedSeq"] == 2


@pytest.mark.parametrize(("fault", "after"), [(Fault.LATE, "SUBMITTED"), (Fault.LOST, "IN_PROGRESS")])
async def test_a_submit_whose_commit_gets_no_answer_can_be_sent_again(
    exam: Exam, store: FaultyStore, fault: Fault, after: str
) -> None:
    student, attempt_id = await sit(exam)
    await student.do(SAVE, attemptId=attempt_id, seq=1, events=[exam.answer(1, text="3.14")])
    submit = {"attemptId": attempt_id, "lastSeq": 1}

    store.fail_in_turn(fault)
    assert await told(student, SUBMIT, **submit) == [UNKNOWN]

    assert (await student.ask(SITTING, id=attempt_id))["state"] == after
    closed = (await student.do(SUBMIT, **submit))["attempt"]
    assert (closed["closedBy"], closed["lastSeq"], closed["missing"]) == ("STUDENT", 1, [])
    await exam.school.sweep()
    await exam.school.sweep()
    assert await marks(exam, attempt_id) == ("GRADED", "1")


@pytest.mark.parametrize("fault", [Fault.LATE, Fault.LOST])
async def test_a_start_whose_commit_gets_no_answer_can_be_sent_again(
    exam: Exam, store: FaultyStore, fault: Fault
) -> None:
    student = await exam.student("asha")

    store.fail_in_turn(fault)
    assert await told(student, START, testId=exam.test_id) == [UNKNOWN]

    attempt = (await student.do(START, testId=exam.test_id))["attempt"]
    assert (attempt["state"], attempt["number"]) == ("IN_PROGRESS", 1)


@pytest.mark.parametrize("fault", [Fault.LATE, Fault.LOST, Fault.AWAY])
async def test_a_sweep_that_fails_is_made_good_by_the_next(exam: Exam, store: FaultyStore, fault: Fault) -> None:
    attempts = []
    for login in ("asha", "ravi"):
        student, attempt_id = await sit(exam, login)
        await student.do(SAVE, attemptId=attempt_id, seq=1, events=[exam.answer(1, text="3.14")])
        attempts.append(attempt_id)
    exam.school.clock.forward(hours=2)

    for _ in range(5):  # closing two, grading two, and one to spare
        store.fail_in_turn(fault)
        with suppress(StoreError):
            await exam.school.sweep()
    store.fail_in_turn()
    await exam.school.sweep()

    assert [await marks(exam, attempt_id) for attempt_id in attempts] == [("GRADED", "1")] * 2


async def test_while_the_store_is_away_everybody_is_told_so_and_afterwards_all_goes_on(
    exam: Exam, store: FaultyStore
) -> None:
    student, attempt_id = await sit(exam)
    await student.do(SAVE, attemptId=attempt_id, seq=1, events=[exam.answer(1, text="3.14")])
    before = await student.ask(SITTING, id=attempt_id)
    batch = {"attemptId": attempt_id, "seq": 2, "events": [exam.answer(2, text="Delhi")]}
    credentials = {"tenant": "oakwood", "login": "admin", "password": ADMIN_PASSWORD}

    store.fail_always(Fault.AWAY)
    assert await told(student, SAVE, **batch) == [NONE]
    assert await told(student, SUBMIT, attemptId=attempt_id, lastSeq=1) == [NONE]
    assert await told(student, START, testId=exam.test_id) == [NONE]
    assert await told(exam.school.nobody, LOGIN, **credentials) == [NONE]
    for document in (SITTING, PAPER, MARKS):
        assert set(await student.error_codes(document, id=attempt_id)) == {"STORE_UNAVAILABLE"}
    assert (await exam.school.client.get("/readyz")).status_code == 503

    store.fail_always(Fault.NONE)
    assert await student.ask(SITTING, id=attempt_id) == before
    await student.do(SAVE, **batch)
    await student.do(SUBMIT, attemptId=attempt_id, lastSeq=2)
    await exam.school.sweep()
    assert await marks(exam, attempt_id) == ("GRADED", "2")


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_fails_in_whatever_order_what_was_acknowledged_is_kept_and_counts_once(
    exam: Exam, store: FaultyStore, seed: int
) -> None:
    chance = random.Random(seed)
    students = [await exam.student(f"student{number}") for number in range(4)]
    store.fail_as_told(lambda: chance.choice([Fault.NONE, *Fault]))

    async def sit_to_the_end(student: Person, right: int) -> str:
        attempt_id: str = (await insist(student, START, testId=exam.test_id))["attempt"]["id"]
        for seq in chance.sample(range(1, 7), k=6):
            answer = exam.answer(1, text="3.14" if seq == 6 and right else str(seq))
            acknowledged = await insist(student, SAVE, attemptId=attempt_id, seq=seq, events=[answer])
            assert acknowledged["acknowledgement"]["seq"] == seq
        await insist(student, SUBMIT, attemptId=attempt_id, lastSeq=6)
        return attempt_id

    attempts = await asyncio.gather(*(sit_to_the_end(student, n % 2) for n, student in enumerate(students)))
    for _ in range(20):
        with suppress(StoreError):
            await exam.school.sweep()
    store.fail_always(Fault.NONE)
    await exam.school.sweep()

    assert [await marks(exam, attempt_id) for attempt_id in attempts] == [("GRADED", "0"), ("GRADED", "1")] * 2
    sittings = [await student.ask(SITTING, id=id) for student, id in zip(students, attempts, strict=True)]
    assert [(sitting["ackedSeq"], sitting["missing"]) for sitting in sittings] == [(6, [])] * 4


async def insist(person: Person, document: str, **input: Any) -> dict[str, Any]:
    """Send a mutation again for as long as the store fails; return its payload."""
    for _ in range(100):
        answered = await person.post(document, {"input": input})
        codes = {error["extensions"]["code"] for error in answered.get("errors", [])}
        if not codes:
            [payload] = answered["data"].values()
            assert payload["userErrors"] == [], payload
            return dict(payload)
        assert codes == {"STORE_UNAVAILABLE"}, answered
    raise AssertionError("the store failed a hundred times in a row")
