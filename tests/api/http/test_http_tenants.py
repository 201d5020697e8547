"""Token and address must name one institution; there is no default, and no way around a suspension."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tenants.roles import Role

NOW = datetime(2025, 6, 2, 9, 0, tzinfo=UTC)
LOGIN = 'mutation { login(input: {tenant: "acme", login: "a"}) }'


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/graphql", {}),
        ("/graphql", {"X-Tenant": "acme"}),
        ("/t/acme/graphql", {}),
        ("/graphql", {"Host": "acme.example.org"}),
        ("/graphql", {"Host": "acme.example.org:8443"}),
        ("/t/acme/graphql", {"X-Tenant": "acme", "Host": "acme.example.org"}),
    ],
)
async def test_addresses_that_agree_with_the_token_are_served(
    door: Any, path: str, headers: dict[str, str]
) -> None:
    answer = await door.ask("{ viewer { id } }", role=Role.STUDENT, path=path, headers=headers)

    assert answer.data == {"viewer": {"id": "usr_1"}}


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/graphql", {"X-Tenant": "beta"}),
        ("/graphql", {"X-Tenant": "ACME"}),
        ("/graphql", {"X-Tenant": ""}),
        ("/t/beta/graphql", {}),
        ("/t/beta/graphql", {"X-Tenant": "acme"}),
        ("/t/nobody/graphql", {}),
        ("/t/beta/graphql", {"Host": "acme.example.org"}),
    ],
)
async def test_address_that_names_another_tenant_is_refused(door: Any, path: str, headers: dict[str, str]) -> None:
    answer = await door.ask("{ viewer { id } }", role=Role.STUDENT, path=path, headers=headers)

    assert (answer.status, answer.codes) == (403, ["TENANT_MISMATCH"])


async def test_two_tenant_headers_that_differ_are_refused(door: Any) -> None:
    response = await door.client.post(
        "/graphql", json={"query": "{ serverTime }"}, headers=[("X-Tenant", "acme"), ("X-Tenant", "beta")]
    )

    assert response.status_code == 403


async def test_without_a_token_the_address_alone_opens_nothing(door: Any) -> None:
    answer = await door.ask("{ viewer { id } }", headers={"X-Tenant": "acme"})

    assert answer.codes[0] == "UNAUTHENTICATED"


async def test_login_is_told_which_tenant_the_address_names(door: Any) -> None:
    assert (await door.ask(LOGIN)).data == {"login": "None"}
    assert (await door.ask(LOGIN, path="/t/beta/graphql")).data == {"login": "beta"}


async def test_tenant_that_does_not_exist_is_told_apart(door: Any) -> None:
    answer = await door.ask("{ serverTime }", path="/t/nobody/graphql")

    assert (answer.status, answer.codes) == (404, ["TENANT_UNKNOWN"])


async def test_token_of_a_tenant_that_is_gone_opens_nothing(door: Any) -> None:
    token = door.token(Role.ADMIN, tenant="gone")
    answer = await door.ask("{ serverTime }", headers={"Authorization": f"Bearer {token}"})

    assert (answer.status, answer.codes) == (404, ["TENANT_UNKNOWN"])


async def test_suspended_tenant_is_refused_until_it_is_resumed(door: Any) -> None:
    await door.registry.suspend("acme")
    with_token = await door.ask("{ viewer { id } }", role=Role.ADMIN)
    without = await door.ask(LOGIN, path="/t/acme/graphql", accept="application/json")

    assert (with_token.status, with_token.codes) == (403, ["TENANT_SUSPENDED"])
    assert (without.status, without.codes) == (403, ["TENANT_SUSPENDED"])

    await door.registry.resume("acme")
    assert (await door.ask("{ viewer { id } }", role=Role.ADMIN)).status == 200


async def test_expired_token_is_401_whatever_is_asked(door: Any) -> None:
    token = door.token(Role.STUDENT, issued=NOW - timedelta(hours=2))
    for accept in ("application/json", "application/graphql-response+json"):
        answer = await door.ask("{ serverTime }", headers={"Authorization": f"Bearer {token}"}, accept=accept)

        assert (answer.status, answer.codes) == (401, ["UNAUTHENTICATED"])
        assert answer.errors[0]["extensions"]["reason"] == "EXPIRED"
        assert answer.response.headers["www-authenticate"].startswith('Bearer error="invalid_token"')


@pytest.mark.parametrize(
    "authorization",
    ["Bearer", "Bearer ", "Bearer x.y.z", "Basic YTpi", "Bearer " + "a" * 5000, "token", "Bearer \xe9\xe9"],
)
async def test_token_that_is_none_is_401(door: Any, authorization: str) -> None:
    answer = await door.client.post(
        "/graphql", json={"query": "{ serverTime }"}, headers={"Authorization": authorization.encode("latin1")}
    )

    assert answer.status_code == 401
    assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_tampered_token_is_401(door: Any) -> None:
    head, body, signature = door.token(Role.STUDENT).split(".")
    token = f"{head}.{body[:-2]}AA.{signature}"

    assert (await door.ask("{ serverTime }", headers={"Authorization": f"Bearer {token}"})).status == 401
