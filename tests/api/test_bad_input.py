"""The audit of bad input: each is told by a clear code and its place, and nothing stored before is changed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from school import (
    CREATE_TEST,
    IMPORT,
    PUBLISH,
    SAVE,
    START,
    SUBMIT,
    Exam,
    Person,
    School,
    instant,
    set_exam,
    through,
)

from tp.tables import LATE

NO_QUESTION = "qst_" + "x" * 16
NO_TEST = "tst_" + "x" * 16
NO_ATTEMPT = "att_" + "x" * 32
TORN_GIFT = "::one:: Sound? {T}\n\n::two:: Torn? {=yes ~no\n\n::three:: Sound? {F}\n"


@dataclass(frozen=True)
class Desk:
    """A student with a running attempt, of which batch 1 is stored; and another student's attempt."""

    exam: Exam
    student: Person
    attempt_id: str
    others_attempt_id: str

    def batch(self, *events: dict[str, Any], **changed: Any) -> dict[str, Any]:
        """Return the input of a save: of batch 2 with a sound event and those that are given, unless changed."""
        return {"attemptId": self.attempt_id, "seq": 2, "events": [self.exam.visit(0), *events], **changed}

    def save(self, *events: dict[str, Any], **changed: Any) -> bytes:
        return asked(SAVE, **self.batch(*events, **changed))

    def answer(self, place: int, **response: Any) -> bytes:
        return self.save(self.exam.answer(place, **response))


@pytest.fixture
async def desk(exam: Exam) -> Desk:
    student, other = await exam.student("asha"), await exam.student("ravi")
    desk = Desk(exam, student, await exam.start(student), await exam.start(other))
    await student.do(SAVE, **desk.batch(exam.answer(1, text="3.14"), seq=1))
    return desk


def asked(document: str, **input: Any) -> bytes:
    return json.dumps({"query": document, "variables": {"input": input}}).encode()


@dataclass(frozen=True)
class Told:
    code: str
    place: str
    message: str


async def send(person: Person, body: bytes) -> list[Told]:
    """Return what is told of a request: the place in the input or, where it is not about one, in the document."""
    headers = {"Authorization": f"Bearer {person.token}", "Content-Type": "application/json"}
    answered = (await person.client.post("/graphql", content=body, headers=headers)).json()
    if "errors" in answered:
        return [Told(error["extensions"]["code"], _place(error), error["message"]) for error in answered["errors"]]
    [payload] = answered["data"].values()
    return [Told(e["code"], ".".join(e["path"]), e["message"]) for e in payload["userErrors"]]


def _place(error: dict[str, Any]) -> str:
    if "input" in error["extensions"]:
        return ".".join(map(str, error["extensions"]["input"][1:]))
    return ", ".join(f"line {at['line']}" for at in error.get("locations", []))


