"""Every mutation is sent twice, as by a client that got no answer: nothing is done twice that must not be."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from control import ANNOUNCE, EXTEND, FORCE, PAUSE, RESUME
from school import (
    ADMIN_PASSWORD,
    ASSIGN,
    CLOSE,
    CORRECT,
    CREATE_QUESTIONS,
    CREATE_TEST,
    CREATE_USERS,
    GIFT,
    IMPORT,
    LOGIN,
    MARKS,
    PUBLISH,
    RELEASE,
    SAVE,
    SITTING,
    SUBMIT,
    UPDATE_TEST,
    Exam,
    HandClock,
    Person,
    School,
    every_type,
    in_english,
    open_school,
)

from api.bootstrap import SCHEMA
from api.settings import Settings

PASSAGE = """mutation ($input: CreatePassageInput!) { createPassage(input: $input) {
  passage { id } userErrors { code path } } }"""
ISSUE = """mutation ($input: IssueAccessCodesInput!) { issueAccessCodes(input: $input) {
  users { user { id } } userErrors { code path } } }"""
END_SESSIONS = """mutation ($input: EndSessionsInput!) { endSessions(input: $input) {
  users { id } userErrors { code path } } }"""
EXPORT = """mutation ($input: ExportResultsInput!) { exportResults(input: $input) {
  task { id } userErrors { code path } } }"""
REPORT = """mutation ($input: RequestReportInput!) { requestReport(input: $input) {
  report { id } userErrors { code path } } }"""
ATTEMPTS = "query ($id: ID!) { attempts(testId: $id) { edges { node { id } } } }"

SAME, ANOTHER = "the same answer", "another of its kind"
REPLAYED = {
    "login": ANOTHER,
    "createUsers": "ALREADY_EXISTS",
    "issueAccessCodes": SAME,
    "endSessions": SAME,
    "createQuestions": ANOTHER,
    "createPassage": ANOTHER,
    "importQuestions": ANOTHER,
    "createTest": ANOTHER,
    "updateTest": SAME,
    "publishTest": "INVALID_STATE",
    "assignTest": SAME,
    "startAttempt": SAME,
    "saveResponses": SAME,
    "extendAttempts": SAME,
    "pauseAttempts": SAME,
    "resumeAttempts": SAME,
    "announce": SAME,
    "forceSubmit": SAME,
    "submitAttempt": SAME,
    "closeTest": "INVALID_STATE",
    "releaseResults": SAME,
    "correctAnswerKey": ANOTHER,
    "exportResults": ANOTHER,
    "requestReport": SAME,
}
"""What the second of two equal requests is answered: as the first, with a new thing, or with a code."""


@dataclass
class Stammerer(Person):
    """Somebody who says everything twice and goes by the first answer. `heard` by the mutation's name."""

    heard: dict[str, str] = field(default_factory=dict)

    async def post(self, document: str, variables: dict[str, Any] | None = None) -> dict[str, Any]:
        first, second = [await super(Stammerer, self).post(document, variables) for _ in range(2)]
        if document.startswith("mutation"):
            [(name, payload)] = second["data"].items()
            errors = [error["code"] for error in payload["userErrors"]]
            self.heard[name] = errors[0] if errors else SAME if first == second else ANOTHER
        return first


def stammering(person: Person, heard: dict[str, str]) -> Stammerer:
    return Stammerer(person.client, person.token, person.id, heard)


@pytest.fixture
async def analysed_school(tmp_path: Path, clock: HandClock) -> AsyncIterator[School]:
    """Return a school with an analysis platform that nobody answers for: reports are asked for, and wait."""
    settings = Settings(data_dir=tmp_path, analysis_url="http://127.0.0.1:9", analysis_token="unused")
    opened = await open_school(settings, "oakwood", clock)
    yield opened
    await opened.client.aclose()
    await opened.services.close()


async def test_an_exam_in_which_everything_is_said_twice_has_the_same_end(analysed_school: School) -> None:
    school = analysed_school
    heard: dict[str, str] = {}
    admin = stammering(await school.admin(), heard)
    teacher = stammering(await school.person("teacher", "TEACHER"), heard)
    nobody = stammering(school.nobody, heard)

    await nobody.do(LOGIN, tenant="oakwood", login="admin", password=ADMIN_PASSWORD)
    user = {"login": "asha", "name": "Asha", "groups": ["10A"], "password": "long enough"}
    [created] = (await admin.do(CREATE_USERS, users=[user]))["users"]
    await admin.do(ISSUE, userIds=[created["user"]["id"]])
    await admin.do(END_SESSIONS, userIds=[created["user"]["id"]])
    school.clock.forward(seconds=1)
    await teacher.do(CREATE_QUESTIONS, questions=every_type()[:1])
    await teacher.do(PASSAGE, text=in_english("Once"))
    questions = (await teacher.do(IMPORT, format="GIFT", content=GIFT))["questions"]
    placed = [{"questionId": question["id"]} for question in questions]
    test = {"title": "Monday", "durationSeconds": 3600, "marking": {"preset": "PLAIN"}}
    test_id = (await teacher.do(CREATE_TEST, **test, sections=[{"title": "All", "questions": placed}]))["test"][
        "id"
    ]
    await teacher.do(UPDATE_TEST, testId=test_id, title="Tuesday")
    await teacher.do(PUBLISH, testId=test_id)
    await teacher.do(ASSIGN, testId=test_id, groups=["10A"])

    student = stammering(await school.login("asha", "long enough"), heard)
    exam = Exam(school, teacher, test_id, questions)
    attempt_id = await exam.start(student)
    for seq, text in ((2, "3.14"), (1, "2.71")):
        await student.do(SAVE, attemptId=attempt_id, seq=seq, events=[exam.answer(1, text=text)])
    acts = (
        (EXTEND, {"minutes": 5, "reason": "noise"}),
        (PAUSE, {"reason": "noise"}),
        (RESUME, {"reason": "quiet"}),
        (ANNOUNCE, {"text": "Goodbye"}),
        (FORCE, {"reason": "fire"}),
    )
    for turn, (act, told) in enumerate(acts):
        await teacher.do(act, testId=test_id, requestId=str(turn), **told)
    await student.do(SUBMIT, attemptId=attempt_id, lastSeq=2)
    await school.sweep()
    await teacher.do(CLOSE, testId=test_id)
    await teacher.do(RELEASE, testId=test_id, score=True)
    key = {"numbers": [{"low": "3"}, {"low": "3.14"}]}
    corrections = [{"questionId": questions[1]["id"], "key": key}]
    corrected = await teacher.do(CORRECT, testId=test_id, corrections=corrections, reason="3 is right too")
    await teacher.do(EXPORT, testId=test_id, format="CSV")
    await teacher.do(REPORT, testIds=[test_id], kinds=["TEST"])

    assert heard == REPLAYED
    assert (corrected["scored"], corrected["changes"]) == (1, [])
    assert [edge["node"]["id"] for edge in (await teacher.ask(ATTEMPTS, id=test_id))["edges"]] == [attempt_id]
    sitting = await student.ask(SITTING, id=attempt_id)
    assert (sitting["ackedSeq"], sitting["missing"]) == (2, [])
    result = (await teacher.ask(MARKS, id=attempt_id))["result"]
    assert (result["total"]["marks"], result["total"]["maximum"], result["keyVersion"]) == ("1", "4", 3)


def test_every_mutation_is_among_those_that_are_said_twice() -> None:
    assert SCHEMA.mutation_type is not None
    assert set(SCHEMA.mutation_type.fields) == set(REPLAYED)
