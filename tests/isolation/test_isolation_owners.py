"""Within one institution: a test is changed by its owner and the administrators, and they see its sheets."""

from __future__ import annotations

from typing import Any

import pytest
from asking import ask_all
from campus import Town
from cases import CASES, Case
from school import Person
from traces import kept_by_all, missing_like

from tenants.roles import Role

pytestmark = pytest.mark.asyncio(loop_scope="session")
SHEET = """query ($id: ID!) { attempt(id: $id) { state paper { id } responses { questionId }
  result { total { marks } } } }"""
PLACES = {case.place for case in CASES}
ON_TESTS = [case for case in CASES if f"{case.field}(input.testId)" in PLACES and Role.TEACHER in case.admits]
"""The calls that change a test, wherever in them the id of the case is."""


@pytest.mark.parametrize("case", ON_TESTS, ids=str)
async def test_a_teacher_cannot_change_a_colleagues_test(town: Town, case: Case) -> None:
    before = await kept_by_all(town)
    has = town.ours.has

    arguments = case.arguments(has, getattr(has, case.takes))
    answer = await ask_all(town.ours.colleague, Role.TEACHER, case.field, arguments)

    assert answer.codes == {"FORBIDDEN"}
    assert await kept_by_all(town) == before


@pytest.mark.parametrize("case", [case for case in CASES if case.takes == "task"], ids=str)
async def test_a_colleagues_task_is_answered_as_missing(town: Town, case: Case) -> None:
    own = getattr(town.ours.has, case.takes)

    answers = []
    for id in (own, *missing_like(own)):
        arguments = case.arguments(town.ours.has, id)
        answers.append((await ask_all(town.ours.colleague, Role.TEACHER, case.field, arguments)).without(id))

    assert answers == [answers[0]] * 3


async def sheet(person: Person, attempt_id: str) -> dict[str, Any]:
    """Return which parts of an attempt are shown to somebody who may know that it is there."""
    attempt: dict[str, Any] = await person.ask(SHEET, id=attempt_id)
    return {name: attempt[name] is not None for name in ("paper", "responses", "result")}


async def test_sheet_and_marks_are_shown_to_the_tests_owner_and_to_those_of_all_tests(town: Town) -> None:
    graded, people = town.ours.has.graded, town.ours.by_role
    everything = {"paper": True, "responses": True, "result": True}

    for role in (Role.TEACHER, Role.ADMIN, Role.SERVICE):
        assert await sheet(people[role], graded) == everything, role
    for person in (town.ours.colleague, people[Role.INVIGILATOR], town.ours.classmate):
        assert await sheet(person, graded) == dict.fromkeys(everything, False)
