"""The control room: counts of a sitting, and the students behind them."""

from __future__ import annotations

from typing import Any

from control import FORCE, PAUSE, RESUME, invigilator, save
from school import PAPER, START, SUBMIT, Exam, Person, instant

OVERVIEW = """query ($id: ID!) { sittingOverview(testId: $id) {
  test { id } at expected states { state count } starts { at count } submits { at count }
  online idle offline away paused } }"""
STUDENTS = """query ($id: ID!, $filter: SittingFilter, $first: Int! = 50, $after: String) {
  sittingStudents(testId: $id, filter: $filter, first: $first, after: $after) {
    edges { node { student { login } attempt { id state paused } presence lastSeenAt
      answered visited focusLost away } } pageInfo { hasNextPage endCursor } } }"""
COUNTED = ("online", "idle", "offline", "away", "paused")


async def counts(watcher: Person, exam: Exam) -> dict[str, Any]:
    """Return the overview a second later, states by name."""
    exam.school.clock.forward(seconds=1)
    told = await watcher.ask(OVERVIEW, id=exam.test_id)
    return {**told, "states": {each["state"]: each["count"] for each in told["states"] if each["count"]}}


async def present(watcher: Person, exam: Exam) -> dict[str, int]:
    """Return those of the counts that are not 0."""
    told = await counts(watcher, exam)
    return {name: told[name] for name in COUNTED if told[name]}


async def logins(watcher: Person, exam: Exam, **filter: Any) -> set[str]:
    told = await watcher.ask(STUDENTS, id=exam.test_id, filter=filter)
    return {edge["node"]["student"]["login"] for edge in told["edges"]}


async def test_the_overview_counts_who_is_expected_who_has_begun_and_who_is_done(exam: Exam) -> None:
    clock, watcher = exam.school.clock, await invigilator(exam.school)
    asha, ravi = await exam.student("asha"), await exam.student("ravi")
    await exam.student("absent")
    empty = await counts(watcher, exam)
    began = clock.now

    await exam.start(asha)
    handed_in = await exam.start(ravi)
    clock.forward(minutes=30)
    await ravi.do(SUBMIT, attemptId=handed_in, lastSeq=0)
    handed_in_at = clock.now
    told = await counts(watcher, exam)

    assert (empty["expected"], empty["states"], empty["starts"]) == (3, {}, [])
    assert told["test"] == {"id": exam.test_id}
    assert told["at"] == instant(clock.now)
    assert (told["expected"], told["states"]) == (3, {"IN_PROGRESS": 1, "SUBMITTED": 1})
    assert told["starts"] == [{"at": instant(began.replace(second=0)), "count": 2}]
    assert told["submits"] == [{"at": instant(handed_in_at.replace(second=0)), "count": 1}]


async def test_presence_follows_what_comes_from_a_student(exam: Exam) -> None:
    clock, student, watcher = exam.school.clock, await exam.student("asha"), await invigilator(exam.school)
    attempt_id = await exam.start(student)
    assert await present(watcher, exam) == {"online": 1}

    clock.forward(seconds=100)
    assert await present(watcher, exam) == {"offline": 1}
    await save(student, attempt_id, 1, exam.visit(0))
    assert await present(watcher, exam) == {"online": 1}
    clock.forward(seconds=80)
    await student.ask(PAPER, id=attempt_id)
    clock.forward(seconds=80)
    assert await present(watcher, exam) == {"idle": 1}
    clock.forward(seconds=20)
    assert await present(watcher, exam) == {"offline": 1}


async def test_whoever_leaves_the_window_is_away_until_back(exam: Exam) -> None:
    student, watcher = await exam.student("asha"), await invigilator(exam.school)
    attempt_id = await exam.start(student)

    await save(student, attempt_id, 1, {"type": "BLUR", "at": 10})
    left = await present(watcher, exam)
    gone = await logins(watcher, exam, away=True)
    await save(student, attempt_id, 2, {"type": "FOCUS", "at": 20})

    assert left == {"online": 1, "away": 1}
    assert gone == {"asha"}
    assert await present(watcher, exam) == {"online": 1}


