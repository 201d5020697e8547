"""Exports: the results of a test as CSV and as a workbook, and who may fetch them."""

from __future__ import annotations

import csv
import io
from typing import Any
from urllib.parse import unquote

import httpx
from openpyxl import load_workbook
from queueing import Queue
from school import CREATE_TEST, LOGIN, SAVE, SUBMIT, Exam, Person, School, in_english, options, set_exam
from test_outbox_relay import sweep

from store.paging import every
from store.port import Query
from taskqueue.contract import TaskState
from tenants.registry import TenantRegistry
from tp.domain.attempt import Attempt, AttemptState
from tp.domain.ids import attempt_id
from tp.services.exporting.workbook import csv_parts
from tp.services.people.provisioning import create_tenant_with_admin
from tp.tables import ATTEMPTS, FILE_PARTS

EXPORT = """mutation ($input: ExportResultsInput!) { exportResults(input: $input) {
  task { id kind state createdAt finishedAt test { id } downloads { url } }
  userErrors { code path message } } }"""
TASK = """query ($id: ID!) { task(id: $id) { id kind state message createdAt finishedAt
  progress { done total message } downloads { format url bytes } scored } }"""


def thirds() -> list[dict[str, Any]]:
    """Return three questions that a wrong answer costs a third of a mark."""
    single = {
        "type": "SINGLE_CHOICE",
        "text": in_english("2 + 2?"),
        "options": options(a="3", b="4"),
        "key": {"correct": ["b"]},
        "marking": {"correct": 1, "wrong": "-1/3"},
    }
    return [single, single, single]


async def hand_in(exam: Exam, student: Person, *answers: str) -> None:
    attempt_id = await exam.start(student)
    events = [exam.answer(n, optionIds=[exam.option(n, text)]) for n, text in enumerate(answers)]
    await student.do(SAVE, attemptId=attempt_id, seq=1, events=[exam.visit(0), *events])
    await student.do(SUBMIT, attemptId=attempt_id, lastSeq=1)


async def fetch(person: Person, url: str, **headers: str) -> httpx.Response:
    if person.token:
        headers["Authorization"] = f"Bearer {person.token}"
    return await person.client.get(url, headers=headers)


async def exported(exam: Exam, queue: Queue | None, format: str) -> httpx.Response:
    """Ask for an export, have it made, and fetch it."""
    asked = (await exam.teacher.do(EXPORT, testId=exam.test_id, format=format))["task"]
    assert (asked["kind"], asked["state"], asked["downloads"]) == ("EXPORT_RESULTS", "WAITING", [])
    if queue is None:
        await exam.school.sweep()
    else:
        await sweep(exam.school)
        await queue.work()
    task = await exam.teacher.ask(TASK, id=asked["id"])
    assert (task["state"], task["message"]) == ("DONE", None)
    [download] = task["downloads"]
    answer = await fetch(exam.teacher, download["url"])
    assert answer.status_code == 200
    assert (download["format"], download["bytes"]) == (format, len(answer.content))
    return answer


async def sit(school: School) -> Exam:
    """Hold an exam with marks in thirds; one of its students has a name like a formula, one is not done yet."""
    exam = await set_exam(school, thirds(), title="Términos: 1/2")
    await hand_in(exam, await exam.student("asha"), "3", "3")
    await hand_in(exam, await exam.student("=cmd()"), "4", "4", "3")
    await exam.start(await exam.student("ravi"))
    return exam


def check(rows: list[list[Any]]) -> None:
    """Check the rows of `sit`'s results, however they were read."""
    heading, *rest = rows
    by_login = {row[0]: dict(zip(heading, row, strict=True)) for row in rest}
    assert set(by_login) == {"asha", "'=cmd()", "ravi"}
    asha, formula, ravi = by_login["asha"], by_login["'=cmd()"], by_login["ravi"]
    assert (asha["State"], asha["Marks"], asha["Maximum"], asha["Wrong"]) == ("GRADED", "-2/3", "3", "2")
    assert [asha[f"Q{n}"] for n in (1, 2, 3)] == ["-1/3", "-1/3", "0"]
    assert (formula["Name"], formula["Marks"], formula["All"]) == ("'=Cmd()", "5/3", "5/3")
    assert (ravi["State"], ravi["Marks"] or "", ravi["Submitted"] or "") == ("IN_PROGRESS", "", "")


