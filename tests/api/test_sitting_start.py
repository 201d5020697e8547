"""Starting an attempt: when, by whom, under which conditions; and twice."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest
from school import (
    ASSIGN,
    CLOSE,
    CREATE_QUESTIONS,
    CREATE_TEST,
    PAPER,
    PUBLISH,
    SAVE,
    SITTING,
    START,
    SUBMIT,
    UPDATE_TEST,
    Exam,
    School,
    every_type,
    instant,
    set_exam,
    through,
)

from tp.domain.attempt import Attempt, AttemptState
from tp.domain.ids import attempt_id
from tp.tables import ATTEMPTS

ID_THAT_CAN_BE_NONE = "tst_" + "x" * 16
TEST_AS_SEEN = """query ($id: ID!) { test(id: $id) { id title state sections { title questionCount }
  attempts { edges { node { id state } } } } }"""


async def started(school: School, exam: Exam, login: str = "asha") -> dict[str, Any]:
    student = await exam.student(login)
    attempt: dict[str, Any] = (await student.do(START, testId=exam.test_id))["attempt"]
    return attempt


async def test_an_attempt_starts_at_the_servers_time_and_ends_after_the_duration(exam: Exam) -> None:
    now = exam.school.clock.now

    attempt = await started(exam.school, exam)

    assert attempt["state"] == "IN_PROGRESS"
    assert attempt["startedAt"] == instant(now)
    assert attempt["deadline"] == {
        "at": instant(now + timedelta(hours=1)),
        "reason": "DURATION",
        "acceptsUntil": instant(now + timedelta(hours=1, seconds=30)),
    }


async def test_starting_twice_gives_the_running_attempt_back(exam: Exam) -> None:
    student = await exam.student("asha")
    first = (await student.do(START, testId=exam.test_id))["attempt"]
    exam.school.clock.forward(minutes=5)

    assert (await student.do(START, testId=exam.test_id))["attempt"] == first


async def test_two_taps_at_once_start_one_attempt(exam: Exam, elsewhere: School) -> None:
    student = await exam.student("asha")
    tabs = [student, through(elsewhere, student), student, through(elsewhere, student)]

    begun = await asyncio.gather(*(tab.do(START, testId=exam.test_id) for tab in tabs))

    assert len({answer["attempt"]["id"] for answer in begun}) == 1


async def test_two_students_start_attempts_of_their_own(exam: Exam) -> None:
    asha, ravi = await started(exam.school, exam), await started(exam.school, exam, "ravi")

    assert asha["id"] != ravi["id"]


async def test_a_test_starts_when_its_window_opens_and_not_before(school: School) -> None:
    opens = school.clock.now + timedelta(hours=1)
    exam = await set_exam(school, schedule={"opensAt": instant(opens)})
    student = await exam.student("asha")

    school.clock.now = opens - timedelta(seconds=1)
    assert await student.refused(START, testId=exam.test_id) == [("NOT_OPEN", ["testId"])]
    school.clock.now = opens
    assert await exam.start(student)


async def test_no_attempt_starts_once_the_window_is_closed(school: School) -> None:
    closes = school.clock.now + timedelta(hours=2)
    exam = await set_exam(school, schedule={"closesAt": instant(closes)})
    early, late = await exam.student("asha"), await exam.student("ravi")

    school.clock.now = closes - timedelta(minutes=10)
    attempt = (await early.do(START, testId=exam.test_id))["attempt"]
    school.clock.now = closes

    assert attempt["deadline"]["at"] == instant(closes)
    assert attempt["deadline"]["reason"] == "WINDOW"
    assert await late.refused(START, testId=exam.test_id) == [("WINDOW_CLOSED", ["testId"])]


async def test_a_draft_a_missing_test_and_one_not_assigned_answer_alike(school: School, exam: Exam) -> None:
    draft = (await exam.teacher.do(CREATE_TEST, title="Draft", durationSeconds=60, marking={"preset": "PLAIN"}))[
        "test"
    ]["id"]
    await exam.teacher.do(ASSIGN, testId=draft, groups=["10A"])
    student, stranger = await exam.student("asha"), await school.person("stranger")

    for person, test_id in (
        (student, draft),
        (stranger, exam.test_id),
        (stranger, ID_THAT_CAN_BE_NONE),
        (student, ""),
        (student, "no id at all"),
        (student, "tst_" + "é" * 16),
        (student, "x" * 5_000),
    ):
        assert await person.refused(START, testId=test_id) == [("NOT_FOUND", ["testId"])]
        assert await person.ask(TEST_AS_SEEN, id=test_id) is None


async def test_a_closed_test_starts_no_attempt_and_lets_a_running_one_go_on(exam: Exam) -> None:
    running, waiting = await exam.student("asha"), await exam.student("ravi")
    attempt_id = await exam.start(running)
    await exam.teacher.do(CLOSE, testId=exam.test_id)

    assert await waiting.refused(START, testId=exam.test_id) == [("WINDOW_CLOSED", ["testId"])]
    assert (await running.do(START, testId=exam.test_id))["attempt"]["id"] == attempt_id
    await running.do(SAVE, attemptId=attempt_id, seq=1, events=[exam.answer(1, text="3.14")])


@pytest.mark.parametrize("number", [0, -1, 101, 2**31 - 1])
async def test_an_attempt_has_a_number_from_1_to_100(exam: Exam, number: int) -> None:
    student = await exam.student("asha")

    assert await student.refused(START, testId=exam.test_id, number=number) == [("INVALID", ["number"])]


async def test_a_number_left_out_is_the_first_and_null_is_none(exam: Exam) -> None:
    student = await exam.student("asha")

    assert await student.error_codes(START, input={"testId": exam.test_id, "number": None}) == ["BAD_USER_INPUT"]
    assert (await student.do(START, testId=exam.test_id))["attempt"]["number"] == 1


async def test_one_attempt_is_allowed_unless_the_test_allows_more(exam: Exam) -> None:
    student = await exam.student("asha")
    attempt_id = await exam.start(student)

    assert await student.refused(START, testId=exam.test_id, number=2) == [("ATTEMPT_LIMIT", ["number"])]
    await student.do(SUBMIT, attemptId=attempt_id, lastSeq=0)
    assert await student.refused(START, testId=exam.test_id, number=1) == [("ATTEMPT_CLOSED", ["number"])]


async def test_a_second_attempt_starts_when_the_first_is_over(school: School) -> None:
    exam = await set_exam(school, attemptsAllowed=3)
    student = await exam.student("asha")
    assert await student.refused(START, testId=exam.test_id, number=2) == [("INVALID_STATE", ["number"])]
    first = await exam.start(student)
    assert await student.refused(START, testId=exam.test_id, number=2) == [("INVALID_STATE", ["number"])]

    await student.do(SUBMIT, attemptId=first, lastSeq=0)
    second = (await student.do(START, testId=exam.test_id, number=2))["attempt"]

    assert (second["number"], second["state"]) == (2, "IN_PROGRESS")
    assert second["id"] != first
    assert await student.refused(START, testId=exam.test_id, number=3) == [("INVALID_STATE", ["number"])]
    seen = await student.ask(TEST_AS_SEEN, id=exam.test_id)
    assert [edge["node"]["id"] for edge in seen["attempts"]["edges"]] == [first, second["id"]]


async def test_a_students_accommodation_wins_over_its_groups_field_by_field(exam: Exam) -> None:
    student = await exam.student("asha")
    group = {"timeFactor": "3/2", "extraMinutes": 10}
    await exam.teacher.do(ASSIGN, testId=exam.test_id, groups=["10A"], accommodation=group)
    await exam.teacher.do(ASSIGN, testId=exam.test_id, userIds=[student.id], accommodation={"extraMinutes": 20})
    now = exam.school.clock.now

    alone, of_group = await started(exam.school, exam, "ravi"), (await student.do(START, testId=exam.test_id))

    assert alone["deadline"]["at"] == instant(now + timedelta(minutes=90 + 10))
    assert of_group["attempt"]["deadline"]["at"] == instant(now + timedelta(minutes=90 + 20))


@pytest.mark.parametrize(("past_window", "minutes", "reason"), [(False, 60, "WINDOW"), (True, 90, "DURATION")])
async def test_extra_time_runs_past_the_window_only_if_it_is_said(
    school: School, past_window: bool, minutes: int, reason: str
) -> None:
    now = school.clock.now
    exam = await set_exam(school, schedule={"closesAt": instant(now + timedelta(hours=1))})
    accommodation = {"timeFactor": "1.5", "pastWindow": past_window}
    await exam.teacher.do(ASSIGN, testId=exam.test_id, groups=["10A"], accommodation=accommodation)

    deadline = (await started(school, exam))["deadline"]

    assert (deadline["at"], deadline["reason"]) == (instant(now + timedelta(minutes=minutes)), reason)


async def test_an_extension_moves_the_close_of_the_window_for_its_student_alone(school: School) -> None:
    closes = school.clock.now + timedelta(hours=1)
    exam = await set_exam(school, schedule={"closesAt": instant(closes)})
    extended, other = await exam.student("asha"), await exam.student("ravi")
    await exam.teacher.do(
        ASSIGN, testId=exam.test_id, userIds=[extended.id], accommodation={"extensionMinutes": 30}
    )
    school.clock.now = closes + timedelta(minutes=10)

    deadline = (await extended.do(START, testId=exam.test_id))["attempt"]["deadline"]

    assert (deadline["at"], deadline["reason"]) == (instant(closes + timedelta(minutes=30)), "EXTENSION")
    assert await other.refused(START, testId=exam.test_id) == [("WINDOW_CLOSED", ["testId"])]


async def prepare(exam: Exam, student_id: str) -> Attempt:
    """Write the attempt that a preparation ahead of the window would write."""
    prepared = Attempt(
        id=attempt_id(exam.test_id, student_id, 1),
        test_id=exam.test_id,
        student_id=student_id,
        number=1,
        state=AttemptState.PREPARED,
        paper_version=1,
        seed=42,
    )
    store = exam.school.services.store.namespace(exam.school.tenant.namespace)
    await store.transact(_put(prepared))
    return prepared


def _put(attempt: Attempt) -> Any:
    async def work(transaction: Any) -> None:
        transaction.put(ATTEMPTS.entity(attempt))

    return work


async def test_a_prepared_attempt_shows_nothing_and_takes_nothing_before_it_starts(exam: Exam) -> None:
    student = await exam.student("asha")
    prepared = await prepare(exam, student.id)

    assert (await student.ask(PAPER, id=prepared.id))["paper"] is None
    sitting = await student.ask(SITTING, id=prepared.id)
    assert (sitting["state"], sitting["responses"], sitting["deadline"]) == ("PREPARED", None, None)
    batch = {"attemptId": prepared.id, "seq": 1, "events": [exam.visit(0)]}
    assert await student.refused(SAVE, **batch) == [("NOT_STARTED", ["attemptId"])]
    assert await student.refused(SUBMIT, attemptId=prepared.id, lastSeq=0) == [("NOT_STARTED", ["attemptId"])]


async def test_a_prepared_attempt_is_taken_over_with_its_seed(exam: Exam) -> None:
    student = await exam.student("asha")
    prepared = await prepare(exam, student.id)

    attempt = (await student.do(START, testId=exam.test_id))["attempt"]

    assert (attempt["id"], attempt["state"]) == (prepared.id, "IN_PROGRESS")
    assert attempt["startedAt"] == instant(exam.school.clock.now)
    store = exam.school.services.store.namespace(exam.school.tenant.namespace)
    kept = ATTEMPTS.found(await store.get(ATTEMPTS.key(prepared.id)))
    assert kept is not None
    assert kept.seed == 42
    assert kept.due_at is not None


async def test_a_student_sees_the_paper_from_the_start_and_not_before(exam: Exam) -> None:
    student = await exam.student("asha")
    before = await student.ask(TEST_AS_SEEN, id=exam.test_id)
    attempt_id = await exam.start(student)

    paper = (await student.ask(PAPER, id=attempt_id))["paper"]

    assert before["sections"] == [{"title": "All", "questionCount": 4}]
    assert await student.error_codes("query ($id: ID!) { test(id: $id) { paper { id } } }", id=exam.test_id) == [
        "FORBIDDEN"
    ]
    assert [q["id"] for q in paper["sections"][0]["questions"]] == [q["id"] for q in exam.questions]


async def test_a_shuffled_paper_is_the_same_each_time_it_is_shown(school: School) -> None:
    exam = await set_exam(school, shuffleQuestions=True, shuffleOptions=True)
    student = await exam.student("asha")
    attempt_id = await exam.start(student)

    first, second = [await student.ask(PAPER, id=attempt_id) for _ in range(2)]

    assert first == second
    shown = first["paper"]["sections"][0]["questions"]
    assert [q["number"] for q in shown] == [1, 2, 3, 4]
    assert {q["id"] for q in shown} == {q["id"] for q in exam.questions}


async def test_nothing_that_a_student_sees_holds_a_key(school: School) -> None:
    """The secrets are words that stand in the keys and in nothing else that was written."""
    teacher = await school.person("teacher", "TEACHER")
    written = every_type()
    written[2]["key"] = {"numbers": [{"low": "271828.18", "high": "271828.19"}]}
    written[3]["key"] = {"texts": [{"text": "Sesquipedalian"}]}
    for question in written:
        question["feedback"] = [{"language": "en", "text": "Antidisestablishment"}]
    questions = (await teacher.do(CREATE_QUESTIONS, questions=written))["questions"]
    made = await teacher.do(
        CREATE_TEST,
        title="All types",
        durationSeconds=600,
        marking={"preset": "PLAIN"},
        sections=[{"title": "All", "questions": [{"questionId": q["id"]} for q in questions]}],
    )
    test_id = made["test"]["id"]
    await teacher.do(PUBLISH, testId=test_id)
    student = await school.person("asha")
    await teacher.do(ASSIGN, testId=test_id, userIds=[student.id])
    attempt_id = (await student.do(START, testId=test_id))["attempt"]["id"]
    everything = """query ($id: ID!) { attempt(id: $id) { __typename id state number student { id name }
      test { id title instructions sections { id title subject answerAny marking { name } } marking { name }
        gates { score responses key } declaredTotal }
      responses { questionId } palette { questionId state } currentQuestionId
      result { total { marks } questions { questionId key { correct order numbers { low high } texts { text }
        caseSensitive weights { optionId fraction } rows { rowId columnIds } } } }
      paper { id version title instructions passages { id texts { text } } sections { id title questions {
        id number type text texts { language text } options { id texts { text } } rows { id texts { text } }
        columns { id texts { text } } passageId marking { correct wrong unanswered partial perOption } } } } } }"""

    shown = json.dumps(await student.post(everything, {"id": attempt_id}))

    assert "Oldest first" in shown
    assert '"result": null' in shown
    for secret in ("271828", "Sesquipedalian", "Antidisestablishment", '"correct": ['):
        assert secret not in shown


async def test_a_student_is_told_nothing_of_the_question_bank(exam: Exam) -> None:
    student = await exam.student("asha")
    await exam.start(student)

    asked = "query ($id: ID!) { question(id: $id) { id key { correct } } }"
    assert {*await student.error_codes(asked, id=exam.questions[0]["id"])} == {"FORBIDDEN"}
    node = "query ($id: ID!) { node(id: $id) { id } }"
    assert await student.ask(node, id=exam.questions[0]["id"]) is None


async def test_a_window_moved_by_the_teacher_moves_the_end_of_a_running_attempt(school: School) -> None:
    now = school.clock.now
    exam = await set_exam(school, schedule={"closesAt": instant(now + timedelta(hours=1))})
    student = await exam.student("asha")
    school.clock.forward(minutes=30)
    attempt_id = await exam.start(student)

    later = instant(now + timedelta(hours=3))
    await exam.teacher.do(UPDATE_TEST, testId=exam.test_id, schedule={"closesAt": later})

    deadline = (await student.ask(SITTING, id=attempt_id))["deadline"]
    assert (deadline["at"], deadline["reason"]) == (instant(now + timedelta(minutes=90)), "DURATION")
