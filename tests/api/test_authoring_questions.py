"""The question bank through the door: every type, versions that never change, and all that can be wrong."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from school import CREATE_QUESTIONS, Exam, Person, School, every_type, in_english, options, set_exam, through

from tp.services.authoring import searching

QUESTION = """query ($id: ID!, $version: Int) { question(id: $id, version: $version) {
  id version type title text hindi: text(language: "hi") texts { language text } passage { id text }
  tags { subject topic difficulty labels } marking { correct wrong } key { correct } } }"""
QUESTIONS = """query ($filter: QuestionFilter, $first: Int! = 50, $after: String) {
  questions(filter: $filter, first: $first, after: $after) { edges { node { id } cursor }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""
PASSAGE = """mutation ($input: CreatePassageInput!) { createPassage(input: $input) {
  passage { id title text } userErrors { code path } } }"""
PAPER = "query ($id: ID!) { test(id: $id) { paper { sections { questions { id text } } } } }"


@pytest.fixture
async def teacher(school: School) -> Person:
    return await school.person("teacher", "TEACHER")


async def test_every_type_is_written_and_its_key_reads_in_the_servers_ids(teacher: Person) -> None:
    written = (await teacher.do(CREATE_QUESTIONS, questions=every_type()))["questions"]

    ids = [{option["text"]: option["id"] for option in question["options"]} for question in written]
    matrix = written[4]
    rows, columns = [[entry["id"] for entry in matrix[name]] for name in ("rows", "columns")]
    assert [question["type"] for question in written] == [spec["type"] for spec in every_type()]
    assert written[0]["key"]["correct"] == [ids[0]["4"]]
    assert written[1]["key"]["correct"] == [ids[1]["2"], ids[1]["3"]]
    assert {w["optionId"]: w["fraction"] for w in written[1]["key"]["weights"]} == {
        ids[1]["2"]: "1/2",
        ids[1]["3"]: "1/2",
    }
    assert written[2]["key"]["numbers"] == [
        {"low": "3.14", "high": "3.15", "fraction": "1"},
        {"low": "3", "high": "3", "fraction": "1/2"},
    ]
    assert written[3]["key"]["texts"] == [{"text": "New Delhi", "fraction": "1"}]
    assert written[3]["key"]["caseSensitive"] is True
    assert {row["rowId"]: row["columnIds"] for row in matrix["key"]["rows"]} == {
        rows[0]: [columns[0]],
        rows[1]: [columns[1]],
    }
    assert written[5]["key"]["order"] == [ids[5][who] for who in ("Ashoka", "Akbar", "Gandhi")]
    assert written[6]["key"] is None


async def test_option_ids_tell_nothing_of_the_authors_labels(teacher: Person) -> None:
    [first] = (await teacher.do(CREATE_QUESTIONS, questions=every_type()[:1]))["questions"]
    [second] = (await teacher.do(CREATE_QUESTIONS, questions=every_type()[:1]))["questions"]

    ids = [option["id"] for question in (first, second) for option in question["options"]]
    assert len(set(ids)) == 4
    assert not {"a", "b"} & set(ids)


async def test_texts_tags_passage_and_marking_are_kept(teacher: Person) -> None:
    passage = (await teacher.do(PASSAGE, title=in_english("Rivers"), text=in_english("The Ganga …")))["passage"]
    texts = [{"language": "en", "text": "Which?"}, {"language": "hi", "text": "कौन?"}]
    question = {
        **every_type()[0],
        "title": "ganga-1",
        "text": texts,
        "passageId": passage["id"],
        "tags": {"subject": "Geography", "topic": "Rivers", "difficulty": "easy", "labels": ["ncert", "new"]},
        "marking": {"correct": "2", "wrong": "-2/3"},
    }

    [written] = (await teacher.do(CREATE_QUESTIONS, questions=[question]))["questions"]

    read = await teacher.ask(QUESTION, id=written["id"])
    assert read["texts"] == texts
    assert (read["text"], read["hindi"], read["title"]) == ("Which?", "कौन?", "ganga-1")
    assert read["passage"] == {"id": passage["id"], "text": "The Ganga …"}
    assert read["tags"] == question["tags"]
    assert read["marking"] == {"correct": "2", "wrong": "-2/3"}


async def test_a_new_version_leaves_the_old_one_and_published_papers_as_they_were(school: School) -> None:
    exam = await set_exam(school, every_type())
    teacher, question_id = exam.teacher, exam.questions[0]["id"]
    changed = {**every_type()[0], "id": question_id, "text": in_english("3 + 1?")}

    [written] = (await teacher.do(CREATE_QUESTIONS, questions=[changed]))["questions"]

    assert (written["id"], written["version"]) == (question_id, 2)
    assert (await teacher.ask(QUESTION, id=question_id))["text"] == "3 + 1?"
    assert (await teacher.ask(QUESTION, id=question_id, version=1))["text"] == "2 + 2?"
    paper = (await teacher.ask(PAPER, id=exam.test_id))["paper"]
    assert paper["sections"][0]["questions"][0] == {"id": question_id, "text": "2 + 2?"}


async def test_new_versions_follow_one_another(teacher: Person) -> None:
    [first] = (await teacher.do(CREATE_QUESTIONS, questions=every_type()[:1]))["questions"]
    again = {**every_type()[0], "id": first["id"]}

    versions = []
    for text in ("second", "third"):
        asked = {**again, "text": in_english(text)}
        versions.append((await teacher.do(CREATE_QUESTIONS, questions=[asked]))["questions"][0]["version"])

    assert versions == [2, 3]
    texts = [(await teacher.ask(QUESTION, id=first["id"], version=n))["text"] for n in (1, 2, 3)]
    assert texts == ["2 + 2?", "second", "third"]


async def test_two_new_versions_at_once_never_overwrite_one_another(teacher: Person, elsewhere: School) -> None:
    [first] = (await teacher.do(CREATE_QUESTIONS, questions=every_type()[:1]))["questions"]
    asked = [{**every_type()[0], "id": first["id"], "text": in_english(text)} for text in ("here", "there")]

    here, there = await asyncio.gather(
        teacher.do(CREATE_QUESTIONS, questions=asked[:1]),
        through(elsewhere, teacher).do(CREATE_QUESTIONS, questions=asked[1:]),
    )

    written = {made["questions"][0]["version"]: made["questions"][0]["text"] for made in (here, there)}
    assert {*written} == {2, 3}
    for version, text in written.items():
        assert (await teacher.ask(QUESTION, id=first["id"], version=version))["text"] == text
    assert (await teacher.ask(QUESTION, id=first["id"]))["version"] == 3


@pytest.mark.parametrize("version", [0, -1, 2, 2**31 - 1])
async def test_a_version_that_was_never_written_is_none(teacher: Person, version: int) -> None:
    [written] = (await teacher.do(CREATE_QUESTIONS, questions=every_type()[:1]))["questions"]

    assert await teacher.ask(QUESTION, id=written["id"], version=version) is None


async def test_all_that_is_wrong_is_told_at_once_by_path_and_nothing_is_written(teacher: Person) -> None:
    single, multiple, number, text, matrix, order, essay = every_type()
    bad: list[dict[str, Any]] = [
        {**single, "key": {"correct": ["z"]}},
        {**single, "options": options(a="3"), "key": {"correct": ["a"]}},
        {**single, "options": [*options(a="3"), *options(a="4")], "key": {"correct": ["a"]}},
        {**multiple, "key": {"correct": ["a", "a"]}},
        {**number, "key": {"numbers": [{"low": "many"}]}},
        {**text, "key": {"texts": [{"text": " "}, {"text": "x", "fraction": "3/2"}]}},
        {**matrix, "key": {"rows": [{"ref": "r", "columns": ["nope"]}]}},
        {**order, "key": {"order": ["a", "b"]}},
        {**essay, "text": []},
        {**essay, "text": in_english(" "), "options": options(a="1", b="2")},
        {**single, "id": "qst_" + "x" * 16},
        {**single, "passageId": "psg_" + "x" * 16},
        {**single, "marking": {"correct": "-1", "wrong": "0"}},
        {**number, "key": {"correct": ["a"]}},
        {**matrix, "key": {"rows": [{"ref": "s", "columns": ["x", "y", "x"]}]}},
        {**matrix, "key": {"rows": [{"ref": "r", "columns": ["x"]}, {"ref": "r", "columns": ["y"]}]}},
        {**multiple, "key": {"correct": ["a"], "weights": [{"ref": "a", "fraction": 2}]}},
        {**multiple, "key": {"correct": ["a"], "weights": [{"ref": "a", "fraction": 1}] * 2}},
        {**number, "key": {"numbers": [{"low": "1", "high": ""}]}},
        single,
    ]

    refused = await teacher.refused(CREATE_QUESTIONS, questions=bad)

    assert {(code, ".".join(path[1:])) for code, path in refused} == {
        ("UNKNOWN_OPTION", "0.key.correct.0"),
        ("INVALID", "1.options"),
        ("INVALID", "2.options.1.ref"),
        ("KEY_MISMATCH", "3.key.correct.1"),
        ("INVALID", "4.key.numbers.0.low"),
        ("INVALID", "4.key.numbers.0.high"),
        ("INVALID", "5.key.texts.0.text"),
        ("INVALID", "5.key.texts.1.fraction"),
        ("UNKNOWN_OPTION", "6.key.rows.0.columns.0"),
        ("KEY_MISMATCH", "7.key.order"),
        ("REQUIRED", "8.text"),
        ("REQUIRED", "9.text.en"),
        ("INVALID", "9.options"),
        ("NOT_FOUND", "10.id"),
        ("NOT_FOUND", "11.passageId"),
        ("INVALID", "12.marking.correct"),
        ("INVALID", "12.marking.wrong"),
        ("UNKNOWN_OPTION", "13.key.correct.0"),
        ("KEY_MISMATCH", "14.key.rows"),
        ("KEY_MISMATCH", "14.key.rows.0.columns.2"),
        ("INVALID", "15.key.rows.1.ref"),
        ("INVALID", "16.key.weights.0.fraction"),
        ("INVALID", "17.key.weights.1.ref"),
        ("INVALID", "18.key.numbers.0.high"),
    }
    assert (await teacher.ask(QUESTIONS))["edges"] == []


async def test_a_name_given_twice_is_refused_instead_of_keeping_the_last(teacher: Person) -> None:
    single, *_, essay = every_type()
    bad: list[dict[str, Any]] = [
        {**essay, "text": [*in_english("Rivers"), *in_english("Lakes")]},
        {**essay, "feedback": [*in_english("Rivers"), *in_english("Lakes")]},
        {**single, "options": [*options(b="4"), {"ref": "a", "text": in_english("3") * 2}]},
    ]

    assert await teacher.refused(CREATE_QUESTIONS, questions=bad) == [
        ("INVALID", ["questions", "0", "text", "1", "language"]),
        ("INVALID", ["questions", "1", "feedback", "1", "language"]),
        ("INVALID", ["questions", "2", "options", "1", "text", "1", "language"]),
    ]
    assert await teacher.refused(PASSAGE, text=in_english("Once") * 2) == [("INVALID", ["text", "1", "language"])]


async def test_languages_tags_and_size_are_bounded(teacher: Person) -> None:
    essay = every_type()[-1]
    bad: list[dict[str, Any]] = [
        {**essay, "text": [{"language": "", "text": "Rivers"}], "feedback": [{"language": "e n", "text": ""}]},
        {**essay, "tags": {"topic": "x" * 201, "labels": ["ncert", "x" * 201]}},
        {**essay, "tags": {"labels": ["ncert"] * 51}},
        {**essay, "text": in_english("x" * 1_000_000)},
    ]

    assert await teacher.refused(CREATE_QUESTIONS, questions=bad) == [
        ("INVALID", ["questions", "0", "text"]),
        ("INVALID", ["questions", "0", "feedback"]),
        ("TOO_LARGE", ["questions", "1", "tags", "topic"]),
        ("TOO_LARGE", ["questions", "1", "tags", "labels", "1"]),
        ("TOO_MANY", ["questions", "2", "tags", "labels"]),
        ("TOO_LARGE", ["questions", "3"]),
    ]
    for language in ("en", "hi", "pt-BR", "sr-Latn-RS"):
        await teacher.do(CREATE_QUESTIONS, questions=[{**essay, "text": [{"language": language, "text": "x"}]}])


async def test_null_in_a_key_is_as_left_out(teacher: Person) -> None:
    _, _, number, text, *_ = every_type()
    number["key"] = {"numbers": [{"low": "3", "high": None, "fraction": None}], "texts": None}
    text["key"] = {"texts": [{"text": "Delhi", "fraction": None}], "caseSensitive": None}

    written = (await teacher.do(CREATE_QUESTIONS, questions=[number, text]))["questions"]

    assert written[0]["key"]["numbers"] == [{"low": "3", "high": "3", "fraction": "1"}]
    assert written[1]["key"]["texts"] == [{"text": "Delhi", "fraction": "1"}]


async def test_what_is_quoted_of_the_input_is_not_quoted_at_length(teacher: Person) -> None:
    question = {**every_type()[0], "key": {"correct": ["z" * 100_000]}}

    answered = await teacher.ask(CREATE_QUESTIONS, input={"questions": [question]})

    [error] = answered["userErrors"]
    assert (error["code"], len(error["message"])) == ("UNKNOWN_OPTION", 400)


async def test_one_call_writes_from_one_to_two_hundred_questions_each_once(teacher: Person) -> None:
    essay = every_type()[-1]

    assert await teacher.refused(CREATE_QUESTIONS, questions=[]) == [("REQUIRED", ["questions"])]
    assert await teacher.refused(CREATE_QUESTIONS, questions=[essay] * 201) == [("TOO_MANY", ["questions"])]
    written = (await teacher.do(CREATE_QUESTIONS, questions=[essay] * 200))["questions"]
    assert len({question["id"] for question in written}) == 200
    twice = [{**essay, "id": written[0]["id"]}] * 2
    assert await teacher.refused(CREATE_QUESTIONS, questions=twice) == [("DUPLICATE_QUESTION", ["questions"])]


async def test_questions_are_found_by_their_tags_page_by_page(teacher: Person) -> None:
    essay = every_type()[-1]
    tags = [{"subject": "Physics", "labels": ["a", "b"]}, {"subject": "Physics", "labels": ["b"]}, {"topic": "x"}]
    ids = [
        (await teacher.do(CREATE_QUESTIONS, questions=[{**essay, "tags": one}]))["questions"][0]["id"]
        for one in tags
    ]

    async def found(**filter: Any) -> set[str]:
        return {edge["node"]["id"] for edge in (await teacher.ask(QUESTIONS, filter=filter))["edges"]}

    assert await found() == set(ids)
    assert await found(subject="Physics") == set(ids[:2])
    assert await found(label="b") == set(ids[:2])
    assert await found(label="a", subject="Physics") == {ids[0]}
    assert await found(topic="x", type="ESSAY") == {ids[2]}
    assert await found(topic="x", type="NUMERIC") == set()
    first = await teacher.ask(QUESTIONS, first=2)
    assert (len(first["edges"]), first["pageInfo"]["hasNextPage"]) == (2, True)
    assert first["pageInfo"]["endCursor"] == first["edges"][-1]["cursor"]
    second = await teacher.ask(QUESTIONS, first=2, after=first["pageInfo"]["endCursor"])
    assert second["pageInfo"]["hasNextPage"] is False
    assert {edge["node"]["id"] for page in (first, second) for edge in page["edges"]} == set(ids)


async def test_questions_are_found_by_words(teacher: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    choice, essay = every_type()[0], every_type()[-1]
    asked = (
        {**essay, "title": "Optics", "text": in_english("Why is the sky BLUE?")},
        {**essay, "text": in_english("Why is the sea blue?"), "tags": {"subject": "Physics", "topic": "optics"}},
        {**choice, "text": in_english("Which is red?")},
    )
    written = await teacher.do(CREATE_QUESTIONS, questions=[*asked])
    first, second, third = (question["id"] for question in written["questions"])

    async def found(search: str, **filter: Any) -> set[str]:
        return {
            edge["node"]["id"]
            for edge in (await teacher.ask(QUESTIONS, filter={"search": search, **filter}))["edges"]
        }

    assert await found("blue") == {first, second}
    assert await found("  sky blue ") == {first}
    assert await found("optics") == {first, second}
    assert await found("blue", subject="Physics") == {second}
    assert await found("green") == set()
    assert await found(" ") == {first, second, third}

    async def walk(first: int) -> list[list[str]]:
        pages: list[list[str]] = []
        after = None
        while True:
            page = await teacher.ask(QUESTIONS, filter={"search": "blue"}, first=first, after=after)
            pages.append([edge["node"]["id"] for edge in page["edges"]])
            if not page["pageInfo"]["hasNextPage"]:
                return pages
            after = page["pageInfo"]["endCursor"]

    def all_of(pages: list[list[str]]) -> list[str]:
        return sorted(id for page in pages for id in page)

    assert all_of(await walk(1)) == sorted([first, second])
    monkeypatch.setattr(searching, "SEARCHED", 1)
    looked_through = await walk(10)
    assert all_of(looked_through) == sorted([first, second])
    assert len(looked_through) == 3, "a page that looks through one question goes on though it found nothing"


async def test_a_passage_has_a_text(teacher: Person) -> None:
    assert await teacher.refused(PASSAGE, text=[]) == [("REQUIRED", ["text"])]
    assert await teacher.refused(PASSAGE, text=in_english("  ")) == [("REQUIRED", ["text", "en"])]
    assert await teacher.refused(PASSAGE, text=in_english("x" * 1_000_000)) == [("TOO_LARGE", ["text"])]
    assert (await teacher.do(PASSAGE, text=in_english("Once")))["passage"]["title"] is None


async def test_only_authors_write_and_read_questions(exam: Exam) -> None:
    student = await exam.student("asha")
    invigilator = await exam.school.person("invigilator", "INVIGILATOR")

    for person in (student, invigilator):
        written = await person.error_codes(CREATE_QUESTIONS, input={"questions": every_type()})
        assert set(written) == {"FORBIDDEN"}
        assert set(await person.error_codes(QUESTION, id=exam.questions[0]["id"])) == {"FORBIDDEN"}
        assert set(await person.error_codes(QUESTIONS)) == {"FORBIDDEN"}