async def test_results_are_exported_as_csv(queued_school: School, queue: Queue) -> None:
    exam = await sit(queued_school)
    await sweep(queued_school)
    await queue.work()

    answer = await exported(exam, queue, "CSV")

    check(list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))))
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert unquote(answer.headers["content-disposition"]).endswith("Términos: 1/2.csv")


async def test_results_are_exported_as_a_workbook_of_texts(queued_school: School, queue: Queue) -> None:
    exam = await sit(queued_school)
    await sweep(queued_school)
    await queue.work()

    answer = await exported(exam, queue, "XLSX")

    [sheet] = load_workbook(io.BytesIO(answer.content)).worksheets
    check([list(row) for row in sheet.iter_rows(values_only=True)])
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}
    store = queued_school.services.store.namespace(queued_school.tenant.namespace)
    parts = [entity.key.id async for entity in every(store, Query(FILE_PARTS.name))]
    assert {part.split(":")[1] for part in parts} == {"XLSX"}


async def test_without_a_queue_the_server_makes_the_file_on_every_store(any_school: School) -> None:
    exam = await sit(any_school)
    await any_school.sweep()

    answer = await exported(exam, None, "XLSX")

    [sheet] = load_workbook(io.BytesIO(answer.content)).worksheets
    check([list(row) for row in sheet.iter_rows(values_only=True)])


async def test_an_export_that_lost_its_worker_goes_on_where_it_was(queued_school: School, queue: Queue) -> None:
    exam = await many_sit(queued_school, 230)
    asked = (await exam.teacher.do(EXPORT, testId=exam.test_id, format="CSV"))["task"]
    await sweep(queued_school)

    [broken] = [task for task in await queue.work(stop_after=1) if task.type == "tp.export_results"]
    assert (broken.state, broken.attempts) == (TaskState.QUEUED, 1)
    assert (await exam.teacher.ask(TASK, id=asked["id"]))["state"] == "WAITING"
    queued_school.clock.forward(seconds=3)
    await queue.work()

    task = await exam.teacher.ask(TASK, id=asked["id"])
    rows = list(csv.reader(io.StringIO((await fetch(exam.teacher, task["downloads"][0]["url"])).text)))
    assert len(rows) == len({row[0] for row in rows}) == 231
    assert len(queue.contexts[-1].told) == 2


async def many_sit(school: School, count: int) -> Exam:
    """Have many start, by what a start leaves behind."""
    exam = await set_exam(school)
    store = school.services.store.namespace(school.tenant.namespace)

    async def started(transaction: Any) -> None:
        for n in range(count):
            student = f"usr_{n}"
            attempt = Attempt(
                id=attempt_id(exam.test_id, student, 1),
                test_id=exam.test_id,
                student_id=student,
                number=1,
                state=AttemptState.IN_PROGRESS,
                paper_version=1,
                seed=n,
                started_at=school.clock.now,
            )
            transaction.insert(ATTEMPTS.entity(attempt))

    await store.transact(started)
    return exam