Body = Callable[[Desk], bytes]
STUDENTS: dict[str, tuple[Body, str, str, str]] = {
    "malformed JSON": (lambda _: b'{"query": "{ viewer', "BAD_REQUEST", "", "line 1, column"),
    "no JSON at all": (lambda _: b"saveResponses", "BAD_REQUEST", "", "line 1, column 1"),
    "an oversize body": (lambda desk: desk.answer(2, text="x" * 2**21), "BODY_TOO_LARGE", "", "2097152 bytes"),
    "an unknown field of the document": (
        lambda _: asked("{\n viewer { nickname } }"),
        "GRAPHQL_VALIDATION_FAILED",
        "line 2",
        "nickname",
    ),
    "an unknown field of the input": (lambda desk: desk.save(sequence=3), "BAD_USER_INPUT", "", "sequence"),
    "an unknown field far inside": (
        lambda desk: desk.answer(1, number=3),
        "BAD_USER_INPUT",
        "events.1.response",
        "number",
    ),
    "a text for a number": (lambda desk: desk.save(seq="2"), "BAD_USER_INPUT", "seq", "Int"),
    "a number for a text": (
        lambda desk: desk.answer(1, text=3.14),
        "BAD_USER_INPUT",
        "events.1.response.text",
        "String",
    ),
    "a text for a list": (lambda desk: desk.save(events="all"), "BAD_USER_INPUT", "events", "EventInput"),
    "no such type of event": (
        lambda desk: desk.save({"type": "GUESS", "at": 1}),
        "BAD_USER_INPUT",
        "events.1.type",
        "GUESS",
    ),
    "a field left out": (lambda desk: desk.save({"type": "BLUR"}), "BAD_USER_INPUT", "events.1", "at"),
    "null where none may be": (lambda desk: desk.save(attemptId=None), "BAD_USER_INPUT", "attemptId", "not null"),
    "another's attempt": (
        lambda desk: desk.save(attemptId=desk.others_attempt_id),
        "NOT_FOUND",
        "attemptId",
        "nothing here has that id",
    ),
    "no attempt": (lambda desk: desk.save(attemptId=NO_ATTEMPT), "NOT_FOUND", "attemptId", "has that id"),
    "no test": (lambda _: asked(START, testId=NO_TEST), "NOT_FOUND", "testId", "has that id"),
    "an id of another kind": (
        lambda desk: asked(SUBMIT, attemptId=desk.exam.test_id, lastSeq=1),
        "NOT_FOUND",
        "attemptId",
        "has that id",
    ),
    "a number that is taken": (lambda desk: desk.save(seq=1), "SEQUENCE_CONFLICT", "seq", "batch 1 is stored"),
    "a number too far ahead": (lambda desk: desk.save(seq=202), "INVALID", "seq", "2 has not arrived"),
    "a number below one": (lambda desk: desk.save(seq=-1), "INVALID", "seq", "from 1 to"),
    "numbers that were skipped": (
        lambda desk: asked(SUBMIT, attemptId=desk.attempt_id, lastSeq=2),
        "MISSING_BATCHES",
        "lastSeq.2",
        "batch 2 has not arrived",
    ),
    "a last number below what is stored": (
        lambda desk: asked(SUBMIT, attemptId=desk.attempt_id, lastSeq=0),
        "SEQUENCE_CONFLICT",
        "lastSeq",
        "batches up to 1 are stored",
    ),
    "a question that is not in the paper": (
        lambda desk: desk.save({"type": "ANSWER", "at": 1, "questionId": NO_QUESTION, "response": {"text": "1"}}),
        "UNKNOWN_QUESTION",
        "events.1.questionId",
        "no such question",
    ),
    "an option that does not exist": (
        lambda desk: desk.answer(0, optionIds=["z"]),
        "UNKNOWN_OPTION",
        "events.1.response.optionIds.0",
        "no such option",
    ),
    "NaN for a number": (
        lambda desk: desk.answer(1, text="NaN"),
        "INVALID",
        "events.1.response.text",
        "decimal number",
    ),
    "10^400 for a number": (
        lambda desk: desk.answer(1, text="1" + "0" * 400),
        "INVALID",
        "events.1.response.text",
        "at most 40 characters",
    ),
    "1e400 for a number": (
        lambda desk: desk.answer(1, text="1e400"),
        "INVALID",
        "events.1.response.text",
        "exponent",
    ),
    "NaN in the JSON": (lambda _: asked(START, testId="x", number=float("nan")), "BAD_REQUEST", "", "column"),
    "10^400 in the JSON": (lambda desk: desk.save(seq=10**400), "BAD_REQUEST", "", "column"),
    "a megabyte of text": (
        lambda desk: desk.answer(2, text="x" * 2**20),
        "TOO_LARGE",
        "events.1.response.text",
        "more than 4000 characters",
    ),
    "a second attempt at once": (
        lambda desk: asked(START, testId=desk.exam.test_id, number=2),
        "ATTEMPT_LIMIT",
        "number",
        "allows 1 attempt",
    ),
}
TEACHERS: dict[str, tuple[Body, str, str, str]] = {
    "publishing twice": (
        lambda desk: asked(PUBLISH, testId=desk.exam.test_id),
        "INVALID_STATE",
        "testId",
        "PUBLISHED already",
    ),
    "a brace that is never closed": (
        lambda _: asked(IMPORT, format="GIFT", content=TORN_GIFT),
        "SYNTAX",
        "content.3",
        "line 3",
    ),
    "a brace that is never opened": (
        lambda _: asked(IMPORT, format="GIFT", content="::one:: Sound? {T}\n\n::two:: Torn? =yes ~no}\n"),
        "SYNTAX",
        "content.3",
        "line 3",
    ),
    "marks of a wrong type": (
        lambda _: asked(CREATE_TEST, title="D", durationSeconds=60, marking={"default": {"correct": 0.5}}),
        "BAD_USER_INPUT",
        "marking.default.correct",
        "marks are written as",
    ),
}


