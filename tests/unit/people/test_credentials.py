from __future__ import annotations

import pytest
from institution import NOON, Institution

from tenants.errors import PermissionDenied
from tenants.roles import Role
from tp.domain.problem import Code
from tp.errors import NotFound, Refused
from tp.services import audit
from tp.services.people.new_user import NewUser

MISSING = "usr_zzzzzzzzzzzzzzzz"


async def enter(school: Institution, **with_what: str) -> str:
    session = await school.door.login("school", address="a", now=NOON, **with_what)
    return session.user.login


async def test_a_new_code_takes_the_place_of_the_old_one(school: Institution):
    asha, ben = await school.create(NewUser("asha", "A", access_code=True), NewUser("ben", "B"))
    issued = await school.credentials.issue_access_codes(
        school.admin, [ben.user.id, asha.user.id, ben.user.id], now=NOON
    )
    assert [each.user for each in issued] == [ben.user, asha.user]
    assert await enter(school, access_code=issued[0].access_code) == "ben"
    assert await enter(school, login="asha", access_code=issued[1].access_code) == "asha"
    for old in ({"access_code": asha.access_code}, {"login": "asha", "access_code": asha.access_code}):
        with pytest.raises(Refused):
            await enter(school, **old)


async def test_codes_for_many_are_issued_in_a_call(school: Institution):
    created = await school.create(*(NewUser(f"s{n}", "S", access_code=True) for n in range(500)))
    ids = [each.user.id for each in created]
    issued = await school.credentials.issue_access_codes(school.admin, ids, now=NOON)
    assert [each.user.id for each in issued] == ids
    assert len({each.access_code for each in [*issued, *created]}) == 1000
    assert await enter(school, access_code=issued[499].access_code) == "s499"
    with pytest.raises(Refused) as refused:
        await school.credentials.issue_access_codes(school.admin, [*ids, MISSING], now=NOON)
    assert refused.value.problems[0].code is Code.TOO_MANY


async def test_no_code_changes_when_one_of_the_users_is_missing(school: Institution):
    [asha] = await school.create(NewUser("asha", "A", access_code=True))
    with pytest.raises(Refused) as refused:
        await school.credentials.issue_access_codes(
            school.admin, [asha.user.id, MISSING, "nonsense", asha.user.id], now=NOON
        )
    assert [(problem.code, problem.path) for problem in refused.value.problems] == [
        (Code.NOT_FOUND, ("userIds", 1)),
        (Code.NOT_FOUND, ("userIds", 2)),
    ]
    assert await enter(school, access_code=str(asha.access_code)) == "asha"


async def test_a_password_that_is_set_is_the_one_that_counts(school: Institution):
    [asha] = await school.create(NewUser("asha", "A", password="the first one", access_code=True))
    await school.credentials.set_password(school.admin, asha.user.id, "the second one", now=NOON)
    assert await enter(school, login="asha", password="the second one") == "asha"
    assert await enter(school, access_code=str(asha.access_code)) == "asha"
    with pytest.raises(Refused):
        await enter(school, login="asha", password="the first one")


async def test_a_password_is_not_set_when_it_is_too_short_or_nobodys(school: Institution):
    [asha] = await school.create(NewUser("asha", "A", password="the first one"))
    with pytest.raises(Refused) as refused:
        await school.credentials.set_password(school.admin, asha.user.id, "short", now=NOON)
    assert refused.value.problems[0].path == ("password",)
    for id in (MISSING, ""):
        with pytest.raises(NotFound):
            await school.credentials.set_password(school.admin, id, "long enough", now=NOON)
    assert await enter(school, login="asha", password="the first one") == "asha"


async def test_only_who_manages_people_gives_credentials(school: Institution):
    [asha] = await school.create(NewUser("asha", "A"))
    for role in set(Role) - {Role.ADMIN}:
        scope = school.scope(role, id=asha.user.id)
        with pytest.raises(PermissionDenied):
            await school.credentials.issue_access_codes(scope, [asha.user.id], now=NOON)
        with pytest.raises(PermissionDenied):
            await school.credentials.set_password(scope, asha.user.id, "long enough", now=NOON)


async def test_every_act_is_audited_without_what_was_given(school: Institution):
    [asha] = await school.create(NewUser("asha", "A"))
    school.clock.pass_seconds(1)
    [issued] = await school.credentials.issue_access_codes(school.admin, [asha.user.id], now=school.clock.now)
    school.clock.pass_seconds(1)
    await school.credentials.set_password(school.admin, asha.user.id, "long enough", now=school.clock.now)
    told = (await audit.entries(school.admin, subject=asha.user.id)).items
    assert [record.action for record in told] == [
        "people.set_password",
        "people.issue_access_codes",
        "people.create",
    ]
    assert "long enough" not in str(told)
    assert issued.access_code not in str(told)
