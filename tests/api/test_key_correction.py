"""Correcting a key after the test: a new version, every attempt scored again, the difference told."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from school import CORRECT, MARKS, RELEASE, SAVE, SUBMIT, Exam, Person, School, every_type, set_exam, through

from tp.services.outbox import strike
from tp.tables import OUTBOX, TESTS, Chore, OutboxRecord

AUDIT = """query ($id: ID!) { auditLog(subject: $id) { edges { node { action actorId details } } } }"""


async def hand_in(exam: Exam, login: str, *events: dict[str, Any]) -> tuple[Person, str]:
    student = await exam.student(login)
    attempt_id = await exam.start(student)
    await student.do(SAVE, attemptId=attempt_id, seq=1, events=[exam.visit(0), *events])
    await student.do(SUBMIT, attemptId=attempt_id, lastSeq=1)
    return student, attempt_id


async def result(exam: Exam, attempt_id: str) -> tuple[int, str]:
    """Return the key version and the total."""
    seen = (await exam.teacher.ask(MARKS, id=attempt_id))["result"]
    return seen["keyVersion"], seen["total"]["marks"]


def number(exam: Exam, low: str, high: str | None = None) -> list[dict[str, Any]]:
    """Return the correction of the second question's key."""
    return [{"questionId": exam.questions[1]["id"], "key": {"numbers": [{"low": low, "high": high}]}}]


async def test_a_correction_scores_every_attempt_again_and_tells_whose_total_moved(exam: Exam) -> None:
    asha, lost = await hand_in(exam, "asha", exam.answer(1, text="3.14"))
    ravi, won = await hand_in(exam, "ravi", exam.answer(1, text="3"))
    _, same = await hand_in(exam, "noor", exam.answer(0, optionIds=[exam.option(0, "4")]))
    await exam.school.sweep()

    payload = await exam.teacher.do(CORRECT, testId=exam.test_id, corrections=number(exam, "3"), reason="typo")

    assert payload["test"]["keyVersion"] == 2
    assert payload["scored"] == 3
    moved = {change["attemptId"]: change for change in payload["changes"]}
    assert moved == {
        lost: {"attemptId": lost, "student": {"id": asha.id}, "before": "1", "after": "0"},
        won: {"attemptId": won, "student": {"id": ravi.id}, "before": "0", "after": "1"},
    }
    assert [await result(exam, id) for id in (lost, won, same)] == [(2, "0"), (2, "1"), (2, "1")]


async def test_a_correction_that_moves_no_total_tells_of_none(exam: Exam) -> None:
    await hand_in(exam, "asha", exam.answer(1, text="3.14"))
    await exam.school.sweep()

    payload = await exam.teacher.do(
        CORRECT, testId=exam.test_id, corrections=number(exam, "3", "4"), reason="wider"
    )

    assert (payload["scored"], payload["changes"]) == (1, [])


@pytest.mark.parametrize(
    ("policy", "answered", "left"), [("ALL", "1", "1"), ("ATTEMPTED", "1", "0"), ("NONE", "0", "0")]
)
async def test_a_dropped_question_earns_by_its_policy(exam: Exam, policy: str, answered: str, left: str) -> None:
    _, wrong = await hand_in(exam, "asha", exam.answer(1, text="2.71"))
    _, blank = await hand_in(exam, "ravi")
    await exam.school.sweep()
    dropped = [{"questionId": exam.questions[1]["id"], "dropped": policy}]

    await exam.teacher.do(CORRECT, testId=exam.test_id, corrections=dropped, reason="ambiguous")

    assert [(await result(exam, id))[1] for id in (wrong, blank)] == [answered, left]
    shown = (await exam.teacher.ask(MARKS, id=wrong))["result"]
    assert shown["questions"][1]["dropped"] == policy
    assert shown["questions"][1]["outcome"] == "DROPPED"


async def test_a_question_counts_again_when_a_later_correction_does_not_drop_it(exam: Exam) -> None:
    _, attempt_id = await hand_in(exam, "asha", exam.answer(1, text="2.71"))
    await exam.school.sweep()
    question_id = exam.questions[1]["id"]
    for correction in ({"questionId": question_id, "dropped": "ALL"}, {"questionId": question_id}):
        await exam.teacher.do(CORRECT, testId=exam.test_id, corrections=[correction], reason="again")

    assert await result(exam, attempt_id) == (3, "0")


