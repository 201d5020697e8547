"""What an institution has: one of everything that has an id, made through the public door."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from school import (
    ASSIGN,
    CREATE_QUESTIONS,
    CREATE_TEST,
    PUBLISH,
    SAVE,
    START,
    SUBMIT,
    Person,
    School,
    every_type,
    in_english,
)

CREATE_PASSAGE = """mutation ($input: CreatePassageInput!) { createPassage(input: $input) {
  passage { id } userErrors { code path message } } }"""
EXPORT = """mutation ($input: ExportResultsInput!) { exportResults(input: $input) {
  task { id } userErrors { code path message } } }"""
REQUEST_REPORT = """mutation ($input: RequestReportInput!) { requestReport(input: $input) {
  report { id } userErrors { code path message } } }"""
ANNOUNCE = """mutation ($input: AnnounceInput!) { announce(input: $input) {
  announcement { id } userErrors { code path message } } }"""
GROUP = "10A"
SINGLE, MULTIPLE, NUMERIC, TEXT, MATRIX, ORDER, ESSAY = range(7)
"""The places of `every_type`."""


@dataclass(frozen=True)
class Belongings:
    """Ids of one institution. `test` is published, assigned, started and once graded; `unstarted` is not started.

    `attempt` is the student's and runs, with `batch` saved as its first; `graded` is the classmate's. `task` made
    a file of the test's results for its teacher; `report` was asked for by the teacher, and waits; `notice` was
    announced to those who sit the test. Nobody asks for the `leaver`, whose sessions may be ended.
    """

    test: str
    unstarted: str
    draft: str
    questions: list[dict[str, Any]]
    passage: str
    student: str
    classmate: str
    leaver: str
    attempt: str
    batch: list[dict[str, Any]]
    graded: str
    task: str
    report: str
    notice: str

    @property
    def question(self) -> str:
        return self._question(SINGLE)

    @property
    def option(self) -> str:
        return self.options(SINGLE)[0]

    @property
    def weighted(self) -> str:
        return self.options(MULTIPLE)[0]

    @property
    def ordered(self) -> str:
        return self.options(ORDER)[0]

    @property
    def row(self) -> str:
        return self.rows[0]

    @property
    def column(self) -> str:
        return self.columns[0]

    @property
    def rows(self) -> list[str]:
        return [row["id"] for row in self.questions[MATRIX]["rows"]]

    @property
    def columns(self) -> list[str]:
        return [column["id"] for column in self.questions[MATRIX]["columns"]]

    def options(self, place: int) -> list[str]:
        return [option["id"] for option in self.questions[place]["options"]]

    def _question(self, place: int) -> str:
        found: str = self.questions[place]["id"]
        return found


async def furnish(school: School, teacher: Person, student: Person, classmate: Person) -> Belongings:
    """Let the teacher and the two students make everything anew; every text says whose it is."""
    mark = in_english(f"Only for {school.tenant.slug}")
    passage = (await teacher.do(CREATE_PASSAGE, title=mark, text=mark))["passage"]["id"]
    written = [{**question, "title": school.tenant.slug, "passageId": passage} for question in every_type()]
    questions = (await teacher.do(CREATE_QUESTIONS, questions=written))["questions"]
    placed = [{"questionId": question["id"]} for question in questions]
    test, unstarted, draft = [await _draft(school, teacher, placed) for _ in range(3)]
    for ready in (test, unstarted):
        await teacher.do(PUBLISH, testId=ready)
        await teacher.do(ASSIGN, testId=ready, groups=[GROUP])
    attempt = (await student.do(START, testId=test))["attempt"]["id"]
    essay = {
        "type": "ANSWER",
        "at": 1,
        "questionId": questions[ESSAY]["id"],
        "response": {"text": mark[0]["text"]},
    }
    await student.do(SAVE, attemptId=attempt, seq=1, events=[essay])
    graded = (await classmate.do(START, testId=test))["attempt"]["id"]
    await classmate.do(SUBMIT, attemptId=graded, lastSeq=0)
    task = (await teacher.do(EXPORT, testId=test, format="CSV"))["task"]["id"]
    report = (await teacher.do(REQUEST_REPORT, testIds=[test], kinds=["STANDINGS"]))["report"]["id"]
    notice = (await teacher.do(ANNOUNCE, testId=test, text=mark[0]["text"]))["announcement"]["id"]
    await school.sweep()
    return Belongings(
        test=test,
        unstarted=unstarted,
        draft=draft,
        questions=questions,
        passage=passage,
        student=student.id,
        classmate=classmate.id,
        leaver=(await school.person(f"leaver-{secrets.token_hex(4)}")).id,
        attempt=attempt,
        batch=[essay],
        graded=graded,
        task=task,
        report=report,
        notice=notice,
    )


async def _draft(school: School, teacher: Person, placed: list[dict[str, Any]]) -> str:
    created = await teacher.do(
        CREATE_TEST,
        title=f"A test of {school.tenant.slug}",
        durationSeconds=6 * 60 * 60,
        marking={"preset": "PLAIN"},
        sections=[{"title": f"Section of {school.tenant.slug}", "questions": placed}],
    )
    test_id: str = created["test"]["id"]
    return test_id
