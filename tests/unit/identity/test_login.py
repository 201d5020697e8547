from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from institution import NOON, Institution

from store.errors import Unavailable
from store.port import Delete
from tenants.roles import Role
from tenants.tenant import TenantSettings
from tp.domain.problem import Code
from tp.errors import Refused
from tp.services.identity.errors import Throttled
from tp.services.identity.login import LoginService, Session
from tp.services.identity.passwords import Argon2Parameters, Passwords
from tp.services.identity.throttle import Allowance, Throttle
from tp.services.people.new_user import NewUser
from tp.services.people.records import LOGIN_NAMES, USERS, LoginName, login_key

RIGHT = "correct horse"


async def enter(school: Institution, login: str | None = None, **how: str) -> Session:
    asked = {"tenant_slug": "school", "address": "10.0.0.1", "now": school.clock.now} | how
    return await school.door.login(login=login, **asked)


async def refusal(school: Institution, login: str | None = None, **how: str) -> tuple[Code, object, str]:
    with pytest.raises(Refused) as refused:
        await enter(school, login, **how)
    [problem] = refused.value.problems
    return problem.code, problem.path, problem.message


def with_throttles(school: Institution, *, per_login: int = 3, per_address: int = 5) -> None:
    school.door = LoginService(
        school.registry,
        school.passwords,
        school.tokens,
        per_login=Throttle(Allowance(per_login, 60)),
        per_address=Throttle(Allowance(per_address, 60)),
    )


async def login_name(school: Institution, login: str) -> LoginName:
    entity = await school.admin.store.get(login_key(login))
    assert entity is not None
    return LOGIN_NAMES.record(entity)


async def test_a_login_and_its_password_give_a_token_of_that_user_for_as_long_as_the_tenant_says(
    school: Institution,
):
    await school.registry.update_settings("school", TenantSettings(token_minutes=90))
    [made] = await school.create(NewUser("asha", "Asha", ["TEACHER", "INVIGILATOR"], password=RIGHT))
    session = await enter(school, " ASHA ", password=RIGHT)
    assert session.user == made.user
    assert session.expires_at == NOON + timedelta(minutes=90)
    claims = school.tokens.verify(session.token, now=NOON, tenant="school")
    assert claims.principal.id == made.user.id
    assert claims.principal.roles == {Role.TEACHER, Role.INVIGILATOR}


async def test_a_code_alone_or_with_its_login_gives_a_token(school: Institution):
    [asha] = await school.create(NewUser("asha", "Asha", access_code=True))
    assert asha.access_code is not None
    typed = asha.access_code.lower().replace("-", " ")
    for session in (
        await enter(school, access_code=asha.access_code),
        await enter(school, access_code=typed),
        await enter(school, "Asha", access_code=typed),
    ):
        assert session.user == asha.user


async def test_every_wrong_way_in_is_answered_alike(school: Institution):
    asha, ben = await school.create(
        NewUser("asha", "A", password=RIGHT, access_code=True), NewUser("ben", "B", access_code=True)
    )
    other = await Institution(school.store, school.clock).open("other")
    other.random.calls = 10_000
    [foreign] = await other.create(NewUser("zoe", "Z", password=RIGHT, access_code=True))
    other.passwords.close()
    answers = {
        await refusal(school, "asha", password="wrong horse"),
        await refusal(school, "nobody", password=RIGHT),
        await refusal(school, "zoe", password=RIGHT),
        await refusal(school, "ben", password=RIGHT),
        await refusal(school, "asha", password=str(asha.access_code)),
        await refusal(school, "", password=""),
        await refusal(school, "a\ud800", password="\ud800"),
        await refusal(school, "asha", access_code=RIGHT),
        await refusal(school, "asha", access_code=str(ben.access_code)),
        await refusal(school, "nobody", access_code=str(asha.access_code)),
        await refusal(school, "zoe", access_code=str(foreign.access_code)),
        await refusal(school, access_code=str(foreign.access_code)),
        await refusal(school, access_code=""),
        await refusal(school, access_code="\ud800"),
    }
    assert len(answers) == 1
    [(code, path, _)] = answers
    assert (code, path) == (Code.BAD_CREDENTIALS, ())