async def test_the_key_of_every_type_can_be_corrected(school: School) -> None:
    exam = await set_exam(school, every_type())
    ids = [question["id"] for question in exam.questions]
    rows, columns = exam.questions[4]["rows"], [column["id"] for column in exam.questions[4]["columns"]]
    order = [exam.option(5, who) for who in ("Gandhi", "Akbar", "Ashoka")]
    weights = [{"ref": exam.option(1, "4"), "fraction": "1"}]
    keys: list[dict[str, Any]] = [
        {"correct": [exam.option(0, "3"), exam.option(0, "4")]},
        {"correct": [exam.option(1, "4")], "weights": weights},
        {"numbers": [{"low": "2.7", "high": "2.8", "fraction": "1/2"}]},
        {"texts": [{"text": "delhi"}], "caseSensitive": False},
        {"rows": [{"ref": row["id"], "columns": columns} for row in rows]},
        {"order": order},
        {},
    ]
    _, attempt_id = await hand_in(
        exam,
        "asha",
        exam.answer(0, optionIds=[exam.option(0, "3")]),
        exam.answer(1, optionIds=[exam.option(1, "4")]),
        exam.answer(2, text="2.75"),
        exam.answer(3, text="DELHI"),
        exam.answer(4, matrix=[{"rowId": row["id"], "columnIds": columns} for row in rows]),
        exam.answer(5, optionIds=order),
    )
    await school.sweep()
    assert await result(exam, attempt_id) == (1, "0")
    corrections = [{"questionId": id, "key": key} for id, key in zip(ids, keys, strict=True)]

    await exam.teacher.do(CORRECT, testId=exam.test_id, corrections=corrections, reason="all wrong")

    assert await result(exam, attempt_id) == (2, "11/2")


async def test_what_is_wrong_with_corrections_is_told_by_path_and_nothing_is_written(exam: Exam) -> None:
    _, attempt_id = await hand_in(exam, "asha", exam.answer(1, text="3.14"))
    await exam.school.sweep()
    first, second, third, fourth = [question["id"] for question in exam.questions]
    corrections = [
        {"questionId": "qst_" + "x" * 16, "dropped": "ALL"},
        {"questionId": first, "key": {"correct": ["nonsense"]}},
        {"questionId": second, "key": {"numbers": [{"low": "NaN"}]}},
        {"questionId": second, "key": {"numbers": [{"low": "4", "high": "3"}]}},
        {"questionId": third, "key": {"correct": [exam.option(0, "4")]}},
        {"questionId": fourth, "key": {"correct": []}},
    ]

    refused = await exam.teacher.refused(CORRECT, testId=exam.test_id, corrections=corrections, reason="typo")

    assert refused == [
        ("UNKNOWN_QUESTION", ["corrections", "0", "questionId"]),
        ("KEY_MISMATCH", ["corrections", "1", "key", "correct", "0"]),
        ("INVALID", ["corrections", "2", "key", "numbers", "0", "low"]),
        ("INVALID", ["corrections", "2", "key", "numbers", "0", "high"]),
        ("DUPLICATE_QUESTION", ["corrections", "3"]),
        ("INVALID", ["corrections", "3", "key", "numbers", "0"]),
        ("KEY_MISMATCH", ["corrections", "4", "key"]),
        ("KEY_MISMATCH", ["corrections", "5", "key", "correct"]),
    ]
    assert await result(exam, attempt_id) == (1, "1")