async def test_pauses_are_counted_at_once_and_the_forced_when_they_are_closed(exam: Exam) -> None:
    watcher, students = await invigilator(exam.school), [await exam.student(login) for login in ("asha", "ravi")]
    attempts = [await exam.start(student) for student in students]
    acts = {"testId": exam.test_id, "reason": "Fire drill"}
    await counts(watcher, exam)

    await watcher.do(PAUSE, **acts)
    paused = await present(watcher, exam)
    await watcher.do(RESUME, attemptIds=attempts[:1], **acts)
    resumed = await present(watcher, exam)
    still = await logins(watcher, exam, paused=True)
    await watcher.do(FORCE, attemptIds=attempts[1:], **acts)
    exam.school.clock.forward(seconds=40)
    await exam.school.sweep()
    told = await counts(watcher, exam)

    assert (paused, resumed) == ({"online": 2, "paused": 2}, {"online": 2, "paused": 1})
    assert still == {"ravi"}
    assert (told["states"], told["paused"]) == ({"IN_PROGRESS": 1, "GRADED": 1}, 0) or (
        told["states"] == {"IN_PROGRESS": 1, "SUBMITTED": 1}
    )


async def test_a_student_s_line_tells_how_far_it_is(exam: Exam) -> None:
    student, watcher = await exam.student("asha"), await invigilator(exam.school)
    attempt_id = await exam.start(student)
    events = [exam.answer(1, text="3.14"), exam.visit(2), {"type": "BLUR", "at": 5}, {"type": "FOCUS", "at": 6}]
    for seq, event in enumerate(events, 1):
        await save(student, attempt_id, seq, event)
    heard = exam.school.clock.now
    exam.school.clock.forward(seconds=1)

    [edge] = (await watcher.ask(STUDENTS, id=exam.test_id))["edges"]
    await save(student, attempt_id, 5, exam.visit(3))
    [later] = (await watcher.ask(STUDENTS, id=exam.test_id))["edges"]

    assert edge["node"] == {
        "student": {"login": "asha"},
        "attempt": {"id": attempt_id, "state": "IN_PROGRESS", "paused": False},
        "presence": "ONLINE",
        "lastSeenAt": instant(heard),
        "answered": 1,
        "visited": 2,
        "focusLost": 1,
        "away": False,
    }
    assert (later["node"]["visited"], later["node"]["focusLost"]) == (3, 1)


async def test_students_are_found_by_state_presence_and_name_and_read_by_the_page(exam: Exam) -> None:
    clock, watcher = exam.school.clock, await invigilator(exam.school)
    asha, ravi = await exam.student("asha"), await exam.student("ravi")
    await exam.student("absent")
    await exam.start(asha)
    handed_in = await exam.start(ravi)
    await ravi.do(SUBMIT, attemptId=handed_in, lastSeq=0)
    clock.forward(seconds=1)

    assert await logins(watcher, exam) == {"asha", "ravi", "absent"}
    assert await logins(watcher, exam, states=["SUBMITTED", "GRADED"]) == {"ravi"}
    assert await logins(watcher, exam, states=["PREPARED"]) == {"absent"}
    assert await logins(watcher, exam, presence="ONLINE") == {"asha"}
    assert await logins(watcher, exam, presence="OFFLINE") == set()
    assert await logins(watcher, exam, search="AV") == {"ravi"}
    assert await logins(watcher, exam, search="nobody") == set()
    read, after = set[str](), None
    while True:
        page = await watcher.ask(STUDENTS, id=exam.test_id, first=1, after=after)
        read |= {edge["node"]["student"]["login"] for edge in page["edges"]}
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert read == {"asha", "ravi", "absent"}
    assert await watcher.error_codes(STUDENTS, id=exam.test_id, after="?") == ["BAD_USER_INPUT"]


async def test_what_went_by_unheard_is_found_in_the_store(exam: Exam, elsewhere: Any) -> None:
    watcher, student = await invigilator(exam.school), await exam.student("asha")
    await counts(watcher, exam)

    await Person(elsewhere.client, student.token, student.id).do(START, testId=exam.test_id)
    before = await counts(watcher, exam)
    exam.school.clock.forward(seconds=15)

    assert before["states"] == {}
    assert (await counts(watcher, exam))["states"] == {"IN_PROGRESS": 1}


async def test_students_do_not_watch(exam: Exam) -> None:
    student = await exam.student("asha")

    assert set(await student.error_codes(OVERVIEW, id=exam.test_id)) == {"FORBIDDEN"}
    assert set(await student.error_codes(STUDENTS, id=exam.test_id)) == {"FORBIDDEN"}
