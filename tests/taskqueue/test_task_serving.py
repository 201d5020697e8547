"""The service as its settings put it together, its command line, and sweeping while it lives."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from depot import Bell, Depot
from typer.testing import CliRunner

from taskqueue.bootstrap import (
    KEY_FILE,
    Misconfigured,
    key_ring,
    open_service,
    open_store,
    service_tokens,
    sweeper,
)
from taskqueue.callback_hosts import CallbackHostInvalid
from taskqueue.cli import app as command
from taskqueue.rest.access import Scope
from taskqueue.rest.app import create_app
from taskqueue.settings import Settings
from taskqueue.sweeping import Sweeping
from taskqueue.tables import LEADS
from trust.clock import utc_now
from trust.keys import KeyRingInvalid


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(settings, open_service(settings))
    token = service_tokens(settings).issue("tp", list(Scope), ["*"], now=utc_now(), lifetime=timedelta(minutes=5))
    headers = {"Authorization": f"Bearer {token}"}
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://tasks", headers=headers) as client,
    ):
        yield client


async def test_the_service_serves_on_embedded_defaults_and_again_after_a_restart(tmp_path: Path):
    settings = Settings(data_dir=tmp_path)
    async with serving(settings) as client:
        assert (await client.get("/readyz")).json() == {"status": "ready"}
        assert (await client.put("/v1/queues/short/workers", json={"count": 4})).status_code == 200
    async with serving(settings) as client:
        assert [queue["workers"] for queue in (await client.get("/v1/queues")).json()] == [4, None]


async def test_a_store_that_is_away_is_told_by_readyz_and_by_requests(tmp_path: Path):
    (tmp_path / "store").write_text("no folder")
    async with serving(Settings(data_dir=tmp_path)) as client:
        assert (await client.get("/healthz")).status_code == 200
        assert (await client.get("/readyz")).status_code == 503
        answer = await client.put("/v1/queues/short/workers", json={"count": 4})
        assert (answer.status_code, answer.json()["code"]) == (503, "UNAVAILABLE")


def test_the_command_prints_a_token_that_the_service_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TASKQUEUE_DATA_DIR", str(tmp_path))
    asked = ["token", "--service", "tp", "--scope", "tasks:write", "--scope", "tasks:read", "--tenant", "oakwood"]
    printed = CliRunner().invoke(command, asked)
    assert printed.exit_code == 0, printed.output
    caller = service_tokens(Settings()).verify(printed.stdout.strip(), now=utc_now())
    assert (caller.service, caller.scopes, caller.tenants) == (
        "tp",
        {"tasks:write", "tasks:read"},
        {"oakwood"},
    )
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("arguments", [["--scope", "tasks:all"], ["--tenant", "*"], []])
def test_a_token_for_no_scope_or_an_unknown_one_is_not_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
):
    monkeypatch.setenv("TASKQUEUE_DATA_DIR", str(tmp_path))
    assert CliRunner().invoke(command, ["token", "--service", "tp", *arguments]).exit_code == 2


def test_without_keys_only_embedded_data_is_served(tmp_path: Path):
    with pytest.raises(Misconfigured):
        key_ring(Settings(data_dir=tmp_path, store="datastore:project"))
    with pytest.raises(KeyRingInvalid):
        key_ring(Settings(data_dir=tmp_path, keys="{}"))
    with pytest.raises(CallbackHostInvalid):
        open_service(Settings(data_dir=tmp_path, callback_hosts=("no host",)))


def test_settings_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch):
    variables: dict[str, Any] = {
        "TASKQUEUE_BROKER": "redis://redis:6379/0",
        "TASKQUEUE_CALLBACK_HOSTS": "tp:8000, *.example.org",
        "TASKQUEUE_SWEEP_SECONDS": "2",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    settings = Settings()
    assert settings.broker == "redis://redis:6379/0"
    assert settings.callback_hosts == ("tp:8000", "*.example.org")
    assert settings.sweep_every == timedelta(seconds=2)


async def test_sweeping_begins_at_once_and_hands_the_lead_over(tmp_path: Path):
    settings = Settings(data_dir=tmp_path, sweep_seconds=3600)
    store = open_store(settings)
    records = store.namespace("taskqueue")
    bell = Bell()
    waiting = Depot(store, records, key_ring(settings))
    await waiting.post()
    first = asyncio.create_task(sweeper(settings, records, bell)())
    await bell.rung_in_all(1)
    lead = LEADS.found(await records.get(LEADS.key("sweeper")))
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    assert lead is not None
    assert lead.until > utc_now()
    assert await records.get(LEADS.key("sweeper")) is None
    await store.close()


async def test_full_passes_follow_one_another_until_all_is_swept(depot: Depot):
    for _ in range(25):
        await depot.post(run_at=depot.clock.now + timedelta(seconds=1))
    depot.clock.advance(seconds=2)
    sweeping = asyncio.create_task(Sweeping(depot.sweeper(most=10), timedelta(hours=1), depot.clock)())
    await depot.bell.rung_in_all(10 + 20 + 25)
    sweeping.cancel()
    await asyncio.gather(sweeping, return_exceptions=True)
