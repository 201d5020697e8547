"""Who may use the interface for services, and how whoever may not is answered."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute
from pydantic import SecretStr
from school import Exam, School, open_school
from serving import EVERYTHING, Asker, asker
from typer.testing import CliRunner

from api.bootstrap import service_tokens
from api.cli import app as command
from api.rest import lists, tests
from api.rest.access import DeclaredRoute, Scope, scope_of
from api.rest.media import ARROW, NDJSON
from api.settings import Mode, Settings
from asgi.declared import Undeclared
from trust.clock import utc_now

TEST = "/tenants/{tenant}/tests/{testId}"
PAGE: dict[str, Any] = {"reportId": "rep_1", "keyVersion": 1, "standings": [], "last": True}
ROUTES: list[tuple[str, str, Any, Scope]] = [
    ("GET", TEST, None, Scope.TESTS_READ),
    ("PUT", f"{TEST}/standings", PAGE, Scope.STANDINGS_WRITE),
    ("GET", f"{TEST}/attempts", None, Scope.ATTEMPTS_READ),
    ("GET", f"{TEST}/events", None, Scope.ATTEMPTS_READ),
]
every_route = pytest.mark.parametrize(("method", "path", "body", "scope"), ROUTES)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path)


def declared() -> dict[tuple[str, str], Scope | None]:
    routes = [route for part in (tests, lists) for route in part.router.routes if isinstance(route, APIRoute)]
    return {(method, route.path): scope_of(route) for route in routes for method in route.methods or ()}


async def asked(service: Asker, method: str, path: str, body: Any, tenant: str, test: str) -> tuple[int, Any]:
    """Return the status, and what is told of a problem apart from its request."""
    at = path.format(tenant=tenant, testId=test)
    response = await (service.get(at) if method == "GET" else service.put(at, body))
    told = response.json() if response.status_code >= 400 else {}
    told.pop("requestId", None)
    return response.status_code, told


def test_every_route_says_who_may_use_it_and_has_a_case_here() -> None:
    assert declared() == {(method, path): scope for method, path, _, scope in ROUTES}


def test_a_route_without_a_declaration_cannot_be_made() -> None:
    router = APIRouter(route_class=DeclaredRoute)

    async def anybody() -> None: ...

    with pytest.raises(Undeclared):
        router.get("/anybody")(anybody)


async def test_what_is_served_is_documented(school: School) -> None:
    document = (await school.client.get("/v1/openapi.json")).json()

    assert document["servers"] == [{"url": "/v1"}]
    assert set(document["paths"]) == {path for _, path in declared()}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            assert operation["security"] == [{"serviceToken": [declared()[method.upper(), path]]}]
            assert {parameter["name"] for parameter in operation["parameters"]} >= {"tenant", "testId"}
    formats = document["paths"][f"{TEST}/events"]["get"]["responses"]["200"]["content"]
    assert set(formats) == {"application/json", NDJSON, ARROW}
    assert "ProblemDocument" in document["components"]["schemas"]


@every_route
async def test_a_route_takes_its_own_scope_and_no_other(
    exam: Exam, settings: Settings, method: str, path: str, body: Any, scope: Scope
) -> None:
    others = tuple(other.value for other in Scope if other is not scope)
    may, may_not = asker(exam.school, settings, (scope,)), asker(exam.school, settings, others)

    status, _ = await asked(may, method, path, body, "oakwood", exam.test_id)
    refused, told = await asked(may_not, method, path, body, "oakwood", exam.test_id)

    assert status in (200, 204)
    assert (refused, told["code"]) == (403, "FORBIDDEN")


@every_route
async def test_what_is_foreign_is_answered_as_what_is_missing(
    exam: Exam, settings: Settings, method: str, path: str, body: Any, scope: Scope
) -> None:
    school = exam.school
    await school.services.registry.create("beechwood", "Beechwood")
    own, foreign = asker(school, settings), asker(school, settings, tenants=("beechwood",))

    answers = [
        await asked(own, method, path, body, "oakwood", "tst_aaaaaaaaaaaaaaaa"),
        await asked(own, method, path, body, "oakwood", "x" * 2_000),
        await asked(foreign, method, path, body, "oakwood", exam.test_id),
        await asked(foreign, method, path, body, "beechwood", exam.test_id),
        await asked(own, method, path, body, "nowhere", exam.test_id),
        await asked(asker(school, settings, tenants=("*",)), method, path, body, "nowhere", exam.test_id),
    ]

    assert answers == [answers[0]] * len(answers)
    assert (answers[0][0], answers[0][1]["code"]) == (404, "NOT_FOUND")


@every_route
async def test_without_a_sound_token_nothing_is_told(
    exam: Exam, settings: Settings, method: str, path: str, body: Any, scope: Scope
) -> None:
    school, sound = exam.school, asker(exam.school, settings)
    tokens = service_tokens(settings)
    assert tokens is not None
    expired = tokens.issue(
        "ap", EVERYTHING, ["oakwood"], now=school.clock() - timedelta(hours=2), lifetime=timedelta(hours=1)
    )
    student = (await exam.student("asha")).token

    codes = []
    for token in (None, "x", f"{sound.token}x", student, expired):
        status, told = await asked(Asker(school, token), method, path, body, "oakwood", exam.test_id)
        codes.append((status, told["code"]))

    assert codes == [(401, "UNAUTHENTICATED")] * 4 + [(401, "TOKEN_EXPIRED")]


async def test_a_token_is_never_older_than_the_institution_that_it_names(exam: Exam, settings: Settings) -> None:
    exam.school.clock.forward(hours=-1)
    named = asker(exam.school, settings)
    every = asker(exam.school, settings, tenants=("*",))
    exam.school.clock.forward(minutes=59)

    answers = [await each.get(f"/tenants/oakwood/tests/{exam.test_id}") for each in (named, every)]

    assert [answer.status_code for answer in answers] == [404, 200]


async def test_a_suspended_institution_is_not_served(exam: Exam, settings: Settings) -> None:
    await exam.school.services.registry.suspend("oakwood")

    refused = await asker(exam.school, settings).get(f"/tenants/oakwood/tests/{exam.test_id}")

    assert (refused.status_code, refused.json()["code"]) == (403, "TENANT_SUSPENDED")


async def test_what_cannot_be_read_is_told_field_by_field(exam: Exam, settings: Settings) -> None:
    service, path = asker(exam.school, settings), f"/tenants/oakwood/tests/{exam.test_id}"

    bad_limit = await service.get(f"{path}/attempts", limit=0)
    bad_instant = await service.get(f"{path}/attempts", updatedSince="2025-06-02T09:00:00")
    unknown = await service.get("/tenants")
    method = await service.put(path, {})

    assert [(each.status_code, each.json()["code"]) for each in (bad_limit, bad_instant, unknown, method)] == [
        (422, "INVALID"),
        (422, "INVALID"),
        (404, "NOT_FOUND"),
        (405, "METHOD_NOT_ALLOWED"),
    ]
    assert bad_limit.json()["errors"][0]["path"] == ["query", "limit"]


async def test_a_body_too_large_is_a_problem_document_under_v1(exam: Exam, settings: Settings) -> None:
    service = asker(exam.school, settings)

    refused = await service.put(f"/tenants/oakwood/tests/{exam.test_id}/standings", {"x": "x" * 3_000_000})

    assert (refused.status_code, refused.json()["code"]) == (413, "BODY_TOO_LARGE")
    assert refused.headers["content-type"] == "application/problem+json"


async def test_in_production_it_is_served_with_keys_only(tmp_path: Path, exam: Exam) -> None:
    keys = '{"keys": [{"kid": "k", "secret": "' + "A" * 43 + '"}]}'
    without = Settings(data_dir=tmp_path / "other", mode=Mode.PRODUCTION, signing_keys=SecretStr(keys))
    school = await open_school(without, "elmwood", exam.school.clock)

    status = (await school.client.get("/v1/openapi.json")).status_code

    assert (status, service_tokens(without)) == (404, None)
    assert service_tokens(without.model_copy(update={"service_keys": SecretStr(keys)})) is not None
    await school.client.aclose()
    await school.services.close()


async def test_the_command_prints_a_token_that_is_taken(
    exam: Exam, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TP_DATA_DIR", str(settings.data_dir))
    exam.school.clock.now = utc_now()
    asking = ["token", "--service", "ap", "--scope", "tests:read", "--tenant", "oakwood", "--days", "1"]

    printed = CliRunner().invoke(command, asking).stdout.strip()
    served = await Asker(exam.school, printed).get(f"/tenants/oakwood/tests/{exam.test_id}")

    assert served.status_code == 200
