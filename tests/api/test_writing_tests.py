"""Drafts of tests, their publishing, and what may be changed afterwards."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from school import (
    CLOSE,
    CREATE_QUESTIONS,
    CREATE_TEST,
    PUBLISH,
    UPDATE_TEST,
    Exam,
    Person,
    School,
    every_type,
    in_english,
    instant,
    through,
)

TEST = """query ($id: ID!) { test(id: $id) { id title state instructions durationSeconds graceSeconds declaredTotal
  shuffleQuestions shuffleOptions attemptsAllowed keyVersion createdAt updatedAt publishedAt closedAt
  schedule { opensAt closesAt } accommodation { timeFactor extraMinutes extensionMinutes pastWindow }
  marking { name default { correct wrong } rules { type rule { correct partial } } } owner { id }
  sections { id title subject answerAny marking { name } questionCount
    questions { questionId version marks marking { correct } } }
  paper { id version instructions sections { title questions { id number type marking { correct wrong } } }
    passages { id title text } } } }"""
LANGUAGES = {"language": "hi", "text": "नमस्ते"}
PASSAGE = """mutation ($input: CreatePassageInput!) { createPassage(input: $input) {
  passage { id } userErrors { code path } } }"""
PLAIN = {"title": "Draft", "durationSeconds": 600, "marking": {"preset": "PLAIN"}}


@pytest.fixture
async def teacher(school: School) -> Person:
    return await school.person("teacher", "TEACHER")


async def draft(teacher: Person, **given: Any) -> str:
    """Create a test; return its id."""
    test_id: str = (await teacher.do(CREATE_TEST, **{**PLAIN, **given}))["test"]["id"]
    return test_id


async def write(teacher: Person, *questions: dict[str, Any]) -> list[str]:
    return [q["id"] for q in (await teacher.do(CREATE_QUESTIONS, questions=[*questions]))["questions"]]


async def test_a_draft_has_what_it_was_given_and_defaults_for_the_rest(school: School, teacher: Person) -> None:
    now = instant(school.clock.now)

    test = await teacher.ask(TEST, id=await draft(teacher))

    assert (test["title"], test["state"], test["durationSeconds"], test["graceSeconds"]) == (
        "Draft",
        "DRAFT",
        600,
        30,
    )
    assert (test["createdAt"], test["updatedAt"], test["publishedAt"], test["keyVersion"]) == (
        now,
        now,
        None,
        None,
    )
    assert (test["sections"], test["paper"], test["attemptsAllowed"]) == ([], None, 1)
    assert test["owner"] == {"id": teacher.id}
    assert test["accommodation"] == dict.fromkeys(("timeFactor", "extraMinutes", "extensionMinutes", "pastWindow"))


async def test_every_setting_of_a_draft_can_be_changed(school: School, teacher: Person) -> None:
    test_id = await draft(teacher)
    [question_id] = await write(teacher, every_type()[0])
    opens = school.clock.now + timedelta(days=1)
    closes = opens + timedelta(hours=3)
    school.clock.forward(minutes=1)

    await teacher.do(
        UPDATE_TEST,
        testId=test_id,
        title="Physics",
        instructions="Read *well*.",
        durationSeconds=7_200,
        graceSeconds=60,
        declaredTotal="4",
        shuffleQuestions=True,
        shuffleOptions=True,
        attemptsAllowed=2,
        schedule={"opensAt": instant(opens), "closesAt": instant(closes)},
        accommodation={"timeFactor": "5/4", "pastWindow": True},
        marking={
            "name": "OURS",
            "default": {"correct": 4, "wrong": "-1"},
            "rules": [{"type": "MULTIPLE_CHOICE", "rule": {"correct": "4", "partial": "PER_OPTION"}}],
        },
        sections=[
            {
                "title": "A",
                "subject": "Physics",
                "answerAny": 1,
                "marking": {"preset": "GATE"},
                "questions": [{"questionId": question_id, "version": 1, "marks": "2"}],
            },
            {"title": "B", "questions": [{"questionId": question_id, "marking": {"correct": "7"}}]},
        ],
    )

    test = await teacher.ask(TEST, id=test_id)
    assert test["title"] == "Physics"
    assert test["instructions"] == "Read *well*."
    assert (test["durationSeconds"], test["graceSeconds"], test["declaredTotal"]) == (7_200, 60, "4")
    assert (test["shuffleQuestions"], test["shuffleOptions"], test["attemptsAllowed"]) == (True, True, 2)
    assert test["schedule"] == {"opensAt": instant(opens), "closesAt": instant(closes)}
    assert test["accommodation"]["timeFactor"] == "5/4"
    assert test["marking"] == {
        "name": "OURS",
        "default": {"correct": "4", "wrong": "-1"},
        "rules": [{"type": "MULTIPLE_CHOICE", "rule": {"correct": "4", "partial": "PER_OPTION"}}],
    }
    first, second = test["sections"]
    assert (first["subject"], first["answerAny"], first["marking"]) == ("Physics", 1, {"name": "GATE"})
    assert first["questions"] == [{"questionId": question_id, "version": 1, "marks": "2", "marking": None}]
    assert second["questions"] == [
        {"questionId": question_id, "version": None, "marks": None, "marking": {"correct": "7"}}
    ]
    assert test["updatedAt"] == instant(school.clock.now)


async def test_what_is_left_out_of_a_change_stays_as_it_is(teacher: Person) -> None:
    test_id = await draft(teacher, instructions="Stay")

    await teacher.do(UPDATE_TEST, testId=test_id, title="Other")

    test = await teacher.ask(TEST, id=test_id)
    assert (test["title"], test["instructions"], test["durationSeconds"]) == ("Other", "Stay", 600)


@pytest.mark.parametrize("title", ["", "   ", "x" * 301])
async def test_a_title_has_1_to_300_characters(teacher: Person, title: str) -> None:
    test_id = await draft(teacher)

    assert await teacher.refused(CREATE_TEST, **{**PLAIN, "title": title}) == [("INVALID", ["title"])]
    assert await teacher.refused(UPDATE_TEST, testId=test_id, title=title) == [("INVALID", ["title"])]


@pytest.mark.parametrize(
    ("marking", "expected"),
    [
        ({}, ("INVALID", ["marking"])),
        ({"preset": "PLAIN", "default": {"correct": 1}}, ("INVALID", ["marking"])),
        ({"preset": "NO_SUCH"}, ("NOT_FOUND", ["marking", "preset"])),
    ],
)
async def test_a_scheme_is_a_preset_or_written_out(teacher: Person, marking: Any, expected: Any) -> None:
    section = {"title": "A", "marking": marking}

    assert await teacher.refused(CREATE_TEST, **{**PLAIN, "marking": marking}) == [expected]
    in_section = (expected[0], ["sections", "0", *expected[1]])
    assert await teacher.refused(CREATE_TEST, **PLAIN, sections=[section]) == [in_section]


async def test_of_two_rules_for_one_type_none_is_chosen(teacher: Person) -> None:
    rules = [{"type": "NUMERIC", "rule": {"correct": marks}} for marks in ("4", "3")]
    marking = {"default": {"correct": 1}, "rules": rules}

    refused = await teacher.refused(CREATE_TEST, **{**PLAIN, "marking": marking})

    assert refused == [("INVALID", ["marking", "rules", "1", "type"])]


async def test_null_in_a_rule_is_as_left_out(teacher: Person) -> None:
    rule = {"correct": 4, "wrong": None, "partial": None, "rounding": None, "places": None, "perOption": None}
    marking = {"default": rule, "rules": [{"type": "NUMERIC", "rule": rule}]}

    test_id = await draft(teacher, marking=marking)

    scheme = (await teacher.ask(TEST, id=test_id))["marking"]
    assert scheme["default"] == {"correct": "4", "wrong": "0"}
    assert scheme["rules"] == [{"type": "NUMERIC", "rule": {"correct": "4", "partial": "NONE"}}]


async def test_a_test_too_large_to_be_kept_is_refused_and_stays_as_it_was(teacher: Person) -> None:
    test_id = await draft(teacher, instructions="Read")
    long = "x" * 1_100_000

    assert await teacher.refused(CREATE_TEST, **PLAIN, instructions=long) == [("TOO_LARGE", [])]
    assert await teacher.refused(UPDATE_TEST, testId=test_id, instructions=long) == [("TOO_LARGE", [])]
    assert (await teacher.ask(TEST, id=test_id))["instructions"] == "Read"


async def test_a_test_has_at_most_a_thousand_questions(teacher: Person) -> None:
    placed = [{"questionId": f"qst_{number:016d}"} for number in range(1_001)]
    sections = [{"title": "A", "questions": part} for part in (placed[:500], placed[500:1_000], placed[1_000:])]
    test_id = await draft(teacher, sections=sections)

    assert await teacher.refused(PUBLISH, testId=test_id) == [("TOO_MANY", ["sections"])]


async def test_what_cannot_be_changed_any_more_is_named_as_the_api_names_it(exam: Exam) -> None:
    asked = {"testId": exam.test_id, "durationSeconds": 60, "marking": {"preset": "GATE"}}

    [error] = (await exam.teacher.ask(UPDATE_TEST, input=asked))["userErrors"]

    assert "durationSeconds, marking cannot be changed" in error["message"]


async def test_what_publishing_would_refuse_is_told_before(school: School, teacher: Person) -> None:
    problems = "query ($id: ID!) { test(id: $id) { problems { code path message } } }"
    test_id = await draft(teacher)
    assert [(p["code"], p["path"]) for p in (await teacher.ask(problems, id=test_id))["problems"]] == (
        await teacher.refused(PUBLISH, testId=test_id)
    )

    [question_id] = await write(teacher, every_type()[0])
    sections = [{"title": "A", "questions": [{"questionId": question_id}, {"questionId": "qst_none"}]}]
    await teacher.do(UPDATE_TEST, testId=test_id, sections=sections)
    [problem] = (await teacher.ask(problems, id=test_id))["problems"]
    assert (problem["code"], problem["path"]) == ("NOT_FOUND", ["sections", "0", "questions", "1"])

    await teacher.do(
        UPDATE_TEST, testId=test_id, sections=[{"title": "A", "questions": [{"questionId": question_id}]}]
    )
    assert (await teacher.ask(problems, id=test_id))["problems"] == []
    await teacher.do(PUBLISH, testId=test_id)
    assert (await teacher.ask(problems, id=test_id))["problems"] == []

    other = await school.person("other", "TEACHER")
    assert set(await other.error_codes(problems, id=test_id)) == {"FORBIDDEN"}


async def test_the_questions_of_a_draft_are_seen_in_their_places(teacher: Person) -> None:
    first, second = await write(teacher, *every_type()[:2])
    [_] = await write(teacher, {**every_type()[0], "id": first, "text": in_english("Newer")})
    places = [
        {"questionId": first, "version": 1},
        {"questionId": first},
        {"questionId": second},
        {"questionId": "no"},
    ]
    test_id = await draft(teacher, sections=[{"title": "A", "questions": places}])

    test = await teacher.ask(
        "query ($id: ID!) { test(id: $id) { sections { questions { question { id version } } } } }", id=test_id
    )

    assert [placed["question"] for placed in test["sections"][0]["questions"]] == [
        {"id": first, "version": 1},
        {"id": first, "version": 2},
        {"id": second, "version": 1},
        None,
    ]


async def test_the_presets_are_listed_by_their_names(teacher: Person) -> None:
    presets = await teacher.ask("{ presets { name default { correct } rules { type } } }")

    assert {"PLAIN", "GATE", "JEE_MAIN_2025", "NEET_2025"} <= {preset["name"] for preset in presets}


async def test_a_teacher_changes_only_tests_of_its_own(school: School, exam: Exam) -> None:
    colleague = await school.person("colleague", "TEACHER")
    test = {"testId": exam.test_id}

    assert await colleague.error_codes(UPDATE_TEST, input={**test, "title": "Mine"}) == ["FORBIDDEN"]
    assert await colleague.error_codes(PUBLISH, input=test) == ["FORBIDDEN"]
    assert await colleague.error_codes(CLOSE, input=test) == ["FORBIDDEN"]
    assert (await colleague.ask(TEST, id=exam.test_id))["title"] == "Monday test"
    missing = {"testId": "tst_" + "x" * 16}
    for document in (UPDATE_TEST, PUBLISH, CLOSE):
        assert await colleague.refused(document, **missing) == [("NOT_FOUND", ["testId"])]
    await (await school.admin()).do(CLOSE, **test)


async def test_a_published_test_has_a_paper_in_its_authors_order(school: School, teacher: Person) -> None:
    passage = (await teacher.do(PASSAGE, title=in_english("Rivers"), text=in_english("The Ganga …")))["passage"][
        "id"
    ]
    single, essay = every_type()[0], {**every_type()[6], "passageId": passage}
    ids = await write(teacher, single, essay)
    sections = [
        {"title": "A", "questions": [{"questionId": ids[0], "marks": "3"}]},
        {"title": "B", "questions": [{"questionId": ids[1]}]},
    ]
    test_id = await draft(teacher, sections=sections, instructions="Go")
    school.clock.forward(minutes=1)

    await teacher.do(PUBLISH, testId=test_id)

    test = await teacher.ask(TEST, id=test_id)
    assert (test["state"], test["publishedAt"], test["keyVersion"]) == ("PUBLISHED", instant(school.clock.now), 1)
    assert test["paper"] == {
        "id": f"{test_id}:1",
        "version": 1,
        "instructions": "Go",
        "sections": [
            {
                "title": "A",
                "questions": [
                    {"id": ids[0], "number": 1, "type": "SINGLE_CHOICE", "marking": {"correct": "3", "wrong": "0"}}
                ],
            },
            {
                "title": "B",
                "questions": [
                    {"id": ids[1], "number": 2, "type": "ESSAY", "marking": {"correct": "1", "wrong": "0"}}
                ],
            },
        ],
        "passages": [{"id": passage, "title": "Rivers", "text": "The Ganga …"}],
    }


async def test_a_placed_version_is_the_one_that_is_published(teacher: Person) -> None:
    [question_id] = await write(teacher, every_type()[6])
    await write(teacher, {**every_type()[6], "id": question_id, "text": in_english("Newer")})
    text = "query ($id: ID!) { test(id: $id) { paper { sections { questions { text } } } } }"

    shown = []
    for version in (1, None):
        placed = [{"questionId": question_id, "version": version}]
        test_id = await draft(teacher, sections=[{"title": "A", "questions": placed}])
        await teacher.do(PUBLISH, testId=test_id)
        shown.append((await teacher.ask(text, id=test_id))["paper"]["sections"][0]["questions"][0]["text"])

    assert shown == ["On rivers", "Newer"]


async def test_everything_that_keeps_a_draft_from_being_published_is_told_at_once(
    school: School, teacher: Person
) -> None:
    single, multiple, number, *_ = every_type()
    del multiple["key"]
    ids = await write(teacher, single, multiple, {**number, "text": [LANGUAGES]})
    now = school.clock.now
    test_id = await draft(
        teacher,
        durationSeconds=0,
        graceSeconds=-1,
        attemptsAllowed=101,
        declaredTotal=99,
        accommodation={"timeFactor": "1/2", "extraMinutes": -1},
        schedule={"opensAt": instant(now), "closesAt": instant(now)},
        sections=[
            {"title": "A", "questions": [{"questionId": id} for id in (*ids[:2], ids[0])]},
            {
                "title": "B",
                "answerAny": 5,
                "questions": [{"questionId": ids[2], "marks": -1, "marking": {"correct": -1}}],
            },
            {"title": "C", "questions": []},
            {"title": "D", "questions": [{"questionId": "qst_" + "x" * 16}, {"questionId": ids[1], "version": 9}]},
        ],
    )

    refused = {(code, ".".join(path)) for code, path in await teacher.refused(PUBLISH, testId=test_id)}

    assert refused >= {
        ("INVALID", "durationSeconds"),
        ("INVALID", "graceSeconds"),
        ("INVALID", "attemptsAllowed"),
        ("INVALID", "accommodation.timeFactor"),
        ("INVALID", "accommodation.extraMinutes"),
        ("INVALID", "schedule.closesAt"),
        ("NO_KEY", "sections.0.questions.1"),
        ("DUPLICATE_QUESTION", "sections.0.questions.2"),
        ("INVALID", "sections.1.answerAny"),
        ("INVALID", "sections.1.questions.0.marks"),
        ("INVALID", "sections.1.questions.0.marking.wrong"),
        ("NO_QUESTIONS", "sections.2.questions"),
        ("NOT_FOUND", "sections.3.questions.0"),
        ("NOT_FOUND", "sections.3.questions.1"),
    }
    assert "LANGUAGE_MISSING" in {code for code, _ in refused}
    assert (await teacher.ask(TEST, id=test_id))["state"] == "DRAFT"


async def test_a_total_that_is_not_the_declared_one_and_a_short_window_are_told(
    school: School, teacher: Person
) -> None:
    [question_id] = await write(teacher, every_type()[0])
    closes = school.clock.now + timedelta(seconds=599)
    test_id = await draft(
        teacher,
        declaredTotal="2",
        schedule={"opensAt": instant(school.clock.now), "closesAt": instant(closes)},
        sections=[{"title": "A", "questions": [{"questionId": question_id}]}],
    )

    assert {code for code, _ in await teacher.refused(PUBLISH, testId=test_id)} == {
        "TOTAL_MISMATCH",
        "WINDOW_TOO_SHORT",
    }
    empty = await draft(teacher)
    assert await teacher.refused(PUBLISH, testId=empty) == [("NO_QUESTIONS", ["sections"])]


async def test_a_paper_too_large_to_be_kept_is_refused(teacher: Person) -> None:
    essays = [{**every_type()[6], "text": in_english("x" * 200_000)} for _ in range(3)]
    ids = [*await write(teacher, *essays), *await write(teacher, *essays)]
    test_id = await draft(teacher, sections=[{"title": "A", "questions": [{"questionId": id} for id in ids]}])

    assert await teacher.refused(PUBLISH, testId=test_id) == [("TOO_LARGE", ["testId"])]
    assert (await teacher.ask(TEST, id=test_id))["state"] == "DRAFT"


async def test_a_test_is_published_once(exam: Exam, elsewhere: School) -> None:
    assert await exam.teacher.refused(PUBLISH, testId=exam.test_id) == [("INVALID_STATE", ["testId"])]
    [question_id] = await write(exam.teacher, every_type()[0])
    sections = [{"title": "A", "questions": [{"questionId": question_id}]}]
    test_id = await draft(exam.teacher, sections=sections)

    answers = await asyncio.gather(
        *(
            person.ask(PUBLISH, input={"testId": test_id})
            for person in (exam.teacher, through(elsewhere, exam.teacher))
        )
    )

    told = sorted([error["code"] for error in answer["userErrors"]] for answer in answers)
    assert told == [[], ["INVALID_STATE"]]


async def test_a_published_test_takes_a_new_schedule_and_nothing_else(exam: Exam) -> None:
    closes = exam.school.clock.now + timedelta(days=1)
    schedule = {"closesAt": instant(closes)}

    changed = await exam.teacher.do(UPDATE_TEST, testId=exam.test_id, schedule=schedule)

    assert changed["test"]["schedule"] == {"opensAt": None, **schedule}
    for fixed in (
        {"title": "Other"},
        {"durationSeconds": 1, "schedule": schedule},
        {"marking": {"preset": "GATE"}},
    ):
        refused = await exam.teacher.refused(UPDATE_TEST, testId=exam.test_id, **fixed)
        assert refused == [("INVALID_STATE", ["testId"])]
    backwards = {"opensAt": instant(closes), "closesAt": instant(closes)}
    assert await exam.teacher.refused(UPDATE_TEST, testId=exam.test_id, schedule=backwards) == [
        ("INVALID", ["schedule", "closesAt"])
    ]
    assert (await exam.teacher.ask(TEST, id=exam.test_id))["schedule"] == {"opensAt": None, **schedule}


async def test_a_test_is_closed_once_and_then_changed_no_more(exam: Exam) -> None:
    exam.school.clock.forward(minutes=3)

    closed = (await exam.teacher.do(CLOSE, testId=exam.test_id))["test"]

    assert (closed["state"], closed["closedAt"]) == ("CLOSED", instant(exam.school.clock.now))
    assert await exam.teacher.refused(CLOSE, testId=exam.test_id) == [("INVALID_STATE", ["testId"])]
    later = {"closesAt": instant(exam.school.clock.now)}
    refused = await exam.teacher.refused(UPDATE_TEST, testId=exam.test_id, schedule=later)
    assert refused == [("INVALID_STATE", ["testId"])]
    assert await exam.teacher.refused(CLOSE, testId=await draft(exam.teacher)) == [("INVALID_STATE", ["testId"])]


async def test_students_write_nothing(exam: Exam) -> None:
    student = await exam.student("asha")

    for document, input in ((CREATE_TEST, PLAIN), (PUBLISH, {"testId": exam.test_id})):
        assert set(await student.error_codes(document, input=input)) == {"FORBIDDEN"}