async def test_an_export_is_for_whoever_asked_and_for_administrators(queued_school: School, queue: Queue) -> None:
    exam = await sit(queued_school)
    asked = (await exam.teacher.do(EXPORT, testId=exam.test_id, format="CSV"))["task"]["id"]
    await sweep(queued_school)
    await queue.work()
    url = (await exam.teacher.ask(TASK, id=asked))["downloads"][0]["url"]
    colleague = await queued_school.person("colleague", "TEACHER")
    student = await queued_school.person("student")
    there = await neighbour(queued_school)

    assert (await fetch(await queued_school.admin(), url)).status_code == 200
    missing = await fetch(colleague, url.replace(asked, "tsk_" + "a" * 16))
    foreign = await fetch(there, url.replace("oakwood", "beechwood"))
    for answer in (await fetch(colleague, url), foreign):
        assert (answer.status_code, answer.content) == (404, missing.content)
    assert (await fetch(there, url)).status_code == 403
    assert (await fetch(student, url)).status_code == 403
    nobody = await fetch(queued_school.nobody, url)
    assert (nobody.status_code, nobody.headers["www-authenticate"]) == (401, "Bearer")
    assert await colleague.ask(TASK, id=asked) is None
    assert await there.ask(TASK, id=asked) is None
    assert await there.ask(TASK, id="tsk_" + "a" * 16) is None
    assert (await (await queued_school.admin()).ask(TASK, id=asked))["id"] == asked
    assert set(await student.error_codes(TASK, id=asked)) == {"FORBIDDEN"}


async def neighbour(school: School) -> Person:
    """Return the administrator of another institution on the same platform."""
    registry: TenantRegistry = school.services.registry
    creation = school.services.catalogue.creation
    made = {"slug": "beechwood", "name": "Beechwood", "admin_login": "admin", "admin_password": "another battery"}
    await create_tenant_with_admin(registry, creation, **made, now=school.clock())  # type: ignore[arg-type]
    given = {"tenant": "beechwood", "login": "admin", "password": "another battery"}
    payload = await school.nobody.do(LOGIN, **given)
    return Person(school.client, payload["token"], payload["viewer"]["id"])


async def test_a_file_is_not_there_before_it_is_made(queued_exam: Exam) -> None:
    asked = (await queued_exam.teacher.do(EXPORT, testId=queued_exam.test_id, format="CSV"))["task"]["id"]

    assert (await fetch(queued_exam.teacher, f"/t/oakwood/exports/{asked}")).status_code == 404


async def test_drafts_and_tests_of_others_are_not_exported(queued_exam: Exam) -> None:
    draft = {"title": "D", "durationSeconds": 60, "marking": {"preset": "PLAIN"}}
    test_id = (await queued_exam.teacher.do(CREATE_TEST, **draft))["test"]["id"]
    colleague = await queued_exam.school.person("colleague", "TEACHER")
    sound = {"testId": queued_exam.test_id, "format": "CSV"}

    assert await queued_exam.teacher.refused(EXPORT, testId=test_id, format="CSV") == [
        ("INVALID_STATE", ["testId"])
    ]
    assert await queued_exam.teacher.refused(EXPORT, testId="tst_x", format="CSV") == [("NOT_FOUND", ["testId"])]
    assert await colleague.error_codes(EXPORT, input=sound) == ["FORBIDDEN"]


async def test_progress_is_told_while_it_can_be_and_failure_in_words(queued_school: School, queue: Queue) -> None:
    exam = await many_sit(queued_school, 150)
    asked = (await exam.teacher.do(EXPORT, testId=exam.test_id, format="CSV"))["task"]["id"]
    assert (await exam.teacher.ask(TASK, id=asked))["state"] == "WAITING"
    await sweep(queued_school)
    queue.line.cut = True
    unknown = await exam.teacher.ask(TASK, id=asked)
    assert (unknown["state"], unknown["progress"]) == ("WAITING", None)
    assert "cannot be told" in unknown["message"]
    queue.line.cut = False

    for _ in range(5):
        await queue.work(stop_after=0)
        queued_school.clock.forward(hours=1)

    failed = await exam.teacher.ask(TASK, id=asked)
    assert failed["state"] == "FAILED"
    assert failed["finishedAt"] is not None
    assert "power" not in failed["message"]
    assert "once more" in failed["message"]


def test_parts_are_of_whole_rows() -> None:
    rows = [["a" * 30, 'quoted "text"\nof two lines'] for _ in range(10)]

    parts = list(csv_parts(rows, 150))

    assert all(len(part) <= 150 for part in parts)
    assert [row for part in parts for row in csv.reader(io.StringIO(part.decode(), newline=""))] == rows