async def test_a_correction_needs_a_reason_something_to_correct_and_a_published_test(exam: Exam) -> None:
    draft = """mutation { createTest(input: {title: "D", durationSeconds: 60, marking: {preset: "PLAIN"}}) {
      test { id } } }"""
    test_id = (await exam.teacher.ask(draft))["test"]["id"]
    colleague = await exam.school.person("colleague", "TEACHER")
    sound = {"testId": exam.test_id, "corrections": number(exam, "3"), "reason": "typo"}

    assert await exam.teacher.refused(CORRECT, **{**sound, "reason": " "}) == [("REQUIRED", ["reason"])]
    assert await exam.teacher.refused(CORRECT, **{**sound, "reason": "x" * 1_001}) == [("TOO_LARGE", ["reason"])]
    assert await exam.teacher.refused(CORRECT, **{**sound, "corrections": []}) == [("REQUIRED", ["corrections"])]
    assert await exam.teacher.refused(CORRECT, **{**sound, "testId": test_id}) == [("INVALID_STATE", ["testId"])]
    assert await exam.teacher.refused(CORRECT, **{**sound, "testId": "tst_x"}) == [("NOT_FOUND", ["testId"])]
    assert await colleague.error_codes(CORRECT, input=sound) == ["FORBIDDEN"]


async def test_a_key_is_given_once_and_by_one_field(school: School) -> None:
    exam = await set_exam(school, every_type())
    multiple, matrix = exam.questions[1], exam.questions[4]
    option, row, column = multiple["options"][0]["id"], matrix["rows"][0]["id"], matrix["columns"][0]["id"]
    weights = [{"ref": option, "fraction": 1}, {"ref": option, "fraction": "1/2"}]
    rows = [{"ref": row, "columns": [column]}] * 2
    bad = [
        (1, {"correct": [option], "numbers": [{"low": "1"}]}, ("INVALID", [])),
        (1, {"correct": [option], "weights": weights}, ("INVALID", ["weights", "1", "ref"])),
        (4, {"rows": rows}, ("INVALID", ["rows", "1", "ref"])),
        (4, {"rows": rows[:1]}, ("KEY_MISMATCH", ["rows"])),
        (4, {}, ("KEY_MISMATCH", [])),
    ]

    for place, key, (code, path) in bad:
        corrections = [{"questionId": exam.questions[place]["id"], "key": key}]
        refused = await exam.teacher.refused(CORRECT, testId=exam.test_id, corrections=corrections, reason="typo")
        assert refused == [(code, ["corrections", "0", "key", *path])]


async def test_a_correction_is_audited_with_its_reason(exam: Exam) -> None:
    await exam.teacher.do(CORRECT, testId=exam.test_id, corrections=number(exam, "3"), reason="misprint")

    edges = (await (await exam.school.admin()).ask(AUDIT, id=exam.test_id))["edges"]

    [record] = [edge["node"] for edge in edges if edge["node"]["action"] == "test.correct_key"]
    assert record["actorId"] == exam.teacher.id
    assert json.loads(record["details"]) == {"reason": "misprint", "questions": [exam.questions[1]["id"]]}


async def test_a_student_sees_the_key_by_which_it_was_scored(exam: Exam) -> None:
    student, attempt_id = await hand_in(exam, "asha", exam.answer(1, text="3.14"))
    await exam.school.sweep()
    await exam.teacher.do(RELEASE, testId=exam.test_id, key=True)
    await exam.teacher.do(CORRECT, testId=exam.test_id, corrections=number(exam, "7"), reason="typo")

    shown = (await student.ask(MARKS, id=attempt_id))["result"]

    assert shown["keyVersion"] == 2
    assert shown["questions"][1]["key"]["numbers"] == [{"low": "7"}]


async def test_an_attempt_not_graded_yet_ends_under_the_newest_key(exam: Exam) -> None:
    _, attempt_id = await hand_in(exam, "asha", exam.answer(1, text="3"))
    payload = await exam.teacher.do(CORRECT, testId=exam.test_id, corrections=number(exam, "3"), reason="typo")
    assert payload["scored"] == 0

    await exam.school.sweep()

    assert await result(exam, attempt_id) == (2, "1")


async def test_grading_and_correcting_at_once_end_under_the_newest_key(exam: Exam, elsewhere: School) -> None:
    attempts = [(await hand_in(exam, f"student{n}", exam.answer(1, text="3")))[1] for n in range(4)]
    correction = {"testId": exam.test_id, "corrections": number(exam, "3"), "reason": "typo"}

    await asyncio.gather(elsewhere.sweep(), exam.teacher.do(CORRECT, **correction), exam.school.sweep())
    await exam.school.sweep()

    assert [await result(exam, id) for id in attempts] == [(2, "1")] * 4


