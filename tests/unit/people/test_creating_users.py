from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from institution import NOON, Institution

from store.errors import Conflict, StoreError, Unavailable
from store.port import Insert, Mutation, Query
from tenants.errors import PermissionDenied
from tenants.roles import Role
from tenants.tenant import TenantSettings
from tp.domain.problem import Code
from tp.errors import Refused
from tp.services import audit
from tp.services.identity.errors import Throttled
from tp.services.identity.passwords import Argon2Parameters, Passwords
from tp.services.people import records
from tp.services.people.creation import Created, UserCreation
from tp.services.people.new_user import NewUser
from tp.services.people.reading import count_users, find_by_external_id, find_by_login, list_users


def students(count: int, **fields: object) -> list[NewUser]:
    return [
        NewUser(f"s{n}", f"Student {n}", external_id=f"R{n}", access_code=True, **fields) for n in range(count)
    ]


def told(refused: pytest.ExceptionInfo[Refused]) -> list[tuple[Code, tuple[str | int, ...]]]:
    return [(problem.code, problem.path) for problem in refused.value.problems]


async def stored(school: Institution) -> int:
    store = school.admin.store
    return sum([await store.count(Query(kind.name)) for kind in records.KINDS])


class Interrupted:
    """The school's namespace, with something happening before each commit: an error stops it."""

    def __init__(self, school: Institution, *before: object) -> None:
        self._real = school.admin.store
        self._before = iter(before)

    def __getattr__(self, name: str) -> object:
        return getattr(self._real, name)

    async def commit(self, mutations: Sequence[Mutation]) -> None:
        event = next(self._before, None)
        if isinstance(event, Exception):
            raise event
        if event is not None:
            await event()
        await self._real.commit(mutations)


async def create_through(school: Institution, store: object, users: list[NewUser]) -> list[Created]:
    scope = school.admin
    object.__setattr__(scope, "store", store)
    return await school.creation.create_users(scope, users, now=school.clock.now)


async def test_created_users_are_as_they_were_asked_for_in_their_order(school: Institution):
    [asha, ben] = await school.create(
        NewUser(" Asha ", "Asha  Rao", ["STUDENT", "STUDENT"], ["XII-A", "XII-A ", "Hindi"], "R 1"),
        NewUser("ben", "Ben", ["TEACHER", "ADMIN"], access_code=True),
    )
    assert asha.user.login == "Asha"
    assert asha.user.name == "Asha Rao"
    assert asha.user.roles == (Role.STUDENT,)
    assert asha.user.groups == ("XII-A", "Hindi")
    assert asha.user.external_id == "R 1"
    assert asha.user.created_at == NOON
    assert asha.access_code is None
    assert ben.user.roles == (Role.TEACHER, Role.ADMIN)
    assert ben.access_code is not None
    assert await find_by_login(school.admin, ["BEN", "asha", "nobody"]) == [ben.user, asha.user, None]
    assert await find_by_external_id(school.admin, ["r 1"]) == [asha.user]


async def test_nobody_is_created_from_an_empty_list(school: Institution):
    assert await school.create() == []
    assert await stored(school) == 0


async def test_only_who_manages_people_creates_them(school: Institution):
    for role in set(Role) - {Role.ADMIN}:
        with pytest.raises(PermissionDenied):
            await school.creation.create_users(school.scope(role), [NewUser("a", "A")], now=NOON)
    assert await stored(school) == 0


async def test_five_hundred_are_created_in_a_call_and_no_more(school: Institution):
    with pytest.raises(Refused) as refused:
        await school.create(*students(501))
    assert told(refused) == [(Code.TOO_MANY, ("users",))]
    assert await stored(school) == 0

    created = await school.create(*students(500))
    assert len({each.access_code for each in created}) == 500
    assert await count_users(school.admin) == 500
    assert await find_by_login(school.admin, ["s0", "s499"]) == [created[0].user, created[499].user]
    [record] = (await audit.entries(school.admin)).items
    assert record.action == "people.create"
    assert record.details == {"ids": [each.user.id for each in created]}


async def test_taken_names_are_all_told_and_nobody_is_created(school: Institution):
    await school.create(NewUser("asha", "A", external_id="R1"), NewUser("ben", "B", external_id="R2"))
    before = await stored(school)
    with pytest.raises(Refused) as refused:
        await school.create(
            NewUser("new", "New"),
            NewUser("ASHA", "Another", external_id="r2"),
            NewUser("", "Nobody"),
            NewUser("Ben", "Another"),
        )
    assert told(refused) == [
        (Code.REQUIRED, ("users", 2, "login")),
        (Code.ALREADY_EXISTS, ("users", 1, "login")),
        (Code.ALREADY_EXISTS, ("users", 3, "login")),
        (Code.ALREADY_EXISTS, ("users", 1, "externalId")),
    ]
    assert await stored(school) == before


async def test_the_same_names_are_free_in_another_institution(school: Institution):
    await school.create(NewUser("asha", "A", external_id="R1"))
    other = await Institution(school.store, school.clock).open("other")
    [created] = await other.create(NewUser("asha", "Another", external_id="R1"))
    assert await find_by_login(other.admin, ["asha"]) == [created.user]
    assert [user.name for user in (await list_users(school.admin)).items] == ["A"]
    other.passwords.close()


async def test_an_institution_has_no_more_users_than_its_settings_say(school: Institution):
    school.tenant = await school.registry.update_settings("school", TenantSettings(max_users=3))
    await school.create(*students(2))
    with pytest.raises(Refused) as refused:
        await school.create(NewUser("x", "X"), NewUser("y", "Y"))
    assert told(refused) == [(Code.TOO_MANY, ("users",))]
    await school.create(NewUser("x", "X"))


