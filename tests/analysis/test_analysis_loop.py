"""From the exam to the report and back: asked for by a teacher, made far away, seen by a student."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from cohorts import Plan, Planted, planted
from loop import Loop, open_loop
from school import ASSIGN, CORRECT, CREATE_TEST, PUBLISH, RELEASE, SAVE, SUBMIT, Exam, HandClock, Person, set_exam
from wires import as_it_is, at_once

from analysis import archive
from analysis.contract import ReportOptions
from analysis.registry import REPORTS as MAKE
from analysis.registry import Subject
from taskqueue.contract import TaskState

REQUEST = """mutation ($input: RequestReportInput!) { requestReport(input: $input) {
  report { id state } userErrors { code path message } } }"""
REPORT = """query ($id: ID!) { report(id: $id) { id state progress reason students readyAt
  tests { id } keyVersions { testId version }
  standings(first: 2) { edges { node { name rank percentile score } } pageInfo { hasNextPage endCursor } }
  items { edges { node { number facility flags { code reason } options { label share } } } }
  scores { total { mean histogram { low students } } }
  behaviour { students subjects { subject timeMedian } } } }"""
INTEGRITY = """query ($id: ID!, $after: String) { report(id: $id) { integrity {
  note students listedBelow skipped
  answers { pairsTried comparisons correction pairs(first: 2, after: $after) {
    edges { node { members { attemptId studentId name } identicalWrong wrong expected index significance adjusted
      sameAddress sameDevice } } pageInfo { hasNextPage endCursor } } }
  paces { pairsTried pairs { edges { node { members { attemptId } stepsAlike stepsShared adjusted } } } }
  addresses { edges { node { value students crowd attemptIds } } } devices { edges { node { value } } } } } }"""
CALIBRATION = """query ($id: ID!) { report(id: $id) { calibration {
  models { testId model students questions converged reason }
  items(model: RASCH, first: 1) {
    edges { node { questionId model difficulty difficultyError discrimination infit } }
    pageInfo { hasNextPage } } } } }"""
SESSIONS = """query ($id: ID!) { report(id: $id) { sessions { testId appeared highest lowest }
  tieBreaks { subject wrongRatio ignored } standings { edges { node { testId rank percentile } } } } }"""
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


async def made_of(loop: Loop, simulated: Planted) -> None:
    """Put what is found in a simulated cohort in the place of the only report's sections."""
    desk, tenant = loop.office.service.desk, loop.school.tenant.slug
    [report] = (await desk.page(tenant, None, None, 2)).reports
    for kind in report.sections:
        section = MAKE[kind](Subject(simulated.cohort, ReportOptions()))
        await archive.put_section(desk.records(tenant), report.id, kind, section)


def second_session(exam: Exam) -> dict[str, Any]:
    placed = [{"questionId": question["id"]} for question in exam.questions]
    return {
        "title": "Tuesday test",
        "durationSeconds": 3600,
        "marking": {"preset": "PLAIN"},
        "sections": [{"title": "All", "questions": placed}],
    }


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


async def test_pairs_that_are_alike_are_shown_to_staff_with_how_many_were_tried_and_to_no_student(
    loop: Loop,
) -> None:
    exam, took = await held(loop)
    id = await requested(exam, "INTEGRITY", "CALIBRATION")
    await loop.turn()
    simulated = planted(Plan(students=120, per_subject=30, copying_pairs=3))
    await made_of(loop, simulated)

    report = (await exam.teacher.ask(INTEGRITY, id=id))["integrity"]
    answers = report["answers"]
    assert "never a verdict" in report["note"]
    assert (report["students"], report["listedBelow"], report["skipped"]) == (120, 0.01, None)
    assert (answers["pairsTried"], answers["comparisons"]) == (120 * 119 // 2, 120 * 119)
    more = (await exam.teacher.ask(INTEGRITY, id=id, after=answers["pairs"]["pageInfo"]["endCursor"]))["integrity"]
    shown = [edge["node"] for edge in answers["pairs"]["edges"] + more["answers"]["pairs"]["edges"]]
    assert {frozenset(each["attemptId"] for each in pair["members"]) for pair in shown} == {
        frozenset(pair) for pair in simulated.pairs
    }
    assert all(0 <= pair["significance"] <= pair["adjusted"] < 0.01 for pair in shown)
    assert all(pair["index"] > 0 and pair["identicalWrong"] > pair["expected"] for pair in shown)
    assert len(report["paces"]["pairs"]["edges"]) == 3

    calibration = (await exam.teacher.ask(CALIBRATION, id=id))["calibration"]
    assert [(each["model"], each["converged"]) for each in calibration["models"]] == [
        ("RASCH", True),
        ("TWO_PARAMETER", True),
    ]
    [item] = [edge["node"] for edge in calibration["items"]["edges"]]
    assert (item["model"], item["discrimination"]) == ("RASCH", 1.0)
    assert item["difficultyError"] > 0
    assert calibration["items"]["pageInfo"]["hasNextPage"] is True

    student, _ = took["asha"]
    assert set(await student.error_codes(INTEGRITY, id=id)) == {"FORBIDDEN"}
    assert set(await student.error_codes(CALIBRATION, id=id)) == {"FORBIDDEN"}
    colleague = await loop.school.person("colleague", "TEACHER")
    assert await colleague.ask(INTEGRITY, id=id) is None


async def test_two_tests_are_ranked_together_as_sessions_with_the_keys_of_a_named_examination(loop: Loop) -> None:
    exam, _ = await held(loop)
    another = await exam.teacher.do(CREATE_TEST, **second_session(exam))
    second = Exam(loop.school, exam.teacher, another["test"]["id"], exam.questions)
    await exam.teacher.do(PUBLISH, testId=second.test_id)
    await exam.teacher.do(ASSIGN, testId=second.test_id, groups=["10A"])
    await sat(second, await exam.student("kiran"), "4")
    await loop.turn()

    both = [exam.test_id, second.test_id]
    asked = {"testIds": both, "kinds": ["STANDINGS"]}
    payload = await exam.teacher.do(REQUEST, **asked, tieBreakPreset="NEET_2025")
    await loop.turn()

    report = await exam.teacher.ask(SESSIONS, id=payload["report"]["id"])
    assert {each["testId"]: each["appeared"] for each in report["sessions"]} == dict(
        zip(both, (3, 1), strict=True)
    )
    assert report["tieBreaks"][:4] == [
        {"subject": "Biology", "wrongRatio": False, "ignored": True},
        {"subject": "Chemistry", "wrongRatio": False, "ignored": True},
        {"subject": "Physics", "wrongRatio": False, "ignored": True},
        {"subject": None, "wrongRatio": True, "ignored": False},
    ]
    rows = [edge["node"] for edge in report["standings"]["edges"]]
    assert [(row["rank"], row["percentile"]) for row in rows] == [(1, "100.0000000")] * 3 + [(4, "33.3333333")]
    assert {row["testId"] for row in rows} == set(both)


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
    assert not any(path.endswith("/events") for path in loop.to_school.asked)  # standings need no logs


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
    assert await exam.teacher.refused(REQUEST, testIds=one, kinds=["STANDINGS"], tieBreakPreset="JEE_1997") == [
        ("INVALID", ["tieBreakPreset"])
    ]
    twice = {"tieBreaks": [{"subject": "Physics"}], "tieBreakPreset": "NEET_2025"}
    assert await exam.teacher.refused(REQUEST, testIds=one, kinds=["STANDINGS"], **twice) == [
        ("INVALID", ["tieBreakPreset"])
    ]
