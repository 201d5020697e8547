"""Saving: what is acknowledged, what is refused, and that a refusal never touches what is stored."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from school import SAVE, SITTING, START, SUBMIT, Exam, Person, School, instant, through

from tp.services.sitting import close, log
from tp.tables import LATE, LogEntry, log_id

ID_THAT_CAN_BE_NONE = "att_" + "x" * 32


async def sit(exam: Exam, login: str = "asha") -> tuple[Person, str]:
    """Return a student and its running attempt."""
    student = await exam.student(login)
    return student, await exam.start(student)


async def save(student: Person, attempt_id: str, seq: int, *events: dict[str, Any]) -> dict[str, Any]:
    """Save a batch that must be taken; return its acknowledgement."""
    payload = await student.do(SAVE, attemptId=attempt_id, seq=seq, events=[*events])
    acknowledgement: dict[str, Any] = payload["acknowledgement"]
    return acknowledgement


async def late_entry(exam: Exam, attempt_id: str, seq: int) -> LogEntry | None:
    store = exam.school.services.store.namespace(exam.school.tenant.namespace)
    return LATE.found(await store.get(LATE.key(log_id(attempt_id, seq))))


async def test_an_acknowledgement_names_the_batch_the_servers_time_and_the_deadline(exam: Exam) -> None:
    student, attempt_id = await sit(exam)
    began = exam.school.clock.now
    exam.school.clock.forward(minutes=10)

    acknowledged = await save(student, attempt_id, 1, exam.answer(1, text="3.14"))

    assert acknowledged == {
        "seq": 1,
        "ackedSeq": 1,
        "serverNow": instant(exam.school.clock.now),
        "deadline": {"at": instant(began + timedelta(hours=1)), "reason": "DURATION"},
    }


async def test_the_same_batch_again_is_acknowledged_again(exam: Exam) -> None:
    student, attempt_id = await sit(exam)
    first = await save(student, attempt_id, 1, exam.answer(1, text="3.14"))
    await save(student, attempt_id, 2, exam.answer(2, text="Delhi"))
    before = await student.ask(SITTING, id=attempt_id)
    exam.school.clock.forward(seconds=5)

    again = await save(student, attempt_id, 1, exam.answer(1, text="3.14"))

    assert again["seq"] == first["seq"]
    assert again["ackedSeq"] == 2
    assert await student.ask(SITTING, id=attempt_id) == before


async def test_other_content_under_a_stored_number_is_refused_and_changes_nothing(exam: Exam) -> None:
    student, attempt_id = await sit(exam)
    await save(student, attempt_id, 1, exam.answer(1, text="3.14"))
    before = await student.ask(SITTING, id=attempt_id)

    other = {"attemptId": attempt_id, "seq": 1, "events": [exam.answer(1, text="2.71")]}
    assert await student.refused(SAVE, **other) == [("SEQUENCE_CONFLICT", ["seq"])]
    assert await student.ask(SITTING, id=attempt_id) == before


async def test_the_order_of_chosen_options_is_no_other_content(exam: Exam) -> None:
    student, attempt_id = await sit(exam)
    two, three = exam.option(3, "2"), exam.option(3, "3")

    await save(student, attempt_id, 1, exam.answer(3, optionIds=[two, three]))
    await save(student, attempt_id, 1, exam.answer(3, optionIds=[three, two]))


async def test_batches_may_arrive_out_of_order_and_the_gap_shows_in_what_is_acked(exam: Exam) -> None:
    student, attempt_id = await sit(exam)

    acked = []
    for seq in (3, 1, 4, 2):
        event = exam.answer(1, text=str(seq))
        acked.append((await save(student, attempt_id, seq, event))["ackedSeq"])

    assert acked == [0, 1, 1, 4]
    sitting = await student.ask(SITTING, id=attempt_id)
    assert sitting["ackedSeq"] == 4
    assert [answer["text"] for answer in sitting["responses"]] == ["4"]


async def test_a_number_too_far_ahead_is_refused_until_the_gap_is_filled(exam: Exam) -> None:
    student, attempt_id = await sit(exam)
    far = {"attemptId": attempt_id, "seq": 201, "events": [exam.visit(0)]}

    assert await student.refused(SAVE, **far) == [("INVALID", ["seq"])]
    await save(student, attempt_id, 200, exam.visit(0))
    assert await student.refused(SAVE, **far) == [("INVALID", ["seq"])]
    await save(student, attempt_id, 1, exam.visit(0))
    assert (await save(student, attempt_id, 201, exam.visit(0)))["ackedSeq"] == 1


@pytest.mark.parametrize("seq", [0, -1, 10_000, 100_000, 2**31 - 1])
async def test_a_number_outside_the_log_is_refused(exam: Exam, seq: int) -> None:
    student, attempt_id = await sit(exam)

    refused = await student.refused(SAVE, attemptId=attempt_id, seq=seq, events=[exam.visit(0)])

    assert refused == [("INVALID", ["seq"])]


@pytest.mark.parametrize("seq", [2**31, 1.5, "1", None, True])
async def test_a_number_that_is_no_32_bit_integer_is_bad_input(exam: Exam, seq: Any) -> None:
    student, attempt_id = await sit(exam)

    asked = {"attemptId": attempt_id, "seq": seq, "events": [exam.visit(0)]}

    assert await student.error_codes(SAVE, input=asked) == ["BAD_USER_INPUT"]


async def test_a_batch_holds_from_one_to_five_hundred_events(exam: Exam) -> None:
    student, attempt_id = await sit(exam)

    assert await student.refused(SAVE, attemptId=attempt_id, seq=1, events=[]) == [("REQUIRED", ["events"])]
    many = [exam.visit(place % 4, at=place) for place in range(501)]
    refused = await student.error_codes(SAVE, input={"attemptId": attempt_id, "seq": 1, "events": many})
    assert refused == ["LIMIT_EXCEEDED"]
    await save(student, attempt_id, 1, *many[:500])


Bad = Callable[[Exam], dict[str, Any]]
NUMERIC_NONSENSE = ("NaN", "Infinity", "-inf", "1e400", "1" + "0" * 400, "0x10", "1,5", "½", "٣", "1e", ".", "--1")
BAD_EVENTS: dict[str, tuple[Bad, list[tuple[str, list[str]]]]] = {
    "unknown question": (
        lambda exam: {"type": "VISIT", "at": 1, "questionId": "qst_" + "x" * 16},
        [("UNKNOWN_QUESTION", ["questionId"])],
    ),
    "no question": (lambda exam: {"type": "VISIT", "at": 1}, [("REQUIRED", ["questionId"])]),
    "a question of a blur": (lambda exam: exam.visit(0, type="BLUR"), [("INVALID", ["questionId"])]),
    "a response of a visit": (
        lambda exam: {**exam.visit(1), "response": {"text": "1"}},
        [("INVALID", ["response"])],
    ),
    "no response": (lambda exam: exam.visit(1, type="ANSWER"), [("REQUIRED", ["response"])]),
    "an empty response": (lambda exam: exam.answer(1), [("REQUIRED", ["response", "text"])]),
    "a negative time": (lambda exam: exam.visit(0, at=-1), [("INVALID", ["at"])]),
    "a time of years": (lambda exam: exam.visit(0, at=2**31 - 1), [("INVALID", ["at"])]),
    "unknown option": (
        lambda exam: exam.answer(3, optionIds=[exam.option(3, "2"), "nonsense"]),
        [("UNKNOWN_OPTION", ["response", "optionIds", "1"])],
    ),
    "an option of another question": (
        lambda exam: exam.answer(0, optionIds=[exam.option(3, "2")]),
        [("UNKNOWN_OPTION", ["response", "optionIds", "0"])],
    ),
    "an option twice": (
        lambda exam: exam.answer(3, optionIds=[exam.option(3, "2")] * 2),
        [("INVALID", ["response", "optionIds", "1"])],
    ),
    "two single choices": (
        lambda exam: exam.answer(0, optionIds=[exam.option(0, "4"), exam.option(0, "3")]),
        [("TOO_MANY", ["response", "optionIds"])],
    ),
    "no option": (lambda exam: exam.answer(3, optionIds=[]), [("REQUIRED", ["response", "optionIds"])]),
    "text for a choice": (
        lambda exam: exam.answer(0, text="4"),
        [("INVALID", ["response", "text"]), ("REQUIRED", ["response", "optionIds"])],
    ),
    "text besides options": (
        lambda exam: exam.answer(0, text="4", optionIds=[exam.option(0, "4")]),
        [("INVALID", ["response", "text"])],
    ),
    "options for a number": (
        lambda exam: exam.answer(1, optionIds=["a"]),
        [("INVALID", ["response", "optionIds"]), ("REQUIRED", ["response", "text"])],
    ),
    "a matrix for a text": (
        lambda exam: exam.answer(2, matrix=[{"rowId": "r", "columnIds": ["c"]}]),
        [("INVALID", ["response", "matrix"]), ("REQUIRED", ["response", "text"])],
    ),
    "blank text": (lambda exam: exam.answer(2, text=" \n"), [("REQUIRED", ["response", "text"])]),
    "a megabyte of text": (lambda exam: exam.answer(2, text="x" * 2**20), [("TOO_LARGE", ["response", "text"])]),
    **{
        f"number {text[:8]!r}": (
            lambda exam, text=text: exam.answer(1, text=text),  # type: ignore[misc]
            [("INVALID", ["response", "text"])],
        )
        for text in NUMERIC_NONSENSE
    },
}


@pytest.mark.parametrize("what", BAD_EVENTS)
async def test_a_bad_event_is_named_by_its_place_and_nothing_is_changed(exam: Exam, what: str) -> None:
    student, attempt_id = await sit(exam)
    await save(student, attempt_id, 1, exam.answer(1, text="3.14"))
    before = await student.ask(SITTING, id=attempt_id)
    make, expected = BAD_EVENTS[what]

    refused = await student.refused(SAVE, attemptId=attempt_id, seq=2, events=[exam.visit(0), make(exam)])

    assert refused == [(code, ["events", "1", *path]) for code, path in expected]
    assert await student.ask(SITTING, id=attempt_id) == before
    assert (await save(student, attempt_id, 2, exam.visit(0)))["ackedSeq"] == 2


async def test_everything_wrong_in_a_batch_is_told_at_once(exam: Exam) -> None:
    student, attempt_id = await sit(exam)
    events = [exam.answer(1, text="many"), exam.visit(0), exam.answer(0, optionIds=["none"])]

    assert await student.refused(SAVE, attemptId=attempt_id, seq=1, events=events) == [
        ("INVALID", ["events", "0", "response", "text"]),
        ("UNKNOWN_OPTION", ["events", "2", "response", "optionIds", "0"]),
    ]


async def test_a_lone_surrogate_is_refused_by_the_door_and_changes_nothing(exam: Exam) -> None:
    student, attempt_id = await sit(exam)
    events = [exam.answer(2, text="SURROGATE")]
    asked = {"query": SAVE, "variables": {"input": {"attemptId": attempt_id, "seq": 1, "events": events}}}
    body = json.dumps(asked).replace("SURROGATE", "\\ud800")
    headers = {"Authorization": f"Bearer {student.token}", "Content-Type": "application/json"}

    answered = await student.client.post("/graphql", content=body, headers=headers)

    assert answered.status_code == 400
    assert (await student.ask(SITTING, id=attempt_id))["ackedSeq"] == 0


async def test_a_surrogate_escaped_in_the_document_is_refused(exam: Exam) -> None:
    student, attempt_id = await sit(exam)
    document = """mutation { saveResponses(input: {attemptId: "%s", seq: 1, events: [
      {type: ANSWER, at: 1, questionId: "%s", response: {text: "\\ud800"}}]}) { userErrors { code } } }"""

    answered = await student.post(document % (attempt_id, exam.questions[2]["id"]))

    assert [error["extensions"]["code"] for error in answered["errors"]] == ["GRAPHQL_PARSE_FAILED"]


async def test_another_students_attempt_is_as_missing_as_one_that_never_was(exam: Exam) -> None:
    student, attempt_id = await sit(exam)
    other, _ = await sit(exam, "ravi")
    await save(student, attempt_id, 1, exam.visit(0))
    before = await student.ask(SITTING, id=attempt_id)
    absent = ["att_" + "a" * 16 + exam.test_id.removeprefix("tst_")]

    for id in (attempt_id, *absent, ID_THAT_CAN_BE_NONE, "", "att_", exam.test_id, "x" * 5_000, "é" * 36, "a:b"):
        batch = {"attemptId": id, "seq": 2, "events": [exam.visit(1)]}
        assert await other.refused(SAVE, **batch) == [("NOT_FOUND", ["attemptId"])], id
        assert await other.refused(SUBMIT, attemptId=id, lastSeq=0) == [("NOT_FOUND", ["attemptId"])], id
        assert await other.ask(SITTING, id=id) is None, id
    assert await student.ask(SITTING, id=attempt_id) == before


async def test_staff_save_nothing(exam: Exam) -> None:
    _, attempt_id = await sit(exam)

    asked = {"attemptId": attempt_id, "seq": 1, "events": [exam.visit(0)]}

    assert set(await exam.teacher.error_codes(SAVE, input=asked)) == {"FORBIDDEN"}


async def test_a_batch_after_submit_is_kept_apart_and_refused(exam: Exam) -> None:
    student, attempt_id = await sit(exam)
    await save(student, attempt_id, 1, exam.answer(1, text="3.14"))
    await student.do(SUBMIT, attemptId=attempt_id, lastSeq=1)

    late = {"attemptId": attempt_id, "seq": 2, "events": [exam.answer(2, text="Delhi")]}

    assert await student.refused(SAVE, **late) == [("ATTEMPT_CLOSED", ["attemptId"])]
    kept = await late_entry(exam, attempt_id, 2)
    assert kept is not None
    assert kept.batch is not None
    assert (await student.ask(SITTING, id=attempt_id))["ackedSeq"] == 1


async def test_a_stored_batch_sent_again_after_submit_is_acknowledged(exam: Exam) -> None:
    student, attempt_id = await sit(exam)
    await save(student, attempt_id, 1, exam.answer(1, text="3.14"))
    await student.do(SUBMIT, attemptId=attempt_id, lastSeq=1)

    assert (await save(student, attempt_id, 1, exam.answer(1, text="3.14")))["seq"] == 1
    other = {"attemptId": attempt_id, "seq": 1, "events": [exam.answer(1, text="2.71")]}
    assert await student.refused(SAVE, **other) == [("SEQUENCE_CONFLICT", ["seq"])]


async def test_what_arrives_within_grace_counts_and_what_comes_later_is_kept_apart(exam: Exam) -> None:
    student, attempt_id = await sit(exam)
    exam.school.clock.forward(hours=1, seconds=30)
    within = await save(student, attempt_id, 1, exam.answer(1, text="3.14"))
    exam.school.clock.forward(seconds=1)

    late = {"attemptId": attempt_id, "seq": 2, "events": [exam.answer(1, text="2.71")]}
    assert await student.refused(SAVE, **late) == [("DEADLINE_PASSED", ["attemptId"])]
    assert await student.refused(SAVE, **late) == [("DEADLINE_PASSED", ["attemptId"])]

    assert within["ackedSeq"] == 1
    assert await late_entry(exam, attempt_id, 2) is not None
    sitting = await student.ask(SITTING, id=attempt_id)
    assert (sitting["state"], sitting["ackedSeq"], sitting["lastSeq"]) == ("SUBMITTED", 1, 1)


async def test_a_stored_batch_sent_again_after_the_deadline_is_acknowledged(exam: Exam) -> None:
    student, attempt_id = await sit(exam)
    await save(student, attempt_id, 1, exam.answer(1, text="3.14"))
    exam.school.clock.forward(hours=2)

    assert (await save(student, attempt_id, 1, exam.answer(1, text="3.14")))["ackedSeq"] == 1


async def test_another_process_goes_on_where_the_first_was(exam: Exam, elsewhere: School) -> None:
    student, attempt_id = await sit(exam)
    abroad = through(elsewhere, student)
    await save(student, attempt_id, 1, exam.answer(1, text="3.14"))

    second = await save(abroad, attempt_id, 2, exam.answer(2, text="Delhi"))
    third = await save(student, attempt_id, 3, exam.visit(0))
    again = await save(abroad, attempt_id, 1, exam.answer(1, text="3.14"))

    assert [second["ackedSeq"], third["ackedSeq"], again["ackedSeq"]] == [2, 3, 2]
    conflict = {"attemptId": attempt_id, "seq": 3, "events": [exam.visit(1)]}
    assert await abroad.refused(SAVE, **conflict) == [("SEQUENCE_CONFLICT", ["seq"])]
    assert (await abroad.ask(SITTING, id=attempt_id))["ackedSeq"] == 3


async def test_a_process_that_knows_nothing_sees_four_hundred_numbers_back(exam: Exam, elsewhere: School) -> None:
    student, attempt_id = await sit(exam)
    for seq in range(1, 6):
        await save(student, attempt_id, seq, exam.visit(0))
    await save(student, attempt_id, 205, exam.visit(1))

    answered = await save(through(elsewhere, student), attempt_id, 203, exam.visit(2))

    assert answered["ackedSeq"] == 5


async def test_a_process_that_was_not_told_of_the_submit_refuses_all_the_same(
    exam: Exam, elsewhere: School
) -> None:
    student, attempt_id = await sit(exam)
    abroad = through(elsewhere, student)
    await save(abroad, attempt_id, 1, exam.visit(0))
    await save(student, attempt_id, 2, exam.visit(1))
    await save(abroad, attempt_id, 3, exam.visit(2))
    await student.do(SUBMIT, attemptId=attempt_id, lastSeq=3)

    for seq in (4, 5):
        late = {"attemptId": attempt_id, "seq": seq, "events": [exam.visit(3)]}
        assert await abroad.refused(SAVE, **late) == [("ATTEMPT_CLOSED", ["attemptId"])]
    assert (await student.ask(SITTING, id=attempt_id))["ackedSeq"] == 3


async def test_a_gap_given_up_at_submit_is_sealed_for_every_process(exam: Exam, elsewhere: School) -> None:
    student, attempt_id = await sit(exam)
    abroad = through(elsewhere, student)
    await save(abroad, attempt_id, 1, exam.visit(0))
    await save(abroad, attempt_id, 3, exam.visit(1))
    submitted = await student.do(SUBMIT, attemptId=attempt_id, lastSeq=5, allowMissing=True)

    assert submitted["attempt"]["missing"] == [2, 4, 5]
    for seq in (2, 4, 5, 6):
        late = {"attemptId": attempt_id, "seq": seq, "events": [exam.answer(1, text="3.14")]}
        assert await abroad.refused(SAVE, **late) == [("ATTEMPT_CLOSED", ["attemptId"])], seq
    sitting = await abroad.ask(SITTING, id=attempt_id)
    assert [entry["state"] for entry in sitting["palette"]].count("ANSWERED") == 0


async def test_the_same_batch_sent_many_times_at_once_is_acknowledged_each_time(
    exam: Exam, elsewhere: School
) -> None:
    student, attempt_id = await sit(exam)
    devices = [student, through(elsewhere, student)] * 3

    answers = await asyncio.gather(
        *(save(device, attempt_id, 1, exam.answer(1, text="3.14")) for device in devices)
    )

    assert [answer["ackedSeq"] for answer in answers] == [1] * 6


async def test_of_two_devices_under_one_number_one_is_acknowledged_and_one_told(
    exam: Exam, elsewhere: School
) -> None:
    student, attempt_id = await sit(exam)
    other = through(elsewhere, student)
    asked: list[Awaitable[Any]] = [
        device.ask(SAVE, input={"attemptId": attempt_id, "seq": 1, "events": [exam.answer(1, text=text)]})
        for device, text in ((student, "1"), (other, "2"))
    ]

    answers = await asyncio.gather(*asked)

    told = [[error["code"] for error in answer["userErrors"]] for answer in answers]
    assert sorted(told) == [[], ["SEQUENCE_CONFLICT"]]
    [response] = (await student.ask(SITTING, id=attempt_id))["responses"]
    assert response["text"] == str(told.index([]) + 1)


async def test_a_client_whose_clock_is_wrong_by_a_day_is_served_like_any_other(exam: Exam) -> None:
    student, attempt_id = await sit(exam)
    day = 24 * 60 * 60 * 1000
    began = exam.school.clock.now

    await save(student, attempt_id, 1, exam.answer(1, at=day, text="1"))
    acknowledged = await save(student, attempt_id, 2, exam.answer(1, at=0, text="2"))

    assert acknowledged["deadline"]["at"] == instant(began + timedelta(hours=1))
    [response] = (await student.ask(SITTING, id=attempt_id))["responses"]
    assert response["text"] == "2"


async def test_starting_again_on_another_device_leaves_the_log_alone(exam: Exam) -> None:
    student, attempt_id = await sit(exam)
    await save(student, attempt_id, 1, exam.answer(1, text="3.14"))
    before = await student.ask(SITTING, id=attempt_id)

    await student.do(START, testId=exam.test_id)

    assert await student.ask(SITTING, id=attempt_id) == before


async def test_a_batch_beyond_a_gap_that_meets_a_submit_is_refused_and_not_lost(
    exam: Exam, elsewhere: School
) -> None:
    """The other process has read the attempt as running; then it is submitted; then that process inserts."""
    student, attempt_id = await sit(exam)
    await save(student, attempt_id, 1, exam.visit(0))
    heads = elsewhere.services.catalogue.saving._heads
    read = heads.read

    async def read_and_be_overtaken(*asked: Any) -> Any:
        head = await read(*asked)
        await student.do(SUBMIT, attemptId=attempt_id, lastSeq=1)
        return head

    heads.read = read_and_be_overtaken  # type: ignore[method-assign]
    late = {"attemptId": attempt_id, "seq": 3, "events": [exam.answer(1, text="3.14")]}

    refused = await through(elsewhere, student).refused(SAVE, **late)

    assert refused == [("ATTEMPT_CLOSED", ["attemptId"])]
    assert await late_entry(exam, attempt_id, 3) is not None


async def test_a_batch_beyond_a_gap_acknowledged_while_the_attempt_is_being_closed_counts(
    exam: Exam, elsewhere: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Closing has read the log; then a batch is stored where closing puts no seal; then closing commits."""
    student, attempt_id = await sit(exam)
    abroad = through(elsewhere, student)
    await save(abroad, attempt_id, 1, exam.visit(0))
    saved: list[int] = []

    def overtaken(read: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def read_and_be_overtaken(*asked: Any) -> Any:
            found = await read(*asked)
            if not saved:
                saved.append((await save(abroad, attempt_id, 3, exam.answer(1, text="3.14")))["seq"])
            return found

        return read_and_be_overtaken

    monkeypatch.setattr(close, "read_log", overtaken(log.read_log))
    monkeypatch.setattr(close, "stored_numbers", overtaken(log.stored_numbers))
    submit = {"attemptId": attempt_id, "lastSeq": 1, "allowMissing": True}

    assert await student.refused(SUBMIT, **submit) == [("SEQUENCE_CONFLICT", ["lastSeq"])]
    assert saved == [3]
    again = await student.do(SUBMIT, attemptId=attempt_id, lastSeq=3, allowMissing=True)
    assert again["attempt"]["missing"] == [2]
