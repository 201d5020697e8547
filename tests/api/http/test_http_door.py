"""Everything around GraphQL: sizes, deadlines, ids, headers, origins, health, and the life of the process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
import structlog

from store.errors import Unavailable
from tenants.roles import Role

SMALL = 2048


async def test_body_over_the_limit_is_refused_by_its_length(make_door: Any) -> None:
    door = make_door(body_limit=SMALL)
    answer = await door.ask("{ serverTime }" + " " * SMALL)

    assert (answer.status, answer.codes) == (413, ["BODY_TOO_LARGE"])
    assert answer.response.headers["connection"] == "close"


async def test_body_without_a_length_is_refused_as_soon_as_it_is_too_long(make_door: Any) -> None:
    door = make_door(body_limit=SMALL)
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 512
            yield b" " * 512

    response = await door.client.post(
        "/graphql", content=_bounded(endless(), 100), headers={"Content-Type": "application/json"}
    )

    assert response.status_code == 413
    assert sent <= SMALL + 1024


async def test_length_that_lies_does_not_open_the_door(make_door: Any) -> None:
    door = make_door(body_limit=SMALL)
    for length in ("9" * 30, str(SMALL + 1)):
        response = await door.client.post("/graphql", content=b"{}", headers={"Content-Length": length})
        assert response.status_code == 413


async def test_request_over_its_time_is_a_504_in_the_usual_shape(make_door: Any) -> None:
    door = make_door(request_timeout=0.05)
    late = await door.ask("{ sleeps(seconds: 5) }")
    in_time = await door.ask("{ sleeps(seconds: 0.001) }")

    assert (late.status, late.codes) == (504, ["TIMEOUT"])
    assert in_time.data == {"sleeps": "awake"}


async def test_arrival_is_stamped_before_the_work(make_door: Any) -> None:
    ticks = iter([datetime(2025, 6, 2, 9, 0, second, tzinfo=UTC) for second in range(30)])
    door = make_door(clock=lambda: next(ticks))

    assert (await door.ask("{ sleeps(seconds: 0.01) serverTime }")).data["serverTime"].endswith("09:00:00+00:00")


@pytest.mark.parametrize(
    ("given", "kept"),
    [("0123456789abcdef", True), ("short", False), ("with space inside", False), ("x" * 129, False)],
)
async def test_sane_request_id_is_kept_and_any_other_replaced(door: Any, given: str, kept: bool) -> None:
    answer = await door.ask("{ serverTime }", headers={"X-Request-Id": given})
    named = answer.response.headers["x-request-id"]

    assert (named == given) is kept
    assert len(named) >= 8


async def test_access_line_tells_who_and_what_and_never_the_token_or_the_input(door: Any) -> None:
    token = door.token(Role.STUDENT)
    with structlog.testing.capture_logs([structlog.contextvars.merge_contextvars]) as logged:
        await door.ask(
            "query Echo($t: String) { echo(text: $t) }",
            {"t": "my answer is 42"},
            headers={"Authorization": f"Bearer {token}", "X-Request-Id": "0123456789"},
        )
    [line] = [entry for entry in logged if entry["event"] == "request"]

    assert line.pop("duration_ms") >= 0
    assert line == {
        "event": "request",
        "log_level": "info",
        "method": "POST",
        "path": "/graphql",
        "status": 200,
        "tenant": "acme",
        "principal": "usr_1",
        "operation": "Echo",
        "kind": "query",
        "request_id": "0123456789",
    }
    assert token not in str(logged)
    assert "42" not in str(logged)


async def test_every_answer_carries_security_headers(make_door: Any) -> None:
    for path in ("/graphql", "/healthz", "/nowhere"):
        headers = (await make_door().client.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "strict-transport-security" not in headers
    production = await make_door(mode="production").client.get("/healthz")
    assert "max-age" in production.headers["strict-transport-security"]


async def test_listed_origins_may_ask_and_others_may_not(make_door: Any) -> None:
    door = make_door(cors_origins="https://player.example.org, https://console.example.org")
    asked = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization, content-type, x-tenant",
    }
    listed = await door.client.options("/graphql", headers={"Origin": "https://console.example.org", **asked})
    other = await door.client.options("/graphql", headers={"Origin": "https://evil.example.org", **asked})
    answered = await door.ask("{ serverTime }", headers={"Origin": "https://player.example.org"})
    refused = await door.ask("{", headers={"Origin": "https://player.example.org", "X-Tenant": "nobody"})

    assert listed.status_code == 200
    assert listed.headers["access-control-allow-origin"] == "https://console.example.org"
    assert "access-control-allow-origin" not in other.headers
    for answer in (answered, refused):
        assert answer.response.headers["access-control-allow-origin"] == "https://player.example.org"
        assert "x-request-id" in answer.response.headers["access-control-expose-headers"].lower()


async def test_health_asks_nothing_and_readiness_asks_the_store(
    door: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await door.client.get("/healthz")).json() == {"status": "up"}
    assert (await door.client.get("/readyz")).json() == {"status": "ready"}


async def test_unreachable_or_silent_store_is_told_in_time(make_door: Any, store: Any, monkeypatch: Any) -> None:
    async def unreachable() -> None:
        raise Unavailable("no route")

    async def silent() -> None:
        await asyncio.sleep(60)

    for ready in (unreachable, silent):
        monkeypatch.setattr(store, "ready", ready)
        door = make_door(ready_timeout=0.05)
        assert (await door.client.get("/readyz")).status_code == 503
        assert (await door.client.get("/healthz")).status_code == 200


async def test_tasks_run_beside_the_requests_and_end_with_the_process(make_door: Any) -> None:
    events: list[str] = []

    async def sweep() -> None:
        events.append("began")
        try:
            await asyncio.sleep(60)
        finally:
            events.append("ended")

    async def broken() -> None:
        raise RuntimeError("a defect must not stop the server")

    app = make_door(tasks=(sweep, broken)).app
    async with app.router.lifespan_context(app):
        await asyncio.sleep(0.01)
        assert events == ["began"]
    assert events == ["began", "ended"]


async def _bounded(chunks: AsyncIterator[bytes], count: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield await anext(chunks)
