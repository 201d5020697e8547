"""From the exam to the report and back: asked for by a teacher, made far away, seen by a student."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from loop import Loop, open_loop
from school import CORRECT, RELEASE, SAVE, SUBMIT, Exam, HandClock, Person, set_exam
from wires import as_it_is, at_once

from taskqueue.contract import TaskState

REQUEST = """mutation ($input: RequestReportInput!) { requestReport(input: $input) {
  report { id state } userErrors { code path message } } }"""
REPORT = """query ($id: ID!) { report(id: $id) { id state progress reason students readyAt
  tests { id } keyVersions { testId version }
  standings(first: 2) { edges { node { name rank percentile score } } pageInfo { hasNextPage endCursor } }
  items { edges { node { number facility flags { code reason } options { label share } } } }
  scores { total { mean histogram { low students } } }
  behaviour { students subjects { subject timeMedian } } } }"""
STATE = "query ($id: ID!) { report(id: $id) { state reason progress } }"
PAGE = "query ($id: ID!) { report(id: $id) { page { url } } }"
OWN = """query ($id: ID!) { attempt(id: $id) {
  standing { rank percentile keyVersion subjects { subject rank } }
  report { sentences subjects { name time } } } }"""
OF_TEST = "query ($id: ID!) { test(id: $id) { reports { edges { node { id state } } } } }"
KINDS = ["STANDINGS", "TEST", "ITEMS", "BEHAVIOUR", "STUDENT", "INTEGRITY", "CALIBRATION"]


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def loop(tmp_path: Path, clock: HandClock) -> AsyncIterator[Loop]:
    async with open_loop(tmp_path, clock) as opened:
        yield opened


async def sat(exam: Exam, student: Person, *answers: str) -> str:
    """Let a student answer the first question, as often as answers are given; return the attempt's id."""
    id = await exam.start(student)
    chosen = [
        exam.answer(0, 9_000 * place, optionIds=[exam.option(0, text)]) for place, text in enumerate(answers, 1)
    ]
    await student.do(SAVE, attemptId=id, seq=1, events=[exam.visit(0), *chosen])
    await student.do(SUBMIT, attemptId=id, lastSeq=1)
    return id


async def held(loop: Loop) -> tuple[Exam, dict[str, tuple[Person, str]]]:
    """Hold an exam that three students sit; return it, and each with the attempt."""
    exam = await set_exam(loop.school)
    took = {}
    for login, answers in (("asha", ["4"]), ("ravi", ["3", "4"]), ("meera", ["5"])):
        student = await exam.student(login)
        took[login] = (student, await sat(exam, student, *answers))
    await loop.turn()
    return exam, took


async def requested(exam: Exam, *kinds: str) -> str:
    payload = await exam.teacher.do(REQUEST, testIds=[exam.test_id], kinds=list(kinds or KINDS))
    id: str = payload["report"]["id"]
    return id


async def state(exam: Exam, id: str) -> tuple[str, str | None]:
    told = await exam.teacher.ask(STATE, id=id)
    return told["state"], told["reason"]


async def test_a_report_is_made_and_read_and_its_standings_reach_the_students(loop: Loop) -> None:
    exam, took = await held(loop)
    id = await requested(exam)
    assert await state(exam, id) == ("REQUESTED", None)

    await loop.turn()

    report = await exam.teacher.ask(REPORT, id=id)
    assert (report["state"], report["progress"], report["students"]) == ("READY", 1.0, 3)
    assert report["keyVersions"] == [{"testId": exam.test_id, "version": 1}]
    rows = [edge["node"] for edge in report["standings"]["edges"]]
    assert [(row["rank"], row["percentile"], row["score"]) for row in rows] == [(1, "100.0000000", "1")] * 2
    assert report["standings"]["pageInfo"]["hasNextPage"] is True
    first = report["items"]["edges"][0]["node"]
    assert (first["number"], round(first["facility"], 3)) == (1, 0.667)
    assert report["behaviour"]["students"] == 3
    assert report["behaviour"]["subjects"][0]["timeMedian"] is not None
    page = httpx.URL((await exam.teacher.ask(PAGE, id=id))["page"]["url"])
    async with loop.office.without() as browser:
        assert "Monday test" in (await browser.get(page.raw_path.decode())).text
    listed = await exam.teacher.ask(OF_TEST, id=exam.test_id)
    assert [edge["node"]["id"] for edge in listed["reports"]["edges"]] == [id]

    meera, attempt_id = took["meera"]
    assert await meera.ask(OWN, id=attempt_id) == {"standing": None, "report": None}
    await exam.teacher.do(RELEASE, testId=exam.test_id, score=True)
    own = await meera.ask(OWN, id=attempt_id)
    assert own["standing"] == {
        "rank": 3,
        "percentile": "33.3333333",
        "keyVersion": 1,
        "subjects": [{"subject": "All", "rank": 3}],
    }
    assert own["report"]["subjects"][0]["name"] == "All"
    _, another = took["asha"]
    assert await meera.ask(OWN, id=another) is None
    assert set(await meera.error_codes(STATE, id=id)) == {"FORBIDDEN"}


async def test_the_same_request_while_it_is_made_is_one_report(loop: Loop) -> None:
    exam, _ = await held(loop)

    assert await requested(exam, "ITEMS") == await requested(exam, "ITEMS")
    other = await requested(exam, "TEST")
    await loop.turn()

    assert len(await loop.queue.tasks("analysis.report", TaskState.SUCCEEDED)) == 2
    assert await requested(exam, "TEST") != other


