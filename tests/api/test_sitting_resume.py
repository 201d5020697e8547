"""Resuming: what a student finds who comes back, on whichever device, in whatever order the batches came."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from school import (
    MARKS,
    PAPER,
    RELEASE,
    SAVE,
    SITTING,
    START,
    SUBMIT,
    Exam,
    HandClock,
    Person,
    School,
    instant,
    open_school,
    set_exam,
    through,
)

from api.settings import Settings


async def save(student: Person, attempt_id: str, seq: int, *events: dict[str, Any]) -> None:
    await student.do(SAVE, attemptId=attempt_id, seq=seq, events=[*events])


async def test_a_fresh_attempt_has_no_answers_and_no_visits(exam: Exam) -> None:
    student = await exam.student("asha")
    attempt_id = await exam.start(student)

    sitting = await student.ask(SITTING, id=attempt_id)

    assert sitting["state"] == "IN_PROGRESS"
    assert (sitting["ackedSeq"], sitting["responses"], sitting["currentQuestionId"]) == (0, [], None)
    assert [entry["state"] for entry in sitting["palette"]] == ["NOT_VISITED"] * 4
    assert (sitting["submittedAt"], sitting["closedBy"], sitting["lastSeq"]) == (None, None, None)


async def test_a_student_finds_answers_palette_place_and_deadline_again(exam: Exam, elsewhere: School) -> None:
    student = await exam.student("asha")
    began = exam.school.clock.now
    attempt_id = await exam.start(student)
    four, primes = exam.option(0, "4"), sorted([exam.option(3, "2"), exam.option(3, "3")])
    await save(student, attempt_id, 1, exam.visit(0), exam.answer(0, optionIds=[four]))
    await save(student, attempt_id, 2, exam.visit(1), exam.answer(1, text=" 3.14 "), exam.visit(1, type="MARK"))
    await save(student, attempt_id, 3, exam.answer(3, optionIds=primes), exam.visit(3, type="CLEAR"))
    await save(student, attempt_id, 4, exam.visit(2), exam.visit(2, type="MARK"), {"type": "BLUR", "at": 9_000})
    exam.school.clock.forward(minutes=20)

    sitting = await through(elsewhere, student).ask(SITTING, id=attempt_id)

    ids = [question["id"] for question in exam.questions]
    assert {answer["questionId"]: answer["optionIds"] or answer["text"] for answer in sitting["responses"]} == {
        ids[0]: [four],
        ids[1]: "3.14",
    }
    assert {entry["questionId"]: entry["state"] for entry in sitting["palette"]} == {
        ids[0]: "ANSWERED",
        ids[1]: "ANSWERED_AND_MARKED_FOR_REVIEW",
        ids[2]: "MARKED_FOR_REVIEW",
        ids[3]: "NOT_ANSWERED",
    }
    assert sitting["currentQuestionId"] == ids[2]
    assert sitting["ackedSeq"] == 4
    assert sitting["deadline"]["at"] == instant(began + timedelta(hours=1))


async def test_a_mark_taken_back_leaves_the_answer(exam: Exam) -> None:
    student = await exam.student("asha")
    attempt_id = await exam.start(student)
    await save(student, attempt_id, 1, exam.visit(1, type="MARK"), exam.answer(1, text="3"))
    await save(student, attempt_id, 2, exam.visit(1, type="UNMARK"))

    palette = (await student.ask(SITTING, id=attempt_id))["palette"]

    assert palette[1]["state"] == "ANSWERED"


async def test_staff_see_the_palette_while_only_the_owner_sees_answers_and_paper(exam: Exam) -> None:
    student = await exam.student("asha")
    invigilator = await exam.school.person("invigilator", "INVIGILATOR")
    colleague = await exam.school.person("colleague", "TEACHER")
    attempt_id = await exam.start(student)
    await save(student, attempt_id, 1, exam.answer(1, text="3.14"))

    for watcher in (invigilator, colleague):
        seen = await watcher.ask(SITTING, id=attempt_id)
        assert [entry["state"] for entry in seen["palette"]].count("ANSWERED") == 1
        assert seen["responses"] is None
        assert (await watcher.ask(PAPER, id=attempt_id))["paper"] is None
    seen = await exam.teacher.ask(SITTING, id=attempt_id)
    assert [answer["text"] for answer in seen["responses"]] == ["3.14"]
    assert (await exam.teacher.ask(PAPER, id=attempt_id))["paper"] is not None


async def test_answers_and_paper_are_hidden_after_submit_until_the_sheet_is_released(exam: Exam) -> None:
    student = await exam.student("asha")
    attempt_id = await exam.start(student)
    await save(student, attempt_id, 1, exam.answer(1, text="3.14"))
    await student.do(SUBMIT, attemptId=attempt_id, lastSeq=1)

    async def seen() -> tuple[bool, bool]:
        sitting, paper = await student.ask(SITTING, id=attempt_id), await student.ask(PAPER, id=attempt_id)
        return sitting["responses"] is not None, paper["paper"] is not None

    assert await seen() == (False, False)
    await exam.teacher.do(RELEASE, testId=exam.test_id, score=True, key=True)
    assert await seen() == (False, False)
    await exam.teacher.do(RELEASE, testId=exam.test_id, responses=True)
    assert await seen() == (True, True)
    await exam.teacher.do(RELEASE, testId=exam.test_id)
    assert await seen() == (False, False)


BATCHES = 6
ARRIVALS = st.lists(st.integers(1, BATCHES), max_size=10).flatmap(
    lambda again: st.permutations([*range(1, BATCHES + 1), *again])
)


def batch(exam: Exam, seq: int) -> list[dict[str, Any]]:
    """Return the events of one batch of a sitting in which answers are changed, cleared and marked."""
    told: dict[int, list[dict[str, Any]]] = {
        1: [exam.visit(0), exam.answer(0, optionIds=[exam.option(0, "3")])],
        2: [exam.answer(0, optionIds=[exam.option(0, "4")]), exam.visit(1)],
        3: [exam.answer(1, text="3.14"), exam.visit(1, type="MARK")],
        4: [exam.answer(2, text="Mumbai"), exam.visit(2, type="CLEAR")],
        5: [exam.answer(2, text="new  delhi"), {"type": "BLUR", "at": 9_000}],
        6: [exam.answer(3, optionIds=[exam.option(3, "2")]), exam.visit(1, type="UNMARK")],
    }
    return told[seq]


async def sat(exam: Exam, student: Person, arrivals: list[int]) -> tuple[Any, Any]:
    """Let the batches arrive as told; return the sitting and the marks, without what names the attempt."""
    attempt_id = (await student.do(START, testId=exam.test_id))["attempt"]["id"]
    for seq in arrivals:
        await save(student, attempt_id, seq, *batch(exam, seq))
    resumed = await student.ask(SITTING, id=attempt_id)
    await student.do(SUBMIT, attemptId=attempt_id, lastSeq=BATCHES)
    await exam.school.sweep()
    marks = await exam.teacher.ask(MARKS, id=attempt_id)
    return {**resumed, "id": None}, marks


class TestPlace:
    """One school for all examples of a property: each example is another student's sitting."""

    __test__ = False

    def __init__(self, exam: Exam) -> None:
        self.exam = exam
        self.sat = 0

    async def student(self) -> Person:
        self.sat += 1
        return await self.exam.student(f"student{self.sat}")


async def test_any_order_of_arrival_and_any_resending_gives_the_same_sitting_and_marks(tmp_path: Path) -> None:
    school = await open_school(Settings(data_dir=tmp_path), "oakwood", HandClock())
    place = TestPlace(await set_exam(school))
    expected = await sat(place.exam, await place.student(), [*range(1, BATCHES + 1)])
    assert expected[0]["ackedSeq"] == BATCHES
    assert expected[1]["result"]["total"]["marks"] == "7/2"

    for arrivals in examples():
        assert await sat(place.exam, await place.student(), arrivals) == expected, arrivals
    await school.client.aclose()
    await school.services.close()


def examples() -> list[list[int]]:
    """Return the arrivals that hypothesis draws: drawn first, as its runner and an event loop do not mix."""
    drawn: list[list[int]] = []

    @settings(max_examples=15, database=None, suppress_health_check=[*HealthCheck])
    @given(ARRIVALS)
    def draw(arrivals: list[int]) -> None:
        drawn.append(arrivals)

    draw()
    return drawn
