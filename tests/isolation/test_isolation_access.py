"""Every root field × every role: admitted or refused as the field declares, by the table of permissions."""

from __future__ import annotations

import graphene
import pytest
from asking import ask
from calls import field_of, least_arguments, nothing_of, root_fields
from campus import Town
from traces import kept_by

from schema.access import AUTHENTICATED, access_of, declare_access
from schema.guarded import Guarded
from schema.schema import UNDECLARED
from tenants.roles import Role, permissions_of

WITHOUT_A_TOKEN = {"Query.serverTime", "Mutation.login"}
every_field = pytest.mark.parametrize("name", root_fields())


def admitted(name: str, role: Role | None) -> bool:
    """Tell what the declaration says of a role, and of nobody in particular."""
    access = access_of(field_of(name))
    assert access is not None
    return access.admits(None if role is None else permissions_of(frozenset({role})))


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("role", Role)
@every_field
async def test_a_role_is_admitted_to_what_the_field_declares(town: Town, name: str, role: Role) -> None:
    if admitted(name, role):
        answer = await ask(town.third.by_role[role], name, least_arguments(name), nothing_of(name))

        assert answer.status == 200
        assert not answer.codes & {"FORBIDDEN", "UNAUTHENTICATED", "INTERNAL"}
    else:
        before = await kept_by(town.ours)

        answer = await ask(town.ours.by_role[role], name, least_arguments(name), nothing_of(name))

        assert (answer.status, answer.codes) == (403, {"FORBIDDEN"})
        assert answer.body["errors"][0]["extensions"]["field"] == name
        assert "data" not in answer.body
        assert await kept_by(town.ours) == before


@pytest.mark.asyncio(loop_scope="session")
@every_field
async def test_nobody_is_admitted_without_a_token_but_to_log_in_and_to_ask_the_time(town: Town, name: str) -> None:
    answer = await ask(town.ours.school.nobody, name, least_arguments(name), nothing_of(name))

    assert admitted(name, None) is (name in WITHOUT_A_TOKEN)
    assert answer.codes == (set() if name in WITHOUT_A_TOKEN else {"UNAUTHENTICATED"})
    assert answer.status == (200 if name in WITHOUT_A_TOKEN else 401)


def test_every_field_declares_who_may_use_it() -> None:
    assert UNDECLARED == [], "declare it with `allow(field, …)`, or all of a type's with `class Meta: access = …`"


def test_a_field_that_declares_nothing_is_found() -> None:
    class Inner(graphene.ObjectType):
        id = graphene.ID()

    class Query(Guarded):
        class Meta:
            access = AUTHENTICATED

        inner = graphene.Field(Inner)

    schema = graphene.Schema(query=Query).graphql_schema

    assert declare_access(schema) == ["Inner.id"]
    assert access_of(schema.type_map["Inner"].fields["id"]) is None
