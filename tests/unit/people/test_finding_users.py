from __future__ import annotations

import pytest
from institution import Institution

from tenants.errors import PermissionDenied
from tenants.roles import Permission, Role
from tp.errors import NotFound
from tp.services.people.new_user import NewUser
from tp.services.people.reading import (
    count_users,
    find_by_external_id,
    find_by_login,
    get_user,
    get_users,
    list_users,
)


async def test_staff_gets_users_by_id_and_the_missing_as_none(school: Institution):
    asha, ben = [each.user for each in await school.create(NewUser("asha", "A"), NewUser("ben", "B"))]
    scope = school.scope(Role.INVIGILATOR)
    missing = "usr_zzzzzzzzzzzzzzzz"
    assert await get_users(scope, [ben.id, missing, "", "__a__", asha.id, ben.id]) == [
        ben,
        None,
        None,
        None,
        asha,
        ben,
    ]
    assert await get_user(scope, asha.id) == asha
    for id in (missing, "x" * 5000):
        with pytest.raises(NotFound) as refused:
            await get_user(scope, id)
        assert refused.value.id == id


async def test_a_student_sees_themselves_and_others_as_if_they_were_missing(school: Institution):
    asha, ben = [each.user for each in await school.create(NewUser("asha", "A"), NewUser("ben", "B"))]
    scope = school.scope(Role.STUDENT, id=asha.id)
    assert await get_user(scope, asha.id) == asha
    assert await get_users(scope, [ben.id, asha.id]) == [None, asha]
    with pytest.raises(NotFound):
        await get_user(scope, ben.id)
    for refused in (
        list_users(scope),
        count_users(scope),
        find_by_login(scope, ["ben"]),
        find_by_external_id(scope, ["1"]),
    ):
        with pytest.raises(PermissionDenied) as error:
            await refused
        assert error.value.permission is Permission.SEE_PEOPLE


async def test_another_institutions_user_is_as_one_that_does_not_exist(school: Institution):
    [asha] = await school.create(NewUser("asha", "A"))
    other = await Institution(school.store, school.clock).open("other")
    with pytest.raises(NotFound):
        await get_user(other.admin, asha.user.id)
    assert await find_by_login(other.admin, ["asha"]) == [None]
    assert (await list_users(other.admin)).items == ()
    other.passwords.close()


async def test_users_are_listed_by_group_and_role_in_pages(school: Institution):
    await school.create(
        *(NewUser(f"a{n}", "A", groups=["XII-A", "Hindi"]) for n in range(5)),
        *(NewUser(f"b{n}", "B", groups=["XII-B"]) for n in range(3)),
        NewUser("t", "T", ["TEACHER"], ["XII-A"]),
    )
    scope = school.scope(Role.TEACHER)

    async def listed(**filters: object) -> list[str]:
        logins, cursor = [], None
        while True:
            page = await list_users(scope, cursor=cursor, limit=2, **filters)
            assert len(page.items) == len(page.cursors) <= 2
            logins += [user.login for user in page.items]
            cursor = page.next
            if cursor is None:
                return sorted(logins)

    assert await listed() == ["a0", "a1", "a2", "a3", "a4", "b0", "b1", "b2", "t"]
    assert await listed(group=" XII-A") == ["a0", "a1", "a2", "a3", "a4", "t"]
    assert await listed(group="XII-A", role=Role.STUDENT) == ["a0", "a1", "a2", "a3", "a4"]
    assert await listed(role=Role.TEACHER) == ["t"]
    assert await listed(group="XI") == []
    assert await count_users(scope, group="XII-A", role=Role.STUDENT) == 5
    assert len((await list_users(scope, limit=1000)).items) == 9


async def test_a_page_continues_after_any_of_its_items(school: Institution):
    await school.create(*(NewUser(f"s{n}", "S") for n in range(4)))
    whole = await list_users(school.admin)
    rest = await list_users(school.admin, cursor=whole.cursors[1])
    assert rest.items == whole.items[2:]
