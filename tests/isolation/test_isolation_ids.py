"""Every place that takes an id × every role: a foreign id is answered as a missing one, and changes nothing."""

from __future__ import annotations

import pytest
from asking import Answer, ask, ask_all
from calls import nothing_of
from campus import Town
from cases import CASES, Case
from traces import ids_in, ids_told, kept_by, kept_by_all, missing_like

from tenants.roles import Role

pytestmark = pytest.mark.asyncio(loop_scope="session")
every_case = pytest.mark.parametrize("case", CASES, ids=str)
EVERY_ROLE = [(case, role) for case in CASES for role in Role]
ADMITTED = [(case, role) for case, role in EVERY_ROLE if role in case.admits]
REFUSED = [(case, role) for case, role in EVERY_ROLE if role not in case.admits or not case.unread]
UNREAD = [(case, role) for case, role in ADMITTED if case.unread]


async def called(town: Town, case: Case, role: Role, id: str) -> Answer:
    """Make the call as one of ours, with `id` in its place."""
    return await ask_all(town.ours.by_role[role], role, case.field, case.arguments(town.ours.has, id))


@pytest.mark.parametrize(("case", "role"), REFUSED, ids=str)
async def test_a_foreign_id_is_answered_as_a_missing_one(town: Town, case: Case, role: Role) -> None:
    own, foreign = (getattr(campus.has, case.takes) for campus in (town.ours, town.theirs))
    await town.theirs.use()
    before = await kept_by_all(town)

    missing = [(await called(town, case, role, id)).without(id) for id in missing_like(foreign)]
    answer = await called(town, case, role, foreign)

    assert not answer.succeeded
    assert missing == [answer.without(foreign)] * len(missing)
    assert town.theirs.slug not in answer.text.lower()
    if role not in case.admits:
        assert (await called(town, case, role, own)).without(own) == missing[0]
    assert await kept_by_all(town) == before


@pytest.mark.parametrize(("case", "role"), ADMITTED, ids=str)
async def test_an_own_id_is_answered_to_whom_it_concerns(town: Town, case: Case, role: Role) -> None:
    has = await town.third.furnish() if case.changes else town.third.has
    arguments = case.arguments(has, getattr(has, case.takes))

    answer = await ask_all(town.third.by_role[role], role, case.field, arguments)

    assert answer.succeeded, answer


@every_case
async def test_without_a_token_no_id_is_looked_at(town: Town, case: Case) -> None:
    own, foreign = (getattr(campus.has, case.takes) for campus in (town.ours, town.theirs))
    before = await kept_by_all(town)

    for id in (own, foreign, *missing_like(foreign)):
        arguments, selection = case.arguments(town.ours.has, id), nothing_of(case.field)
        for headers in ({}, {"X-Tenant": town.ours.slug}):
            answer = await ask(town.ours.school.nobody, case.field, arguments, selection, **headers)
            assert answer.codes == {"UNAUTHENTICATED"}
            assert "data" not in answer.body

    assert await kept_by_all(town) == before


@pytest.mark.parametrize(("case", "role"), UNREAD, ids=str)
async def test_where_ids_are_not_looked_up_a_foreign_one_is_kept_as_a_missing_one_is(
    town: Town, case: Case, role: Role
) -> None:
    has, foreign = await town.third.furnish(), getattr(town.theirs.has, case.takes)
    await town.theirs.use()
    before, known = await kept_by_all(town), ids_in(await kept_by(town.third))

    answers = []
    for id in (foreign, *missing_like(foreign)):
        answer = await ask_all(town.third.by_role[role], role, case.field, case.arguments(has, id))
        answers.append(answer.without(id, *(ids_told(answer.text) - known)))

    assert answers == [answers[0]] * len(answers)
    assert town.theirs.slug not in answers[0][1].lower()
    assert await kept_by_all(town) == before