async def check(desk: Desk, person: Person, case: tuple[Body, str, str, str]) -> None:
    body, code, place, words = case
    before = await desk.exam.school.kept()

    told = await send(person, body(desk))

    assert [(one.code, one.place) for one in told] == [(code, place)]
    assert words in told[0].message
    assert await desk.exam.school.kept() == before


@pytest.mark.parametrize("what", STUDENTS)
async def test_what_a_student_sends_wrong_is_told_and_changes_nothing(desk: Desk, what: str) -> None:
    await check(desk, desk.student, STUDENTS[what])
    await desk.student.do(SAVE, **desk.batch())


@pytest.mark.parametrize("what", TEACHERS)
async def test_what_a_teacher_sends_wrong_is_told_and_changes_nothing(desk: Desk, what: str) -> None:
    await check(desk, desk.exam.teacher, TEACHERS[what])


@pytest.mark.parametrize(
    ("ends", "code", "words"),
    [("submit", "ATTEMPT_CLOSED", "is closed"), ("deadline", "DEADLINE_PASSED", "time was over at")],
)
async def test_a_save_after_the_end_is_told_and_adds_only_what_is_kept_apart(
    desk: Desk, ends: str, code: str, words: str
) -> None:
    school = desk.exam.school
    if ends == "submit":
        await desk.student.do(SUBMIT, attemptId=desk.attempt_id, lastSeq=1)
        await school.sweep()
    else:
        school.clock.forward(hours=1, seconds=31)
    before = await school.kept()

    [told] = await send(desk.student, desk.answer(1, text="2.71"))

    assert (told.code, told.place) == (code, "attemptId")
    assert words in told.message
    after = await school.kept()
    assert {key: after[key] for key in before} == before
    assert {key.kind for key in after.keys() - before.keys()} == {LATE.kind.name}


async def test_a_start_before_the_window_is_told_when_it_opens_and_changes_nothing(school: School) -> None:
    opens = school.clock.now + timedelta(hours=1)
    exam = await set_exam(school, schedule={"opensAt": instant(opens)})
    student = await exam.student("asha")
    before = await school.kept()

    [told] = await send(student, asked(START, testId=exam.test_id))

    assert (told.code, told.place) == ("NOT_OPEN", "testId")
    assert opens.isoformat() in told.message
    assert await school.kept() == before


async def test_starts_at_once_are_one_start_and_those_that_follow_change_nothing(
    exam: Exam, elsewhere: School
) -> None:
    student = await exam.student("asha")
    devices = [student, through(elsewhere, student)] * 3

    begun = await asyncio.gather(*(device.do(START, testId=exam.test_id) for device in devices))

    before = await exam.school.kept()
    exam.school.clock.forward(minutes=1)
    assert await student.do(START, testId=exam.test_id) == begun[0]
    assert [answer["attempt"] for answer in begun] == [begun[0]["attempt"]] * 6
    assert await exam.school.kept() == before
