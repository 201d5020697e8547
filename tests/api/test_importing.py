"""Importing files through the door: all of a file or nothing of it, and a dry run that writes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from school import GIFT, IMPORT, Person, School

AIKEN = """What is 2 + 2?
A. 3
B. 4
ANSWER: B

The capital of India?
A) Mumbai
B) New Delhi
ANSWER: B
"""
BANK = "{ questions { edges { node { id title type tags { subject topic labels } texts { language } } } } }"


@pytest.fixture
async def teacher(school: School) -> Person:
    return await school.person("teacher", "TEACHER")


async def bank(teacher: Person) -> list[dict[str, object]]:
    return [edge["node"] for edge in (await teacher.ask(BANK))["edges"]]


async def test_a_gift_file_becomes_questions(teacher: Person) -> None:
    read = await teacher.do(IMPORT, format="GIFT", content=GIFT)

    types = ["SINGLE_CHOICE", "NUMERIC", "TEXT", "MULTIPLE_CHOICE"]
    assert [question["type"] for question in read["questions"]] == types
    assert read["written"] is True
    assert {question["id"] for question in await bank(teacher)} == {q["id"] for q in read["questions"]}


async def test_an_aiken_file_becomes_single_choices(teacher: Person) -> None:
    read = await teacher.do(IMPORT, format="AIKEN", content=AIKEN)

    for question, right in zip(read["questions"], ("4", "New Delhi"), strict=True):
        assert question["type"] == "SINGLE_CHOICE"
        [key] = question["key"]["correct"]
        assert {option["id"]: option["text"] for option in question["options"]}[key] == right


async def test_a_dry_run_tells_what_would_be_and_writes_nothing(teacher: Person) -> None:
    read = await teacher.do(IMPORT, format="GIFT", content=GIFT, dryRun=True)

    assert len(read["questions"]) == 4
    assert read["written"] is False
    assert await bank(teacher) == []


async def test_tags_and_the_language_fill_what_the_file_does_not_say(teacher: Person) -> None:
    content = "$CATEGORY: Rivers\n\n::one:: Deep? {T}"
    tags = {"subject": "Geography", "topic": "Default", "labels": ["ncert"]}

    await teacher.do(IMPORT, format="GIFT", content=content, tags=tags, language="hi")

    [question] = await bank(teacher)
    assert question["tags"] == {"subject": "Geography", "topic": "Rivers", "labels": ["ncert"]}
    assert question["texts"] == [{"language": "hi"}]


async def test_a_brace_that_is_never_closed_is_told_by_its_line_and_nothing_is_written(teacher: Person) -> None:
    content = "::one:: Sound? {T}\n\n::two:: Torn? {=yes ~no\n\n::three:: Sound? {F}\n"

    refused = await teacher.refused(IMPORT, format="GIFT", content=content)

    assert [code for code, _ in refused] == ["SYNTAX"]
    assert refused[0][1] == ["content", "3"]
    assert await bank(teacher) == []


async def test_every_bad_question_of_a_file_is_told(teacher: Person) -> None:
    content = "Half?\nA. 1\nB. 2\n\nWhole?\nA. 1\nB. 2\nANSWER: C\n\nSound?\nA. 1\nB. 2\nANSWER: A\n"

    refused = await teacher.refused(IMPORT, format="AIKEN", content=content)

    assert len(refused) == 2
    assert await bank(teacher) == []


async def test_what_is_lost_is_told_beside_what_is_written(teacher: Person) -> None:
    read = await teacher.do(IMPORT, format="GIFT", content="Just a text.\n\n::one:: Sound? {T}")

    assert [loss["code"] for loss in read["losses"]] == ["DESCRIPTION"]
    assert len(read["questions"]) == 1


@pytest.mark.parametrize(("format", "content"), [("GIFT", ""), ("AIKEN", "\n \n"), ("GIFT", "// nothing\n")])
async def test_an_empty_file_is_refused(teacher: Person, format: str, content: str) -> None:
    assert await teacher.refused(IMPORT, format=format, content=content) == [("NO_QUESTIONS", ["content"])]


async def test_a_file_holds_at_most_two_hundred_questions(teacher: Person) -> None:
    many = "\n\n".join(f"::q{n}:: Is {n} a number? {{T}}" for n in range(201))

    assert await teacher.refused(IMPORT, format="GIFT", content=many) == [("TOO_MANY", ["content"])]
    dry = {"format": "GIFT", "content": many, "dryRun": True}
    assert await teacher.refused(IMPORT, **dry) == [("TOO_MANY", ["content"])]
    assert await bank(teacher) == []
    two_hundred = many.rpartition("\n\n")[0]
    assert len((await teacher.do(IMPORT, format="GIFT", content=two_hundred))["questions"]) == 200


@pytest.mark.parametrize(
    ("input", "refused"),
    [
        ({"language": ""}, ("INVALID", ["language"])),
        ({"language": "x" * 10_000}, ("INVALID", ["language"])),
        ({"tags": {"subject": "x" * 201}}, ("TOO_LARGE", ["tags", "subject"])),
        ({"tags": {"labels": ["x"] * 51}}, ("TOO_MANY", ["tags", "labels"])),
    ],
)
async def test_a_language_and_tags_that_are_none_are_refused(teacher: Person, input: Any, refused: Any) -> None:
    assert await teacher.refused(IMPORT, format="GIFT", content=GIFT, **input) == [refused]
    assert await bank(teacher) == []


async def test_students_import_nothing(school: School) -> None:
    student = await school.person("asha")

    refused = await student.error_codes(IMPORT, input={"format": "GIFT", "content": GIFT})

    assert set(refused) == {"FORBIDDEN"}
