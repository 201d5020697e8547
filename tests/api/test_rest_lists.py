"""Services read attempts and logs: the same in every format, resumed from any cursor, and what changed since."""

from __future__ import annotations

import gzip
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import zstandard
from school import CORRECT, SAVE, SUBMIT, Exam, instant
from serving import Asker, asker, read_lines, sat

from api.rest.media import FORMATS
from api.settings import Settings
from store.port import Put
from tp.contract import AttemptPage, EventPage
from tp.domain.attempt import Pause
from tp.services.serving import attempts, events
from tp.tables import ATTEMPTS

LISTS = ["attempts", "events"]


@pytest.fixture
def service(exam: Exam, tmp_path: Path) -> Asker:
    return asker(exam.school, Settings(data_dir=tmp_path))


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a few rows make several parts, and a log several reads."""
    monkeypatch.setattr(attempts, "CHUNK", 2)
    monkeypatch.setattr(events, "ROWS", 4)
    monkeypatch.setattr(events, "AT_ONCE", 2)
    monkeypatch.setattr(events, "LOG_PAGE", 2)
    monkeypatch.setattr(events, "ATTEMPTS_PAGE", 2)


async def graded(exam: Exam, *logins: str) -> list[str]:
    ids = [await sat(exam, login, batches=3) for login in logins]
    await exam.school.sweep()
    return ids


def path(exam: Exam, name: str) -> str:
    return f"/tenants/oakwood/tests/{exam.test_id}/{name}"


async def corrected(exam: Exam) -> None:
    """Let 5 be right as well; every attempt is scored again."""
    right = [exam.option(0, "4"), exam.option(0, "5")]
    correction = {"questionId": exam.questions[0]["id"], "key": {"correct": right}}
    await exam.teacher.do(CORRECT, testId=exam.test_id, corrections=[correction], reason="5 is right too")


async def test_an_attempt_tells_who_sat_when_and_what_each_question_earned(exam: Exam, service: Asker) -> None:
    [id] = await graded(exam, "asha")

    [row] = (await service.page(path(exam, "attempts"))).rows

    questions = row.pop("questions")
    [address], [agent] = row.pop("addresses"), row.pop("agents")
    now = instant(exam.school.clock())
    assert row == {
        "attempt": id,
        "test": exam.test_id,
        "student": row["student"],
        "name": "Asha",
        "externalId": None,
        "groups": ["10A"],
        "number": 1,
        "state": "GRADED",
        "startedAt": now,
        "submittedAt": now,
        "closedBy": "STUDENT",
        "pauses": [],
        "keyVersion": 1,
        "gradedAt": now,
        "total": "2",
    }
    primes = "|".join(sorted([exam.option(3, "2"), exam.option(3, "4")]))
    responses = [exam.option(0, "4"), "3.14", None, primes]
    outcomes = ["CORRECT", "CORRECT", "UNANSWERED", "WRONG"]
    assert questions == [
        {
            "question": exam.questions[place]["id"],
            "outcome": outcomes[place],
            "response": responses[place],
            "marks": {"CORRECT": "1"}.get(outcomes[place], "0"),
            "counted": True,
        }
        for place in range(4)
    ]
    assert len(address) == len(agent) == 16
    assert "127.0.0.1" not in (address, agent)


async def test_pauses_are_told_in_every_format(exam: Exam, service: Asker) -> None:
    [id] = await graded(exam, "asha")
    school, now = exam.school, exam.school.clock()
    store = school.services.store.namespace(school.tenant.namespace)
    attempt = ATTEMPTS.found(await store.get(ATTEMPTS.key(id)))
    assert attempt is not None
    stood = (Pause(began_at=now - timedelta(minutes=9), ended_at=now - timedelta(minutes=7)), Pause(began_at=now))
    await store.commit([Put(ATTEMPTS.entity(attempt.model_copy(update={"pauses": stood})))])

    for format in (service.page, service.lines, service.arrow):
        [row] = (await format(path(exam, "attempts"))).rows
        assert [(each["beganAt"], each["endedAt"]) for each in row["pauses"]] == [
            (instant(now - timedelta(minutes=9)), instant(now - timedelta(minutes=7))),
            (instant(now), None),
        ]


async def test_events_come_in_the_order_of_attempt_batch_and_place(exam: Exam, service: Asker) -> None:
    ids = await graded(exam, "asha", "ravi")

    rows = (await service.page(path(exam, "events"))).rows

    assert [(row["attempt"], row["seq"], row["place"]) for row in rows] == [
        (id, seq, place) for id in sorted(ids) for seq in (1, 2, 3) for place in range(5)
    ]
    assert [row["type"] for row in rows[:5]] == ["VISIT", "ANSWER", "ANSWER", "BLUR", "ANSWER"]
    assert [row["at"] for row in rows[:5]] == [100, 101, 102, 103, 104]
    assert rows[0]["question"] == exam.questions[0]["id"]
    assert [row["response"] for row in rows[:4]] == [None, exam.option(0, "4"), "3.14", None]
    assert rows[3]["question"] is None
    assert {row["receivedAt"] for row in rows} == {instant(exam.school.clock())}


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.usefixtures("small_parts")
async def test_every_format_has_the_same_rows(exam: Exam, service: Asker, name: str) -> None:
    await graded(exam, "asha", "ravi", "meena")

    page = await service.page(path(exam, name))
    lines, arrow = await service.lines(path(exam, name)), await service.arrow(path(exam, name))

    assert len(page.rows) == {"attempts": 3, "events": 45}[name]
    assert page.rows == lines.rows == arrow.rows
    assert page.end == lines.end
    assert {key: arrow.end[key] for key in ("rows", "next", "asOf")} == {
        key: page.end[key] for key in ("rows", "next", "asOf")
    }
    assert lines.cursors
    assert lines.cursors == arrow.cursors
    model = AttemptPage if name == "attempts" else EventPage
    assert model.model_validate({"items": page.rows, **page.end}).rows == len(page.rows)


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.usefixtures("small_parts")
async def test_a_stream_that_was_cut_goes_on_from_its_last_cursor(exam: Exam, service: Asker, name: str) -> None:
    await graded(exam, "asha", "ravi", "meena", "tara", "zoya")
    whole = await service.lines(path(exam, name))

    for format in (service.lines, service.arrow):
        for count, cursor in whole.cursors:
            rest = await format(path(exam, name), cursor=cursor)
            assert whole.rows[:count] + rest.rows == whole.rows

    cut = read_lines(whole.body[: whole.body.rindex(b'{"@cursor"')])
    assert cut.end == {}
    count, cursor = cut.cursors[-1]
    assert cut.rows[:count] + (await service.lines(path(exam, name), cursor=cursor)).rows == whole.rows


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("limit", [2, 7])
@pytest.mark.usefixtures("small_parts")
async def test_pages_of_any_size_make_the_whole(exam: Exam, service: Asker, name: str, limit: int) -> None:
    await graded(exam, "asha", "ravi", "meena")
    whole = (await service.page(path(exam, name))).rows

    for format in (service.page, service.lines, service.arrow):
        rows: list[Any] = []
        given: dict[str, Any] = {"limit": limit}
        while True:
            page = await format(path(exam, name), **given)
            assert len(page.rows) <= limit
            rows += page.rows
            if page.end["next"] is None:
                break
            given["cursor"] = page.end["next"]
        assert rows == whole


async def test_an_attempt_scored_again_between_two_pages_is_found_by_what_changed_since(
    exam: Exam, service: Asker
) -> None:
    ids = await graded(exam, "asha", "ravi")
    first = await service.page(path(exam, "attempts"), limit=1)
    exam.school.clock.forward(minutes=5)
    await corrected(exam)

    rest = await service.page(path(exam, "attempts"), limit=1, cursor=first.end["next"])
    since = first.end["asOf"]
    changed = await service.lines(path(exam, "attempts"), updatedSince=since)
    later = instant(exam.school.clock() + timedelta(minutes=1))

    assert [row["keyVersion"] for row in first.rows + rest.rows] == [1, 2]
    assert rest.end["asOf"] == since
    assert {row["attempt"]: row["keyVersion"] for row in changed.rows} == dict.fromkeys(ids, 2)
    assert (await service.page(path(exam, "attempts"), updatedSince=later)).rows == []


@pytest.mark.usefixtures("small_parts")
async def test_scored_again_within_what_changed_it_comes_again_at_the_end(exam: Exam, service: Asker) -> None:
    ids = await graded(exam, "asha", "ravi", "meena")
    since = instant(datetime.fromisoformat("2025-01-01T00:00:00+00:00"))
    first = await service.page(path(exam, "attempts"), updatedSince=since, limit=1)
    exam.school.clock.forward(minutes=5)
    await corrected(exam)

    rest = await service.lines(path(exam, "attempts"), updatedSince=since, cursor=first.end["next"])

    assert {row["attempt"]: row["keyVersion"] for row in rest.rows} == dict.fromkeys(ids, 2)


async def test_graded_attempts_are_told_and_others_by_their_state(exam: Exam, service: Asker) -> None:
    running = await exam.start(await exam.student("asha"))

    none = await service.page(path(exam, "attempts"))
    [row] = (await service.page(path(exam, "attempts"), state="IN_PROGRESS")).rows

    assert none.rows == []
    assert (row["attempt"], row["state"], row["keyVersion"], row["questions"]) == (
        running,
        "IN_PROGRESS",
        None,
        [],
    )
    assert (await service.arrow(path(exam, "attempts"))).rows == []
    assert (await service.lines(path(exam, "events"))).rows == []


async def test_answers_too_long_to_be_kept_are_read_from_the_log(
    exam: Exam, service: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tp.services.grading.grade.MAX_ANSWERS", 5)
    await graded(exam, "asha")

    [row] = (await service.page(path(exam, "attempts"))).rows

    assert [question["response"] for question in row["questions"]][:3] == [exam.option(0, "4"), "3.14", None]


UNPACKED = {
    "gzip": gzip.decompress,
    "zstd": lambda raw: zstandard.ZstdDecompressor().decompressobj().decompress(raw),
}


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize(
    ("taken", "encoding"),
    [("gzip", "gzip"), ("zstd", "zstd"), ("gzip, zstd", "zstd"), ("gzip, zstd;q=0.5", "gzip"), ("*", "zstd")],
)
async def test_what_is_compressed_holds_the_same(exam: Exam, service: Asker, taken: str, encoding: str) -> None:
    await graded(exam, "asha")

    for accept in FORMATS:
        plain = await service.get(path(exam, "events"), accept)
        headers = {"Accept": accept, "Accept-Encoding": taken, "Authorization": f"Bearer {service.token}"}
        async with service.school.client.stream("GET", f"/v1{path(exam, 'events')}", headers=headers) as response:
            raw = b"".join([chunk async for chunk in response.aiter_raw()])
        assert plain.headers["content-type"].startswith(accept)
        assert "content-encoding" not in plain.headers
        assert response.headers["content-encoding"] == encoding
        assert UNPACKED[encoding](raw) == plain.content


async def test_a_cursor_of_another_list_is_refused_before_anything_is_sent(exam: Exam, service: Asker) -> None:
    await graded(exam, "asha", "ravi")
    cursors = {name: (await service.page(path(exam, name), limit=1)).end["next"] for name in LISTS}
    foreign = {"attempts": cursors["events"], "events": cursors["attempts"]}

    for name in LISTS:
        for accept in FORMATS:
            for cursor in ("nonsense", foreign[name]):
                refused = await service.get(path(exam, name), accept, cursor=cursor)
                assert (refused.status_code, refused.json()["code"]) == (400, "BAD_CURSOR")
                assert refused.headers["content-type"] == "application/problem+json"


async def test_devices_are_told_apart_and_a_batch_may_come_again_from_another(exam: Exam, service: Asker) -> None:
    student = await exam.student("asha")
    attempt_id = await exam.start(student)
    sent = [("phone", 1), ("tablet", 2), ("tablet", 1), ("phone", 3)]

    for agent, seq in sent:
        student.client.headers["User-Agent"] = agent
        await student.do(SAVE, attemptId=attempt_id, seq=seq, events=[exam.visit(0)])
    await student.do(SUBMIT, attemptId=attempt_id, lastSeq=3)
    await exam.school.sweep()

    [row] = (await service.page(path(exam, "attempts"))).rows
    assert (len(row["addresses"]), len(row["agents"])) == (1, 2)
    assert not {"phone", "tablet"} & set(row["agents"])