async def test_a_login_whose_user_is_gone_is_answered_as_wrong(school: Institution):
    [asha] = await school.create(NewUser("asha", "A", password=RIGHT))
    await school.admin.store.commit([Delete(USERS.key(asha.user.id))])
    assert (await refusal(school, "asha", password=RIGHT))[0] is Code.BAD_CREDENTIALS


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"login": "asha"},
        {"password": RIGHT},
        {"login": "asha", "password": RIGHT, "access_code": "X"},
        {"password": RIGHT, "access_code": "X"},
    ],
)
async def test_a_door_is_opened_in_one_of_three_ways_only(school: Institution, how: dict[str, str]):
    assert (await refusal(school, **how))[0] is Code.REQUIRED


async def test_an_unknown_and_a_suspended_institution_are_told(school: Institution):
    [asha] = await school.create(NewUser("asha", "A", password=RIGHT, access_code=True))
    code, path, _ = await refusal(school, "asha", password=RIGHT, tenant_slug="nowhere")
    assert (code, path) == (Code.TENANT_UNKNOWN, ("tenant",))
    await school.registry.suspend("school")
    for how in ({"login": "asha", "password": RIGHT}, {"access_code": str(asha.access_code)}):
        code, path, _ = await refusal(school, **how)
        assert (code, path) == (Code.TENANT_SUSPENDED, ("tenant",))
    await school.registry.resume("school")
    await enter(school, "asha", password=RIGHT)


async def test_a_guesser_of_one_login_waits_and_the_owner_is_let_in_after_a_while(school: Institution):
    with_throttles(school)
    await school.create(NewUser("asha", "A", password=RIGHT), NewUser("ben", "B", password=RIGHT))
    for number in range(3):
        assert (await refusal(school, "asha", password="wrong", address=f"{number}"))[0] is Code.BAD_CREDENTIALS
    with pytest.raises(Throttled) as refused:
        await enter(school, " Asha", password=RIGHT, address="elsewhere")
    assert refused.value.retry_after == 60
    assert refused.value.problems[0].code is Code.THROTTLED
    assert "60 s" in refused.value.problems[0].message

    await enter(school, "ben", password=RIGHT)
    school.clock.pass_seconds(60)
    await enter(school, "asha", password=RIGHT)
    for _ in range(3):
        assert (await refusal(school, "asha", password="wrong"))[0] is Code.BAD_CREDENTIALS


async def test_a_guesser_of_many_logins_waits_by_address(school: Institution):
    with_throttles(school)
    await school.create(NewUser("asha", "A", password=RIGHT))
    for number in range(5):
        assert (await refusal(school, f"n{number}", password="wrong"))[0] is Code.BAD_CREDENTIALS
    assert (await refusal(school, "asha", password=RIGHT))[0] is Code.THROTTLED
    await enter(school, "asha", password=RIGHT, address="10.0.0.2")


async def test_guesses_sent_at_once_are_counted_before_they_are_answered(school: Institution):
    with_throttles(school)
    await school.create(NewUser("asha", "A", password=RIGHT))
    answers = await asyncio.gather(
        *(refusal(school, "asha", password=f"guess {n}", address=f"{n}") for n in range(8))
    )
    codes = [code for code, _, _ in answers]
    assert codes.count(Code.BAD_CREDENTIALS) == 3
    assert codes.count(Code.THROTTLED) == 5


async def test_a_school_behind_one_address_logs_in_with_codes_and_passwords(school: Institution):
    with_throttles(school)
    created = await school.create(
        *(NewUser(f"s{n}", "S", access_code=True) for n in range(300)), NewUser("t", "T", password=RIGHT)
    )
    for each in created[:300]:
        await enter(school, access_code=str(each.access_code))
    for _ in range(20):
        await enter(school, "t", password=RIGHT)


