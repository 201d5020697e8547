"""The access rule: whoever may not use a field is told so, by name and place, before anything runs."""

from __future__ import annotations

from typing import Any

import pytest

from api.bootstrap import SCHEMA
from api.graphql.access import looser_interfaces
from tenants.roles import Role


async def test_nobody_reaches_what_needs_no_login_and_nothing_else(door: Any) -> None:
    open_fields = await door.ask("{ __typename serverTime }")
    login = await door.ask('mutation { login(input: {tenant: "acme", login: "a"}) }')
    closed = await door.ask("{ serverTime viewer { id } }")

    assert open_fields.status == login.status == 200
    assert closed.status == 401
    assert closed.codes == ["UNAUTHENTICATED", "UNAUTHENTICATED"]
    assert closed.response.headers["www-authenticate"] == "Bearer"
    assert closed.errors[0]["extensions"]["field"] == "Query.viewer"
    assert closed.errors[0]["locations"] == [{"line": 1, "column": 14}]
    assert "data" not in closed.response.json()


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.TEACHER, 200), (Role.ADMIN, 200), (Role.INVIGILATOR, 200), (Role.STUDENT, 403), (Role.OPERATOR, 403)],
)
async def test_field_admits_the_holders_of_its_permission(door: Any, role: Role, status: int) -> None:
    answer = await door.ask("{ tests(first: 1) { nodes { title } } }", role=role)

    assert answer.status == status
    assert set(answer.codes) <= {"FORBIDDEN"}


@pytest.mark.parametrize(
    "document",
    [
        'query { node(id: "1") { id ... on Secret { key } } }',
        'query { node(id: "1") { ...S } } fragment S on Secret { key }',
        'query { node(id: "1") { ...N } } fragment N on Node { ... on Secret { k: key } }',
        "query { found { ... on Test { id } ... on Secret { key } } }",
        "query { found { ...T } } fragment T on Thing { ... on Secret { key @include(if: false) } }",
    ],
)
async def test_fields_behind_interfaces_unions_and_fragments_are_judged(door: Any, document: str) -> None:
    refused = await door.ask(document, role=Role.STUDENT)
    admitted = await door.ask(document, role=Role.TEACHER)

    assert (refused.status, refused.codes) == (403, ["FORBIDDEN"])
    assert refused.errors[0]["extensions"]["field"] == "Secret.key"
    assert admitted.status == 200


async def test_field_without_a_declaration_is_refused_to_everybody(door: Any) -> None:
    for role in (None, *Role):
        answer = await door.ask("{ undeclared }", role=role)
        assert answer.codes == ["FORBIDDEN"]


async def test_only_the_operation_that_runs_is_judged(door: Any) -> None:
    document = "query Mine { viewer { id } } query Theirs { tests(first: 1) { nodes { id } } }"

    assert (await door.ask(document, role=Role.STUDENT, operationName="Mine")).status == 200
    assert (await door.ask(document, role=Role.STUDENT, operationName="Theirs")).status == 403


async def test_kept_verdict_of_one_role_is_not_given_to_another(door: Any) -> None:
    query = "{ tests(first: 1) { nodes { id } } }"
    statuses = [(await door.ask(query, role=role)).status for role in (Role.TEACHER, Role.STUDENT) * 2]

    assert statuses == [200, 403, 200, 403]


@pytest.mark.parametrize(
    ("policy", "statuses"),
    [("everyone", [200, 200, 200]), ("staff", [401, 403, 200]), ("nobody", [403, 403, 403])],
)
async def test_introspection_follows_its_setting(make_door: Any, policy: str, statuses: list[int]) -> None:
    door = make_door(introspection=policy)
    query = '{ __schema { queryType { name } } __type(name: "Test") { name } }'

    assert [(await door.ask(query, role=role)).status for role in (None, Role.STUDENT, Role.TEACHER)] == statuses


async def test_suggestions_are_hidden_from_those_who_may_not_see_the_schema(make_door: Any) -> None:
    door = make_door(introspection="staff")
    of_field, of_enum = "{ viwer { id } }", "query ($k: Kind) { echo(kind: $k) }"

    for role, told in ((None, False), (Role.STUDENT, False), (Role.TEACHER, True)):
        assert ("viewer" in (await door.ask(of_field, role=role)).message) is told
        assert ("GOOD" in (await door.ask(of_enum, {"k": "GOOF"}, role=role)).message) is told


async def test_typename_is_free_and_production_is_closed_by_default(make_door: Any) -> None:
    door = make_door(mode="production")

    assert (await door.ask("{ __typename }")).status == 200
    assert (await door.ask("{ __schema { queryType { name } } }")).status == 401


async def test_interface_that_admits_more_than_its_types_is_found(door: Any) -> None:
    endpoint = next(route.endpoint for route in door.app.routes if route.path == "/graphql")
    assert looser_interfaces(endpoint.schema) == []

    del endpoint.schema.type_map["Secret"].fields["id"].extensions["access"]
    assert looser_interfaces(endpoint.schema) == ["Node.id < Secret.id"]


def test_contract_has_no_interface_that_admits_more_than_its_types() -> None:
    assert looser_interfaces(SCHEMA) == []