async def test_a_call_made_again_after_it_was_finished_is_refused_and_changes_no_code(school: Institution):
    first = await school.create(*students(2))
    with pytest.raises(Refused) as refused:
        await school.create(*students(2))
    assert [code for code, _ in told(refused)] == [Code.ALREADY_EXISTS] * 4
    for each in first:
        await school.door.login("school", access_code=each.access_code, address="a", now=school.clock.now)


async def test_an_interrupted_call_is_completed_when_made_again_after_half_a_minute(school: Institution):
    users = students(300)
    store = Interrupted(school, None, None, Unavailable("gone"))
    with pytest.raises(StoreError):
        await create_through(school, store, users)
    half = await count_users(school.admin)
    assert 0 < half < 300
    assert (await audit.entries(school.admin)).items == ()

    with pytest.raises(Refused) as refused:
        await school.create(*users)
    assert told(refused) == [(Code.INVALID_STATE, ("users",))]

    school.clock.pass_seconds(31)
    created = await school.create(*users)
    assert await count_users(school.admin) == 300
    # One of each kind for every user, and the record of the batch: no code of the first run is left.
    assert await stored(school) == 4 * 300 + 1
    for each in (created[0], created[299]):
        session = await school.door.login(
            "school", each.user.login, access_code=each.access_code, address="a", now=school.clock.now
        )
        assert session.user == each.user


async def test_a_login_taken_in_the_middle_of_a_call_undoes_all_of_it(school: Institution):
    users = [NewUser("plain", "P"), *students(299), NewUser("rival", "R")]

    async def take() -> None:
        await school.create(NewUser("rival", "First"))

    with pytest.raises(Refused) as refused:
        await create_through(school, Interrupted(school, None, None, take), users)
    assert told(refused) == [(Code.ALREADY_EXISTS, ("users", 300, "login"))]
    assert [user.name for user in (await list_users(school.admin)).items] == ["First"]
    assert await stored(school) == 3


async def test_what_an_interrupted_call_left_is_removed_when_it_can_no_longer_be_completed(school: Institution):
    users = [*students(299), NewUser("rival", "R")]
    with pytest.raises(StoreError):
        await create_through(school, Interrupted(school, None, Unavailable("gone")), users)
    await school.create(NewUser("other", "First", external_id="R298"))
    with pytest.raises(Refused) as refused:
        await school.create(*users)
    assert told(refused) == [(Code.ALREADY_EXISTS, ("users", 298, "externalId"))]
    assert await count_users(school.admin) == 1
    await school.create(NewUser("s0", "Free again", external_id="R0"))


async def test_the_same_call_twice_at_once_creates_everybody_once(school: Institution):
    users = [NewUser(f"s{n}", f"S {n}", access_code=n % 2 == 0) for n in range(5)]
    results = await asyncio.gather(*(school.create(*users) for _ in range(3)), return_exceptions=True)
    made = [result for result in results if not isinstance(result, BaseException)]
    assert len(made) == 1
    assert all(isinstance(result, Refused) for result in results if isinstance(result, BaseException))
    assert await count_users(school.admin) == 5
    await school.door.login("school", access_code=made[0][0].access_code, address="a", now=NOON)


async def test_a_call_that_never_gets_through_gives_up(school: Institution):
    class CodesTaken(Interrupted):
        """Somebody has every code already: looking again finds no name that is taken."""

        async def commit(self, mutations: Sequence[Mutation]) -> None:
            codes = [write for write in mutations if isinstance(write, Insert) and is_code(write)]
            await self._real.commit(codes)
            await self._real.commit(mutations)

    def is_code(write: Insert) -> bool:
        return write.entity.key.kind == records.ACCESS_CODES.kind.name

    with pytest.raises(Conflict):
        await create_through(school, CodesTaken(school), [NewUser("a", "A", access_code=True)])
    assert await count_users(school.admin) == 0


async def test_a_password_is_kept_as_an_argon2id_hash_under_its_login(school: Institution):
    [created] = await school.create(NewUser("asha", "A", password="correct horse"))
    entity = await school.admin.store.get(records.login_key("asha"))
    assert entity is not None
    kept = records.LOGIN_NAMES.record(entity)
    assert kept.password_hash is not None
    assert kept.password_hash.startswith("$argon2id$")
    assert kept.user_id == created.user.id


async def test_a_full_pool_turns_a_call_with_passwords_away_before_anything_is_written(school: Institution):
    slow = Passwords(Argon2Parameters(memory_kib=65_536, passes=6), threads=1, waiting=0)
    creation = UserCreation(slow, school.random)
    before = asyncio.ensure_future(slow.hash("another's"))
    await asyncio.sleep(0)
    with pytest.raises(Throttled):
        await creation.create_users(
            school.admin, [NewUser("cy", "C"), NewUser("ben", "B", password="correct horse")], now=NOON
        )
    await before
    slow.close()
    assert await stored(school) == 0


async def test_a_call_with_more_passwords_than_the_pool_has_places_waits_its_turn(school: Institution):
    await school.create(*(NewUser(f"p{n}", "P", password=f"password {n}") for n in range(30)))
    await school.door.login("school", "p29", password="password 29", address="a", now=NOON)


async def test_what_is_stored_does_not_hold_a_code_or_a_password(school: Institution, tmp_path):
    [created] = await school.create(NewUser("asha", "A", password="correct horse", access_code=True))
    assert created.access_code is not None
    await school.store.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"asha" in kept
    assert b"correct horse" not in kept
    assert created.access_code.encode() not in kept
    assert created.access_code.replace("-", "").encode() not in kept
