"""A draft takes ids unread; publishing finds in it what is the institution's own, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from campus import Town
from school import CREATE_TEST, PUBLISH, UPDATE_TEST, Person
from traces import kept_by, missing_like

from tenants.roles import Role

pytestmark = pytest.mark.asyncio(loop_scope="session")
DRAFT = {"title": "Draft", "durationSeconds": 600, "marking": {"preset": "PLAIN"}}


def section(question_id: str, **placed: Any) -> dict[str, Any]:
    return {"title": "All", "questions": [{"questionId": question_id, **placed}]}


async def draft(teacher: Person, question_id: str, **placed: Any) -> str:
    """Create a draft of one question; return its id."""
    created = await teacher.do(CREATE_TEST, **DRAFT, sections=[section(question_id, **placed)])
    test_id: str = created["test"]["id"]
    return test_id


@pytest.mark.parametrize("placed", [{}, {"version": 1}], ids=["newest", "version"])
async def test_a_draft_with_a_foreign_question_is_refused_as_one_with_a_missing_question(
    town: Town, placed: dict[str, int]
) -> None:
    teacher, own, foreign = town.third.by_role[Role.TEACHER], town.third.has.question, town.theirs.has.question
    theirs = await kept_by(town.theirs)

    refused = [
        await teacher.refused(PUBLISH, testId=await draft(teacher, id, **placed))
        for id in (foreign, *missing_like(foreign))
    ]

    assert refused == [[("NOT_FOUND", ["sections", "0", "questions", "0"])]] * 3
    assert await kept_by(town.theirs) == theirs
    await teacher.do(PUBLISH, testId=await draft(teacher, own, **placed))


async def test_a_draft_that_is_given_a_foreign_question_later_is_not_published(town: Town) -> None:
    teacher = town.third.by_role[Role.TEACHER]
    test_id = await draft(teacher, town.third.has.question)

    await teacher.do(UPDATE_TEST, testId=test_id, sections=[section(town.theirs.has.question)])

    assert [code for code, _ in await teacher.refused(PUBLISH, testId=test_id)] == ["NOT_FOUND"]