async def test_two_corrections_at_once_are_two_versions(exam: Exam, elsewhere: School) -> None:
    _, attempt_id = await hand_in(exam, "asha", exam.answer(1, text="3"))
    await exam.school.sweep()
    asked = {"testId": exam.test_id, "corrections": number(exam, "3")}

    here, there = await asyncio.gather(
        exam.teacher.do(CORRECT, **asked, reason="one"),
        through(elsewhere, exam.teacher).do(CORRECT, **asked, reason="two"),
    )

    assert sorted([here["test"]["keyVersion"], there["test"]["keyVersion"]]) == [2, 3]
    assert await result(exam, attempt_id) == (3, "1")


async def test_a_rescoring_that_was_interrupted_is_finished_by_the_sweep(exam: Exam, elsewhere: School) -> None:
    """The process is gone after the commit: the new version and the outbox record are all that it left."""
    _, attempt_id = await hand_in(exam, "asha", exam.answer(1, text="3"))
    await exam.school.sweep()
    store = exam.school.services.store.namespace(exam.school.tenant.namespace)
    correction = exam.school.services.catalogue.correction
    original = correction.rescore

    async def killed(*_: Any) -> Any:
        raise asyncio.CancelledError

    correction.rescore = killed  # type: ignore[method-assign]
    asked = {"testId": exam.test_id, "corrections": number(exam, "3"), "reason": "typo"}
    with pytest.raises(asyncio.CancelledError):
        await exam.teacher.post(CORRECT, {"input": asked})
    correction.rescore = original  # type: ignore[method-assign]
    test = TESTS.found(await store.get(TESTS.key(exam.test_id)))
    assert test is not None
    assert test.key_version == 2
    assert await result(exam, attempt_id) == (1, "0")

    await elsewhere.sweep()

    assert await result(exam, attempt_id) == (2, "1")
    assert await store.get(OUTBOX.key(f"RESCORE:{exam.test_id}")) is None


async def test_a_chore_written_anew_while_it_was_done_is_not_struck_off(exam: Exam) -> None:
    store = exam.school.services.store.namespace(exam.school.tenant.namespace)
    done = OutboxRecord(chore=Chore.RESCORE, subject=exam.test_id, recorded_at=exam.school.clock.now)
    exam.school.clock.forward(seconds=1)
    anew = done.model_copy(update={"recorded_at": exam.school.clock.now})

    async def write(transaction: Any) -> None:
        transaction.put(OUTBOX.entity(anew))

    await store.transact(write)
    await strike(store, done)
    assert OUTBOX.found(await store.get(OUTBOX.key(done.id))) == anew
    await strike(store, anew)
    await strike(store, anew)
    assert await store.get(OUTBOX.key(done.id)) is None


async def test_staff_see_the_key_in_force_of_their_own_test(exam: Exam) -> None:
    keys = """query ($id: ID!) { test(id: $id) { answerKey {
      questionId dropped key { correct numbers { low high } } } } }"""
    second = exam.questions[1]["id"]

    before = (await exam.teacher.ask(keys, id=exam.test_id))["answerKey"]
    assert [entry["questionId"] for entry in before] == [question["id"] for question in exam.questions]
    assert before[0]["key"]["correct"] == [exam.option(0, "4")]

    await exam.teacher.do(CORRECT, testId=exam.test_id, corrections=number(exam, "3"), reason="typo")
    after = {entry["questionId"]: entry for entry in (await exam.teacher.ask(keys, id=exam.test_id))["answerKey"]}
    assert after[second]["key"]["numbers"] == [{"low": "3", "high": "3"}]

    other = await exam.school.person("other", "TEACHER")
    student = await exam.student("asha")
    assert set(await other.error_codes(keys, id=exam.test_id)) == {"FORBIDDEN"}
    assert set(await student.error_codes(keys, id=exam.test_id)) == {"FORBIDDEN"}