async def test_wrong_codes_make_a_guesser_wait_and_nobody_with_a_right_one(school: Institution):
    with_throttles(school)
    [asha] = await school.create(NewUser("asha", "A", access_code=True))
    codes = [(await refusal(school, access_code=f"guess {n}"))[0] for n in range(8)]
    assert codes == [Code.BAD_CREDENTIALS] * 5 + [Code.THROTTLED] * 3
    assert (await refusal(school, "asha", access_code="guess"))[0] is Code.THROTTLED
    assert (await enter(school, access_code=str(asha.access_code))).user == asha.user
    assert (await enter(school, "asha", access_code=str(asha.access_code))).user == asha.user


async def test_a_code_login_is_two_reads_and_no_write(school: Institution):
    [asha] = await school.create(NewUser("asha", "A", access_code=True))
    await enter(school, access_code=str(asha.access_code))
    reads = await _reads_of(school, lambda: enter(school, access_code=str(asha.access_code)))
    assert reads == ["AccessCode", "User"]
    reads = await _reads_of(school, lambda: enter(school, "asha", access_code=str(asha.access_code)))
    assert reads == ["LoginName", "User"]


async def test_a_full_password_pool_counts_as_nobodys_failure(school: Institution):
    await school.create(NewUser("asha", "A", password=RIGHT))
    quick = school.passwords
    slow = Passwords(Argon2Parameters(memory_kib=65_536, passes=6), threads=1, waiting=0)
    school.passwords = slow
    with_throttles(school, per_login=2, per_address=2)
    busy = asyncio.ensure_future(slow.hash("another's"))
    await asyncio.sleep(0)
    for _ in range(5):
        assert (await refusal(school, "asha", password="wrong"))[0] is Code.THROTTLED
    await busy
    await enter(school, "asha", password=RIGHT)
    slow.close()
    school.passwords = quick


async def test_a_password_kept_under_old_parameters_is_kept_anew_at_the_next_login(school: Institution):
    [asha] = await school.create(NewUser("asha", "A", password=RIGHT))
    before = (await login_name(school, "asha")).password_hash
    quick = school.passwords
    school.passwords = Passwords(Argon2Parameters(memory_kib=16, passes=2), threads=1)
    with_throttles(school)
    assert (await enter(school, "asha", password=RIGHT)).user == asha.user
    after = (await login_name(school, "asha")).password_hash
    assert before != after
    assert after is not None
    assert "m=16,t=2" in after
    await enter(school, "asha", password=RIGHT)
    assert (await login_name(school, "asha")).password_hash == after
    school.passwords.close()
    school.passwords = quick


async def test_a_password_set_meanwhile_is_not_overwritten_by_the_old_one(school: Institution):
    [asha] = await school.create(NewUser("asha", "A", password=RIGHT))
    slow = Passwords(Argon2Parameters(memory_kib=65_536, passes=6), threads=1)
    door = LoginService(school.registry, slow, school.tokens)
    login = asyncio.ensure_future(door.login("school", "asha", password=RIGHT, address="a", now=school.clock.now))
    # Past its read of the old hash, and in the slow work that follows.
    await asyncio.sleep(0.05)
    await school.credentials.set_password(school.admin, asha.user.id, "another one", now=school.clock.now)
    await login
    slow.close()
    assert (await enter(school, "asha", password="another one")).user == asha.user


async def test_a_login_stands_when_the_password_cannot_be_kept_anew(school: Institution, monkeypatch):
    [asha] = await school.create(NewUser("asha", "A", password=RIGHT))
    newer = Passwords(Argon2Parameters(memory_kib=16, passes=2), threads=1)
    door = LoginService(school.registry, newer, school.tokens)

    async def gone(*_: object) -> None:
        raise Unavailable("gone")

    monkeypatch.setattr(type(school.admin.store), "transact", gone)
    session = await door.login("school", "asha", password=RIGHT, address="a", now=school.clock.now)
    assert session.user == asha.user
    newer.close()


async def _reads_of(school: Institution, act) -> list[str]:
    kinds: list[str] = []
    real = type(school.admin.store).get

    async def counted(self, key):
        kinds.append(key.kind)
        return await real(self, key)

    patch = pytest.MonkeyPatch()
    with patch.context() as context:
        context.setattr(type(school.admin.store), "get", counted)
        await act()
    return kinds
