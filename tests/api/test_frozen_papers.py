"""A published paper is put together once for all who are shown it as it was published, and never for another."""

from __future__ import annotations

from typing import Any

from prometheus_client.parser import text_string_to_metric_families
from school import START, School, set_exam

from graphql_compiler import Reason

PAPER = """query ($id: ID!, $in: String) { attempt(id: $id) { paper { id version sections {
  questions { id number text(language: $in) options { id } } } } } }"""


async def samples(school: School) -> list[Any]:
    text = (await school.client.get("/metrics")).text
    return [each for family in text_string_to_metric_families(text) for each in family.samples]


async def lookups(school: School) -> dict[str, float]:
    """Return how many parts of answers were there already, and how many were not."""
    found = [each for each in await samples(school) if each.labels.get("cache") == "frozen"]
    return {each.labels["found"]: each.value for each in found}


async def papers(school: School, *logins: str, **test: Any) -> list[Any]:
    """Return what students are shown who start the same test, and show it to the last one twice."""
    exam = await set_exam(school, **test)
    shown = []
    for login in logins:
        student = await exam.student(login)
        attempt_id = (await student.do(START, testId=exam.test_id))["attempt"]["id"]
        shown.append((await student.ask(PAPER, id=attempt_id))["paper"])
    shown.append((await student.ask(PAPER, id=attempt_id))["paper"])
    other = (await student.ask(PAPER, id=attempt_id, **{"in": "hi"}))["paper"]
    assert other == shown[-1]  # nothing is written in that language: the first one stands for it
    return shown


async def test_everybody_who_sees_the_paper_as_published_gets_the_same_parts(school: School) -> None:
    first, second, again = await papers(school, "asha", "ravi")
    assert first == second == again
    assert await lookups(school) == {"hit": 2, "miss": 2}  # the other language is another part


async def test_nothing_that_is_asked_is_left_to_an_interpreter(school: School) -> None:
    await papers(school, "asha", shuffleQuestions=True)
    counts = [each for each in await samples(school) if each.name.startswith("tp_operations_handed_over")]
    assert {each.labels["reason"] for each in counts} == {*Reason}
    assert {each.value for each in counts} == {0}


async def test_the_paper_of_another_test_is_another(school: School) -> None:
    first, *_ = await papers(school, "asha")
    other, *_ = await papers(school, "ravi")
    assert first["id"] != other["id"]
    assert first["sections"] != other["sections"]


async def test_a_paper_in_an_order_of_its_own_is_put_together_of_questions_that_were_there(school: School) -> None:
    logins = [f"student-{number}" for number in range(4)]
    exam = await set_exam(school, shuffleQuestions=True, shuffleOptions=True)
    shown = []
    for login in logins:
        student = await exam.student(login)
        attempt_id = (await student.do(START, testId=exam.test_id))["attempt"]["id"]
        paper, again = [(await student.ask(PAPER, id=attempt_id))["paper"] for _ in range(2)]
        made_anew = (await student.ask(f"{PAPER} # {login}", id=attempt_id))["paper"]
        assert paper == again == made_anew
        shown.append(paper)

    assert len({str(paper["sections"]) for paper in shown}) > 1
    for paper in shown:
        numbers = [question["number"] for section in paper["sections"] for question in section["questions"]]
        assert numbers == [*range(1, len(exam.questions) + 1)]
    assert (await lookups(school))["hit"] >= len(logins) * len(exam.questions)