async def test_a_webhook_that_is_lost_is_made_good_by_the_next_pass(loop: Loop) -> None:
    exam, _ = await held(loop)
    id = await requested(exam, "ITEMS")

    def lost(request: httpx.Request) -> httpx.Response | None:
        return httpx.Response(500) if request.url.path.endswith("/ended") else None

    loop.to_school.instead = lost
    await loop.turn()
    assert (await state(exam, id))[0] == "REQUESTED"
    loop.to_school.instead = as_it_is
    await loop.sweep()
    assert await state(exam, id) == ("READY", None)


async def test_an_unsigned_or_foreign_word_of_an_end_is_not_taken(loop: Loop) -> None:
    exam, _ = await held(loop)
    id = await requested(exam, "ITEMS")

    answer = await loop.school.client.post(f"/t/oakwood/reports/{id}/ended", json={})

    assert answer.status_code == 401


@pytest.mark.parametrize("failure", [httpx.ConnectError("down"), httpx.ReadTimeout("slow"), None])
async def test_with_analysis_down_slow_or_wrong_exams_go_on_and_the_report_fails_in_plain_words(
    loop: Loop, clock: HandClock, failure: httpx.HTTPError | None
) -> None:
    def broken(_: httpx.Request) -> httpx.Response | None:
        if failure is not None:
            raise failure
        return httpx.Response(200, text="<html>a login page</html>")

    loop.to_analysis.instead = broken
    exam = await set_exam(loop.school)
    id = await requested(exam, "ITEMS")
    for _ in range(8):
        await loop.turn()
        clock.forward(minutes=1)
    assert (await state(exam, id))[0] == "REQUESTED"

    student = await exam.student("asha")
    await sat(exam, student, "4")
    await loop.turn()
    assert await loop.queue.tasks("tp.grade", TaskState.SUCCEEDED)

    clock.forward(hours=1)
    await loop.turn()
    told, reason = await state(exam, id)
    assert told == "FAILED"
    assert reason is not None
    assert "Exams and marks are not affected" in reason


async def test_sections_that_cannot_be_read_now_are_an_error_and_the_rest_is_answered(loop: Loop) -> None:
    exam, _ = await held(loop)
    id = await requested(exam, "ITEMS")
    await loop.turn()
    loop.to_analysis.instead = lambda _: httpx.Response(503)

    answered = await exam.teacher.post(REPORT, {"id": id})

    assert answered["data"]["report"]["state"] == "READY"
    assert answered["data"]["report"]["items"] is None
    assert [error["extensions"]["code"] for error in answered["errors"]] == ["ANALYSIS_UNAVAILABLE"]


async def test_a_list_that_is_cut_goes_on_from_its_last_cursor(loop: Loop) -> None:
    exam, _ = await held(loop)
    id = await requested(exam, "STANDINGS")
    cut = [True]

    def once(request: httpx.Request) -> httpx.Response | None:
        if request.url.path.endswith("/attempts") and cut:
            cut.clear()
            return httpx.Response(200, content=b"\xff\xff\xff\xff\x10\x00\x00\x00half a schema")
        return None

    loop.to_school.instead = once
    await loop.turn()

    assert await state(exam, id) == ("READY", None)
    assert sum(path.endswith("/attempts") for path in loop.to_school.asked) == 2


async def test_marks_that_change_while_they_are_read_are_read_anew(loop: Loop, clock: HandClock) -> None:
    exam, _ = await held(loop)
    id = await requested(exam, "STANDINGS")
    right = [exam.option(0, "4"), exam.option(0, "5")]
    corrections = [{"questionId": exam.questions[0]["id"], "key": {"correct": right}}]

    async def corrected(request: httpx.Request) -> None:
        if request.url.path.endswith("/attempts"):
            loop.to_school.before = at_once
            await exam.teacher.do(CORRECT, testId=exam.test_id, corrections=corrections, reason="5 is right too")

    loop.to_school.before = corrected
    await loop.turn()
    assert (await state(exam, id))[0] != "READY"
    clock.forward(minutes=1)
    await loop.turn()

    report = await exam.teacher.ask(REPORT, id=id)
    assert report["state"] == "READY"
    assert report["keyVersions"] == [{"testId": exam.test_id, "version": 2}]
    assert [edge["node"]["rank"] for edge in report["standings"]["edges"]] == [1, 1]


async def test_a_test_that_may_not_be_read_fails_the_report_with_a_reason(loop: Loop) -> None:
    exam, _ = await held(loop)
    id = await requested(exam, "STANDINGS")
    loop.to_school.instead = lambda request: (
        httpx.Response(403) if request.url.path.startswith("/v1/tenants") else None
    )

    await loop.turn()

    told, reason = await state(exam, id)
    assert (told, "administrator" in (reason or "")) == ("FAILED", True)


async def test_what_is_at_fault_in_a_request_is_told(loop: Loop) -> None:
    exam = await set_exam(loop.school)
    one = [exam.test_id]

    assert await exam.teacher.refused(REQUEST, testIds=[], kinds=["ITEMS"]) == [("REQUIRED", ["testIds"])]
    assert await exam.teacher.refused(REQUEST, testIds=one, kinds=[]) == [("REQUIRED", ["kinds"])]
    missing = [*one, "tst_" + "x" * 16]
    assert await exam.teacher.refused(REQUEST, testIds=missing, kinds=["ITEMS"]) == [
        ("NOT_FOUND", ["testIds", "1"])
    ]
    assert await exam.teacher.refused(REQUEST, testIds=one, kinds=["ITEMS"], idleSeconds=1) == [
        ("INVALID", ["idleSeconds"])
    ]
