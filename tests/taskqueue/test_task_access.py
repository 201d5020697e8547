"""Who may use the REST interface, and how it answers whoever may not."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from depot import Depot, key_ring
from fastapi import APIRouter
from fastapi.routing import APIRoute

from asgi.declared import Undeclared
from store.errors import OutcomeUnknown, Unavailable
from taskqueue.rest import queues, schedules, tasks, tenants
from taskqueue.rest.access import DeclaredRoute, Scope, scope_of
from taskqueue.rest.app import OPEN, create_app
from taskqueue.rest.service import Service
from taskqueue.settings import Settings
from trust.keys import KeyRing, SigningKey
from trust.service_tokens import ServiceTokens

NOTE: dict[str, Any] = {"type": "demo.note", "tenant": "oakwood", "payload": {"text": "hello"}}
NIGHTLY: dict[str, Any] = {"name": "n", "cron": "0 0 * * *", "task": NOTE}

ROUTES: list[tuple[str, str, Any, Scope]] = [
    ("POST", "/v1/tasks", NOTE, Scope.TASKS_WRITE),
    ("GET", "/v1/tasks/{task_id}", None, Scope.TASKS_READ),
    ("GET", "/v1/tasks", None, Scope.TASKS_READ),
    ("POST", "/v1/tasks/{task_id}/cancel", None, Scope.TASKS_WRITE),
    ("POST", "/v1/tasks/{task_id}/retry", None, Scope.TASKS_WRITE),
    ("GET", "/v1/queues", None, Scope.QUEUES_READ),
    ("PUT", "/v1/queues/{name}/workers", {"count": 2}, Scope.QUEUES_WRITE),
    ("GET", "/v1/schedules", None, Scope.SCHEDULES_READ),
    ("GET", "/v1/schedules/{name}", None, Scope.SCHEDULES_READ),
    ("PUT", "/v1/schedules/{name}", NIGHTLY, Scope.SCHEDULES_WRITE),
    ("DELETE", "/v1/schedules/{name}", None, Scope.SCHEDULES_WRITE),
    ("DELETE", "/v1/tenants/{tenant}", None, Scope.TENANTS_PURGE),
]


def declared() -> dict[tuple[str, str], Scope | None]:
    routes = [route for part in (tasks, queues, schedules, tenants) for route in part.router.routes]
    return {
        (method, route.path): scope_of(route)
        for route in routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }


def test_every_route_says_who_may_use_it_and_has_a_case_here() -> None:
    assert declared() == {(method, path): scope for method, path, _, scope in ROUTES}


def test_what_is_served_is_declared_or_open(depot: Depot) -> None:
    service = Service(depot.queue, depot.schedules, depot.tokens, depot.clock, depot.store.ready)
    document = create_app(Settings(), service).openapi()
    assert {path.rstrip("/") for path in document["paths"]} == {path for _, path in declared()}
    assert {"/healthz", "/readyz", "/openapi.json"} == OPEN
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            scope = declared()[method.upper(), path]
            assert operation["security"] == [{"serviceToken": [scope]}]
    assert "ProblemDocument" in document["components"]["schemas"]


def test_a_route_without_a_declaration_cannot_be_made() -> None:
    router = APIRouter(route_class=DeclaredRoute)

    async def anybody() -> None: ...

    with pytest.raises(Undeclared):
        router.get("/anybody")(anybody)


@pytest.mark.parametrize(("method", "path", "body", "scope"), ROUTES)
async def test_a_route_takes_its_own_scope_and_no_other(
    depot: Depot, method: str, path: str, body: Any, scope: Scope
):
    address = path.format(task_id="tsk_x", name="short" if "queues" in path else "n", tenant="oakwood")
    others = [other for other in Scope if other is not scope]
    async with depot.client(depot.token(others, ["oakwood"])) as client:
        answer = await client.request(method, address, json=body)
        assert (answer.status_code, answer.json()["code"]) == (403, "FORBIDDEN")
    async with depot.client(depot.token([scope], ["oakwood"])) as client:
        answer = await client.request(method, address, json=body)
        assert answer.status_code in (200, 201, 404)


@pytest.mark.parametrize(("method", "path", "body", "scope"), ROUTES)
async def test_a_route_takes_nobody_without_a_token(depot: Depot, method: str, path: str, body: Any, scope: Scope):
    stranger = ServiceTokens(KeyRing([SigningKey(kid="test", secret=b"x" * 32)]), "taskqueue", bytes)
    elsewhere = ServiceTokens(key_ring(), "analysis", bytes)
    old = depot.token(lifetime=timedelta(seconds=-1))
    issued = [
        tokens.issue("tp", list(Scope), ["*"], now=depot.clock.now, lifetime=timedelta(hours=1))
        for tokens in (stranger, elsewhere)
    ]
    async with depot.client() as client:
        for header in [
            "",
            "Bearer",
            "Basic dHA6dHA=",
            "Bearer x.y.z",
            f"Bearer {depot.token().rpartition('.')[0]}.{'A' * 43}",
        ]:
            answer = await client.request(method, path, json=body, headers={"Authorization": header})
            assert (answer.status_code, answer.json()["code"]) == (401, "UNAUTHENTICATED")
            assert answer.headers["www-authenticate"] == "Bearer"
        for token, code in [
            (issued[0], "UNAUTHENTICATED"),
            (issued[1], "UNAUTHENTICATED"),
            (old, "TOKEN_EXPIRED"),
        ]:
            answer = await client.request(method, path, json=body, headers={"Authorization": f"Bearer {token}"})
            assert (answer.status_code, answer.json()["code"]) == (401, code)


async def test_a_tenant_that_the_token_does_not_cover_is_refused_and_nothing_is_kept(depot: Depot):
    async with depot.client(depot.token(tenants=["elmfield"])) as client:
        answer = await client.post("/v1/tasks", json=NOTE)
        assert (answer.status_code, answer.json()["code"]) == (403, "TENANT_NOT_COVERED")
    assert (await depot.queue.page(tenant=None)).tasks == ()


async def test_health_needs_no_token(depot: Depot):
    async with depot.client("none") as client:
        for path in sorted(OPEN):
            assert (await client.get(path)).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/", 404, "NOT_FOUND"),
        ("GET", "/v1/nothing", 404, "NOT_FOUND"),
        ("GET", "/docs", 404, "NOT_FOUND"),
        ("DELETE", "/v1/tasks", 405, "METHOD_NOT_ALLOWED"),
        ("POST", "/healthz", 405, "METHOD_NOT_ALLOWED"),
    ],
)
async def test_what_the_router_refuses_is_a_problem_document_too(
    client: httpx.AsyncClient, method: str, path: str, status: int, code: str
):
    answer = await client.request(method, path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Unavailable("no store"), 503, "UNAVAILABLE"),
        (OutcomeUnknown("?"), 503, "OUTCOME_UNKNOWN"),
        (RuntimeError("a secret"), 500, "INTERNAL"),
    ],
)
async def test_a_failing_store_is_told_and_a_defect_is_masked(
    depot: Depot, error: Exception, status: int, code: str
):
    async with failing(depot, error) as client:
        answer = await client.get("/v1/tasks/tsk_x")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert ("retry-after" in answer.headers) == (status == 503)
    assert "secret" not in answer.text


def failing(depot: Depot, error: Exception) -> Any:
    """Give a client of a queue whose store fails."""

    class Failing:
        name = "taskqueue"

        def __getattr__(self, _: str) -> Callable[..., Awaitable[Any]]:
            async def fail(*_: Any) -> Any:
                raise error

            return fail

    broken = Depot(depot.store, Failing(), depot.ring)  # type: ignore[arg-type]
    return broken.client()
