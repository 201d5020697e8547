"""A token opens its own institution at its own address; credentials of one are unknown at another."""

from __future__ import annotations

from typing import Any

import pytest
from asking import ask
from campus import NEIGHBOURS_PASSWORD, Campus, Town
from cases import CASES, Case
from school import ADMIN_PASSWORD, CREATE_USERS, LOGIN
from traces import kept_by_all

from tenants.roles import Role

pytestmark = pytest.mark.asyncio(loop_scope="session")
ADDRESSES = ["header", "path", "host"]
every_address = pytest.mark.parametrize("address", ADDRESSES)
VIEWER = "{ id tenant }"


def at(campus: Campus, address: str) -> dict[str, str]:
    """Return how a request names an institution."""
    named = {"header": {"X-Tenant": campus.slug}, "path": {"path": f"/t/{campus.slug}/graphql"}}
    return {**named, "host": {"Host": campus.host}}[address]


@pytest.mark.parametrize("role", Role)
@every_address
async def test_a_token_is_refused_at_anothers_address(town: Town, address: str, role: Role) -> None:
    person = town.ours.by_role[role]

    away = await ask(person, "Query.viewer", {}, VIEWER, **at(town.theirs, address))
    home = await ask(person, "Query.viewer", {}, VIEWER, **at(town.ours, address))

    assert (away.status, away.codes) == (403, {"TENANT_MISMATCH"})
    assert "data" not in away.body
    assert home.given == {"id": person.id, "tenant": town.ours.slug}


@pytest.mark.parametrize("case", [case for case in CASES if Role.ADMIN in case.admits], ids=str)
async def test_with_anothers_address_a_token_reaches_neither_institution(town: Town, case: Case) -> None:
    admin, before = town.ours.by_role[Role.ADMIN], await kept_by_all(town)

    for campus in (town.ours, town.theirs):
        arguments = case.arguments(campus.has, getattr(campus.has, case.takes))
        for address in ADDRESSES:
            answer = await ask(admin, case.field, arguments, "{ __typename }", **at(town.theirs, address))
            assert answer.codes == {"TENANT_MISMATCH"}

    assert await kept_by_all(town) == before


async def test_credentials_of_one_institution_are_unknown_at_another(town: Town) -> None:
    admin = town.third.by_role[Role.ADMIN]
    login = "elm-of-elmwood"
    user = {"login": login, "name": "Elm", "password": "long enough", "accessCode": True}
    code = (await admin.do(CREATE_USERS, users=[user]))["users"][0]["accessCode"]
    ways = {
        "password": ({"login": login, "password": "long enough"}, {"login": "nobody", "password": "long enough"}),
        "code": ({"accessCode": code}, {"accessCode": "AAAA-BBBB-CCCC-DDDD"}),
        "login and code": ({"login": login, "accessCode": code}, {"login": "nobody", "accessCode": code}),
    }
    before = await kept_by_all(town)

    async def entering(campus: Campus, way: dict[str, str]) -> Any:
        return await campus.school.nobody.post(LOGIN, {"input": {"tenant": campus.slug, **way}})

    for ours, unknown in ways.values():
        at_home, away = await entering(town.third, ours), await entering(town.theirs, ours)
        assert at_home["data"]["login"]["token"] is not None
        assert away == await entering(town.theirs, unknown)
        assert [error["code"] for error in away["data"]["login"]["userErrors"]] == ["BAD_CREDENTIALS"]

    assert await kept_by_all(town) == before


async def test_of_two_with_the_same_login_each_has_the_password_of_its_own_institution(town: Town) -> None:
    nobody = town.ours.school.nobody

    for campus, password, other in (
        (town.ours, ADMIN_PASSWORD, NEIGHBOURS_PASSWORD),
        (town.theirs, NEIGHBOURS_PASSWORD, ADMIN_PASSWORD),
    ):
        entered = await nobody.do(LOGIN, tenant=campus.slug, login="admin", password=password)
        assert entered["viewer"]["id"] == campus.by_role[Role.ADMIN].id
        refused = await nobody.refused(LOGIN, tenant=campus.slug, login="admin", password=other)
        assert [code for code, _ in refused] == ["BAD_CREDENTIALS"]


@every_address
async def test_nobody_logs_in_to_one_institution_at_the_address_of_another(town: Town, address: str) -> None:
    way = {"input": {"tenant": town.ours.slug, "login": "admin", "password": ADMIN_PASSWORD}}
    selection = "{ token userErrors { code path } }"

    away = await ask(town.ours.school.nobody, "Mutation.login", way, selection, **at(town.theirs, address))
    home = await ask(town.ours.school.nobody, "Mutation.login", way, selection, **at(town.ours, address))

    assert away.given == {"token": None, "userErrors": [{"code": "INVALID", "path": ["tenant"]}]}
    assert home.given["token"] is not None
